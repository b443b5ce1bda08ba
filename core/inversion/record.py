"""A code as it is kept: what decided it, and its tensors on the CPU; as a file, safetensors.

Points and optimised embeddings are kept in float16. The noises of a stochastic code stay float32:
they are solved for so that decoding leads back to float error, which rounding would undo.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from core.errors import InversionError
from core.imaging.atomic import write_atomically
from core.inversion.code import Code
from core.inversion.kinds import Inversion

FORMAT = "sfumato inversion 1"
DTYPES = {"point": torch.float16, "noise": torch.float32, "null": torch.float16}
_REMEDY = "Make it again with `sfumato invert`."


def rounded(x: torch.Tensor, s: float = 0.0) -> torch.Tensor:
    """x as it will be kept. What is used is rounded too, so that found and made are the same."""
    return x.to(DTYPES["point"]).to(x.dtype)


@dataclass(frozen=True)
class Key:
    """All that decides a code. Where two keys are equal, so are the codes, as far as both climb.

    picture: sha256 of the pixels that the model sees. source_prompt: "" where it is not asked.
    model, dtype: the weights' fingerprint and the network's numbers. schedule: sha256 over the
    labels of the full walk with their alpha and sigma. inversion: name and options. noise: sha256
    of the generator's state, "" for an ODE. climb: the number of steps, 0 where a longer climb
    contains the shorter one.
    """

    picture: str
    source_prompt: str
    model: str
    dtype: str
    schedule: str
    inversion: str
    noise: str
    climb: int

    def differences(self, other: "Key") -> list[str]:
        """What `other` is of another kind of, in words; empty if nothing."""
        said = {
            "picture": "another picture (or box of it)",
            "source_prompt": "another source prompt",
            "model": "another model",
            "dtype": "another precision",
            "schedule": "another number of steps or schedule",
            "inversion": "another kind of inversion",
            "noise": "another seed",
            "climb": "another inversion strength",
        }
        mine, theirs = asdict(self), asdict(other)
        return [text for name, text in said.items() if mine[name] != theirs[name]]


@dataclass(frozen=True, eq=False)
class Record:
    """tensors: named "point 981.0", "noise 981.0" or "null 981.0", by the label."""

    key: Key
    tensors: dict[str, torch.Tensor]

    @property
    def size(self) -> int:
        """Bytes of its tensors."""
        return sum(tensor.nbytes for tensor in self.tensors.values())

    def steps(self, inversion: Inversion, timesteps: Sequence[float]) -> int:
        """How many steps of a walk, from its clean end, it covers."""
        count = 0
        for t in reversed(timesteps[:-1]):
            if not all(_name(sort, t) in self.tensors for sort in inversion.holds):
                break
            count += 1
        return count

    def fits(self, clean: torch.Tensor, empty: torch.Tensor) -> bool:
        """Whether its tensors have the shape of these latents, or of this text state."""
        return all(
            x.shape == (empty if name.startswith("null ") else clean).shape
            for name, x in self.tensors.items()
        )

    def code(self, inversion: Inversion, timesteps: Sequence[float], clean: torch.Tensor) -> Code:
        """The code along `timesteps`, which it covers, of the latents' type and device."""

        def read(sort: str) -> dict[float, torch.Tensor]:
            if sort not in inversion.holds:
                return {}
            return {t: self.tensors[_name(sort, t)].to(clean) for t in timesteps[:-1]}

        return Code(
            timesteps,
            {**read("point"), timesteps[-1]: clean},
            read("noise"),
            inversion.eta,
            read("null"),
        )


def record_of(key: Key, code: Code) -> Record:
    """The code as it is kept; its clean end is the picture, which is known anyway."""
    sorts = {"point": code.points, "noise": code.noises, "null": code.nulls}
    tensors = {
        _name(sort, t): x.detach().to("cpu", DTYPES[sort]).contiguous()
        for sort, values in sorts.items()
        for t, x in values.items()
        if t != code.timesteps[-1]
    }
    return Record(key, tensors)


def write_record(path: Path, record: Record) -> None:
    """Write the file, whole or not at all. Raises SaveError."""
    about = {"format": FORMAT, "key": json.dumps(asdict(record.key), sort_keys=True)}
    write_atomically(path, save(record.tensors, about))


def read_record(path: Path) -> Record:
    """The record in a file. Raises InversionError if it is none or holds what no code holds."""
    try:
        with safe_open(path, "pt") as file:
            about = file.metadata() or {}
            tensors = {name: file.get_tensor(name).clone() for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError, ValueError) as error:
        raise InversionError(f"{path.name} is no whole inversion. {_REMEDY}") from error
    if about.get("format") != FORMAT:
        raise InversionError(f"{path.name} is no inversion that this version reads. {_REMEDY}")
    if not tensors or not all(map(_is_sound, tensors.items())):
        raise InversionError(f"{path.name} holds what no inversion holds. {_REMEDY}")
    try:
        key = _key(json.loads(about["key"]))
    except (KeyError, TypeError, ValueError) as error:
        raise InversionError(f"{path.name} does not say what it inverts. {_REMEDY}") from error
    return Record(key, tensors)


def _key(fields: dict[str, Any]) -> Key:
    key = Key(**fields)
    if any(type(value) is not Key.__annotations__[name] for name, value in asdict(key).items()):
        raise ValueError("a part of the key is of another type")
    return key


def _is_sound(entry: tuple[str, torch.Tensor]) -> bool:
    name, tensor = entry
    return tensor.dtype is DTYPES.get(name.partition(" ")[0]) and bool(tensor.isfinite().all())


def _name(sort: str, t: float) -> str:
    return f"{sort} {t!r}"
