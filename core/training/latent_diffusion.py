"""The denoiser: a text-conditioned UNet on the first stage's latents.

Rombach et al. 2022, section 3.3: cross-attention on a text tower's states, both trained together
(equation 3). The tower begins as CLIP's, whose states alone tell little but colours: 94 % of
their variance over the 120 objects lies in eight directions. v-prediction (Salimans and Ho 2022)
on the cosine path (Nichol and Dhariwal 2021), whose end is pure noise, so that plain grounds get
their true brightness. The error of x0 is weighted by min(SNR + 1, 5): the plain v loss, bounded
at the clean end as in Hang et al. 2023 (min-SNR), since there it is spent on detail that nobody
sees. What a thing is, is decided while there is much noise, because latents hold most of their
power in a few coarse waves: three quarters of the labels drawn are from the noisier half. Half
of every batch shows one object alone. One caption in eight is empty, for guidance.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from diffusers import AutoencoderKL, DDIMScheduler, UNet2DConditionModel
from torch import nn
from transformers import CLIPModel, CLIPTextModel, CLIPTokenizer

from core.errors import TrainingError
from core.sampling.denoiser import from_network
from core.sampling.path import VariancePreserving
from core.sampling.solvers import ddim
from core.training.batches import caption_ids, to_tensor
from core.training.datasets.bank import Bank
from core.training.loop import Losses, Run, Schedule, for_each_minutes

EMPTY_SHARE = 1 / 8
ALONE_SHARE = 1 / 2
ADAMW_LAYERS = ("unet.conv_in", "unet.conv_out", "text.embeddings")
SNR_BOUND = 5.0


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


def scheduler_config() -> Any:
    """The noise schedule of the starter, as a diffusers configuration."""
    return DDIMScheduler(
        beta_schedule="squaredcos_cap_v2",
        prediction_type="v_prediction",
        timestep_spacing="trailing",
        clip_sample=False,
        set_alpha_to_one=True,
    )


def build(preset: Preset, latent_channels: int, side: int, text_width: int) -> Any:
    """An untrained UNet with attention at the two finer levels and in the middle."""
    levels = len(preset.widths)
    network: Any = UNet2DConditionModel
    return network(
        sample_size=side,
        in_channels=latent_channels,
        out_channels=latent_channels,
        down_block_types=("CrossAttnDownBlock2D",) * (levels - 1) + ("DownBlock2D",),
        up_block_types=("UpBlock2D",) + ("CrossAttnUpBlock2D",) * (levels - 1),
        block_out_channels=preset.widths,
        layers_per_block=preset.layers,
        # diffusers reads this number as the count of heads.
        attention_head_dim=tuple(width // preset.head for width in preset.widths),
        cross_attention_dim=text_width,
        norm_num_groups=preset.groups,
    ).to(memory_format=torch.channels_last)


def losses(
    unet: Any,
    alpha_bars: torch.Tensor,
    latents: torch.Tensor,
    states: torch.Tensor,
    t: torch.Tensor,
    eps: torch.Tensor,
) -> Losses:
    """Weighted squared error of v. latents, eps [N, C, h, w]; states [N, L, D]; t [N] integers."""
    bar = alpha_bars[t].view(-1, 1, 1, 1)
    alpha, sigma = bar.sqrt(), (1 - bar).sqrt()
    x = alpha * latents + sigma * eps
    with torch.autocast(latents.device.type, torch.bfloat16):
        output = unet(x, t, states).sample
    error = (output.float() - (alpha * eps - sigma * latents)).square().mean(dim=(1, 2, 3))
    # SNR + 1 = 1 / sigma^2, and |x0 error|^2 = sigma^2 |v error|^2.
    weight = (SNR_BOUND * (1 - alpha_bars[t])).clamp(max=1.0)
    return {"loss": (weight * error).mean(), "v": error.mean()}


def train(
    out: Path,
    bank: Bank,
    vae_folder: Path,
    clip_folder: Path,
    preset_name: str,
    *,
    minutes: float,
    resume: bool,
    device: torch.device,
    seed: int = 0,
    start_from: Path | None = None,
) -> dict[str, float]:
    """Train in `out` on the frozen `vae_folder`, from the text tower of `clip_folder`.

    clip_folder holds clip/ and tokenizer/. start_from: a folder with unet/ and text_encoder/ of
    this preset (a model, or the `out` of another run), whose weights a new run begins with; a run
    that is resumed goes on with its own. Raises TrainingError when they do not fit.
    Exports the EMA weights to `out/unet` and `out/text_encoder`, the schedule to `out/scheduler`.
    """
    preset = PRESETS[preset_name]
    vae: Any = AutoencoderKL.from_pretrained(vae_folder, local_files_only=True)
    vae.to(device)
    vae.requires_grad_(False)
    text = text_tower(clip_folder)
    tokenizer = CLIPTokenizer.from_pretrained(clip_folder / "tokenizer", local_files_only=True)
    out.mkdir(parents=True, exist_ok=True)
    latents = encode_bank(bank, vae, out / f"latents-{_digest(vae_folder)}.npy")
    ids = np.concatenate([caption_ids(bank, tokenizer, name) for name in ("en", "ko")], axis=1)
    empty = np.asarray(_ids(tokenizer, [""])[0])
    scheduler = scheduler_config()
    alpha_bars = scheduler.alphas_cumprod.to(device)
    unet = build(preset, latents.shape[1], latents.shape[2], text.config.hidden_size)
    if start_from is not None:
        _load_weights(UNet2DConditionModel, unet, start_from / "unet")
        _load_weights(CLIPTextModel, text, start_from / "text_encoder")
    run = Run(
        out,
        nn.ModuleDict({"unet": unet, "text": text}),
        preset.schedule,
        minutes=minutes,
        resume=resume,
        device=device,
        muon_without=ADAMW_LAYERS,
    )
    draw = _Draw(bank, len(latents), len(alpha_bars), preset.batch, [seed, run.step])
    generator = torch.Generator().manual_seed(seed * 1_000_003 + run.step)
    sheet = _Sheet(bank, vae, tokenizer, scheduler)
    report = for_each_minutes(run, 10.0, lambda: sheet.draw(run, unet, text))
    for _ in run:
        chosen, labels = draw.pictures(), draw.labels()
        words = draw.captions(ids[chosen], empty)
        states = text(input_ids=torch.from_numpy(words).long().to(device)).last_hidden_state
        clean = torch.from_numpy(latents[chosen].astype(np.float32)).to(device)
        t = torch.from_numpy(labels).to(device)
        eps = torch.randn(clean.shape, generator=generator).to(device)
        run.update(losses(unet, alpha_bars, clean, states, t, eps))
        report()
    sheet.draw(run, unet, text)
    with run.averaged():
        unet.save_pretrained(out / "unet")
        text.save_pretrained(out / "text_encoder")
    scheduler.save_pretrained(out / "scheduler")
    figures = {"steps": float(run.step), "seed": float(seed)}
    (out / "figures.json").write_text(json.dumps(figures, indent=2) + "\n")
    return figures


class _Draw:
    """What each batch is made of, all from one seed."""

    def __init__(self, bank: Bank, count: int, labels: int, batch: int, seed: list[int]) -> None:
        self.rng = np.random.default_rng(seed)
        self.count, self.label_count, self.batch = count, labels, batch
        self.alone = np.flatnonzero([len(names) == 1 for names in bank.object_names[:count]])

    def pictures(self) -> np.ndarray:
        """Indices into the bank, sorted: a share of scenes with one object, the rest any."""
        alone = round(self.batch * ALONE_SHARE) if len(self.alone) else 0
        some = self.rng.choice(self.alone, alone) if alone else np.empty(0, int)
        return np.sort(np.append(some, self.rng.integers(self.count, size=self.batch - alone)))

    def captions(self, ids: np.ndarray, empty: np.ndarray) -> np.ndarray:
        """One caption of each picture's [N, captions, length], or the empty one."""
        words = ids[np.arange(len(ids)), self.rng.integers(ids.shape[1], size=len(ids))]
        words[self.rng.random(len(ids)) < EMPTY_SHARE] = empty
        return words

    def labels(self) -> np.ndarray:
        """Time labels with a density that grows evenly with the label."""
        return (self.label_count * np.sqrt(self.rng.random(self.batch))).astype(np.int64)


def text_tower(clip_folder: Path) -> Any:
    """The text tower of `clip_folder`/clip as a model of its own, in float32."""
    towers: Any = CLIPModel.from_pretrained(
        clip_folder / "clip", dtype=torch.float32, local_files_only=True
    )
    text: Any = CLIPTextModel(towers.config.text_config)
    text.load_state_dict(towers.text_model.state_dict())
    return text


def _load_weights(kind: Any, network: Any, folder: Path) -> None:
    if not folder.is_dir():
        raise TrainingError(f"{folder} is missing; start from a model or a run that holds it.")
    other = kind.from_pretrained(folder, dtype=torch.float32, local_files_only=True)
    try:
        network.load_state_dict(other.state_dict())
    except RuntimeError as error:
        raise TrainingError(
            f"{folder} is not of this preset; choose another folder or preset."
        ) from error


@torch.no_grad()
def encode_bank(bank: Bank, vae: Any, path: Path) -> np.ndarray:
    """Scaled latents of the whole bank, float16 [N, C, h, w], memory-mapped; kept at `path`.

    Kept ones of another bank or first stage are replaced; their first pictures tell.
    """
    count = len(bank.pictures)

    def encode(start: int) -> np.ndarray:
        pixels = to_tensor(bank.pictures[start : start + 64], vae.device)
        with torch.autocast(vae.device.type, torch.bfloat16):
            mode = vae.encode(pixels).latent_dist.mode()
        return (mode.float() * vae.config.scaling_factor).half().cpu().numpy()

    first = encode(0)
    if path.exists():
        found = np.load(path, mmap_mode="r")
        same = found.shape == (count, *first.shape[1:])
        if same and np.allclose(found[: len(first)], first, atol=0.05):
            return found
    print(f"encoding {count} pictures", flush=True)
    parts = [first, *(encode(start) for start in range(64, count, 64))]
    temporary = path.with_suffix(".tmp.npy")
    np.save(temporary, np.concatenate(parts))
    temporary.replace(path)
    return np.load(path, mmap_mode="r")


class _Sheet:
    """Samples at fixed noise for fixed captions, to see a run getting better."""

    def __init__(
        self,
        bank: Bank,
        vae: Any,
        tokenizer: CLIPTokenizer,
        scheduler: DDIMScheduler,
    ) -> None:
        self.prompts = [bank.captions[i]["ko" if i % 4 == 3 else "en"][0] for i in range(16)]
        self.vae = vae
        bars = scheduler.alphas_cumprod.double()
        self.path = VariancePreserving(bars, spacing="trailing")
        self.ids = torch.tensor(_ids(tokenizer, ["", *self.prompts])).to(vae.device)

    def draw(self, run: Run, unet: Any, text: Any) -> None:
        """Write `samples.png` (4 rows of 4, guidance 4, 20 steps) and `samples.txt`."""
        side, channels = unet.config.sample_size, unet.config.in_channels
        generator = torch.Generator().manual_seed(7)
        x = torch.randn(len(self.prompts), channels, side, side, generator=generator)
        x = x.to(self.vae.device)

        def predict(x: torch.Tensor, t: float) -> torch.Tensor:
            without, wanted = unet(torch.cat([x, x]), t, states).sample.chunk(2)
            return without + 4.0 * (wanted - without)

        denoise = from_network(predict, "v_prediction", self.path)
        with run.averaged(), torch.no_grad():
            empty, wanted = text(input_ids=self.ids).last_hidden_state.split([1, len(x)])
            states = torch.cat([empty.expand(len(x), -1, -1), wanted])
            for state in ddim(denoise, self.path, x, self.path.timesteps(20)):
                x = state.x
            pixels = self.vae.decode(x / self.vae.config.scaling_factor).sample
        pictures = ((pixels.clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1)
        rows = [
            np.hstack(list(row))
            for row in pictures.cpu().numpy().reshape(4, 4, *pictures.shape[1:])
        ]
        cv2.imwrite(str(run.folder / "samples.png"), np.vstack(rows)[..., ::-1])
        (run.folder / "samples.txt").write_text("\n".join(self.prompts) + "\n", "utf-8")


def _digest(vae_folder: Path) -> str:
    """A short hash of a first stage's weights, so that latents of another are not taken for its."""
    files = sorted(vae_folder.glob("*.safetensors"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def _ids(tokenizer: CLIPTokenizer, texts: list[str]) -> list[list[int]]:
    length = tokenizer.model_max_length
    return tokenizer(texts, padding="max_length", truncation=True, max_length=length)["input_ids"]
