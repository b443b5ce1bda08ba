"""What a restoration method is given: a task with a measurement."""

from dataclasses import dataclass

import torch

from core.methods.task import Task
from core.restoration.measurement import Measurement
from core.restoration.posterior_sampling import Render, decoded, of_pixels
from core.restoration.tiling import in_tiles, tiled
from core.sampling.denoiser import Denoiser, clipped, of_model


@dataclass(frozen=True, eq=False, kw_only=True)
class RestorationTask(Task):
    """`clean` holds zeros of the latents' shape; the mask is in the operator.

    measurement: of the picture at the model's padded size. A picture much larger than the model was
    trained at goes through it in overlapping tiles that share the measurement. prompted: whether
    there is a prompt; without one nothing is guided and a step costs one evaluation.
    """

    measurement: Measurement
    prompted: bool

    def prior(self) -> Denoiser:
        """The denoiser of the pictures that could be, under the prompt if there is one."""
        whole = self.guided() if self.prompted else of_model(self.model, self.empty)
        return tiled(whole, self.model.native_size // self.model.factor)

    def bounded(self, denoise: Denoiser) -> Denoiser:
        """On pixels, x0 cut to what a picture can hold (Ho et al. 2020).

        DPS asks the network so, as its paper's code does. PiGDM is cut from outside: its gradient
        is large where x0 is far off, and there a cut network would let nothing through.
        """
        return clipped(denoise, self.model.path) if self.model.in_pixels else denoise

    def render(self) -> Render:
        """From x0 to a picture on 0 to 1."""
        if self.model.in_pixels:
            return of_pixels
        return decoded(self.decode)

    def decode(self, latents: torch.Tensor) -> torch.Tensor:
        """The model's decoder: latents [N, C, h, w] -> pixels [N, 3, H, W]."""
        factor = self.model.factor
        return in_tiles(self.model.decode, latents, self.model.native_size // factor, factor)

    def encode(self, pixels: torch.Tensor) -> torch.Tensor:
        """The model's encoder: pixels [N, 3, H, W] in [-1, 1] -> latents."""
        model = self.model
        return in_tiles(model.encode, pixels, model.native_size, 1 / model.factor)
