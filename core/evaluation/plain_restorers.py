"""What restores a picture without a learnt prior: the plain baselines of `restorations`.

All work on float pictures HxWx3 on 0 to 1. Total variation and Wiener are scikit-image's, which is
an extra (`pip install sfumato[evaluation]`); without it they are left out.
"""

from collections.abc import Callable
from importlib.util import find_spec

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from core.restoration.operators import LinearOperator

Picture = NDArray[np.float32]
Restorer = Callable[[Picture, LinearOperator], Picture]

# Chosen by PSNR on 20 pictures of trained objects under the same noise (.05), among
# .02 .04 .06 .08 .12 .16 .24 and .01 .03 .1 .3 1 3 10.
TV_WEIGHT = 0.04
WIENER_BALANCE = {"gaussian": 0.1, "motion": 1.0}
RADIUS = 3
BORDER = 16


def restorers(task: str) -> dict[str, Restorer]:
    """The baselines of a task, by name; those of scikit-image only where it is installed."""
    if task == "x4":
        found: dict[str, Restorer] = {"bicubic": bicubic}
        first: Restorer = bicubic
    elif task in ("box", "random"):
        found = {"inpaint": inpaint}
        first = inpaint
    else:
        balance = WIENER_BALANCE[task]
        found, first = {}, as_it_is
        if has_scikit_image():
            found["Wiener"] = lambda y, operator: wiener(y, operator, balance)
    if has_scikit_image():
        found["total variation"] = lambda y, operator: total_variation(first(y, operator))
    return found


def has_scikit_image() -> bool:
    """Whether scikit-image is installed."""
    return find_spec("skimage") is not None


def as_it_is(y: Picture, operator: LinearOperator) -> Picture:
    """The measurement itself."""
    return y


def bicubic(y: Picture, operator: LinearOperator) -> Picture:
    """Brought to its old size by Keys' cubic, as OpenCV does it."""
    height, width = operator.input_size
    return np.asarray(cv2.resize(y, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)


def inpaint(y: Picture, operator: LinearOperator) -> Picture:
    """Telea 2004, as OpenCV does it; on 8 bits."""
    gone = operator.measured(torch.ones(1, 1, *operator.input_size))[0, 0].numpy() == 0
    whole = np.rint(y.clip(0, 1) * 255).astype(np.uint8)
    filled = cv2.inpaint(whole, gone.astype(np.uint8), RADIUS, cv2.INPAINT_TELEA)
    return np.where(gone[..., None], filled / np.float32(255), y).astype(np.float32)


def total_variation(picture: Picture) -> Picture:
    """Chambolle 2004, as scikit-image does it."""
    from skimage.restoration import denoise_tv_chambolle  # pyright: ignore

    return denoise_tv_chambolle(picture, weight=TV_WEIGHT, channel_axis=-1).astype(np.float32)


def wiener(y: Picture, operator: LinearOperator, balance: float) -> Picture:
    """Wiener-Hunt, as scikit-image does it, on the picture mirrored at its edges."""
    from skimage.restoration import wiener as deconvolve  # pyright: ignore

    point = torch.zeros(1, 1, *operator.input_size, dtype=torch.float64)
    centre = [side // 2 for side in operator.input_size]
    point[..., centre[0], centre[1]] = 1.0
    around = [slice(place - BORDER + 1, place + BORDER) for place in centre]
    kernel = operator(point)[0, 0].numpy()[around[0], around[1]]
    wide = np.pad(y, ((BORDER, BORDER), (BORDER, BORDER), (0, 0)), mode="symmetric")
    channels = [
        np.asarray(deconvolve(wide[..., band].astype(np.float64), kernel, balance, clip=False))
        for band in range(3)
    ]
    sharp = np.stack(channels, axis=-1)[BORDER:-BORDER, BORDER:-BORDER]
    return sharp.astype(np.float32)
