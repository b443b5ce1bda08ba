"""Is a safetensors file whole and true? Answered from its header, the only part that is read."""

import json
import math
import struct
from itertools import pairwise
from pathlib import Path
from typing import Any

from core.errors import ModelDamagedError

MAX_HEADER_BYTES = 10_000_000
"""The format allows ten times as much; 100 bytes a tensor make this 100,000 of them."""
_BITS = {
    **dict.fromkeys(("F64", "I64", "U64", "C64"), 64),
    **dict.fromkeys(("F32", "I32", "U32"), 32),
    **dict.fromkeys(("F16", "BF16", "I16", "U16"), 16),
    **dict.fromkeys(("BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0"), 8),
    **dict.fromkeys(("F8_E5M2FNUZ", "F8_E4M3FNUZ"), 8),
    **dict.fromkeys(("F6_E2M3", "F6_E3M2"), 6),
    "F4": 4,
}
_REMEDY = "Copy the model again or choose another."


def is_whole(file: Path) -> bool:
    """Whether `file` is a safetensors file in which everything is right."""
    try:
        read_header(file, file.name)
    except (ModelDamagedError, OSError):
        return False
    return True


def read_header(file: Path, shown: str) -> dict[str, Any]:
    """The tensors that `file` holds, by name, after checking that all their bytes are there.

    Reads nothing but the header. Raises ModelDamagedError for what is no whole safetensors file,
    with the sizes in the message. shown: what to call the file there.
    """
    size = file.stat().st_size
    with file.open("rb") as stream:
        start = stream.read(8)
        length = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
        if len(start) == 8 and (length > MAX_HEADER_BYTES or length < 2):
            raise ModelDamagedError(f"{shown} is not a safetensors file. {_REMEDY}")
        if size < 8 + length or len(start) < 8:
            raise _truncated(shown, size, None)
        raw = stream.read(length)
    try:
        tensors = _parsed(raw)
        ranges = sorted(_checked_range(entry) for entry in tensors.values())
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ModelDamagedError(f"{shown} has a senseless header. {_REMEDY}") from error
    if any(end != start for (_, end), (start, _) in pairwise(ranges)) or (
        ranges and ranges[0][0] != 0
    ):
        raise ModelDamagedError(f"{shown} has tensors that overlap or leave gaps. {_REMEDY}")
    promised = 8 + length + (ranges[-1][1] if ranges else 0)
    if size < promised:
        raise _truncated(shown, size, promised)
    if size > promised:
        raise ModelDamagedError(
            f"{shown} is longer than its tensors ({_sizes(size, promised)}). {_REMEDY}"
        )
    return tensors


def _parsed(raw: bytes) -> dict[str, Any]:
    """The header without its metadata, which are texts. Raises ValueError and its like."""
    if raw[:1] != b"{":
        raise ValueError("the header begins with something else")
    header = json.loads(raw.decode("utf-8"), object_pairs_hook=_once_each)
    about = header.pop("__metadata__", {})
    if not all(isinstance(value, str) for value in about.values()):
        raise ValueError("the metadata are no texts")
    return header


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; of two values of one name, another reader may take the other."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("two entries have one name")
    return found


def _checked_range(entry: dict[str, Any]) -> tuple[int, int]:
    """The bytes [start, end) of one tensor. Raises ValueError if they do not fit its shape."""
    if set(entry) != {"dtype", "shape", "data_offsets"}:
        raise ValueError("a tensor has other entries")
    start, end = entry["data_offsets"]
    numbers = [start, end, *entry["shape"]]
    if any(type(number) is not int or not 0 <= number < 2**63 for number in numbers):
        raise ValueError("a tensor's numbers are none")
    bits = math.prod(entry["shape"]) * _BITS[entry["dtype"]]
    if start > end or (end - start) * 8 != bits:
        raise ValueError("a tensor's bytes do not fit its shape")
    return start, end


def _truncated(shown: str, size: int, promised: int | None) -> ModelDamagedError:
    figures = f"it ends after {size:,} bytes" if promised is None else _sizes(size, promised)
    return ModelDamagedError(f"{shown} is truncated ({figures}). {_REMEDY}")


def _sizes(size: int, promised: int) -> str:
    """Both sizes in the unit that shows their difference."""
    have, want = f"{size / 1e6:.1f}", f"{promised / 1e6:.1f}"
    if have == want or promised < 1e6:
        return f"{size:,} of {promised:,} bytes"
    return f"{have} of {want} MB"
