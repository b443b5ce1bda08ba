"""`sfumato/document.json`: what OpenRaster has no place for, with the names of its members."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.documents.document import Kind
from core.events import Finished
from core.methods import settings_types
from core.request import EditRequest, Mask, Pixels

VERSION = 1
MAX_RESULTS = 1000


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class LayerRecord(_Part):
    """What the stack does not say of the layer whose member is `source`."""

    source: str
    kind: Kind = "picture"
    empty: bool = False
    recipe: dict[str, Any] | None = None


class PlacedRecord(_Part):
    """A picture that is no layer, and where it lies."""

    source: str
    name: str = ""
    x: int = 0
    y: int = 0


class RequestRecord(_Part):
    """An EditRequest. picture and mask: members. values: its other fields."""

    method: str
    settings: dict[str, Any]
    picture: str | None = None
    mask: str | None = None
    values: dict[str, Any] = Field(default_factory=dict)


class ResultRecord(_Part):
    """A Finished. pixels: a member that lies over the request's picture at x, y, if `is_patch`."""

    title: str
    request: RequestRecord
    pixels: str | None
    is_patch: bool = False
    x: int = Field(0, ge=0)
    y: int = Field(0, ge=0)
    values: dict[str, Any] = Field(default_factory=dict)


class JobRecord(_Part):
    title: str
    request: RequestRecord


class Contents(_Part):
    """All of the file. Members are named by their place in the archive."""

    version: Literal[1] = VERSION
    software: str = ""
    bits: Literal[8, 16] = 8
    layers: list[LayerRecord] = Field(default_factory=list)
    mask: str | None = None
    results: list[ResultRecord] = Field(default_factory=list, max_length=MAX_RESULTS)
    jobs: list[JobRecord] = Field(default_factory=list, max_length=MAX_RESULTS)
    original: PlacedRecord | None = None
    panel: dict[str, Any] = Field(default_factory=dict)
    inversions: dict[str, str] = Field(default_factory=dict, max_length=MAX_RESULTS)
    icc: str | None = None
    exif: str | None = None
    xmp: str | None = None
    dpi: tuple[float, float] | None = None
    format: str = ""


def record_request(
    request: EditRequest, keep_pixels: Callable[[Pixels], str], keep_mask: Callable[[Mask], str]
) -> RequestRecord:
    """`request` with its arrays kept elsewhere; the functions say under which name."""
    return RequestRecord(
        method=request.settings.name,
        settings=request.settings.model_dump(mode="json"),
        picture=None if request.picture is None else keep_pixels(request.picture),
        mask=None if request.mask is None else keep_mask(request.mask),
        values=_values(request),
    )


def build_request(
    record: RequestRecord, find_pixels: Callable[[str], Pixels], find_mask: Callable[[str], Mask]
) -> EditRequest:
    """The request of a record. Raises ValueError or a SfumatoError for what is not one."""
    kind = settings_types().get(record.method)
    if kind is None:
        raise ValueError(f"the method {record.method} is not known here")
    return EditRequest(
        settings=kind.model_validate(record.settings),
        picture=None if record.picture is None else find_pixels(record.picture),
        mask=None if record.mask is None else find_mask(record.mask),
        **_known(record.values, EditRequest),
    )


def record_figures(finished: Finished) -> dict[str, Any]:
    """The values of `finished` that are neither pictures nor its request, as JSON."""
    return _values(finished)


def build_finished(values: dict[str, Any], request: EditRequest, picture: Pixels) -> Finished:
    """A result from its parts. Raises TypeError where a figure is missing."""
    return Finished(request=request, picture=picture, **_known(values, Finished))


# What is written elsewhere, or, as what a restoration and a recording hold, not at all.
_APART = {"settings", "picture", "mask", "request", "restoration", "recording"}


def _values(whole: EditRequest | Finished) -> dict[str, Any]:
    names = [part.name for part in fields(whole) if part.name not in _APART]
    return {name: getattr(whole, name) for name in names}


def _known(values: dict[str, Any], kind: type[EditRequest] | type[Finished]) -> dict[str, Any]:
    """The values that `kind` has a field for; lists, which JSON makes of tuples, back as these."""
    names = {part.name for part in fields(kind)} - _APART
    return {name: _tupled(value) for name, value in values.items() if name in names}


def _tupled(value: Any) -> Any:
    return tuple(map(_tupled, value)) if isinstance(value, list) else value
