"""The sweep: the grid, the sheet, and cells that replay."""

import numpy as np
import pytest
from typer.testing import CliRunner

from core import cli
from core.errors import RequestError
from core.imaging.image import load, save
from core.imaging.lettering import extent
from core.recipe import read_recipe
from core.request import EditRequest
from core.settings import DDIMSwapSettings, SDEditSettings
from core.sweep import CELL, grid, sweep_sheet
from tests.core.edits import SOURCE, TARGET

PICTURE = np.random.default_rng(0).integers(0, 256, (96, 128, 3), dtype=np.uint8)


def request(settings=None):
    return EditRequest(
        settings or DDIMSwapSettings(),
        picture=PICTURE,
        source_prompt=SOURCE,
        target_prompt=TARGET,
    )


def test_the_grid_has_a_row_for_each_guidance_and_a_column_for_each_strength():
    rows = grid(request(), [0, 0.5, 1], [1.0, 7.0])
    assert [[cell.request.settings.inversion_strength for cell in row] for row in rows] == [
        [0, 0.5, 1],
        [0, 0.5, 1],
    ]
    assert [[cell.request.guidance_scale for cell in row] for row in rows] == [[1] * 3, [7] * 3]
    assert [cell.request.guidance_scale for cell in grid(request(), [1])[0]] == [5.0]


def test_a_method_with_a_strength_of_its_own_takes_the_root():
    (row,) = grid(request(SDEditSettings()), [0.25, 1])
    assert [cell.request.settings.strength for cell in row] == [0.5, 1.0]


@pytest.mark.parametrize(
    ("strengths", "scales", "message"),
    [([0.5, 1.5], [], "strength is 1.5"), ([], [], "needs"), ([1], [-1], "guidance scale")],
)
def test_values_out_of_range_are_refused(strengths, scales, message):
    with pytest.raises(RequestError, match=message):
        grid(request(), strengths, scales)


def test_the_sheet_shows_every_result_at_its_place():
    rows = grid(request(), [0, 1], [1, 5])
    colours = [[(250, 0, 0), (0, 250, 0)], [(0, 0, 250), (250, 0, 250)]]
    results = [[np.full((96, 128, 3), one, np.uint8) for one in row] for row in colours]
    results[1][1] = results[1][1].astype(np.uint16) * 257
    sheet = sweep_sheet(rows, results)
    middles = [(y, x) for y in _middles(sheet, 0) for x in _middles(sheet, 1)]
    assert [tuple(sheet[place]) for place in middles] == [one for row in colours for one in row]


def _middles(sheet, axis):
    """Where the pictures' middles are along an axis, from their saturated pixels."""
    seen = ((sheet.max(2).astype(int) - sheet.min(2)) > 200).any(axis=1 - axis)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], seen.astype(int), [0]])))
    starts, ends = edges[::2], edges[1::2]
    assert all(
        end - start == (CELL if axis else CELL * 3 // 4)
        for start, end in zip(starts, ends, strict=True)
    )
    return [int(start + end) // 2 for start, end in zip(starts, ends, strict=True)]


def test_korean_is_written_or_left_out_but_never_as_boxes():
    """Where a font for it is missing it takes no room, so nothing is drawn."""
    assert extent("strength 0.5")[0] > 40
    width = extent("청록색 바탕 위의 고양이")[0]
    assert width == 0 or width > 60


def test_the_command_writes_the_sheet_and_cells_that_replay(tmp_path, tiny_folder):
    save(tmp_path / "photo.png", PICTURE)
    common = [tmp_path / "photo.png", "--source", SOURCE, "--target", TARGET, "--steps", 2]
    arguments = ["sweep", *common, "--model", tiny_folder, "--device", "cpu", "--method"]
    arguments += ["ddim-swap", "--strengths", "0,1", "--guidance-scales", "1,3"]
    arguments += ["--cells", tmp_path / "cells"]
    result = CliRunner().invoke(cli.app, [str(one) for one in arguments])
    assert result.exit_code == 0, result.output
    assert "strength 1, guidance 3: " in result.stdout
    assert load(tmp_path / "photo-sweep.png").pixels.shape[1] > 2 * CELL
    names = sorted(file.name for file in (tmp_path / "cells").iterdir())
    assert names == [f"photo-{s}-{g}.png" for s in (0, 1) for g in (1, 3)]
    assert np.array_equal(load(tmp_path / "cells" / names[0]).pixels, PICTURE)
    assert read_recipe(tmp_path / "cells" / names[3])["guidance_scale"] == 3

    again = ["replay", tmp_path / "cells" / names[3], "--model", tiny_folder]
    result = CliRunner().invoke(cli.app, [str(one) for one in again])
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[-1] == "exact"


@pytest.mark.parametrize(
    ("option", "value"),
    [("--strengths", "much"), ("--strengths", "2"), ("--method", "magic"), ("--out", "gone/a.png")],
)
def test_the_command_names_what_is_wrong_before_a_model_is_loaded(option, value, tmp_path):
    save(tmp_path / "photo.png", PICTURE)
    arguments = ["sweep", tmp_path / "photo.png", "--target", TARGET, "--model", "none"]
    result = CliRunner().invoke(cli.app, [str(one) for one in [*arguments, option, value]])
    assert isinstance(result.exception, RequestError), result.output
    assert "none" not in str(result.exception)
