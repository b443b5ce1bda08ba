"""Whether a second run of a recipe made the same picture: exact, close or different, and why."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.recipe import Recipe, checked, hash_pixels
from core.request import Pixels

CLOSE_DB = 40.0


@dataclass(frozen=True)
class Verdict:
    """How a second run compares with the first.

    outcome: "exact" (every value equal), "close" (PSNR of at least 40 dB) or "different".
    max_difference: largest difference of a value, in steps of the result's depth.
    psnr: in dB, infinite when exact; None if the sizes differ.
    reasons: what was not the same this time and may explain a difference.
    """

    outcome: Literal["exact", "close", "different"]
    max_difference: int | None
    psnr: float | None
    reasons: tuple[str, ...] = ()

    def __str__(self) -> str:
        text = self.outcome
        if self.outcome != "exact" and self.psnr is not None:
            text += f": {self.psnr:.1f} dB, values differ by up to {self.max_difference}"
        return text + (" (" + "; ".join(self.reasons) + ")" if self.reasons else "")


def verify(
    expected: Pixels, got: Pixels, recipe: Mapping[str, object], now: Mapping[str, object]
) -> Verdict:
    """Compare the second run's pixels `got` and its recipe `now` with the first one's.

    expected: the pixels in the result's file; recipe: the recipe in it.
    """
    first, second = checked(recipe), checked(now)
    reasons = _differences(first, second)
    if hash_pixels(got) == first.result.sha256:
        if hash_pixels(expected) != first.result.sha256:
            reasons = ("the file's pixels were changed after it was made", *reasons)
        return Verdict("exact", 0, math.inf, reasons)
    if hash_pixels(expected) != first.result.sha256:
        reasons = ("the file's pixels were changed after it was made", *reasons)
    if expected.shape != got.shape or expected.dtype != got.dtype:
        return Verdict("different", None, None, ("another size or depth", *reasons))
    difference = np.abs(expected.astype(np.int32) - got.astype(np.int32))
    mean_square = float(np.mean(np.square(difference, dtype=np.float64)))
    top = np.iinfo(expected.dtype).max
    psnr = math.inf if mean_square == 0 else 10 * math.log10(top**2 / mean_square)
    return Verdict(
        "close" if psnr >= CLOSE_DB else "different", int(difference.max()), psnr, reasons
    )


def _differences(first: Recipe, second: Recipe) -> tuple[str, ...]:
    """What was not the same in the two runs, in words."""
    reasons = []
    models = (first.model, second.model), (first.other_model, second.other_model)
    for before, after in models:
        if before and after and before.fingerprint != after.fingerprint:
            same = before.name == after.name
            names = after.name if same else f"{after.name} instead of {before.name}"
            reasons.append(f"another model: {names}, with other weights")
    for what in ("device", "dtype"):
        before, after = getattr(first, what), getattr(second, what)
        if before != after:
            reasons.append(f"another {what}: {after} instead of {before}")
    for name in sorted(first.software.keys() | second.software.keys()):
        before = first.software.get(name, "absent")
        after = second.software.get(name, "absent")
        if before != after:
            reasons.append(f"another version of {name}: {after} instead of {before}")
    return tuple(reasons)
