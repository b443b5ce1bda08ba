"""What several commands share: options that mean the same, and settings from their texts.

torch is imported only once a method is looked up.
"""

import json
import math
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from core.errors import RequestError
from core.settings import Job, Settings

PictureArgument = Annotated[Path, typer.Argument(help="The picture; it stays as it is.")]
MaskOption = Annotated[
    Path | None, typer.Option(help="A picture of the same size: white = edit, black = keep.")
]
PromptOption = Annotated[str, typer.Option(help="What there should be, in words.")]
StepsOption = Annotated[int, typer.Option(help="Network steps of a full path, 1 to 1000.")]
GuidanceOption = Annotated[
    float, typer.Option(help="How strictly to follow the prompt; 1 = without guidance.")
]
SeedOption = Annotated[int, typer.Option(help="The same seed gives the same picture.")]
ModelOption = Annotated[str, typer.Option(help="A model's name (`sfumato models list`) or folder.")]
DeviceOption = Annotated[str, typer.Option(help="auto, cuda, mps or cpu.")]
DtypeOption = Annotated[str, typer.Option(help="auto, float32, float16 or bfloat16.")]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="Any other setting of the method."),
]
OutOption = Annotated[
    Path | None, typer.Option(help="Where to save: .png (with recipe), .jpg, .webp or .tiff.")
]


def settings_for(job: Job, values: dict[str, Any], method: str = "") -> Settings:
    """The settings of a method (the job's first one), with `values` set. Raises RequestError.

    A method that helps out in swap takes the root of the inversion strength as its strength, which
    is how far the others climb (`SwapSettings.climb`).
    """
    from core.methods import settings_types

    kinds = [kind for kind in settings_types().values() if job in (kind.job, *kind.also)]
    kinds.sort(key=lambda kind: kind.job is not job)
    kind = next((kind for kind in kinds if kind.name == (method or kinds[0].name)), None)
    if kind is None:
        known = ", ".join(kind.name for kind in kinds)
        raise RequestError(f"{job.value} has no method {method}; choose one of: {known}.")
    if job in kind.also and "inversion_strength" in values:
        given = values["inversion_strength"]
        bent = math.sqrt(given) if isinstance(given, int | float) and given > 0 else given
        values = {"strength": bent, **values}
        del values["inversion_strength"]
    for name in values:
        if name not in kind.model_fields:
            known = ", ".join(kind.model_fields)
            raise RequestError(
                f"{job.value} has no setting {name.replace('_', '-')}; it has: {known}."
            )
    try:
        return kind(**values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"]).replace("_", "-")
        given = f"{first['input']}"
        raise RequestError(f"{name} is {given}: {first['msg'].lower()}.") from error


def pairs(texts: list[str] | None) -> dict[str, Any]:
    """NAME=VALUE texts as values: numbers and true/false as such, the rest as words."""
    values: dict[str, Any] = {}
    for text in texts or ():
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise RequestError(f"--set {text} is not understood; write it as eta=0.5.")
        try:
            parsed = json.loads(value)
        except ValueError:
            parsed = value
        if isinstance(parsed, float) and not math.isfinite(parsed):
            raise RequestError(f"--set {text}: give a finite number.")
        values[name.strip().replace("-", "_")] = parsed
    return values
