"""From a benchmark's results to what Auto chooses (`core/methods/auto.json`)."""

import math
from collections.abc import Sequence

import numpy as np

from core.attention.prompt_change import prompt_change
from core.errors import RequestError
from core.evaluation.benchmark import BASELINE, Benchmark, Result, Variant, mean_figures
from core.evaluation.choosing import choose_mix
from core.methods.auto import ANY, Best, Measured
from core.settings import AutoSettings


def best_by_change(bench: Benchmark, chosen: Sequence[Variant], indices: Sequence[int]) -> Measured:
    """The best variant for every kind of change among these edits, as `choose_mix` has it.

    Only edits that a plain DDIM swap could do count. Auto itself is no candidate, nor is a variant
    that could not do all of them. Raises RequestError without a plain swap to compare with.
    """
    plain_swap = next((one for one in chosen if one.label == BASELINE), None)
    indices = [i for i in indices if plain_swap is not None and _done(bench, i, plain_swap)]
    if not indices:
        raise RequestError(
            f"Auto's choice is compared with {BASELINE}, which has no results here; keep it among "
            "--methods."
        )
    candidates: list[Variant] = []
    table: list[list[Result]] = []
    for variant in chosen:
        results = [one for i in indices if (one := _done(bench, i, variant))]
        if len(results) == len(indices) and not isinstance(variant.settings, AutoSettings):
            candidates.append(variant)
            table.append(results)
    plain = [variant.label for variant in candidates].index(BASELINE)
    edits = [bench.edit(index) for index in indices]
    changes = [prompt_change(edit.source_prompt, edit.target_prompt) for edit in edits]
    kinds = [ANY if change is None else change.value for change in changes]
    figures = [[one.figures for one in row if one.figures] for row in table]
    kept = np.array([[one.kept_psnr for one in row] for row in figures])
    agreement = np.array([[one.agreement for one in row] for row in figures])
    mix = choose_mix(kept, agreement, kinds, plain)

    def best(number: int, kind: str | None) -> Best:
        where = [i for i, other in enumerate(kinds) if kind in (None, other)]
        mine, theirs = (mean_figures(table[n][i] for i in where) for n in (number, plain))
        settings = candidates[number].settings
        return Best(
            method=settings.name,
            settings=settings.model_dump(mode="json", exclude_defaults=True),
            edits=len(where),
            kept=_rounded(mine["kept_psnr"], 2),
            agreement=round(mine["agreement"], 4),
            plain_kept=_rounded(theirs["kept_psnr"], 2),
            plain_agreement=round(theirs["agreement"], 4),
        )

    plan = bench.plan
    return Measured(
        model=plan.model,
        fingerprint=plan.fingerprint,
        seed=plan.seed,
        steps=plan.steps,
        guidance_scale=plan.guidance_scale,
        best={kind: best(number, kind) for kind, number in mix.best.items() if kind != ANY}
        | {ANY: best(mix.any, None)},
    )


def _done(bench: Benchmark, index: int, variant: Variant) -> Result | None:
    """A result that has figures."""
    found = bench.get(index, variant)
    return found if found is not None and found.figures is not None else None


def _rounded(value: float, digits: int) -> float | None:
    return None if math.isnan(value) else round(value, digits)
