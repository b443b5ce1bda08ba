"""All that comes out of an edit: Notice, Progress, Preview, Finished. All can be pickled."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from core.request import EditRequest, Pixels
from core.restoration.report import Restoration

if TYPE_CHECKING:
    from core.inspection.recording import Recording

Phase = Literal["encode", "invert", "sample", "decode"]


@dataclass(frozen=True)
class Progress:
    """`step` of `steps` network steps are done (of the whole edit, inversion included)."""

    step: int
    steps: int
    phase: Phase
    seconds_left: float | None = None


@dataclass(frozen=True)
class Notice:
    """Something that the user should know of this edit, in one line; it goes on.

    choice: it tells what Auto chose and why, so nothing is amiss.
    """

    message: str
    choice: bool = False


@dataclass(frozen=True, eq=False)
class Preview:
    """What the picture is becoming: RGB uint8 hxwx3 at the latents' resolution or larger.

    It covers the whole picture; scale it to the picture's size to show it.
    """

    picture: NDArray[np.uint8]
    step: int
    steps: int


@dataclass(frozen=True, eq=False)
class Finished:
    """The result, with the request that made it.

    picture: RGB HxWx3, of the request's picture's dtype and, but for a restoration and an
        extension, its size.
    changed_outside: values (channels of pixels) that differ from the input outside mask and
        blend band; 0 unless there is a fault. None when there was no mask.
    reconstruction_db: PSNR of the first stage's rebuilt picture against the input, or None.
    network_evaluations: pictures that the denoiser evaluated (guidance counts two).
    seconds: wall time of the edit without loading the model.
    recipe: the request as JSON-ready values with hashes and versions (`core.recipe`).
    offset: (left, top) of the old picture's corner inside `picture`, for the extend job.
    restoration: all samples with residual and uncertainty, for the restore job.
    recording: what the edit looked like from inside, if it was recorded.
    """

    request: EditRequest
    picture: Pixels
    changed_outside: int | None
    network_evaluations: int
    seconds: float
    recipe: dict[str, object]
    reconstruction_db: float | None = None
    offset: tuple[int, int] | None = None
    restoration: Restoration | None = None
    recording: "Recording | None" = None


EditEvent = Notice | Progress | Preview | Finished
