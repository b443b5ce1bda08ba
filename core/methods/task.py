"""What a method is given: the request in the model's terms."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch

from core.inversion.kept import Inversions
from core.inversion.kinds import Inversion, Making, Subject
from core.models.latent_model import Conditioning, LatentModel
from core.sampling.denoiser import Denoiser, clipped, of_model
from core.sampling.guidance import classifier_free
from core.sampling.noise import Noise, forked, fresh_noise
from core.sampling.path import noised
from core.sampling.solvers import Constraint
from core.settings import Settings


@dataclass(frozen=True, eq=False)
class Task:
    """One edit in latent terms.

    clean: latents of the picture [N, C, h, w]; for generation zeros of the wanted shape. N is 1,
        or the number of variations for settings that say `batches`.
    mask: [1, 1, h, w] in [0, 1], 1 = edit, or None for everything.
    source, target, empty: text states of the two prompts and of the empty one.
    source_prompt, target_prompt: their words.
    generator: of all noise, on the CPU, seeded by the request; a row of the batch has its own.
    inversions: where the picture's codes come from.
    """

    model: LatentModel
    settings: Settings
    clean: torch.Tensor
    mask: torch.Tensor | None
    source: Conditioning
    target: Conditioning
    empty: Conditioning
    steps: int
    guidance_scale: float
    generator: torch.Generator | Noise
    source_prompt: str = ""
    target_prompt: str = ""
    inversions: Inversions = field(default_factory=Inversions)

    @property
    def timesteps(self) -> list[float]:
        """Labels of the full walk, noisy to clean."""
        return self.model.path.timesteps(self.steps)

    def towards_target(self) -> Denoiser:
        """The denoiser under the target prompt, guided; x0 is cut to what pixels can be."""
        guided = self.guided()
        return clipped(guided, self.model.path) if self.model.in_pixels else guided

    def guided(self) -> Denoiser:
        """The same as it is, for walks that must lead back where they came from."""
        return classifier_free(self.model, self.target, self.empty, self.guidance_scale)

    def invert(self, inversion: Inversion, timesteps: Sequence[float]) -> Making:
        """The picture's code along `timesteps`; yield the states of what had to be made for it.

        No method can tell a code that was kept from an earlier edit from one that was made now.
        """
        generator = None
        if inversion.draws:
            own = self.generator
            generator = own.forked() if isinstance(own, Noise) else forked(own)
        subject = Subject(self.model, self.clean, self.source, self.empty, generator)
        return self.inversions.code(inversion, subject, timesteps)

    def under_source(self) -> Denoiser:
        """The denoiser under the source prompt, without guidance, for inversion."""
        return of_model(self.model, self.source)

    def noise(self) -> torch.Tensor:
        """Fresh unit noise of the latents' shape."""
        return fresh_noise(self.clean, self.generator)

    def hold_noised(self, eps: torch.Tensor | None = None) -> Constraint | None:
        """Outside the mask, the picture at the noise level that the walk has reached.

        eps: the noise to use at every step; None = fresh each time (Lugmayr et al. 2022, eq. 8a).
        None where there is no mask.
        """
        if self.mask is None:
            return None
        mask, path = self.mask, self.model.path

        def hold(x: torch.Tensor, s: float) -> torch.Tensor:
            noise = self.noise() if eps is None else eps
            return torch.lerp(noised(path, self.clean, noise, s), x, mask)

        return hold
