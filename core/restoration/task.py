"""What a restoration method is given: a task with a measurement."""

from dataclasses import dataclass

from core.methods.task import Task
from core.restoration.measurement import Measurement
from core.restoration.posterior_sampling import Render, decoded, of_pixels
from core.sampling.denoiser import Denoiser, clipped, of_model


@dataclass(frozen=True, eq=False, kw_only=True)
class RestorationTask(Task):
    """`clean` holds zeros of the latents' shape; the mask is in the operator.

    measurement: of the picture at the model's padded size. prompted: whether there is a prompt;
    without one nothing is guided and a step costs one evaluation.
    """

    measurement: Measurement
    prompted: bool

    def prior(self) -> Denoiser:
        """The denoiser of the pictures that could be, under the prompt if there is one."""
        return self.guided() if self.prompted else of_model(self.model, self.empty)

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
        return decoded(self.model.decode)
