"""Pixel models: what they are, what they can do, and that every job that needs no words runs."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import UNet2DModel

from core.errors import ModelDamagedError, RequestError
from core.events import Finished, Notice
from core.methods import settings_types, why_not
from core.models import checks
from core.models.family import family_of, patch_of
from core.models.latent_model import Conditioning
from core.models.library import ModelLibrary
from core.models.pixel_diffusion import PixelDiffusion, load
from core.request import EditRequest
from core.restoration.degradations import Downsampling, GaussianBlur, Missing
from core.run import run_edit
from core.sampling.denoiser import Denoised, clipped, of_model
from core.sampling.path import VariancePreserving, linear_alpha_bars
from core.sampling.solvers import ddim
from core.settings import (
    DDIBSettings,
    DDIMSwapSettings,
    DPSSettings,
    GenerationSettings,
    MaskedFillSettings,
    PiGDMSettings,
    SDEditSettings,
)
from tests.tiny_pixel_model import write_tiny_pixel_model


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_pixel_model(tmp_path_factory.mktemp("models") / "dots")


@pytest.fixture(scope="module")
def model(folder: Path) -> PixelDiffusion:
    return load(folder, torch.device("cpu"), torch.float32)


def picture(height: int = 16, width: int = 16, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(90, 160, (height, width, 3)).astype(np.uint8)


def finished(request: EditRequest, model: PixelDiffusion) -> Finished:
    *_, last = run_edit(request, model)
    assert isinstance(last, Finished)
    return last


@pytest.mark.parametrize(
    ("channels", "patch"), [(3, 1), (12, 2), (27, 3), (48, 4), (4, 0), (6, 0), (0, 0), (-3, 0)]
)
def test_blocks_are_told_by_the_channels(channels: int, patch: int) -> None:
    assert patch_of(channels) == patch


def test_the_library_knows_and_loads_it(folder: Path) -> None:
    library = ModelLibrary([folder.parent])
    (info,) = library.find()
    assert (info.name, info.family, library.check("dots")) == ("dots", "pixel-diffusion", [])
    loaded = library.load("dots", "cpu")
    assert isinstance(loaded, PixelDiffusion)
    assert loaded.abilities == info.abilities
    assert (loaded.native_size, loaded.factor, loaded.grid, loaded.latent_channels) == (16, 1, 4, 3)
    assert loaded.fingerprint
    assert loaded.load_other("dots") is loaded


def test_blocks_are_an_order_of_the_same_numbers(model: PixelDiffusion) -> None:
    """The network told blocks by hand gives what `predict` gives, and each row is counted."""
    x = torch.randn(2, 3, 16, 16)
    before = model.network_evaluations
    found = model.predict(x, 500.0, model.encode_prompts([""]))
    blocks = x.unflatten(-1, (8, 2)).unflatten(-3, (8, 2)).permute(0, 1, 3, 5, 2, 4).flatten(1, 3)
    told = model.unet(blocks, 500.0).sample
    told = told.unflatten(1, (3, 2, 2)).permute(0, 1, 4, 2, 5, 3).flatten(4).flatten(2, 3)
    torch.testing.assert_close(found, told)
    assert model.network_evaluations - before == 2


def test_a_network_on_plain_pixels_is_read_too(tmp_path: Path) -> None:
    folder = write_tiny_pixel_model(tmp_path / "plain", patch=1)
    assert checks.find_problems(folder) == []
    model = load(folder, torch.device("cpu"), torch.float32)
    assert (model.native_size, model.grid) == (16, 2)
    x = torch.randn(1, 3, 16, 16)
    network = UNet2DModel.from_pretrained(folder / "unet")
    assert torch.equal(model.predict(x, 3.0, Conditioning(x)), network(x, 3.0).sample)


def test_the_first_stage_changes_nothing(model: PixelDiffusion) -> None:
    x = torch.randn(1, 3, 8, 12)
    assert torch.equal(model.decode(model.encode(x)), x)
    shown = model.preview(torch.tensor([-2.0, 0.0, 1.0]).reshape(1, 3, 1, 1))
    assert shown.tolist() == [[[[0, 128, 255]]]]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"out_channels": 24}, "reads 12 channels and gives 24"),
        ({"in_channels": 4, "out_channels": 4}, "reads 4 channels"),
        ({"num_class_embeds": 10}, "asks for a class"),
        ({"sample_size": None}, "sample_size"),
    ],
)
def test_what_is_no_pixel_model_is_refused(
    folder: Path, tmp_path: Path, change: dict[str, object], said: str
) -> None:
    bad = shutil.copytree(folder, tmp_path / "bad")
    config = json.loads((bad / "unet" / "config.json").read_text())
    (bad / "unet" / "config.json").write_text(json.dumps({**config, **change}))
    assert family_of(bad) == "pixel-diffusion"
    with pytest.raises(ModelDamagedError, match=said):
        checks.check_folder(bad)


def test_a_missing_file_is_named(folder: Path, tmp_path: Path) -> None:
    bad = shutil.copytree(folder, tmp_path / "bad")
    (bad / "unet" / "diffusion_pytorch_model.safetensors").unlink()
    with pytest.raises(ModelDamagedError, match=r"bad/unet/.*safetensors is missing"):
        checks.check_folder(bad)


def test_what_needs_a_prompt_is_greyed(model: PixelDiffusion) -> None:
    greyed = {name for name, kind in settings_types().items() if why_not(kind, model)}
    able = {"generation", "sdedit", "masked-fill", "ddib", "dps", "pigdm"}
    assert set(settings_types()) - greyed >= able
    assert {"auto", "ddim-swap", "prompt-to-prompt", "plug-and-play", "flowedit"} <= greyed
    request = EditRequest(settings=DDIMSwapSettings(), picture=picture(), guidance_scale=1.0)
    with pytest.raises(RequestError, match="needs a prompt and dots reads none"):
        list(run_edit(request, model))


def test_it_generates_and_says_that_it_reads_no_prompt(model: PixelDiffusion) -> None:
    request = EditRequest(settings=GenerationSettings(), target_prompt="a cat", steps=3, seed=1)
    first, *_, last = run_edit(request, model)
    assert isinstance(first, Notice)
    assert "reads no prompts" in first.message
    assert isinstance(last, Finished)
    assert last.picture.shape == (16, 16, 3)
    # one row a step: nothing is guided, whatever the scale
    assert last.network_evaluations == 3
    again = finished(request.with_(target_prompt=""), model)
    assert np.array_equal(again.picture, last.picture)


def test_it_paints_over_and_fills(model: PixelDiffusion) -> None:
    mask = np.zeros((16, 16), np.float32)
    mask[4:10, 4:10] = 1
    settings = MaskedFillSettings(blend=0)
    result = finished(EditRequest(settings=settings, picture=picture(), mask=mask, steps=3), model)
    assert result.changed_outside == 0
    assert not np.array_equal(result.picture, picture())
    over = finished(
        EditRequest(
            settings=SDEditSettings(strength=0.7), picture=picture(), steps=4, guidance_scale=1.0
        ),
        model,
    )
    assert not np.array_equal(over.picture, picture())


def test_what_is_inverted_comes_back(model: PixelDiffusion) -> None:
    """Up and down one ODE of one model: the picture, the closer the more steps."""

    def error(steps: int) -> float:
        result = finished(
            EditRequest(
                settings=DDIBSettings(inversion_strength=0.1),
                picture=picture(),
                steps=steps,
                guidance_scale=1.0,
            ),
            model,
        )
        return float(np.abs(result.picture.astype(float) - picture()).mean())

    assert error(40) < error(10) / 2


@pytest.mark.parametrize("settings", [DPSSettings, PiGDMSettings])
@pytest.mark.parametrize(
    ("degradation", "size"),
    [
        (GaussianBlur(sigma=1.0), (16, 16)),
        (Downsampling(factor=2, filter="box"), (8, 8)),
        (Missing(pattern="random", share=0.5), (16, 12)),
    ],
)
def test_it_restores(model: PixelDiffusion, settings, degradation, size: tuple[int, int]) -> None:
    asked = settings(degradations=(degradation,), noise=0.05)
    result = finished(EditRequest(settings=asked, picture=picture(*size), steps=4), model)
    assert result.network_evaluations == 4
    assert result.restoration is not None
    # A network of random weights is no prior; unguided it would leave ten times the noise.
    assert result.restoration.residual.ratio < 2


def test_clipping_holds_x0_and_keeps_x() -> None:
    path = VariancePreserving(linear_alpha_bars())
    x = torch.linspace(-3, 3, 48).reshape(1, 3, 4, 4)

    def denoise(x: torch.Tensor, t: float, label: float | None = None) -> Denoised:
        return Denoised(2 * x, (x - path.alpha(t) * 2 * x) / path.sigma(t))

    found = clipped(denoise, path)(x, 400.0)
    assert found.x0.abs().max() == 1
    again = path.alpha(400) * found.x0 + path.sigma(400) * found.eps
    torch.testing.assert_close(again, x)
    kept = (2 * x).abs() <= 1
    torch.testing.assert_close(found.eps[kept], denoise(x, 400.0).eps[kept])


def test_half_precision_is_widened(folder: Path) -> None:
    half = load(folder, torch.device("cpu"), torch.bfloat16)
    assert half.predict(torch.zeros(1, 3, 8, 8), 1.0, half.encode_prompts([""])).dtype is half.dtype
    with half.in_float32():
        assert half.unet.dtype is half.dtype is torch.float32
        walk = ddim(
            of_model(half, half.encode_prompts([""])),
            half.path,
            torch.randn(1, 3, 8, 8),
            half.path.timesteps(2),
        )
        assert all(state.x.dtype is torch.float32 for state in walk)
    assert half.unet.dtype is half.dtype is torch.bfloat16
