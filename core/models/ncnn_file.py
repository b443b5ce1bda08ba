"""Reads the convolutions of an ncnn network: a `.param` text of layers and a `.bin` of weights.

The text's first line is 7767517, the second counts layers and blobs, each other one is a layer:
type, name, numbers of inputs and outputs, their names, then `key=value`. Of a convolution key 0 is
the number of outputs, 1 the kernel's side, 5 whether there is a bias, 6 the number of weights, 9
the activation (0 none, 2 leaky) and -23310 the activation's parameters after their count. The
weights follow each other in the text's order: a tag (0 for float32, 0x01306B47 for float16), the
weights, padded to four bytes, and the bias in float32.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import ModelDamagedError

MAGIC = "7767517"
FLOAT32, FLOAT16 = 0, 0x01306B47
WEIGHTLESS = {"Input", "Split", "Concat", "Eltwise", "BinaryOp", "Interp", "ReLU"}
"""Layers without weights that may stand between convolutions."""


@dataclass(frozen=True, eq=False)
class Convolution:
    """weight: float32 [out, in, k, k]; bias: float32 [out]; slope: of the leaky ReLU after it."""

    name: str
    weight: NDArray[np.float32]
    bias: NDArray[np.float32]
    slope: float | None


def read_convolutions(param: Path, weights: Path) -> list[Convolution]:
    """All convolutions in the order of evaluation. Raises ModelDamagedError."""
    try:
        lines = param.read_text("ascii").splitlines()
        data = weights.read_bytes()
    except (OSError, ValueError) as error:
        raise ModelDamagedError(
            f"{param.name} cannot be read ({error}); fetch it again."
        ) from error
    if not lines or lines[0].strip() != MAGIC:
        raise ModelDamagedError(f"{param.name} is no ncnn network; choose another file.")
    found: list[Convolution] = []
    place = 0
    try:
        for line in lines[2:]:
            words = line.split()
            if not words or words[0] in WEIGHTLESS:
                continue
            if words[0] != "Convolution":
                raise ValueError(f"layer {words[1]} is a {words[0]}")
            one, place = _convolution(words, data, place)
            found.append(one)
    except (ValueError, KeyError, IndexError) as error:
        raise ModelDamagedError(
            f"{param.name} is not understood ({error}); choose another network."
        ) from error
    if place != len(data):
        raise ModelDamagedError(
            f"{weights.name} has {len(data)} bytes and {param.name} tells of {place}; "
            "fetch both again."
        )
    return found


def _convolution(words: list[str], data: bytes, place: int) -> tuple[Convolution, int]:
    name, inputs, outputs = words[1], int(words[2]), int(words[3])
    values = dict(word.split("=", 1) for word in words[4 + inputs + outputs :])
    out, side, count = int(values["0"]), int(values["1"]), int(values["6"])
    if out < 1 or side < 1 or count % (out * side * side):
        raise ValueError(f"{name} has {count} weights for {out} outputs of {side} x {side}")
    slope = None
    if values.get("9", "0") != "0":
        if values["9"] != "2":
            raise ValueError(f"{name} has an activation of kind {values['9']}")
        slope = float(values["-23310"].split(",")[1])
    weight, place = _weights(data, place, count)
    bias = np.zeros(out, np.float32)
    if values.get("5", "0") == "1":
        bias, place = _array(data, place, out, np.dtype("<f4"))
    shape = (out, count // (out * side * side), side, side)
    return Convolution(name, weight.reshape(shape), bias, slope), place


def _weights(data: bytes, place: int, count: int) -> tuple[NDArray[np.float32], int]:
    tag, place = int.from_bytes(data[place : place + 4], "little"), place + 4
    if tag not in (FLOAT32, FLOAT16):
        raise ValueError(f"weights of kind {tag:#x}")
    values, end = _array(data, place, count, np.dtype("<f4" if tag == FLOAT32 else "<f2"))
    return values, place + 4 * math.ceil((end - place) / 4)


def _array(data: bytes, place: int, count: int, kind: np.dtype) -> tuple[NDArray[np.float32], int]:
    end = place + count * kind.itemsize
    if end > len(data):
        raise ValueError("the weights end too early")
    return np.frombuffer(data[place:end], kind).astype(np.float32), end
