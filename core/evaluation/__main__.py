"""`python -m core.evaluation ...`: the figures and pictures of the starter model.

samples   compose resources/samples anew from the packages
sheet     run the samples' edits and draw them on one sheet, with their CLIP margins
prompts   draw prompted pictures, not picked, on one sheet
costs     what a second prompt costs, and a step once the source has left the batch
"""

from pathlib import Path
from typing import Annotated

import typer

import resources
from core.imaging.image import load, save

SAMPLES = resources.path("samples")

app = typer.Typer(no_args_is_help=True, add_completion=False)

ModelOption = Annotated[str, typer.Option(help="A model's name or folder.")]
OutOption = Annotated[Path, typer.Option(help="The picture to write.")]


@app.command()
def samples(
    photograph: Annotated[Path, typer.Option(help="scikit-image's coffee.png.")],
    out: Annotated[Path, typer.Option(help="Folder to write.")] = SAMPLES,
    packages: Annotated[
        Path | None, typer.Option(help="Folder with the npm tarballs, when already at hand.")
    ] = None,
) -> None:
    """Compose the sample pictures, their masks and samples.json."""
    from core.evaluation.sample_pictures import write_samples
    from core.training.datasets.objects import open_library

    write_samples(out, open_library(packages), photograph)
    typer.echo(str(out))


@app.command()
def sheet(
    out: OutOption = Path("samples-sheet.png"),
    model: ModelOption = "starter",
    steps: Annotated[int, typer.Option(min=1)] = 30,
    seed: Annotated[int, typer.Option(min=0)] = 0,
) -> None:
    """Run every sample's swap and fill; print the figures, write the sheet."""
    from core.evaluation.clip_score import ClipScore
    from core.evaluation.sample_sheet import draw_sheet, run_samples
    from core.models.library import ModelLibrary

    library = ModelLibrary()
    clip = ClipScore(library.get(model).folder)
    results = []
    for result in run_samples(library.load(model), clip, steps=steps, seed=seed):
        results.append(result)
        swap = f"{result.swap_margin:+.3f}" if result.swap_margin is not None else "-"
        fill = f"{result.fill_margin:+.3f}" if result.fill_margin is not None else "-"
        name, outside = result.entry["file"], result.fill.changed_outside
        typer.echo(f"{name}  swap {swap}  fill {fill}  changed outside {outside}")
    save(out, draw_sheet(results))
    swaps = [result.swap_margin for result in results if result.swap_margin is not None]
    fills = [result.fill_margin for result in results if result.fill_margin is not None]
    typer.echo(
        f"CLIP prefers the target: swaps {sum(m > 0 for m in swaps)} of {len(swaps)}, "
        f"fills {sum(m > 0 for m in fills)} of {len(fills)}"
    )


@app.command()
def prompts(
    out: OutOption = Path("prompts-sheet.png"),
    model: ModelOption = "starter",
    steps: Annotated[int, typer.Option(min=1)] = 30,
    guidance_scale: Annotated[float, typer.Option(min=0.0)] = 5.0,
    count: Annotated[int, typer.Option(min=1, max=500)] = 32,
) -> None:
    """Draw held-out captions, the first `count` of the held-out scenes, one seed each."""
    from core.evaluation.prompt_sheet import draw_prompts
    from core.models.library import ModelLibrary

    loaded = ModelLibrary().load(model)
    picture, said = draw_prompts(loaded, count, steps=steps, guidance_scale=guidance_scale)
    save(out, picture)
    out.with_suffix(".txt").write_text("\n".join(said) + "\n", "utf-8")
    typer.echo(str(out))


@app.command()
def costs(
    model: ModelOption = "starter",
    device: Annotated[str, typer.Option(help="auto, cuda, mps or cpu.")] = "auto",
    steps: Annotated[int, typer.Option(min=1)] = 20,
    rounds: Annotated[int, typer.Option(min=1, help="Each figure is the median of so many.")] = 3,
    methods: Annotated[list[str] | None, typer.Option("--method", help="Only these.")] = None,
) -> None:
    """Two prompts on the first sample by every swap method; print rows and seconds of both."""
    from core.evaluation.costs import HEADER, Comparison, compare_all, line, swap_methods
    from core.evaluation.sample_sheet import sample_entries
    from core.models.library import ModelLibrary
    from core.request import EditRequest

    loaded = ModelLibrary().load(model, device)
    entry, other = (one for one in sample_entries()[:2] if one["edit"]["job"] == "swap")
    known = swap_methods()
    chosen = {name: known[name] for name in methods or known if name in known}
    if not chosen:
        raise typer.BadParameter(f"choose one of: {', '.join(known)}.")
    first = EditRequest(
        next(iter(chosen.values())),
        load(SAMPLES / entry["file"]).pixels,
        source_prompt=entry["edit"]["source"],
        target_prompt=entry["edit"]["target"],
        steps=steps,
    )
    targets = entry["edit"]["target"], other["edit"]["target"]
    warm_up = dict(list(chosen.items())[:1])  # the first run of all is slow
    list(compare_all(warm_up, first, targets, loaded, 1))
    typer.echo(HEADER)
    for found in compare_all(chosen, first, targets, loaded, rounds):
        typer.echo(line(found) if isinstance(found, Comparison) else found)


@app.command()
def fills(
    out: Annotated[Path, typer.Option(help="Folder for fills.md and fills.png.")] = Path(),
    model: ModelOption = "starter",
    device: Annotated[str, typer.Option(help="auto, cuda, mps or cpu.")] = "auto",
    steps: Annotated[int, typer.Option(min=1)] = 30,
    guidance_scale: Annotated[float, typer.Option(min=0.0)] = 5.0,
    count: Annotated[int, typer.Option(min=3, help="Cases: removed, ground, added, ...")] = 20,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    packages: Annotated[
        Path | None, typer.Option(help="Folder with the npm tarballs, when already at hand.")
    ] = None,
) -> None:
    """Fills with known answers: ours, plain pasting and diffusers' own; table and sheet."""
    from core.evaluation.clip_score import ClipScore
    from core.evaluation.fills import OURS, PASTED, means, page, run_fills, sheet, ways
    from core.evaluation.known_fills import known_fill
    from core.models.library import ModelLibrary
    from core.models.stable_diffusion import StableDiffusion
    from core.training.datasets.objects import open_library

    library = ModelLibrary()
    loaded = library.load(model, device)
    if not isinstance(loaded, StableDiffusion):
        raise typer.BadParameter(f"diffusers' pipeline cannot be made of {model}.")
    clip, objects = ClipScore(library.get(model).folder), open_library(packages)
    cases = (known_fill(seed, index, objects, loaded.native_size) for index in range(count))
    found = []
    for one in run_fills(cases, ways(loaded, steps, guidance_scale), clip, seed):
        found.append(one)
        figures = one.figures
        typer.echo(
            f"{one.case.index} {one.case.kind} {one.way}: distance {figures.distance:.1f}, "
            f"tower {figures.tower:.1f}, seam {figures.seam:.1f}, shift {figures.shift:.2f}"
        )
    out.mkdir(parents=True, exist_ok=True)
    (out / "fills.md").write_text(page(found, steps, guidance_scale, seed), "utf-8")
    save(out / "fills.png", sheet(found, 9))
    ours, pasted = means(found, OURS), means(found, PASTED)
    typer.echo(
        f"distance {ours.distance / pasted.distance:.2f} and seam {ours.seam / pasted.seam:.2f} "
        "of plain pasting's"
    )


if __name__ == "__main__":
    app()
