"""Our fills beside plain pasting and diffusers' inpainting, on the same weights in one run."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np

from core.evaluation.blocks import Heading, Table, Text, markdown
from core.evaluation.clip_score import ClipScore
from core.evaluation.diffusers_inpainting import DiffusersInpainting
from core.evaluation.fill_figures import RING, FillFigures, measure
from core.evaluation.known_edits import Pixels
from core.evaluation.known_fills import FillKind, KnownFill
from core.evaluation.sample_sheet import finish
from core.imaging.contact_sheet import contact_sheet
from core.models.stable_diffusion import StableDiffusion
from core.request import EditRequest
from core.settings import (
    FillingSettings,
    InpaintingSettings,
    MaskedFillSettings,
    RemoveSettings,
    SDEditSettings,
)

OURS = "Sfumato"
MEMBER = "inpainting member"
PASTED = "plain paste"
PIPELINE = "diffusers"
PIPELINE_PASTED = "diffusers, pasted"
Way = Callable[[KnownFill, int], Pixels]


@dataclass(frozen=True, eq=False)
class Filled:
    """One way's result of one case."""

    case: KnownFill
    way: str
    picture: Pixels
    figures: FillFigures


def default_settings(kind: FillKind) -> FillingSettings:
    """What the window takes: Remove for a thing that goes, Fill for the rest."""
    return RemoveSettings() if kind is FillKind.REMOVE else MaskedFillSettings()


def ways(
    model: StableDiffusion,
    steps: int,
    guidance_scale: float,
    member: StableDiffusion | None = None,
) -> Mapping[str, Way]:
    """The ways by their names; each takes a case and a seed. member: one made for inpainting.

    The others are given our strength, steps, guidance, prompt and seed. Plain paste: the picture is
    walked from noise without regard to what is known, and what comes out is put into the mask.
    """
    pipeline = DiffusersInpainting(model)

    def edit(
        case: KnownFill,
        seed: int,
        settings: FillingSettings | SDEditSettings,
        model: StableDiffusion = model,
    ) -> Pixels:
        request = EditRequest(
            settings,
            case.picture,
            case.mask if isinstance(settings, FillingSettings) else None,
            target_prompt=case.prompt,
            steps=steps,
            guidance_scale=guidance_scale,
            seed=seed,
            model=model.name,
        )
        return np.asarray(finish(request, model).picture, np.uint8)

    def ours(case: KnownFill, seed: int) -> Pixels:
        return edit(case, seed, default_settings(case.kind))

    def unblended(case: KnownFill, seed: int) -> Pixels:
        own = default_settings(case.kind)
        plain = SDEditSettings(strength=own.strength, eta=own.eta)
        return _pasted(case, edit(case, seed, plain))

    @lru_cache(maxsize=1)
    def theirs(case: KnownFill, seed: int) -> Pixels:
        return pipeline.fill(
            case.picture,
            case.mask,
            case.prompt,
            steps=steps,
            guidance_scale=guidance_scale,
            seed=seed,
        )

    def theirs_pasted(case: KnownFill, seed: int) -> Pixels:
        return _pasted(case, theirs(case, seed))

    found: dict[str, Way] = {OURS: ours}
    if member is not None:
        found[MEMBER] = lambda case, seed: edit(case, seed, InpaintingSettings(), member)
    return found | {PASTED: unblended, PIPELINE: theirs, PIPELINE_PASTED: theirs_pasted}


def run_fills(
    cases: Iterator[KnownFill], known_ways: Mapping[str, Way], clip: ClipScore, seed: int
) -> Iterator[Filled]:
    """Every case by every way."""
    for case in cases:
        for name, fill in known_ways.items():
            picture = fill(case, seed + case.index)
            yield Filled(case, name, picture, measure(case, picture, clip))


def means(found: list[Filled], way: str, kind: FillKind | None = None) -> FillFigures:
    """The mean figures of one way, over all cases or those of a kind."""
    chosen = [
        one.figures for one in found if one.way == way and (kind is None or one.case.kind is kind)
    ]
    names = [field.name for field in fields(FillFigures)]
    return FillFigures(**{n: float(np.mean([getattr(one, n) for one in chosen])) for n in names})


def page(found: list[Filled], steps: int, guidance_scale: float, seed: int) -> str:
    """Markdown: a row for each way, over all cases and by kind, and what the figures are."""
    names = list(dict.fromkeys(one.way for one in found))
    rows = []
    for label, kind in [("all", None), *((kind.value, kind) for kind in FillKind)]:
        if kind is not None and all(one.case.kind is not kind for one in found):
            continue
        for way in names:
            figures = means(found, way, kind)
            shown = [f"{getattr(figures, f.name):.2f}" for f in fields(FillFigures)]
            rows.append([label, way, *shown])
    heads = ["cases", "way", *(field.name for field in fields(FillFigures))]
    cases = len({one.case.index for one in found})
    said = (
        f"{cases} held-out scenes, {steps} steps, guidance {guidance_scale:g}, seeds from {seed}; "
        "all ways have the same prompts and seeds, and all but the inpainting member's the same "
        "weights. distance: root mean square error to the answer inside the mask; seam: of the "
        "steps across its edge; shift: mean colour error "
        f"within {RING} pixels around it; all in levels of 0 to 255. tower: distance of our CLIP's "
        "features to the answer's, times 1000. Low is good. diffusers: what its pipeline gives "
        "back; pasted: with the picture put back outside the mask."
    )
    return markdown([Heading("Fills with known answers", 1), Text(said), Table(heads, rows)])


def sheet(found: list[Filled], count: int) -> Pixels:
    """The first `count` cases: before with the mask, each way, the answer."""
    cases = list({one.case.index: one.case for one in found}.values())[:count]
    names = list(dict.fromkeys(one.way for one in found))
    rows = []
    for case in cases:
        results = [one.picture for one in found if one.case is case]
        rows.append((f"{case.kind}: {case.prompt}", [_marked(case), *results, case.answer]))
    return contact_sheet(["before", *names, "answer"], rows, case_side(cases))


def case_side(cases: list[KnownFill]) -> int:
    return cases[0].picture.shape[0]


def _pasted(case: KnownFill, result: Pixels) -> Pixels:
    return np.where(case.inside[..., None], result, case.picture).astype(np.uint8)


def _marked(case: KnownFill) -> Pixels:
    """The picture with its mask in red."""
    red = np.array([230, 40, 40])
    marked = case.picture * 0.5 + red * 0.5
    return np.where(case.inside[..., None], marked, case.picture).astype(np.uint8)
