"""`python -m core.evaluation ...`: the figures and pictures of the starter model.

samples   compose resources/samples anew from the packages
sheet     run the samples' edits and draw them on one sheet, with their CLIP margins
prompts   draw prompted pictures, not picked, on one sheet
costs     what a second prompt costs, and a step once the source has left the batch
dps-cost  what a step of DPS costs, in evaluations of the network
restorations  held-out pictures restored by every method, beside plain ones
fills     fills whose answers are known, beside plain pasting and diffusers' own
enlargements  held-out scenes made small and large again by a model made for it
quality   the figures of a model's card, beside another model's
first-stages  what first stages keep of pictures, against how small they make them
"""

import json
from pathlib import Path
from typing import Annotated

import typer

import resources
from core.evaluation.blocks import markdown
from core.imaging.atomic import write_atomically
from core.imaging.image import load, save
from core.options import DeviceOption, DtypeOption
from core.training.choices import World

SAMPLES = resources.path("samples")
UNSEEN = 16
"""Scenes with unseen objects that a card's figures are taken on."""

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
    count: Annotated[int, typer.Option(min=1, max=500)] = 64,
    world: Annotated[World, typer.Option(help="Of the held-out scenes.")] = "rich",
) -> None:
    """Draw held-out captions, the first `count` of the held-out scenes, one seed each."""
    from core.evaluation.prompt_sheet import draw_prompts
    from core.models.library import ModelLibrary

    loaded = ModelLibrary().load(model)
    picture, said = draw_prompts(
        loaded, count, steps=steps, guidance_scale=guidance_scale, world=world
    )
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
def quality(
    out: Annotated[Path, typer.Option(help="Folder for quality.md and quality.json.")] = Path(),
    model: Annotated[
        list[str] | None, typer.Option(help="A model's name or folder; several are compared.")
    ] = None,
    pixels: Annotated[
        list[str] | None, typer.Option(help="Pixel models, for DDIM's reconstruction error.")
    ] = None,
    world: Annotated[World, typer.Option(help="Of the held-out scenes.")] = "rich",
    scenes: Annotated[int, typer.Option(min=100)] = 200,
    drawn: Annotated[int, typer.Option(min=2, help="Pictures for each number of steps.")] = 64,
    packages: Annotated[
        Path | None, typer.Option(help="Folder with the npm tarballs, when already at hand.")
    ] = None,
) -> None:
    """Autoencoder, retrieval, samples over 5 to 50 steps, DDIM's reconstruction; print tables."""
    from core.evaluation import quality as figures
    from core.evaluation.blocks import Table
    from core.evaluation.clip_score import ClipScore
    from core.evaluation.quality_report import quality_page
    from core.models.library import ModelLibrary
    from core.training.datasets.objects import open_library
    from core.training.datasets.single_objects import held_out_pictures, open_single_objects

    if drawn > scenes - 2:
        raise typer.BadParameter("--drawn leaves no scenes to compare with; give more --scenes.")
    out.mkdir(parents=True, exist_ok=True)  # before the work, which takes minutes
    library, objects = ModelLibrary(), open_library(packages)
    names = model or ["starter"]
    judge = ClipScore(library.get(names[0]).folder)
    held_out = figures.fixed_scenes(world, scenes, objects)
    unseen = figures.fixed_scenes(world, UNSEEN, objects, "unseen")
    found = {
        name: figures.quality(
            library.load(name),
            library.get(name).folder,
            held_out,
            unseen,
            objects,
            judge=judge,
            drawn=drawn,
        )
        for name in names
    }
    errors = {}
    if pixels:
        pictures = held_out_pictures(open_single_objects(packages), 20)
        errors = {
            name: figures.reconstruction(library.load(name), list(pictures)) for name in pixels
        }
    page = quality_page(found, world, scenes, errors)
    for block in page:
        for line in block.plain() if isinstance(block, Table) else []:
            typer.echo(line)
    record = {"models": {k: v.to_json() for k, v in found.items()}, "reconstruction": errors}
    write_atomically(out / "quality.json", (json.dumps(record, indent=2) + "\n").encode())
    write_atomically(out / "quality.md", markdown(page).encode())
    typer.echo(str(out / "quality.md"))


@app.command()
def first_stages(
    stages: Annotated[list[Path], typer.Argument(help="Models, runs or first stages' folders.")],
    out: Annotated[Path, typer.Option(help="Folder for first-stages.md and .png.")] = Path(),
    world: Annotated[World, typer.Option(help="Of the held-out scenes.")] = "rich",
    scenes: Annotated[int, typer.Option(min=1)] = 64,
    side: Annotated[int, typer.Option(min=32, help="Of the pictures.")] = 128,
    packages: Annotated[
        Path | None, typer.Option(help="Folder with the npm tarballs, when already at hand.")
    ] = None,
) -> None:
    """PSNR, SSIM and perceptual distance of what comes back; print the table, draw the plot."""
    from core.evaluation.clip_score import ClipScore
    from core.evaluation.first_stages import stage_figures, stage_plot, stage_table
    from core.evaluation.quality import fixed_scenes
    from core.models.library import ModelLibrary
    from core.training.datasets.objects import open_library
    from core.training.datasets.rendering import render

    out.mkdir(parents=True, exist_ok=True)
    objects = open_library(packages)
    pictures = [render(scene, objects, side) for scene in fixed_scenes(world, scenes, objects)]
    clip = ClipScore(ModelLibrary().get("starter").folder)
    found = [stage_figures(folder, pictures, clip) for folder in stages]
    table = stage_table(found)
    write_atomically(out / "first-stages.md", markdown([table]).encode())
    save(out / "first-stages.png", stage_plot(found))
    for line in table.plain():
        typer.echo(line)


@app.command()
def dps_cost(
    model: ModelOption = "starter-pixels",
    device: Annotated[str, typer.Option(help="auto, cuda, mps or cpu.")] = "auto",
    batch: Annotated[int, typer.Option(min=1)] = 4,
    rounds: Annotated[int, typer.Option(min=1)] = 20,
) -> None:
    """Time a step of DPS and a plain one in turn; print their ratio last."""
    from core.evaluation.dps_cost import GOAL
    from core.evaluation.dps_cost import dps_cost as measure
    from core.models.library import ModelLibrary

    found = measure(ModelLibrary().load(model, device), batch=batch, rounds=rounds)
    typer.echo(f"plain {1000 * found.forward:.2f} ms, DPS {1000 * found.step:.2f} ms")
    typer.echo(f"DPS step / plain step (goal {GOAL}): {found.ratio:.2f}")


@app.command()
def restorations(
    out: Annotated[Path, typer.Option(help="Folder of the results; a begun one goes on.")] = Path(
        "restorations"
    ),
    model: ModelOption = "starter-pixels",
    device: DeviceOption = "auto",
    dtype: DtypeOption = "auto",
    count: Annotated[int, typer.Option(min=1, help="Held-out pictures.")] = 50,
    batch: Annotated[int, typer.Option(min=1, help="Pictures restored at once.")] = 10,
    minutes: Annotated[
        float | None, typer.Option(min=0, help="Begin no further batch after so long.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of the noise.")] = 0,
    draw: Annotated[
        int, typer.Option("--sheet", min=0, help="Draw so many pictures on sheet.png.")
    ] = 0,
    quick: Annotated[bool, typer.Option("--quick", help="Two pictures and few steps.")] = False,
    packages: Annotated[
        Path | None, typer.Option(help="Folder with the npm tarballs, when already at hand.")
    ] = None,
) -> None:
    """Restore held-out pictures whose originals are known; print the table, write table and CSV."""
    from core.evaluation import restoration_report as report
    from core.evaluation.clip_score import ClipScore
    from core.evaluation.plain_restorers import has_scikit_image
    from core.evaluation.restorations import QUICK, SAMPLERS, Restorations
    from core.models.library import ModelLibrary
    from core.training.datasets.single_objects import held_out_pictures, open_single_objects

    library = ModelLibrary()
    loaded = library.load(model, device, dtype)
    samplers, count = (QUICK, min(count, 2)) if quick else (SAMPLERS, count)
    pictures = held_out_pictures(open_single_objects(packages), count, loaded.native_size)
    clip = ClipScore(library.get("starter").folder)
    run = Restorations(out, loaded, clip, pictures, seed)
    for method, task, made in run.run(samplers, count, batch, minutes):
        typer.echo(f"{method}: {task}, {made} pictures", err=True)
    rows = [row for row in run.rows.values() if row.picture < count]
    found = report.table(rows)
    write_atomically(out / "table.md", markdown([found]).encode())
    write_atomically(out / "results.csv", report.as_csv(rows).encode())
    if draw:
        few = {name: one for name, one in samplers.items() if one.steps <= 100}
        save(out / "sheet.png", report.sheet(run, few, range(min(draw, count))))
    for line in found.plain():
        typer.echo(line)
    if not has_scikit_image():
        typer.echo("total variation and Wiener need scikit-image: pip install sfumato[evaluation]")
    for line in report.verdicts(rows, next(iter(samplers))):
        typer.echo(line)


@app.command()
def enlargements(
    out: Annotated[Path, typer.Option(help="Folder for enlargements.md and .png.")] = Path(),
    model: ModelOption = "starter",
    device: DeviceOption = "auto",
    steps: Annotated[int, typer.Option(min=1)] = 30,
    guidance_scale: Annotated[float, typer.Option(min=0.0)] = 3.0,
    count: Annotated[int, typer.Option(min=1, help="Held-out scenes.")] = 32,
    world: Annotated[World, typer.Option(help="Of the held-out scenes.")] = "rich",
    packages: Annotated[
        Path | None, typer.Option(help="Folder with the npm tarballs, when already at hand.")
    ] = None,
) -> None:
    """Held-out scenes made small, then large by a model made for it; table and sheet."""
    from core.evaluation import enlargements as report
    from core.evaluation.clip_score import ClipScore
    from core.evaluation.quality import fixed_scenes
    from core.models.library import ModelLibrary
    from core.models.members import doer
    from core.settings import UpscaleSettings
    from core.training.datasets.captions import caption
    from core.training.datasets.objects import open_library
    from core.training.datasets.rendering import render

    out.mkdir(parents=True, exist_ok=True)
    library, objects = ModelLibrary(), open_library(packages)
    loaded = library.load(doer(UpscaleSettings, model, library.find()), device)
    clip = ClipScore(library.get(model).folder)
    scenes = fixed_scenes(world, count, objects)
    originals = [
        (render(one, objects, loaded.native_size), caption(one, "en", specs=objects.specs))
        for one in scenes
    ]
    found = list(
        report.run_enlargements(originals, report.ways(loaded, steps, guidance_scale), clip)
    )
    (out / "enlargements.md").write_text(report.page(found, steps, guidance_scale), "utf-8")
    save(out / "enlargements.png", report.sheet(found, 6))
    for line in report.table(found).plain():
        typer.echo(line)


@app.command()
def fills(
    out: Annotated[Path, typer.Option(help="Folder for fills.md and fills.png.")] = Path(),
    model: ModelOption = "starter",
    device: Annotated[str, typer.Option(help="auto, cuda, mps or cpu.")] = "auto",
    steps: Annotated[int, typer.Option(min=1)] = 30,
    guidance_scale: Annotated[float, typer.Option(min=0.0)] = 5.0,
    count: Annotated[int, typer.Option(min=3, help="Cases: removed, ground, added, ...")] = 20,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    world: Annotated[World, typer.Option(help="Of the held-out scenes.")] = "rich",
    packages: Annotated[
        Path | None, typer.Option(help="Folder with the npm tarballs, when already at hand.")
    ] = None,
) -> None:
    """Fills with known answers: ours, plain pasting and diffusers' own; table and sheet."""
    from core.evaluation.clip_score import ClipScore
    from core.evaluation.fills import OURS, PASTED, means, page, run_fills, sheet, ways
    from core.evaluation.known_fills import known_fill
    from core.models.library import ModelLibrary
    from core.models.members import doer
    from core.models.stable_diffusion import StableDiffusion
    from core.settings import InpaintingSettings
    from core.training.datasets.objects import open_library

    library = ModelLibrary()
    loaded = library.load(model, device)
    name = doer(InpaintingSettings, model, library.find())
    other = None if name == model else ModelLibrary().load(name, device)
    member = other if isinstance(other, StableDiffusion) else None
    if not isinstance(loaded, StableDiffusion):
        raise typer.BadParameter(f"diffusers' pipeline cannot be made of {model}.")
    clip, objects = ClipScore(library.get(model).folder), open_library(packages)
    side = loaded.native_size
    cases = (known_fill(seed, index, objects, side, world) for index in range(count))
    found = []
    for one in run_fills(cases, ways(loaded, steps, guidance_scale, member), clip, seed):
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
