"""`sfumato edit` for fill, remove and extend: sides and shapes, variations, folders, job files."""

import json

import numpy as np
import pytest
from PIL import Image

from core.edit_spec import EditJob, EditSpec
from core.errors import RequestError
from core.imaging.image import load
from core.recipe import read_recipe
from core.settings import ExtendSettings, RemoveSettings
from core.settings.ratio import RATIOS, ratio_of, sides_for
from tests.core.test_cli import Engine, engine, fails, files, invoke, run_main
from tests.tiny_model import write_tiny_model

__all__ = ["Engine", "engine", "files"]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return write_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def folder(tmp_path):
    """Two photographs and their masks, in folders of their own."""
    (tmp_path / "photos").mkdir()
    (tmp_path / "masks").mkdir()
    mask = np.zeros((20, 24), np.uint8)
    mask[4:12, 6:14] = 255
    for seed, name in enumerate(("a", "b")):
        pixels = np.random.default_rng(seed).integers(0, 256, (20, 24, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / "photos" / f"{name}.png")
        Image.fromarray(mask).save(tmp_path / "masks" / f"{name}.png")
    (tmp_path / "photos" / "notes.txt").write_text("no picture")
    return tmp_path


def test_remove_needs_no_words(files, engine):
    wanted = ("edit", files / "photo.png", "--job", "remove", "--mask", files / "mask.png")
    assert invoke(*wanted, "--strength", ".6").exit_code == 0
    assert engine.requests[0].settings == RemoveSettings(strength=0.6)
    assert (files / "photo-remove.png").is_file()
    assert "no method repaint" in str(fails(*wanted, "--method", "repaint"))


def test_extend_by_pixels_and_by_shape(files, engine):
    wanted = ("edit", files / "photo.png", "--job", "extend")
    assert invoke(*wanted, "--left", 3, "--bottom", 4, "--prompt", "the sea").exit_code == 0
    assert engine.requests[0].settings == ExtendSettings(left=3, bottom=4)
    assert engine.requests[0].target_prompt == "the sea"
    assert invoke(*wanted, "--ratio", "16:9").exit_code == 0
    assert engine.requests[1].settings == ExtendSettings(left=3, right=3)
    for arguments, said in (
        ((), "how far"),
        (("--ratio", "16:9", "--top", 3), "two things"),
        (("--ratio", "wide"), "ratio wide"),
        (("--ratio", "12:10"), "already"),
        (("--left", 3, "--mask", files / "mask.png"), "no mask"),
        (("--left", 30000), "left is 30000"),
    ):
        assert said in str(fails(*wanted, *arguments))
    fill = ("edit", files / "photo.png", "--job", "fill", "--left", 1)
    assert "--left is for --job extend" in str(fails(*fill))


@pytest.mark.parametrize("ratio", [*RATIOS, "9:16", "2.35:1"])
@pytest.mark.parametrize("size", [(300, 400), (401, 399), (1, 1), (1000, 17)])
def test_a_shape_is_met_to_the_pixel_and_nothing_is_cut(ratio, size):
    wanted = ratio_of(ratio, size)
    sides = sides_for(wanted, size)
    height = size[0] + sides["top"] + sides["bottom"]
    width = size[1] + sides["left"] + sides["right"]
    assert min(sides.values()) >= 0
    assert height == size[0] or width == size[1]
    assert width == pytest.approx(height * wanted, abs=max(0.5, 0.5 * wanted) + 1e-9)
    assert abs(sides["left"] - sides["right"]) <= 1


def test_variations_are_saved_with_numbers(files, engine):
    wanted = ("edit", files / "photo.png", "--job", "fill", "--mask", files / "mask.png")
    done = invoke(*wanted, "--variations", 3, "--seed", 5, "--out", files / "x.png")
    assert done.exit_code == 0, done.output
    assert [read_recipe(files / f"x-{n}.png")["seed"] for n in (1, 2, 3)] == [5, 6, 7]
    assert done.output.count("0 pixels changed outside") == 3
    assert "variations is 20" in str(fails(*wanted, "--variations", 20))


def model_of(tiny):
    return ("--model", tiny, "--device", "cpu", "--steps", 1, "--guidance-scale", 1)


def test_a_folder_of_pictures_with_a_folder_of_masks(folder, tiny):
    out = folder / "out"
    wanted = ("edit", folder / "photos", "--job", "remove", "--mask", folder / "masks")
    done = invoke(*wanted, *model_of(tiny), "--out", out, "--variations", 2)
    assert done.exit_code == 0, done.output
    names = ["a-remove-1", "a-remove-2", "b-remove-1", "b-remove-2"]
    assert sorted(file.stem for file in out.iterdir()) == names
    again = invoke(*wanted, *model_of(tiny), "--out", out, "--variations", 2)
    assert again.output.count("is there already; skipped") == 4
    (folder / "masks" / "b.png").unlink()
    (out / "b-remove-2.png").unlink()
    failed = invoke(*wanted, *model_of(tiny), "--out", out, "--variations", 2)
    assert failed.exit_code == 2
    assert "no mask named b" in failed.output
    (folder / "empty").mkdir()
    assert "holds no pictures" in str(fails("edit", folder / "empty", "--job", "fill"))


class TestJobsFile:
    def lines(self, folder, *jobs):
        file = folder / "jobs.jsonl"
        file.write_text("\n".join(json.dumps(job) for job in jobs) + "\n\n", "utf-8")
        return file

    def test_makes_every_line_and_goes_on_where_it_stopped(self, folder, tiny, monkeypatch, capsys):
        file = self.lines(
            folder,
            {"picture": "photos/a.png", "job": "extend", "right": 5, "prompt": "바다"},
            {"picture": "photos/b.png", "job": "remove", "mask": "masks/b.png", "out": "done.png"},
            {"picture": "photos/gone.png", "job": "extend", "ratio": "1:1"},
        )
        arguments = ("edit", "--jobs", file, *model_of(tiny), "--seed", 4)
        code, output = run_main(monkeypatch, capsys, *arguments)
        assert code == 3
        assert "gone.png does not exist" in output.err
        assert load(folder / "a-바다.png").size == (20, 29)
        assert read_recipe(folder / "done.png")["seed"] == 4
        kept = (folder / "done.png").read_bytes()
        (folder / "a-바다.png").unlink()
        code, output = run_main(monkeypatch, capsys, *arguments)
        assert "done.png is there already; skipped" in output.out
        assert (folder / "a-바다.png").is_file()
        assert (folder / "done.png").read_bytes() == kept

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ("{", "line 1 is not JSON"),
            ("[1]", "line 1 is no object"),
            ('{"job": "fill"}', "line 1: picture: field required"),
            ('{"picture": "a.png", "job": "paint"}', "line 1: job"),
            ('{"picture": "a.png", "job": "fill", "sed": 1}', "line 1: sed"),
            ("", "holds no edits"),
        ],
    )
    def test_a_wrong_line_is_named_before_anything_is_edited(self, folder, line, said):
        file = folder / "jobs.jsonl"
        file.write_text(line, "utf-8")
        assert said in str(fails("edit", "--jobs", file))

    def test_what_cannot_be_together(self, folder):
        line = {"picture": "photos/a.png", "job": "extend", "left": 1, "out": "x.png"}
        file = self.lines(folder, line, {**line, "left": 2})
        assert "written twice" in str(fails("edit", "--jobs", file))
        file = self.lines(folder, {**line, "out": "photos/a.png"})
        assert "written twice" in str(fails("edit", "--jobs", file))
        assert "leave the others out" in str(fails("edit", "a.png", "--jobs", file))
        assert "cannot be read" in str(fails("edit", "--jobs", folder / "gone.jsonl"))
        assert invoke("edit", "--job", "fill").exit_code == 2


def test_a_ratio_needs_no_more_than_its_picture(folder):
    spec = EditSpec(picture=folder / "photos" / "a.png", job=EditJob.EXTEND, ratio="A4")
    request, shown = spec.request()
    assert shown.size == (20, 24)
    assert request.settings == ExtendSettings(left=2, right=2)
    with pytest.raises(RequestError, match="not understood"):
        spec.model_copy(update={"ratio": "0:1"}).request()
