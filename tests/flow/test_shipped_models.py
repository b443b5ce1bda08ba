"""What ships: whole models, each with its card, its record of training and a known size."""

import re
from pathlib import Path

import pytest

import resources
from core.methods import why_not
from core.models import checks
from core.models.library import ModelLibrary
from core.models.members import doer
from core.settings import InpaintingSettings, UpscaleSettings

FOLDER = resources.path("models")
NAMES = ("animals", "food", "inpaint", "pixels", "upscale")
MODELS = ["starter", *(f"starter-{name}" for name in NAMES)]


def files(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]


def test_they_are_known_and_all_together_small() -> None:
    assert sorted(folder.name for folder in FOLDER.iterdir()) == MODELS
    sizes = {file: file.stat().st_size for file in files(FOLDER)}
    assert sum(sizes.values()) < 150e6
    assert max(sizes.values()) < 15e6


@pytest.mark.parametrize("name", MODELS)
def test_each_is_whole_with_a_card_and_curves(name: str) -> None:
    folder = FOLDER / name
    assert checks.find_problems(folder) == []
    info = ModelLibrary([FOLDER]).get(name)
    assert info.licence == "apache-2.0"
    assert "version 1" in info.title
    card = (folder / "README.md").read_text("utf-8")
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", card):
        assert (folder / target).exists(), target
    training = folder / "training"
    assert list(training.rglob("curve.png"))
    assert len(list(training.rglob("log.csv"))) == len(list(training.rglob("curve.png")))


def test_the_starters_members_do_what_it_cannot() -> None:
    models = ModelLibrary([FOLDER]).find()
    starter = next(model for model in models if model.name == "starter")
    for kind, member in ((InpaintingSettings, "inpaint"), (UpscaleSettings, "upscale")):
        assert why_not(kind, starter) is not None
        assert doer(kind, "starter", models) == f"starter-{member}"


@pytest.mark.parametrize("member", ["inpaint", "upscale"])
def test_a_member_has_its_familys_words_and_first_stage(member: str) -> None:
    """So that a package holds them once, and words mean the same to all of the family."""
    for part in ("vae", "text_encoder", "tokenizer"):
        ours, theirs = FOLDER / "starter" / part, FOLDER / f"starter-{member}" / part
        assert {file.name for file in files(ours)} == {file.name for file in files(theirs)}
        for file in files(ours):
            assert file.read_bytes() == (theirs / file.name).read_bytes(), file
