"""The table and the sheet of `restorations`."""

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, fields
from statistics import fmean

import numpy as np
import torch

from core.evaluation.blocks import Table
from core.evaluation.restorations import TASKS, Pixels, Restorations, Row, Sampler
from core.imaging.contact_sheet import contact_sheet

TITLES = {
    "x4": "4 times smaller",
    "box": "box missing",
    "random": "92 % missing",
    "gaussian": "Gaussian blur",
    "motion": "motion blur",
}
HEAD = (
    *("task", "method", "pictures", "PSNR", "SSIM", "tower", "residual", "evaluations", "seconds"),
)


def table(rows: Sequence[Row]) -> Table:
    """Means over the pictures, task by task, the plain methods first."""
    lines = []
    for task, title in TITLES.items():
        methods = dict.fromkeys(row.method for row in rows if row.task == task)
        for method in sorted(methods, key=lambda name: _evaluations(rows, task, name)):
            own = [row for row in rows if (row.task, row.method) == (task, method)]
            lines.append(
                [
                    title,
                    method,
                    str(len(own)),
                    f"{fmean(row.psnr for row in own):.2f}",
                    f"{fmean(row.ssim for row in own):.3f}",
                    f"{fmean(row.tower for row in own):.1f}",
                    f"{fmean(row.residual for row in own):.3f}",
                    f"{fmean(row.evaluations for row in own):.0f}",
                    f"{fmean(row.seconds for row in own):.2f}",
                ]
            )
    return Table(HEAD, lines)


def verdicts(rows: Sequence[Row], ours: str) -> list[str]:
    """Task by task whether `ours` is ahead of every plain method, on the pictures both have."""
    lines = []
    for task, title in TITLES.items():
        own = {row.picture: row for row in rows if (row.task, row.method) == (task, ours)}
        plain = dict.fromkeys(r.method for r in rows if r.task == task and not r.evaluations)
        if not own or not plain:
            continue
        said = []
        for figure, sign, name in (("tower", -1, "perceptual distance"), ("psnr", 1, "PSNR")):
            gains = []
            for method in plain:
                theirs = {r.picture: r for r in rows if (r.task, r.method) == (task, method)}
                both = [(own[p], theirs[p]) for p in own if p in theirs]
                if both:
                    gains.append(
                        fmean(sign * (getattr(a, figure) - getattr(b, figure)) for a, b in both)
                    )
            if gains:
                said.append(f"{name} {'ahead of' if min(gains) > 0 else 'behind'} the best plain")
        residual = fmean(row.residual for row in own.values())
        lines.append(f"{title}: {', '.join(said)}; residual {residual:.3f} of the noise")
    return lines


def as_csv(rows: Sequence[Row]) -> str:
    """One line for each picture, task and method."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [field.name for field in fields(Row)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in rows)
    return text.getvalue()


def sheet(run: Restorations, samplers: dict[str, Sampler], pictures: Sequence[int]) -> Pixels:
    """Each task on each of a few pictures: the truth, what was measured, and every method."""
    names = ["original", "measured", "plain", *samplers]
    lines = []
    for task in TASKS:
        _, measured = run.measure(task, pictures)
        found = run.plain(task, pictures)
        plain = found[list(found)[-1]] if found else None
        sampled = {name: run.sample(sampler, task, pictures) for name, sampler in samplers.items()}
        for place, index in enumerate(pictures):
            cells: list[Pixels | None] = [run.pictures[index], _pixels(measured[place])]
            cells.append(None if plain is None else _pixels(plain[place][0]))
            cells += [_pixels(one[place]) for one in sampled.values()]
            lines.append((TITLES[task] if place == 0 else "", cells))
    return contact_sheet(names, lines, 128)


def _pixels(picture: torch.Tensor) -> Pixels:
    return np.rint(picture.clamp(0, 1).permute(1, 2, 0).numpy() * 255).astype(np.uint8)


def _evaluations(rows: Sequence[Row], task: str, method: str) -> int:
    return next(r.evaluations for r in rows if (r.task, r.method) == (task, method))
