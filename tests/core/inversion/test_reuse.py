"""The second prompt on a picture, through `run_edit`: cheaper, and the same picture."""

import numpy as np
import pytest
import torch

from core.events import Finished, Progress
from core.inversion.cache import InversionCache
from core.methods import settings_types
from core.request import EditRequest
from core.run import run_edit
from core.settings import (
    DDIMSwapSettings,
    DirectInversionSettings,
    Job,
    MasaCtrlSettings,
    MaskedFillSettings,
    NegativePromptSettings,
    PromptToPromptSettings,
)
from tests.core.edits import SOURCE, TARGET, tiny

METHODS = {name: kind for name, kind in settings_types().items() if kind.job is Job.SWAP}
FLOWS = ("rf-inversion", "flowedit")
STEPS = 3
PICTURE = np.random.default_rng(1).integers(0, 256, (128, 128, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("models")
    models = {kind: tiny(folder, kind) for kind in ("epsilon", "flow")}
    for name, model in models.items():
        model.fingerprint = name
    return models


def request_for(settings, **changes):
    given = {
        "picture": PICTURE,
        "source_prompt": SOURCE,
        "target_prompt": TARGET,
        "steps": STEPS,
        "guidance_scale": 3.0,
    }
    return EditRequest(settings=settings, **{**given, **changes})


def finished(request, model, cache=None):
    *events, last = run_edit(request, model, cache)
    assert isinstance(last, Finished)
    return last, [event for event in events if isinstance(event, Progress)]


@pytest.mark.parametrize("name", METHODS)
def test_the_second_prompt_costs_no_inversion_and_gives_the_same(name, models):
    model, cache = models["flow" if name in FLOWS else "epsilon"], InversionCache()
    quick = {"inner_steps": 1} if name == "null-text" else {}
    first = request_for(METHODS[name](**quick, inversion_strength=0.67))
    second = first.with_(target_prompt="a blue apple on a teal ground")
    before, _ = finished(first, model, cache)
    after, progress = finished(second, model, cache)
    alone, whole = finished(second, model)
    assert np.array_equal(after.picture, alone.picture)
    assert not np.array_equal(after.picture, before.picture)
    phases = [event.phase for event in progress]
    assert "invert" not in phases
    down = [event for event in whole if event.phase == "sample"]
    assert [event.step for event in progress[1:-1]] == list(range(1, len(down) + 1))
    assert {event.steps for event in progress[1:]} == {len(down)}
    if name != "flowedit":  # which has no inversion
        assert after.network_evaluations < alone.network_evaluations
        assert len(progress) < len(whole)


@pytest.mark.parametrize(
    "settings", [DDIMSwapSettings(), PromptToPromptSettings(inversion_iterations=4)]
)
def test_another_strength_reuses_the_inversion(settings, models):
    """A shorter climb costs none, a longer one only what is missing."""
    model, cache = models["epsilon"], InversionCache()
    missing = getattr(settings, "inversion_iterations", 1)
    first = settings.model_copy(update={"inversion_strength": 0.45})
    finished(request_for(first), model, cache)
    for strength, inverted in ((0.12, 0), (1.0, missing), (0.45, 0)):
        request = request_for(settings.model_copy(update={"inversion_strength": strength}))
        done, progress = finished(request, model, cache)
        assert np.array_equal(done.picture, finished(request, model)[0].picture)
        assert sum(event.phase == "invert" for event in progress) == inverted
        assert [event.step for event in progress[1:-1]] == list(range(1, progress[-1].step + 1))


def test_methods_share_an_inversion(models):
    model, cache = models["epsilon"], InversionCache()
    finished(request_for(PromptToPromptSettings(inversion_strength=1.0)), model, cache)
    for settings in (NegativePromptSettings(), MasaCtrlSettings(), DirectInversionSettings()):
        _, progress = finished(request_for(settings), model, cache)
        assert not any(event.phase == "invert" for event in progress)


def test_a_mask_that_moves_the_box_is_another_picture(models):
    model, cache = models["epsilon"], InversionCache()
    large = np.random.default_rng(2).integers(0, 256, (300, 300, 3), dtype=np.uint8)
    for corner, inverted in ((0, True), (0, False), (250, True)):
        mask = np.zeros((300, 300), np.float32)
        mask[corner : corner + 20, corner : corner + 20] = 1
        request = request_for(DDIMSwapSettings(), picture=large, mask=mask)
        done, progress = finished(request, model, cache)
        assert any(event.phase == "invert" for event in progress) == inverted
        assert done.changed_outside == 0


def test_the_first_stage_sees_a_picture_once(models, monkeypatch):
    model, cache, seen = models["epsilon"], InversionCache(), []
    encode, decode = model.encode, model.decode
    monkeypatch.setattr(model, "encode", lambda x: seen.append("encode") or encode(x))
    monkeypatch.setattr(model, "decode", lambda x: seen.append("decode") or decode(x))
    mask = np.ones((128, 128), np.float32)
    finished(request_for(DDIMSwapSettings()), model, cache)
    assert seen == ["encode", "decode", "decode"]
    # A fill begins with a guess in place of what it covers: another picture, but only once.
    fill = request_for(MaskedFillSettings(), mask=mask)
    finished(fill, model, cache)
    assert seen[3:] == ["encode", "decode", "decode"]
    finished(fill.with_(target_prompt="a red apple"), model, cache)
    assert seen[6:] == ["decode"]
