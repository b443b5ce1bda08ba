"""Folders in Stable Diffusion layout: what is read from them, and what the loaded model does."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import DDIMScheduler, FlowMatchEulerDiscreteScheduler

from core.errors import ModelDamagedError, ModelError, ModelNotFoundError
from core.models.preview import fit_preview
from core.models.stable_diffusion import StableDiffusion, load, read_scheduler
from core.sampling.path import RectifiedFlow, VariancePreserving

CPU = torch.device("cpu")


def pixels(height: int = 64, width: int = 96) -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.rand(1, 3, height, width, generator=generator) * 2 - 1


def test_the_attributes_say_what_the_folder_holds(tiny_model: StableDiffusion) -> None:
    assert (tiny_model.factor, tiny_model.grid, tiny_model.native_size) == (8, 16, 128)
    assert (tiny_model.latent_channels, tiny_model.prediction) == (4, "epsilon")
    assert (tiny_model.name, tiny_model.dtype) == ("tiny", torch.float32)


def test_everything_is_loaded_frozen(tiny_model: StableDiffusion) -> None:
    for network in (tiny_model.unet, tiny_model.vae, tiny_model.text_encoder):
        assert not network.training
        assert not any(weight.requires_grad for weight in network.parameters())


def test_latents_have_the_factor_and_are_the_mode(tiny_model: StableDiffusion) -> None:
    latents = tiny_model.encode(pixels())
    assert (latents.shape, latents.dtype) == ((1, 4, 8, 12), torch.float32)
    assert torch.equal(latents, tiny_model.encode(pixels()))
    assert tiny_model.decode(latents).shape == (1, 3, 64, 96)


def test_latents_are_scaled_and_shifted_both_ways(
    tiny_model: StableDiffusion, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, picture = tiny_model.encode(pixels()), tiny_model.decode(torch.ones(1, 4, 8, 12))
    changed = {"scaling_factor": 0.5, "shift_factor": 0.25}
    config = type("Config", (), {**dict(tiny_model.vae.config), **changed})
    monkeypatch.setattr(type(tiny_model.vae), "config", config)
    assert torch.allclose(tiny_model.encode(pixels()), (plain - 0.25) * 0.5, atol=1e-6)
    assert torch.allclose(tiny_model.decode(torch.full((1, 4, 8, 12), 0.375)), picture, atol=1e-5)


def test_prompts_become_states_of_one_length(tiny_model: StableDiffusion) -> None:
    states = tiny_model.encode_prompts(["a cat", "고양이", ""]).hidden
    assert states.shape == (3, 24, 32)
    assert not torch.allclose(states[0], states[1])
    alone = tiny_model.encode_prompts(["고양이"]).hidden
    assert torch.allclose(states[1], alone[0], atol=1e-6)


def test_of_a_long_prompt_the_beginning_is_read(tiny_model: StableDiffusion) -> None:
    """24 places hold 22 digits, each a token, between the two marks."""
    states = [tiny_model.encode_prompts([" ".join("7" * n)]).hidden for n in (21, 22, 23)]
    assert all(state.shape == (1, 24, 32) for state in states)
    assert not torch.equal(states[0], states[1])
    assert torch.equal(states[1], states[2])


def test_another_model_is_opened_beside_only_in_a_library(tiny_model: StableDiffusion) -> None:
    with pytest.raises(ModelNotFoundError, match="tiny was not loaded from a library"):
        tiny_model.load_other("other")


def test_predictions_are_counted_and_prompts_shared(tiny_model: StableDiffusion) -> None:
    conditioning = tiny_model.encode_prompts(["a cat"])
    x = torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        both = tiny_model.predict(x, 500.0, conditioning)
        first = tiny_model.predict(x[:1], 500.0, conditioning)
    assert tiny_model.network_evaluations == 3
    assert torch.allclose(both[:1], first, atol=1e-5)


def test_a_fitted_preview_is_exact_for_a_linear_decoder() -> None:
    weight = torch.randn(4, 3, generator=torch.Generator().manual_seed(2)) * 0.2

    def decode(z: torch.Tensor) -> torch.Tensor:
        colours = torch.einsum("nchw,cd->ndhw", z, weight) + 0.1
        return colours.repeat_interleave(8, 2).repeat_interleave(8, 3)

    z = torch.randn(2, 4, 5, 6, generator=torch.Generator().manual_seed(3))
    shown = fit_preview(decode, 4, 8, CPU)(z)
    assert (shown.shape, shown.dtype) == ((2, 5, 6, 3), torch.uint8)
    right = ((decode(z)[:, :, ::8, ::8].clamp(-1, 1) + 1) * 127.5).permute(0, 2, 3, 1)
    assert (shown.float() - right).abs().max() <= 0.51


class TestScheduler:
    def read(self, folder: Path, config: Any) -> Any:
        file = folder / "model" / "scheduler" / "scheduler_config.json"
        file.parent.mkdir(parents=True)
        file.write_text(config if isinstance(config, str) else json.dumps(config))
        return read_scheduler(file)

    @pytest.mark.parametrize("prediction", ["epsilon", "v_prediction", "sample"])
    def test_a_variance_preserving_path(self, tmp_path: Path, prediction: str) -> None:
        made: Any = DDIMScheduler(
            beta_schedule="scaled_linear",
            prediction_type=prediction,
            timestep_spacing="trailing",
            steps_offset=1,
            set_alpha_to_one=False,
        )
        path, found = self.read(tmp_path, dict(made.config))
        assert isinstance(path, VariancePreserving)
        assert (found, path.spacing, path.offset) == (prediction, "trailing", 1)
        assert torch.equal(path.alpha_bars, made.alphas_cumprod.double())
        assert path.final_alpha_bar == made.final_alpha_cumprod.item()

    def test_a_straight_path(self, tmp_path: Path) -> None:
        made: Any = FlowMatchEulerDiscreteScheduler(shift=3.0)
        config = {**made.config, "_class_name": "FlowMatchEulerDiscreteScheduler"}
        assert self.read(tmp_path, config) == (RectifiedFlow(3.0), "flow")

    def test_an_unknown_prediction_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(ModelError, match="predicts “magic”"):
            self.read(tmp_path, {"prediction_type": "magic"})

    @pytest.mark.parametrize("text", ["", "{", "\x00"])
    def test_what_is_not_json_is_damage(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(ModelDamagedError, match="cannot be read"):
            self.read(tmp_path, text)


@pytest.mark.parametrize(
    "file",
    [
        "unet/diffusion_pytorch_model.safetensors",
        "vae/diffusion_pytorch_model.safetensors",
        "text_encoder/model.safetensors",
        "tokenizer/vocab.json",
        "unet/config.json",
    ],
)
def test_a_damaged_part_is_a_model_error(tiny_folder: Path, tmp_path: Path, file: str) -> None:
    folder = tmp_path / "damaged"
    shutil.copytree(tiny_folder, folder)
    (folder / file).write_bytes((folder / file).read_bytes()[:40])
    with pytest.raises(ModelDamagedError, match="damaged cannot be loaded"):
        load(folder, CPU, torch.float32)
