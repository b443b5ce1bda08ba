"""What happened to a picture, as settings: kinds, ranges and defaults; no torch.

A degradation says what was done; `core.restoration.building` makes the operator of it.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Size = tuple[int, int]


class _Degradation(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    title: ClassVar[str]

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
        default=3.0, gt=0.0, le=200.0, description="Standard deviation of the blur in pixels."
    )


class MotionBlur(_Degradation):
    """Blurred by a straight, even movement."""

    title = "Motion blur"

    kind: Literal["motion-blur"] = "motion-blur"
    length: float = Field(default=15.0, ge=1.0, le=500.0, description="Length in pixels.")
    angle: float = Field(
        default=0.0, ge=-360.0, le=360.0, description="Degrees from the horizontal, leftwards up."
    )


class KernelBlur(_Degradation):
    """Blurred by a kernel of one's own."""

    title = "Any kernel"

    kind: Literal["kernel"] = "kernel"
    kernel: tuple[tuple[float, ...], ...] = Field(
        min_length=1, max_length=255, description="Its rows; they are made to sum to one."
    )

    @model_validator(mode="after")
    def _is_a_rectangle(self) -> "KernelBlur":
        if len({len(row) for row in self.kernel}) != 1 or not 1 <= len(self.kernel[0]) <= 255:
            raise ValueError("a kernel has 1 to 255 columns, the same in every row")
        return self


class Downsampling(_Degradation):
    """Made smaller by a whole factor."""

    title = "Small size"

    kind: Literal["downsampling"] = "downsampling"
    factor: int = Field(default=4, ge=2, le=16, description="How many times smaller.")
    filter: Literal["bicubic", "box"] = Field(
        default="bicubic", description="How: the widened cubic kernel, or plain means."
    )

    def before(self, after: Size) -> Size:
        return after[0] * self.factor, after[1] * self.factor


class Missing(_Degradation):
    """Pixels that are gone: those of the mask, a random share, or scratches."""

    title = "Missing pixels"

    kind: Literal["missing"] = "missing"
    pattern: Literal["mask", "random", "scratches"] = Field(
        default="mask", description="Where: a mask (white = missing), at random, or scratches."
    )
    share: float = Field(default=0.92, ge=0.0, lt=1.0, description="Share missing at random.")
    count: int = Field(default=8, ge=1, le=1000, description="Number of scratches.")
    width: int = Field(default=3, ge=1, le=100, description="Width of a scratch in pixels.")
    pattern_seed: int = Field(default=0, ge=0, description="Seed of the places.")


class OutsideFrame(_Degradation):
    """Only a part of the picture was kept."""

    title = "Outside the frame"

    kind: Literal["outside"] = "outside"
    top: int = Field(default=0, ge=0, le=4096, description="Pixels missing above.")
    right: int = Field(default=0, ge=0, le=4096, description="Pixels missing on the right.")
    bottom: int = Field(default=0, ge=0, le=4096, description="Pixels missing below.")
    left: int = Field(default=0, ge=0, le=4096, description="Pixels missing on the left.")

    def before(self, after: Size) -> Size:
        return after[0] + self.top + self.bottom, after[1] + self.left + self.right


class Tomography(_Degradation):
    """Projections of a square picture: parallel rays at evenly spread angles."""

    title = "Projections"

    kind: Literal["tomography"] = "tomography"
    angles: int = Field(default=60, ge=1, le=1000, description="How many directions.")
    turn: float = Field(default=180.0, gt=0.0, le=360.0, description="Degrees that they span.")

    def before(self, after: Size) -> Size:
        from core.restoration.radon import square_side

        side = square_side(after[1])
        return side, side


class JpegCompression(_Degradation):
    """Saved as a JPEG file of low quality."""

    title = "JPEG"

    kind: Literal["jpeg"] = "jpeg"
    quality: int = Field(default=20, ge=1, le=100, description="The file's quality.")


class Overexposure(_Degradation):
    """Too bright and clipped, then encoded with a gamma."""

    title = "Exposure"

    kind: Literal["exposure"] = "exposure"
    gain: float = Field(default=2.0, gt=0.0, le=100.0, description="How much brighter.")
    gamma: float = Field(default=1.0, gt=0.0, le=10.0, description="Of the encoding; 1 = none.")


Degradation = Annotated[
    NoiseOnly
    | GaussianBlur
    | MotionBlur
    | KernelBlur
    | Downsampling
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
