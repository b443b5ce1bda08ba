"""A model that was trained to inpaint: it reads the mask and what lies around it beside x.

Rombach et al. 2022 (Latent Diffusion), section 4.5, after GLIDE (Nichol et al. 2022): 2 C + 1
channels go in, the noisy latents, the mask and the latents of the picture with the mask blanked.
The network itself keeps to the surroundings, so nothing is held on the way. The reading is in
`Task.target` and its like; the other fill methods show it to such a model as well.
"""

from collections.abc import Iterator
from typing import cast

from core.methods.masked_fill import start
from core.methods.task import Task
from core.sampling.path import last_part
from core.sampling.solvers import State, ddim
from core.settings import InpaintingSettings


def inpainting(task: Task) -> Iterator[State]:
    """Yield the states of the walk; nothing at strength 0. At 1 it starts from noise alone."""
    settings = cast(InpaintingSettings, task.settings)
    timesteps = last_part(task.timesteps, settings.strength)
    if len(timesteps) == 1:
        return
    yield from ddim(
        task.towards_target(),
        task.model.path,
        start(task, timesteps[0], settings.strength, hold=False),
        timesteps,
        eta=settings.eta,
        generator=task.generator,
    )
