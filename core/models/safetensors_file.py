"""What a weight file is, by its bytes: a whole safetensors file, a torn one, or a pickle."""

import json
import math
import struct
from itertools import pairwise
from pathlib import Path
from typing import Any

from core.errors import ModelDamagedError, ModelRefusedError

# The format's own bound on the header.
_MAX_HEADER_BYTES = 100_000_000
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


def refuse_pickle(file: Path, shown: str) -> None:
    """Raise ModelRefusedError if `file`'s content is a pickle or an archive that may hold one.

    shown: what to call the file in the message.
    """
    with file.open("rb") as stream:
        start = stream.read(512)
    kind = None
    if start[:1] == b"\x80" and 2 <= (start[1] if len(start) > 1 else 0) <= 5:
        # A safetensors header of 128 + 256 n bytes begins with the same byte; its ninth is a brace.
        kind = None if start[8:9] == b"{" else "a Python pickle"
    elif start[:4] == b"PK\x03\x04":
        kind = "a zip archive (a PyTorch checkpoint)"
    elif start[257:262] == b"ustar":
        kind = "a tar archive"
    elif start[:2] == b"\x1f\x8b":
        kind = "a gzip archive"
    if kind is not None:
        raise ModelRefusedError(
            f"{shown} is {kind}, which can run code when it is opened. "
            "Remove it and use a safetensors copy of the model."
        )


def read_header(file: Path, shown: str) -> dict[str, Any]:
    """The tensors that `file` holds, by name, after checking that all their bytes are there.

    Raises ModelRefusedError for a pickle, ModelDamagedError for anything else that is no whole
    safetensors file, with the sizes in the message.
    """
    refuse_pickle(file, shown)
    size = file.stat().st_size
    with file.open("rb") as stream:
        start = stream.read(8)
        length = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
        if len(start) == 8 and (length > _MAX_HEADER_BYTES or length < 2):
            raise ModelDamagedError(f"{shown} is not a safetensors file. {_REMEDY}")
        if size < 8 + length or len(start) < 8:
            raise _truncated(shown, size, None)
        raw = stream.read(length)
    try:
        header = json.loads(raw)
        tensors = {name: entry for name, entry in header.items() if name != "__metadata__"}
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


def _checked_range(entry: dict[str, Any]) -> tuple[int, int]:
    """The bytes [start, end) of one tensor. Raises ValueError if they do not fit its shape."""
    start, end = entry["data_offsets"]
    bits = math.prod(entry["shape"]) * _BITS[entry["dtype"]]
    if not 0 <= start <= end or (end - start) * 8 != bits:
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
