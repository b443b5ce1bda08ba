"""`sfumato restore` and `sfumato degrade`: what was done to a picture, undone or done.

Both take the same operators with the same options; several `--operator`s are applied in the order
given. torch is imported only once there is something to compute.
"""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import ValidationError

from core.console import checked_out, free_name, load_model, run, say, summary
from core.errors import RequestError
from core.imaging.image import Picture, load, save
from core.imaging.mask import load_mask
from core.models.library import ModelLibrary
from core.models.members import doer
from core.options import (
    DeviceOption,
    DtypeOption,
    GuidanceOption,
    ModelOption,
    PictureArgument,
    SeedOption,
)
from core.request import EditRequest, Mask
from core.restoration.degradations import KINDS, Degradation, KernelBlur
from core.settings import RestorationSettings

if TYPE_CHECKING:
    from core.events import Finished


class Method(StrEnum):
    """The methods of the restore job."""

    DPS = "dps"
    PIGDM = "pigdm"
    REALESRGAN = "realesrgan"
    UPSCALE = "upscale"


_NAMES = {kind.model_fields["kind"].default: kind for kind in KINDS}
# Shorthands for one kind with one of its settings.
_SHORT = {
    "box-downsampling": ("downsampling", {"filter": "box"}),
    "bicubic-downsampling": ("downsampling", {"filter": "bicubic"}),
    "random": ("missing", {"pattern": "random"}),
    "scratches": ("missing", {"pattern": "scratches"}),
}
_KNOWN = ", ".join([*_NAMES, *_SHORT])

OperatorOption = Annotated[list[str], typer.Option(help=f"What was done, in this order: {_KNOWN}.")]
MaskOption = Annotated[
    Path | None,
    typer.Option(
        help="A picture of the same size. missing: white = missing. Else restore white parts only."
    ),
]
KernelOption = Annotated[Path | None, typer.Option(help="kernel: a small picture of it.")]
SigmaOption = Annotated[
    float | None, typer.Option(help="gaussian-blur: standard deviation in pixels.")
]
LengthOption = Annotated[float | None, typer.Option(help="motion-blur: length in pixels.")]
AngleOption = Annotated[
    float | None, typer.Option(help="motion-blur: degrees from the horizontal.")
]
FactorOption = Annotated[int | None, typer.Option(help="downsampling, enlarged: how many times.")]
ShareOption = Annotated[float | None, typer.Option(help="random: share of pixels missing.")]
CountOption = Annotated[int | None, typer.Option(help="scratches: how many.")]
WidthOption = Annotated[int | None, typer.Option(help="scratches: width in pixels.")]
PatternSeedOption = Annotated[
    int | None, typer.Option(help="random, scratches: seed of the places.")
]
MarginOption = Annotated[
    str, typer.Option(metavar="TOP,RIGHT,BOTTOM,LEFT", help="outside: pixels beyond the frame.")
]
AnglesOption = Annotated[int | None, typer.Option(help="tomography: how many directions.")]
TurnOption = Annotated[float | None, typer.Option(help="tomography: degrees they span.")]
QualityOption = Annotated[int | None, typer.Option(help="jpeg: quality, 1 to 100.")]
GainOption = Annotated[float | None, typer.Option(help="exposure: how much brighter.")]
GammaOption = Annotated[float | None, typer.Option(help="exposure: of the encoding.")]
OutOption = Annotated[Path | None, typer.Option(help="Where to save: .png, .jpg, .webp or .tiff.")]


def degrade(
    picture: PictureArgument,
    operator: OperatorOption,
    noise: Annotated[
        float, typer.Option(min=0, max=1, help="Noise added, black to white being 0 to 1.")
    ] = 0.0,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the noise.")] = 0,
    mask: MaskOption = None,
    kernel: KernelOption = None,
    sigma: SigmaOption = None,
    length: LengthOption = None,
    angle: AngleOption = None,
    factor: FactorOption = None,
    share: ShareOption = None,
    count: CountOption = None,
    width: WidthOption = None,
    pattern_seed: PatternSeedOption = None,
    margin: MarginOption = "",
    angles: AnglesOption = None,
    turn: TurnOption = None,
    quality: QualityOption = None,
    gain: GainOption = None,
    gamma: GammaOption = None,
    out: OutOption = None,
) -> None:
    """Do to a picture what `restore` undoes. 16 bit pictures stay so."""
    import torch

    from core.restoration.building import operator_for
    from core.restoration.residual import to_pixels, to_tensor

    source = load(picture)
    degradations = _degradations(operator, _values(locals()), kernel, source)
    target = checked_out(
        out or free_name(picture.with_name(f"{picture.stem}-degraded.png")), picture
    )
    chain = operator_for(degradations, source.size, _mask(mask, source))
    with torch.no_grad():
        generator = torch.Generator().manual_seed(seed)
        measured = chain.degrade(to_tensor(source.pixels), noise, generator)
    save(target, to_pixels(measured, source.pixels.dtype), like=source)
    say(str(target))


def restore(
    picture: PictureArgument,
    operator: Annotated[
        list[str] | None, typer.Option(help=f"What was done, in this order: {_KNOWN}.")
    ] = None,
    method: Annotated[
        Method,
        typer.Option(
            help="pigdm for linear operators, dps for all. realesrgan enlarges and needs none; "
            "so does upscale, with a --model made for it."
        ),
    ] = Method.DPS,
    noise: Annotated[
        float | None,
        typer.Option(help="Its noise, black to white being 0 to 1; by default estimated."),
    ] = None,
    mask: MaskOption = None,
    kernel: KernelOption = None,
    sigma: Annotated[
        float | None,
        typer.Option(help="gaussian-blur: standard deviation in pixels; by default estimated."),
    ] = None,
    length: LengthOption = None,
    angle: AngleOption = None,
    factor: FactorOption = None,
    share: ShareOption = None,
    count: CountOption = None,
    width: WidthOption = None,
    pattern_seed: PatternSeedOption = None,
    margin: MarginOption = "",
    angles: AnglesOption = None,
    turn: TurnOption = None,
    quality: QualityOption = None,
    gain: GainOption = None,
    gamma: GammaOption = None,
    zeta: Annotated[float | None, typer.Option(help="dps: size of a step.")] = None,
    upscaler: Annotated[
        str, typer.Option(help="realesrgan: realesrgan-x4plus[-anime] or a safetensors file.")
    ] = "",
    variance: Annotated[float | None, typer.Option(help="pigdm: the prior's variance.")] = None,
    noise_level: Annotated[
        int | None, typer.Option(help="upscale: noise put into the small picture, 0 to 350.")
    ] = None,
    strength: Annotated[
        float | None, typer.Option(help="pigdm: below 1, the walk begins at a smooth picture.")
    ] = None,
    eta: Annotated[float | None, typer.Option(help="Fresh noise per step, 0 to 1.")] = None,
    prompt: Annotated[str, typer.Option(help="What the picture shows, if you like.")] = "",
    samples: Annotated[int, typer.Option(help="How many restorations to make.")] = 1,
    average: Annotated[
        bool, typer.Option("--average", help="The result is their mean; else it is the first.")
    ] = False,
    steps: Annotated[int, typer.Option(help="Network steps, 1 to 1000.")] = 100,
    guidance_scale: GuidanceOption = EditRequest.guidance_scale,
    seed: SeedOption = EditRequest.seed,
    model: ModelOption = EditRequest.model,
    device: DeviceOption = "auto",
    dtype: DtypeOption = "auto",
    maps: Annotated[
        bool, typer.Option("--maps", help="Save the residual's map, and mean and spread, too.")
    ] = False,
    out: OutOption = None,
) -> None:
    """Undo what was done to a picture, and say whether the result explains it."""
    source = load(picture)
    target = checked_out(
        out or free_name(picture.with_name(f"{picture.stem}-restore.png")), picture
    )
    if method is Method.REALESRGAN:
        if operator:
            raise RequestError("realesrgan only enlarges; leave --operator away.")
        given = {"upscaler": upscaler or None, "factor": factor}
        settings = _settings(method, **{k: v for k, v in given.items() if v is not None})
        _finish(EditRequest(settings, source.pixels, model=model), source, target, device, dtype)
        return
    if method is Method.UPSCALE and not operator:
        operator = ["bicubic-downsampling"]
    if not operator:
        raise RequestError(f"--operator is missing; say what was done: {_KNOWN}.")
    values = _values(locals())
    if "gaussian-blur" in operator and sigma is None:
        values["sigma"] = _estimated_sigma(source)
    degradations = _degradations(operator, values, kernel, source)
    request = EditRequest(
        settings=_settings(
            method,
            degradations=degradations,
            noise=_estimated_noise(source) if noise is None else noise,
            samples=samples,
            average=average,
            **{
                name: value
                for name, value in {
                    "zeta": zeta,
                    "variance": variance,
                    "noise_level": noise_level,
                    "strength": strength,
                    "eta": eta,
                }.items()
                if value is not None
            },
        ),
        picture=source.pixels,
        mask=_mask(mask, source),
        target_prompt=prompt,
        steps=steps,
        guidance_scale=guidance_scale,
        seed=seed,
        model=model,
    )
    _finish(request, source, target, device, dtype, maps)


def _finish(
    request: EditRequest,
    source: Picture,
    target: Path,
    device: str,
    dtype: str,
    maps: bool = False,
) -> None:
    """Run the request, save what came out and say how well it explains the picture."""
    library = ModelLibrary()
    name = doer(type(request.settings), request.model, library.find())
    loaded = load_model(library, name, device, dtype)
    finished = run(request, loaded)
    _save(finished, source, target, maps)
    for line in summary(finished, loaded):
        say(line)
    restoration = finished.restoration
    assert restoration is not None
    say(str(restoration.residual))
    if restoration.spread is not None:
        differ = float((restoration.spread**2).mean() ** 0.5)
        say(f"{len(restoration.samples)} restorations differ by {differ:.4f} (0 to 1)")


def mount(app: typer.Typer) -> None:
    """Give `app` the two commands."""
    app.command()(restore)
    app.command()(degrade)


_OPTIONS = (
    *("sigma", "length", "angle", "factor", "share", "count", "width", "pattern_seed"),
    *("angles", "turn", "quality", "gain", "gamma", "margin"),
)


def _values(given: dict[str, Any]) -> dict[str, Any]:
    """The operators' options that were given."""
    return {name: given[name] for name in _OPTIONS if given[name] not in (None, "")}


def _degradations(
    names: list[str], values: dict[str, Any], kernel: Path | None, source: Picture
) -> tuple[Degradation, ...]:
    """The named kinds, each with those options that it has. Raises RequestError."""
    if "margin" in values:
        values |= _margins(values.pop("margin"))
    if kernel is not None:
        values["kernel"] = KernelBlur.of_picture(load(kernel).pixels, kernel.name).kernel
    unused = set(values)
    found: list[Any] = []
    for name in names:
        kind_name, preset = _SHORT.get(name, (name, {}))
        if kind_name not in _NAMES:
            raise RequestError(f"there is no operator “{name}”; choose {_KNOWN}.")
        kind = _NAMES[kind_name]
        own = {key: value for key, value in values.items() if key in kind.model_fields}
        unused -= set(own)
        if kind_name == "kernel" and "kernel" not in own:
            raise RequestError("the operator kernel needs --kernel, a small picture of it.")
        try:
            found.append(kind(**preset, **own))
        except ValidationError as error:
            raise _refused(error, name) from error
    if unused:
        option = sorted(unused)[0].replace("_", "-")
        raise RequestError(f"--{option} belongs to none of {', '.join(names)}; leave it away.")
    return tuple(found)


def _settings(method: Method, **values: Any):
    """The method's settings. Raises RequestError for a value out of range or not its own."""
    from core.methods import settings_types

    kind = settings_types()[method.value]
    for name in values:
        if name not in kind.model_fields:
            raise RequestError(f"{method.value} has no setting {name}; leave it away.")
    try:
        return kind(**values)
    except ValidationError as error:
        raise _refused(error, method.value) from error


def _refused(error: ValidationError, what: str) -> RequestError:
    first = error.errors(include_url=False)[0]
    name = ".".join(str(part) for part in first["loc"]).replace("_", "-")
    return RequestError(f"{what}: {name} is {first['input']}: {first['msg'].lower()}.")


def _margins(text: str) -> dict[str, int]:
    parts = text.split(",")
    if len(parts) != 4 or not all(part.strip().isdecimal() for part in parts):
        raise RequestError(f"--margin {text} is not understood; write it as 0,64,0,64.")
    return dict(zip(("top", "right", "bottom", "left"), map(int, parts), strict=True))


def _mask(path: Path | None, source: Picture) -> Mask | None:
    return None if path is None else load_mask(path, source.size)


def _estimated_noise(source: Picture) -> float:
    from core.restoration.estimation import estimate_noise

    noise = estimate_noise(source.pixels)
    say(f"noise estimated: {noise:.4f}")
    return min(noise, 1.0)


def _estimated_sigma(source: Picture) -> float:
    from core.restoration.estimation import estimate_blur

    sigma = estimate_blur(source.pixels)
    if sigma == 0.0:
        raise RequestError("no blur shows in the picture's spectrum; give --sigma.")
    say(f"sigma estimated: {sigma:.2f}")
    return sigma


def _save(finished: "Finished", source: Picture, target: Path, maps: bool) -> None:
    """The result with its recipe; beside it the other samples, and the maps if asked for."""
    import numpy as np

    from core.recipe import with_input_path

    restoration = finished.restoration
    assert restoration is not None
    recipe = with_input_path(finished.recipe, source.path, target)
    save(target, finished.picture, like=source, recipe=recipe)
    say(str(target))
    settings = finished.request.settings
    first = 1 if isinstance(settings, RestorationSettings) and settings.average else 2
    kept = restoration.samples[first - 1 :] if len(restoration.samples) > 1 else ()
    others = {str(n): sample for n, sample in enumerate(kept, start=first)}
    if maps:
        grey: dict[str, Any] = {"residual": restoration.residual.map / 4}
        if restoration.spread is not None:
            others["mean"] = np.rint(255 * restoration.mean).astype(np.uint8)
            grey["spread"] = 4 * restoration.spread
        for name, values in grey.items():
            flat = np.rint(255 * values.clip(0, 1)).astype(np.uint8)
            others[name] = np.repeat(flat[..., None], 3, axis=2)
    for name, pixels in others.items():
        path = target.with_name(f"{target.stem}-{name}{target.suffix}")
        save(path, pixels)
        say(str(path))
