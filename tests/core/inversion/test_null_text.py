"""Null-text inversion against the paper's algorithm written out."""

import pytest
import torch

from core.inversion.code import follow
from core.inversion.ddim import encode
from core.inversion.null_text import optimise
from core.sampling.branches import Branch, Branches
from tests.core.edits import last, scheduler, task, tiny
from tests.core.inversion.test_codes import made

SCALE = 7.5


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    torch.set_num_threads(1)
    return tiny(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def coded(model):
    one = task(model, None, steps=4)
    code, _ = made(encode(one.under_source(), model.path, one.clean, one.timesteps))
    return one, code


def written_out(model, one, code, steps):
    """Mokady et al. 2023, Algorithm 1, with diffusers' DDIM step."""
    ddim = scheduler(model)
    ddim.set_timesteps(steps)
    x, null, nulls = code.start, one.empty.hidden, []
    for i, t in enumerate(ddim.timesteps):
        null = null.detach().clone().requires_grad_(True)
        adam = torch.optim.Adam([null], lr=1e-2 * (1.0 - i / 100.0))
        with torch.no_grad():
            wanted = model.unet(x, t, one.source.hidden).sample

        def step(null, x=x, t=t, wanted=wanted):
            without = model.unet(x, t, null).sample
            return ddim.step(without + SCALE * (wanted - without), int(t), x).prev_sample

        goal = code.points[code.timesteps[i + 1]]
        for _ in range(10):
            loss = torch.nn.functional.mse_loss(step(null), goal)
            adam.zero_grad()
            loss.backward()
            adam.step()
            if loss.item() < 1e-5 + i * 2e-5:
                break
        nulls.append(null.detach())
        with torch.no_grad():
            x = step(nulls[-1])
    return nulls, x


def test_it_is_the_papers_algorithm(model, coded):
    one, code = coded
    found, states = made(optimise(model, one.source, one.empty, code, SCALE))
    expected, end = written_out(model, one, code, 4)
    assert list(found) == code.timesteps[:-1]
    for mine, theirs in zip(found.values(), expected, strict=True):
        torch.testing.assert_close(mine.hidden, theirs, rtol=1e-3, atol=2e-4)
    torch.testing.assert_close(states[-1].x, end, rtol=1e-3, atol=1e-3)
    assert not any(state.x.requires_grad for state in states)


def test_the_guided_walk_follows_the_picture(model, coded):
    one, code = coded
    nulls, states = made(optimise(model, one.source, one.empty, code, SCALE, inner_steps=20))
    distances = []
    for unwanted in (nulls, one.empty):
        walk = Branches(model, [Branch(one.source, unwanted, SCALE)])
        rebuilt = last(follow(walk, model.path, code)).x
        distances.append((rebuilt - one.clean).square().mean().item())
    assert distances[0] < 0.8 * distances[1]
    # the walk with the embeddings is the one that the optimisation saw
    walk = Branches(model, [Branch(one.source, nulls, SCALE)])
    end = last(follow(walk, model.path, code)).x
    torch.testing.assert_close(end, states[-1].x, rtol=1e-3, atol=1e-3)


def test_without_guidance_there_is_nothing_to_optimise(model, coded):
    one, code = coded
    model.network_evaluations = 0
    nulls, states = made(optimise(model, one.source, one.empty, code, 1.0))
    assert all(torch.equal(null.hidden, one.empty.hidden) for null in nulls.values())
    assert len(states) == 4


def test_it_works_inside_a_walk_without_gradients(model, coded):
    one, code = coded
    with torch.no_grad():
        nulls, _ = made(optimise(model, one.source, one.empty, code, SCALE, inner_steps=1))
    assert all(not null.hidden.requires_grad for null in nulls.values())
    assert not torch.equal(next(iter(nulls.values())).hidden, one.empty.hidden)
