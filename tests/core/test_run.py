"""`run_edit` on a tiny random model: what it promises must hold whatever the network says."""

import pickle
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.events import Notice, Preview, Progress
from core.imaging.canvas import canvas_of
from core.imaging.frame import Frame, choose_frame
from core.models.stable_diffusion import StableDiffusion
from core.previewing import Previews
from core.request import EditRequest
from core.run import run_edit
from core.sampling.solvers import State
from core.settings import (
    DDIMSwapSettings,
    GenerationSettings,
    MaskedFillSettings,
    PictureSettings,
    SDEditSettings,
)
from tests.core.running import EDITS, make_lossless, picture, request, result, run, square

# The model is loaded once and not changed by an edit, so examples may share it.
sharing = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
KINDS = [np.uint8, np.uint16]


def far_from(mask: Any, width: int) -> Any:
    """Where the mask is 0 and no pixel of full 1 lies nearer than `width`; by brute force."""
    height, side = mask.shape
    y, x = np.mgrid[0:height, 0:side]
    ones = np.argwhere(mask == 1)
    nearest = np.full(mask.shape, np.inf)
    for top, left in ones:
        np.minimum(nearest, np.hypot(y - top, x - left), out=nearest)
    return (mask == 0) & (nearest >= width)


class TestNothingToDo:
    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize(
        "method",
        [
            SDEditSettings(strength=0.0),
            SDEditSettings(strength=0.0, repeats=3),
            DDIMSwapSettings(inversion_strength=0.0),
            MaskedFillSettings(strength=0.0),
        ],
    )
    def test_strength_0_returns_the_picture_bit_for_bit(
        self, tiny_model: StableDiffusion, method: PictureSettings, kind: type
    ) -> None:
        pixels = picture(50, 70, kind)
        _, finished = run(request(method, pixels), tiny_model)
        assert finished.picture.dtype == kind
        assert np.array_equal(finished.picture, pixels)
        assert finished.network_evaluations == 0

    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("method", EDITS[::2])
    def test_an_empty_mask_returns_the_picture_bit_for_bit(
        self, tiny_model: StableDiffusion, method: PictureSettings, kind: type
    ) -> None:
        pixels = picture(40, 60, kind)
        _, finished = run(request(method, pixels, np.zeros((40, 60), np.float32)), tiny_model)
        assert np.array_equal(finished.picture, pixels)
        assert (finished.network_evaluations, finished.changed_outside) == (0, 0)


class TestTheMask:
    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize("shape", [(64, 80), (50, 75), (33, 16)])
    @pytest.mark.parametrize("method", EDITS[:4])
    def test_a_mask_of_ones_is_no_mask(
        self,
        tiny_model: StableDiffusion,
        method: PictureSettings,
        shape: tuple[int, int],
        kind: type,
    ) -> None:
        pixels = picture(*shape, kind)
        whole = result(request(method, pixels, np.ones(shape, np.float32)), tiny_model)
        assert np.array_equal(whole, result(request(method, pixels), tiny_model))
        assert not np.array_equal(whole, pixels)

    @sharing
    @given(
        method=st.sampled_from(EDITS),
        shape=st.sampled_from(
            [(1, 1), (1, 40), (37, 1), (3, 300), (400, 5), (64, 64), (47, 90), (150, 170)]
        ),
        kind=st.sampled_from(KINDS),
        blend=st.sampled_from([0, 1, 4, 30]),
        seed=st.integers(0, 1000),
        soft=st.booleans(),
    )
    def test_outside_mask_and_band_not_one_value_changes(
        self,
        tiny_model: StableDiffusion,
        method: PictureSettings,
        shape: tuple[int, int],
        kind: type,
        blend: int,
        seed: int,
        soft: bool,
    ) -> None:
        rng = np.random.default_rng(seed)
        mask = np.zeros(shape, np.float32)
        for _ in range(rng.integers(1, 4)):
            top, left = rng.integers(shape[0]), rng.integers(shape[1])
            bottom, right = top + rng.integers(1, 30), left + rng.integers(1, 30)
            mask[top:bottom, left:right] = rng.random() if soft else 1.0
        pixels = picture(*shape, kind, seed)
        wanted = request(method.model_copy(update={"blend": blend}), pixels, mask, steps=2)
        _, finished = run(wanted, tiny_model)
        outside = far_from(mask, blend)
        assert finished.picture.shape == pixels.shape
        assert finished.picture.dtype == pixels.dtype
        assert np.array_equal(finished.picture[outside], pixels[outside])
        assert finished.changed_outside == 0

    def test_the_mask_itself_does_change(self, tiny_model: StableDiffusion) -> None:
        pixels, mask = picture(64, 64), square(64, 64)
        changed = result(request(MaskedFillSettings(), pixels, mask), tiny_model) != pixels
        assert changed[mask == 1].mean() > 0.5

    def test_a_large_picture_is_edited_where_the_mask_is(
        self, tiny_model: StableDiffusion, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[tuple[int, ...]] = []
        encode = tiny_model.encode
        monkeypatch.setattr(
            tiny_model, "encode", lambda pixels: (seen.append(pixels.shape), encode(pixels))[1]
        )
        pixels = picture(1500, 2000)
        mask = np.zeros((1500, 2000), np.float32)
        mask[700:740, 1200:1260] = 1.0
        after = result(request(MaskedFillSettings(), pixels, mask, steps=2), tiny_model)
        changed = np.argwhere((after != pixels).any(axis=2))
        assert seen == [(1, 3, 128, 128)]
        assert changed.min(axis=0).tolist() >= [697, 1197]
        assert changed.max(axis=0).tolist() <= [742, 1262]
        assert (after != pixels)[700:740, 1200:1260].any(axis=2).mean() > 0.5

    def test_a_line_thinner_than_the_models_pixels_is_edited(
        self, tiny_model: StableDiffusion
    ) -> None:
        """The box is made eight times smaller, and the line would be an eighth of a pixel wide."""
        pixels = picture(1024, 1024)
        mask = np.zeros((1024, 1024), np.float32)
        mask[500:502, 100:900] = 1.0
        after = result(request(MaskedFillSettings(blend=0), pixels, mask, steps=2), tiny_model)
        assert (after != pixels)[500:502, 100:900].any(axis=2).mean() > 0.5


class TestShape:
    @pytest.mark.parametrize("shape", [(1, 1), (1, 90), (61, 1), (17, 43), (130, 129), (300, 211)])
    @pytest.mark.parametrize("kind", KINDS)
    def test_every_size_stays_itself(
        self, tiny_model: StableDiffusion, shape: tuple[int, int], kind: type
    ) -> None:
        pixels = picture(*shape, kind)
        after = result(request(SDEditSettings(), pixels, steps=2), tiny_model)
        assert (after.shape, after.dtype) == (pixels.shape, pixels.dtype)

    @pytest.mark.parametrize("shape", [(61, 83), (200, 333), (260, 131)])
    def test_nothing_is_stretched_or_shifted(
        self, tiny_model: StableDiffusion, monkeypatch: pytest.MonkeyPatch, shape: tuple[int, int]
    ) -> None:
        """With a first stage that loses nothing and a network that finds nothing to change, what
        is large in a picture stays where it is, also where the model saw a smaller copy."""
        make_lossless(tiny_model, monkeypatch)
        y, x = np.mgrid[0 : shape[0], 0 : shape[1]]
        pixels = np.stack([255 * y / shape[0], 255 * x / shape[1], 128 + 0 * x], -1)
        pixels = np.rint(pixels).astype(np.uint8)
        after = result(request(SDEditSettings(), pixels, guidance_scale=1.0), tiny_model)
        error = np.abs(after.astype(float) - pixels)[8:-8, 8:-8]
        assert error.max() <= 1

    @pytest.mark.parametrize("size", [(64, 64), (50, 70), (1, 33), None])
    def test_generation_has_the_size_asked_for(
        self, tiny_model: StableDiffusion, size: tuple[int, int] | None
    ) -> None:
        wanted = EditRequest(GenerationSettings(), target_prompt="a cat", steps=2, size=size)
        _, finished = run(wanted, tiny_model)
        assert finished.picture.shape == (*(size or (128, 128)), 3)
        assert finished.picture.dtype == np.uint8
        assert (finished.changed_outside, finished.reconstruction_db) == (None, None)


class TestSeeds:
    @pytest.mark.parametrize("method", [EDITS[0], EDITS[1], EDITS[4]])
    def test_one_seed_is_one_picture(
        self, tiny_model: StableDiffusion, method: PictureSettings
    ) -> None:
        wanted = request(method, picture(48, 64))
        first = result(wanted, tiny_model)
        torch.manual_seed(99)
        assert np.array_equal(first, result(wanted, tiny_model))
        assert not np.array_equal(first, result(wanted.with_(seed=6), tiny_model))

    def test_inversion_needs_no_seed(self, tiny_model: StableDiffusion) -> None:
        wanted = request(DDIMSwapSettings(), picture(48, 64))
        other = result(wanted.with_(seed=6), tiny_model)
        assert np.array_equal(result(wanted, tiny_model), other)

    def test_generation_follows_seed_and_prompt(self, tiny_model: StableDiffusion) -> None:
        wanted = EditRequest(GenerationSettings(eta=1.0), target_prompt="a cat", steps=2, seed=1)
        first = result(wanted, tiny_model)
        assert np.array_equal(first, result(wanted, tiny_model))
        for other in (wanted.with_(seed=2), wanted.with_(target_prompt="a blue pear")):
            assert not np.array_equal(first, result(other, tiny_model))


class TestEvents:
    @pytest.mark.parametrize("method", EDITS)
    @pytest.mark.parametrize("guidance", [0.0, 1.0, 4.0])
    def test_progress_counts_every_network_step(
        self, tiny_model: StableDiffusion, method: PictureSettings, guidance: float
    ) -> None:
        wanted = request(method, picture(32, 48), guidance_scale=guidance, steps=5)
        events, finished = run(wanted, tiny_model)
        total = method.network_steps(5)
        progress = [event for event in events if isinstance(event, Progress)]
        assert (progress[0].phase, progress[-1].phase) == ("encode", "decode")
        assert [event.step for event in progress] == [0, *range(1, total + 1), total]
        assert {event.steps for event in progress} == {total}
        assert all((event.seconds_left or 0.0) >= 0.0 for event in progress)
        inverted = sum(event.phase == "invert" for event in progress)
        assert inverted == (total // 2 if isinstance(method, DDIMSwapSettings) else 0)
        each = 2 if guidance == 4.0 and method.says else 1
        assert finished.network_evaluations == inverted + each * (total - inverted)
        assert finished.seconds > 0.0
        assert finished.request is wanted

    @pytest.mark.parametrize("shape", [(32, 48), (1, 70), (700, 900)])
    @pytest.mark.parametrize("method", [EDITS[0], EDITS[2], EDITS[4]])
    def test_first_and_last_previews_arrive_and_show_the_whole_picture(
        self, tiny_model: StableDiffusion, method: PictureSettings, shape: tuple[int, int]
    ) -> None:
        events, _ = run(request(method, picture(*shape, np.uint16)), tiny_model)
        previews = [event for event in events if isinstance(event, Preview)]
        scale = min(1.0, 512 / max(shape))
        expected = (*(max(1, round(side * scale)) for side in shape), 3)
        assert (previews[0].step, previews[-1].step) == (1, method.network_steps(4))
        for preview in previews:
            assert (preview.picture.shape, preview.picture.dtype) == (expected, np.uint8)

    def test_previews_show_the_picture_outside_the_mask(self, tiny_model: StableDiffusion) -> None:
        pixels, mask = picture(64, 64), square(64, 64)
        events, _ = run(request(MaskedFillSettings(), pixels, mask), tiny_model)
        preview = next(event for event in events if isinstance(event, Preview)).picture
        assert np.array_equal(preview[mask == 0], pixels[mask == 0])
        assert not np.array_equal(preview[mask == 1], pixels[mask == 1])

    def test_a_box_at_the_far_end_of_a_long_strip_has_a_preview(
        self, tiny_model: StableDiffusion
    ) -> None:
        """So long that the box is less than half a pixel of the preview."""
        pixels, mask = np.zeros((140_000, 1, 3), np.uint8), np.zeros((140_000, 1), np.float32)
        mask[-1] = 1.0
        frame = choose_frame(mask.shape, mask, 128, 16)
        previews = Previews(
            canvas_of(request(MaskedFillSettings(), pixels, mask)), frame, tiny_model
        )
        x = torch.zeros(1, 4, frame.padded[0] // 8, frame.padded[1] // 8)
        shown = previews.picture(State(1, 1, 1.0, 0.0, x, x, x), last=True)
        assert shown is not None
        assert shown.shape == (512, 1, 3)

    def test_previews_are_not_made_faster_than_they_can_be_seen(
        self, tiny_model: StableDiffusion, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now = [0.0]
        monkeypatch.setattr("core.previewing.time.monotonic", lambda: now[0])
        previews = Previews(None, Frame(0, 0, 64, 64, (64, 64), (64, 64), 16), tiny_model)
        x = torch.zeros(1, 4, 8, 8)
        state = State(1, 30, 1.0, 0.0, x, x, x)
        came = []
        for _ in range(30):
            came.append(previews.picture(state, last=False) is not None)
            now[0] += 0.02
        assert came[0]
        assert sum(came) == 6

    def test_events_can_be_pickled(self, tiny_model: StableDiffusion) -> None:
        events, finished = run(request(EDITS[4], picture(32, 48)), tiny_model)
        copies = pickle.loads(pickle.dumps(events))
        assert [type(copy) for copy in copies] == [type(event) for event in events]
        assert np.array_equal(copies[-1].picture, finished.picture)
        assert copies[-1].recipe == finished.recipe

    def test_what_was_not_read_of_a_prompt_is_told_first(self, tiny_model: StableDiffusion) -> None:
        wanted = request(SDEditSettings(), picture(32, 32), target_prompt="7 " * 22 + "red")
        notice, *others = run(wanted, tiny_model)[0]
        assert isinstance(notice, Notice)
        assert "tiny reads 22 tokens of a prompt, so these words are left out: “red”" in str(notice)
        assert not any(isinstance(event, Notice) for event in others)

    def test_closing_half_way_leaves_the_model_as_it_was(self, tiny_model: StableDiffusion) -> None:
        wanted = request(EDITS[2], picture(48, 64))
        first = result(wanted, tiny_model)
        events = run_edit(wanted, tiny_model)
        total = wanted.settings.network_steps(wanted.steps)
        assert next(events) == Progress(0, total, "encode")
        next(events)
        before = tiny_model.network_evaluations
        events.close()
        assert tiny_model.network_evaluations == before
        assert torch.is_grad_enabled()
        assert np.array_equal(result(wanted, tiny_model), first)


class TestWhatIsKept:
    def test_equal_latents_return_the_picture(
        self, tiny_model: StableDiffusion, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Where the latents did not move, the first stage's loss is made good, bit for bit."""
        monkeypatch.setattr(
            "core.run.method_for",
            lambda _: (
                lambda task: iter([State(1, 1, 1.0, 0.0, task.clean, task.clean, task.clean)])
            ),
        )
        for kind in KINDS:
            pixels = picture(48, 64, kind)
            _, finished = run(request(SDEditSettings(), pixels), tiny_model)
            assert np.array_equal(finished.picture, pixels)
            assert finished.reconstruction_db is not None
            assert finished.reconstruction_db < 20

    def test_the_first_stages_loss_is_told(
        self, tiny_model: StableDiffusion, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_lossless(tiny_model, monkeypatch)
        pixels = np.full((32, 32, 3), 77, np.uint8)
        _, finished = run(request(SDEditSettings(), pixels), tiny_model)
        assert finished.reconstruction_db is not None
        assert finished.reconstruction_db > 100

    def test_a_smaller_scale_asks_the_model_for_less_and_holds_what_lies_outside(
        self, tiny_model: StableDiffusion, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked, predict = [], tiny_model.predict
        monkeypatch.setattr(
            tiny_model,
            "predict",
            lambda x, *given: asked.append(x.shape[-2:]) or predict(x, *given),
        )
        pixels = picture(64, 64)
        mask = np.zeros((64, 64), np.float32)
        mask[20:40, 20:40] = 1
        whole = request(MaskedFillSettings(), pixels, mask=mask, guidance_scale=1.0, steps=2)
        run(whole, tiny_model)
        _, finished = run(whole.with_(scale=0.5), tiny_model)
        assert asked[0][0] == 2 * asked[-1][0]
        assert finished.changed_outside == 0
        assert finished.picture.shape == pixels.shape
