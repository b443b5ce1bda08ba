"""Enlarging in tiles gives what enlarging at once gives, and travels as any other job."""

from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from PIL import Image
from safetensors.torch import save_file
from typer.testing import CliRunner

from core.cli import app
from core.errors import ModelNotFoundError, RequestError
from core.events import Finished, Preview, Progress
from core.models.rrdbnet import RRDBNet
from core.models.upscalers import Upscaler
from core.recipe import to_request
from core.request import EditRequest
from core.restoration.enlarging import OVERLAP, enlarge
from core.run import run_edit
from core.settings import EnlargeSettings

CPU = torch.device("cpu")


def near(network) -> Upscaler:
    return Upscaler(network, 4, "near", "", CPU)


class Sharpened(torch.nn.Module):
    """Each pixel four times, sharpened by its eight neighbours: it sees three pixels around."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        blurred = F.avg_pool2d(x, 7, 1, 3, count_include_pad=False)
        return F.interpolate((1.5 * x - 0.5 * blurred).clamp(0, 1), scale_factor=4.0)


@pytest.mark.parametrize("size", [(64, 64), (65, 200), (150, 97), (40, 300)])
def test_tiles_make_what_the_whole_makes(size: tuple[int, int]) -> None:
    picture = torch.rand(1, 3, *size, generator=torch.Generator().manual_seed(0))
    *_, (done, tiles, result) = enlarge(near(Sharpened()), picture, 64)
    assert done == tiles
    assert tiles > 1 or max(size) <= 64
    torch.testing.assert_close(result, Sharpened()(picture))


def test_a_tile_hides_where_it_ends() -> None:
    """Tiles of unlike brightness fade into each other: no step is larger than the ramp's."""
    shades = iter(torch.linspace(0.2, 0.8, 50))

    class Shade(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return next(shades) * torch.ones(1, 3, 4 * x.shape[2], 4 * x.shape[3])

    *_, (_, tiles, result) = enlarge(near(Shade()), torch.zeros(1, 3, 64, 220), 64)
    largest = 0.6 / 49 / (OVERLAP / 2 * 4)
    assert tiles > 4
    assert float(result.diff(dim=3).abs().max()) < 1.01 * largest


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    network = RRDBNet(blocks=1, width=4, growth=2)
    file = tmp_path / "little.safetensors"
    save_file(network.state_dict(), file)
    return file


def test_a_picture_is_enlarged_with_a_recipe(weights: Path, tiny_model) -> None:
    picture = np.random.default_rng(0).integers(0, 65536, (70, 66, 3)).astype(np.uint16)
    settings = EnlargeSettings(upscaler=str(weights), factor=3, tile=64)
    request = EditRequest(settings, picture, model="tiny")
    events = list(run_edit(request, tiny_model))
    last = events[-1]
    assert isinstance(last, Finished)
    assert (last.picture.shape, last.picture.dtype) == ((210, 198, 3), np.uint16)
    assert last.network_evaluations == 4 == sum(isinstance(one, Preview) for one in events)
    assert [e.step for e in events if isinstance(e, Progress)] == [0, 1, 2, 3, 4]
    assert tiny_model.network_evaluations == 0
    assert last.restoration is not None
    # Random weights explain nothing, and it is said.
    assert not last.restoration.residual.explains
    again = to_request(last.recipe, picture)
    *_, second = run_edit(again, tiny_model)
    assert isinstance(second, Finished)
    assert np.array_equal(second.picture, last.picture)


def test_what_cannot_be_is_said(weights: Path, tiny_model) -> None:
    picture = np.zeros((8, 8, 3), np.uint8)
    mask = np.ones((8, 8), np.float32)
    settings = EnlargeSettings(upscaler=str(weights))
    with pytest.raises(RequestError, match="leave the mask out"):
        list(run_edit(EditRequest(settings, picture, mask), tiny_model))
    with pytest.raises(ModelNotFoundError, match="models add realesrgan"):
        list(run_edit(EditRequest(EnlargeSettings(), picture), tiny_model))


def test_the_command_enlarges(weights: Path, tmp_path: Path) -> None:
    picture, out = tmp_path / "small.png", tmp_path / "large.png"
    Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save(picture)
    words = ["restore", str(picture), "--method", "realesrgan", "--upscaler", str(weights)]
    result = CliRunner().invoke(app, [*words, "--out", str(out)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    with Image.open(out) as large:
        assert large.size == (32, 32)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--method", "realesrgan", "--operator", "noise"), "realesrgan only enlarges"),
        (("--method", "realesrgan", "--factor", "9"), "factor is 9"),
        (("--method", "dps"), "--operator is missing"),
    ],
)
def test_the_command_says_what_does_not_belong(
    tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    picture = tmp_path / "small.png"
    Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save(picture)
    result = CliRunner().invoke(app, ["restore", str(picture), *options])
    assert isinstance(result.exception, RequestError)
    assert said in str(result.exception)
