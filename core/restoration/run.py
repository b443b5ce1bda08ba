"""`run_restoration`: the restore job. The same request in and the same events out as `run_edit`.

The request's picture is what was measured; the result may be larger, or of another shape. With a
selection only what is in it is restored, from it and its surroundings, and put into the picture.
"""

import math
import time
from collections.abc import Generator
from dataclasses import replace
from typing import Any, cast

import numpy as np
import torch
import torch.nn.functional as F

from core.decoded import checked_decoded
from core.errors import RequestError
from core.events import EditEvent, Finished, Preview, Progress
from core.imaging.grid import padded_size
from core.methods import method_for
from core.models.latent_model import LatentModel
from core.recipe import make_recipe
from core.request import EditRequest, Pixels
from core.restoration.building import operator_of_measurement
from core.restoration.enlarging import run_enlarging
from core.restoration.measurement import Measurement, fit
from core.restoration.operators import LinearOperator, compose
from core.restoration.report import Residual, Restoration, mean_and_spread
from core.restoration.residual import residual_of, rounding, to_pixels, to_tensor
from core.restoration.selection import Selection
from core.restoration.separable import frame
from core.restoration.task import RestorationTask
from core.sampling.solvers import State
from core.settings import EnlargeSettings, PiGDMSettings, RestorationSettings

SECONDS_BETWEEN_PREVIEWS = 0.1
LONGEST_PREVIEW = 512
_MOST_TURNS = 4


@torch.no_grad()
def run_restoration(request: EditRequest, model: LatentModel) -> Generator[EditEvent, None, None]:
    """Yield Progress and Preview events, sample after sample, and at last one Finished.

    Closing the generator cancels between two network steps. Raises RequestError where the
    degradations do not fit the picture, SamplingError when the numbers go wrong.
    """
    if isinstance(request.settings, EnlargeSettings):
        yield from run_enlarging(request, model)
        return
    start = last_preview = time.monotonic()
    evaluated = model.network_evaluations
    settings = cast(RestorationSettings, request.settings)
    total = settings.network_steps(request.steps)
    yield Progress(0, total, "encode")
    work = _Restoration(request, model)
    samples: list[Pixels] = []
    for index in range(settings.samples):
        task, latents = work.task(), None
        for state in cast(Any, method_for(settings))(task):
            latents = state.x
            done = index * (total // settings.samples) + state.step
            now = time.monotonic()
            yield Progress(done, total, "sample", (now - start) / done * (total - done))
            if now - last_preview > SECONDS_BETWEEN_PREVIEWS or done == total:
                last_preview = now
                yield Preview(work.preview(state), done, total)
        assert latents is not None
        if index == settings.samples - 1:
            yield Progress(total, total, "decode")
        samples.append(work.finish(task, latents))
    mean, spread = mean_and_spread(tuple(samples))
    result = work.averaged() if settings.average and len(samples) > 1 else samples[0]
    assert work.residual is not None
    yield Finished(
        request=request,
        picture=result,
        changed_outside=work.selection.changed_outside(result) if work.selection else None,
        network_evaluations=model.network_evaluations - evaluated,
        seconds=time.monotonic() - start,
        recipe=make_recipe(
            request,
            model_name=model.name,
            model_fingerprint=model.fingerprint,
            device=str(model.device),
            dtype=str(model.dtype).removeprefix("torch."),
            result_pixels=result,
        ),
        restoration=Restoration(tuple(samples), mean, spread, work.residual),
    )


class _Restoration:
    """The measured picture, and the way from latents to restored pixels."""

    def __init__(self, request: EditRequest, model: LatentModel) -> None:
        picture, mask = request.picture, request.mask
        assert picture is not None
        self.request, self.model = request, model
        self.settings = cast(RestorationSettings, request.settings)
        self.dtype = picture.dtype
        self.residual: Residual | None = None
        self._sum: torch.Tensor | None = None
        self.selection: Selection | None = None
        if mask is not None and not self.settings.mask_is_missing:
            self.selection = Selection(picture, mask, self.settings, model.native_size)
            picture, mask = self.selection.part, None
        self.operator = operator_of_measurement(self.settings.degradations, picture.shape[:2], mask)
        if self.selection is not None:
            self.selection.check(self.operator)
        if isinstance(self.settings, PiGDMSettings) and not self._is_linear:
            raise RequestError("PiGDM needs a linear degradation; choose DPS for this one.")
        y = self.operator.measured(to_tensor(picture, model.device))
        # Whole numbers are known no better than their rounding.
        noise = math.hypot(self.settings.noise, rounding(self.dtype))
        self.measurement = Measurement(self.operator, y, noise)
        self.size = self.operator.input_size
        self.padded = padded_size(*self.size, model.grid)
        self._generator = torch.Generator().manual_seed(request.seed)
        states = model.encode_prompts([request.target_prompt, ""])
        self._target, self._empty = (type(states)(part) for part in states.hidden.split(1))

    @property
    def _is_linear(self) -> bool:
        return isinstance(self.operator, LinearOperator)

    def task(self) -> RestorationTask:
        """The next sample's task; all draw from one generator."""
        model, (height, width) = self.model, self.padded
        shape = (1, model.latent_channels, height // model.factor, width // model.factor)
        operator = self.operator
        if self.padded != self.size:
            # What pads the picture to the model's grid is outside the frame, like any other.
            bottom, right = height - self.size[0], width - self.size[1]
            operator = compose(frame(self.size, 0, right, bottom, 0), operator)
        return RestorationTask(
            model=model,
            settings=self.settings,
            clean=torch.zeros(shape, device=model.device),
            mask=None,
            source=self._empty,
            target=self._target,
            empty=self._empty,
            steps=self.request.steps,
            guidance_scale=self.request.guidance_scale,
            generator=self._generator,
            measurement=Measurement(operator, self.measurement.y, self.measurement.noise),
            prompted=bool(self.request.target_prompt.strip()),
        )

    def finish(self, task: RestorationTask, latents: torch.Tensor) -> Pixels:
        """The latents [1, C, h, w] as restored pixels that explain the measurement."""
        remedy = "choose a smaller zeta, more steps or another model"
        decoded = checked_decoded(task.decode(latents), 2 * self.measurement.y - 1, remedy)
        picture = ((decoded + 1) / 2).clamp(0, 1)[..., : self.size[0], : self.size[1]]
        if self.settings.finish:
            picture = self._explaining(picture)
        self._sum = picture if self._sum is None else self._sum + picture
        pixels = to_pixels(picture, self.dtype)
        if self.residual is None:
            self.residual = self._residual(pixels)
        return self._in_place(pixels)

    def averaged(self) -> Pixels:
        """The mean of all samples so far, made to explain the measurement; the residual is its."""
        assert self._sum is not None
        picture = self._sum / self.settings.samples
        if self.settings.finish:
            picture = self._explaining(picture)
        pixels = to_pixels(picture, self.dtype)
        self.residual = self._residual(pixels)
        return self._in_place(pixels)

    def _in_place(self, pixels: Pixels) -> Pixels:
        return pixels if self.selection is None else self.selection.put_in(pixels)

    def _explaining(self, picture: torch.Tensor) -> torch.Tensor:
        """Made to explain the measurement; where clipping undoes that, by turns a few times.

        Both are projections onto convex sets, the pictures that explain it and those on 0 to 1.
        """
        wanted = self._to_fit()
        for _ in range(_MOST_TURNS):
            picture = fit(picture, wanted).clamp(0, 1)
            if residual_of(picture, self.measurement, rounding(self.dtype)).explains:
                break
        return picture

    def _to_fit(self) -> Measurement:
        """The measurement; with its values exactly where it picks them and has no noise."""
        operator = self.operator
        exact = isinstance(operator, LinearOperator) and operator.keeps_values
        noise = self.settings.noise if exact else self.measurement.noise
        return Measurement(operator, self.measurement.y, noise)

    def _residual(self, pixels: Pixels) -> Residual:
        """Of a result; with a selection inside it."""
        picture = to_tensor(pixels, self.model.device)
        if self.selection is None:
            return residual_of(picture, self.measurement, rounding(self.dtype))
        inside = torch.from_numpy(self.selection.inside).to(picture)
        found = residual_of(picture, self.measurement, rounding(self.dtype), inside)
        return replace(found, map=self.selection.in_picture(found.map))

    def preview(self, state: State) -> np.ndarray[Any, np.dtype[np.uint8]]:
        """What the picture is becoming, its longest side at most 512."""
        factor = self.model.factor
        height, width = (-(-side // factor) for side in self.size)
        small = self.model.preview(state.x0)[:, :height, :width].permute(0, 3, 1, 2).float()
        scale = min(1.0, LONGEST_PREVIEW / max(self.size))
        size = [max(1, round(side * scale)) for side in self.size]
        large = F.interpolate(small, size=size, mode="bicubic", align_corners=False)
        pixels = large[0].clamp(0, 255).round().byte().permute(1, 2, 0).cpu().numpy()
        return pixels if self.selection is None else self.selection.shown_in(pixels)
