"""Edits in half precision, and what it cannot hold."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from core.errors import SamplingError
from core.events import Notice, Progress
from core.models.stable_diffusion import StableDiffusion, load
from core.run import run_edit
from core.settings import (
    DDIMSwapSettings,
    GenerationSettings,
    MaskedFillSettings,
    SDEditSettings,
)
from tests.core.running import EDITS, any_request, picture, request, result, run


class TestPrecision:
    @pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
    @pytest.mark.parametrize("method", [DDIMSwapSettings(), GenerationSettings()])
    def test_what_half_precision_does_not_hold_is_done_in_float32(
        self,
        tiny_model: StableDiffusion,
        tiny_folder: Path,
        monkeypatch: pytest.MonkeyPatch,
        dtype: torch.dtype,
        method: Any,
    ) -> None:
        half = load(tiny_folder, torch.device("cpu"), dtype, fingerprint="tiny")
        weights = {name: x.clone() for name, x in half.unet.state_dict().items()}
        predict, tried = half.predict, []

        def overflowing(*given: Any) -> torch.Tensor:
            tried.append(half.dtype)
            found = predict(*given)
            return found if half.dtype is torch.float32 else found * torch.nan

        monkeypatch.setattr(half, "predict", overflowing)
        events, finished = run(any_request(method), half)
        assert finished.recipe["dtype"] == "float32"
        assert np.isfinite(finished.picture).all()
        assert tried.index(torch.float32) == 1
        (notice,) = [event for event in events if isinstance(event, Notice)]
        assert "once more in float32" in notice.message
        assert sum(isinstance(e, Progress) and e.phase == "encode" for e in events) == 2
        assert half.dtype is dtype
        assert {x.dtype for x in half.text_encoder.state_dict().values()} == {dtype}
        after = half.unet.state_dict()
        assert all(torch.equal(x, after[name]) for name, x in weights.items())

    def test_a_black_picture_in_half_precision_is_made_once_more(
        self, tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        half = load(tiny_folder, torch.device("cpu"), torch.bfloat16)
        decode = half.decode

        def blackening(latents: torch.Tensor) -> torch.Tensor:
            found = decode(latents)
            return found if half.dtype is torch.float32 else torch.full_like(found, -1.0)

        monkeypatch.setattr(half, "decode", blackening)
        events, finished = run(any_request(GenerationSettings()), half)
        assert finished.recipe["dtype"] == "float32"
        assert finished.picture.any()
        assert any(isinstance(event, Notice) for event in events)

    def test_the_second_try_is_the_last(
        self, tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        half = load(tiny_folder, torch.device("cpu"), torch.bfloat16)
        tried = []
        monkeypatch.setattr(
            half, "predict", lambda x, t, c: tried.append(half.dtype) or x * torch.nan
        )
        with pytest.raises(SamplingError, match="no longer finite"):
            list(run_edit(any_request(SDEditSettings()), half))
        assert tried == [torch.bfloat16, torch.float32]
        assert half.dtype is torch.bfloat16

    def test_cancelling_the_second_try_puts_the_precision_back(
        self, tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        half = load(tiny_folder, torch.device("cpu"), torch.bfloat16)
        predict = half.predict
        monkeypatch.setattr(
            half,
            "predict",
            lambda *given: predict(*given) * (1 if half.dtype is torch.float32 else torch.nan),
        )
        events = run_edit(any_request(SDEditSettings()), half)
        for event in events:
            if isinstance(event, Progress) and event.phase == "sample":
                break
        events.close()
        assert half.dtype is torch.bfloat16
        assert half.unet.dtype is torch.bfloat16

    @pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
    def test_half_precision_edits_on_the_cpu(
        self, tiny_model: StableDiffusion, tiny_folder: Path, dtype: torch.dtype
    ) -> None:
        half = load(tiny_folder, torch.device("cpu"), dtype)
        wanted = request(MaskedFillSettings(eta=0.0), picture(48, 64), guidance_scale=1.0)
        _, finished = run(wanted, half)
        full = result(wanted, tiny_model)
        assert finished.recipe["dtype"] == str(dtype).removeprefix("torch.")
        away = np.abs(finished.picture.astype(float) - full)
        assert away.mean() < 4

    @pytest.mark.parametrize("prediction", ["v_prediction", "sample", "flow"])
    def test_every_prediction_edits(
        self, tmp_path: Path, tiny_model: StableDiffusion, prediction: str
    ) -> None:
        from tests.tiny_model import write_tiny_model

        folder = write_tiny_model(tmp_path / prediction, prediction=prediction)
        model = load(folder, torch.device("cpu"), torch.float32)
        assert model.prediction == prediction
        pixels = picture(40, 56)
        for method in (EDITS[0], EDITS[2], EDITS[4], EDITS[3]):
            after = result(request(method, pixels), model)
            assert after.shape == pixels.shape
            assert not np.array_equal(after, pixels)
