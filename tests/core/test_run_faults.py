"""What breaks inside an edit ends in an error that says so, and leaves nothing half done."""

from typing import Any

import numpy as np
import pytest
import torch

from core.errors import OutOfMemoryError, RequestError, SamplingError
from core.models.stable_diffusion import StableDiffusion
from core.run import run_edit
from core.settings import (
    FlowEditSettings,
    GenerationSettings,
    SDEditSettings,
)
from tests.core.running import (
    EDITS,
    any_request,
    make_lossless,
    picture,
    raise_out_of_memory,
    request,
    run,
)


class TestErrors:
    @pytest.mark.parametrize("method", [*EDITS[::2], GenerationSettings()])
    def test_a_network_that_breaks_ends_in_an_error(
        self, tiny_model: StableDiffusion, monkeypatch: pytest.MonkeyPatch, method: Any
    ) -> None:
        monkeypatch.setattr(tiny_model, "predict", lambda x, t, c: torch.full_like(x, torch.nan))
        with pytest.raises(SamplingError, match="no longer finite"):
            list(run_edit(any_request(method), tiny_model))

    @pytest.mark.parametrize("method", [SDEditSettings(), GenerationSettings()])
    def test_a_decoder_that_breaks_ends_in_an_error(
        self, tiny_model: StableDiffusion, monkeypatch: pytest.MonkeyPatch, method: Any
    ) -> None:
        """Never in a black picture."""
        decode = tiny_model.decode
        monkeypatch.setattr(tiny_model, "decode", lambda z: decode(z) * torch.nan)
        with pytest.raises(SamplingError, match="not finite"):
            list(run_edit(any_request(method), tiny_model))

    @pytest.mark.parametrize(
        ("value", "what"), [(-1.0, "black"), (-7.0, "black"), (0.25, "of one colour")]
    )
    @pytest.mark.parametrize("method", [SDEditSettings(), GenerationSettings()])
    def test_a_decoder_that_gives_one_colour_ends_in_an_error(
        self,
        tiny_model: StableDiffusion,
        monkeypatch: pytest.MonkeyPatch,
        method: Any,
        value: float,
        what: str,
    ) -> None:
        decode = tiny_model.decode
        monkeypatch.setattr(tiny_model, "decode", lambda z: torch.full_like(decode(z), value))
        with pytest.raises(SamplingError, match=f"is {what} everywhere; choose a lower"):
            list(run_edit(any_request(method), tiny_model))

    def test_a_black_picture_may_stay_black(
        self, tiny_model: StableDiffusion, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make_lossless(tiny_model, monkeypatch)
        pixels = np.zeros((32, 32, 3), np.uint8)
        _, finished = run(request(SDEditSettings(), pixels, steps=2), tiny_model)
        assert not finished.picture.any()

    def test_a_dark_picture_with_its_noise_is_one(
        self, tiny_model: StableDiffusion, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        decode = tiny_model.decode
        monkeypatch.setattr(tiny_model, "decode", lambda z: -0.99 + decode(z) * 0.01)
        _, finished = run(any_request(SDEditSettings()), tiny_model)
        assert finished.picture.any()

    def test_a_method_that_the_model_cannot_do_is_refused_before_any_work(
        self, tiny_model: StableDiffusion
    ) -> None:
        with pytest.raises(RequestError, match="flowedit needs a rectified-flow model"):
            list(run_edit(request(FlowEditSettings(), picture(32, 32)), tiny_model))
        assert tiny_model.network_evaluations == 0

    @pytest.mark.parametrize(
        "allocate",
        [lambda: torch.empty(1 << 60), lambda: np.empty(1 << 45), lambda: raise_out_of_memory()],
        ids=["torch", "numpy", "cuda"],
    )
    def test_want_of_memory_is_told_on_every_device(
        self, tiny_model: StableDiffusion, monkeypatch: pytest.MonkeyPatch, allocate: Any
    ) -> None:
        monkeypatch.setattr(tiny_model, "predict", lambda x, t, c: allocate())
        with pytest.raises(OutOfMemoryError, match="cpu has not enough memory"):
            list(run_edit(any_request(SDEditSettings()), tiny_model))

    def test_a_fault_of_ours_stays_what_it_is(
        self, tiny_model: StableDiffusion, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tiny_model, "predict", lambda x, t, c: x.view(3, 5, 7))
        with pytest.raises(RuntimeError, match="shape"):
            list(run_edit(any_request(SDEditSettings()), tiny_model))
