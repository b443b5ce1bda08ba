"""Every linear operator against a plain computation, its adjoint, its derivative, its inverse."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from PIL import Image

from core.errors import RequestError
from core.restoration import radon
from core.restoration.conjugate_gradients import conjugate_gradients
from core.restoration.convolution import Convolution, kernel_from_array, motion_kernel
from core.restoration.missing import MissingPixels, random_mask, scratch_mask
from core.restoration.nonlinear import Exposure
from core.restoration.operators import (
    Composition,
    Identity,
    LinearComposition,
    LinearOperator,
    compose,
)
from core.restoration.radon import Radon, detector_length, even_angles, square_side
from core.restoration.separable import (
    Separable,
    bicubic_downsampling,
    box_downsampling,
    enlarged,
    frame,
    gaussian_blur,
)

SIZE = (12, 16)
CROOKED = torch.tensor([[0.0, 2.0, 1.0, 0.0], [1.0, 3.0, 0.5, 0.2], [0.0, 0.0, 1.0, 0.7]])


def holes() -> MissingPixels:
    return MissingPixels(random_mask(SIZE, 0.6, seed=3))


def blurred_small() -> LinearOperator:
    found = compose(gaussian_blur(SIZE, 1.2), box_downsampling(SIZE, 4))
    assert isinstance(found, LinearOperator)
    return found


def shaken_small() -> LinearOperator:
    found = compose(
        frame((8, 12), 2, 1, 2, 3),
        Convolution((8, 12), motion_kernel(4, 30)),
        bicubic_downsampling((8, 12), 2),
    )
    assert isinstance(found, LinearOperator)
    return found


LINEAR: dict[str, Callable[[], LinearOperator]] = {
    "identity": lambda: Identity(SIZE),
    "gaussian": lambda: gaussian_blur(SIZE, 1.1),
    "box": lambda: box_downsampling(SIZE, 2),
    "bicubic": lambda: bicubic_downsampling(SIZE, 4),
    "enlarged": lambda: enlarged(SIZE, 4),
    "frame": lambda: frame((6, 7), 1, 4, 5, 5),
    "missing": holes,
    "mirrored kernel": lambda: Convolution(SIZE, CROOKED),
    "circular kernel": lambda: Convolution(SIZE, CROOKED, "circular"),
    "motion": lambda: Convolution(SIZE, motion_kernel(5.5, 70)),
    "radon": lambda: Radon(SIZE, even_angles(7)),
    "merged": blurred_small,
    "composed": shaken_small,
}
# Tomography converges slowly, and has a test of its own.
SOLVED = [name for name in LINEAR if name != "radon"]


@pytest.fixture(params=LINEAR)
def operator(request: pytest.FixtureRequest) -> LinearOperator:
    return LINEAR[request.param]()


def noise(size: tuple[int, int], seed: int = 0, count: int = 2) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(count, 3, *size, generator=generator, dtype=torch.float64)


def matrix(operator: LinearOperator) -> torch.Tensor:
    """A [h * w, H * W], column by column."""
    height, width = operator.input_size
    unit = torch.eye(height * width).double().reshape(-1, 1, height, width)
    return operator(unit).flatten(1).T


def test_the_adjoint_is_exact(operator: LinearOperator) -> None:
    x, y = noise(operator.input_size), noise(operator.output_size, 1)
    there, back = (operator(x) * y).sum(), (x * operator.adjoint(y)).sum()
    scale = operator(x).norm() * y.norm()
    assert abs(there - back) <= 1e-12 * scale
    single = (operator(x.float()) * y.float()).sum() - (
        x.float() * operator.adjoint(y.float())
    ).sum()
    assert abs(single) <= 1e-6 * scale


def test_the_derivative_is_the_adjoint(operator: LinearOperator) -> None:
    x = noise(operator.input_size).requires_grad_(True)
    y = noise(operator.output_size, 1)
    (gradient,) = torch.autograd.grad((operator(x) * y).sum(), x)
    assert torch.equal(gradient, operator.adjoint(y))
    small = noise(operator.input_size, count=1)[:, :1].requires_grad_(True)
    assert torch.autograd.gradcheck(operator, (small,), fast_mode=True)
    other = noise(operator.output_size, count=1)[:, :1].requires_grad_(True)
    assert torch.autograd.gradcheck(operator.adjoint, (other,), fast_mode=True)


@pytest.mark.parametrize("name", SOLVED)
def test_the_covariance_is_solved(name: str) -> None:
    operator = LINEAR[name]()
    y = operator.measured(noise(operator.output_size))
    solved = operator.solve(y, gram=0.7, identity=0.01)
    assert torch.allclose(0.7 * operator.gram(solved) + 0.01 * solved, y, atol=1e-8)
    single = operator.solve(y.float(), gram=0.7, identity=0.01)
    assert torch.allclose(single.double(), solved, rtol=2e-3, atol=2e-3)


def test_tomography_is_solved() -> None:
    operator = LINEAR["radon"]()
    y = operator(noise(SIZE))
    solved = operator.solve(y, gram=0.7, identity=1e-2)
    assert torch.allclose(0.7 * operator.gram(solved) + 1e-2 * solved, y, atol=1e-8)


@pytest.mark.parametrize("name", ["gaussian", "box", "bicubic", "frame", "missing", "merged"])
def test_the_pseudo_inverse_is_moore_and_penroses(name: str) -> None:
    operator = LINEAR[name]()
    dense = matrix(operator)
    y = noise(operator.output_size)
    found = operator.pseudo_inverse(y).flatten(2)
    expected = y.flatten(2) @ torch.linalg.pinv(dense, rtol=1e-5).T
    assert torch.allclose(found, expected, atol=1e-6 * float(expected.abs().max()))


@pytest.mark.parametrize(
    "name", ["identity", "box", "missing", "circular kernel", "mirrored kernel"]
)
def test_the_pseudo_inverse_explains_exact_data(name: str) -> None:
    operator = LINEAR[name]()
    y = operator(noise(operator.input_size))
    assert torch.allclose(operator(operator.pseudo_inverse(y)), y, atol=1e-6)


@pytest.mark.parametrize("border", ["mirror", "circular"])
def test_a_kernel_is_convolved(border: str) -> None:
    x = noise(SIZE).numpy()
    kernel = (CROOKED.double() / CROOKED.double().sum()).numpy()
    wide = np.pad(
        x,
        [(0, 0), (0, 0), (1, 1), (1, 2)],
        mode="symmetric" if border == "mirror" else "wrap",
    )
    expected = np.zeros_like(x)
    for row in range(SIZE[0]):
        for column in range(SIZE[1]):
            # y[i] = sum_a k[a] x[i + centre - a], centre (1, 2)
            patch = wide[..., row : row + 3, column : column + 4]
            expected[..., row, column] = (patch * kernel[::-1, ::-1]).sum(axis=(2, 3))
    found = Convolution(SIZE, CROOKED, border)(torch.from_numpy(x))  # type: ignore[arg-type]
    assert np.allclose(found, expected, atol=1e-12)


def test_a_gaussian_blur_is_the_convolution_with_its_kernel() -> None:
    offsets = torch.arange(-6, 7).double()
    line = torch.exp(-0.5 * (offsets / 1.4) ** 2)
    plain = Convolution((16, 20), torch.outer(line, line))
    x = noise((16, 20))
    assert torch.allclose(gaussian_blur((16, 20), 1.4)(x), plain(x), atol=1e-12)


def test_smaller_sizes_are_means_and_pillows_bicubic() -> None:
    x = noise((24, 32))
    expected = x.reshape(2, 3, 6, 4, 8, 4).mean(dim=(3, 5))
    assert torch.allclose(box_downsampling((24, 32), 4)(x), expected, atol=1e-12)
    for factor in (2, 4, 8):
        image = Image.fromarray(x[0, 0].float().numpy())
        small = image.resize((32 // factor, 24 // factor), Image.Resampling.BICUBIC)
        found = bicubic_downsampling((24, 32), factor)(x)[0, 0]
        assert np.allclose(found, np.asarray(small), atol=1e-6)


@pytest.mark.parametrize("factor", range(2, 17))
@pytest.mark.parametrize("kind", [box_downsampling, bicubic_downsampling])
def test_all_scales_keep_a_constant(
    kind: Callable[[tuple[int, int], int], Separable], factor: int
) -> None:
    operator = kind((2 * factor, 3 * factor), factor)
    ones = torch.ones(1, 1, 2 * factor, 3 * factor)
    assert torch.allclose(operator(ones), torch.ones(1, 1, 2, 3))


def test_an_enlarged_picture_is_pillows_bicubic_twice() -> None:
    picture = torch.rand(1, 1, 32, 48, generator=torch.Generator().manual_seed(2)).double()
    grey = Image.fromarray(picture[0, 0].float().numpy(), mode="F")
    small = grey.resize((12, 8), Image.Resampling.BICUBIC)
    expected = np.asarray(small.resize((48, 32), Image.Resampling.BICUBIC))
    assert np.allclose(enlarged((32, 48), 4)(picture)[0, 0].numpy(), expected, atol=1e-5)


def test_a_frame_is_a_crop_and_keeps_closed_forms() -> None:
    x = noise((20, 22))
    cut = frame((12, 16), 3, 2, 5, 4)
    assert torch.equal(cut(x), x[:, :, 3:15, 4:20])
    assert cut.orthonormal
    shaken = Convolution(SIZE, CROOKED, "circular")
    whole = compose(cut, shaken)
    assert isinstance(whole, LinearComposition)
    y = noise(SIZE, 4)
    assert torch.equal(whole.solve(y, 0.3, 0.1), shaken.solve(y, 0.3, 0.1))


def test_a_constant_picture_survives_mirrored_blurs() -> None:
    flat = torch.full((1, 3, *SIZE), 0.37, dtype=torch.float64)
    for name in ("gaussian", "mirrored kernel", "motion"):
        assert torch.allclose(LINEAR[name]()(flat), flat, atol=1e-12)


def test_missing_pixels_are_neither_seen_nor_noisy() -> None:
    operator = holes()
    x = noise(SIZE)
    y = operator.degrade(x, 0.1, torch.Generator().manual_seed(0))
    gone = random_mask(SIZE, 0.6, seed=3).bool()
    assert gone.sum() == round(0.6 * 12 * 16)
    assert (y[..., gone] == 0).all()
    assert operator.count(y) == 2 * 3 * int((~gone).sum())
    assert (y - x)[..., ~gone].std().item() == pytest.approx(0.1, rel=0.15)
    bent = scratch_mask((64, 64), 4, seed=1)
    assert set(bent.unique().tolist()) == {0.0, 1.0}
    assert torch.equal(bent, scratch_mask((64, 64), 4, seed=1))
    assert 0.02 < bent.mean() < 0.4


def test_projections_are_sums_along_rays() -> None:
    angles = (0.0, 90.0, 33.0)
    operator = Radon(SIZE, angles)
    x = noise(SIZE, count=1)[:, :1]
    y = operator(x)[0, 0] * operator.diagonal
    length = detector_length(SIZE)
    assert (length, operator.diagonal) == (20, 20)
    # Straight down and straight across, where every ray meets pixels' centres.
    assert torch.allclose(y[0, 2:18], x[0, 0].sum(dim=0), atol=1e-12)
    assert torch.allclose(y[1, 4:16], x[0, 0].sum(dim=1).flip(0), atol=1e-12)
    picture = np.pad(x[0, 0].numpy(), 2)
    sine, cosine = np.sin(np.radians(33)), np.cos(np.radians(33))
    for bin_ in range(length):
        total = 0.0
        for step in range(length):
            b, s = bin_ - 9.5, step - 9.5
            row, column = -b * sine + s * cosine + 5.5 + 2, b * cosine + s * sine + 7.5 + 2
            if not (1 <= row < 14 and 1 <= column < 18):
                continue
            i, j = int(row), int(column)
            u, v = row - i, column - j
            total += (1 - u) * ((1 - v) * picture[i, j] + v * picture[i, j + 1])
            total += u * ((1 - v) * picture[i + 1, j] + v * picture[i + 1, j + 1])
        assert y[2, bin_].item() == pytest.approx(total, abs=1e-9)


def test_projections_that_are_too_many_to_keep_are_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    x, y = noise(SIZE), noise((7, detector_length(SIZE)), 1)
    kept = Radon(SIZE, even_angles(7))
    there, back = kept(x), kept.adjoint(y)
    monkeypatch.setattr(radon, "_MOST_KEPT", 0)
    monkeypatch.setattr(radon, "_AT_ONCE", 4 * kept.diagonal**2 * 3)
    made = Radon(SIZE, even_angles(7))
    assert torch.allclose(made(x), there, atol=1e-14)
    assert torch.allclose(made.adjoint(y), back, atol=1e-14)


def test_the_projections_of_a_disc_are_known() -> None:
    side, radius = 65, 20
    axis = torch.arange(side).double() - 32
    fine = (torch.arange(5).double() - 2) / 5
    down = (axis[:, None] + fine).reshape(-1, 1)
    inside = (down**2 + down.T**2 <= radius**2).double()
    disc = inside.reshape(side, 5, side, 5).mean(dim=(1, 3))[None, None]
    operator = Radon((side, side), even_angles(12))
    places = torch.arange(operator.diagonal).double() - (operator.diagonal - 1) / 2
    chords = 2 * (radius**2 - places**2).clamp_min(0).sqrt()
    away = (operator(disc)[0, 0] * operator.diagonal - chords).abs()
    assert away.mean() < 0.25
    rebuilt = Radon((side, side), even_angles(90))
    found = rebuilt.filtered_back_projection(rebuilt(disc))
    assert (found - disc).abs()[0, 0, 20:45, 20:45].mean() < 0.02
    assert (found - disc).square().mean().sqrt() < 0.07


@pytest.mark.parametrize("side", [1, 7, 64, 100, 255, 256, 1000])
def test_the_detector_tells_the_side_of_a_square(side: int) -> None:
    assert square_side(detector_length((side, side))) == side


def test_motion_kernels() -> None:
    flat = motion_kernel(5, 0)
    assert torch.allclose(flat.sum(), torch.tensor(1.0).double())
    assert (flat[2] > 0).all()
    assert flat[[0, 1, 3, 4]].abs().max() < 1e-12
    assert torch.allclose(motion_kernel(5, 90), flat.T, atol=1e-12)
    assert torch.allclose(motion_kernel(7, 30), motion_kernel(7, 210), atol=1e-12)
    rising = motion_kernel(9, 45)
    assert rising[2, 6] > 0
    assert rising[2, 2] == 0
    assert torch.equal(motion_kernel(1, 12), torch.ones(1, 1).double())


def test_composition_is_as_simple_as_it_can_be() -> None:
    x = noise(SIZE)
    assert isinstance(compose(Identity(SIZE), gaussian_blur(SIZE, 1), Identity(SIZE)), Separable)
    assert isinstance(blurred_small(), Separable)
    assert isinstance(shaken_small(), LinearComposition)
    dark = compose(holes(), Exposure(SIZE, 2.0))
    assert isinstance(dark, Composition)
    assert torch.equal(dark(x), Exposure(SIZE, 2.0)(holes()(x)))
    twice = compose(gaussian_blur(SIZE, 1), holes())
    assert torch.equal(twice(x), holes()(gaussian_blur(SIZE, 1)(x)))
    assert torch.equal(twice.measured(x), holes()(x))


def test_conjugate_gradients_equal_a_direct_solution() -> None:
    generator = torch.Generator().manual_seed(5)
    root = torch.randn(30, 30, generator=generator).double()
    dense = root @ root.T + 0.1 * torch.eye(30).double()
    b = torch.randn(4, 30, generator=generator).double()
    b[3] = 0
    expected = torch.linalg.solve(dense, b.T).T
    assert torch.allclose(conjugate_gradients(lambda v: v @ dense, b), expected, atol=1e-7)
    weights = 1 / dense.diagonal()
    found = conjugate_gradients(lambda v: v @ dense, b, lambda v: v * weights)
    assert torch.allclose(found, expected, atol=1e-7)


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: gaussian_blur(SIZE, 4.0), "spans"),
        (lambda: gaussian_blur(SIZE, 0.0), "sigma"),
        (lambda: gaussian_blur(SIZE, float("nan")), "sigma"),
        (lambda: Convolution(SIZE, torch.ones(13, 3)), "kernel is"),
        (lambda: Convolution(SIZE, torch.tensor([[1.0, -1.0]])), "zero"),
        (lambda: Convolution(SIZE, torch.tensor([[float("nan")]])), "finite"),
        (lambda: kernel_from_array(np.zeros((5, 5, 3))), "zero"),
        (lambda: kernel_from_array(np.zeros((0, 5))), "none"),
        (lambda: motion_kernel(0.5, 0), "length"),
        (lambda: box_downsampling(SIZE, 5), "divide"),
        (lambda: bicubic_downsampling(SIZE, 0), "scale"),
        (lambda: frame(SIZE, 0, -1, 0, 0), "margin"),
        (lambda: MissingPixels(torch.ones(4, 4)), "left"),
        (lambda: random_mask(SIZE, 1.0), "share"),
        (lambda: scratch_mask(SIZE, 0), "scratches"),
        (lambda: Radon(SIZE, ()), "angle"),
        (lambda: even_angles(0), "angle"),
        (lambda: Identity(SIZE)(torch.zeros(1, 3, 5, 5)), "equal"),
        (lambda: Identity(SIZE).adjoint(torch.zeros(1, 3, 5, 5)), "equal"),
        (lambda: compose(Identity(SIZE), Identity((3, 3))), "order"),
    ],
)
def test_what_cannot_be_is_refused(make: Callable[[], object], word: str) -> None:
    with pytest.raises(RequestError, match=word):
        make()
