"""`sfumato bench edits`: every edit method on edits with known answers.

torch is imported only once there is something to compute.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from core.console import complain, load_model, say
from core.errors import RequestError
from core.models.library import ModelLibrary
from core.training.choices import World

if TYPE_CHECKING:
    from core.evaluation.benchmark import Benchmark, Variant

COUNT, STEPS = 210, 20
QUICK_COUNT, QUICK_STEPS = 7, 5

bench = typer.Typer(no_args_is_help=True, help="Measure methods on edits with known answers.")


def mount(app: typer.Typer) -> None:
    """Give `app` the commands `bench ...`."""
    app.add_typer(bench, name="bench")


@bench.callback()
def _root() -> None:
    """Measure methods on edits with known answers."""


@bench.command()
def edits(
    model: Annotated[str, typer.Option(help="A model's name or folder.")] = "starter",
    methods: Annotated[
        str, typer.Option(help="all, or names of swap methods with commas between.")
    ] = "all",
    skip: Annotated[str, typer.Option(help="Names to leave out, with commas between.")] = "",
    strengths: Annotated[
        str, typer.Option(help="Inversion strengths to try each method at as well: .25,.5,1.")
    ] = "",
    variant: Annotated[
        list[str] | None,
        typer.Option(help='More settings to try: "direct-inversion control=masactrl".'),
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder of the report; a begun one goes on.")] = Path(
        "report"
    ),
    count: Annotated[
        int, typer.Option(min=1, help="Edits; the first ones are the same for every count.")
    ] = COUNT,
    minutes: Annotated[
        float | None, typer.Option(min=0, help="Begin no further edit after so long.")
    ] = None,
    steps: Annotated[int, typer.Option(min=1, help="Network steps of a full path.")] = STEPS,
    guidance_scale: Annotated[float, typer.Option(min=0, help="1 = without guidance.")] = 5.0,
    seed: Annotated[int, typer.Option(min=0, help="Of the edits and of the noise.")] = 0,
    world: Annotated[World, typer.Option(help="Of the edited scenes.")] = "rich",
    quick: Annotated[
        bool,
        typer.Option("--quick", help=f"{QUICK_COUNT} edits of {QUICK_STEPS} steps: a first look."),
    ] = False,
    write_auto: Annotated[
        bool, typer.Option("--write-auto", help="Let the method auto choose by these figures.")
    ] = False,
    packages: Annotated[
        Path | None, typer.Option(help="Folder with the npm tarball of the objects' pictures.")
    ] = None,
    device: Annotated[str, typer.Option(help="auto, cuda, mps or cpu.")] = "auto",
    dtype: Annotated[str, typer.Option(help="auto, float32, float16 or bfloat16.")] = "auto",
) -> None:
    """Run all methods on held-out scenes whose edited pictures are known; write a report."""
    from core.evaluation.benchmark import Benchmark, Plan, until, variants
    from core.evaluation.clip_score import ClipScore
    from core.training.datasets.objects import open_library

    if quick:
        count, steps = min(count, QUICK_COUNT), min(steps, QUICK_STEPS)
    chosen = variants(methods, _numbers(strengths, "--strengths"), variant or ())
    left_out = {name.strip() for name in skip.split(",")}
    chosen = [one for one in chosen if one.settings.name not in left_out]
    if not chosen:
        raise RequestError("no method is left; give --methods others than --skip.")
    library = ModelLibrary()
    objects = open_library(packages)
    loaded = load_model(library, model, device, dtype)
    judge = library.get(model).folder
    if not (judge / "clip").is_dir():
        judge = library.get("starter").folder
    plan = Plan(
        model=loaded.name,
        fingerprint=loaded.fingerprint,
        seed=seed,
        steps=steps,
        guidance_scale=guidance_scale,
        side=loaded.native_size,
        world=world,
    )
    benchmark = Benchmark(out, plan, loaded, ClipScore(judge), objects)
    done = _run(benchmark, chosen, until(range(count), minutes), count)
    _finish(benchmark, chosen, done, write_auto)


def _run(
    benchmark: "Benchmark", chosen: "list[Variant]", indices: Iterator[int], count: int
) -> list[int]:
    """Run all but Auto, which is made of them, saying what each edit took; the edits' numbers."""
    from core.settings import AutoSettings

    fixed = [one for one in chosen if not isinstance(one.settings, AutoSettings)]
    done = []
    for index in indices:
        results = list(benchmark.run([index], fixed))
        seconds = sum(one.seconds for one in results)
        kind = benchmark.edit(index).kind
        complain(f"edit {index + 1} of {count} ({kind}): {len(results)} results, {seconds:.1f} s")
        done.append(index)
    return done


def _finish(
    benchmark: "Benchmark", chosen: "list[Variant]", done: list[int], write_auto: bool
) -> None:
    """Let Auto choose if it is to, run what it chose, write the report, print its table."""
    from core.evaluation.auto_figures import best_by_change
    from core.evaluation.edit_report import EditReport, chosen_from
    from core.methods.auto import FILE, family_of, read_figures, write_figures

    family = family_of(benchmark.prediction)
    if write_auto:
        write_figures(FILE, family, best_by_change(benchmark, chosen, [*filter(chosen_from, done)]))
    list(benchmark.run(done, chosen))
    report = EditReport(benchmark, chosen, done)
    report.write(read_figures(FILE).get(family))
    for line in [*report.headline().plain(), *report.verdicts()]:
        say(line)
    for name, reason in report.refused.items():
        say(f"{name} was left out: {reason}")
    say(str(benchmark.folder / "report.html"))


def _numbers(text: str, option: str) -> list[float]:
    """Numbers from 0 to 1 with commas between. Raises RequestError."""
    try:
        found = [float(part) for part in text.split(",") if part.strip()]
    except ValueError:
        found = [-1.0]
    if not all(0 <= value <= 1 for value in found):
        raise RequestError(f"{option} {text} is not understood; write it as .25,.5,1.")
    return found
