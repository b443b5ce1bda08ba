"""The report on a benchmark's results: report.md, report.html, results.csv, a plot and sheets.

overview.png shows the first edit of every kind.
"""

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields

from core.evaluation.benchmark import BASELINE, Benchmark, Result, Variant, mean_figures
from core.evaluation.blocks import Block, Heading, Shown, Table, Text, html, markdown
from core.evaluation.choosing import pareto_front
from core.evaluation.edit_figures import EditFigures
from core.evaluation.known_edits import KINDS, Kind, Pixels
from core.evaluation.pareto import Point, draw_pareto
from core.imaging.atomic import write_atomically
from core.imaging.contact_sheet import contact_sheet
from core.imaging.image import save
from core.methods.auto import Measured
from core.settings import AutoSettings

SHOWN = 4
"""Edits of each kind on its sheet: the first ones, not picked."""
AXES = (
    "kept: PSNR of what should stay, dB",
    "changed: CLIP agreement with the target prompt",
)

_COLUMNS = {
    "kept_psnr": ("kept dB", ".1f"),
    "kept_ssim": ("kept SSIM", ".3f"),
    "kept_tower": ("kept tower", ".0f"),
    "true_psnr": ("true dB", ".1f"),
    "true_tower": ("true tower", ".0f"),
    "agreement": ("agreement", ".3f"),
    "here": ("inside", ".3f"),
    "direction": ("direction", ".3f"),
    "evaluations": ("network", ".0f"),
    "seconds": ("seconds", ".1f"),
}
_LEGEND = (
    "kept: what must not change, against the picture before (PSNR up to 50 dB, SSIM, distance of "
    "the features of our own CLIP's image tower times 1000). true: the whole result against the "
    "known answer. agreement: CLIP similarity with the target prompt; inside: of the square around "
    "the edit with the words for what belongs there; direction: directional CLIP. network: "
    "pictures evaluated by the denoiser. High is good but for the tower distances and the costs. "
    "● is on the Pareto front of kept dB and agreement. The CLIP is the starter model's own, "
    "trained on scenes of the same kind."
)
_KIND_TEXTS = {
    Kind.SWAP: "an object becomes another of its kind",
    Kind.COLOUR: "an object takes another colour",
    Kind.GROUND: "the ground takes another colour, and any pattern or landscape",
    Kind.ADD: "an object comes",
    Kind.REMOVE: "an object goes",
    Kind.RESTYLE: "the ground takes another pattern, or the scene another light",
    Kind.UNSAID: "a swap whose source prompt is left empty",
}


@dataclass(frozen=True)
class Row:
    """One variant's means, over all edits and by kind. failed: edits that it could not do."""

    variant: Variant
    all: dict[str, float]
    by_kind: dict[Kind, dict[str, float]]
    failed: int

    @property
    def label(self) -> str:
        return self.variant.label


class EditReport:
    """What there is to say of those edits that every variant has been asked to do.

    refused: the variants that could do none, with the reason.
    """

    def __init__(self, bench: Benchmark, chosen: Sequence[Variant], indices: Sequence[int]) -> None:
        self.bench = bench
        self.indices = [i for i in indices if all(bench.get(i, one) for one in chosen)]
        self.rows: list[Row] = []
        self.refused: dict[str, str] = {}
        for variant in chosen:
            results = self._results(variant, self.indices)
            failed = [one for one in results if one.figures is None]
            if results and len(failed) == len(results):
                self.refused[variant.label] = failed[0].error
            else:
                self.rows.append(self._row(variant, results, len(failed)))

    def headline(self) -> Table:
        """Every variant's means, and those of doing nothing and of the known answer."""
        front = {row.label for row in self.front(self.rows)}
        lines = []
        for row in self.rows:
            name = row.label + (" ●" if row.label in front else "")
            name += f" ({row.failed} failed)" if row.failed else ""
            lines.append([name, *_cells(row.all)])
        for name, means in self._references().items():
            lines.append([name, *_cells(means)])
        return Table(["method", *(title for title, _ in _COLUMNS.values())], lines)

    def verdicts(self) -> list[str]:
        """What the issue asks of the table, in sentences."""
        said = [f"On the Pareto front: {', '.join(row.label for row in self.front(self.rows))}."]
        baseline = next((row for row in self.rows if row.label == BASELINE), None)
        if baseline is not None:
            better = [row.label for row in self.rows if _better(row.all, baseline.all)]
            said.append(
                f"Keep more than {BASELINE} at no lower agreement: {len(better)}"
                f"{': ' if better else ''}{', '.join(better)}."
            )
        unseen = [i for i in self.indices if not chosen_from(i)]
        auto = [row for row in self.rows if isinstance(row.variant.settings, AutoSettings)]
        if auto and unseen:
            rows = [
                self._row(row.variant, self._results(row.variant, unseen), 0) for row in self.rows
            ]
            mine = next(row for row in rows if row.variant is auto[0].variant)
            on = "on" if mine in self.front(rows) else "not on"
            said.append(
                f"On the {len(unseen)} edits that Auto was not chosen from, it keeps "
                f"{mine.all['kept_psnr']:.1f} dB at an agreement of {mine.all['agreement']:.3f} "
                f"and is {on} their front."
            )
        return said

    def front(self, rows: Sequence[Row]) -> list[Row]:
        """Those that no other row beats."""
        points = [(row.all["kept_psnr"], row.all["agreement"]) for row in rows]
        return [rows[i] for i in pareto_front(*zip(*points, strict=True))] if points else []

    def write(self, auto: Measured | None) -> None:
        """Write everything into the benchmark's folder. auto: what Auto chooses from."""
        folder, plan = self.bench.folder, self.bench.plan
        references = self._references()
        points = [Point(row.label, row.all["kept_psnr"], row.all["agreement"]) for row in self.rows]
        levels = [(name, means["agreement"]) for name, means in references.items()]
        points = [point for point in points if not math.isnan(point.across)]
        if points:
            save(folder / "pareto.png", draw_pareto(points, AXES, levels=levels))
        kinds = [kind for kind in KINDS if self._of_kind(kind)]
        for kind in kinds:
            save(folder / f"{kind}.png", self._sheet(self._of_kind(kind)[:SHOWN], plan.side))
        first = [self._of_kind(kind)[0] for kind in kinds]
        save(folder / "overview.png", self._sheet(first, plan.side * 3 // 4))
        blocks = self._blocks(kinds, auto, plotted=bool(points))
        write_atomically(folder / "report.md", markdown(blocks).encode())
        write_atomically(folder / "report.html", html("Edits with known answers", blocks).encode())
        write_atomically(folder / "results.csv", self._csv().encode())

    def _blocks(self, kinds: Sequence[Kind], auto: Measured | None, plotted: bool) -> list[Block]:
        plan = self.bench.plan
        blocks: list[Block] = [
            Heading("Edits with known answers", 1),
            Text(
                f"{len(self.indices)} edits of held-out scenes of the {plan.world} world by the "
                f"model {plan.model} ({plan.fingerprint[:12]}), {plan.side} pixels, {plan.steps} "
                f"steps, guidance {plan.guidance_scale:g}, seed {plan.seed}; every method with its "
                "own defaults unless the table says otherwise, every fourth prompt in Korean. Made "
                "by `sfumato bench edits`."
            ),
            self.headline(),
            *(Text(line) for line in self.verdicts()),
            Text(_LEGEND),
        ]
        if plotted:
            blocks.append(Shown("pareto.png", "What methods keep against what they change"))
        blocks += [Text(f"{name} was left out: {why}") for name, why in self.refused.items()]
        blocks += [Heading("By kind of edit"), Text("Kept dB / agreement.")]
        blocks.append(
            Table(
                ["method", *kinds],
                [[row.label, *(_pair(row.by_kind[kind]) for kind in kinds)] for row in self.rows],
            )
        )
        if auto is not None:
            blocks += _auto_blocks(auto)
        blocks += [
            Heading("Pictures"),
            Text(
                f"The first {SHOWN} edits of each kind, not picked; before, the known answer, "
                "then every method."
            ),
        ]
        for kind in kinds:
            blocks += [Heading(kind, 3), Text(_KIND_TEXTS[kind].capitalize() + ".")]
            blocks.append(Shown(f"{kind}.png", kind))
        return blocks

    def _row(self, variant: Variant, results: Sequence[Result], failed: int) -> Row:
        by_kind = {
            kind: mean_figures(one for one in results if self.bench.edit(one.edit).kind is kind)
            for kind in KINDS
        }
        return Row(variant, mean_figures(results), by_kind, failed)

    def _results(self, variant: Variant, indices: Sequence[int]) -> list[Result]:
        return [found for i in indices if (found := self.bench.get(i, variant)) is not None]

    def _references(self) -> dict[str, dict[str, float]]:
        """The figures of doing nothing and of the known answer."""
        found = {}
        for name in ("picture", "answer"):
            results = [
                Result(i, name, self.bench.measure(i, getattr(self.bench.edit(i), name)))
                for i in self.indices
            ]
            found["nothing done" if name == "picture" else "known answer"] = mean_figures(results)
        return found

    def _of_kind(self, kind: Kind) -> list[int]:
        return [i for i in self.indices if self.bench.edit(i).kind is kind]

    def _sheet(self, indices: Sequence[int], cell: int) -> Pixels:
        """A line for each edit: before, the known answer, every variant's result."""
        rows = []
        for index in indices:
            edit = self.bench.edit(index)
            cells: list[Pixels | None] = [edit.picture, edit.answer]
            for row in self.rows:
                result = self.bench.get(index, row.variant)
                there = result is not None and result.figures is not None
                cells.append(self.bench.picture(result) if result and there else None)
            rows.append((f"{edit.source_prompt or '(empty)'}  ->  {edit.target_prompt}", cells))
        columns = ["before", "known answer", *(row.label for row in self.rows)]
        return contact_sheet(columns, rows, cell)

    def _csv(self) -> str:
        """One line for each edit and variant."""
        file = io.StringIO()
        names = [field.name for field in fields(EditFigures)]
        head = ["edit", "kind", "language", "source", "target", "method", *names]
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*head, "evaluations", "seconds", "error"])
        for row in self.rows:
            for one in self._results(row.variant, self.indices):
                edit = self.bench.edit(one.edit)
                figures = asdict(one.figures) if one.figures else {}
                what = [edit.index, edit.kind, edit.language]
                words = [edit.source_prompt, edit.target_prompt, row.label]
                numbers = [_number(figures.get(name)) for name in names]
                costs = [one.evaluations, f"{one.seconds:.2f}", one.error]
                writer.writerow([*what, *words, *numbers, *costs])
        return file.getvalue()


def chosen_from(index: int) -> bool:
    """Whether Auto's choice may look at this edit: every other one of a kind, the first of them."""
    return (index // len(KINDS)) % 2 == 0


def _better(row: dict[str, float], baseline: dict[str, float]) -> bool:
    return row["kept_psnr"] > baseline["kept_psnr"] and row["agreement"] >= baseline["agreement"]


def _auto_blocks(auto: Measured) -> list[Block]:
    rows = []
    for kind, best in auto.best.items():
        extra = ", ".join(f"{name} {value}" for name, value in best.settings.items())
        kept = "-" if best.kept is None else f"{best.kept:.1f}"
        plain = "-" if best.plain_kept is None else f"{best.plain_kept:.1f}"
        method = best.method + (f" ({extra})" if extra else "")
        figures = [f"{kept} / {best.agreement:.3f}", f"{plain} / {best.plain_agreement:.3f}"]
        rows.append([kind, method, str(best.edits), *figures])
    head = ["change of the prompt", "Auto chooses", "edits", "kept dB / agreement", "ddim-swap"]
    return [Heading("What Auto chooses"), Table(head, rows)]


def _cells(means: dict[str, float]) -> list[str]:
    return [_shown(means[name], form) for name, (_, form) in _COLUMNS.items()]


def _pair(means: dict[str, float]) -> str:
    return f"{_shown(means['kept_psnr'], '.1f')} / {_shown(means['agreement'], '.3f')}"


def _shown(value: float, form: str) -> str:
    return "-" if math.isnan(value) else format(value, form)


def _number(value: float | None) -> str:
    return "" if value is None or math.isnan(value) else f"{value:.6g}"
