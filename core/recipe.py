"""How a result was made, as JSON that travels in it: written, read, run again and compared.

A recipe holds the settings, the prompts, the numbers and the mask itself; the input picture by its
path and hash; the model by name and hash; and the hash of the result, so that a second run can say
whether it is the same.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

import core
from core.errors import RecipeError
from core.imaging import png
from core.imaging.image import Picture, load
from core.imaging.packing import Encoding, pack_mask, unpack_mask
from core.imaging.writing import RECIPE_KEYWORD
from core.request import EditRequest, Mask, Pixels

SCHEMA = 1
_LIBRARIES = ("torch", "diffusers", "transformers", "numpy")
_MAX_RECIPE_BYTES = 512 * 1024**2


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class PixelsRecord(_Part):
    """A picture by its content: sizes in pixels, bits per channel, sha256 as `hash_pixels`."""

    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    width: int = Field(ge=1)
    height: int = Field(ge=1)
    bits: Literal[8, 16]


class InputRecord(PixelsRecord):
    """The picture that was edited, and where it lay as seen from the result's folder."""

    path: str | None = None


class MaskRecord(_Part):
    """The mask itself: a grey PNG of 8 or 16 bits, or deflated float32, in base64."""

    encoding: Encoding
    data: str
    sha256: str


class ModelRecord(_Part):
    name: str
    fingerprint: str


class BlendRecord(_Part):
    """Another seed that the noise is drawn from, and its weight."""

    seed: int
    weight: float


class Recipe(_Part):
    """The schema of what stands in a result's "sfumato" text."""

    schema_version: Literal[1]
    software: dict[str, str]
    method: str
    settings: dict[str, Any]
    source_prompt: str
    target_prompt: str
    steps: int
    guidance_scale: float
    seed: int
    size: list[int] | None = Field(None, min_length=2, max_length=2)
    chosen_because: str = ""
    blend_with: list[BlendRecord] = []
    scale: float = 1.0
    model: ModelRecord
    other_model: ModelRecord | None = None
    device: str
    dtype: str
    picture: InputRecord | None = None
    mask: MaskRecord | None = None
    result: PixelsRecord


def make_recipe(
    request: EditRequest,
    *,
    model_name: str,
    model_fingerprint: str,
    device: str,
    dtype: str,
    result_pixels: Pixels,
    other_model: tuple[str, str] | None = None,
) -> dict[str, object]:
    """The JSON-ready recipe of an edit that is done. The input's path is added on saving.

    other_model: name and fingerprint of a second network. The settings' `target_model` may be asked
    for by its folder; like the first model it is recorded by its name.
    """
    picture = request.picture
    settings = request.settings.model_dump(mode="json")
    if other_model is not None and "target_model" in settings:
        settings["target_model"] = other_model[0]
    recipe = Recipe(
        schema_version=SCHEMA,
        software=versions(),
        method=request.settings.name,
        settings=settings,
        source_prompt=request.source_prompt,
        target_prompt=request.target_prompt,
        steps=request.steps,
        guidance_scale=float(request.guidance_scale),
        seed=request.seed,
        size=list(request.size) if request.size is not None else None,
        chosen_because=request.chosen_because,
        blend_with=[BlendRecord(seed=s, weight=weight) for s, weight in request.blend_with],
        scale=request.scale,
        model=ModelRecord(name=model_name, fingerprint=model_fingerprint),
        other_model=None
        if other_model is None
        else ModelRecord(name=other_model[0], fingerprint=other_model[1]),
        device=str(device),
        dtype=str(dtype).removeprefix("torch."),
        picture=None if picture is None else InputRecord(**_record(picture)),
        mask=None if request.mask is None else _pack(request.mask),
        result=PixelsRecord(**_record(result_pixels)),
    )
    return recipe.model_dump(mode="json")


def with_input_path(
    recipe: Mapping[str, object], picture: Path | str | None, result: Path | str
) -> dict[str, object]:
    """`recipe` with the input's path as seen from the folder of `result`, where it will be saved.

    A relative path outlives moving both files, and tells no one the owner's folders.
    """
    changed = dict(recipe)
    if picture is not None and changed.get("picture") is not None:
        absolute = Path(picture).resolve()
        try:
            path = os.path.relpath(absolute, Path(result).resolve().parent)
        except ValueError:  # another drive
            path = str(absolute)
        changed["picture"] = {**cast(dict[str, object], changed["picture"]), "path": path}
    return changed


def read_recipe(path: Path | str) -> dict[str, object]:
    """The recipe in a PNG that Sfumato saved. Raises RecipeError if there is none to be read."""
    path = Path(path)
    try:
        with path.open("rb") as file:
            data = file.read() if file.read(8) == png.SIGNATURE else b""
    except OSError as error:
        raise RecipeError(
            f"{path.name} cannot be read: {error.strerror or error}. Choose another file."
        ) from error
    if not data:
        raise RecipeError(f"{path.name} is no PNG; only PNG results carry their recipe.")
    try:
        text = png.read_text(png.SIGNATURE + data, RECIPE_KEYWORD)
    except png.DamagedPngError as error:
        raise RecipeError(f"{path.name} is damaged ({error}). Copy it again.") from error
    if text is None:
        raise RecipeError(
            f"{path.name} carries no recipe. Choose a PNG that Sfumato saved and no other "
            "program has rewritten."
        )
    if len(text) > _MAX_RECIPE_BYTES:
        raise RecipeError(f"{path.name} has a recipe of {len(text)} bytes. Choose another file.")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RecipeError(f"{path.name} has a recipe that is not JSON. Save it again.") from error
    return checked(content, path.name).model_dump(mode="json")


def find_input(recipe: Mapping[str, object], result: Path | str) -> Picture | None:
    """The picture that the recipe in the file `result` starts from; None if it needs none.

    Looked for at its path from the result's folder, then beside the result, by content. Raises
    RecipeError if it is in neither place or has changed.
    """
    record = checked(recipe).picture
    if record is None:
        return None
    folder = Path(result).resolve().parent
    name = Path(record.path or "").name
    places = [folder / record.path, folder / name] if record.path else []
    changed = False
    for place in dict.fromkeys(places):
        if place.is_file():
            picture = load(place)
            if hash_pixels(picture.pixels) == record.sha256:
                return picture
            changed = True
    state = "has changed since" if changed else "is not where it was"
    raise RecipeError(
        f"{name or 'the picture'}, from which {Path(result).name} was made, {state}. "
        "Give the original with --picture."
    )


def to_request(recipe: Mapping[str, object], picture: Pixels | None = None) -> EditRequest:
    """The request that made a result, ready to run again.

    picture: the input's pixels, HxWx3. Raises RecipeError if they are missing or not the same
    picture, if the method is unknown, or if the recipe contradicts itself; RequestError for values
    outside their ranges.
    """
    from core.methods import settings_types

    parsed = checked(recipe)
    kind = settings_types().get(parsed.method)
    if kind is None:
        raise RecipeError(
            f"the recipe's method “{parsed.method}” is not known here. Update Sfumato."
        )
    try:
        settings = kind.model_validate(parsed.settings)
    except ValidationError as error:
        raise RecipeError(
            f"the recipe's settings do not fit {kind.title} ({_first_line(error)}). "
            "Use the version of Sfumato that made it."
        ) from error
    _check_input(parsed.picture, picture)
    return EditRequest(
        settings=settings,
        picture=picture,
        mask=None if parsed.mask is None else _unpack(parsed.mask, parsed.picture),
        source_prompt=parsed.source_prompt,
        target_prompt=parsed.target_prompt,
        steps=parsed.steps,
        guidance_scale=parsed.guidance_scale,
        seed=parsed.seed,
        model=parsed.model.name,
        size=None if parsed.size is None else (parsed.size[0], parsed.size[1]),
        chosen_because=parsed.chosen_because,
        blend_with=tuple((one.seed, one.weight) for one in parsed.blend_with),
        scale=parsed.scale,
    )


def hash_pixels(array: np.ndarray[Any, Any]) -> str:
    """sha256 (hex) of an array's dtype, shape and values, the same on every machine."""
    little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    digest = hashlib.sha256(f"{array.dtype.name}{list(array.shape)}".encode())
    digest.update(little.data)
    return digest.hexdigest()


def versions() -> dict[str, str]:
    """Versions of Sfumato and of the libraries that results depend on; imports none of them."""
    found = {"sfumato": core.__version__}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "absent"
    return found


def _record(pixels: Pixels) -> dict[str, Any]:
    height, width = pixels.shape[:2]
    bits = pixels.dtype.itemsize * 8
    return {"sha256": hash_pixels(pixels), "width": width, "height": height, "bits": bits}


def checked(content: object, name: str = "the result") -> Recipe:
    """`content` as a recipe of a version that is understood. Raises RecipeError."""
    found = content.get("schema_version") if isinstance(content, Mapping) else None
    if isinstance(found, int) and found > SCHEMA:
        raise RecipeError(
            f"{name} has a recipe of version {found}, and this Sfumato reads up to {SCHEMA}. "
            "Update Sfumato."
        )
    try:
        return Recipe.model_validate(content)
    except ValidationError as error:
        raise RecipeError(
            f"{name} has a recipe that cannot be understood ({_first_line(error)}). "
            "Choose another result."
        ) from error


def _check_input(record: InputRecord | None, picture: Pixels | None) -> None:
    if record is None:
        if picture is not None:
            raise RecipeError("this result was made from no picture. Leave --picture away.")
        return
    if picture is None:
        raise RecipeError(
            f"this result was made from the picture {Path(record.path or 'of unknown name').name}. "
            "Give it with --picture."
        )
    if hash_pixels(picture) != record.sha256:
        raise RecipeError(
            f"the picture is not the one that this result was made from ({record.width} x "
            f"{record.height} pixels, {record.bits} bits). Give the original with --picture."
        )


def _pack(mask: Mask) -> MaskRecord:
    encoding, data = pack_mask(mask)
    return MaskRecord(encoding=encoding, data=data, sha256=hash_pixels(mask))


def _unpack(record: MaskRecord, picture: InputRecord | None) -> Mask:
    """The mask, of the input's size and exactly as it was. Raises RecipeError."""
    if picture is None:
        raise RecipeError("the recipe has a mask and no picture. Choose another result.")
    try:
        mask = unpack_mask(record.encoding, record.data, (picture.height, picture.width))
    except ValueError as error:
        raise RecipeError(
            f"the recipe's mask cannot be read ({error}). Choose another result."
        ) from error
    if hash_pixels(mask) != record.sha256:
        raise RecipeError("the recipe's mask is not the one that was used. Choose another result.")
    return mask


def _first_line(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}" if place else str(first["msg"])
