"""What happened to a picture, as settings: kinds, ranges and defaults; no torch.

A degradation says what was done; `core.restoration.building` makes the operator of it. "usual" in
a field's schema is where a slider for it ends, what is more is typed; "when" names other fields and
the values of theirs at which it counts.
"""

from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.errors import RequestError

Size = tuple[int, int]
LARGEST_KERNEL = 255


class _Degradation(BaseModel):
    """Subclasses name themselves and say what they do in a sentence.

    anywhere: whether every part of the picture was treated in the same way, so that a part can be
        restored by itself.
    linear: whether the operator is, which exact guidance asks for.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: ClassVar[str]
    anywhere: ClassVar[bool] = True
    linear: ClassVar[bool] = True

    def scaled(self, share: float) -> Self:
        """What it is on the picture made smaller to `share` of its size, about; for previews."""
        return self

    def before(self, after: Size) -> Size:
        """(height, width) of the picture whose measurement has the size `after`."""
        return after


class NoiseOnly(_Degradation):
    """Nothing but noise."""

    title = "Noise"

    kind: Literal["noise"] = "noise"


class GaussianBlur(_Degradation):
    """Blurred evenly, as by a lens out of focus."""

    title = "Gaussian blur"

    kind: Literal["gaussian-blur"] = "gaussian-blur"
    sigma: float = Field(
        default=3.0,
        gt=0.0,
        le=200.0,
        description="Standard deviation of the blur in pixels.",
        json_schema_extra={"usual": 12},
    )

    def scaled(self, share: float) -> Self:
        return self.model_copy(update={"sigma": self.sigma * share})


class MotionBlur(_Degradation):
    """Blurred by a straight, even movement."""

    title = "Motion blur"

    kind: Literal["motion-blur"] = "motion-blur"
    length: float = Field(
        default=15.0,
        ge=1.0,
        le=500.0,
        description="Length in pixels.",
        json_schema_extra={"usual": 60},
    )
    angle: float = Field(
        default=0.0, ge=-360.0, le=360.0, description="Degrees from the horizontal, leftwards up."
    )

    def scaled(self, share: float) -> Self:
        return self.model_copy(update={"length": max(1.0, self.length * share)})


class KernelBlur(_Degradation):
    """Blurred by a kernel of one's own."""

    title = "Any kernel"

    kind: Literal["kernel"] = "kernel"
    kernel: tuple[tuple[float, ...], ...] = Field(
        min_length=1,
        max_length=LARGEST_KERNEL,
        description="Its rows; they are made to sum to one.",
    )

    @model_validator(mode="after")
    def _is_a_rectangle(self) -> "KernelBlur":
        if len({len(row) for row in self.kernel}) != 1 or not 1 <= len(self.kernel[0]) <= 255:
            raise ValueError("a kernel has 1 to 255 columns, the same in every row")
        return self

    @classmethod
    def of_picture(cls, pixels: NDArray[Any], name: str = "the kernel's picture") -> Self:
        """The kernel that a small grey or RGB picture shows, white on black.

        Raises RequestError if it is larger than 255 x 255 or black.
        """
        if max(pixels.shape[:2]) > LARGEST_KERNEL:
            raise RequestError(f"{name} is larger than 255 x 255; a kernel is a small picture.")
        values = pixels.astype(np.float64)
        values = values.mean(axis=2) if values.ndim == 3 else values
        if not values.any():
            raise RequestError(f"{name} is black everywhere; draw the kernel white on black.")
        return cls(kernel=tuple(map(tuple, (values / values.sum()).tolist())))

    def scaled(self, share: float) -> Self:
        """The kernel's means over what becomes one pixel."""
        import cv2

        rows = np.array(self.kernel)
        size = [max(1, round(side * share)) for side in rows.shape[::-1]]
        small = cv2.resize(rows, size, interpolation=cv2.INTER_AREA)
        return self.model_copy(update={"kernel": tuple(map(tuple, small.tolist()))})


class Downsampling(_Degradation):
    """Made smaller by a whole factor."""

    title = "Small size"
    anywhere = False

    kind: Literal["downsampling"] = "downsampling"
    factor: int = Field(default=4, ge=2, le=16, description="How many times smaller.")
    filter: Literal["bicubic", "box"] = Field(
        default="bicubic", description="How: the widened cubic kernel, or plain means."
    )

    def before(self, after: Size) -> Size:
        return after[0] * self.factor, after[1] * self.factor

    def scaled(self, share: float) -> Self:
        return self.model_copy(update={"factor": max(1, round(self.factor * share))})


class Enlarged(_Degradation):
    """Made smaller by a whole factor and as large as before again."""

    title = "Enlarged"
    anywhere = False

    kind: Literal["enlarged"] = "enlarged"
    factor: int = Field(default=4, ge=2, le=16, description="How many times it was enlarged.")

    def scaled(self, share: float) -> Self:
        return self.model_copy(update={"factor": max(1, round(self.factor * share))})


class Missing(_Degradation):
    """Pixels that are gone: those of the mask, a random share, or scratches."""

    title = "Missing pixels"
    anywhere = False

    kind: Literal["missing"] = "missing"
    pattern: Literal["mask", "random", "scratches"] = Field(
        default="mask", description="Where: a mask (white = missing), at random, or scratches."
    )
    share: float = Field(
        default=0.92,
        ge=0.0,
        lt=1.0,
        description="Share missing at random.",
        json_schema_extra={"when": {"pattern": ["random"]}},
    )
    count: int = Field(
        default=8,
        ge=1,
        le=1000,
        description="Number of scratches.",
        json_schema_extra={"usual": 40, "when": {"pattern": ["scratches"]}},
    )
    width: int = Field(
        default=3,
        ge=1,
        le=100,
        description="Width of a scratch in pixels.",
        json_schema_extra={"usual": 20, "when": {"pattern": ["scratches"]}},
    )
    pattern_seed: int = Field(
        default=0,
        ge=0,
        description="Seed of the places.",
        json_schema_extra={"when": {"pattern": ["random", "scratches"]}},
    )

    def scaled(self, share: float) -> Self:
        return self.model_copy(update={"width": max(1, round(self.width * share))})


def _margin(description: str) -> Any:
    return Field(
        default=0, ge=0, le=4096, description=description, json_schema_extra={"usual": 256}
    )


class OutsideFrame(_Degradation):
    """Only a part of the picture was kept."""

    title = "Outside the frame"
    anywhere = False

    kind: Literal["outside"] = "outside"
    top: int = _margin("Pixels missing above.")
    right: int = _margin("Pixels missing on the right.")
    bottom: int = _margin("Pixels missing below.")
    left: int = _margin("Pixels missing on the left.")

    def before(self, after: Size) -> Size:
        return after[0] + self.top + self.bottom, after[1] + self.left + self.right

    def scaled(self, share: float) -> Self:
        sides = ("top", "right", "bottom", "left")
        return self.model_copy(update={side: round(getattr(self, side) * share) for side in sides})


class Tomography(_Degradation):
    """Projections of a square picture: parallel rays at evenly spread angles."""

    title = "Projections"
    anywhere = False

    kind: Literal["tomography"] = "tomography"
    angles: int = Field(
        default=60,
        ge=1,
        le=1000,
        description="How many directions.",
        json_schema_extra={"usual": 180},
    )
    turn: float = Field(default=180.0, gt=0.0, le=360.0, description="Degrees that they span.")

    def before(self, after: Size) -> Size:
        from core.restoration.radon import square_side

        side = square_side(after[1])
        return side, side


class JpegCompression(_Degradation):
    """Saved as a JPEG file of low quality."""

    title = "JPEG"
    linear = False

    kind: Literal["jpeg"] = "jpeg"
    quality: int = Field(default=20, ge=1, le=100, description="The file's quality.")


class Overexposure(_Degradation):
    """Too bright and clipped, then encoded with a gamma."""

    title = "Exposure"
    linear = False

    kind: Literal["exposure"] = "exposure"
    gain: float = Field(
        default=2.0,
        gt=0.0,
        le=100.0,
        description="How much brighter.",
        json_schema_extra={"usual": 8},
    )
    gamma: float = Field(
        default=1.0,
        gt=0.0,
        le=10.0,
        description="Of the encoding; 1 = none.",
        json_schema_extra={"usual": 4},
    )


Degradation = Annotated[
    NoiseOnly
    | GaussianBlur
    | MotionBlur
    | KernelBlur
    | Downsampling
    | Enlarged
    | Missing
    | OutsideFrame
    | Tomography
    | JpegCompression
    | Overexposure,
    Field(discriminator="kind"),
]

KINDS: tuple[type[_Degradation], ...] = (
    NoiseOnly,
    GaussianBlur,
    MotionBlur,
    KernelBlur,
    Downsampling,
    Enlarged,
    Missing,
    OutsideFrame,
    Tomography,
    JpegCompression,
    Overexposure,
)


def size_before(degradations: tuple[Degradation, ...], after: Size) -> Size:
    """(height, width) of the picture whose measurement has the size `after`."""
    for degradation in reversed(degradations):
        after = degradation.before(after)
    return after
