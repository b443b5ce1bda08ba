"""What the window asks the engine: pictures degraded and projected."""

import pickle
import subprocess
import sys

import numpy as np
import pytest
import torch

from core.errors import RequestError
from core.restoration.building import operator_for
from core.restoration.degradations import (
    KINDS,
    Downsampling,
    GaussianBlur,
    KernelBlur,
    Missing,
    MotionBlur,
    OutsideFrame,
    Tomography,
)
from core.restoration.phantom import shepp_logan
from core.restoration.questions import Degrade, Examples, Project
from core.restoration.residual import to_pixels, to_tensor

RANDOM = np.random.default_rng(3)
PICTURE = RANDOM.integers(0, 256, (48, 64, 3), dtype=np.uint8)


def test_a_degraded_picture_is_the_operators() -> None:
    what = (GaussianBlur(sigma=2.0),)
    found = Degrade(PICTURE, what, noise=0.1, seed=7).answer()
    generator = torch.Generator().manual_seed(7)
    expected = operator_for(what, (48, 64)).degrade(to_tensor(PICTURE), 0.1, generator)
    assert np.array_equal(found, to_pixels(expected, np.dtype(np.uint8)))


def test_what_is_smaller_stands_enlarged_in_the_middle() -> None:
    found = Degrade(PICTURE, (Downsampling(factor=4, filter="box"),)).answer()
    assert found.shape == PICTURE.shape
    assert np.array_equal(found[:4, :4], np.broadcast_to(found[0, 0], (4, 4, 3)))
    framed = Degrade(PICTURE, (OutsideFrame(left=16, right=16),)).answer()
    assert framed.shape == PICTURE.shape
    assert np.array_equal(framed[24, 17:47], PICTURE[24, 17:47])
    odd = RANDOM.integers(0, 256, (50, 67, 3), dtype=np.uint8)
    assert Degrade(odd, (Downsampling(factor=4), Tomography())).answer().shape == odd.shape


def test_a_large_picture_is_made_smaller_with_what_happened_to_it() -> None:
    rows, columns = np.mgrid[0:512, 0:640]
    large = np.stack([rows % 256, columns % 256, (rows // 64 + columns // 64) % 2 * 255], axis=2)
    what = (GaussianBlur(sigma=8.0), MotionBlur(length=20))
    small = Degrade(large.astype(np.uint8), what, longest=160).answer()
    whole = Degrade(large.astype(np.uint8), what, longest=640).answer()
    assert small.shape == (128, 160, 3)
    means = whole.reshape(128, 4, 160, 4, 3).mean(axis=(1, 3))
    assert np.abs(small - means).mean() < 4
    mask = np.zeros((512, 640), np.float32)
    mask[:256] = 1
    hidden = Degrade(large.astype(np.uint16) * 257, (Missing(),), mask=mask, longest=160).answer()
    assert (hidden[:63] == 0).all()
    assert hidden[65:].any()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.model_fields["kind"].default)
def test_every_kind_can_be_scaled(kind) -> None:
    what = KernelBlur(kernel=((0.0, 1.0), (1.0, 1.0))) if kind is KernelBlur else kind()
    mask = np.eye(24, 32, dtype=np.float32)
    for share in (0.5, 0.1):
        assert Degrade(PICTURE[:24, :32], (what.scaled(share),), mask=mask).answer().any()


def test_every_kind_has_an_example() -> None:
    picture = RANDOM.integers(0, 256, (96, 96, 3), dtype=np.uint8)
    found = Examples(picture).answer()
    assert set(found) == {kind.model_fields["kind"].default for kind in KINDS}
    assert all(pixels.shape == (96, 96, 3) for pixels in found.values())
    assert all(not np.array_equal(pixels, picture) for pixels in found.values())


def test_projections_and_their_back_projection() -> None:
    phantom = shepp_logan(64)
    answer = Project(phantom, Tomography(angles=90)).answer()
    assert answer.sinogram.shape == (90, 91, 3)
    assert answer.sinogram.dtype == np.uint16
    assert np.abs(answer.back_projection - phantom).mean() < 0.05
    few = Project(phantom, Tomography(angles=8)).answer().back_projection
    assert np.abs(few - phantom).mean() > 2 * np.abs(answer.back_projection - phantom).mean()
    noisy = Project(phantom, Tomography(angles=90), noise=0.02).answer().sinogram
    assert (noisy[..., 0] == noisy[..., 1]).all()
    difference = (noisy.astype(float) - answer.sinogram)[:, 30:60, 0] / 65535
    assert difference.std() == pytest.approx(0.02, rel=0.1)


def test_questions_and_answers_can_be_pickled() -> None:
    question = pickle.loads(pickle.dumps(Project(shepp_logan(16), Tomography(angles=3))))
    assert pickle.loads(pickle.dumps(question.answer())).sinogram.shape == (3, 23, 3)


def test_what_does_not_fit_is_said() -> None:
    with pytest.raises(RequestError, match="spans"):
        Degrade(PICTURE, (GaussianBlur(sigma=50),)).answer()
    with pytest.raises(RequestError, match="sums to zero"):
        Degrade(PICTURE, (KernelBlur(kernel=((0.0,),)),)).answer()
    with pytest.raises(RequestError, match="mask"):
        Degrade(PICTURE, (Missing(),)).answer()
    with pytest.raises(RequestError, match="black everywhere"):
        KernelBlur.of_picture(np.zeros((3, 3, 3), np.uint8))
    with pytest.raises(RequestError, match="255"):
        KernelBlur.of_picture(np.ones((3, 300), np.uint8))


def test_a_kernel_from_a_picture_sums_to_one() -> None:
    kernel = KernelBlur.of_picture(np.array([[0, 255], [51, 0]], np.uint8)).kernel
    assert np.allclose(kernel, [[0, 5 / 6], [1 / 6, 0]])


def test_asking_imports_no_torch() -> None:
    code = "import sys, core.restoration.questions; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
