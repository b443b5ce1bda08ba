"""What holds for every swap method, through `run_edit` and below it."""

import numpy as np
import pytest
import torch

from core.attention.control import attention_sites
from core.events import Finished, Progress
from core.methods import method_for, settings_types, why_not
from core.request import EditRequest
from core.run import run_edit
from core.settings import AutoSettings, Job
from tests.core.edits import SOURCE, TARGET, half_mask, last, task, tiny

METHODS = {
    name: kind
    for name, kind in settings_types().items()
    if kind.job is Job.SWAP and kind is not AutoSettings  # which is one of the others
}
STEPS = 3
FLOWS = ("rf-inversion", "flowedit")
HOOKED = {
    "prompt-to-prompt": {"blend_words": ("dog",)},
    "plug-and-play": {},
    "cycle-diffusion": {"attention": True},
    "masactrl": {"object_words": ("cat", "dog")},
    "null-text": {},
    "negative-prompt": {},
    "direct-inversion": {"control": "plug-and-play"},
    "ledits-pp": {},
}


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("models")
    return {kind: tiny(folder, kind) for kind in ("epsilon", "flow")}


@pytest.fixture(scope="module", params=[torch.float16, torch.bfloat16], ids=str)
def half_models(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("half")
    return {kind: tiny(folder, kind, request.param) for kind in ("epsilon", "flow")}


@pytest.fixture(params=METHODS)
def name(request):
    return request.param


@pytest.fixture
def model(name, models):
    return models["flow" if name in FLOWS else "epsilon"]


def settings_for(name, **values):
    quick = {"inner_steps": 1} if name == "null-text" else {}
    return METHODS[name](**quick, **values)


def request_for(name, strength, mask=None):
    picture = np.random.default_rng(1).integers(0, 256, (128, 128, 3), dtype=np.uint8)
    return EditRequest(
        settings=settings_for(name, inversion_strength=strength),
        picture=picture,
        mask=mask,
        source_prompt=SOURCE,
        target_prompt=TARGET,
        steps=STEPS,
        guidance_scale=3.0,
    )


def untouched(network):
    owners = {type(processor).__module__ for processor in network.attn_processors.values()}
    return owners == {"diffusers.models.attention_processor"} and not any(
        module._forward_hooks for module in network.modules()
    )


def test_strength_0_is_the_picture_bit_for_bit(name, model):
    request = request_for(name, 0.0)
    assert request.settings.network_steps(STEPS) == 0
    *_, finished = run_edit(request, model)
    assert isinstance(finished, Finished)
    assert np.array_equal(finished.picture, request.picture)
    assert finished.network_evaluations == 0
    assert list(method_for(request.settings)(task(model, request.settings))) == []


def test_the_forecast_is_what_is_done_and_a_mask_holds_the_rest(name, model):
    mask = np.zeros((128, 128), np.float32)
    mask[:, :64] = 1
    request = request_for(name, 0.67, mask)
    events = list(run_edit(request, model))
    steps = [event for event in events if isinstance(event, Progress)]
    total = request.settings.network_steps(STEPS)
    assert [event.step for event in steps[1:-1]] == list(range(1, total + 1))
    finished = events[-1]
    assert isinstance(finished, Finished)
    assert finished.changed_outside == 0
    assert np.array_equal(finished.picture[:, 70:], request.picture[:, 70:])
    assert not np.array_equal(finished.picture[:, :60], request.picture[:, :60])


def test_a_mask_holds_the_latents_and_the_hooks_are_gone(name, model):
    settings = settings_for(name, inversion_strength=0.67)
    one = task(model, settings, steps=STEPS, mask=half_mask())
    final = last(method_for(settings)(one)).x
    assert torch.equal(final[..., 8:], one.clean[..., 8:])
    assert not torch.equal(final[..., :8], one.clean[..., :8])
    assert untouched(model.network)


def test_the_seed_decides(name, model):
    settings = settings_for(name, inversion_strength=0.67)
    draws = [
        last(method_for(settings)(task(model, settings, steps=STEPS, seed=seed))).x
        for seed in (1, 1, 2)
    ]
    assert torch.equal(draws[0], draws[1])
    random = name in ("cycle-diffusion", "edit-friendly", "ledits-pp", *FLOWS)
    assert torch.equal(draws[0], draws[2]) != random


def test_half_precision_is_the_same_edit(name, model, half_models):
    """Arithmetic around the network stays float32; only its own answers are rounded."""
    settings = settings_for(name, inversion_strength=0.67)
    half = half_models[model.prediction]
    edits = [
        last(method_for(settings)(task(one, settings, steps=STEPS))).x for one in (model, half)
    ]
    assert edits[1].dtype is torch.float32
    assert torch.isfinite(edits[1]).all()
    if name != "ledits-pp":  # whose masks are steps: a rounding may move a pixel across
        bound = 0.1 if half.dtype is torch.float16 else 0.5
        torch.testing.assert_close(edits[1], edits[0], rtol=bound, atol=bound)


@pytest.mark.parametrize("name", HOOKED)
def test_hooks_are_gone_after_close_and_error(name, model, monkeypatch):
    settings = settings_for(name, inversion_strength=1.0, **HOOKED[name])
    walk = method_for(settings)(task(model, settings, steps=STEPS))
    for state in walk:
        if state.phase == "sample":
            assert not untouched(model.network)
            break
    walk.close()
    assert untouched(model.network)

    def broken(*given):
        if untouched(model.network):
            return predict(*given)
        raise RuntimeError("broken")

    predict = model.predict
    monkeypatch.setattr(model, "predict", broken)
    with pytest.raises(RuntimeError, match="broken"):
        list(method_for(settings)(task(model, settings, steps=STEPS)))
    assert untouched(model.network)


def test_the_tiny_model_has_what_the_methods_control(models):
    places = {site.place for site in attention_sites(models["epsilon"].network)}
    assert places == {"down", "mid", "up"}


@pytest.mark.parametrize("name", HOOKED)
def test_hooks_are_gone_after_a_whole_edit_and_a_cancelled_one(name, model):
    request = request_for(name, 1.0)
    request = request.with_(settings=request.settings.model_copy(update=HOOKED[name]))
    events = run_edit(request, model)
    for event in events:
        if isinstance(event, Progress) and event.phase == "sample":
            assert not untouched(model.network)
            break
    events.close()
    assert untouched(model.network)
    *_, finished = run_edit(request, model)
    assert isinstance(finished, Finished)
    assert untouched(model.network)


def test_flows_can_do_what_nothing_speaks_against(name, models):
    """Every method that `why_not` lets through works on a flow model of the same shape."""
    assert why_not(METHODS[name], models["flow"]) is None
    settings = settings_for(name, inversion_strength=0.67)
    final = last(method_for(settings)(task(models["flow"], settings, steps=STEPS))).x
    assert torch.isfinite(final).all()
