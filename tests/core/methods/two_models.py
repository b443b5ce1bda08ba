"""Two models with exact denoisers, and an edit from one to the other."""

from types import SimpleNamespace

import torch

from core.methods.task import Task
from core.models.abilities import Abilities
from core.models.latent_model import Conditioning
from core.sampling.path import VariancePreserving, linear_alpha_bars
from tests.exact import gaussian, mixture

PATH = VariancePreserving(linear_alpha_bars(), spacing="trailing")
WIDE, NARROW = gaussian(), mixture().alone(1)


class Exact(SimpleNamespace):
    """A model that has learnt one Gaussian for every two channels of a pixel."""

    def __init__(self, distribution, path=PATH, stretch=1.0, **shape):
        super().__init__(
            name="wide" if distribution is WIDE else "narrow",
            path=path,
            prediction="v_prediction",
            abilities=Abilities("v_prediction", words=False, decoder=False),
            in_pixels=False,
            stretch=stretch,
            network=None,  # there are no layers to look into
            network_evaluations=0,
            **{"latent_channels": 2, "factor": 8, **shape},
        )
        self._predict = distribution.network(path, "v_prediction")

    def predict(self, x, t, conditioning):
        self.network_evaluations += len(x)
        points = x.movedim(1, -1)
        output = self._predict(points.reshape(-1, 2), t)
        return output.reshape(points.shape).movedim(-1, 1)

    def encode_prompts(self, prompts):
        return Conditioning(torch.zeros(len(prompts), 3, 4))

    def encode(self, pixels):
        return pixels * self.stretch

    def decode(self, latents):
        return latents / self.stretch


def points():
    return torch.randn(40, 2, generator=torch.Generator().manual_seed(1)).double() * 0.3


def between(mine, other, settings, *, steps, mask=None):
    """A task on 40 pixels, from `mine` to `other`."""
    mine.load_other = lambda name: {"other": other, "mine": mine}[name]
    hidden = Conditioning(torch.zeros(1, 3, 4))
    return Task(
        model=mine,
        settings=settings,
        clean=points().T.reshape(1, 2, 5, 8),
        mask=mask,
        source=hidden,
        target=hidden,
        empty=hidden,
        steps=steps,
        guidance_scale=1.0,
        generator=torch.Generator().manual_seed(0),
    )


def flat(x):
    """[1, 2, h, w] as points [h w, 2]."""
    return x[0].flatten(1).T
