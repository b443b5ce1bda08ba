"""The denoiser: a text-conditioned UNet on the first stage's latents.

Rombach et al. 2022, section 3.3: cross-attention on a text tower's states, both trained together
(equation 3), and, for a member that inpaints, enlarges or draws after a segmentation, more channels
beside the latents (`core.training.beside`); a member of a family keeps the family's tower as it is,
so that words mean the same to all of it. The tower begins as CLIP's, whose states alone tell
little but colours: 94 % of their variance over the 120 objects lies in eight directions. By default
v-prediction (Salimans and Ho 2022) on the cosine path (Nichol and Dhariwal 2021), whose end is pure
noise, so that plain grounds get their true brightness; `core.training.objective` tells the losses.
Half of every batch shows one object alone. One caption in eight is empty, for guidance.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers import DDIMScheduler, DDPMScheduler, UNet2DConditionModel
from torch import nn
from transformers import CLIPTextModel, CLIPTokenizer

from core.models import first_stage
from core.models.abilities import CLASSES_FILE
from core.training.batches import caption_ids, token_ids
from core.training.beginning import load_weights, require_prediction, text_tower
from core.training.beside import Open, Shown, Teacher, classes, teacher
from core.training.choices import Conditioning, Prediction, Weighting
from core.training.datasets.bank import Bank
from core.training.datasets.objects import open_library
from core.training.denoising import HeldOut, errors
from core.training.latents import digest, encode_bank
from core.training.loop import Losses, Run, RunOptions, Schedule, for_each_minutes
from core.training.objective import Objective
from core.training.sample_sheet import SampleSheet

EMPTY_SHARE = 1 / 8
ALONE_SHARE = 1 / 2
ADAMW_LAYERS = ("unet.conv_in", "unet.conv_out", "text.embeddings")


@dataclass(frozen=True)
class Preset:
    """Widths per level, channels per attention head, the batch and the schedule."""

    widths: tuple[int, ...]
    head: int
    layers: int
    groups: int
    batch: int
    schedule: Schedule


PRESETS = {
    "cpu": Preset((80, 160, 240), 40, 1, 16, 48, Schedule(6e-4, 200, 0.5, ema_decay=0.998)),
    "gpu": Preset((160, 320, 480), 40, 2, 32, 256, Schedule(4e-4, 500, 0.5, ema_decay=0.9995)),
}


@dataclass(frozen=True)
class Aim:
    """What the denoiser is to learn. scale: how many times larger super-resolution makes it."""

    conditioning: Conditioning = Conditioning.TEXT
    prediction: Prediction = Prediction.V
    weighting: Weighting = Weighting.MIN_SNR_PLUS_1
    scale: int = 4

    @property
    def setup(self) -> dict[str, str]:
        """What a resumed run must have in common with the one before."""
        named = {"conditioning": self.conditioning, "prediction": self.prediction}
        named |= {"loss": self.weighting}
        if self.conditioning is Conditioning.UPSCALE:
            named |= {"scale": str(self.scale)}
        return {name: str(value) for name, value in named.items()}


def scheduler_config(prediction: Prediction = Prediction.V) -> Any:
    """The noise schedule, as a diffusers configuration.

    v: the cosine path. epsilon tells nothing of the picture at its end, which is pure noise, so the
    path is Stable Diffusion's then, which ends before.
    """
    cosine: dict[str, Any] = {"beta_schedule": "squaredcos_cap_v2"}
    scaled = {"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012}
    return DDIMScheduler(
        prediction_type=prediction.of_diffusers,
        timestep_spacing="trailing",
        clip_sample=False,
        set_alpha_to_one=True,
        **(cosine if prediction is Prediction.V else scaled),
    )


def build(
    preset: Preset,
    latent_channels: int,
    side: int,
    text_width: int,
    beside: int = 0,
    levelled: bool = False,
) -> Any:
    """An untrained UNet with attention at the two finer levels and in the middle.

    beside: channels that it reads beside the latents. levelled: it is told the level of their
    noise, as a label whose embedding begins as zero.
    """
    levels = len(preset.widths)
    network: Any = UNet2DConditionModel
    unet = network(
        sample_size=side,
        in_channels=latent_channels + beside,
        out_channels=latent_channels,
        down_block_types=("CrossAttnDownBlock2D",) * (levels - 1) + ("DownBlock2D",),
        up_block_types=("UpBlock2D",) + ("CrossAttnUpBlock2D",) * (levels - 1),
        block_out_channels=preset.widths,
        layers_per_block=preset.layers,
        # diffusers reads this number as the count of heads.
        attention_head_dim=tuple(width // preset.head for width in preset.widths),
        cross_attention_dim=text_width,
        norm_num_groups=preset.groups,
        class_embed_type="timestep" if levelled else None,
    )
    if levelled:
        nn.init.zeros_(unet.class_embedding.linear_2.weight)
        nn.init.zeros_(unet.class_embedding.linear_2.bias)
    return unet.to(memory_format=torch.channels_last)


def losses(
    unet: Any,
    objective: Objective,
    latents: torch.Tensor,
    states: torch.Tensor,
    t: torch.Tensor,
    eps: torch.Tensor,
    shown: Shown | None = None,
) -> Losses:
    """Weighted squared error of what is predicted, and the plain one; shapes as of `errors`."""
    found = errors(unet, objective, latents, states, t, eps, shown)
    return {
        "loss": (objective.weights(t) * found).mean(),
        str(objective.prediction): found.mean(),
    }


def train(
    out: Path,
    bank: Bank,
    vae_folder: Path,
    clip_folder: Path,
    preset: Preset,
    options: RunOptions,
    *,
    aim: Aim | None = None,
    start_from: Path | None = None,
    objects: Open = open_library,
    kept: Path | None = None,
    held_out: Bank | None = None,
) -> dict[str, float]:
    """Train in `out` on the frozen `vae_folder`, from the text tower of `clip_folder`.

    clip_folder holds clip/ and tokenizer/. start_from: a folder with unet/ and text_encoder/ of
    this preset (a model, or the `out` of another run), whose weights a new run begins with; a UNet
    that reads latents alone is widened, and learns alone, so it is named again to resume such a
    run. A run that is resumed goes on with its own weights. objects: brings their shapes, for masks
    and segmentations. kept: where the bank's latents are kept; None: in `out`. held_out: scenes
    that a held-out loss is taken on, every ten minutes and at the end.
    Raises TrainingError when they do not fit.
    Exports the EMA weights to `out/unet` and `out/text_encoder`, the schedule to `out/scheduler`.
    """
    aim = aim or Aim()
    torch.manual_seed(options.seed)
    device = options.device
    stage = first_stage.load_first_stage(vae_folder).to(device).requires_grad_(False).eval()
    text = text_tower(clip_folder)
    tokenizer = CLIPTokenizer.from_pretrained(clip_folder / "tokenizer", local_files_only=True)
    out.mkdir(parents=True, exist_ok=True)
    latents = encode_bank(bank, stage, (kept or out) / f"latents-{digest(vae_folder)}.npy")
    ids = np.concatenate([caption_ids(bank, tokenizer, name) for name in ("en", "ko")], axis=1)
    shows = teacher(aim.conditioning, bank, stage, aim.scale, objects)
    scheduler = scheduler_config(aim.prediction)
    objective = Objective(aim.prediction, aim.weighting, scheduler.alphas_cumprod.to(device))
    unet = build(
        preset,
        latents.shape[1],
        latents.shape[2],
        text.config.hidden_size,
        shows.channels if shows else 0,
        shows is not None and shows.levelled,
    )
    if start_from is not None:
        require_prediction(start_from, aim.prediction)
        load_weights(UNet2DConditionModel, unet, start_from / "unet")
        # A member's tower is not in its state; what it learnt with is what it left.
        learnt = options.resume and (out / "text_encoder").is_dir()
        load_weights(CLIPTextModel, text, (out if learnt else start_from) / "text_encoder")
    trained: dict[str, nn.Module] = {"unet": unet}
    if start_from is None or shows is None:
        trained["text"] = text
    else:
        text.to(device).requires_grad_(False).eval()
    run = Run(
        out,
        nn.ModuleDict(trained),
        preset.schedule,
        options,
        muon_without=tuple(name for name in ADAMW_LAYERS if name.split(".")[0] in trained),
        setup=aim.setup,
    )
    draw = _Draw(bank, preset.batch, token_ids(tokenizer, [""])[0], shows)
    sheet = SampleSheet(bank, stage, tokenizer, objective, shows)
    judge = None
    if held_out is not None:
        unseen = teacher(aim.conditioning, held_out, stage, aim.scale, objects)
        judge = HeldOut(held_out, stage, tokenizer, objective, unseen)

    def look() -> dict[str, float]:
        sheet.draw(run, unet, text)
        return {"held_out_loss": judge.loss(run, unet, text)} if judge else {}

    report = for_each_minutes(run, 10.0, look)
    for _ in run:
        rng, noise = run.chance()
        chosen = draw.pictures(rng)
        words = torch.from_numpy(draw.captions(rng, ids[chosen])).long().to(device)
        states = text(input_ids=words).last_hidden_state
        clean = torch.from_numpy(latents[chosen].astype(np.float32)).to(device)
        t = objective.labels(rng, len(chosen)).to(device)
        eps = torch.randn(clean.shape, generator=noise).to(device)
        shown = shows.show(chosen, rng, noise) if shows else None
        run.update(losses(unet, objective, clean, states, t, eps, shown))
        report()
    judged = look()
    with run.averaged():
        unet.save_pretrained(out / "unet")
        text.save_pretrained(out / "text_encoder")
    scheduler.save_pretrained(out / "scheduler")
    _save_what_else(out, aim.conditioning)
    figures = {"steps": float(run.step), "seed": float(options.seed), **judged}
    (out / "figures.json").write_text(json.dumps(figures, indent=2) + "\n")
    return figures


def _save_what_else(out: Path, conditioning: Conditioning) -> None:
    """What the model's folder has to tell of its channels beside the latents."""
    if conditioning is Conditioning.SEGMENTATION:
        file = out / CLASSES_FILE
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(classes()) + "\n", "utf-8")
    elif conditioning is Conditioning.UPSCALE:
        # As Stable Diffusion's upscaler has it: the path of the small picture's noise.
        DDPMScheduler(beta_schedule="linear").save_pretrained(out / "low_res_scheduler")


class _Draw:
    """What each batch is made of."""

    def __init__(self, bank: Bank, batch: int, empty: list[int], shows: Teacher | None) -> None:
        self.count, self.batch, self.empty = len(bank.pictures), batch, np.asarray(empty)
        self.empty_share = shows.empty_share if shows else EMPTY_SHARE
        self.alone = np.flatnonzero([len(names) == 1 for names in bank.object_names])

    def pictures(self, rng: np.random.Generator) -> np.ndarray:
        """Indices into the bank, sorted: a share of scenes with one object, the rest any."""
        alone = round(self.batch * ALONE_SHARE) if len(self.alone) else 0
        some = rng.choice(self.alone, alone) if alone else np.empty(0, int)
        return np.sort(np.append(some, rng.integers(self.count, size=self.batch - alone)))

    def captions(self, rng: np.random.Generator, ids: np.ndarray) -> np.ndarray:
        """One caption of each picture's [N, captions, length], or the empty one."""
        words = ids[np.arange(len(ids)), rng.integers(ids.shape[1], size=len(ids))]
        words[rng.random(len(ids)) < self.empty_share] = self.empty
        return words
