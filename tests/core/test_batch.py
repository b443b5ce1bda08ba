"""Several edits in one go: each as if it were alone, at the price of fewer network evaluations."""

import numpy as np
import pytest
from PIL import Image

from core import batch_cli
from core.batch import run_batch
from core.edit_spec import EditJob, EditSpec
from core.errors import RequestError, SamplingError, SfumatoError
from core.events import Finished, Progress
from core.imaging.image import load
from core.recipe import read_recipe
from core.request import EditRequest
from core.run import run_edit
from core.settings import DDIMSwapSettings, FlowEditSettings
from tests.core.test_cli import fails, invoke, run_main
from tests.tiny_model import write_tiny_model

PICTURES = [
    np.random.default_rng(seed).integers(0, 256, (64, 64, 3), dtype=np.uint8) for seed in (1, 2)
]


def requests():
    return [
        EditRequest(
            DDIMSwapSettings(),
            picture,
            source_prompt="a cat",
            target_prompt=target,
            steps=3,
        )
        for picture in PICTURES
        for target in ("a dog", "a red apple")
    ]


def test_each_is_the_same_as_alone_and_a_pictures_second_is_cheaper(tiny_model):
    done = {i: e for i, e in run_batch(requests(), tiny_model) if isinstance(e, Finished)}
    assert list(done) == [0, 1, 2, 3]
    for index, request in enumerate(requests()):
        *_, alone = run_edit(request, tiny_model)
        assert isinstance(alone, Finished)
        assert np.array_equal(done[index].picture, alone.picture)
    assert [event.network_evaluations for event in done.values()] == [6, 4, 6, 4]


def test_one_that_fails_does_not_end_the_others(tiny_model, monkeypatch):
    predict = tiny_model.predict
    wanted = requests()

    def broken(x, t, c):
        return predict(x, t, c) * (np.nan if tiny_model.network_evaluations == 1 else 1)

    monkeypatch.setattr(tiny_model, "predict", broken)
    wanted[1] = wanted[1].with_(settings=FlowEditSettings())
    last = {}
    for index, event in run_batch(wanted, tiny_model):
        last[index] = event
    assert [type(event) for event in last.values()][:2] == [SamplingError, RequestError]
    assert isinstance(last[3], Finished)


def test_closing_cancels_all_that_is_left(tiny_model):
    stream = run_batch(requests(), tiny_model)
    for _, event in stream:
        if isinstance(event, Progress) and event.phase == "invert":
            break
    before = tiny_model.network_evaluations
    stream.close()
    assert tiny_model.network_evaluations == before


# The command line -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return write_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def photos(tmp_path):
    (tmp_path / "sub").mkdir()
    paths = [tmp_path / "a.png", tmp_path / "b.png", tmp_path / "sub" / "a.png"]
    for seed, path in enumerate(paths):
        pixels = np.random.default_rng(seed).integers(0, 256, (20, 24, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(path)
    return paths


def edit(photos, tiny, out, *more):
    model = ("--model", tiny, "--device", "cpu", "--steps", 2)
    prompts = ("--source", "a cat", "--target", "a dog", "--target", "빨간 사과!")
    return ("edit", *photos, "--job", "swap", *prompts, *model, "--out", out, *more)


NAMES = ["a-2-a-dog", "a-2-빨간-사과", "a-a-dog", "a-빨간-사과", "b-a-dog", "b-빨간-사과"]


def test_a_result_for_each_picture_and_target_and_none_twice(photos, tiny, tmp_path):
    out = tmp_path / "results"
    done = invoke(*edit(photos, tiny, out))
    assert done.exit_code == 0, done.output
    assert sorted(file.stem for file in out.iterdir()) == NAMES
    recipe = read_recipe(out / "a-2-빨간-사과.png")
    assert recipe["target_prompt"] == "빨간 사과!"
    assert recipe["picture"]["path"] == "../sub/a.png"
    kept = (out / "b-a-dog.png").read_bytes()
    (out / "a-a-dog.png").unlink()
    again = invoke(*edit(photos, tiny, out))
    lines = again.output.splitlines()
    assert sum(line.endswith("is there already; skipped") for line in lines) == 5
    assert lines[-1] == str(out / "a-a-dog.png")
    assert (out / "b-a-dog.png").read_bytes() == kept
    assert all(
        line.endswith("skipped") for line in invoke(*edit(photos, tiny, out)).output.splitlines()
    )


def test_pictures_that_cannot_be_read_are_told_and_the_rest_is_made(
    photos, tiny, tmp_path, monkeypatch, capsys
):
    photos[0].write_bytes(b"<html>")
    out = tmp_path / "results"
    code, output = run_main(monkeypatch, capsys, *edit(photos, tiny, out))
    assert code == 3
    assert output.err.count("a.png is a web page") == 2
    assert sorted(file.stem for file in out.iterdir()) == [
        name for name in NAMES if not name.startswith(("a-a", "a-빨"))
    ]
    assert load(out / "b-a-dog.png").size == (20, 24)


def test_several_results_need_a_folder(photos, tiny, tmp_path):
    for out in (tmp_path / "x.png", photos[0]):
        assert "give --out FOLDER" in str(fails(*edit(photos, tiny, out)))
    error = fails(*edit(photos, tiny, tmp_path / "results", "--code", "x.safetensors"))
    assert "--code" in str(error)
    assert isinstance(error, SfumatoError)


def test_names_that_are_equal_are_told_apart(tmp_path):
    paths = [tmp_path / "x.png", tmp_path / "y" / "x.jpg", tmp_path / "x-2.png"]
    specs = [
        EditSpec(picture=path, job=EditJob.SWAP, target=target)
        for path in paths
        for target in ("a cat", "A  cat!", "  ")
    ]
    found = batch_cli.results(specs, tmp_path)
    names = [one.files[0].stem for one in found]
    assert len(set(names)) == 9
    assert names[:4] == ["x-a-cat", "x-a-cat-2", "x-edit", "x-2-a-cat"]
