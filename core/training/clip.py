"""A contrastive text and image encoder in transformers' CLIPModel layout, for English and Korean.

Radford et al. 2021 (CLIP): the symmetric cross-entropy over the similarities of a batch. Each
picture meets its caption in both languages, and the two captions meet each other, so that neither
language leads. One linear layer reads from both towers which objects the scene has (known, because
the scene was composed); it speeds learning and is thrown away.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from transformers import CLIPConfig, CLIPModel, CLIPTokenizer
from transformers.models.clip.configuration_clip import CLIPTextConfig, CLIPVisionConfig

from core.training.batches import caption_ids, object_table, to_tensor
from core.training.datasets.bank import Bank
from core.training.loop import Losses, Run, Schedule, for_each_minutes
from core.training.tokenizer import load_tokenizer, train_tokenizer

LANGUAGES = ("en", "ko")


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


def build(preset: Preset, vocabulary: int, picture_size: int) -> CLIPModel:
    """An untrained CLIPModel; the last token number of `vocabulary` is the end mark."""
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
        image_size=picture_size,
        patch_size=preset.patch,
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


def losses(
    model: Trained, pixels: torch.Tensor, ids: dict[str, torch.Tensor], objects: torch.Tensor
) -> Losses:
    """Contrast of pictures and both captions, and the objects' binary cross-entropy.

    pixels [N, 3, H, W] in [-1, 1]; ids per language [N, tokens]; objects [N, known objects] 0 or 1.
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


def project_pictures(clip: CLIPModel, pixels: torch.Tensor) -> torch.Tensor:
    """Pixels [N, 3, S, S] in [-1, 1] -> embeddings [N, D], not normalised."""
    return clip.visual_projection(clip.vision_model(pixel_values=pixels).pooler_output)


def project_texts(clip: CLIPModel, ids: torch.Tensor) -> torch.Tensor:
    """Token numbers [N, tokens] -> embeddings [N, D], not normalised."""
    return clip.text_projection(clip.text_model(input_ids=ids).pooler_output)


def train(
    out: Path,
    bank: Bank,
    held_out: Bank,
    preset_name: str,
    *,
    minutes: float,
    resume: bool,
    device: torch.device,
    seed: int = 0,
) -> dict[str, float]:
    """Train in `out`; export the EMA weights to `out/clip` and the tokenizer to `out/tokenizer`."""
    preset = PRESETS[preset_name]
    folder = out / "tokenizer"
    if not (folder / "vocab.json").exists():
        texts = (text for pair in bank.captions for name in LANGUAGES for text in pair[name])
        train_tokenizer(texts, preset.vocabulary, preset.length, folder)
    tokenizer = load_tokenizer(folder)
    ids = {name: caption_ids(bank, tokenizer, name) for name in LANGUAGES}
    objects = object_table(bank)
    model = Trained(build(preset, len(tokenizer), bank.pictures.shape[1]), objects.shape[1])
    run = Run(out, model, preset.schedule, minutes=minutes, resume=resume, device=device)
    rng = np.random.default_rng([seed, run.step])
    batch = min(preset.batch, len(bank.pictures))
    report = for_each_minutes(run, 5.0, lambda: _report(run, model, held_out, tokenizer))
    for _ in run:
        chosen = np.sort(rng.choice(len(bank.pictures), batch, replace=False))
        pixels = to_tensor(bank.pictures[chosen], device)
        words = {
            name: torch.from_numpy(table[chosen, rng.integers(table.shape[1], size=batch)])
            .long()
            .to(device)
            for name, table in ids.items()
        }
        named = torch.from_numpy(objects[chosen]).float().to(device)
        run.update(losses(model, pixels, words, named))
        report()
    with run.averaged():
        figures: dict[str, float] = evaluate(model.clip, held_out, tokenizer)
        figures |= {"steps": run.step, "seed": seed}
        model.clip.save_pretrained(out / "clip")
    (out / "figures.json").write_text(json.dumps(figures, indent=2) + "\n")
    return figures


@torch.no_grad()
def evaluate(clip: CLIPModel, bank: Bank, tokenizer: CLIPTokenizer) -> dict[str, float]:
    """Recall@1 in [0, 1] of the right caption among 100, per language, over whole hundreds."""
    device = clip.device
    pictures = np.asarray(bank.pictures[:500])
    pixels = to_tensor(pictures, device)
    found = torch.cat([project_pictures(clip, part) for part in pixels.split(50)])
    found = functional.normalize(found, dim=-1)
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
        figures = evaluate(model.clip, held_out, tokenizer)
    print("held-out " + "  ".join(f"{k} {v:.3f}" for k, v in figures.items()), flush=True)
