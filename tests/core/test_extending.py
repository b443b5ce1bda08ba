"""Extend: the old picture stays in its place, bit for bit, and the new room goes on from it."""

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import RequestError
from core.events import Finished
from core.imaging.beginning import continued
from core.models.stable_diffusion import StableDiffusion
from core.recipe import to_request
from core.request import EditRequest
from core.run import run_edit
from core.settings import ExtendSettings
from tests.core.running import picture

sharing = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def extended(pixels: Any, model: Any, **sides: Any) -> Finished:
    request = EditRequest(ExtendSettings(**sides), pixels, steps=2, guidance_scale=1.0)
    last = list(run_edit(request, model))[-1]
    assert isinstance(last, Finished)
    return last


class TestTheOldPicture:
    @sharing
    @given(
        shape=st.sampled_from([(1, 1), (1, 40), (30, 44), (64, 64), (150, 90)]),
        sides=st.lists(st.sampled_from([0, 1, 5, 33, 100]), min_size=4, max_size=4).filter(any),
        kind=st.sampled_from([np.uint8, np.uint16]),
        blend=st.sampled_from([0, 4, 30]),
        strength=st.sampled_from([0.0, 0.5, 1.0]),
    )
    def test_stays_bit_for_bit(
        self,
        tiny_model: StableDiffusion,
        shape: tuple[int, int],
        sides: list[int],
        kind: type,
        blend: int,
        strength: float,
    ) -> None:
        left, right, top, bottom = sides
        pixels = picture(*shape, kind)
        named = {"left": left, "right": right, "top": top, "bottom": bottom}
        done = extended(pixels, tiny_model, **named, blend=blend, strength=strength)
        height, width = shape
        assert done.picture.shape == (height + top + bottom, width + left + right, 3)
        assert done.picture.dtype == pixels.dtype
        assert np.array_equal(done.picture[top : top + height, left : left + width], pixels)
        assert (done.changed_outside, done.offset) == (0, (left, top))

    def test_an_extension_replays_from_its_recipe(self, tiny_model: StableDiffusion) -> None:
        pixels = picture(40, 60)
        done = extended(pixels, tiny_model, left=20, bottom=8)
        again = to_request(done.recipe, pixels)
        assert again.settings == done.request.settings
        last = list(run_edit(again, tiny_model))[-1]
        assert isinstance(last, Finished)
        assert np.array_equal(last.picture, done.picture)


class TestTheGuess:
    def test_goes_on_from_the_edge_without_a_step(self) -> None:
        ramp = np.linspace(0, 60000, 100).astype(np.uint16)
        pixels: Any = np.broadcast_to(ramp[:, None, None], (100, 80, 3))
        guess = continued(pixels, 200, 0, 0, 50).astype(np.int64)
        assert np.array_equal(guess[:100, 200:], pixels)
        inside = np.abs(np.diff(pixels[:, 0, 0].astype(np.int64))).max()
        assert np.abs(np.diff(guess[:, 240, 0]))[95:105].max() <= inside * 1.1
        assert np.abs(np.diff(guess[50, 150:, 0])).max() <= 70

    def test_is_softer_the_farther_out(self) -> None:
        pixels: Any = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
        guess = continued(pixels, 0, 400, 0, 0).astype(float)
        spread = [guess[:, x : x + 40].std() for x in (64, 150, 300, 420)]
        assert spread[0] > spread[1] > spread[2] >= spread[3]
        assert abs(guess[:, 300:].mean() - pixels.mean()) < 6


def test_what_cannot_be_is_said() -> None:
    with pytest.raises(RequestError, match="at least one side"):
        EditRequest(ExtendSettings(), picture(4, 4))
    with pytest.raises(RequestError, match="no mask"):
        EditRequest(ExtendSettings(left=1), picture(4, 4), np.ones((4, 4), np.float32))
    with pytest.raises(RequestError, match="megapixels"):
        EditRequest(ExtendSettings(left=20000, top=20000), picture(4, 4))
    with pytest.raises(RequestError, match="needs a picture"):
        EditRequest(ExtendSettings(left=1))
