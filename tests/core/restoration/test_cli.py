"""`sfumato restore` and `sfumato degrade` on small pictures, through the real engine."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from core import cli
from core.errors import RequestError, SfumatoError
from core.imaging.image import load, save
from core.recipe import read_recipe
from core.restoration.building import operator_for
from core.restoration.degradations import Downsampling, GaussianBlur
from core.restoration.residual import to_pixels, to_tensor


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    rows, columns = np.mgrid[0:32, 0:48] / 7
    waves = np.stack([np.sin(rows), np.cos(columns), np.sin(rows - columns)], axis=2)
    save(tmp_path / "photo.png", np.rint(128 + 50 * waves).astype(np.uint8))
    return tmp_path / "photo.png"


def invoke(*arguments: object):
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


def done(*arguments: object) -> list[str]:
    result = invoke(*arguments)
    assert result.exit_code == 0, (result.output, result.exception)
    return result.stdout.splitlines()


def fails(*arguments: object) -> BaseException:
    result = invoke(*arguments)
    assert isinstance(result.exception, SfumatoError), result.output
    return result.exception


def test_degrade_applies_the_operators_in_their_order(photo: Path) -> None:
    (path,) = done(
        *("degrade", photo, "--operator", "gaussian-blur", "--sigma", 1.5),
        *("--operator", "box-downsampling", "--factor", 2),
    )
    assert Path(path) == photo.with_name("photo-degraded.png")
    chain = (GaussianBlur(sigma=1.5), Downsampling(factor=2, filter="box"))
    pixels = load(photo).pixels
    expected = operator_for(chain, (32, 48))(to_tensor(pixels))
    assert np.array_equal(load(path).pixels, to_pixels(expected, np.dtype(np.uint8)))


@pytest.mark.parametrize(
    ("options", "size"),
    [
        (("noise", "--noise", 0.1), (32, 48)),
        (("motion-blur", "--length", 7, "--angle", 45), (32, 48)),
        (("random", "--share", 0.5), (32, 48)),
        (("scratches", "--count", 3), (32, 48)),
        (("outside", "--margin", "1,2,3,4"), (28, 42)),
        (("jpeg", "--quality", 10), (32, 48)),
        (("exposure", "--gain", 2, "--gamma", 2.2), (32, 48)),
        (("bicubic-downsampling", "--factor", 4), (8, 12)),
    ],
)
def test_every_operator_degrades(photo: Path, options: tuple, size: tuple[int, int]) -> None:
    (path,) = done("degrade", photo, "--operator", *options)
    found = load(path)
    assert found.size == size
    assert size != (32, 48) or (found.pixels != load(photo).pixels).any()


def test_a_kernel_and_projections(photo: Path) -> None:
    kernel = np.zeros((5, 5), np.uint8)
    kernel[2] = 255
    Image.fromarray(kernel).save(photo.with_name("kernel.png"))
    drawn = ("--operator", "kernel", "--kernel", photo.with_name("kernel.png"))
    (blurred,) = done("degrade", photo, *drawn)
    (moved,) = done("degrade", photo, "--operator", "motion-blur", "--length", 5)
    away = load(blurred).pixels.astype(int) - load(moved).pixels
    assert abs(away).max() < 20
    save(photo.with_name("square.png"), np.full((32, 32, 3), 40000, np.uint16))
    options = ("--operator", "tomography", "--angles", 9)
    (path,) = done("degrade", photo.with_name("square.png"), *options)
    assert load(path).size == (9, 46)
    assert load(path).pixels.dtype == np.uint16


def test_restore_and_replay(photo: Path, tiny_folder: Path) -> None:
    blur = ("--operator", "gaussian-blur", "--sigma", 1.0)
    (degraded,) = done("degrade", photo, *blur, "--noise", 0.02)
    out = photo.with_name("back.png")
    lines = done(
        *("restore", degraded, *blur, "--noise", 0.02, "--method", "pigdm", "--steps", 3),
        *("--samples", 2, "--maps", "--seed", 4, "--model", tiny_folder, "--out", out),
    )
    names = [Path(line).name for line in lines if line.endswith(".png")]
    endings = ("", "-2", "-mean", "-residual", "-spread")
    assert names == [f"back{ending}.png" for ending in endings]
    assert load(out).size == (32, 48)
    assert load(out.with_name("back-residual.png")).size == (32, 48)
    assert any("6 network evaluations" in line for line in lines)
    assert any(line.startswith("residual ") and "noise" in line for line in lines)
    assert any("restorations differ by" in line for line in lines)
    recipe = read_recipe(out)
    assert recipe["method"] == "pigdm"
    assert done("replay", out, "--model", tiny_folder)[-1] == "exact"
    lines = done(
        *("restore", degraded, *blur, "--noise", 0.02, "--method", "pigdm", "--steps", 4),
        *("--strength", 0.5, "--samples", 2, "--average", "--seed", 4, "--model", tiny_folder),
        *("--out", out.with_name("mean.png")),
    )
    names = [Path(line).name for line in lines if line.endswith(".png")]
    assert names == ["mean.png", "mean-1.png", "mean-2.png"]
    assert any("4 network evaluations" in line for line in lines)


def test_restore_by_dps_makes_a_small_picture_large(photo: Path, tiny_folder: Path) -> None:
    lines = done(
        *("restore", photo, "--operator", "downsampling", "--factor", 2, "--noise", 0.02),
        *("--zeta", 0.1, "--steps", 2, "--model", tiny_folder),
    )
    assert Path(lines[0]) == photo.with_name("photo-restore.png")
    assert load(lines[0]).size == (64, 96)


def test_noise_and_sigma_are_estimated(tmp_path: Path, tiny_folder: Path) -> None:
    random = np.random.default_rng(0)
    flat = np.kron(random.uniform(0.2, 0.8, (8, 8, 3)), np.ones((8, 8, 1)))
    blurred = operator_for((GaussianBlur(sigma=2),), (64, 64))(
        to_tensor(np.rint(255 * flat).astype(np.uint8))
    )
    pixels = to_pixels(blurred, np.dtype(np.uint8)) + random.normal(0, 5, flat.shape)
    save(tmp_path / "soft.png", np.rint(pixels.clip(0, 255)).astype(np.uint8))
    lines = done(
        *("restore", tmp_path / "soft.png", "--operator", "gaussian-blur", "--steps", 1),
        *("--model", tiny_folder),
    )
    said = dict(line.split(" estimated: ") for line in lines if "estimated" in line)
    assert float(said["noise"]) == pytest.approx(5 / 255, rel=0.2)
    assert float(said["sigma"]) == pytest.approx(2, rel=0.4)


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--operator", "magic"), "no operator"),
        (("--operator", "jpeg", "--sigma", 2), "--sigma belongs"),
        (("--operator", "jpeg", "--quality", 0), "quality is 0"),
        (("--operator", "gaussian-blur", "--sigma", -1), "sigma"),
        (("--operator", "downsampling", "--factor", 5), "divide"),
        (("--operator", "kernel"), "--kernel"),
        (("--operator", "missing"), "mask"),
        (("--operator", "outside", "--margin", "1,2"), "margin"),
        (("--operator", "outside", "--margin", "40,0,0,0"), "margins leave nothing"),
        (("--operator", "tomography"), "square"),
        (("--operator", "noise", "--out", "nowhere/x.png"), "folder"),
    ],
)
def test_degrade_refuses(photo: Path, options: tuple, word: str) -> None:
    error = fails("degrade", photo, *options)
    assert isinstance(error, RequestError)
    assert word in str(error)


def test_restore_refuses(photo: Path, tiny_folder: Path) -> None:
    blur = ("restore", photo, "--model", tiny_folder, "--operator", "gaussian-blur", "--sigma", 1)
    assert "noise" in str(fails(*blur, "--noise", 2))
    assert "zeta" in str(fails(*blur, "--method", "pigdm", "--noise", 0.1, "--zeta", 1))
    jpeg = ("restore", photo, "--model", tiny_folder, "--operator", "jpeg", "--noise", 0.1)
    assert "DPS" in str(fails(*jpeg, "--method", "pigdm"))
