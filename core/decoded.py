"""Is what a decoder gave a picture at all? What is none is never shown to anybody."""

import torch

from core.errors import SamplingError


def checked_decoded(pixels: torch.Tensor, shown: torch.Tensor | None, remedy: str) -> torch.Tensor:
    """`pixels` [N, 3, H, W] in about [-1, 1], as a decoder gave them, if they are a picture.

    shown: what the edit began from, [1, 3, H, W]; None where from nothing. remedy: what to do, in
    words after "; ". Raises SamplingError for numbers that are not finite, and for a picture that
    is black everywhere, or of one colour to the last bit, where `shown` is not: half precision and
    broken weights leave such pictures, and no prompt does. The dark of a night has its noise.
    """
    if not torch.isfinite(pixels).all():
        raise SamplingError(f"the decoder's picture is not finite; {remedy}.")
    if any(map(_is_empty, pixels)) and (shown is None or not _is_empty(shown[0])):
        what = "black" if bool((pixels <= -1).all()) else "of one colour"
        raise SamplingError(f"the decoder's picture is {what} everywhere; {remedy}.")
    return pixels


def _is_empty(picture: torch.Tensor) -> bool:
    """Whether [3, H, W] is black once it is clamped, or one number everywhere in each channel."""
    lowest, highest = picture.flatten(1).aminmax(dim=1)
    return bool((highest <= -1).all() or (lowest == highest).all())
