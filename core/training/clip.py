"""A contrastive text and image encoder in transformers' CLIPModel layout, for English and Korean.

Radford et al. 2021 (CLIP): the symmetric cross-entropy over the similarities of a batch. Each
picture meets its caption in both languages, and the two captions meet each other, so that neither
language leads. One linear layer reads from both towers which objects the scene has (known, because
the scene was composed); it speeds learning and is thrown away.
"""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from transformers import CLIPConfig, CLIPModel, CLIPTokenizer
from transformers.models.clip.configuration_clip import CLIPTextConfig, CLIPVisionConfig

from core.errors import TrainingError
from core.sampling.clip_guidance import CHANNELS, is_noise_aware, tower_input
from core.sampling.path import linear_alpha_bars
from core.training.batches import caption_ids, object_table, to_tensor
from core.training.datasets.bank import Bank
from core.training.loop import Losses, Run, RunOptions, Schedule, for_each_minutes
from core.training.tokenizer import load_tokenizer, train_tokenizer

LANGUAGES = ("en", "ko")
NOISED_SIDE = 64
JUDGED_LABEL = 400
"""Where a noised one is judged: half of the picture's power is noise about there."""


@dataclass(frozen=True)
class Preset:
    """Sizes of both towers and of the batch."""

    text_width: int
    text_layers: int
    image_width: int
    image_layers: int
    patch: int
    projection: int
    vocabulary: int
    length: int
    batch: int
    schedule: Schedule


PRESETS = {
    "cpu": Preset(192, 4, 192, 6, 16, 192, 2400, 32, 96, Schedule(6e-4, warmup=200)),
    "gpu": Preset(256, 6, 384, 8, 16, 256, 4000, 32, 512, Schedule(6e-4, warmup=500)),
}


def build(preset: Preset, vocabulary: int, picture_size: int, *, noised: bool = False) -> CLIPModel:
    """An untrained CLIPModel; the last token number of `vocabulary` is the end mark.

    noised: its pictures are of `NOISED_SIDE`, in patches of half the side.
    """
    text = CLIPTextConfig(
        vocab_size=vocabulary,
        hidden_size=preset.text_width,
        intermediate_size=4 * preset.text_width,
        num_hidden_layers=preset.text_layers,
        num_attention_heads=preset.text_width // 64,
        max_position_embeddings=preset.length,
        projection_dim=preset.projection,
        bos_token_id=vocabulary - 2,
        eos_token_id=vocabulary - 1,
        pad_token_id=vocabulary - 1,
    )
    vision = CLIPVisionConfig(
        hidden_size=preset.image_width,
        intermediate_size=4 * preset.image_width,
        num_hidden_layers=preset.image_layers,
        num_attention_heads=preset.image_width // 64,
        image_size=NOISED_SIDE if noised else picture_size,
        patch_size=preset.patch // 2 if noised else preset.patch,
        num_channels=CHANNELS if noised else 3,
        projection_dim=preset.projection,
    )
    config = CLIPConfig(
        text_config=text.to_dict(),
        vision_config=vision.to_dict(),
        projection_dim=preset.projection,
    )
    return CLIPModel(config)


class Trained(nn.Module):
    """The CLIP model and the layer that names objects."""

    def __init__(self, clip: CLIPModel, objects: int) -> None:
        super().__init__()
        self.clip = clip
        self.objects = nn.Linear(clip.visual_projection.out_features, objects)


def take_tokenizer(start_from: Path, folder: Path) -> None:
    """Copy the tokenizer of another run or model."""
    if not (start_from / "tokenizer" / "vocab.json").is_file():
        raise TrainingError(f"{start_from} has no tokenizer; start from a model or a run of CLIP.")
    shutil.copytree(start_from / "tokenizer", folder)


def begin_with(clip: CLIPModel, start_from: Path) -> None:
    """Take the weights of `start_from`/clip; of pictures that are read otherwise, what fits."""
    folder = start_from / "clip"
    if not folder.is_dir():
        raise TrainingError(f"{folder} is missing; start from a model or a run of CLIP.")
    other: Any = CLIPModel.from_pretrained(folder, dtype=torch.float32, local_files_only=True)
    own = clip.state_dict()
    taken = {k: v for k, v in other.state_dict().items() if k in own and v.shape == own[k].shape}
    reads = "vision_model.embeddings."
    if any(name not in taken and not name.startswith(reads) for name in own):
        raise TrainingError(f"{folder} is not of this preset; choose another folder or preset.")
    clip.load_state_dict(taken, strict=False)


def losses(
    model: Trained, pixels: torch.Tensor, ids: dict[str, torch.Tensor], objects: torch.Tensor
) -> Losses:
    """Contrast of pictures and both captions, and the objects' binary cross-entropy.

    pixels: what the image tower reads (`seen`), [N, 3 or 5, S, S]; ids per language [N, tokens];
    objects [N, known objects] 0 or 1.
    """
    with torch.autocast(pixels.device.type, torch.bfloat16):
        picture = project_pictures(model.clip, pixels).float()
        both = project_texts(model.clip, torch.cat([ids[name] for name in LANGUAGES])).float()
    texts = dict(zip(LANGUAGES, both.chunk(2), strict=True))
    scale = model.clip.logit_scale.exp().clamp(max=100.0)
    unit = {name: functional.normalize(text, dim=-1) for name, text in texts.items()}
    unit_picture = functional.normalize(picture, dim=-1)
    english = contrast(unit_picture, unit["en"], scale)
    korean = contrast(unit_picture, unit["ko"], scale)
    between = contrast(unit["en"], unit["ko"], scale)
    parts = torch.cat([picture, texts["en"], texts["ko"]])
    logits = model.objects(parts)
    named = 3.0 * functional.binary_cross_entropy_with_logits(logits, objects.repeat(3, 1))
    # A scene names about two objects of a hundred: weigh the sum over objects, not the mean.
    named = named * objects.shape[1] / 10.0
    loss = english + korean + 0.5 * between + named
    return {"loss": loss, "english": english, "korean": korean, "objects": named}


def contrast(a: torch.Tensor, b: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    """Symmetric cross-entropy of unit vectors a and b [N, D], where a[i] belongs to b[i]."""
    logits = scale * a @ b.T
    target = torch.arange(len(a), device=a.device)
    there = functional.cross_entropy(logits, target)
    return (there + functional.cross_entropy(logits.T, target)) / 2


def seen(
    clip: CLIPModel,
    pixels: torch.Tensor,
    labels: torch.Tensor | None = None,
    noise: torch.Generator | None = None,
) -> torch.Tensor:
    """What the image tower reads of clean pixels [N, 3, S, S] in [-1, 1].

    A noise-aware one reads them smaller, noised to labels [N] of DDPM's path, or clean without.
    """
    if not is_noise_aware(clip):
        return pixels
    small = functional.interpolate(pixels, (NOISED_SIDE, NOISED_SIDE), mode="area")
    if labels is None:
        one = small.new_ones(len(small))
        return tower_input(small, one, 0 * one)
    bar = linear_alpha_bars()[labels].to(small)
    alpha, sigma = bar.sqrt(), (1 - bar).sqrt()
    eps = torch.randn(small.shape, generator=noise).to(small)
    x = alpha.view(-1, 1, 1, 1) * small + sigma.view(-1, 1, 1, 1) * eps
    return tower_input(x, alpha, sigma)


def project_pictures(clip: CLIPModel, pixels: torch.Tensor) -> torch.Tensor:
    """What the tower reads (`seen`) -> embeddings [N, D], not normalised."""
    return clip.visual_projection(clip.vision_model(pixel_values=pixels).pooler_output)


def project_texts(clip: CLIPModel, ids: torch.Tensor) -> torch.Tensor:
    """Token numbers [N, tokens] -> embeddings [N, D], not normalised."""
    return clip.text_projection(clip.text_model(input_ids=ids).pooler_output)


def train(
    out: Path,
    bank: Bank,
    held_out: Bank,
    preset: Preset,
    options: RunOptions,
    *,
    noised: bool = False,
    start_from: Path | None = None,
) -> dict[str, float]:
    """Train in `out`; export the EMA weights to `out/clip` and the tokenizer to `out/tokenizer`.

    start_from: a folder with clip/ and tokenizer/ of this preset, whose words and weights a new run
    begins with. Returns recall, and for a noised one that at `JUDGED_LABEL` too.
    """
    folder = out / "tokenizer"
    if start_from is not None and not folder.exists():
        take_tokenizer(start_from, folder)
    if not (folder / "vocab.json").exists():
        texts = (text for pair in bank.captions for name in LANGUAGES for text in pair[name])
        train_tokenizer(texts, preset.vocabulary, preset.length, folder)
    tokenizer = load_tokenizer(folder)
    ids = {name: caption_ids(bank, tokenizer, name) for name in LANGUAGES}
    objects = object_table(bank)
    torch.manual_seed(options.seed)
    clip = build(preset, len(tokenizer), bank.pictures.shape[1], noised=noised)
    if start_from is not None:
        begin_with(clip, start_from)
    model = Trained(clip, objects.shape[1])
    setup = {"noised": str(noised)}
    run = Run(out, model, preset.schedule, options, setup=setup)
    device, batch = options.device, min(preset.batch, len(bank.pictures))
    report = for_each_minutes(run, 5.0, lambda: _report(run, model, held_out, tokenizer))
    for _ in run:
        rng, noise = run.chance()
        chosen = np.sort(rng.choice(len(bank.pictures), batch, replace=False))
        pixels = to_tensor(bank.pictures[chosen], device)
        words = {
            name: torch.from_numpy(table[chosen, rng.integers(table.shape[1], size=batch)])
            .long()
            .to(device)
            for name, table in ids.items()
        }
        named = torch.from_numpy(objects[chosen]).float().to(device)
        labels = torch.from_numpy(rng.integers(len(linear_alpha_bars()), size=batch))
        run.update(losses(model, seen(clip, pixels, labels, noise), words, named))
        report()
    with run.averaged():
        figures = judged(clip, held_out, tokenizer)
        figures |= {"steps": run.step, "seed": options.seed}
        clip.save_pretrained(out / "clip")
    (out / "figures.json").write_text(json.dumps(figures, indent=2) + "\n")
    return figures


def judged(clip: CLIPModel, bank: Bank, tokenizer: CLIPTokenizer) -> dict[str, float]:
    """`evaluate` on clean pictures; for a noise-aware one as `..._noised` on noised ones too."""
    figures = evaluate(clip, bank, tokenizer)
    if is_noise_aware(clip):
        noisy = evaluate(clip, bank, tokenizer, JUDGED_LABEL)
        figures |= {f"{name}_noised": value for name, value in noisy.items()}
    return figures


@torch.no_grad()
def evaluate(
    clip: CLIPModel, bank: Bank, tokenizer: CLIPTokenizer, label: int | None = None
) -> dict[str, float]:
    """Recall@1 in [0, 1] of the right caption among 100, per language, over whole hundreds.

    label: the noise in the pictures, for a noise-aware one; None = none.
    """
    device = clip.device
    pictures = np.asarray(bank.pictures[:500])
    noise = torch.Generator().manual_seed(5)
    parts = []
    for part in to_tensor(pictures, device).split(50):
        labels = None if label is None else torch.full((len(part),), label)
        parts.append(project_pictures(clip, seen(clip, part, labels, noise)))
    found = functional.normalize(torch.cat(parts), dim=-1)
    figures = {}
    for name in LANGUAGES:
        ids = torch.from_numpy(caption_ids(bank, tokenizer, name)[: len(pictures), 0]).long()
        text = functional.normalize(project_texts(clip, ids.to(device)), dim=-1)
        hits = [
            (part @ other.T).argmax(dim=1) == torch.arange(len(part), device=device)
            for part, other in zip(found.split(100), text.split(100), strict=True)
        ]
        figures[f"recall_{name}"] = torch.cat(hits).float().mean().item()
    return figures


def _report(run: Run, model: Trained, held_out: Bank, tokenizer: CLIPTokenizer) -> None:
    with run.averaged():
        figures = judged(model.clip, held_out, tokenizer)
    print("held-out " + "  ".join(f"{k} {v:.3f}" for k, v in figures.items()), flush=True)
