"""Everything that is remembered from one day to the next, as one frozen value. No Qt, no torch."""

import contextlib
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

VERSION = 2
"""1 was the INI file of QSettings (`legacy`)."""

Keys = dict[str, str]
"""Shortcuts by command, as Qt writes them ("Ctrl+Shift+E"); "" takes a command's keys away."""


def _clamped(low: int, high: int) -> AfterValidator:
    """A number that is out of its range counts as the range's end."""
    return AfterValidator(lambda value: min(high, max(low, value)))


class _Part(BaseModel):
    """Keys that this version does not know are kept, for the one that wrote them."""

    model_config = ConfigDict(frozen=True, extra="allow", validate_default=True)


class WindowValues(_Part):
    """language: None, the system's. mask_colour: #rrggbb; None, the accent colour.

    geometry: what Qt says of the window's place, in base64. tour_seen: the tour does not come by
    itself any more.
    """

    theme: Literal["dark", "light", "system"] = "dark"
    language: Literal["en", "ko"] | None = None
    mask_colour: str | None = Field(default=None, pattern="^#[0-9a-fA-F]{6}$")
    rulers: bool = False
    geometry: str = ""
    tour_seen: bool = False


class EngineValues(_Part):
    """What the engine is started with.

    model_folders: looked through besides the shipped and the user's own. device, precision: as in
    `core.models.device`. memory: where a model's networks lie, see `core.models.placement`.
    threads: of the CPU; 0, all cores but one. inversions_*: megabytes for kept inversions.
    """

    model_folders: tuple[str, ...] = ()
    device: Literal["auto", "cuda", "mps", "cpu"] = "auto"
    precision: Literal["auto", "float32", "float16", "bfloat16"] = "auto"
    memory: Literal["device", "offload", "tiles"] = "device"
    threads: Annotated[int, _clamped(0, 256)] = 0
    inversions_memory: Annotated[int, _clamped(16, 65536)] = 256
    inversions_disk: Annotated[int, _clamped(0, 1048576)] = 2048


class DocumentValues(_Part):
    """undo_megabytes: memory for undoing. autosave_seconds: from a change to its autosave."""

    undo_megabytes: Annotated[int, _clamped(16, 65536)] = 512
    autosave_seconds: Annotated[int, _clamped(5, 600)] = 20


class ExportValues(_Part):
    """What pictures that are written carry on: see `core.imaging.writing`."""

    recipe: bool = True
    prompts: bool = True
    ai_mark: bool = True
    place: bool = True


class PrivacyValues(_Part):
    """offline: downloads are forbidden too. log_prompts: the logs may hold prompts."""

    offline: bool = False
    log_prompts: bool = False


class FileValues(_Part):
    """folder: where the last file came from or went to. amounts: pixels, by selection command."""

    folder: str = ""
    amounts: dict[str, Annotated[int, _clamped(1, 200)]] = {}


class Values(_Part):
    """All of it."""

    version: int = VERSION
    window: WindowValues = WindowValues()
    engine: EngineValues = EngineValues()
    document: DocumentValues = DocumentValues()
    export: ExportValues = ExportValues()
    privacy: PrivacyValues = PrivacyValues()
    files: FileValues = FileValues()
    shortcuts: Keys = {}


def salvage(content: Mapping[str, Any]) -> tuple[Values, tuple[str, ...]]:
    """The values in `content`, and the names of entries that made no sense.

    Those are left out, so that their defaults count; everything else is as it was said.
    """
    lost: list[str] = []
    rest: dict[str, Any] = dict(content)
    while True:
        try:
            return Values.model_validate(rest), tuple(lost)
        except ValidationError as error:
            place = error.errors()[0]["loc"]
            lost.append(".".join(map(str, place)))
            rest = _without(rest, place)


def _without(content: Any, place: tuple[int | str, ...]) -> Any:
    """`content` without the entry at `place`; whatever stands in the way goes instead."""
    first, *others = place
    copied = list(content) if isinstance(content, list | tuple) else dict(content)
    inner = None
    with contextlib.suppress(KeyError, IndexError, TypeError):
        inner = copied[first]  # type: ignore[index]
    if others and isinstance(inner, dict | list | tuple):
        copied[first] = _without(inner, tuple(others))  # type: ignore[index]
    else:
        del copied[first]  # type: ignore[index]
    return copied
