"""Put trained parts together as one model folder in Stable Diffusion layout, in float16."""

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import torch
from diffusers import UNet2DConditionModel
from transformers import CLIPModel, CLIPTextModel

from core.errors import TrainingError
from core.models.first_stage import load_first_stage

SHARD = "14MB"
OF_SOME = ("low_res_scheduler", "segmentation")
"""What some denoisers leave besides: folders that go into the model as they are."""
RECORD = ("log.csv", "validation.csv", "curve.png", "samples.png", "samples.txt", "figures.json")


def assemble(vae: Path, clip: Path, denoiser: Path, out: Path, *, with_clip: bool = True) -> None:
    """Write `out` with unet, vae, text_encoder, tokenizer, scheduler, clip, and training/.

    vae: a first stage's folder, of either kind. clip: a run of `train clip`. denoiser: a run of
    `train denoiser`. with_clip: False for a member of a family, whose pictures nothing judges; its
    tokenizer is still of `clip`. The folder appears whole or not at all; an older model in `out` is
    replaced, its README.md kept. Raises TrainingError when a part is missing or `out` is something
    else.
    """
    own = [denoiser / name for name in ("unet", "text_encoder", "scheduler")]
    for part in (vae, clip / "clip", clip / "tokenizer", *own):
        if not part.is_dir():
            raise TrainingError(f"{part} is missing; run the training command that makes it first.")
    if out.exists() and any(out.iterdir()) and not (out / "model_index.json").exists():
        raise TrainingError(f"{out} exists and holds no model; choose another folder.")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent) as temporary:
        folder = Path(temporary) / "model"
        _write(vae, clip, denoiser, folder, with_clip)
        card = out / "README.md"
        if card.exists():
            shutil.copy2(card, folder / card.name)
        if out.exists():
            shutil.rmtree(out)
        folder.rename(out)


def _write(vae: Path, clip: Path, denoiser: Path, folder: Path, with_clip: bool) -> None:
    folder.mkdir()
    text = CLIPTextModel.from_pretrained(denoiser / "text_encoder", local_files_only=True)
    parts: dict[str, Any] = {
        "unet": UNet2DConditionModel.from_pretrained(denoiser / "unet", local_files_only=True),
        "vae": load_first_stage(vae),
        "text_encoder": text,
    }
    if with_clip:
        parts["clip"] = CLIPModel.from_pretrained(clip / "clip", local_files_only=True)
    for name, part in parts.items():
        part.to(torch.float16).save_pretrained(folder / name, max_shard_size=SHARD)
        _forget_origin(folder / name / "config.json")
    shutil.copytree(clip / "tokenizer", folder / "tokenizer")
    shutil.copytree(denoiser / "scheduler", folder / "scheduler")
    for name in OF_SOME:
        if (denoiser / name).is_dir():
            shutil.copytree(denoiser / name, folder / name)
    index = {
        "_class_name": "StableDiffusionPipeline",
        "feature_extractor": [None, None],
        "requires_safety_checker": False,
        "safety_checker": [None, None],
        "scheduler": ["diffusers", "DDIMScheduler"],
        "text_encoder": ["transformers", "CLIPTextModel"],
        "tokenizer": ["transformers", "CLIPTokenizer"],
        "unet": ["diffusers", "UNet2DConditionModel"],
        "vae": ["diffusers", type(parts["vae"]).__name__],
    }
    (folder / "model_index.json").write_text(json.dumps(index, indent=2) + "\n", "utf-8")
    for run in dict.fromkeys((vae.parent, clip, denoiser) if with_clip else (denoiser,)):
        _keep_record(run, folder / "training")


def _forget_origin(config: Path) -> None:
    """Take the path of the machine that trained it out of a part's configuration."""
    values = json.loads(config.read_text("utf-8"))
    values.pop("_name_or_path", None)
    config.write_text(json.dumps(values, indent=2, sort_keys=True) + "\n", "utf-8")


def _keep_record(run: Path, training: Path) -> None:
    """Copy what tells how a part was trained; a part out of a model brings that model's record."""
    if (run / "training").is_dir():
        shutil.copytree(run / "training", training, dirs_exist_ok=True)
        return
    target = training / run.name
    target.mkdir(parents=True, exist_ok=True)
    for name in RECORD:
        if (run / name).exists():
            shutil.copy2(run / name, target / name)
