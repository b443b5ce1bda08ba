"""Tiles of a local map are that map, gradients included; the whole is seamless."""

import pytest
import torch
import torch.nn.functional as F

from core.restoration.tiling import in_tiles, tiled
from core.sampling.denoiser import Denoised

KERNEL = torch.rand(3, 3, 5, 5, generator=torch.Generator().manual_seed(0)).double()


def local(x: torch.Tensor) -> torch.Tensor:
    """Looks two places far, and is not linear."""
    return torch.tanh(F.conv2d(x, KERNEL / 75, padding=2))


def picture(height: int, width: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(1)
    return torch.rand(2, 3, height, width, generator=generator).double()


@pytest.mark.parametrize("size", [(16, 16), (24, 24), (25, 16), (33, 70), (128, 20)])
def test_tiles_of_a_local_map_are_the_map(size: tuple[int, int]) -> None:
    x = picture(*size).requires_grad_(True)
    whole, parts = local(x), in_tiles(local, x, 16)
    assert torch.allclose(whole, parts, atol=1e-12)
    weight = picture(*size)
    (one,) = torch.autograd.grad((whole * weight).sum(), x)
    (other,) = torch.autograd.grad((parts * weight).sum(), x)
    assert torch.allclose(one, other, atol=1e-12)


def test_a_tile_is_no_larger_than_asked() -> None:
    seen = []

    def apply(x: torch.Tensor) -> torch.Tensor:
        seen.append(tuple(x.shape[-2:]))
        return x

    assert torch.allclose(in_tiles(apply, picture(20, 90), 16), picture(20, 90))
    assert set(seen) == {(20, 16)}


@pytest.mark.parametrize(("scale", "side"), [(4.0, 16), (0.25, 64)])
def test_decoders_and_encoders(scale: float, side: int) -> None:
    x = picture(side * 3, side * 2 + side // 2)

    def apply(x: torch.Tensor) -> torch.Tensor:
        if scale > 1:
            return F.interpolate(x, scale_factor=scale, mode="nearest")
        return F.avg_pool2d(x, 4)

    assert torch.allclose(in_tiles(apply, x, side, scale), apply(x))


def test_a_tiled_denoiser_keeps_both_halves() -> None:
    def denoise(x: torch.Tensor, t: float, label: float | None = None) -> Denoised:
        return Denoised(x0=local(x), eps=x - local(x))

    x = picture(40, 60)
    found = tiled(denoise, 16)(x, 1.0)
    assert torch.allclose(found.x0, local(x), atol=1e-12)
    assert torch.allclose(found.x0 + found.eps, x, atol=1e-12)
