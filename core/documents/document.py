"""What a document holds, as plain values: the same for every file format and for recovery."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.events import Finished
from core.request import EditRequest, Pixels

Kind = Literal["picture", "result", "paint"]
Alpha = NDArray[np.uint8] | NDArray[np.uint16]


@dataclass(frozen=True, eq=False)
class StoredLayer:
    """One layer, cropped to its box.

    pixels: RGB HxWx3, uint8 or uint16, read-only; 0x0x3 when empty. Straight, not premultiplied.
    alpha: HxW of the same dtype, read-only; None where all of it is opaque.
    x, y: of its upper left corner on the canvas, in pixels; may lie outside.
    opacity: 0 to 1.
    atop: it leaves what is transparent below as transparent as it is (SVG's src-atop).
    recipe: of the result that it is, or that it was made with.
    attributes: what the file's stack says of it that is not understood here.
    """

    name: str
    pixels: Pixels
    alpha: Alpha | None = None
    x: int = 0
    y: int = 0
    opacity: float = 1.0
    visible: bool = True
    atop: bool = False
    kind: Kind = "picture"
    recipe: Mapping[str, Any] | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class StoredResult:
    """A result beside the picture: its title, and all that an edit left but its recording."""

    title: str
    finished: Finished


@dataclass(frozen=True, eq=False)
class StoredJob:
    """An edit that was asked for and had not ended."""

    title: str
    request: EditRequest


@dataclass(frozen=True, eq=False)
class StoredDocument:
    """A whole document. Arrays are read-only.

    width, height: of the canvas, in pixels. bits: per channel, 8 or 16; all layers have it.
    layers: bottom to top.
    mask: HxW uint8, 255 = edit; None if nothing is chosen.
    results, jobs: not applied yet; not run yet (of the latter only recovery holds any).
    original: the picture as it was opened, where it lies now, if it is to be shown again.
    panel: what the panels show (job, method, prompts, numbers), as JSON values.
    inversions: kept codes by file name (`core.inversion.record`).
    icc, exif, xmp, dpi, format: of the picture's file, as in `core.imaging.image.Picture`.
    attributes, members: what the file says and holds that is not understood here.
    notices: what could not be read as it was meant, in whole sentences; not written.
    """

    width: int
    height: int
    bits: Literal[8, 16] = 8
    layers: tuple[StoredLayer, ...] = ()
    mask: NDArray[np.uint8] | None = None
    results: tuple[StoredResult, ...] = ()
    jobs: tuple[StoredJob, ...] = ()
    original: StoredLayer | None = None
    panel: Mapping[str, Any] = field(default_factory=dict)
    inversions: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    icc: bytes | None = field(default=None, repr=False)
    exif: bytes | None = field(default=None, repr=False)
    xmp: bytes | None = field(default=None, repr=False)
    dpi: tuple[float, float] | None = None
    format: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    notices: tuple[str, ...] = ()

    @property
    def dtype(self) -> np.dtype[Any]:
        return np.dtype(np.uint8 if self.bits == 8 else np.uint16)
