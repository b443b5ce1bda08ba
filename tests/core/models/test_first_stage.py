"""First stages of both kinds and both names, in a model's folder."""

import shutil
from pathlib import Path

import pytest
import torch
from diffusers import DiffusionPipeline, UNet2DModel, VQModel

from core.errors import ModelRefusedError
from core.models import checks, first_stage
from core.models.stable_diffusion import load
from core.request import EditRequest
from core.run import run_edit
from core.settings import GenerationSettings

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def with_codebook(tiny_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny model with a first stage of factor 4 with a codebook, in vqvae/."""
    folder = tmp_path_factory.mktemp("vq") / "vq"
    shutil.copytree(tiny_folder, folder, ignore=shutil.ignore_patterns("vae"))
    torch.manual_seed(0)
    network = VQModel(
        down_block_types=("DownEncoderBlock2D",) * 3,
        up_block_types=("UpDecoderBlock2D",) * 3,
        block_out_channels=(8, 8, 16),
        latent_channels=4,
        num_vq_embeddings=32,
        norm_num_groups=4,
        scaling_factor=0.4,
    )
    network.save_pretrained(folder / "vqvae")
    return folder


def test_it_is_found_loaded_and_scaled(with_codebook: Path) -> None:
    """As diffusers' LDMPipeline decodes: the latents over the factor, rounded, decoded."""
    assert checks.find_problems(with_codebook) == []
    model = load(with_codebook, CPU, torch.float32)
    assert (model.factor, model.latent_channels) == (4, 4)
    pixels = torch.rand(1, 3, 32, 32) * 2 - 1
    latents = model.encode(pixels)
    assert latents.shape == (1, 4, 8, 8)
    torch.testing.assert_close(latents, model.vae.encode(pixels).latents * 0.4)
    torch.testing.assert_close(model.decode(latents), model.vae(pixels).sample)


def test_it_draws_a_picture(with_codebook: Path) -> None:
    model = load(with_codebook, CPU, torch.float32)
    request = EditRequest(GenerationSettings(), target_prompt="a cat", steps=2)
    *_, last = run_edit(request, model)
    assert last.picture.shape == (64, 64, 3)


def test_a_gradient_passes_the_codebook(with_codebook: Path) -> None:
    network = first_stage.load_first_stage(with_codebook / "vqvae")
    latents = torch.randn(1, 4, 4, 4, requires_grad=True)
    (gradient,) = torch.autograd.grad(first_stage.decode(network, latents).sum(), latents)
    assert gradient.abs().sum() > 0


def test_a_first_stage_that_does_not_fit_is_named(with_codebook: Path, tmp_path: Path) -> None:
    folder = tmp_path / "wide"
    shutil.copytree(with_codebook, folder)
    wide = VQModel(block_out_channels=(8,), latent_channels=5, norm_num_groups=4)
    wide.save_pretrained(folder / "vqvae")
    (problem,) = checks.find_problems(folder)
    assert "the autoencoder gives 5 channels and the UNet reads 4" in str(problem)


def test_a_latent_model_without_words_is_no_pixel_model(
    with_codebook: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "ldm"
    shutil.copytree(with_codebook, folder)
    unet = UNet2DModel(
        sample_size=16,
        in_channels=3,
        out_channels=3,
        block_out_channels=(8, 8),
        down_block_types=("DownBlock2D",) * 2,
        up_block_types=("UpBlock2D",) * 2,
        norm_num_groups=4,
    )
    unet.save_pretrained(folder / "unet")
    with pytest.raises(ModelRefusedError, match="a latent model that is told nothing"):
        checks.check_folder(folder)


def test_diffusers_calls_the_folder_so() -> None:
    import inspect

    from diffusers import LDMPipeline

    assert issubclass(LDMPipeline, DiffusionPipeline)
    assert "vqvae" in inspect.signature(LDMPipeline.__init__).parameters
