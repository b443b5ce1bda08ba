"""The ways of inverting a picture, each with all that decides its code besides the picture.

A method asks for one of these (`Task.invert`) and gets the code; whether it was made for it or kept
from an earlier edit (`core.inversion.kept`) it cannot tell.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import ClassVar

import torch

from core.inversion import ddim, dpm_encoder, dpm_solver, edit_friendly, steered_flow
from core.inversion.code import Code
from core.inversion.ddim import InversionLabel
from core.inversion.null_text import optimise
from core.models.latent_model import Conditioning, LatentModel
from core.sampling.denoiser import Denoiser
from core.sampling.guidance import classifier_free
from core.sampling.noise import Noise, fresh_noise
from core.sampling.solvers import Constraint, State

Making = Generator[State, None, Code]


@dataclass(frozen=True, eq=False)
class Subject:
    """What is inverted: a picture's latents under its prompt.

    clean: [1, C, h, w]. source, empty: text states of the source prompt and of the empty one.
    generator: of the noise of those ways that draw some, on the CPU.
    constraint: what becomes of every point.
    """

    model: LatentModel
    clean: torch.Tensor
    source: Conditioning
    empty: Conditioning
    generator: torch.Generator | Noise | None = None
    constraint: Constraint | None = None

    def denoiser(self, guidance_scale: float = 1.0) -> Denoiser:
        """Under the source prompt."""
        return classifier_free(self.model, self.source, self.empty, guidance_scale)


@dataclass(frozen=True)
class Inversion:
    """Base. The fields of a subclass are what decides its code.

    guidance_scale: under the source prompt; 1 = without guidance, 0 = without the prompt.
    name: as in files of codes. holds: what the code has for each label.
    draws: it needs noise. nested: a longer climb contains the shorter ones.
    extends: it can go on from a shorter climb's code.
    """

    name: ClassVar[str]
    holds: ClassVar[tuple[str, ...]] = ("point",)
    draws: ClassVar[bool] = False
    nested: ClassVar[bool] = True
    extends: ClassVar[bool] = True

    guidance_scale: float = 1.0
    eta: float = 0.0

    @property
    def base(self) -> "Inversion | None":
        """The inversion whose code this one starts from."""
        return None

    def steps(self, labels: int) -> int:
        """Network steps that it takes over so many of the walk's steps, its base's included."""
        return labels

    def encode(self, subject: Subject, timesteps: Sequence[float], known: Code | None) -> Making:
        """Make the code along `timesteps`, noisy to clean; yield a state per step.

        known: the code of `base`, or that of a shorter climb if there is one.
        """
        raise NotImplementedError


@dataclass(frozen=True)
class DDIMInversion(Inversion):
    """`core.inversion.ddim`."""

    name = "ddim"

    label: InversionLabel = "next"
    substeps: int = 1
    iterations: int = 1

    def steps(self, labels: int) -> int:
        return self.substeps * self.iterations * labels

    def encode(self, subject: Subject, timesteps: Sequence[float], known: Code | None) -> Making:
        return ddim.encode(
            subject.denoiser(self.guidance_scale),
            subject.model.path,
            subject.clean,
            timesteps,
            label=self.label,
            substeps=self.substeps,
            iterations=self.iterations,
            constraint=subject.constraint,
            known=known,
        )


@dataclass(frozen=True)
class DPMSolverInversion(Inversion):
    """`core.inversion.dpm_solver`. It looks back one step, so it is not gone on with."""

    name = "dpm-solver++"
    extends = False

    def encode(self, subject: Subject, timesteps: Sequence[float], known: Code | None) -> Making:
        return dpm_solver.encode(
            subject.denoiser(self.guidance_scale),
            subject.model.path,
            subject.clean,
            timesteps,
            constraint=subject.constraint,
        )


@dataclass(frozen=True)
class DPMEncoding(Inversion):
    """`core.inversion.dpm_encoder`. Drawn from its noisy end: each climb has its own way."""

    name = "dpm-encoder"
    holds = ("point", "noise")
    draws = True
    nested = False

    eta: float = 0.1

    def encode(self, subject: Subject, timesteps: Sequence[float], known: Code | None) -> Making:
        return dpm_encoder.encode(
            subject.denoiser(self.guidance_scale),
            subject.model.path,
            subject.clean,
            timesteps,
            eta=self.eta,
            generator=subject.generator,
            constraint=subject.constraint,
        )


@dataclass(frozen=True)
class EditFriendlyInversion(Inversion):
    """`core.inversion.edit_friendly`."""

    name = "edit-friendly"
    holds = ("point", "noise")
    draws = True

    eta: float = 1.0

    def encode(self, subject: Subject, timesteps: Sequence[float], known: Code | None) -> Making:
        return edit_friendly.encode(
            subject.denoiser(self.guidance_scale),
            subject.model.path,
            subject.clean,
            timesteps,
            eta=self.eta,
            generator=subject.generator,
            constraint=subject.constraint,
            known=known,
        )


@dataclass(frozen=True)
class NullTextInversion(Inversion):
    """DDIM inversion, then `core.inversion.null_text`, from the noisy end down."""

    name = "null-text"
    holds = ("point", "null")
    nested = False

    inner_steps: int = 10

    @property
    def base(self) -> Inversion:
        return DDIMInversion()

    def steps(self, labels: int) -> int:
        return 2 * labels

    def encode(self, subject: Subject, timesteps: Sequence[float], known: Code | None) -> Making:
        assert known is not None
        nulls = yield from optimise(
            subject.model,
            subject.source,
            subject.empty,
            known,
            self.guidance_scale,
            inner_steps=self.inner_steps,
        )
        hold = subject.constraint or (lambda x, s: x)
        held = {t: hold(null.hidden, t) for t, null in nulls.items()}
        return Code(timesteps, known.points, nulls=held)


@dataclass(frozen=True)
class SteeredFlowInversion(Inversion):
    """`core.inversion.steered_flow`, without a prompt."""

    name = "steered-flow"
    draws = True

    guidance_scale: float = 0.0
    gamma: float = 0.5

    def encode(self, subject: Subject, timesteps: Sequence[float], known: Code | None) -> Making:
        return steered_flow.encode(
            subject.denoiser(self.guidance_scale),
            subject.model.path,
            subject.clean,
            timesteps,
            noise=fresh_noise(subject.clean, subject.generator),
            gamma=self.gamma,
            constraint=subject.constraint,
            known=known,
        )
