"""What the tests of the command line share: a photograph, and ways to call it."""

import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from core import cli
from core.errors import SfumatoError
from core.imaging.image import save

RANDOM = np.random.default_rng(2)


def photo_and_mask(folder: Path) -> Path:
    """A photograph of 12 x 10 pixels and a mask for it."""
    pixels = RANDOM.integers(0, 200, (10, 12, 3), dtype=np.uint8)
    save(folder / "photo.png", pixels)
    mask = np.zeros((10, 12), np.uint8)
    mask[3:6, 4:8] = 255
    Image.fromarray(mask).save(folder / "mask.png")
    return folder


def invoke(*arguments):
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


def fails(*arguments):
    """The error for the user that the command ends in."""
    result = invoke(*arguments)
    assert isinstance(result.exception, SfumatoError), result.output
    return result.exception


def fill(files, *more):
    return ("edit", files / "photo.png", "--job", "fill", "--mask", files / "mask.png", *more)


def run_main(monkeypatch, capsys, *arguments):
    monkeypatch.setattr(sys, "argv", ["sfumato", *map(str, arguments)])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return end.value.code, capsys.readouterr()
