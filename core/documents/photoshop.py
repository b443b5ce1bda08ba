"""Photoshop documents in and out, through psd-tools (the extra `layers`), in 8 and 16 bits.

What Photoshop has and this editor has not (groups, blend modes, effects, clipping, adjustments) is
left out or taken apart, and said.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.documents.document import Alpha, StoredDocument, StoredLayer
from core.documents.flatten import Look, flatten
from core.documents.stack import MAX_LAYERS
from core.errors import DocumentError, SaveError
from core.imaging.atomic import replacing
from core.imaging.image import MAX_PIXELS

if TYPE_CHECKING:
    from psd_tools import PSDImage

SUFFIXES = (".psd",)
_LONGEST_SIDE = 30_000
_LONGEST_NAME = 255
_MAX_BYTES = 8 * 1024**3
_MODES = {1: "grey", 3: "RGB"}
_MISSING = (
    "{name} needs psd-tools, which is not installed. Install it with "
    "`pip install sfumato[layers]`, or use .ora instead."
)
_COPY_AGAIN = "Copy or download it again, or choose another."


def read(path: Path | str) -> StoredDocument:
    """The layers of a PSD file, RGB or grey. Raises DocumentError."""
    path = Path(path)
    width, height, bits = _header(path)
    try:
        from psd_tools import PSDImage
    except ImportError as error:
        raise DocumentError(_MISSING.format(name=path.name)) from error
    try:
        psd = PSDImage.open(path, max_alloc_bytes=_MAX_BYTES)
        return _document(psd, width, height, bits)
    except MemoryError as error:
        raise DocumentError(
            f"{path.name} needs more memory than there is. Merge layers in it first."
        ) from error
    except Exception as error:
        # Hostile and torn files make the parser raise nearly anything.
        reason = " ".join(str(error).split()).rstrip(".")[:120] or type(error).__name__
        raise DocumentError(f"{path.name} is damaged ({reason}). {_COPY_AGAIN}") from error


def write(path: Path | str, document: StoredDocument, *, merged: Look | None = None) -> None:
    """Write the layers; opacities are rounded to 1/255, and the selection is left out.

    merged: as for `core.documents.openraster.write`. Raises SaveError.
    """
    path = Path(path)
    if max(document.width, document.height) > _LONGEST_SIDE:
        raise SaveError(
            f"{path.name} cannot hold {document.width} x {document.height} pixels; PSD ends at "
            f"{_LONGEST_SIDE} a side. Save it as .sfumato or .ora."
        )
    try:
        from psd_tools import PSDImage
    except ImportError as error:
        raise SaveError(_MISSING.format(name=path.name)) from error
    psd = PSDImage.new("RGB", (document.width, document.height), depth=document.bits)
    for layer in document.layers:
        _add(psd, layer)
    _describe(psd, document)
    pixels, alpha = flatten(document) if merged is None else merged
    record = psd._record  # what `save` writes too, after it has composited all layers once more
    record.image_data.set_data(_planes(_over_white(pixels, alpha)), record.header)
    with replacing(path) as file:
        record.write(file)


def _header(path: Path) -> tuple[int, int, Literal[8, 16]]:
    """(width, height, bits) from the first bytes, before anything else is read."""
    name = path.name
    try:
        with path.open("rb") as file:
            start = file.read(26)
    except OSError as error:
        raise DocumentError(
            f"{name} cannot be read: {error.strerror or error}. Check the disk and your rights."
        ) from error
    if len(start) < 26 or start[:4] != b"8BPS":
        raise DocumentError(f"{name} is no Photoshop document. {_COPY_AGAIN}")
    height, width, bits, mode = struct.unpack(">IIHH", start[14:26])
    if not width or not height or width * height > MAX_PIXELS:
        raise DocumentError(f"{name} is {width} x {height} pixels. Choose another.")
    if bits not in (8, 16) or mode not in _MODES:
        raise DocumentError(
            f"{name} has {bits} bits in colour mode {mode}; RGB and grey with 8 or 16 bits are "
            "read. Convert it to RGB in the program that made it."
        )
    return width, height, bits


# -- in ---------------------------------------------------------------------------------------


def _document(psd: "PSDImage", width: int, height: int, bits: Literal[8, 16]) -> StoredDocument:
    from psd_tools.constants import Resource

    dtype = np.dtype(np.uint8 if bits == 8 else np.uint16)
    notices: dict[str, None] = {}
    layers = []
    for layer, opacity, visible in _flat(psd, 1.0, True, notices):
        if len(layers) == MAX_LAYERS:
            raise ValueError(f"it has more than {MAX_LAYERS} layers")
        pixels, alpha = _pixels(layer, dtype, notices)
        if pixels is not None:
            layers.append(
                StoredLayer(
                    str(layer.name),
                    pixels,
                    alpha,
                    x=int(layer.left),
                    y=int(layer.top),
                    opacity=opacity,
                    visible=visible,
                )
            )
    if not layers:
        whole = psd.numpy()
        layers.append(StoredLayer("Background", *_split(whole, dtype)))
    resources = psd.image_resources

    def block(key: Any) -> bytes | None:
        found = resources.get_data(key)
        return found if isinstance(found, bytes) else None

    icc = block(Resource.ICC_PROFILE)
    return StoredDocument(
        width=width,
        height=height,
        bits=bits,
        layers=tuple(layers),
        icc=icc if icc is not None and icc[16:20] == b"RGB " else None,
        exif=block(Resource.EXIF_DATA_1),
        xmp=block(Resource.XMP_METADATA),
        dpi=_resolution(resources.get_data(Resource.RESOLUTION_INFO)),
        notices=tuple(notices),
    )


def _flat(
    group: Any, opacity: float, visible: bool, notices: dict[str, None]
) -> Iterator[tuple[Any, float, bool]]:
    """The layers of a group, bottom to top, with what the groups around do to them."""
    from psd_tools.constants import BlendMode

    for layer in group:
        inside, seen = opacity * layer.opacity / 255, visible and bool(layer.visible)
        if layer.blend_mode not in (BlendMode.NORMAL, BlendMode.PASS_THROUGH):
            notices["Some layers blend in another way; they are shown as normal ones."] = None
        if layer.clipping or layer.has_effects():
            notices["Clipping and layer effects were left out."] = None
        if layer.is_group():
            notices["Its groups were taken apart."] = None
            yield from _flat(layer, inside, seen, notices)
        else:
            yield layer, inside, seen


def _pixels(layer: Any, dtype: np.dtype[Any], notices: dict[str, None]) -> tuple[Any, Alpha | None]:
    """(pixels, alpha) of a layer, its mask in the alpha; (None, None) where it has none."""
    values = layer.numpy() if layer.has_pixels() else None
    if values is None or not values.size:
        notices["Adjustments and empty layers were left out."] = None
        return None, None
    pixels, alpha = _split(values, dtype)
    mask = layer.mask
    if mask is None or mask.disabled:
        return pixels, alpha
    top = np.iinfo(dtype).max
    shape = pixels.shape[:2]
    shown = np.full(shape, mask.background_color / 255, np.float32)
    part = layer.numpy("mask")
    if part is not None and part.size:
        part = part.reshape(part.shape[:2])
        y, x = mask.top - layer.top, mask.left - layer.left
        rows = slice(max(0, y), min(shape[0], y + part.shape[0]))
        columns = slice(max(0, x), min(shape[1], x + part.shape[1]))
        if rows.start < rows.stop and columns.start < columns.stop:
            shown[rows, columns] = part[
                rows.start - y : rows.stop - y, columns.start - x : columns.stop - x
            ]
    whole = shown * top if alpha is None else shown * alpha
    return pixels, _frozen(np.rint(whole).astype(dtype))


def _split(values: NDArray[Any], dtype: np.dtype[Any]) -> tuple[Any, Alpha | None]:
    """Floats HxWxC in [0, 1], grey or RGB with or without alpha, as whole numbers."""
    whole = np.rint(np.clip(values, 0, 1) * np.iinfo(dtype).max).astype(dtype)
    alpha = whole[..., -1].copy() if whole.shape[2] in (2, 4) else None
    colours = whole[..., :3] if whole.shape[2] >= 3 else whole[..., [0, 0, 0]]
    if alpha is not None and (alpha == np.iinfo(dtype).max).all():
        alpha = None
    return _frozen(np.ascontiguousarray(colours)), None if alpha is None else _frozen(alpha)


def _resolution(info: Any) -> tuple[float, float] | None:
    """Dots per inch; Photoshop counts in 1/65536."""
    try:
        across, down = info.horizontal / 65536, info.vertical / 65536
    except (AttributeError, TypeError):
        return None
    return (across, down) if across >= 1 and down >= 1 else None


# -- out --------------------------------------------------------------------------------------


def _add(psd: "PSDImage", layer: StoredLayer) -> None:
    pixels, alpha = layer.pixels, layer.alpha
    if not pixels.size:
        whole = np.zeros((1, 1, 4), pixels.dtype)
    elif alpha is None:
        whole = pixels
    else:
        whole = np.dstack([pixels, alpha])
    added = psd.create_pixel_layer_from_array(
        whole,
        top=layer.y,
        left=layer.x,
        opacity=round(layer.opacity * 255),
    )
    added.name = layer.name[:_LONGEST_NAME]  # not on creation, which knows only Mac Roman
    added.visible = layer.visible


def _describe(psd: "PSDImage", document: StoredDocument) -> None:
    """Profile, EXIF, XMP and resolution."""
    from psd_tools.constants import Resource
    from psd_tools.psd.image_resources import ImageResource, ResoulutionInfo

    blocks: list[tuple[Resource, bytes | None]] = [
        (Resource.ICC_PROFILE, document.icc),
        (Resource.EXIF_DATA_1, document.exif),
        (Resource.XMP_METADATA, document.xmp),
    ]
    if document.dpi is not None:
        across, down = (round(side * 65536) for side in document.dpi)
        info = ResoulutionInfo(across, 1, 1, down, 1, 1)
        blocks.append((Resource.RESOLUTION_INFO, info.tobytes()))
    for key, data in blocks:
        if data is not None:
            psd.image_resources[key] = ImageResource(key=key.value, data=data)


def _over_white(pixels: NDArray[Any], alpha: Alpha | None) -> NDArray[Any]:
    """The merged picture as Photoshop stores it."""
    if alpha is None:
        return pixels
    top = np.iinfo(pixels.dtype).max
    share = alpha[..., None].astype(np.float64) / top
    return np.rint(pixels * share + top * (1 - share)).astype(pixels.dtype)


def _planes(pixels: NDArray[Any]) -> list[bytes]:
    big_endian = pixels.dtype.newbyteorder(">")
    return [pixels[..., at].astype(big_endian).tobytes() for at in range(3)]


def _frozen(array: NDArray[Any]) -> Any:
    array.flags.writeable = False
    return array
