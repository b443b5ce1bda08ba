"""The restore job through the one seam, on the tiny random model: events, sizes, exactness."""

import pickle
from itertools import pairwise

import numpy as np
import pytest
import torch

from core.errors import RequestError, SamplingError
from core.events import Finished, Preview, Progress
from core.imaging.mask import blend_band
from core.methods import settings_types
from core.recipe import to_request
from core.request import EditRequest
from core.restoration.building import operator_for, operator_of_measurement
from core.restoration.degradations import (
    KINDS,
    Degradation,
    Downsampling,
    Enlarged,
    GaussianBlur,
    JpegCompression,
    KernelBlur,
    Missing,
    MotionBlur,
    NoiseOnly,
    OutsideFrame,
    Overexposure,
    Tomography,
    size_before,
)
from core.restoration.measurement import Measurement
from core.restoration.operators import Identity
from core.restoration.report import mean_and_spread
from core.restoration.residual import residual_of, to_pixels, to_tensor
from core.run import run_edit
from core.settings import DPSSettings, Job, PiGDMSettings, RestorationSettings
from core.verification import verify

RANDOM = np.random.default_rng(4)
SMALL = RANDOM.integers(40, 216, (32, 48, 3), dtype=np.uint8)


def smooth(height: int, width: int) -> np.ndarray:
    """Waves between a quarter and three quarters, uint8."""
    rows, columns = np.mgrid[0:height, 0:width] / 7
    waves = np.stack([np.sin(rows), np.cos(columns), np.sin(rows - columns)], axis=2)
    return np.rint(128 + 50 * waves).astype(np.uint8)


def request(settings: RestorationSettings, picture=SMALL, **more) -> EditRequest:
    return EditRequest(settings=settings, picture=picture, steps=3, **more)


def restored(wanted: EditRequest, model) -> tuple[list, Finished]:
    events = list(run_edit(wanted, model))
    assert isinstance(events[-1], Finished)
    return events[:-1], events[-1]


def test_both_methods_are_registered_for_the_job() -> None:
    kinds = settings_types()
    assert {kinds[name] for name in ("dps", "pigdm")} == {DPSSettings, PiGDMSettings}
    assert all(kinds[name].job is Job.RESTORE for name in ("dps", "pigdm"))
    blur, hole = (GaussianBlur(),), (GaussianBlur(), Missing())
    assert DPSSettings(degradations=blur).step_size(1000) == 0.3
    assert DPSSettings(degradations=blur).step_size(250) == 0.6
    assert DPSSettings(degradations=hole).step_size(1000) == 0.5
    assert DPSSettings(degradations=hole, zeta=2.0).step_size(10) == 2.0
    assert PiGDMSettings(degradations=blur, samples=3).network_steps(20) == 60


CASES: dict[str, tuple[Degradation, ...]] = {
    "noise": (NoiseOnly(),),
    "gaussian": (GaussianBlur(sigma=1.0),),
    "motion": (MotionBlur(length=5, angle=30),),
    "kernel": (KernelBlur(kernel=((0, 1, 0), (1, 2, 1), (0, 1, 0))),),
    "small": (Downsampling(factor=2),),
    "random": (Missing(pattern="random", share=0.5),),
    "scratches": (Missing(pattern="scratches", count=2, width=1),),
    "frame": (OutsideFrame(top=3, right=20, left=1),),
    "both": (GaussianBlur(sigma=1.0), Downsampling(factor=2, filter="box")),
}


@pytest.mark.parametrize("name", CASES)
def test_pigdm_restores_through_the_decoder(name: str, tiny_model) -> None:
    height, width = size_before(CASES[name], (32, 48))
    operator = operator_for(CASES[name], (height, width))
    truth = to_tensor(smooth(height, width))
    y = operator.degrade(truth, 0.05, torch.Generator().manual_seed(1))
    settings = PiGDMSettings(degradations=CASES[name], noise=0.05)
    events, finished = restored(request(settings, to_pixels(y, np.dtype(np.uint8))), tiny_model)
    assert finished.picture.shape == (height, width, 3)
    assert finished.picture.dtype == np.uint8
    assert finished.restoration is not None
    residual = finished.restoration.residual
    assert residual.map.shape == (32, 48)
    # The model is random; that the data are explained is the finish's work.
    assert residual.explains, str(residual)
    assert [e.step for e in events if isinstance(e, Progress)] == [0, 1, 2, 3, 3]
    previews = [e.picture for e in events if isinstance(e, Preview)]
    assert previews[-1].shape == (height, width, 3)
    assert finished.network_evaluations == 3
    assert pickle.loads(pickle.dumps(finished)).picture.shape == finished.picture.shape


def test_a_walk_from_the_smooth_picture_is_shorter(tiny_model) -> None:
    settings = PiGDMSettings(degradations=(NoiseOnly(),), noise=0.05, strength=0.5, samples=2)
    assert settings.network_steps(10) == 10
    assert PiGDMSettings(strength=0.01).network_steps(10) == 1
    events, finished = restored(request(settings).with_(steps=10), tiny_model)
    assert finished.network_evaluations == 10
    assert [e.step for e in events if isinstance(e, Progress)] == [*range(11), 10]
    assert finished.restoration is not None
    assert finished.restoration.residual.explains


def test_the_mean_can_be_the_result(tiny_model) -> None:
    settings = PiGDMSettings(
        degradations=(NoiseOnly(),), noise=0.05, samples=3, average=True, finish=False
    )
    _, finished = restored(request(settings), tiny_model)
    found = finished.restoration
    assert found is not None
    assert np.abs(finished.picture / 255 - found.mean).max() < 1.5 / 255
    assert not np.array_equal(finished.picture, found.samples[0])
    _, fitted = restored(request(settings.model_copy(update={"finish": True})), tiny_model)
    assert fitted.restoration is not None
    assert fitted.restoration.residual.explains


def test_the_mean_of_a_selection_leaves_the_rest_alone(tiny_model) -> None:
    mask = np.zeros((32, 48), np.float32)
    mask[8:24, 8:40] = 1
    settings = PiGDMSettings(degradations=(NoiseOnly(),), noise=0.05, samples=2, average=True)
    _, finished = restored(request(settings, mask=mask), tiny_model)
    assert finished.changed_outside == 0
    assert np.array_equal(finished.picture[:, 44:], SMALL[:, 44:])
    assert not np.array_equal(finished.picture[mask == 1], SMALL[mask == 1])


@pytest.mark.parametrize(
    "degradations",
    [
        (Downsampling(factor=2),),
        (JpegCompression(quality=30),),
        (Overexposure(gain=1.5, gamma=2.2),),
        (GaussianBlur(sigma=1.0), JpegCompression(quality=60)),
    ],
    ids=["linear", "jpeg", "exposure", "composed"],
)
def test_dps_restores_through_the_decoder(degradations, tiny_model) -> None:
    settings = DPSSettings(degradations=degradations, noise=0.05)
    _, finished = restored(request(settings), tiny_model)
    assert finished.picture.shape[:2] == size_before(degradations, (32, 48))
    assert finished.network_evaluations == 3


def test_dps_moves_towards_the_measurement(tiny_model) -> None:
    """On a random model too, the gradient through network and decoder brings the data nearer."""
    ratios = []
    for zeta in (1e-6, 0.05):
        settings = DPSSettings(
            degradations=(Downsampling(factor=2),), noise=0.05, zeta=zeta, finish=False, gluing=0
        )
        wanted = request(settings, picture=SMALL[:16, :16]).with_(steps=20)
        finished = restored(wanted, tiny_model)[1]
        assert finished.restoration is not None
        ratios.append(finished.restoration.residual.ratio)
    assert ratios[1] < ratios[0]


def test_the_same_request_gives_the_same_picture_and_a_recipe_that_runs_again(tiny_model) -> None:
    settings = DPSSettings(degradations=CASES["both"], noise=0.02, samples=2)
    wanted = request(settings, seed=5, target_prompt="a cat")
    first = restored(wanted, tiny_model)[1]
    again = to_request(first.recipe, SMALL)
    assert again.settings == settings
    second = restored(again, tiny_model)[1]
    verdict = verify(first.picture, second.picture, first.recipe, second.recipe)
    assert verdict.outcome == "exact"
    # Guidance by a prompt costs two evaluations a step.
    assert first.network_evaluations == 2 * 3 * 2
    other = restored(wanted.with_(seed=6), tiny_model)[1]
    assert not np.array_equal(first.picture, other.picture)


def test_seen_pixels_stay_as_they_are(tiny_model) -> None:
    for picture in (SMALL, SMALL.astype(np.uint16) * 257 + 5):
        mask = np.zeros((32, 48), np.float32)
        mask[8:20, 10:30] = 1
        settings = PiGDMSettings(degradations=(Missing(),))
        finished = restored(request(settings, picture=picture, mask=mask), tiny_model)[1]
        assert finished.picture.dtype == picture.dtype
        assert np.array_equal(finished.picture[mask == 0], picture[mask == 0])
        assert (finished.picture != picture)[mask == 1].mean() > 0.5


@pytest.mark.parametrize("settings", [DPSSettings, PiGDMSettings])
def test_a_selection_alone_is_restored(settings, tiny_model) -> None:
    picture = RANDOM.integers(0, 256, (80, 176, 3), dtype=np.uint8)
    mask = np.zeros((80, 176), np.float32)
    mask[20:40, 120:150] = 1
    wanted = settings(degradations=(GaussianBlur(sigma=1.0),), noise=0.05, samples=2, blend=3)
    events, finished = restored(request(wanted, picture=picture, mask=mask), tiny_model)
    restoration = finished.restoration
    assert finished.changed_outside == 0
    assert restoration is not None
    band = blend_band(mask, 3) > 0
    for sample in restoration.samples:
        assert np.array_equal(sample[~band], picture[~band])
        assert (sample[mask > 0] != picture[mask > 0]).mean() > 0.5
    assert restoration.residual.count == 3 * int(mask.sum())
    assert (restoration.residual.map[mask == 0] == 0).all()
    assert (restoration.residual.map[mask == 1] > 0).any()
    assert restoration.spread is not None
    assert (restoration.spread[~band] == 0).all()
    previews = [event.picture for event in events if isinstance(event, Preview)]
    assert previews[-1].shape == picture.shape
    assert np.array_equal(previews[-1][:, :32], picture[:, :32])


def test_a_picture_larger_than_the_model_goes_in_tiles(tiny_model, monkeypatch) -> None:
    """A random network as large as its picture looks far; the tiles' estimate is yet one."""
    picture = smooth(tiny_model.native_size + 80, 64)
    for kind in (DPSSettings, PiGDMSettings):
        wanted = request(kind(degradations=(GaussianBlur(sigma=1.0),), noise=0.05), picture)
        finished = restored(wanted.with_(steps=2), tiny_model)[1]
        assert finished.picture.shape == picture.shape
        assert finished.restoration is not None
        assert finished.restoration.residual.explains


def test_samples_have_a_mean_and_a_spread(tiny_model) -> None:
    mask = np.zeros((32, 48), np.float32)
    mask[8:20, 10:30] = 1
    settings = PiGDMSettings(degradations=(Missing(),), samples=3)
    events, finished = restored(request(settings, mask=mask), tiny_model)
    restoration = finished.restoration
    assert restoration is not None
    assert restoration.spread is not None
    assert len(restoration.samples) == 3
    assert np.array_equal(restoration.samples[0], finished.picture)
    assert not np.array_equal(restoration.samples[0], restoration.samples[1])
    assert (restoration.spread[mask == 0] == 0).all()
    assert (restoration.spread[mask == 1] > 0).mean() > 0.9
    steps = [event.step for event in events if isinstance(event, Progress)]
    assert all(a <= b for a, b in pairwise(steps))
    assert max(steps) == 9


def test_mean_and_spread() -> None:
    samples = tuple(np.full((1, 1, 3), value, np.uint8) for value in (51, 102))
    mean, spread = mean_and_spread(samples)
    assert spread is not None
    assert np.allclose(mean, 0.3)
    assert np.allclose(spread, np.std([0.2, 0.4], ddof=1))
    assert mean_and_spread(samples[:1])[1] is None


def test_the_residual_of_the_truth_is_the_noise() -> None:
    truth = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    operator = Identity((64, 64))
    y = operator.degrade(truth, 0.05, torch.Generator().manual_seed(1))
    measurement = Measurement(operator, y, 0.05)
    residual = residual_of(truth, measurement)
    assert residual.count == 3 * 64 * 64
    assert residual.ratio == pytest.approx(1.0, abs=0.03)
    assert abs(residual.deviations) < 4
    assert residual.explains
    assert not residual.too_close
    assert "to within the noise" in str(residual)
    assert np.sqrt((residual.map**2).mean()) == pytest.approx(residual.ratio, rel=1e-5)
    worse = residual_of(truth + 0.06, measurement)
    assert not worse.explains
    assert "does not" in str(worse)
    assert residual_of(y, measurement).too_close


def test_pixels_there_and_back() -> None:
    for dtype in (np.uint8, np.uint16):
        top = np.iinfo(dtype).max
        pixels = RANDOM.integers(0, top + 1, (9, 7, 3)).astype(dtype)
        assert np.array_equal(to_pixels(to_tensor(pixels), np.dtype(dtype)), pixels)


def test_a_step_too_large_is_halved_once_then_said(tiny_model, monkeypatch) -> None:
    from core.methods import dps as module

    tried = []
    genuine = module._walk

    def walk(task, settings, zeta):
        tried.append(zeta)
        if zeta > 5:
            raise SamplingError("not finite")
        yield from genuine(task, settings, zeta)

    monkeypatch.setattr(module, "_walk", walk)
    degradations = (Downsampling(factor=2),)
    restored(request(DPSSettings(degradations=degradations, zeta=10)), tiny_model)
    assert tried == [10, 5]
    with pytest.raises(SamplingError, match="smaller zeta"):
        restored(request(DPSSettings(degradations=degradations, zeta=100)), tiny_model)


def test_closing_cancels(tiny_model) -> None:
    stream = run_edit(request(PiGDMSettings(degradations=CASES["small"], samples=4)), tiny_model)
    for _ in range(3):
        next(stream)
    stream.close()
    assert tiny_model.network_evaluations <= 2
    assert torch.is_grad_enabled()


@pytest.mark.parametrize(
    ("settings", "more", "word"),
    [
        (PiGDMSettings(degradations=(JpegCompression(),)), {}, "DPS"),
        (PiGDMSettings(degradations=(Missing(),)), {}, "mask"),
        (DPSSettings(degradations=(GaussianBlur(sigma=20),)), {}, "spans"),
        (DPSSettings(degradations=(Tomography(angles=7),)), {}, "as they were"),
        (DPSSettings(degradations=(Enlarged(factor=5),)), {}, "does not divide"),
        (
            DPSSettings(degradations=(KernelBlur(kernel=((1.0,) * 49,)),)),
            {},
            "smaller kernel",
        ),
        (DPSSettings(degradations=(KernelBlur(kernel=((1.0, -1.0),)),)), {}, "sums to zero"),
        (
            DPSSettings(degradations=(Downsampling(factor=2),)),
            {"mask": np.eye(32, 48, dtype=np.float32)},
            "do not fit into a selection",
        ),
        (DPSSettings(), {"mask": np.zeros((32, 48), np.float32)}, "nothing is selected"),
        (
            DPSSettings(degradations=(Missing(), Downsampling(factor=2))),
            {"mask": np.eye(32, 48, dtype=np.float32)},
            "equal",
        ),
    ],
)
def test_what_does_not_fit_is_refused(settings, more, word, tiny_model) -> None:
    with pytest.raises(RequestError, match=word):
        restored(request(settings, **more), tiny_model)


def test_every_kind_has_an_operator_and_tells_the_size() -> None:
    mask = np.zeros((24, 24), np.float32)
    mask[3] = 1
    special = {KernelBlur: {"kernel": ((1.0,),)}, GaussianBlur: {"sigma": 1.0}}
    for kind in KINDS:
        what = kind(**special.get(kind, {}))
        operator = operator_for((what,), (24, 24), mask)  # type: ignore[arg-type]
        after = operator.output_size
        assert what.before(after) == (24, 24)
        same = operator_of_measurement((what,), after, mask)  # type: ignore[arg-type]
        assert same.input_size == (24, 24)
        assert type(what).model_validate(what.model_dump(mode="json")) == what
