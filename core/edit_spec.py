"""One edit as it is asked for in words: of files, not of pixels. The command line's, or a line of a
jobs file."""

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.documents.opening import load_picture
from core.errors import RequestError
from core.imaging.image import Picture
from core.imaging.mask import load_mask
from core.models.members import doer
from core.options import settings_for
from core.request import EditRequest
from core.settings import Job, Settings
from core.settings.ratio import ratio_of, sides_for

if TYPE_CHECKING:
    from core.models.library import ModelInfo

SIDES = ("left", "right", "top", "bottom")


class EditJob(StrEnum):
    """The jobs that start from a picture. Remove is the fill that needs no words."""

    FILL = "fill"
    REMOVE = "remove"
    EXTEND = "extend"
    SWAP = "swap"
    RESTYLE = "restyle"

    @property
    def job(self) -> Job:
        return Job.FILL if self is EditJob.REMOVE else Job(self.value)


class EditSpec(BaseModel):
    """An edit of one picture file; the names are the command line's options.

    mask: a file, or a folder with a file of the picture's own name, whatever its suffix.
    settings: any other settings of the method. out: the result's file, if it is named.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    picture: Path
    job: EditJob
    method: str = ""
    mask: Path | None = None
    source: str = ""
    target: str = ""
    inversion_strength: float | None = None
    strength: float | None = None
    left: int = Field(default=0, ge=0)
    right: int = Field(default=0, ge=0)
    top: int = Field(default=0, ge=0)
    bottom: int = Field(default=0, ge=0)
    ratio: str = ""
    steps: int = EditRequest.steps
    guidance_scale: float = EditRequest.guidance_scale
    seed: int = EditRequest.seed
    variations: int = EditRequest.variations
    model: str = EditRequest.model
    settings: dict[str, Any] = {}
    out: Path | None = None

    def request(self) -> tuple[EditRequest, Picture]:
        """The request with its pixels, and the picture that they are from. Raises SfumatoError."""
        known = None if self.needs_size else self.settings_of((1, 1))
        shown = load_picture(self.picture)
        request = EditRequest(
            settings=known or self.settings_of(shown.size),
            picture=shown.pixels,
            mask=None if self.mask is None else load_mask(self._mask_file(), shown.size),
            source_prompt=self.source,
            target_prompt=self.target,
            steps=self.steps,
            guidance_scale=self.guidance_scale,
            seed=self.seed,
            variations=self.variations,
            model=self.model,
        )
        return request, shown

    @property
    def needs_size(self) -> bool:
        """Whether the settings depend on the picture's size."""
        return bool(self.ratio)

    def settings_of(self, size: tuple[int, int]) -> Settings:
        """The method's settings for a picture of (height, width) = `size`. Raises RequestError."""
        values = dict(self.settings)
        for name in ("inversion_strength", "strength"):
            if getattr(self, name) is not None:
                values[name] = getattr(self, name)
        sides = {side: getattr(self, side) for side in SIDES if getattr(self, side)}
        if self.job is not EditJob.EXTEND:
            if sides or self.ratio:
                given = next(iter(sides), "ratio")
                raise RequestError(f"--{given} is for --job extend; leave it out.")
        elif self.ratio and sides:
            raise RequestError("--ratio and sides in pixels say two things; give one of them.")
        elif self.ratio:
            sides = sides_for(ratio_of(self.ratio, size), size)
            if not any(sides.values()):
                raise RequestError(f"{self.picture.name} has the ratio {self.ratio} already.")
        elif not sides and not set(SIDES) & values.keys():
            raise RequestError(
                "extend needs to know how far; give --left, --right, --top, --bottom or --ratio."
            )
        method = self.method
        if self.job is EditJob.REMOVE:
            if method not in ("", "remove"):
                raise RequestError(f"--job remove has no method {method}; use --job fill.")
            method = "remove"
        return settings_for(self.job.job, {**values, **sides}, method)

    def addressed(self, models: "Iterable[ModelInfo]") -> "EditSpec":
        """The same edit by the member of its model's family that does it."""
        if self.needs_size:
            return self
        try:
            kind = type(self.settings_of((1, 1)))
        except RequestError:
            return self  # which says so itself, in its turn
        return self.model_copy(update={"model": doer(kind, self.model, models)})

    def _mask_file(self) -> Path:
        assert self.mask is not None
        if not self.mask.is_dir():
            return self.mask
        found = sorted(self.mask.glob(f"{self.picture.stem}.*"))
        if not found:
            raise RequestError(f"{self.mask.name} has no mask named {self.picture.stem}; add one.")
        return found[0]


def spec_from(values: dict[str, Any], where: str) -> EditSpec:
    """A spec of named values. Raises RequestError, which says `where` they stand."""
    try:
        return EditSpec.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise RequestError(f"{where}: {name or 'it'}: {first['msg'].lower()}.") from error
