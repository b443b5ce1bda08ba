"""`run_edit`: one request in, events out. Encode, method, decode, composite."""

import time
from collections.abc import Generator
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import OutOfMemoryError, SamplingError
from core.events import EditEvent, Finished, Notice, Preview, Progress
from core.imaging.frame import Frame, choose_frame
from core.imaging.grid import padded_size
from core.imaging.mask import blend_band, changed_outside, composite, to_latent
from core.methods import method_for
from core.methods.auto import choose, family_of
from core.methods.task import Task
from core.models.latent_model import LatentModel
from core.previewing import Previews
from core.recipe import make_recipe
from core.request import EditRequest, Mask, Pixels
from core.restoration.run import run_restoration
from core.settings import AutoSettings, Job, PictureSettings

# Latents that moved by less than the first count as kept, by more than the second as changed;
# root mean square over channels, in units of the latents' standard deviation.
KEPT, CHANGED = 0.25, 0.75


def run_edit(request: EditRequest, model: LatentModel) -> Generator[EditEvent, None, None]:
    """Yield Progress and Preview events and at last one Finished; Notices before them.

    Auto's settings give way to those that it chooses, in the Finished's request and recipe too.
    Closing the generator cancels the edit between two network steps. Raises RequestError for a
    prompt that the model cannot read, SamplingError when the numbers go wrong, OutOfMemoryError.
    """
    if isinstance(request.settings, AutoSettings):
        prompts = request.source_prompt, request.target_prompt
        choice = choose(request.settings, *prompts, family_of(model.prediction))
        yield Notice(choice.reason)
        request = request.with_(settings=choice.settings, chosen_because=choice.reason)
    run = run_restoration if request.settings.job is Job.RESTORE else _run
    try:
        yield from run(request, model)
        return
    except (torch.OutOfMemoryError, MemoryError):
        pass
    except RuntimeError as error:
        if "DefaultCPUAllocator" not in str(error):
            raise
    # Raised here, outside the except block, so that the failed step's tensors are free by now.
    raise OutOfMemoryError(
        f"{model.device} has not enough memory for this edit. "
        "Close other programs, edit a smaller part or choose the CPU."
    )


@torch.no_grad()
def _run(request: EditRequest, model: LatentModel) -> Generator[EditEvent, None, None]:
    start = time.monotonic()
    evaluated = model.network_evaluations
    total = request.settings.network_steps(request.steps)
    yield Progress(0, total, "encode")
    edit = _Edit(request, model)
    previews = Previews(request, edit.frame, model)
    if not edit.idle:
        task = edit.task()
        latents = edit.clean
        for done, state in enumerate(method_for(request.settings)(task), start=1):
            latents = state.x
            left = (time.monotonic() - start) / done * (total - done)
            yield Progress(done, total, state.phase, left)
            picture = previews.picture(state, last=done == total)
            if picture is not None:
                yield Preview(picture, done, total)
        yield Progress(total, total, "decode")
        result = edit.finish(latents)
    else:
        result = edit.untouched()
    yield Finished(
        request=request,
        picture=result,
        changed_outside=edit.changed_outside(result),
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
        reconstruction_db=edit.reconstruction_db,
    )


class _Edit:
    """The request's picture on its way into the model and back."""

    def __init__(self, request: EditRequest, model: LatentModel) -> None:
        self.request, self.model = request, model
        self.reconstruction_db: float | None = None
        picture, mask = request.picture, request.mask
        if picture is None:
            size = request.size or (model.native_size, model.native_size)
            padded = padded_size(*size, model.grid)
            self.frame = Frame(0, 0, *size, size, padded, model.grid)
            shape = (1, model.latent_channels, *(side // model.factor for side in padded))
            self.clean = torch.zeros(shape, device=model.device)
            return
        margin = self._blend if mask is not None else 0
        self.frame = choose_frame(
            picture.shape[:2], mask, model.native_size, model.grid, margin=margin
        )
        if not self.idle:
            self._pixels = _to_tensor(self.frame.to_model(picture), model.device)
            self.clean = model.encode(self._pixels)

    @property
    def idle(self) -> bool:
        """Nothing to do: strength 0, or a mask that is 0 everywhere."""
        request = self.request
        empty = request.mask is not None and not request.mask.any()
        return request.settings.network_steps(request.steps) == 0 or empty

    def task(self) -> Task:
        request, model = self.request, self.model
        prompts = [request.source_prompt, request.target_prompt, ""]
        states = model.encode_prompts(prompts)
        source, target, empty = (type(states)(part) for part in states.hidden.split(1))
        mask = None
        if request.mask is not None:
            values = to_latent(self.frame.mask_to_model(request.mask), model.factor)
            mask = torch.from_numpy(values).to(model.device)[None, None]
        return Task(
            model=model,
            settings=request.settings,
            clean=self.clean,
            mask=mask,
            source=source,
            target=target,
            empty=empty,
            steps=request.steps,
            guidance_scale=request.guidance_scale,
            generator=torch.Generator().manual_seed(request.seed),
            source_prompt=request.source_prompt,
            target_prompt=request.target_prompt,
        )

    def finish(self, latents: torch.Tensor) -> Pixels:
        """Decode, and put the change into the picture."""
        picture = self.request.picture
        if picture is None:
            decoded = _to_array(self._decoded(latents))
            return _to_uint8(self.frame.from_model(decoded))
        rebuilt, decoded = self._decoded(torch.cat([self.clean, latents])).split(1)
        squared = (rebuilt.clamp(-1, 1) - self._pixels).square().mean().item()
        self.reconstruction_db = float(10 * np.log10(4 / max(squared, 1e-12)))
        box = self._changed(picture, _to_array(decoded), _to_array(rebuilt), latents)
        if self.request.mask is None:
            return cast(Pixels, box.astype(picture.dtype))
        here = self.frame.rows, self.frame.columns
        result = picture.copy()
        result[here] = composite(picture[here], box, self._alpha(self.request.mask[here]))
        return result

    def _decoded(self, latents: torch.Tensor) -> torch.Tensor:
        pixels = self.model.decode(latents)
        if not torch.isfinite(pixels).all():
            raise SamplingError(
                "the decoder's picture is not finite; choose float32 or a lower guidance scale."
            )
        return pixels

    def _changed(
        self,
        picture: Pixels,
        decoded: NDArray[np.float32],
        rebuilt: NDArray[np.float32],
        latents: torch.Tensor,
    ) -> NDArray[np.float32]:
        """The box after the edit, in the picture's units, rounded and clipped.

        result = D(z') + keep (x - D(E(x))): the first stage is lossy, so what did not move in the
        latents is taken from the picture.
        """
        frame = self.frame
        top = np.iinfo(picture.dtype).max
        original = picture[frame.rows, frame.columns].astype(np.float32)
        new = (frame.from_model(decoded) + 1) * np.float32(top / 2)
        old = (frame.from_model(rebuilt) + 1) * np.float32(top / 2)
        keep = frame.from_model(self._kept(latents))[..., None].clip(0, 1)
        return np.rint(new + keep * (original - old)).clip(0, top)

    def _kept(self, latents: torch.Tensor) -> NDArray[np.float32]:
        """1 where the latents did not move, 0 where they did, smooth between; [h, w], padded."""
        moved = (latents - self.clean).square().mean(dim=1, keepdim=True).sqrt()
        keep = ((CHANGED - moved) / (CHANGED - KEPT)).clamp(0, 1)
        size = self.frame.padded
        smooth = torch.nn.functional.interpolate(keep, size=size, mode="bilinear")
        return smooth[0, 0].cpu().numpy()

    @property
    def _blend(self) -> int:
        assert isinstance(self.request.settings, PictureSettings)
        return self.request.settings.blend

    def _alpha(self, mask: Mask) -> NDArray[np.float32]:
        return blend_band(mask, self._blend)

    def changed_outside(self, result: Pixels) -> int | None:
        picture, mask = self.request.picture, self.request.mask
        if picture is None or mask is None:
            return None
        return changed_outside(picture, result, self._alpha(mask))

    def untouched(self) -> Pixels:
        """The picture itself, when there is nothing to do."""
        picture = self.request.picture
        assert picture is not None
        return picture.copy()


def _to_tensor(pixels: NDArray[np.float32], device: torch.device) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(pixels)).permute(2, 0, 1)[None].to(device)


def _to_array(pixels: torch.Tensor) -> NDArray[np.float32]:
    return pixels[0].clamp(-1, 1).permute(1, 2, 0).float().cpu().numpy()


def _to_uint8(pixels: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.rint((pixels + 1) * 127.5).clip(0, 255).astype(np.uint8)
