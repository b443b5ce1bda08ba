"""A swap at several inversion strengths and guidance scales: what each does, on one sheet."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import RequestError
from core.request import EditRequest, Pixels
from core.settings.strength import with_inversion_strength

CELL = 192
"""Pixels that a picture takes on the sheet, at most."""


@dataclass(frozen=True, eq=False)
class Cell:
    """One edit of the grid; its result's recipe replays like any other's."""

    inversion_strength: float
    guidance_scale: float
    request: EditRequest


def grid(
    request: EditRequest, strengths: Sequence[float], guidance_scales: Sequence[float] = ()
) -> list[list[Cell]]:
    """The request at each of the values: rows of one guidance scale, columns of one strength.

    guidance_scales: none = the request's own. Raises RequestError for values out of range.
    """
    for strength in strengths:
        if not 0.0 <= strength <= 1.0:
            raise RequestError(f"inversion strength is {strength:g}; choose 0 to 1.")
    if not strengths:
        raise RequestError("a sweep needs inversion strengths; give some, as 0,.25,.5,.75,1.")
    return [
        [
            Cell(
                strength,
                scale,
                request.with_(
                    settings=with_inversion_strength(request.settings, strength),
                    guidance_scale=scale,
                ),
            )
            for strength in strengths
        ]
        for scale in guidance_scales or [request.guidance_scale]
    ]


def sweep_sheet(
    rows: Sequence[Sequence[Cell]], results: Sequence[Sequence[Pixels]]
) -> NDArray[np.uint8]:
    """The contact sheet, RGB: the results of `rows`, with their values and the prompts."""
    from core.imaging.contact_sheet import contact_sheet

    request = rows[0][0].request
    columns = [f"strength {cell.inversion_strength:g}" for cell in rows[0]]
    lines = [
        (f"guidance {cells[0].guidance_scale:g}", [_in_8_bits(one) for one in pictures])
        for cells, pictures in zip(rows, results, strict=True)
    ]
    title = [request.settings.title, request.source_prompt, request.target_prompt]
    return contact_sheet(columns, lines, CELL, title=title)


def _in_8_bits(picture: Pixels) -> NDArray[np.uint8]:
    return np.asarray(picture >> 8 if picture.dtype == np.uint16 else picture, np.uint8)
