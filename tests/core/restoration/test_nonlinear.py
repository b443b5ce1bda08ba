"""JPEG against Pillow's, exposure and magnitudes against their formulas, and the derivatives."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

from core.errors import RequestError
from core.restoration.nonlinear import Exposure, Jpeg, PhaseRetrieval


def picture(height: int, width: int) -> np.ndarray:
    """Smooth colours, edges and a little noise, uint8."""
    random = np.random.default_rng(0)
    rows, columns = np.mgrid[0:height, 0:width] / 16
    base = np.stack([np.sin(rows), np.cos(columns), np.sin(rows + columns)], axis=2) * 90 + 128
    base[height // 3 : height // 2, width // 4 : width // 2] = [220, 40, 60]
    return np.clip(base + random.normal(0, 4, base.shape), 0, 255).astype(np.uint8)


def to_tensor(pixels: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(pixels).permute(2, 0, 1)[None].double() / 255


@pytest.mark.parametrize("quality", [5, 20, 50, 75, 95])
@pytest.mark.parametrize("size", [(64, 80), (45, 51)])
def test_jpeg_is_pillows(quality: int, size: tuple[int, int]) -> None:
    pixels = picture(*size)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=quality, subsampling="4:2:0")
    expected = to_tensor(np.array(Image.open(file, formats=["JPEG"])))
    found = Jpeg(size, quality)(to_tensor(pixels))
    away = (found - expected).abs() * 255
    damage = (to_tensor(pixels) - expected).abs().mean() * 255
    assert away.mean() < 0.1 * damage + 0.5
    assert away.quantile(0.95) <= 4


def test_jpegs_derivative_goes_through_the_rounding() -> None:
    """At the finest quality it is nearly the identity, but for the halved colours."""
    x = to_tensor(picture(32, 32)).clamp(0.1, 0.9).requires_grad_(True)
    grey = torch.ones(1, 3, 32, 32).double()
    (gradient,) = torch.autograd.grad((Jpeg((32, 32), 100)(x) * grey).sum(), x)
    assert gradient.sum(dim=1).mean().item() == pytest.approx(3.0, abs=0.05)
    assert gradient.isfinite().all()


@pytest.mark.parametrize(("gain", "gamma"), [(2.0, 1.0), (1.0, 2.2), (1.7, 2.2), (1.0, 0.5)])
def test_exposure(gain: float, gamma: float) -> None:
    operator = Exposure((4, 5), gain, gamma)
    x = torch.linspace(0.01, 1, 20).double().reshape(1, 1, 4, 5)
    expected = np.clip(gain * x.numpy(), 0, 1) ** (1 / gamma)
    assert np.allclose(operator(x), expected, atol=1e-12)
    ends = torch.tensor([-1.0, 0.0, 9.0]).double().reshape(1, 1, 1, 3)
    assert Exposure((1, 3), gain, gamma)(ends).flatten().tolist() == [0.0, 0.0, 1.0]
    inner = (0.9 / gain * x).requires_grad_(True)
    assert torch.autograd.gradcheck(operator, (inner,))


def test_magnitudes() -> None:
    x = torch.rand(1, 2, 6, 5, generator=torch.Generator().manual_seed(0)).double()
    y = PhaseRetrieval((6, 5), 2.0)(x)
    expected = np.abs(np.fft.fft2(np.pad(x.numpy(), [(0, 0), (0, 0), (0, 6), (0, 5)])))
    assert np.allclose(y, expected / np.sqrt(12 * 10), atol=1e-12)
    assert torch.allclose(y.square().sum(), x.square().sum())
    assert torch.autograd.gradcheck(PhaseRetrieval((6, 5), 2.0), (x.requires_grad_(True),))


def test_what_cannot_be_is_refused() -> None:
    for make in (
        lambda: Jpeg((8, 8), 0),
        lambda: Jpeg((8, 8), 101),
        lambda: Exposure((8, 8), 0.0),
        lambda: Exposure((8, 8), 1.0, float("inf")),
        lambda: PhaseRetrieval((8, 8), 0.5),
        lambda: Jpeg((8, 8), 50)(torch.zeros(1, 3, 9, 8)),
    ):
        with pytest.raises(RequestError):
            make()
