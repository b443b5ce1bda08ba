"""The pixel model's data and its trainer, on drawn blobs and a network of few weights."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import UNet2DModel

from core.errors import DataError, TrainingError
from core.models import checks
from core.models.pixel_diffusion import load
from core.training import pixel_diffusion as trainer
from core.training.choices import Domain
from core.training.datasets.hues import turn_hues
from core.training.datasets.objects import ObjectLibrary, ObjectSpec, catalogue
from core.training.datasets.single_objects import (
    SUBGROUPS,
    draw,
    held_out_pictures,
    is_held_out,
    is_of_domain,
    training_batch,
)
from core.training.loop import RunOptions, Schedule

TINY = trainer.Preset((16, 16), 1, 16, 8, 8, Schedule(2e-3, warmup=5, ema_decay=0.9))
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def library() -> ObjectLibrary:
    """Sixty discs and bars, each in a colour of its own; a few of them are held out."""
    specs, pictures = {}, {}
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:48, :48] - 23.5
    for number in range(60):
        rgba = np.zeros((48, 48, 4), np.uint8)
        rgba[..., :3] = rng.integers(0, 256, 3)
        inside = x * x + y * y < 500 if number % 2 else (abs(x) < 12) & (abs(y) < 22)
        rgba[..., 3] = 255 * inside
        spec = ObjectSpec(f"{number:X}", f"blob {number}", "", "a", "thing", "rest", (1, 1), 1.0)
        specs[spec.object_id], pictures[spec.object_id] = spec, rgba
    return ObjectLibrary(specs, pictures)


@pytest.fixture(autouse=True)
def _tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("SIDE", 16), ("JUDGED", 4), ("SAMPLE_STEPS", 2)):
        monkeypatch.setattr(trainer, name, value)


def train(out: Path, library: ObjectLibrary, steps: int, resume: bool = False) -> dict[str, float]:
    options = RunOptions(1e6, resume, CPU, max_steps=steps)
    return trainer.train(out, library, TINY, options)


def weights(out: Path) -> dict[str, torch.Tensor]:
    state = torch.load(out / "state.pt", weights_only=True)
    return dict(zip(state["module"], state["ema"], strict=True))


def test_an_object_fills_much_of_its_picture(library: ObjectLibrary) -> None:
    name = next(iter(library.specs))
    picture = draw(name, library, np.random.default_rng(3), 32)
    assert (picture.shape, picture.dtype) == ((32, 32, 3), np.uint8)
    assert np.array_equal(picture, draw(name, library, np.random.default_rng(3), 32))
    batch = training_batch([name], library, np.random.default_rng(4), 5, 32)
    assert batch.shape == (5, 32, 32, 3)
    assert len(np.unique(batch.reshape(5, -1), axis=0)) == 5


def test_held_out_pictures_are_fixed_and_of_held_out_objects(library: ObjectLibrary) -> None:
    held = [name for name in library.specs if is_held_out(name)]
    assert 1 <= len(held) < 15
    first = held_out_pictures(library, len(held), 16)
    assert np.array_equal(first, held_out_pictures(library, len(held), 16))
    assert np.array_equal(first[:1], held_out_pictures(library, 1, 16))
    with pytest.raises(DataError, match=f"only {len(held)} objects are held out"):
        held_out_pictures(library, len(held) + 1)
    # what the starter's scenes never show is held out here, too
    assert all(is_held_out(name) for name, spec in catalogue().items() if spec.unseen)
    assert not all(is_held_out(name) for name in catalogue())


def test_two_domains_do_not_overlap() -> None:
    entries = [
        {"label": "cat face", "group": 3, "subgroup": 34},
        {"label": "feather", "group": 3, "subgroup": 35},
        {"label": "tulip", "group": 3, "subgroup": 40},
        {"label": "red apple", "group": 4, "subgroup": 42},
        {"label": "wine glass", "group": 4, "subgroup": 47},
        {"label": "three o’clock", "group": 5, "subgroup": 58},
        {"label": "grinning face", "group": 0, "subgroup": 0},
        {"label": "regional indicator A"},
    ]
    known = {d: {e["label"] for e in entries if is_of_domain(d, e)} for d in Domain}
    assert known[Domain.ANIMALS] == {"cat face"}
    assert known[Domain.FOOD] == {"red apple"}
    assert known[Domain.ALL] == {"cat face", "feather", "tulip", "red apple", "wine glass"}
    assert not set(SUBGROUPS[Domain.ANIMALS]) & set(SUBGROUPS[Domain.FOOD])


def test_a_run_keeps_to_its_domain(tmp_path: Path, library: ObjectLibrary) -> None:
    options = RunOptions(1e6, max_steps=1)
    trainer.train(tmp_path, library, TINY, options, Domain.FOOD)
    resumed = replace(options, resume=True)
    with pytest.raises(TrainingError, match="begun with domain food, not animals"):
        trainer.train(tmp_path, library, TINY, resumed, Domain.ANIMALS)


def test_hues_turn_and_brightness_stays() -> None:
    picture = np.random.default_rng(0).integers(90, 160, (8, 8, 3)).astype(np.uint8)
    assert np.array_equal(turn_hues(picture, 0), picture)
    turned = turn_hues(picture, 120)
    assert np.abs(turned.astype(float) - picture).mean() > 5
    luma = np.array([0.299, 0.587, 0.114])
    assert np.abs((turned - picture.astype(float)) @ luma).max() < 1
    grey = np.full((2, 2, 3), 77, np.uint8)
    assert np.array_equal(turn_hues(grey, 200), grey)
    assert np.abs(turn_hues(turned, 240).astype(float) - picture).max() <= 2


def test_the_network_is_told_noised_pixels(library: ObjectLibrary) -> None:
    """L_simple of a network that answers 0 is the noise's own mean square."""
    unet = trainer.build(TINY)
    for parameter in unet.parameters():
        torch.nn.init.zeros_(parameter)
    eps = torch.randn(4, 3, 16, 16)
    t = torch.tensor([0, 9, 500, 999])
    found = trainer.errors(unet, trainer.objective(CPU), torch.zeros_like(eps), t, eps)
    torch.testing.assert_close(found, eps.square().mean(dim=(1, 2, 3)))


def test_a_run_learns_and_leaves_a_model(tmp_path: Path, library: ObjectLibrary) -> None:
    early = train(tmp_path / "early", library, 2)
    late = train(tmp_path / "late", library, 60)
    assert late["held_out_loss"] < 0.7 * early["held_out_loss"]
    assert checks.find_problems(tmp_path / "late" / "model") == []
    model = load(tmp_path / "late" / "model", CPU, torch.float32)
    assert (model.native_size, model.prediction) == (16, "epsilon")
    assert float(model.path.sigma(999)) > 0.99
    assert (tmp_path / "late" / "samples.png").stat().st_size > 1000
    assert len((tmp_path / "late" / "validation.csv").read_text().splitlines()) == 1


def test_a_run_begins_with_another_models_weights(tmp_path: Path, library: ObjectLibrary) -> None:
    train(tmp_path / "first", library, 3)
    options = RunOptions(1e6, max_steps=1, learning_rate=1e-6)
    other = tmp_path / "first" / "model"
    trainer.train(tmp_path / "next", library, TINY, options, Domain.ANIMALS, other)
    networks: list[Any] = [
        UNet2DModel.from_pretrained(tmp_path / run / "model" / "unet", torch_dtype=torch.float32)
        for run in ("first", "next")
    ]
    pairs = zip(*(network.parameters() for network in networks), strict=True)
    assert max(float((a - b).abs().max()) for a, b in pairs) < 1e-3


def test_what_is_left_are_the_averaged_weights(tmp_path: Path, library: ObjectLibrary) -> None:
    train(tmp_path, library, 4)
    state = torch.load(tmp_path / "state.pt", weights_only=True)
    left = UNet2DModel.from_pretrained(tmp_path / "model" / "unet").state_dict()
    for name, averaged in weights(tmp_path).items():
        assert torch.equal(left[name], averaged.half())
    assert any(not torch.equal(left[name], value.half()) for name, value in state["module"].items())


def test_a_resumed_run_is_the_run_that_never_stopped(
    tmp_path: Path, library: ObjectLibrary
) -> None:
    train(tmp_path / "whole", library, 6)
    train(tmp_path / "parts", library, 3)
    train(tmp_path / "parts", library, 6, resume=True)
    whole, parts = weights(tmp_path / "whole"), weights(tmp_path / "parts")
    for name, value in whole.items():
        torch.testing.assert_close(parts[name], value, rtol=1e-4, atol=1e-6)
