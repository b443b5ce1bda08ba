"""The figures of a model's card, on held-out scenes: what each part of a model can do.

autoencoder   PSNR and SSIM of decoded encodings
retrieval     how often CLIP finds the caption of a picture among 100, in both languages
samples       prompted pictures against the real ones: Gaussian distance of the image tower's
              features (not FID: other features), and agreement with the prompt, per number of steps
languages     the same scenes asked for in each language: how well the pictures agree with the
              English caption, which judges both alike
reconstruction   per number of steps, the error of pictures that DDIM inverted and led back: the
              DDIM paper's Table 2, on a pixel model
unseen        the first stage's PSNR and DDIM's reconstruction, without words, of scenes with
              objects that training never showed
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from core.evaluation.clip_score import ClipScore
from core.evaluation.edit_figures import psnr, ssim
from core.evaluation.first_stages import there_and_back
from core.evaluation.gaussian_distance import gaussian_distance
from core.evaluation.prompt_sheet import draw_prompt, language_of
from core.inversion.ddim import invert
from core.models.latent_model import LatentModel
from core.sampling.denoiser import from_network
from core.sampling.solvers import ddim
from core.training.choices import World
from core.training.datasets.captions import LANGUAGES, Language, caption
from core.training.datasets.objects import ObjectLibrary
from core.training.datasets.rendering import render
from core.training.datasets.scenes import Scene
from core.training.datasets.split import Split
from core.training.datasets.worlds import sample

CANDIDATES = 100
SAMPLE_STEPS = (5, 10, 20, 50)
LANGUAGE_STEPS = 20
TABLE_STEPS = (10, 20, 50, 100, 200, 500, 1000)
UNSEEN_STEPS = (10, 20, 50)
Pictures = Sequence[NDArray[np.uint8]]


@dataclass(frozen=True)
class Samples:
    """Of pictures drawn in `steps` steps: distance to the real ones, agreement with the words."""

    steps: int
    distance: float
    agreement: float


@dataclass(frozen=True)
class Quality:
    """A model's figures. psnr in dB; recall in [0, 1] by language; None where it has no such part.

    languages: agreement of what is drawn in LANGUAGE_STEPS steps from prompts in each language.
    unseen_psnr, unseen_errors: on scenes with unseen objects; squared errors by number of steps.
    real_agreement: of the real pictures with their captions, what samples can hope for.
    split_distance: of one half of the real pictures to the other, likewise.
    """

    psnr: float
    ssim: float
    recall: dict[str, float]
    samples: tuple[Samples, ...]
    languages: dict[str, float]
    unseen_psnr: float
    unseen_errors: dict[int, float]
    real_agreement: float
    split_distance: float

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def fixed_scenes(
    world: World, count: int, library: ObjectLibrary, split: Split = "held_out", seed: int = 1
) -> list[Scene]:
    """The first `count` scenes of a world's split; a longer list begins with the shorter one."""
    return [
        sample(world, np.random.default_rng([seed, index]), split, library)
        for index in range(count)
    ]


def quality(
    model: LatentModel,
    folder: Path,
    scenes: Sequence[Scene],
    unseen: Sequence[Scene],
    library: ObjectLibrary,
    *,
    judge: ClipScore,
    steps: Sequence[int] = SAMPLE_STEPS,
    drawn: int = 64,
    guidance_scale: float = 5.0,
) -> Quality:
    """All figures of one model. folder: the model's, whose own CLIP is tested for retrieval.

    scenes: held-out ones. unseen: those with unseen objects. judge: measures samples; the same for
    all models that are compared. drawn: how many pictures are drawn for each number of steps, from
    the captions of the first scenes.
    """
    side = model.native_size
    real = [render(scene, library, side) for scene in scenes]
    found = autoencoder_figures(model, real[:64])
    features = judge.pictures(real)
    words = [caption(scene, language_of(i), specs=library.specs) for i, scene in enumerate(scenes)]
    agreement = (features * judge.texts(words)).sum(1).mean()

    def draw(prompts: Sequence[str], count: int) -> torch.Tensor:
        """The features [N, D] of a picture of each prompt."""
        pictures = [
            draw_prompt(model, prompt, seed, steps=count, guidance_scale=guidance_scale)
            for seed, prompt in enumerate(prompts)
        ]
        return judge.pictures(pictures)

    samples = []
    for count in steps:
        got = draw(words[:drawn], count)
        agrees = float((got * judge.texts(words[:drawn])).sum(1).mean())
        samples.append(Samples(count, gaussian_distance(got, features), agrees))
    said = {
        name: [caption(scene, name, specs=library.specs) for scene in scenes[:drawn]]
        for name in LANGUAGES
    }
    meant = judge.texts(said["en"])
    languages = {
        name: float((draw(prompts, LANGUAGE_STEPS) * meant).sum(1).mean())
        for name, prompts in said.items()
    }
    strange = [render(scene, library, side) for scene in unseen]
    return Quality(
        *found,
        recall={name: recall(ClipScore(folder), scenes, real, name, library) for name in LANGUAGES},
        samples=tuple(samples),
        languages=languages,
        unseen_psnr=autoencoder_figures(model, strange)[0],
        unseen_errors=reconstruction(model, strange, UNSEEN_STEPS),
        real_agreement=float(agreement),
        split_distance=gaussian_distance(features[:drawn], features[drawn:]),
    )


def autoencoder_figures(model: LatentModel, pictures: Pictures) -> tuple[float, float]:
    """Mean PSNR (dB) and SSIM of the pictures after the first stage and back."""
    values = []
    for picture in pictures:
        again = there_and_back(lambda x: model.decode(model.encode(x)), picture)
        values.append((psnr(picture, again), float(ssim(picture, again).mean())))
    first, second = np.mean(values, axis=0)
    return float(first), float(second)


def recall(
    clip: ClipScore,
    scenes: Sequence[Scene],
    pictures: Pictures,
    language: Language,
    library: ObjectLibrary,
) -> float:
    """Recall@1: the share of pictures whose own caption is nearest among CANDIDATES of them.

    Taken over whole hundreds of scenes. Raises ValueError when there are fewer.
    """
    whole = len(scenes) // CANDIDATES * CANDIDATES
    if not whole:
        raise ValueError(f"retrieval needs {CANDIDATES} scenes")
    said = [caption(scene, language, specs=library.specs) for scene in scenes[:whole]]
    shown = clip.pictures(pictures[:whole]).split(CANDIDATES)
    read = clip.texts(said).split(CANDIDATES)
    right = [
        (one @ other.T).argmax(1) == torch.arange(CANDIDATES)
        for one, other in zip(shown, read, strict=True)
    ]
    return float(torch.cat(right).float().mean())


@torch.no_grad()
def reconstruction(
    model: LatentModel, pictures: Pictures, steps: Sequence[int] = TABLE_STEPS
) -> dict[int, float]:
    """Mean squared error a pixel, pictures scaled to [0, 1], of DDIM's code led back.

    Song et al. 2021 (DDIM), section 5.4: the code is made and decoded with the same `steps`, each
    inverted once, the label that of the step's cleaner end, as there.
    """
    x0 = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float() / 127.5 - 1
    x0 = model.encode(x0)
    nothing = model.encode_prompts([""] * len(x0))

    def network(x: torch.Tensor, t: float) -> torch.Tensor:
        return model.predict(x, t, nothing).float()

    denoise = from_network(network, model.prediction, model.path)
    errors = {}
    for count in steps:
        walk = model.path.timesteps(count)
        x = x0
        for state in invert(denoise, model.path, x0, walk, label="current"):
            x = state.x
        for state in ddim(denoise, model.path, x, walk):
            x = state.x
        errors[count] = float(((model.decode(x) - model.decode(x0)) / 2).square().mean())
    return errors
