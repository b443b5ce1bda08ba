"""A kept inversion is the same, bit for bit, as one that is made; and it is made only once."""

from dataclasses import replace

import pytest
import torch

from core.inversion.cache import InversionCache
from core.inversion.kept import Inversions, KeptInversions
from core.inversion.kinds import (
    DDIMInversion,
    DPMEncoding,
    DPMSolverInversion,
    EditFriendlyInversion,
    NullTextInversion,
    SteeredFlowInversion,
)
from core.sampling.noise import forked
from core.sampling.path import last_part
from tests.core.edits import task, tiny
from tests.core.inversion.test_codes import made

KINDS = [
    DDIMInversion(),
    DDIMInversion(label="current", substeps=3),
    DDIMInversion(iterations=3),
    DPMSolverInversion(),
    DPMEncoding(eta=0.3),
    EditFriendlyInversion(3.5),
    NullTextInversion(4.0, inner_steps=2),
    SteeredFlowInversion(gamma=0.4),
]
STEPS = 6


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("models")
    models = {kind: tiny(folder, kind) for kind in ("epsilon", "flow")}
    for name, model in models.items():
        model.fingerprint = name
    return models


@pytest.fixture(params=KINDS, ids=lambda kind: f"{kind.name}{getattr(kind, 'iterations', '')}")
def kind(request):
    return request.param


@pytest.fixture
def model(kind, models):
    return models["flow" if kind.name == "steered-flow" else "epsilon"]


def inverted(model, kind, strength, inversions, seed=0):
    """The code of a climb, how many states were made for it, and the task."""
    one = task(model, None, steps=STEPS, seed=seed)
    one = replace(one, inversions=inversions)
    code, states = made(one.invert(kind, last_part(one.timesteps, strength)))
    return code, len(states), one


def door(cache, picture="picture", prompt="prompt"):
    return KeptInversions(cache, picture, prompt, STEPS)


def same(first, second):
    assert list(first.timesteps) == list(second.timesteps)
    for mine, theirs in (
        (first.points, second.points),
        (first.noises, second.noises),
        (first.nulls, second.nulls),
    ):
        assert mine.keys() == theirs.keys()
        assert all(torch.equal(mine[t], theirs[t]) for t in mine)
    return first.eta == second.eta


def test_what_is_found_is_what_was_made(kind, model):
    cache = InversionCache()
    first, count, one = inverted(model, kind, 0.67, door(cache))
    assert count == kind.steps(4)
    again = door(cache)
    second, nothing, _ = inverted(model, kind, 0.67, again)
    assert same(first, second)
    assert (nothing, again.steps_saved) == (0, kind.steps(4))
    assert torch.equal(second.points[model.path.clean], one.clean)


def test_another_climb_reuses_what_is_known_and_is_the_same(kind, model):
    """Shorter, then longer than what is kept, against each made alone."""
    cache = InversionCache()
    for strength, labels in ((0.67, 4), (0.34, 2), (1.0, 6)):
        through = door(cache)
        code, count, _ = inverted(model, kind, strength, through)
        alone, whole, _ = inverted(model, kind, strength, door(InversionCache()))
        assert same(code, alone)
        assert whole == kind.steps(labels)
        assert count == whole - through.steps_saved
        if kind.nested and strength == 0.34:
            assert count == 0
        if kind.nested and kind.extends and strength == 1.0:
            assert count == kind.steps(2)


def test_the_rounding_is_that_of_float16_and_no_more(kind, model):
    """The noises of a stochastic code lead along the rounded points exactly."""
    exact, _, _ = inverted(model, kind, 1.0, Inversions())
    kept, _, _ = inverted(model, kind, 1.0, door(InversionCache()))
    for t, x in kept.points.items():
        assert torch.equal(x, x.half().float()) or t == model.path.clean
        torch.testing.assert_close(x, exact.points[t], rtol=0.02, atol=0.02)
    assert kept.noises.keys() == exact.noises.keys()


@pytest.mark.parametrize(
    "change",
    [
        lambda one, through: (replace(one, source_prompt="x"), replace_door(through, prompt="x")),
        lambda one, through: (one, replace_door(through, picture="other")),
        lambda one, through: (one, KeptInversions(through.cache, "picture", "prompt", STEPS + 1)),
    ],
    ids=["prompt", "picture", "steps"],
)
def test_another_picture_prompt_or_schedule_is_inverted_anew(change, models):
    model, cache = models["epsilon"], InversionCache()
    kind = DDIMInversion()
    inverted(model, kind, 1.0, door(cache))
    one, through = change(task(model, None, steps=STEPS), door(cache))
    _, states = made(replace(one, inversions=through).invert(kind, one.timesteps))
    assert len(states) == STEPS


def replace_door(through, picture="picture", prompt="prompt"):
    return KeptInversions(through.cache, picture, prompt, STEPS)


def test_other_options_and_other_weights_are_inverted_anew(models, monkeypatch):
    model, cache = models["epsilon"], InversionCache()
    others = {"label": "current"}, {"substeps": 2}, {"iterations": 2}
    for kind in (DDIMInversion(), *(DDIMInversion(**option) for option in others)):
        assert inverted(model, kind, 1.0, door(cache))[1] == kind.steps(STEPS)
    monkeypatch.setattr(model, "fingerprint", "other weights")
    assert inverted(model, DDIMInversion(), 1.0, door(cache))[1] == STEPS
    monkeypatch.setattr(model, "fingerprint", "")
    for _ in range(2):
        assert inverted(model, DDIMInversion(), 1.0, door(cache))[1] == STEPS


@pytest.mark.parametrize("kind", [DPMEncoding(), EditFriendlyInversion()], ids=lambda k: k.name)
def test_the_seed_decides_what_is_drawn(kind, models):
    model, cache = models["epsilon"], InversionCache()
    first, _, _ = inverted(model, kind, 1.0, door(cache), seed=1)
    other, count, _ = inverted(model, kind, 1.0, door(cache), seed=2)
    assert count == STEPS
    assert not torch.equal(first.start, other.start)


def test_null_text_starts_from_the_plain_inversion(models):
    model, cache = models["epsilon"], InversionCache()
    inverted(model, DDIMInversion(), 0.5, door(cache))
    through = door(cache)
    _, count, _ = inverted(model, NullTextInversion(4.0, inner_steps=1), 0.5, through)
    assert (count, through.steps_saved) == (3, 3)


def test_without_an_empty_prompt_the_prompt_does_not_matter(models):
    model, cache = models["epsilon"], InversionCache()
    kind = EditFriendlyInversion(0.0)
    inverted(model, kind, 0.5, door(cache))
    assert inverted(model, kind, 0.5, door(cache, prompt="other"))[1] == 0


def test_later_draws_do_not_depend_on_what_was_drawn_before():
    generators = [torch.Generator().manual_seed(3) for _ in range(2)]
    twins = [forked(generator) for generator in generators]
    expected = torch.randn(8, generator=torch.Generator().manual_seed(3))
    assert torch.equal(torch.randn(8, generator=twins[0]), expected)
    first, second = (torch.randn(8, generator=generator) for generator in generators)
    assert torch.equal(first, second)
    assert not torch.equal(first, expected)
