"""Small pictures made large again, whose originals are known: a model made for it beside a cubic.

Rombach et al. 2022, section 4.4, measure super-resolution on ImageNet; here are held-out scenes,
a quarter of the side small. A model draws what may have been there, so that a PSNR, which a mean
of all that may have been there wins, says less of it than the distance of a tower's features.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from core.evaluation.blocks import Heading, Table, Text, markdown
from core.evaluation.clip_score import ClipScore
from core.evaluation.edit_figures import psnr, ssim
from core.evaluation.sample_sheet import finish
from core.imaging.contact_sheet import contact_sheet
from core.models.latent_model import LatentModel
from core.request import EditRequest
from core.restoration.building import operator_for
from core.restoration.degradations import Downsampling
from core.settings import UpscaleSettings

SMALLER = Downsampling(factor=4)
CUBIC, WORDLESS, PROMPTED = "cubic", "without words", "with the prompt"
Pixels = NDArray[np.uint8]
Way = Callable[[Pixels, str, int], Pixels]


@dataclass(frozen=True)
class Figures:
    """psnr in dB, ssim; tower: distance of our CLIP's features to the original's, times 1000."""

    psnr: float
    ssim: float
    tower: float


@dataclass(frozen=True, eq=False)
class Enlargement:
    """One way's result of one scene: small, original and picture are RGB."""

    prompt: str
    small: Pixels
    original: Pixels
    way: str
    picture: Pixels
    figures: Figures


def shrunk(picture: Pixels) -> Pixels:
    """The picture, RGB uint8 [H, W, 3], with a quarter of its sides."""
    pixels = torch.from_numpy(picture.astype(np.float32)).permute(2, 0, 1)[None]
    small = operator_for((SMALLER,), picture.shape[:2])(pixels)[0]
    return small.clamp(0, 255).round().to(torch.uint8).permute(1, 2, 0).numpy()


def ways(model: LatentModel, steps: int, guidance_scale: float) -> Mapping[str, Way]:
    """The ways by their names; each takes the small picture, a prompt and a seed."""

    def drawn(small: Pixels, prompt: str, seed: int) -> Pixels:
        request = EditRequest(
            UpscaleSettings(degradations=(SMALLER,)),
            small,
            target_prompt=prompt,
            steps=steps,
            guidance_scale=guidance_scale,
            seed=seed,
            model=model.name,
        )
        return np.asarray(finish(request, model).picture, np.uint8)

    def cubic(small: Pixels, prompt: str, seed: int) -> Pixels:
        size = SMALLER.before((small.shape[0], small.shape[1]))[::-1]
        return np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_CUBIC), np.uint8)

    def wordless(small: Pixels, prompt: str, seed: int) -> Pixels:
        return drawn(small, "", seed)

    return {CUBIC: cubic, WORDLESS: wordless, PROMPTED: drawn}


def run_enlargements(
    originals: Sequence[tuple[Pixels, str]], known_ways: Mapping[str, Way], clip: ClipScore
) -> Iterator[Enlargement]:
    """Every picture and its prompt, by every way; the seed is its place."""
    for seed, (original, prompt) in enumerate(originals):
        small = shrunk(original)
        for name, enlarge in known_ways.items():
            picture = enlarge(small, prompt, seed)
            figures = Figures(
                psnr(original, picture),
                float(ssim(original, picture).mean()),
                1000 * clip.distance(original, picture),
            )
            yield Enlargement(prompt, small, original, name, picture, figures)


def page(found: Sequence[Enlargement], steps: int, guidance_scale: float) -> str:
    """Markdown: a row of means for each way, and what they are."""
    return markdown(
        [
            Heading("Enlargements with known answers", 1),
            Text(
                f"{len({id(one.original) for one in found})} held-out scenes, made "
                f"{SMALLER.factor} times smaller and large again; {steps} steps, guidance "
                f"{guidance_scale:g} with the prompt. tower: distance of our CLIP's features to "
                "the original's, times 1000; less is nearer."
            ),
            table(found),
        ]
    )


def table(found: Sequence[Enlargement]) -> Table:
    """A row of means for each way."""
    rows = []
    for way in dict.fromkeys(one.way for one in found):
        own = [one.figures for one in found if one.way == way]
        means = [float(np.mean([getattr(one, field.name) for one in own])) for field in _FIELDS]
        rows.append([way, f"{means[0]:.2f}", f"{means[1]:.3f}", f"{means[2]:.1f}"])
    return Table(["way", *(field.name for field in _FIELDS)], rows)


def sheet(found: Sequence[Enlargement], count: int) -> Pixels:
    """The first `count` scenes: small, each way, the original."""
    names = list(dict.fromkeys(one.way for one in found))
    rows = []
    for start in range(0, min(count * len(names), len(found)), len(names)):
        own = found[start : start + len(names)]
        side = own[0].original.shape[1::-1]
        small = cv2.resize(own[0].small, side, interpolation=cv2.INTER_NEAREST)
        shown = [np.asarray(small, np.uint8), *(one.picture for one in own), own[0].original]
        rows.append((own[0].prompt, shown))
    return contact_sheet(["small", *names, "original"], rows, found[0].original.shape[0])


_FIELDS = fields(Figures)
