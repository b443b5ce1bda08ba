"""The card's figures of one model, or of two side by side, as tables."""

from collections.abc import Mapping, Sequence

from core.evaluation.blocks import Block, Heading, Table, Text
from core.evaluation.quality import LANGUAGE_STEPS, Quality

LANGUAGE_NAMES = {"en": "English", "ko": "Korean"}


def quality_page(
    models: Mapping[str, Quality],
    world: str,
    scenes: int,
    errors: Mapping[str, Mapping[int, float]],
) -> list[Block]:
    """A page of figures. models, errors (of pixel models, by number of steps): by name."""
    first = next(iter(models.values()))
    page: list[Block] = [
        Heading("Figures", 1),
        Text(
            f"On {scenes} held-out scenes of the {world} world. The distance is that of two "
            "Gaussians over the features of the starter's own image tower: no FID. Real pictures: "
            f"agreement {first.real_agreement:.3f}; distance of one half to the other "
            f"{first.split_distance:.4f}."
        ),
        _parts(models),
        _samples(models),
    ]
    if errors:
        page += [Heading("Reconstruction by DDIM"), _errors(errors)]
    return page


def _parts(models: Mapping[str, Quality]) -> Table:
    rows = [
        ["Autoencoder, PSNR (dB)", *(f"{one.psnr:.2f}" for one in models.values())],
        ["Autoencoder, SSIM", *(f"{one.ssim:.3f}" for one in models.values())],
    ]
    first = next(iter(models.values()))
    for language in first.recall:
        found = [f"{one.recall[language]:.3f}" for one in models.values()]
        rows.append([f"Recall@1 of 100, {LANGUAGE_NAMES[language]}", *found])
    found = [f"{one.unseen_psnr:.2f}" for one in models.values()]
    rows.append(["Autoencoder, PSNR (dB), unseen objects", *found])
    for steps in first.unseen_errors:
        found = [f"{one.unseen_errors[steps]:.5f}" for one in models.values()]
        rows.append(
            [f"DDIM there and back in {steps} steps, squared error, unseen objects", *found]
        )
    for language in first.languages:
        found = [f"{one.languages[language]:.3f}" for one in models.values()]
        name = LANGUAGE_NAMES[language]
        rows.append([f"Agreement of {name} prompts, {LANGUAGE_STEPS} steps", *found])
    return Table(["Part", *models], rows)


def _samples(models: Mapping[str, Quality]) -> Table:
    head = ["Steps", *(f"{name}: {what}" for name in models for what in ("distance", "agreement"))]
    rows = []
    for found in zip(*(one.samples for one in models.values()), strict=True):
        cells = [cell for one in found for cell in (f"{one.distance:.4f}", f"{one.agreement:.3f}")]
        rows.append([str(found[0].steps), *cells])
    return Table(head, rows)


def _errors(errors: Mapping[str, Mapping[int, float]]) -> Table:
    steps: Sequence[int] = list(next(iter(errors.values())))
    rows = [[name, *(f"{found[count]:.5f}" for count in steps)] for name, found in errors.items()]
    return Table(["Squared error a pixel, after steps", *map(str, steps)], rows)
