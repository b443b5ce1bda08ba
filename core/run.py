"""`run_edit`: one request in, events out. Encode, method, decode, composite."""

import hashlib
import time
from collections.abc import Callable, Generator
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import OutOfMemoryError, RequestError, SamplingError
from core.events import EditEvent, Finished, Notice, Preview, Progress
from core.imaging.frame import Frame, choose_frame
from core.imaging.grid import padded_size
from core.imaging.mask import blend_band, changed_outside, composite, to_latent
from core.inspection.recorder import Recorder
from core.inversion.cache import InversionCache
from core.inversion.kept import Inversions, KeptInversions
from core.methods import method_for, why_not
from core.methods.auto import choose, family_of
from core.methods.task import Task
from core.models.latent_model import LatentModel
from core.models.memory import is_lack_of_memory
from core.notices import notices
from core.previewing import Previews
from core.recipe import make_recipe
from core.request import EditRequest, Mask, Pixels
from core.restoration.run import run_restoration
from core.settings import AutoSettings, Job, PictureSettings

# Latents that moved by less than the first count as kept, by more than the second as changed;
# root mean square over channels, in units of the latents' standard deviation.
KEPT, CHANGED = 0.25, 0.75
HALF = (torch.float16, torch.bfloat16)


def run_edit(
    request: EditRequest,
    model: LatentModel,
    inversions: InversionCache | None = None,
    recorder: Recorder | None = None,
) -> Generator[EditEvent, None, None]:
    """Yield notices if there are any, Progress and Preview events and at last one Finished.

    Auto's settings give way to those that it chooses, in the Finished's request and recipe too.
    inversions: what earlier edits found out about their pictures, which is not found out again; the
    result is the same bit for bit with and without. recorder: looks into the edit (not into a
    restoration); its recording comes with the result. Closing the generator cancels the edit
    between two network steps. Where half precision leads to numbers that are not finite, the edit
    starts once more in float32. Raises RequestError for a method that the model cannot do or a word
    that is in no prompt, SamplingError when the numbers go wrong, OutOfMemoryError.
    """
    if isinstance(request.settings, AutoSettings):
        prompts = request.source_prompt, request.target_prompt
        choice = choose(request.settings, *prompts, family_of(model.prediction), model=model)
        yield Notice(choice.reason, choice=True)
        request = request.with_(settings=choice.settings, chosen_because=choice.reason)
    reason = why_not(type(request.settings), model)
    if reason is not None:
        raise RequestError(reason)
    for message in notices(request, model):
        yield Notice(message)
    inversions = InversionCache() if inversions is None else inversions
    try:
        yield from _run_precisely(request, model, inversions, recorder)
        return
    except (RuntimeError, MemoryError) as error:
        if not is_lack_of_memory(error):
            raise
    # Raised here, outside the except block, so that the failed step's tensors are free by now.
    raise OutOfMemoryError(
        f"{model.device} has not enough memory for this edit. "
        "Close other programs, edit a smaller part or choose the CPU."
    )


def _run_precisely(
    request: EditRequest,
    model: LatentModel,
    inversions: InversionCache,
    recorder: Recorder | None,
) -> Generator[EditEvent, None, None]:
    """The edit, in float32 if half precision does not hold it."""

    def run() -> Generator[EditEvent, None, None]:
        if request.settings.job is Job.RESTORE:
            return run_restoration(request, model)
        return _run(request, model, inversions, recorder)

    if model.dtype not in HALF:
        yield from run()
        return
    try:
        yield from run()
        return
    except SamplingError:
        pass
    # Outside the except block, so that the failed edit's tensors are free by now.
    kind = str(model.dtype).removeprefix("torch.")
    yield Notice(f"{kind} did not hold this edit's numbers; it is made once more in float32.")
    with model.in_float32():
        yield from run()


@torch.no_grad()
def _run(
    request: EditRequest,
    model: LatentModel,
    inversions: InversionCache,
    recorder: Recorder | None,
) -> Generator[EditEvent, None, None]:
    start = time.monotonic()
    evaluated = model.network_evaluations
    total = forecast = request.settings.network_steps(request.steps)
    yield Progress(0, total, "encode")
    edit = _Edit(request, model, inversions)
    previews = Previews(request, edit.frame, model)
    if not edit.idle:
        task = edit.task()
        latents = edit.clean
        states = method_for(request.settings)(task)
        if recorder is not None:
            states = recorder.watch(states, task, edit.frame)
        for done, state in enumerate(states, start=1):
            latents = state.x
            total = forecast - task.inversions.steps_saved
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
            other_model=_other_model(request, model),
        ),
        reconstruction_db=edit.reconstruction_db,
        recording=None if recorder is None else recorder.recording,
    )


class _Edit:
    """The request's picture on its way into the model and back."""

    def __init__(
        self, request: EditRequest, model: LatentModel, inversions: InversionCache
    ) -> None:
        self.request, self.model, self._cache = request, model, inversions
        self._hash = ""
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
            seen = np.ascontiguousarray(self.frame.to_model(picture))
            self._hash = hashlib.sha256(repr(seen.shape).encode() + seen.tobytes()).hexdigest()
            self._pixels = _to_tensor(seen, model.device)
            self.clean = self._first_stage("latents", lambda: model.encode(self._pixels))

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
            inversions=self._inversions(),
        )

    def _inversions(self) -> Inversions:
        request = self.request
        if not self._hash:
            return Inversions()
        return KeptInversions(self._cache, self._hash, request.source_prompt, request.steps)

    def _first_stage(self, name: str, make: Callable[[], torch.Tensor]) -> torch.Tensor:
        """What the first stage makes of the picture, unless an earlier edit knows it."""
        model = self.model
        if not model.fingerprint:
            return make()
        key = (name, self._hash, model.fingerprint, str(model.dtype))
        return self._cache.tensor(key, lambda: make().cpu()).to(model.device)

    def finish(self, latents: torch.Tensor) -> Pixels:
        """Decode, and put the change into the picture."""
        picture = self.request.picture
        if picture is None:
            decoded = _to_array(self._decoded(latents))
            return _to_uint8(self.frame.from_model(decoded))
        rebuilt = self._first_stage("rebuilt", lambda: self._decoded(self.clean))
        decoded = self._decoded(latents)
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
                "the decoder's picture is not finite; choose a lower guidance scale or more steps."
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


def _other_model(request: EditRequest, model: LatentModel) -> tuple[str, str] | None:
    """Name and fingerprint of the second model, which the method has loaded by now, if any."""
    name = getattr(request.settings, "target_model", "")
    other = model.load_other(name) if name else None
    return None if other is None else (other.name, other.fingerprint)


def _to_tensor(pixels: NDArray[np.float32], device: torch.device) -> torch.Tensor:
    return torch.from_numpy(pixels).permute(2, 0, 1)[None].to(device)


def _to_array(pixels: torch.Tensor) -> NDArray[np.float32]:
    return pixels[0].clamp(-1, 1).permute(1, 2, 0).float().cpu().numpy()


def _to_uint8(pixels: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.rint((pixels + 1) * 127.5).clip(0, 255).astype(np.uint8)
