"""How good one edit is, measured against what is known of it.

kept_*    the region that must not change, against the picture before the edit
true_*    the whole picture, against the known answer
agreement, here, direction    against the words, by a CLIP
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.evaluation.clip_score import ClipScore
from core.evaluation.directional_clip import similarities
from core.evaluation.known_edits import KnownEdit, Pixels, Region

CAP = 50.0
"""dB beyond which a difference is of no interest: it is less than one value of 255."""


@dataclass(frozen=True)
class EditFigures:
    """nan where a figure has no meaning (nothing is kept).

    kept_psnr: dB, at most 50. kept_ssim: Wang et al. 2004, in [-1, 1].
    kept_tower, true_tower: distance of the features of our own CLIP's image tower, times 1000 (see
        `ClipScore.distance`); what is not kept is put back before it is compared.
    true_psnr: dB, at most 50.
    agreement: cosine of the picture with the target prompt. here: of the square around the edit
        with the words for what should be there. direction: cosine of the change of the picture with
        the change of the words (`directional_clip`).
    """

    kept_psnr: float
    kept_ssim: float
    kept_tower: float
    true_psnr: float
    true_tower: float
    agreement: float
    here: float
    direction: float


def measure(edit: KnownEdit, result: Pixels, clip: ClipScore) -> EditFigures:
    """The figures of one result, RGB uint8 of the edit's own size."""
    nan = float("nan")
    kept_psnr = kept_ssim = kept_tower = nan
    if edit.kept is not None:
        kept_psnr = psnr(edit.picture, result, edit.kept)
        kept_ssim = float(ssim(edit.picture, result)[edit.kept].mean())
        only_kept = np.where(edit.kept[..., None], result, edit.picture)
        kept_tower = 1000 * clip.distance(edit.picture, only_kept)
    whole, around = clip.pictures([result, result[edit.box]])
    target, here = clip.texts([edit.target_prompt, edit.here])
    words = edit.source_caption, edit.target_prompt
    return EditFigures(
        kept_psnr=kept_psnr,
        kept_ssim=kept_ssim,
        kept_tower=kept_tower,
        true_psnr=psnr(edit.answer, result),
        true_tower=1000 * clip.distance(edit.answer, result),
        agreement=float(whole @ target),
        here=float(around @ here),
        direction=similarities(clip, edit.picture, [result], *words)[0],
    )


def psnr(expected: Pixels, got: Pixels, where: Region | None = None) -> float:
    """Peak signal-to-noise ratio in dB, of the pixels `where` (None = all), at most `CAP`."""
    squared = np.square(expected.astype(np.float64) - got.astype(np.float64))
    mean = float(squared.mean() if where is None else squared[where].mean())
    return min(CAP, float(10 * np.log10(255**2 / mean))) if mean > 0 else CAP


def ssim(first: Pixels, second: Pixels) -> NDArray[np.float32]:
    """Structural similarity at every pixel, HxW, the mean of the channels.

    Wang et al. 2004, eq. 13: windows of 11 x 11 with a Gaussian of 1.5 pixels, K1 .01, K2 .03.
    """
    x, y = first.astype(np.float64), second.astype(np.float64)
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    mean_x, mean_y = _window(x), _window(y)
    variance_x = _window(x * x) - mean_x**2
    variance_y = _window(y * y) - mean_y**2
    covariance = _window(x * y) - mean_x * mean_y
    above = (2 * mean_x * mean_y + c1) * (2 * covariance + c2)
    below = (mean_x**2 + mean_y**2 + c1) * (variance_x + variance_y + c2)
    return (above / below).mean(axis=2).astype(np.float32)


def _window(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(cv2.GaussianBlur(values, (11, 11), 1.5), np.float64)
