"""DDIB: one ODE up and another one down, of two prompts or of two models."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from core.errors import RequestError
from core.events import Finished
from core.methods.ddib import ddib
from core.methods.task import Task
from core.models.abilities import Abilities
from core.models.latent_model import Conditioning
from core.models.library import ModelLibrary
from core.request import EditRequest
from core.run import run_edit
from core.sampling.path import RectifiedFlow, VariancePreserving, linear_alpha_bars
from core.settings import DDIBSettings
from core.training import pixel_diffusion as pixel_trainer
from core.training.loop import Schedule
from tests.core.edits import SOURCE, half_mask, last, task, tiny
from tests.exact import flow_map, gaussian, mixture
from tests.tiny_model import write_tiny_model

PATH = VariancePreserving(linear_alpha_bars(), spacing="trailing")
WIDE, NARROW = gaussian(), mixture().alone(1)


class Exact(SimpleNamespace):
    """A model that has learnt one Gaussian for every two channels of a pixel."""

    def __init__(self, distribution, path=PATH, stretch=1.0, **shape):
        super().__init__(
            name="wide" if distribution is WIDE else "narrow",
            path=path,
            prediction="v_prediction",
            abilities=Abilities("v_prediction", words=False, decoder=False),
            in_pixels=False,
            stretch=stretch,
            network_evaluations=0,
            **{"latent_channels": 2, "factor": 8, **shape},
        )
        self._predict = distribution.network(path, "v_prediction")

    def predict(self, x, t, conditioning):
        self.network_evaluations += len(x)
        points = x.movedim(1, -1)
        output = self._predict(points.reshape(-1, 2), t)
        return output.reshape(points.shape).movedim(-1, 1)

    def encode_prompts(self, prompts):
        return Conditioning(torch.zeros(len(prompts), 3, 4))

    def encode(self, pixels):
        return pixels * self.stretch

    def decode(self, latents):
        return latents / self.stretch


def points():
    return torch.randn(40, 2, generator=torch.Generator().manual_seed(1)).double() * 0.3


def between(mine, other, *, steps=400, mask=None, **settings):
    """A task on 40 pixels, from `mine` to `other`."""
    mine.load_other = lambda name: {"other": other, "mine": mine}[name]
    hidden = Conditioning(torch.zeros(1, 3, 4))
    return Task(
        model=mine,
        settings=DDIBSettings(
            **{"inversion_strength": 1.0, "target_model": "other", "solver": "ddim", **settings}
        ),
        clean=points().T.reshape(1, 2, 5, 8),
        mask=mask,
        source=hidden,
        target=hidden,
        empty=hidden,
        steps=steps,
        guidance_scale=1.0,
        generator=torch.Generator().manual_seed(0),
    )


def bridged(x, path=PATH, top=999.0):
    """Exactly: x as noise by the flow of one Gaussian, and from noise by that of the other."""
    noise = flow_map(WIDE, x, path, path.clean, top)
    return flow_map(NARROW, noise, path, top, path.clean)


def flat(x):
    return x[0].flatten(1).T


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


def test_a_second_model_of_the_library_through_the_whole_edit(tmp_path):
    """By its folder, too; the recipe names it and its weights."""
    for number, name in enumerate(("first", "second")):
        write_tiny_model(tmp_path / name, prediction="v_prediction", seed=number)
    library = ModelLibrary([tmp_path])
    picture = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    results = []
    for asked in ("", "second", str(tmp_path / "second")):
        settings = DDIBSettings(target_model=asked)
        request = EditRequest(
            settings, picture, None, "a cat", "a dog", steps=2, guidance_scale=2.0, model="first"
        )
        *_, finished = run_edit(request, library.load("first", "cpu"))
        assert isinstance(finished, Finished)
        assert finished.network_evaluations == 2 + 4
        results.append(finished)
    alone, other, by_folder = results
    assert not np.array_equal(alone.picture, other.picture)
    assert np.array_equal(other.picture, by_folder.picture)
    expected = {"name": "second", "fingerprint": library.fingerprint("second")}
    assert other.recipe["other_model"] == by_folder.recipe["other_model"] == expected
    assert alone.recipe["other_model"] is None


def test_between_two_pixel_models_of_two_domains(tmp_path):
    """A picture goes up by the one's ODE and down by the other's; both see the same pixels."""
    preset = pixel_trainer.Preset((16, 16), 1, 16, 8, 8, Schedule(1e-3))
    for seed, name in enumerate(("animals", "food")):
        torch.manual_seed(seed)
        pixel_trainer.export(pixel_trainer.build(preset), tmp_path / name)
    library = ModelLibrary([tmp_path])
    picture = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    results = []
    for target in ("food", "animals"):
        settings = DDIBSettings(target_model=target, inversion_strength=1.0)
        request = EditRequest(settings, picture, steps=3, guidance_scale=1.0, model="animals")
        *_, finished = run_edit(request, library.load("animals", "cpu"))
        assert isinstance(finished, Finished)
        assert finished.picture.shape == picture.shape
        assert finished.recipe["other_model"]["name"] == target
        assert finished.network_evaluations == 3 + 3
        results.append(finished.picture.astype(int))
    there, home = results
    assert np.abs(there - home).max() > 0
