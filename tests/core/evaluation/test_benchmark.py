"""The benchmark on a tiny model: it resumes, shares Auto's results, reports, and teaches Auto."""

import csv
import json

import numpy as np
import pytest
from typer.testing import CliRunner

from core import cli
from core.errors import DataError, RequestError, SaveError
from core.evaluation import benchmark
from core.evaluation.auto_figures import best_by_change
from core.evaluation.benchmark import Benchmark, Plan, until, variants
from core.evaluation.clip_score import ClipScore
from core.evaluation.edit_report import EditReport
from core.evaluation.known_edits import KINDS
from core.methods import auto, settings_types
from core.methods.auto import read_figures
from core.settings import (
    AutoSettings,
    DDIMSwapSettings,
    DirectInversionSettings,
    Job,
    SDEditSettings,
)
from tests.drawn_objects import drawn_objects
from tests.tiny_clip import write_tiny_clip

METHODS = "sdedit,auto,ddim-swap,flowedit"


@pytest.fixture(scope="module")
def clip(tiny_folder):
    return ClipScore(write_tiny_clip(tiny_folder))


@pytest.fixture(scope="module")
def objects():
    return drawn_objects()


@pytest.fixture
def figures_file(tmp_path, monkeypatch):
    """Auto's figures in a file of the test's own, empty at first."""
    file = tmp_path / "auto.json"
    monkeypatch.setattr(auto, "FILE", file)
    return file


@pytest.fixture
def opened(tmp_path, tiny_model, clip, objects, figures_file):
    def open_bench(**changes):
        plan = {"seed": 0, "steps": 2, "guidance_scale": 2.0, "side": 128, **changes}
        return Benchmark(tmp_path / "report", Plan("tiny", "f", **plan), tiny_model, clip, objects)

    return open_bench


def test_every_registered_swap_method_enters_by_itself():
    names = [one.label for one in variants("all")]
    kinds = settings_types().values()
    assert names == [kind.name for kind in kinds if Job.SWAP in (kind.job, *kind.also)]


def test_variants_are_methods_at_strengths_and_with_settings():
    found = variants("auto,ddim-swap,sdedit", [0.5, 0.25], ["direct-inversion control=masactrl"])
    assert [one.label for one in found] == [
        "auto",
        "ddim-swap",  # .5 is its default
        "ddim-swap @0.25",
        "sdedit",
        "sdedit @0.5",  # .25 is
        "direct-inversion control=masactrl",
    ]
    assert [one.settings for one in found[1:4]] == [
        DDIMSwapSettings(),
        DDIMSwapSettings(inversion_strength=0.25),
        SDEditSettings(),
    ]
    assert found[-1].settings == DirectInversionSettings(control="masactrl")


@pytest.mark.parametrize("arguments", [("magic",), ("ddim-swap", (), ["ddim-swap pace=3"])])
def test_unknown_methods_and_settings_are_refused(arguments):
    with pytest.raises(RequestError, match=r"magic|pace"):
        variants(*arguments)


def test_a_killed_run_goes_on_where_it_stopped(opened, monkeypatch):
    first = list(opened().run([0, 1], variants("ddim-swap,sdedit")))
    file = opened().folder / "results.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:3]) + lines[3][:20])

    made = []
    finish = benchmark.finish
    monkeypatch.setattr(benchmark, "finish", lambda *a: made.append(a) or finish(*a))
    again = list(opened().run([0, 1], variants("ddim-swap,sdedit")))
    assert len(made) == 1
    assert [(one.edit, one.key, one.figures) for one in again] == [
        (one.edit, one.key, one.figures) for one in first
    ]
    assert len(file.read_bytes().splitlines()) == 4
    assert opened().picture(again[0]).shape == (128, 128, 3)


def test_another_plan_needs_another_folder(opened):
    opened()
    with pytest.raises(RequestError, match="another --out"):
        opened(seed=1)


def test_a_damaged_folder_is_named(opened, tmp_path):
    (opened().folder / "results.jsonl").write_text('{"edit": 1}\n')
    with pytest.raises(DataError, match="damaged; delete"):
        opened()
    (tmp_path / "report").rename(tmp_path / "old")
    (tmp_path / "report").write_text("a file")
    with pytest.raises(SaveError, match="change --out"):
        opened()


def test_autos_rows_are_those_of_what_it_chose(opened, monkeypatch):
    bench = opened()
    plain, chosen = bench.run([0], variants("ddim-swap,auto"))
    assert chosen is plain
    assert chosen.key.startswith("ddim-swap-")


def test_figures_and_the_choice_are_written(opened, figures_file):
    bench = opened()
    chosen = variants(METHODS, [1.0])
    done = list(range(len(KINDS)))
    list(bench.run(done, [one for one in chosen if not isinstance(one.settings, AutoSettings)]))
    best = best_by_change(bench, chosen, done)
    auto.write_figures(figures_file, "noise", best)
    list(bench.run(done, chosen))
    report = EditReport(bench, chosen, done)
    report.write(best)

    assert set(report.refused) == {"flowedit", "flowedit @1"}
    labels = [row.label for row in report.rows]
    assert labels == ["sdedit", "sdedit @1", "auto", "ddim-swap", "ddim-swap @1"]
    assert set(best.best) >= {"word replaced", "adjective changed", "any change"}
    # Chosen from these very edits, so on their front, and as agreeing as a plain swap.
    rows = dict(zip(labels, report.rows, strict=True))
    assert rows["auto"] in report.front(report.rows)
    assert rows["auto"].all["agreement"] >= rows["ddim-swap"].all["agreement"] - 1e-9

    files = {file.name for file in bench.folder.iterdir()}
    assert {
        "report.md",
        "report.html",
        "results.csv",
        "pareto.png",
        "overview.png",
        "swap.png",
    } <= files
    page = (bench.folder / "report.md").read_text("utf-8")
    assert "| known answer |" in page
    assert "flowedit was left out: " in page
    with (bench.folder / "results.csv").open(newline="", encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == len(done) * len(labels)
    assert all(float(line["agreement"]) <= 1 for line in lines if not line["error"])


def test_methods_with_settings_by_word_can_be_chosen(opened):
    bench, chosen = opened(), variants("ddim-swap,prompt-to-prompt")
    list(bench.run([0], chosen))
    assert best_by_change(bench, chosen, [0]).best


def test_without_a_plain_swap_there_is_nothing_to_compare_with(opened):
    bench, chosen = opened(), variants("sdedit")
    list(bench.run([0], chosen))
    with pytest.raises(RequestError, match="ddim-swap"):
        best_by_change(bench, chosen, [0])


def test_time_ends_a_run_between_two_edits_but_never_before_the_first():
    now = iter([0.0, 30.0, 61.0, 99.0])
    assert list(until(range(9), 1.0, lambda: next(now))) == [0, 1]
    assert list(until(range(2), 0.0, iter([0.0, 1.0]).__next__)) == [0]
    assert list(until(range(2), None)) == [0, 1]


def test_the_command(tmp_path, tiny_folder, clip, objects, figures_file, monkeypatch):
    monkeypatch.setattr("core.training.datasets.objects.open_library", lambda _: objects)
    out = tmp_path / "out"
    arguments = ["bench", "edits", "--model", tiny_folder, "--methods", METHODS, "--skip", "sdedit"]
    arguments += ["--out", out, "--count", 2, "--steps", 2, "--write-auto", "--device", "cpu"]
    for _ in range(2):  # the second time nothing is left to do
        result = CliRunner().invoke(cli.app, [str(one) for one in arguments])
        assert result.exit_code == 0, result.output
    said = result.stdout
    assert "Keep more than ddim-swap" in said
    assert "flowedit was left out" in said
    assert "sdedit" not in said
    assert str(out / "report.html") in said
    assert read_figures(figures_file)["noise"].best["any change"].method == "ddim-swap"
    lines = [json.loads(line) for line in (out / "results.jsonl").read_text().splitlines()]
    assert [line["edit"] for line in lines] == [0, 0, 1, 1]
    assert np.isfinite(lines[0]["figures"]["agreement"])


def test_the_command_names_what_is_wrong(tmp_path, monkeypatch, objects):
    for option, value in (("--strengths", "much"), ("--methods", "magic"), ("--skip", "ddim-swap")):
        arguments = ["bench", "edits", "--methods", "ddim-swap", option, value]
        result = CliRunner().invoke(cli.app, arguments)
        assert isinstance(result.exception, RequestError), result.output
