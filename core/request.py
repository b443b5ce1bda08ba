"""`EditRequest`: everything that one edit needs, immutable, so that a result can be run again."""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import RequestError
from core.settings import ExtendSettings, Job, Settings

Pixels = NDArray[np.uint8] | NDArray[np.uint16]
Mask = NDArray[np.float32]

MAX_STEPS = 1000
MAX_SEED = 2**63 - 1
MAX_VARIATIONS = 16
MIN_SCALE = 0.25
MAX_EXTENDED_PIXELS = 300_000_000


@dataclass(frozen=True, eq=False)
class EditRequest:
    """One edit, complete.

    settings: the method, by type, with its own options.
    picture: RGB, HxWx3, uint8 or uint16; None only for generation.
    mask: HxW float32 in [0, 1], 1 = edit, 0 = keep; None = the whole picture.
    source_prompt, target_prompt: what the picture shows, and what it should become.
    steps: network steps of a full path, 1 to 1000.
    guidance_scale: classifier-free guidance, 1.0 = off.
    seed: 0 to 2**63 - 1.
    model: a name in the model library or a folder.
    size: (height, width) in pixels, for generation only; None = the model's own.
    chosen_because: why Auto chose these settings; empty where the user did.
    variations: results to make, 1 to 16; the i-th is that of `variation(i)`.
    blend_with: pairs (other seed, weight). Every noise draw is the weighted sum of the draws of all
        these seeds and of `seed`, whose own weight makes the squares' sum 1; `blended_with` makes
        them.
    scale: of the size at which the model would work on the picture, 0.25 to 1. Less takes less
        memory and loses fine detail; a restoration works at its own size whatever it says.

    Arrays are copied and made read-only. Raises RequestError when the parts contradict.
    """

    settings: Settings
    picture: Pixels | None = None
    mask: Mask | None = None
    source_prompt: str = ""
    target_prompt: str = ""
    steps: int = 30
    guidance_scale: float = 5.0
    seed: int = 0
    model: str = "starter"
    size: tuple[int, int] | None = None
    chosen_because: str = ""
    variations: int = 1
    blend_with: tuple[tuple[int, float], ...] = ()
    scale: float = 1.0

    def __post_init__(self) -> None:
        if self.picture is not None:
            object.__setattr__(self, "picture", _frozen(checked_picture(self.picture)))
        if self.mask is not None:
            object.__setattr__(self, "mask", _frozen(checked_mask(self.mask, self.picture)))
        self._check_numbers()
        self._check_job()

    def with_(self, **changes: Any) -> "EditRequest":
        """A copy with some fields changed, checked again."""
        return replace(self, **changes)

    def variation(self, index: int) -> "EditRequest":
        """The request of one of the variations, 0 to variations - 1, which replays alone.

        Its seed is seed + index; with `blend_with` the last other seed counts up in its place.
        """
        if self.variations == 1 and index == 0:
            return self
        if not self.blend_with:
            return self.with_(seed=self.seed + index, variations=1)
        *first, (other, weight) = self.blend_with
        return self.with_(blend_with=(*first, (other + index, weight)), variations=1)

    def blended_with(self, other: "EditRequest | int", amount: float) -> "EditRequest":
        """This request with noise on the great circle from its own to the other's.

        other: a request, or a seed. amount: 0 = this one's noise, .5 = half-way, 1 = the other's.
        Independent draws of many numbers are as good as orthogonal, so that slerp's arc is between
        their weights; it stays a draw of unit Gaussian noise.
        """
        own = self.noise_weights
        others = {other: 1.0} if isinstance(other, int) else other.noise_weights
        seeds = [*own, *(seed for seed in others if seed not in own)]
        cosine = sum(own.get(seed, 0.0) * others.get(seed, 0.0) for seed in seeds)
        angle = math.acos(min(cosine, 1.0))
        if angle < 1e-6:
            return self
        near = math.sin((1 - amount) * angle) / math.sin(angle)
        far = math.sin(amount * angle) / math.sin(angle)
        mixed = {s: near * own.get(s, 0.0) + far * others.get(s, 0.0) for s in seeds}
        pairs = tuple((s, min(w, 1.0)) for s, w in mixed.items() if s != self.seed and w > 0)
        return self.with_(blend_with=pairs)

    @property
    def noise_weights(self) -> dict[int, float]:
        """All seeds that the noise is drawn from, and their weights, of unit sum of squares."""
        own = math.sqrt(max(1.0 - sum(weight**2 for _, weight in self.blend_with), 0.0))
        weights = {self.seed: own}
        for seed, weight in self.blend_with:
            weights[seed] = weights.get(seed, 0.0) + weight
        return weights

    def _check_numbers(self) -> None:
        if not 1 <= self.steps <= MAX_STEPS:
            raise RequestError(f"steps is {self.steps}; choose 1 to {MAX_STEPS}.")
        if not 0 <= self.seed <= MAX_SEED:
            raise RequestError(f"seed is {self.seed}; choose 0 to {MAX_SEED}.")
        if not (np.isfinite(self.guidance_scale) and 0.0 <= self.guidance_scale <= 100.0):
            raise RequestError(
                f"guidance scale is {self.guidance_scale}; choose 0 to 100 (1 = off)."
            )
        if not 1 <= self.variations <= MAX_VARIATIONS:
            raise RequestError(f"variations is {self.variations}; choose 1 to {MAX_VARIATIONS}.")
        if self.seed + self.variations - 1 > MAX_SEED:
            raise RequestError(f"seed is {self.seed}; choose a smaller one for variations.")
        for seed, weight in self.blend_with:
            if not (0 <= seed <= MAX_SEED - self.variations + 1 and 0.0 < weight <= 1.0):
                raise RequestError(
                    f"blend_with has seed {seed} of weight {weight:g}; choose a seed from 0 and a "
                    "weight above 0, at most 1."
                )
        if sum(weight**2 for _, weight in self.blend_with) > 1.0 + 1e-9:
            raise RequestError("the squared weights of blend_with sum to more than 1; lower them.")
        if not MIN_SCALE <= self.scale <= 1.0:
            raise RequestError(f"scale is {self.scale}; choose {MIN_SCALE} to 1.")
        if self.size is not None and min(self.size) < 1:
            raise RequestError(f"size is {self.size}; both sides must be at least 1 pixel.")

    def _check_job(self) -> None:
        job = self.settings.job
        if job is Job.GENERATE:
            if self.picture is not None:
                raise RequestError("Generate takes no picture; choose Restyle to start from one.")
            return
        if self.picture is None:
            raise RequestError(f"{job.value.capitalize()} needs a picture; open one first.")
        if self.size is not None:
            raise RequestError("size is for Generate; the picture has its own size.")
        if job is Job.FILL and self.mask is None:
            raise RequestError("Fill needs a mask; paint over what should change.")
        if isinstance(self.settings, ExtendSettings):
            self._check_extension(self.settings, *self.picture.shape[:2])
        if self._asks_for_nothing:
            return
        if job in (Job.SWAP, Job.RESTYLE) and not self.target_prompt.strip():
            raise RequestError(
                f"{job.value.capitalize()} needs a target prompt; say what the picture "
                "should become."
            )

    def _check_extension(self, sides: ExtendSettings, height: int, width: int) -> None:
        if self.mask is not None:
            raise RequestError("Extend takes no mask: it fills what is new. Leave the mask out.")
        if not (sides.left or sides.right or sides.top or sides.bottom):
            raise RequestError("Extend needs new pixels on at least one side; say how many.")
        width, height = width + sides.left + sides.right, height + sides.top + sides.bottom
        if width * height > MAX_EXTENDED_PIXELS:
            raise RequestError(
                f"the extended picture would be {width} x {height} pixels, "
                f"{width * height / 1e6:.0f} megapixels; at most {MAX_EXTENDED_PIXELS / 1e6:.0f} "
                "can be made. Extend it by less."
            )

    @property
    def _asks_for_nothing(self) -> bool:
        """From no words to no words: a swap is a plain reconstruction, a restyle the model's own.

        Models that read no prompt are asked so, and a second model needs none to be the target.
        """
        if (self.source_prompt + self.target_prompt).strip():
            return False
        return self.guidance_scale == 1.0 or bool(getattr(self.settings, "target_model", ""))


def checked_picture(picture: Pixels) -> Pixels:
    """`picture` if it is RGB uint8 or uint16, HxWx3, not empty; RequestError otherwise."""
    if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype not in (np.uint8, np.uint16):
        raise RequestError(
            f"picture is {picture.dtype} of shape {picture.shape}; "
            "give RGB as uint8 or uint16 of shape height x width x 3."
        )
    if picture.size == 0:
        raise RequestError("picture has no pixels; open another one.")
    return picture


def checked_mask(mask: Mask, picture: Pixels | None) -> Mask:
    """`mask` as float32 in [0, 1] of the picture's size; RequestError otherwise."""
    if picture is None:
        raise RequestError("a mask needs a picture; open one first.")
    if mask.shape != picture.shape[:2]:
        height, width = picture.shape[:2]
        shape = " x ".join(str(n) for n in mask.shape[::-1])
        raise RequestError(
            f"mask is {shape} pixels and the picture {width} x {height}; make them equal."
        )
    mask = mask.astype(np.float32, copy=False)
    if not np.isfinite(mask).all() or mask.min() < 0.0 or mask.max() > 1.0:
        raise RequestError("mask has values outside 0 (keep) to 1 (edit); scale it to that range.")
    return mask


def _frozen(array: Any) -> Any:
    """A read-only copy (`array` itself if it already is one that owns its data)."""
    if array.flags.owndata and not array.flags.writeable:
        return array
    copy = np.array(array, order="C")
    copy.flags.writeable = False
    return copy
