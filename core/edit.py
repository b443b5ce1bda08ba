"""`Edit`: requests of one picture on their way into the model and back."""

import hashlib
from collections.abc import Callable, Sequence
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray

from core.errors import SamplingError
from core.imaging.canvas import Canvas, canvas_of
from core.imaging.frame import Frame, choose_frame
from core.imaging.grid import padded_size
from core.imaging.mask import composite, to_latent
from core.inversion.cache import InversionCache
from core.inversion.kept import Inversions, KeptInversions
from core.methods.task import Task
from core.models.latent_model import LatentModel
from core.request import EditRequest, Pixels
from core.sampling.noise import Noise
from core.settings import PictureSettings

# Latents that moved by less than the first count as kept, by more than the second as changed;
# root mean square over channels, in units of the latents' standard deviation.
KEPT, CHANGED = 0.25, 0.75


class Edit:
    """Requests that differ in their noise alone: one canvas, one frame, a row of latents each.

    frame: the part that the model works on. clean: its latents [N, C, h, w], N requests.
    reconstruction_db: PSNR of the first stage's rebuilt picture, once something is finished.
    """

    def __init__(
        self, requests: Sequence[EditRequest], model: LatentModel, inversions: InversionCache
    ) -> None:
        self.requests, self.request, self.model = requests, requests[0], model
        self._cache, self._hash = inversions, ""
        self.reconstruction_db: float | None = None
        request, rows = self.request, len(requests)
        if request.picture is None:
            size = request.size or (model.native_size, model.native_size)
            padded = padded_size(*size, model.grid)
            self.frame = Frame(0, 0, *size, size, padded, model.grid)
            shape = (rows, model.latent_channels, *(side // model.factor for side in padded))
            self.clean = torch.zeros(shape, device=model.device)
            self._canvas = None
            return
        canvas = self._canvas = canvas_of(request)
        assert isinstance(request.settings, PictureSettings)
        margin = request.settings.blend if canvas.mask is not None else 0
        self.frame = choose_frame(
            canvas.picture.shape[:2], canvas.mask, model.native_size, model.grid, margin=margin
        )
        if not self.idle:
            seen = np.ascontiguousarray(self.frame.to_model(canvas.begin))
            self._hash = hashlib.sha256(repr(seen.shape).encode() + seen.tobytes()).hexdigest()
            self._pixels = _to_tensor(seen, model.device)
            clean = self._first_stage("latents", lambda: model.encode(self._pixels))
            self.clean = clean.expand(rows, -1, -1, -1)

    @property
    def canvas(self) -> Canvas | None:
        """None for a picture that is generated."""
        return self._canvas

    @property
    def idle(self) -> bool:
        """Nothing to do: strength 0, or a mask that is 0 everywhere."""
        mask = None if self._canvas is None else self._canvas.mask
        empty = mask is not None and not mask.any()
        return self.request.settings.network_steps(self.request.steps) == 0 or empty

    def task(self) -> Task:
        request, model = self.request, self.model
        prompts = [request.source_prompt, request.target_prompt, ""]
        states = model.encode_prompts(prompts)
        source, target, empty = (type(states)(part) for part in states.hidden.split(1))
        mask = None
        if self._canvas is not None and self._canvas.mask is not None:
            values = to_latent(self.frame.mask_to_model(self._canvas.mask), model.factor)
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
            generator=Noise([one.noise_weights for one in self.requests]),
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
        """Decode one row [1, C, h, w], and put the change into the picture."""
        canvas, frame = self._canvas, self.frame
        if canvas is None:
            decoded = _to_array(self._decoded(latents))
            return _to_uint8(frame.from_model(decoded))
        rebuilt = self._first_stage("rebuilt", lambda: self._decoded(self.clean[:1]))
        decoded = self._decoded(latents)
        squared = (rebuilt.clamp(-1, 1) - self._pixels).square().mean().item()
        self.reconstruction_db = float(10 * np.log10(4 / max(squared, 1e-12)))
        box = self._changed(canvas.begin, _to_array(decoded), _to_array(rebuilt), latents)
        if canvas.alpha is None:
            return cast(Pixels, box.astype(canvas.picture.dtype))
        here = frame.rows, frame.columns
        result = canvas.picture.copy()
        result[here] = composite(canvas.picture[here], box, canvas.alpha[here])
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
        begin: Pixels,
        decoded: NDArray[np.float32],
        rebuilt: NDArray[np.float32],
        latents: torch.Tensor,
    ) -> NDArray[np.float32]:
        """The box after the edit, in the picture's units, rounded and clipped.

        result = D(z') + keep (x - D(E(x))): the first stage is lossy, so what did not move in the
        latents is taken from the picture.
        """
        frame = self.frame
        top = np.iinfo(begin.dtype).max
        original = begin[frame.rows, frame.columns].astype(np.float32)
        new = (frame.from_model(decoded) + 1) * np.float32(top / 2)
        old = (frame.from_model(rebuilt) + 1) * np.float32(top / 2)
        keep = frame.from_model(self._kept(latents))[..., None].clip(0, 1)
        return np.rint(new + keep * (original - old)).clip(0, top)

    def _kept(self, latents: torch.Tensor) -> NDArray[np.float32]:
        """1 where the latents did not move, 0 where they did, smooth between; [h, w], padded."""
        moved = (latents - self.clean[:1]).square().mean(dim=1, keepdim=True).sqrt()
        keep = ((CHANGED - moved) / (CHANGED - KEPT)).clamp(0, 1)
        size = self.frame.padded
        smooth = torch.nn.functional.interpolate(keep, size=size, mode="bilinear")
        return smooth[0, 0].cpu().numpy()

    def changed_outside(self, result: Pixels) -> int | None:
        """Values that differ from the request's picture outside mask and blend band."""
        if self._canvas is None or self.request.picture is None:
            return None
        return self._canvas.changed_outside(self.request.picture, result)

    def untouched(self) -> Pixels:
        """The canvas itself, when there is nothing to do."""
        assert self._canvas is not None
        return self._canvas.picture.copy()


def _to_tensor(pixels: NDArray[np.float32], device: torch.device) -> torch.Tensor:
    return torch.from_numpy(pixels).permute(2, 0, 1)[None].to(device)


def _to_array(pixels: torch.Tensor) -> NDArray[np.float32]:
    return pixels[0].clamp(-1, 1).permute(1, 2, 0).float().cpu().numpy()


def _to_uint8(pixels: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.rint((pixels + 1) * 127.5).clip(0, 255).astype(np.uint8)
