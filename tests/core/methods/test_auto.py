"""Auto: which choice it makes, that it says so, and that its results replay."""

from types import SimpleNamespace

import numpy as np
import pytest

from core.attention.prompt_change import PromptChange
from core.errors import DataError
from core.events import Finished, Notice
from core.methods import auto, method_for, settings_types
from core.methods.auto import ANY, FILE, Best, Measured, choose, read_figures, write_figures
from core.models.abilities import Abilities
from core.recipe import to_request
from core.request import EditRequest
from core.run import run_edit
from core.settings import AutoSettings, DDIMSwapSettings, FlowEditSettings, SDEditSettings
from core.verification import verify
from tests.core.edits import SOURCE, TARGET, last, task

PLAIN = {"plain_kept": 20.0, "plain_agreement": 0.25, "kept": 28.5, "agreement": 0.26}


def best(method: str, **settings) -> Best:
    return Best(method=method, settings=settings, edits=4, **PLAIN)


FIGURES = {
    "noise": Measured(
        model="starter",
        fingerprint="f",
        seed=0,
        steps=20,
        guidance_scale=5.0,
        best={
            PromptChange.REPLACED: best("direct-inversion", inversion_strength=0.4),
            PromptChange.ADJECTIVE: best("sdedit", strength=0.6),
            ANY: best("edit-friendly"),
        },
    )
}


def chosen(source=SOURCE, target=TARGET, family="noise", **settings):
    return choose(AutoSettings(**settings), source, target, family, FIGURES)


@pytest.fixture
def figures(monkeypatch):
    """The figures above, wherever Auto looks them up."""
    monkeypatch.setattr(auto, "read_figures", lambda _: FIGURES)


def test_the_kind_of_change_decides_and_the_reason_says_so():
    choice = chosen()
    assert choice.settings.name == "direct-inversion"
    assert choice.settings.inversion_strength == 0.4
    assert choice.reason == (
        "Auto chose Hold the source (direct-inversion, inversion strength 0.40): word replaced; in "
        "4 benchmark edits of this kind it kept 28.5 dB of what should stay, at an agreement of "
        "0.260 (a plain DDIM swap: 20.0 dB, 0.250)."
    )


def test_a_kind_without_figures_gets_what_is_best_for_any():
    for source, target in ((SOURCE, "a cat on a teal ground"), (SOURCE, SOURCE), ("", TARGET)):
        choice = chosen(source, target)
        assert choice.settings.name == "edit-friendly"
        assert ANY in choice.reason


def test_a_model_without_figures_gets_a_plain_method():
    assert chosen(family="flow").settings == FlowEditSettings()
    assert "has not been run on a flow model" in chosen(family="flow").reason
    assert choose(AutoSettings(), SOURCE, TARGET, "noise", {}).settings == DDIMSwapSettings()


def test_what_the_model_cannot_do_is_not_chosen():
    wordless = SimpleNamespace(
        name="wordless", abilities=Abilities("epsilon", words=False, decoder=False)
    )
    choice = choose(AutoSettings(), SOURCE, TARGET, "noise", FIGURES, model=wordless)
    assert choice.settings == DDIMSwapSettings()
    assert "direct-inversion" in choice.reason
    assert "not for this model" in choice.reason


@pytest.mark.parametrize(
    ("dial", "strength"), [(0.0, 0), (0.25, 0.2), (0.5, 0.4), (0.75, 0.7), (1, 1)]
)
def test_the_dial_is_linear_on_both_sides_of_the_best(dial, strength):
    settings = chosen(inversion_strength=dial).settings
    assert settings.inversion_strength == pytest.approx(strength, abs=1e-12)


def test_a_method_that_only_helps_out_is_dialled_by_its_own_strength():
    blue = SOURCE.replace("teal", "blue")
    middle, full = chosen(target=blue), chosen(target=blue, inversion_strength=1.0, blend=9)
    assert middle.settings == SDEditSettings(strength=0.6)
    assert full.settings == SDEditSettings(strength=1.0, blend=9)


def test_the_result_is_that_of_the_choice_and_replays(tiny_model, figures, monkeypatch):
    picture = np.random.default_rng(1).integers(0, 256, (128, 128, 3), dtype=np.uint8)
    request = EditRequest(
        AutoSettings(), picture=picture, source_prompt=SOURCE, target_prompt=TARGET, steps=3
    )
    notice, *_, finished = run_edit(request, tiny_model)
    assert isinstance(finished, Finished)
    assert notice == Notice(chosen().reason, choice=True)
    assert finished.request.settings == chosen().settings
    assert finished.recipe["method"] == "direct-inversion"
    assert finished.recipe["chosen_because"] == notice.message

    # Whatever the benchmark finds later, this result stays what it was.
    monkeypatch.setattr(auto, "read_figures", lambda _: {})
    again = to_request(finished.recipe, picture)
    first, *_, second = run_edit(again, tiny_model)
    assert not isinstance(first, Notice)
    assert np.array_equal(second.picture, finished.picture)
    assert (
        verify(finished.picture, second.picture, finished.recipe, second.recipe).outcome == "exact"
    )
    assert second.recipe == finished.recipe


def test_as_a_method_it_walks_like_its_choice(tiny_model, figures):
    walks = [
        last(method_for(settings)(task(tiny_model, settings, steps=3))).x
        for settings in (AutoSettings(), chosen().settings)
    ]
    assert walks[0].equal(walks[1])


def test_strength_0_is_the_picture_bit_for_bit(tiny_model, figures):
    picture = np.random.default_rng(1).integers(0, 256, (128, 128, 3), dtype=np.uint8)
    settings = AutoSettings(inversion_strength=0.0)
    assert settings.network_steps(30) == 0
    *_, finished = run_edit(EditRequest(settings, picture, target_prompt=TARGET), tiny_model)
    assert np.array_equal(finished.picture, picture)
    assert finished.network_evaluations == 0


def test_the_shipped_figures_name_methods_that_there_are():
    figures = read_figures(FILE)
    for measured in figures.values():
        for record in measured.best.values():
            settings = auto.settings_of(record)
            assert isinstance(settings, settings_types()[record.method])


def test_figures_are_written_beside_the_other_familys(tmp_path):
    file = tmp_path / "auto.json"
    assert read_figures(file) == {}
    write_figures(file, "noise", FIGURES["noise"])
    write_figures(file, "flow", FIGURES["noise"])
    assert read_figures(file) == {"noise": FIGURES["noise"], "flow": FIGURES["noise"]}


@pytest.mark.parametrize("content", ["", "{", '{"sound": {}}', '{"noise": {"best": {}}}'])
def test_damaged_figures_are_refused(content, tmp_path):
    file = tmp_path / "auto.json"
    file.write_text(content)
    with pytest.raises(DataError, match=r"auto\.json.*--write-auto"):
        read_figures(file)


@pytest.mark.parametrize("record", [best("magic"), best("ddim-swap", speed=3)])
def test_unknown_methods_and_settings_are_refused(record):
    with pytest.raises(DataError, match=r"not known here.*--write-auto"):
        auto.settings_of(record)
