"""The edits of the sample pictures, run and judged, and the sheet that shows them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

import resources
from core.evaluation.clip_score import ClipScore
from core.events import Finished
from core.imaging.image import load
from core.imaging.mask import load_mask
from core.models.latent_model import LatentModel
from core.request import EditRequest, Pixels
from core.run import run_edit
from core.settings import DDIMSwapSettings, MaskedFillSettings

STRENGTHS = (0.0, 0.5, 1.0)
STEPS = 30
CELL = 192


@dataclass(frozen=True, eq=False)
class SampleResult:
    """One sample's edits.

    swaps: by inversion strength; empty for the photograph, which has none. fill: the fill.
    swap_margin, fill_margin: CLIP similarity with the target prompt minus that with the source
    prompt, of the swap at strength .5 and of the fill; None without a source prompt.
    """

    entry: dict[str, Any]
    picture: Pixels
    mask: NDArray[np.float32]
    swaps: dict[float, Finished]
    fill: Finished
    swap_margin: float | None
    fill_margin: float | None


def sample_entries() -> list[dict[str, Any]]:
    """The descriptions of the shipped samples."""
    return json.loads(resources.path("samples", "samples.json").read_text("utf-8"))


def run_samples(
    model: LatentModel, clip: ClipScore, *, steps: int = STEPS, seed: int = 0
) -> Iterator[SampleResult]:
    """Run every sample's swap at three strengths and its fill, all with one seed."""
    for entry in sample_entries():
        picture = load(resources.path("samples", entry["file"])).pixels
        fill = entry["fill"]
        mask = load_mask(resources.path("samples", fill["mask"]), picture.shape[:2])
        common = {"picture": picture, "steps": steps, "seed": seed}
        filled = finish(
            EditRequest(
                MaskedFillSettings(),
                mask=mask,
                source_prompt=fill["source"],
                target_prompt=fill["target"],
                **common,
            ),
            model,
        )
        swaps = {}
        edit = entry["edit"]
        if edit["job"] == "swap":
            for strength in STRENGTHS:
                request = EditRequest(
                    DDIMSwapSettings(inversion_strength=strength),
                    source_prompt=edit["source"],
                    target_prompt=edit["target"],
                    **common,
                )
                swaps[strength] = finish(request, model)
        yield SampleResult(
            entry=entry,
            picture=picture,
            mask=mask,
            swaps=swaps,
            fill=filled,
            swap_margin=_margin(clip, swaps[0.5], edit) if swaps else None,
            fill_margin=_margin(clip, filled, fill) if fill["source"] else None,
        )


def finish(request: EditRequest, model: LatentModel) -> Finished:
    """Run an edit to its end."""
    *_, last = run_edit(request, model)
    assert isinstance(last, Finished)
    return last


def draw_sheet(results: list[SampleResult]) -> NDArray[np.uint8]:
    """Input, mask, fill and the swaps of every sample, a row each; RGB uint8."""
    columns = ["input", "mask", "fill", *(f"swap {strength:g}" for strength in STRENGTHS)]
    rows = [_caption_row(columns)]
    for result in results:
        tint = np.array([232, 112, 80], np.float32)
        weight = 0.55 * result.mask[..., None]
        shown = (result.picture * (1 - weight) + tint * weight).astype(np.uint8)
        cells = [result.picture, shown, result.fill.picture]
        cells += [result.swaps[strength].picture for strength in STRENGTHS if result.swaps]
        rows.append(_row([np.asarray(cell, np.uint8) for cell in cells], len(columns)))
        fill, edit = result.entry["fill"]["target"], result.entry["edit"]["target"]
        text = f"fill: {fill}" + (f"    swap: {edit}" if result.swaps else "")
        rows.append(_text_row(text, len(columns)))
    return np.vstack(rows)


def _margin(clip: ClipScore, finished: Finished, edit: dict[str, Any]) -> float:
    picture = np.asarray(finished.picture, np.uint8)
    target, source = clip.agreement(picture, [edit["target"], edit["source"]])
    return target - source


def _row(cells: list[NDArray[np.uint8]], count: int) -> NDArray[np.uint8]:
    row = np.full((CELL + 8, count * (CELL + 8), 3), 255, np.uint8)
    for index, cell in enumerate(cells):
        scale = CELL / max(cell.shape[:2])
        size = (round(cell.shape[1] * scale), round(cell.shape[0] * scale))
        small = cv2.resize(cell, size, interpolation=cv2.INTER_AREA)
        left = index * (CELL + 8) + 4
        row[4 : 4 + size[1], left : left + size[0]] = small
    return row


def _caption_row(texts: list[str]) -> NDArray[np.uint8]:
    row = np.full((24, len(texts) * (CELL + 8), 3), 255, np.uint8)
    for index, text in enumerate(texts):
        _write(row, text, index * (CELL + 8) + 6)
    return row


def _text_row(text: str, count: int) -> NDArray[np.uint8]:
    row = np.full((24, count * (CELL + 8), 3), 255, np.uint8)
    _write(row, text, 6)
    return row


def _write(row: NDArray[np.uint8], text: str, left: int) -> None:
    place = (left, 16)
    cv2.putText(row, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.45, (70, 70, 70), 1, cv2.LINE_AA)
