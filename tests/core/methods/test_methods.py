"""Each method's walk in latent terms: where it starts, what it holds, what it costs."""

from collections.abc import Callable
from typing import Any

import pytest
import torch

from core.methods import method_for, settings_types
from core.methods.task import Task
from core.models.abilities import Abilities
from core.models.latent_model import Conditioning
from core.sampling.path import Path, RectifiedFlow, VariancePreserving, linear_alpha_bars, noised
from core.sampling.solvers import State, fresh_noise
from core.settings import (
    DDIMSwapSettings,
    EnlargeSettings,
    GenerationSettings,
    MaskedFillSettings,
    SDEditSettings,
    Settings,
)
from tests.exact import gaussian

BARS = linear_alpha_bars()
# Stable Diffusion's own schedules end at the least noisy label, not at 1.
PATHS: dict[str, Path] = {
    "vp": VariancePreserving(BARS),
    "vp-end": VariancePreserving(BARS, final_alpha_bar=float(BARS[0])),
    "rf": RectifiedFlow(),
}
SHAPE = (1, 2, 6, 8)


class Model:
    """The exact denoiser of one Gaussian for every two channels of a pixel; it counts."""

    abilities = Abilities("v_prediction", words=False, decoder=False)
    in_pixels = False

    def __init__(self, path: Path) -> None:
        self.path, self.prediction, self.network_evaluations = path, "v_prediction", 0
        self._predict = gaussian().network(path, "v_prediction")
        self.told: list[float] = []

    def predict(self, x: torch.Tensor, t: float, conditioning: Conditioning) -> torch.Tensor:
        self.network_evaluations += len(x)
        self.told.append(t)
        points = x.movedim(1, -1)
        output = self._predict(points.reshape(-1, 2).double(), t)
        return output.reshape(points.shape).movedim(-1, 1).to(x)


def task(settings: Settings, path: Path, mask: torch.Tensor | None = None, seed: int = 3) -> Task:
    model: Any = Model(path)
    hidden = torch.zeros(1, 3, 4)
    clean = torch.randn(SHAPE, generator=torch.Generator().manual_seed(1)) * 0.4
    return Task(
        model=model,
        settings=settings,
        clean=clean,
        mask=mask,
        source=Conditioning(hidden),
        target=Conditioning(hidden),
        empty=Conditioning(hidden),
        steps=10,
        guidance_scale=1.0,
        generator=torch.Generator().manual_seed(seed),
    )


def walk(one: Task) -> list[State]:
    return list(method_for(one.settings)(one))


def half() -> torch.Tensor:
    """1 on the right half."""
    mask = torch.zeros(1, 1, *SHAPE[2:])
    mask[..., SHAPE[3] // 2 :] = 1.0
    return mask


def draws(like: torch.Tensor, seed: int = 3) -> Callable[[], torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return lambda: fresh_noise(like, generator)


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
@pytest.mark.parametrize(
    "settings",
    [
        GenerationSettings(),
        SDEditSettings(strength=0.64, repeats=3),
        SDEditSettings(strength=0.04),
        DDIMSwapSettings(inversion_strength=0.5),
        DDIMSwapSettings(inversion_strength=1.0),
        MaskedFillSettings(),
        MaskedFillSettings(strength=0.45),
        MaskedFillSettings(strength=0.0),
    ],
    ids=repr,
)
def test_a_method_yields_the_steps_that_its_settings_forecast(
    settings: Settings, path: Path
) -> None:
    one = task(settings, path, half() if isinstance(settings, MaskedFillSettings) else None)
    states = walk(one)
    assert len(states) == settings.network_steps(one.steps)
    assert one.model.network_evaluations == len(states)
    if states:
        assert states[-1].s == path.clean


def test_every_method_is_found_by_its_settings() -> None:
    for name, kind in settings_types().items():
        assert kind.name == name
        if kind is EnlargeSettings:  # no walk of a diffusion model
            continue
        # Some settings have no default: what was done to a picture must be said.
        assert callable(method_for(kind.model_construct()))


class TestMaskedFill:
    @pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
    @pytest.mark.parametrize("eta", [0.0, 1.0])
    @pytest.mark.parametrize("strength", [1.0, 0.6])
    def test_the_known_region_is_the_picture_at_the_next_noise_level(
        self, path: Path, eta: float, strength: float
    ) -> None:
        """With the method's own draws: after the step from t to s it is noised to s, not to t."""
        one = task(MaskedFillSettings(eta=eta, strength=strength), path, half())
        outside = (1 - half()).bool().expand(SHAPE)
        draw = draws(one.clean)
        draw()  # the start
        if strength == 1.0:
            draw()  # its known region
        for state in walk(one):
            if eta > 0.0 and path.sigma(state.s) > 0.0 and _moves(path, state):
                draw()  # the step's own
            expected = noised(path, one.clean, draw(), state.s)
            assert torch.equal(state.x[outside], expected[outside])

    @pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
    def test_the_known_region_ends_as_the_picture_itself(self, path: Path) -> None:
        one = task(MaskedFillSettings(), path, half())
        last = walk(one)[-1].x
        outside = (1 - half()).bool().expand(SHAPE)
        assert torch.equal(last[outside], one.clean[outside])
        assert not torch.allclose(last[~outside], one.clean[~outside], atol=0.05)

    def test_at_strength_1_the_old_content_is_forgotten(self) -> None:
        results = []
        for shift in (0.0, 5.0):
            one = task(MaskedFillSettings(eta=0.0), PATHS["vp"], torch.ones(1, 1, *SHAPE[2:]))
            one.clean.add_(shift)
            results.append(walk(one)[-1].x)
        assert torch.equal(*results)

    def test_below_it_the_old_content_is_where_the_walk_starts(self) -> None:
        one = task(MaskedFillSettings(eta=0.0, strength=0.5), PATHS["vp"], half())
        start = noised(PATHS["vp"], one.clean, draws(one.clean)(), one.timesteps[5])
        first = walk(one)[0]
        again = task(SDEditSettings(strength=0.5), PATHS["vp"])
        assert first.t == one.timesteps[5]
        assert torch.allclose(first.x0, _x0(again, start, first.t), atol=1e-6)


class TestSDEdit:
    @pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
    def test_the_known_region_keeps_one_noise_for_a_whole_round(self, path: Path) -> None:
        one = task(SDEditSettings(strength=0.6, repeats=2), path, half())
        outside = (1 - half()).bool().expand(SHAPE)
        draw = draws(one.clean)
        states = walk(one)
        for part in (states[:6], states[6:]):
            eps = draw()
            for state in part:
                expected = noised(path, one.clean, eps, state.s)
                assert torch.equal(state.x[outside], expected[outside])

    def test_later_rounds_start_from_the_last_result(self) -> None:
        path = PATHS["vp"]
        one = task(SDEditSettings(strength=0.5, repeats=2), path)
        states, draw = walk(one), draws(one.clean)
        t = one.timesteps[5]
        for x, state in ((one.clean, states[0]), (states[4].x, states[5])):
            start = noised(path, x, draw(), t)
            assert torch.allclose(state.x0, _x0(one, start, t), atol=1e-6)

    def test_full_strength_of_a_right_network_samples_its_distribution(self) -> None:
        one = task(SDEditSettings(strength=1.0), PATHS["vp"])
        wide = torch.full((1, 2, 60, 60), 3.0)
        big = Task(**{**one.__dict__, "clean": wide, "steps": 50})
        found = walk(big)[-1].x[0].flatten(1)
        assert torch.allclose(found.mean(1).double(), gaussian().mean, atol=0.04)
        assert torch.allclose(torch.cov(found).double(), gaussian().covariance, atol=0.04)


class TestDDIMSwap:
    @pytest.mark.parametrize("path", [PATHS["vp"], PATHS["rf"]], ids=["vp", "rf"])
    @pytest.mark.parametrize("label", ["next", "current"])
    def test_equal_prompts_lead_back(self, path: Path, label: Any) -> None:
        """Up and down the same walk: what is left is the order of the steps, and shrinks."""
        errors = []
        for steps in (20, 100):
            one = task(DDIMSwapSettings(inversion_strength=0.5, inversion_label=label), path)
            one = Task(**{**one.__dict__, "steps": steps})
            errors.append((walk(one)[-1].x - one.clean).square().mean().sqrt().item())
        assert errors[1] < errors[0] / 3
        assert errors[1] < 0.05

    def test_it_climbs_as_far_as_the_strength_and_no_further(self) -> None:
        one = task(DDIMSwapSettings(inversion_strength=0.09), PATHS["vp"])
        states = walk(one)
        assert [state.phase for state in states] == ["invert"] * 3 + ["sample"] * 3
        assert states[2].s == states[3].t == one.timesteps[7]

    def test_outside_the_mask_the_way_down_is_the_way_up(self) -> None:
        one = task(DDIMSwapSettings(inversion_strength=0.25), PATHS["vp"], half())
        states = walk(one)
        outside = (1 - half()).bool().expand(SHAPE)
        way = {state.s: state.x for state in states[:5]} | {one.model.path.clean: one.clean}
        for state in states[5:]:
            assert torch.equal(state.x[outside], way[state.s][outside])

    def test_the_source_leads_up_without_guidance_and_the_target_down_with_it(self) -> None:
        one = task(DDIMSwapSettings(inversion_strength=0.25), PATHS["vp"])
        guided = Task(**{**one.__dict__, "guidance_scale": 5.0})
        walk(guided)
        assert guided.model.network_evaluations == 5 + 2 * 5


def test_generation_ignores_what_the_latents_hold() -> None:
    results = []
    for shift in (0.0, 3.0):
        one = task(GenerationSettings(eta=0.5), PATHS["vp"])
        one.clean.add_(shift)
        results.append(walk(one)[-1].x)
    assert torch.equal(*results)


def _moves(path: Path, state: State) -> bool:
    """Whether the step has a posterior with any width."""
    return path.sigma(state.t) > path.sigma(state.s)


def _x0(one: Task, x: torch.Tensor, t: float) -> torch.Tensor:
    return one.towards_target()(x, t).x0
