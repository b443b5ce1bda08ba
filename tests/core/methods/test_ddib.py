"""DDIB: one ODE up and another one down, of two prompts or of two models."""

import pytest
import torch

from core.errors import RequestError
from core.methods.ddib import ddib
from core.sampling.path import RectifiedFlow
from core.settings import DDIBSettings
from tests.core.edits import SOURCE, half_mask, last, task, tiny
from tests.core.methods import two_models
from tests.core.methods.two_models import NARROW, PATH, WIDE, Exact, flat, points
from tests.exact import flow_map


def between(mine, other, *, steps=400, mask=None, **settings):
    """A task on 40 pixels, from `mine` to `other`."""
    told = {"inversion_strength": 1.0, "target_model": "other", "solver": "ddim", **settings}
    return two_models.between(mine, other, DDIBSettings(**told), steps=steps, mask=mask)


def bridged(x, path=PATH, top=999.0):
    """Exactly: x as noise by the flow of one Gaussian, and from noise by that of the other."""
    noise = flow_map(WIDE, x, path, path.clean, top)
    return flow_map(NARROW, noise, path, top, path.clean)


@pytest.mark.parametrize("solver", ["ddim", "dpm-solver++"])
@pytest.mark.parametrize("strength", [1.0, 0.49])
def test_two_models_are_the_bridge_of_their_exact_flows(solver, strength):
    one = between(Exact(WIDE), Exact(NARROW), solver=solver, inversion_strength=strength)
    top = one.timesteps[0] if strength == 1.0 else one.timesteps[400 - 280]
    expected = bridged(points(), top=top)
    found = flat(last(ddib(one)).x)
    assert (found - expected).abs().max() < 0.03
    assert (expected - points()).abs().max() > 0.3


def test_evaluations_of_both_models_are_counted():
    one = between(Exact(WIDE), Exact(NARROW), steps=10)
    assert len(list(ddib(one))) == 20
    assert one.model.network_evaluations == 20


def test_naming_the_same_model_is_naming_none():
    mine = Exact(WIDE)
    plain = last(ddib(between(mine, mine, steps=10, target_model=""))).x
    assert torch.equal(last(ddib(between(mine, mine, steps=10, target_model="mine"))).x, plain)


def test_outside_a_mask_the_way_down_is_the_way_up():
    mask = torch.zeros(1, 1, 5, 8).double()
    mask[..., :4] = 1
    one = between(Exact(WIDE), Exact(NARROW), steps=10, mask=mask)
    states = list(ddib(one))
    way = {state.s: state.x for state in states[:10]} | {PATH.clean: one.clean}
    for state in states[10:]:
        assert torch.equal(state.x[..., 4:], way[state.s][..., 4:])
    assert not torch.equal(states[-1].x[..., :4], one.clean[..., :4])


def test_unlike_first_stages_meet_in_noise_and_come_home_through_pixels():
    """The second model's latents are twice the first one's; the way is the same, its end halved."""
    mask = torch.zeros(1, 1, 5, 8).double()
    mask[..., :4] = 1
    one = between(Exact(WIDE), Exact(NARROW, stretch=2.0))
    *_, before, final = ddib(one)
    expected = (bridged(points(), top=one.timesteps[0]) / 2).clamp(-1, 1)
    assert (flat(final.x) - expected).abs().max() < 0.03
    assert (before.x0 - final.x).abs().max() < 0.05
    held = last(ddib(between(Exact(WIDE), Exact(NARROW, stretch=2.0), mask=mask)))
    assert torch.equal(held.x[..., 4:], one.clean[..., 4:])
    torch.testing.assert_close(held.x[..., :4], final.x[..., :4])


def test_unlike_schedules_meet_in_noise():
    other = Exact(NARROW, path=RectifiedFlow())
    one = between(Exact(WIDE), other)
    noise = flow_map(WIDE, points(), PATH, PATH.clean, one.timesteps[0])
    expected = flow_map(NARROW, noise, other.path, 1000.0, 0.0)
    assert (flat(last(ddib(one)).x) - expected).abs().max() < 0.05


@pytest.mark.parametrize("other", [Exact(NARROW, stretch=2.0), Exact(NARROW, path=RectifiedFlow())])
def test_below_full_strength_unlike_models_share_nothing(other):
    with pytest.raises(RequestError, match=r"wide and narrow .* set the inversion strength to 1"):
        list(ddib(between(Exact(WIDE), other, inversion_strength=0.5)))


def test_latents_of_another_shape_do_not_fit():
    for shape in ({"latent_channels": 4}, {"factor": 4}):
        with pytest.raises(RequestError, match=r"latents of narrow have .* choose a model"):
            list(ddib(between(Exact(WIDE), Exact(NARROW, **shape))))


@pytest.fixture(scope="module")
def flow(tmp_path_factory):
    torch.set_num_threads(1)
    return tiny(tmp_path_factory.mktemp("model"), "flow")


@pytest.mark.parametrize("solver", ["ddim", "dpm-solver++"])
def test_from_a_prompt_to_itself_it_is_a_round_trip(solver, flow):
    errors = []
    for steps in (3, 9):
        one = task(
            flow, DDIBSettings(solver=solver), target=SOURCE, guidance_scale=1.0, steps=steps
        )
        errors.append((last(ddib(one)).x - one.clean).abs().mean().item())
    assert errors[1] < 0.7 * errors[0]


def test_two_networks(flow, tmp_path, monkeypatch):
    """The second one reads the target prompt by its own encoder, and is asked to lead back."""
    other = tiny(tmp_path, "flow")
    monkeypatch.setattr(flow, "load_other", {"other": other}.__getitem__, raising=False)
    settings = DDIBSettings(target_model="other")
    same = DDIBSettings()
    found = last(ddib(task(flow, settings, mask=half_mask()))).x
    torch.testing.assert_close(found, last(ddib(task(flow, same, mask=half_mask()))).x)
    with torch.no_grad():
        other.text_encoder.final_layer_norm.bias += 1.0
    changed = last(ddib(task(flow, settings, mask=half_mask()))).x
    assert not torch.allclose(found, changed)
