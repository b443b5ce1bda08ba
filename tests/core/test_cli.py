"""The command line: what it asks for, says, writes and returns.

The engine is replaced at its two doors (loading a model, running a request); test_cli_engine.py
goes through the real one.
"""

import json
import re
import shutil
import types
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core import cli, edit_cli
from core.documents import openraster
from core.documents.document import StoredDocument, StoredLayer
from core.errors import DocumentError, ModelError, OutOfMemoryError
from core.events import Finished
from core.imaging.image import load
from core.recipe import make_recipe, read_recipe
from tests.core.command_line import fails, fill, invoke, photo_and_mask, run_main
from tests.core.models.model_folder import write_model

PROJECT = Path(cli.__file__).parents[1]


class Engine:
    """Answers every request with its picture, changed in the mask by `shift`."""

    def __init__(self):
        self.requests = []
        self.loads = []
        self.shift = 9
        self.error: BaseException | None = None

    def load(self, library, name, device, dtype):
        self.loads.append((name, device, dtype))
        return types.SimpleNamespace(name=name, device="cpu", dtype="torch.float32")

    def run_all(self, request, model, inversions=None):
        return [
            self.run(request.variation(i), model, inversions) for i in range(request.variations)
        ]

    def run(self, request, model, inversions=None):
        if self.error is not None:
            raise self.error
        self.requests.append(request)
        height, width = request.size or (8, 8)
        picture = np.full((height, width, 3), 100, np.uint8)
        if request.picture is not None:
            picture = request.picture.copy()
            picture[slice(None) if request.mask is None else request.mask > 0] += np.uint8(
                self.shift
            )
        recipe = make_recipe(
            request,
            model_name=model.name,
            model_fingerprint="f",
            device="cpu",
            dtype="float32",
            result_pixels=picture,
        )
        changed = None if request.mask is None else 0
        return Finished(request, picture, changed, 14, 1.25, recipe)


@pytest.fixture
def engine(monkeypatch):
    fake = Engine()
    for place in (cli, edit_cli):
        monkeypatch.setattr(place, "load_model", fake.load)
    monkeypatch.setattr(cli, "run", fake.run)
    monkeypatch.setattr(edit_cli, "run_all", fake.run_all)
    return fake


@pytest.fixture
def files(tmp_path):
    return photo_and_mask(tmp_path)


def test_fill_writes_beside_the_picture_and_says_so(files, engine):
    result = invoke(*fill(files, "--prompt", "a red apple", "--seed", 5, "--steps", 7))
    assert result.exit_code == 0, result.output
    path, work, outside = result.output.splitlines()
    assert Path(path) == files / "photo-fill.png"
    assert work == "1.2 s, 14 network evaluations, seed 5, starter on cpu in float32"
    assert outside == "0 pixels changed outside the mask and its blend band"
    (request,) = engine.requests
    assert (request.target_prompt, request.seed, request.steps) == ("a red apple", 5, 7)
    assert request.settings.strength == 1.0
    assert request.mask.sum() == 12
    before, after = load(files / "photo.png").pixels, load(path).pixels
    assert ((before != after).any(axis=2) == (request.mask == 1)).all()
    assert read_recipe(path)["picture"]["path"] == "photo.png"


def test_a_document_is_edited_as_it_looks(files, engine):
    photo = load(files / "photo.png").pixels
    layers = (StoredLayer("ground", photo), StoredLayer("hidden", 255 - photo, visible=False))
    document = StoredDocument(width=12, height=10, layers=layers)
    openraster.write(files / "photo.sfumato", document)
    arguments = ("--job", "fill", "--mask", files / "mask.png")
    result = invoke("edit", files / "photo.sfumato", *arguments)
    assert result.exit_code == 0, result.output
    assert (engine.requests[0].picture == photo).all()
    assert result.output.splitlines()[0].endswith("photo-fill.png")
    (files / "torn.sfumato").write_bytes(b"PK\x03\x04")
    error = fails("edit", files / "torn.sfumato", *arguments)
    assert isinstance(error, DocumentError)


def test_earlier_results_are_not_overwritten(files, engine):
    assert invoke(*fill(files)).output.splitlines()[0].endswith("photo-fill.png")
    assert invoke(*fill(files)).output.splitlines()[0].endswith("photo-fill-2.png")
    assert invoke(*fill(files, "--out", files / "photo-fill.png")).exit_code == 0


def test_swap_and_restyle_take_their_own_strengths(files, engine):
    photo = files / "photo.png"
    prompts = ("--source", "a red apple", "--target", "a green apple")
    invoke("edit", photo, "--job", "swap", *prompts, "--inversion-strength", 0.25)
    invoke("edit", photo, "--job", "restyle", "--prompt", "snow", "--strength", 0.3)
    invoke("edit", photo, "--job", "restyle", "--prompt", "snow", "--set", "eta=0.5")
    swap, restyle, other = engine.requests
    assert (swap.source_prompt, swap.target_prompt) == ("a red apple", "a green apple")
    assert swap.settings.inversion_strength == 0.25
    assert restyle.settings.strength == 0.3
    assert other.settings.eta == 0.5
    assert (files / "photo-swap.png").exists()


def test_swap_by_any_method(files, engine):
    swap = ("edit", files / "photo.png", "--job", "swap", "--target", "a green apple")
    invoke(*swap)
    invoke(*swap, "--method", "prompt-to-prompt", "--set", 'weights={"green": 2}')
    invoke(*swap, "--method", "ledits-pp", "--set", 'edits=[{"prompt": "a dog", "scale": 7}]')
    invoke(*swap, "--method", "sdedit", "--inversion-strength", 0.25)
    first, words, several, noise = (request.settings for request in engine.requests)
    assert first.name == "auto"
    assert words.weights == {"green": 2.0}
    assert [(edit.prompt, edit.scale) for edit in several.edits] == [("a dog", 7.0)]
    assert (noise.name, noise.strength) == ("sdedit", 0.5)
    assert read_recipe(files / "photo-swap-3.png")["method"] == "ledits-pp"


def test_generate(files, engine, monkeypatch):
    monkeypatch.chdir(files)
    result = invoke("generate", "--prompt", "a cat", "--seed", 3, "--size", "24x16")
    assert result.output.splitlines()[0] == "sfumato-3.png"
    assert load(files / "sfumato-3.png").size == (16, 24)
    assert "outside" not in result.output
    assert engine.requests[0].picture is None


def test_model_device_and_dtype_are_passed_on(files, engine):
    invoke(*fill(files, "--model", "big", "--device", "cuda:1", "--dtype", "bfloat16"))
    assert engine.loads == [("big", "cuda:1", "bfloat16")]
    assert engine.requests[0].model == "big"


@pytest.mark.parametrize("suffix", [".jpg", ".webp", ".tiff"])
def test_other_formats(suffix, files, engine):
    result = invoke(*fill(files, "--out", files / f"result{suffix}"))
    assert result.exit_code == 0, result.output
    assert load(files / f"result{suffix}").size == (10, 12)


# Wrong use ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("--job", "fill"), 2, "Fill needs a mask"),
        (("--job", "swap", "--source", "a"), 2, "Swap needs a target prompt"),
        (("--job", "restyle", "--prompt", " "), 2, "Restyle needs a target prompt"),
        (("--job", "swap", "--strength", "1"), 2, "swap has no setting strength; it has"),
        (("--job", "fill", "--inversion-strength", "1"), 2, "fill has no setting inversion"),
        (("--job", "swap", "--method", "magic"), 2, "choose one of: auto, ddim-swap, prompt"),
        (("--job", "fill", "--method", "ddim-swap"), 2, "fill has no method ddim-swap"),
        (("--job", "restyle", "--prompt", "a", "--strength", "3"), 2, "strength is 3.0"),
        (("--job", "restyle", "--prompt", "a", "--target", "b"), 2, "give one of them"),
        (("--job", "restyle", "--prompt", "a", "--steps", "0"), 2, "steps is 0"),
        (("--job", "restyle", "--prompt", "a", "--seed", "-1"), 2, "seed is -1"),
        (("--job", "restyle", "--prompt", "a", "--guidance-scale", "nan"), 2, "guidance scale"),
        (("--job", "restyle", "--prompt", "a", "--set", "eta"), 2, "--set eta is not understood"),
        (("--job", "restyle", "--prompt", "a", "--set", "eta=NaN"), 2, "finite"),
        (("--job", "restyle", "--prompt", "a", "--set", "eta=much"), 2, "eta is much"),
        (("--job", "restyle", "--prompt", "a", "--out", "x.gif"), 8, "End it in"),
        (("--job", "restyle", "--prompt", "a", "--out", "gone/x.png"), 2, "does not exist"),
        (("--job", "restyle", "--prompt", "a", "--mask", "missing.png"), 3, "missing.png"),
    ],
)
def test_wrong_use_is_one_line_before_any_model_is_loaded(arguments, code, message, files, engine):
    error = fails("edit", files / "photo.png", *arguments)
    assert message in str(error)
    assert "\n" not in str(error)
    assert error.exit_code == code
    assert engine.loads == []
    assert sorted(file.name for file in files.iterdir()) == ["mask.png", "photo.png"]


def test_the_picture_itself_is_never_the_target(files, engine):
    assert "is the picture itself" in str(fails(*fill(files, "--out", files / "photo.png")))


def test_a_folder_is_no_target(files, engine):
    (files / "folder.png").mkdir()
    assert "is a folder" in str(fails(*fill(files, "--out", files / "folder.png")))


def test_a_mask_of_another_size(files, engine):
    Image.new("L", (5, 5), 255).save(files / "mask.png")
    assert "mask.png is 5 x 5 pixels and the picture 12 x 10" in str(fails(*fill(files)))


def test_a_size_that_is_none(engine):
    for size in ("12", "axb", "0x4", "-1x5"):
        assert "size" in str(fails("generate", "--prompt", "a", "--size", size))


def test_a_missing_option_is_wrong_use(files):
    result = invoke("edit", files / "photo.png")
    assert result.exit_code == 2
    assert "--job" in result.output


def test_errors_on_the_way_leave_nothing(files, engine):
    engine.error = OutOfMemoryError("cpu has not enough memory. Edit a smaller part.")
    assert fails(*fill(files)).exit_code == 6
    assert not (files / "photo-fill.png").exists()


# main(): exit codes and the one line on standard error ----------------------------------------


def test_an_error_is_one_line_and_its_exit_code(monkeypatch, capsys, files):
    (files / "photo.png").write_bytes(b"<html>")
    code, output = run_main(monkeypatch, capsys, *fill(files))
    assert code == 3
    assert output.out == ""
    assert output.err.count("\n") == 1
    assert "photo.png is a web page" in output.err


def test_ctrl_c_is_130_and_leaves_nothing(monkeypatch, capsys, files, engine):
    engine.error = KeyboardInterrupt()
    code, output = run_main(monkeypatch, capsys, *fill(files))
    assert (code, output.err) == (130, "Cancelled.\n")
    assert not (files / "photo-fill.png").exists()


def test_version(monkeypatch, capsys):
    code, output = run_main(monkeypatch, capsys, "--version")
    assert code == 0
    assert re.fullmatch(r"sfumato \d+\.\d+\.\d+\S*\n", output.out)


# Replay ---------------------------------------------------------------------------------------


def test_replay_says_exact_close_or_different(files, engine):
    invoke(*fill(files))
    result = files / "photo-fill.png"
    again = invoke("replay", result)
    assert again.exit_code == 0, again.output
    assert again.output.splitlines()[-1] == "exact"
    assert engine.loads[-1] == ("starter", "cpu", "float32")

    engine.shift = 10
    assert invoke("replay", result).output.splitlines()[-1].startswith("close: ")
    engine.shift = 50
    different = invoke("replay", result, "--out", files / "again.png")
    assert different.exit_code == 1
    assert different.output.splitlines()[-1].startswith("different: ")
    assert (files / "again.png").exists()


def test_replay_takes_the_original_from_elsewhere(files, engine):
    invoke(*fill(files))
    (files / "sub").mkdir()
    moved = (files / "photo.png").rename(files / "sub" / "old.png")
    assert "--picture" in str(fails("replay", files / "photo-fill.png"))
    result = invoke("replay", files / "photo-fill.png", "--picture", moved, "--model", "other")
    assert result.output.splitlines()[-1] == "exact"
    assert engine.loads[-1][0] == "other"


def test_replay_without_a_recipe(files, engine):
    assert fails("replay", files / "photo.png").exit_code == 7


# Models ---------------------------------------------------------------------------------------


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    monkeypatch.setenv("SFUMATO_MODELS", str(tmp_path / "models"))
    write_model(tmp_path / "models" / "little")
    return tmp_path / "models"


def test_models_are_listed(shelf):
    result = invoke("models", "list")
    assert result.exit_code == 0
    (line,) = (line for line in result.output.splitlines() if line.startswith("little "))
    assert "apache-2.0" in line
    assert "A little world" in line
    assert str(shelf / "little") in line


def test_the_member_of_the_family_that_can_do_it_does_it(shelf, files, engine):
    for name, channels in (("little", 4), ("little-inpaint", 9)):
        if name != "little":
            write_model(shelf / name)
        config = {"in_channels": channels, "out_channels": 4, "cross_attention_dim": 32}
        (shelf / name / "unet" / "config.json").write_text(json.dumps(config))
    asked = ("--prompt", "a cup", "--model", "little", "--method")
    for method, name in (("inpainting", "little-inpaint"), ("masked-fill", "little")):
        assert invoke(*fill(files, *asked, method)).exit_code == 0
        assert engine.loads[-1][0] == name
    shutil.copy(files / "photo.png", files / "other.png")
    more = ("--mask", files / "mask.png", *asked, "inpainting", "--out", files / "results")
    several = invoke("edit", files / "photo.png", files / "other.png", "--job", "fill", *more)
    assert engine.loads[-1][0] == "little-inpaint", several.output


def test_models_are_checked(shelf):
    result = invoke("models", "check", "little")
    assert result.exit_code == 0
    assert re.search(r"little is whole and safe to load, sha256 [0-9a-f]{64}", result.output)
    (shelf / "little" / "vae" / "config.json").unlink()
    result = invoke("models", "check", "little")
    assert result.exit_code == ModelError.exit_code
    assert "little/vae/config.json is missing" in result.output
    assert fails("models", "check", "huge").exit_code == 4
