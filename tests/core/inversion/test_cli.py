"""`sfumato invert` and `sfumato edit --code`, with a model of random weights."""

import numpy as np
import pytest
from PIL import Image

from core.imaging.image import load
from core.inversion.record import read_record
from tests.core.test_cli import fails, run_main
from tests.tiny_model import write_tiny_model


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    return [write_tiny_model(folder / name, seed=seed) for seed, name in enumerate("ab")]


@pytest.fixture
def files(tmp_path):
    for seed, name in enumerate(("photo", "other")):
        pixels = np.random.default_rng(seed).integers(0, 256, (40, 48, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"{name}.png")
    return tmp_path


@pytest.fixture
def command(files, tiny, monkeypatch, capsys):
    """Runs `invert` or `edit` on a picture: (exit code, output, lines of complaint)."""

    def go(name, *more, picture="photo.png", model=0, source="a cat", steps=4):
        job = ("--job", "swap", "--target", "a dog") if name == "edit" else ()
        code, output = run_main(
            monkeypatch,
            capsys,
            *(name, files / picture, *job, "--source", source, "--steps", steps),
            *("--model", tiny[model], "--device", "cpu", *more),
        )
        lines = output.err.splitlines()
        return code, output.out, lines

    return go


@pytest.mark.parametrize(
    ("method", "saved"),
    [("ddim-swap", 3), ("cycle-diffusion", 3), ("edit-friendly", 6), ("null-text", 3)],
)
def test_an_edit_takes_the_code_and_is_the_same(method, saved, command, files):
    more = ["--method", method, *(("--set", "inner_steps=1") if method == "null-text" else ())]
    code, output, said = command("invert", *more, "--out", files / "code.safetensors")
    assert (code, said) == (0, [])
    assert output.splitlines()[0] == str(files / "code.safetensors")
    results, evaluations = [], []
    for extra in (("--code", files / "code.safetensors"), ()):
        out = files / f"result{len(results)}.png"
        code, output, said = command("edit", *more, *extra, "--out", out)
        assert (code, said) == (0, [])
        results.append(load(out).pixels)
        evaluations.append(int(output.split("s, ")[1].split(" network")[0]))
    assert np.array_equal(*results)
    assert evaluations[1] - evaluations[0] >= saved


def test_a_longer_climb_goes_on_from_the_code(command, files):
    out = files / "code.safetensors"
    command("invert", "--inversion-strength", 0.25, "--out", out)
    assert len(read_record(out).tensors) == 2
    for strength in (0.0625, 1):
        code, _, said = command("edit", "--inversion-strength", strength, "--code", out)
        assert (code, said) == (0, [])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"picture": "other.png"}, "another picture"),
        ({"source": "a pear"}, "another source prompt"),
        ({"model": 1}, "another model"),
        ({"steps": 5}, "another number of steps or schedule"),
    ],
)
def test_the_code_of_something_else_is_refused_and_inverted_anew(change, reason, command, files):
    out = files / "code.safetensors"
    command("invert", "--out", out)
    code, _, (said,) = command("edit", "--code", out, "--out", files / "with.png", **change)
    assert code == 0
    assert "code.safetensors is refused" in said
    assert reason in said
    assert said.endswith("The picture is inverted anew.")
    command("edit", "--out", files / "without.png", **change)
    assert np.array_equal(load(files / "with.png").pixels, load(files / "without.png").pixels)


def test_other_methods_and_precisions_are_refused_too(command, files):
    out = files / "code.safetensors"
    command("invert", "--out", out)
    _, _, (said,) = command("edit", "--method", "ddib", "--code", out)
    assert "another kind of inversion" in said
    _, _, (said,) = command("edit", "--dtype", "bfloat16", "--code", out)
    assert "another precision" in said


def test_a_damaged_code_is_told_and_the_edit_made(command, files):
    (files / "code.safetensors").write_bytes(b"\0" * 100)
    code, _, (said,) = command("edit", "--code", files / "code.safetensors")
    assert code == 0
    assert "code.safetensors is no whole inversion" in said
    assert "inverted anew" in said


def test_a_code_that_is_not_needed(command, files):
    out = files / "code.safetensors"
    command("invert", "--out", out)
    code, _, said = command("edit", "--method", "sdedit", "--code", out)
    assert (code, said) == (0, ["--code was not needed: sdedit inverted nothing."])


def test_wrong_use(command, files, tiny):
    assert command("edit", "--code", files / "gone.safetensors")[0] == 2
    for out in (files / "code.png", files / "gone" / "code.safetensors"):
        assert command("invert", "--out", out)[0] == 2
    nothing = ("--method", "sdedit", "--out", files / "code.safetensors", "--model", tiny[0])
    error = fails("invert", files / "photo.png", *nothing, "--device", "cpu", "--steps", 2)
    assert "sdedit inverts nothing" in str(error)
    assert not (files / "code.safetensors").exists()
