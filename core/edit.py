"""`Edit`: requests of one picture on their way into the model and back."""

import hashlib
from collections.abc import Callable, Sequence
from copy import copy
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray

from core.decoded import checked_decoded
from core.imaging.canvas import Canvas, canvas_of
from core.imaging.frame import Frame, choose_frame
from core.imaging.grid import padded_size
from core.imaging.mask import composite, extent, to_latent
from core.imaging.matching import colour_error, missing_grain
from core.inversion.cache import InversionCache
from core.inversion.kept import Inversions, KeptInversions
from core.methods.task import Task
from core.models.beside import masked
from core.models.latent_model import Conditioning, LatentModel
from core.models.tiled import tiled
from core.request import EditRequest, Pixels
from core.sampling.noise import Noise
from core.settings import FillingSettings, PictureSettings, Settings

# Latents that moved by less than the first count as kept, by more than the second as changed;
# root mean square over channels, in units of the latents' standard deviation.
KEPT, CHANGED = 0.25, 0.75
TILED_FROM = 1.5
"""A fill whose work is longer than this, in native sizes, is done in tiles."""


class Edit:
    """Requests that differ in their noise alone: one canvas, one frame, a row of latents each.

    frame: the part that the model works on. clean: its latents [N, C, h, w], N requests.
    reconstruction_db: PSNR of the first stage's rebuilt picture, once something is finished.
    """

    def __init__(
        self, requests: Sequence[EditRequest], model: LatentModel, inversions: InversionCache
    ) -> None:
        self.requests, self.request, self.model = requests, requests[0], model
        self._cache = inversions
        self.reconstruction_db: float | None = None
        self.settings: Settings = self.request.settings
        self._noise = Noise([one.noise_weights for one in requests])
        self.canvas: Canvas | None = None
        self._begins: Sequence[Pixels] = []
        self._seen: list[tuple[torch.Tensor, str]] = []
        request = self.request
        if request.picture is None:
            size = request.size or (model.native_size, model.native_size)
            padded = padded_size(*size, model.grid)
            self.frame = Frame(0, 0, *size, size, padded, model.grid)
            shape = (len(requests), model.latent_channels, *(s // model.factor for s in padded))
            self.clean = torch.zeros(shape, device=model.device)
            return
        self.canvas = canvas_of(request)
        self.frame = self._choose_frame(1)
        self._begin([self.canvas.begin])

    @property
    def network_steps(self) -> int:
        """Of this walk, and of the one that sharpens it."""
        steps = self.settings.network_steps(self.request.steps)
        if self.finer_frame is not None and isinstance(self.settings, FillingSettings):
            steps += self.settings.sharpening.network_steps(self.request.steps)
        return steps

    @property
    def finer_frame(self) -> Frame | None:
        """For a second walk over what is painted smaller than it is; None where it is not."""
        settings, canvas = self.settings, self.canvas
        if not isinstance(settings, FillingSettings) or canvas is None or canvas.mask is None:
            return None
        if settings.detail == 1 or self.idle:
            return None
        if max(extent(canvas.mask)) <= self.model.native_size:
            return None
        frame = self._choose_frame(settings.detail)
        return None if max(frame.inner) <= max(self.frame.inner) else frame

    def sharper(self, painted: Sequence[Pixels]) -> "Edit":
        """The second walk: from the pictures of the first, at more of their own size, in tiles."""
        frame, settings = self.finer_frame, self.settings
        assert frame is not None
        assert isinstance(settings, FillingSettings)
        finer = copy(self)
        finer.settings, finer.frame = settings.sharpening, frame
        finer._begin(painted)
        return finer

    def _choose_frame(self, detail: int) -> Frame:
        canvas, model = self.canvas, self.model
        assert canvas is not None
        assert isinstance(self.settings, PictureSettings)
        margin = self.settings.blend if canvas.mask is not None else 0
        size, scale = canvas.picture.shape[:2], self.request.scale
        return choose_frame(size, canvas.mask, model.native_size, model.grid, margin, detail, scale)

    def _begin(self, begins: Sequence[Pixels]) -> None:
        """Show the model these pictures: one for all rows, or one each."""
        self._begins, self._seen = begins, []
        if self.idle:
            return
        for picture in begins:
            pixels = np.ascontiguousarray(self.frame.to_model(picture))
            digest = hashlib.sha256(repr(pixels.shape).encode() + pixels.tobytes()).hexdigest()
            self._seen.append((_to_tensor(pixels, self.model.device), digest))
        encoded = [
            self._first_stage("latents", index, lambda pixels=pixels: self.model.encode(pixels))
            for index, (pixels, _) in enumerate(self._seen)
        ]
        self.clean = torch.cat(encoded).expand(len(self.requests), -1, -1, -1)

    @property
    def idle(self) -> bool:
        """Nothing to do: strength 0, or a mask that is 0 everywhere."""
        mask = None if self.canvas is None else self.canvas.mask
        empty = mask is not None and not mask.any()
        return self.settings.network_steps(self.request.steps) == 0 or empty

    def task(self) -> Task:
        request, model = self.request, self.model
        prompts = [request.source_prompt, request.target_prompt, ""]
        states = model.encode_prompts(prompts)
        mask = beside = None
        if self.canvas is not None and self.canvas.mask is not None:
            shown = self.frame.mask_to_model(self.canvas.mask)
            values = to_latent(shown, model.factor)
            mask = torch.from_numpy(values).to(model.device)[None, None]
            if model.abilities.inpaints:
                here = torch.from_numpy(shown).to(model.device)[None, None]
                beside = masked(model.encode, self._seen[0][0], here)
        long = max(self.frame.padded) > TILED_FROM * model.native_size
        if long and isinstance(self.settings, FillingSettings):
            model = tiled(model, mask)
        source, target, empty = (Conditioning(part, beside) for part in states.hidden.split(1))
        return Task(
            model=model,
            settings=self.settings,
            clean=self.clean,
            mask=mask,
            source=source,
            target=target,
            empty=empty,
            steps=request.steps,
            # Of two answers to nothing, one is enough.
            guidance_scale=request.guidance_scale if model.abilities.prompts else 1.0,
            generator=self._noise,
            source_prompt=request.source_prompt,
            target_prompt=request.target_prompt,
            inversions=self._inversions(),
        )

    def _inversions(self) -> Inversions:
        request = self.request
        if not self._seen:
            return Inversions()
        return KeptInversions(self._cache, self._seen[0][1], request.source_prompt, request.steps)

    def _first_stage(self, name: str, index: int, make: Callable[[], torch.Tensor]) -> torch.Tensor:
        """What the first stage makes of picture number `index`, unless an earlier edit knows it."""
        model = self.model
        if not model.fingerprint:
            return make()
        key = (name, self._seen[index][1], model.fingerprint, str(model.dtype))
        return self._cache.tensor(key, lambda: make().cpu()).to(model.device)

    def finish(self, latents: torch.Tensor, row: int) -> Pixels:
        """Decode row number `row` of the latents [N, C, h, w]; put the change into the picture."""
        canvas, frame = self.canvas, self.frame
        index = min(row, len(self._begins) - 1)
        shown = self._seen[index][0] if self._seen else None
        decoded = self._decoded(latents[row : row + 1], shown)
        if canvas is None:
            return _to_uint8(frame.from_model(_to_array(decoded)))
        assert shown is not None
        clean = self.clean[row : row + 1]
        rebuilt = self._first_stage("rebuilt", index, lambda: self._decoded(clean, shown))
        squared = (rebuilt.clamp(-1, 1) - shown).square().mean().item()
        self.reconstruction_db = float(10 * np.log10(4 / max(squared, 1e-12)))
        keep = self._kept(latents[row : row + 1] - clean) * self._worth_keeping
        begin = self._begins[index]
        box = self._changed(begin, _to_array(decoded), _to_array(rebuilt), keep)
        if isinstance(self.settings, FillingSettings):
            box = self._matched(begin, box, _to_array(shown), _to_array(decoded), keep, row)
        box = np.rint(box).clip(0, np.iinfo(begin.dtype).max)
        if canvas.alpha is None:
            return cast(Pixels, box.astype(canvas.picture.dtype))
        here = frame.rows, frame.columns
        result = canvas.picture.copy()
        result[here] = composite(canvas.picture[here], box, canvas.alpha[here])
        return result

    def _decoded(self, latents: torch.Tensor, shown: torch.Tensor | None) -> torch.Tensor:
        remedy = "choose a lower guidance scale, more steps or another model"
        return checked_decoded(self.model.decode(latents), shown, remedy)

    def _changed(
        self,
        begin: Pixels,
        decoded: NDArray[np.float32],
        rebuilt: NDArray[np.float32],
        keep: NDArray[np.float32],
    ) -> NDArray[np.float32]:
        """The box after the edit, in the picture's units.

        result = D(z') + keep (x - D(E(x))): the first stage is lossy, so what did not move in the
        latents is taken from the picture.
        """
        frame = self.frame
        top = np.iinfo(begin.dtype).max
        original = begin[frame.rows, frame.columns].astype(np.float32)
        new = (frame.from_model(decoded) + 1) * np.float32(top / 2)
        old = (frame.from_model(rebuilt) + 1) * np.float32(top / 2)
        share = np.asarray(frame.from_model(keep)[..., None].clip(0, 1), np.float32)
        return np.asarray(new + share * (original - old), np.float32)

    def _matched(
        self,
        begin: Pixels,
        box: NDArray[np.float32],
        shown: NDArray[np.float32],
        decoded: NDArray[np.float32],
        keep: NDArray[np.float32],
        row: int,
    ) -> NDArray[np.float32]:
        """The box, with the colours and the grain of the mask's surroundings where a fill moved."""
        frame, canvas = self.frame, self.canvas
        assert canvas is not None
        assert canvas.mask is not None
        top = np.iinfo(begin.dtype).max
        outside = self._untouched
        error = (1 - keep)[..., None] * colour_error(shown, decoded, outside)
        matched = box + frame.from_model(error) * np.float32(top / 2)
        box = np.asarray(matched, np.float32)
        inside = canvas.mask[frame.rows, frame.columns] > 0
        original = begin[frame.rows, frame.columns].astype(np.float32)
        return box + missing_grain(original, box, inside, self.requests[row].seed, top)

    def _kept(self, apart: torch.Tensor) -> NDArray[np.float32]:
        """1 where the latents did not move, 0 where they did, smooth between; [h, w], padded."""
        moved = apart.square().mean(dim=1, keepdim=True).sqrt()
        keep = ((CHANGED - moved) / (CHANGED - KEPT)).clamp(0, 1)
        size = self.frame.padded
        smooth = torch.nn.functional.interpolate(keep, size=size, mode="bilinear")
        return smooth[0, 0].cpu().numpy()

    @property
    def _worth_keeping(self) -> NDArray[np.float32] | float:
        """How far the old detail may come back where nothing moved: [h, w], padded, in [0, 1].

        A fill's may not inside its mask, and outside `_matched` sees to it.
        """
        settings, canvas = self.settings, self.canvas
        if not isinstance(settings, FillingSettings) or canvas is None or canvas.mask is None:
            return 1.0
        mask = self.frame.mask_to_model(canvas.mask)
        kept = (1 - mask * np.float32(settings.forgets)) * (mask > 0)
        return kept.astype(np.float32)

    @property
    def _untouched(self) -> NDArray[np.bool_]:
        """Outside mask and blend band, [h, w], padded: where the picture shows as it is."""
        canvas, frame = self.canvas, self.frame
        assert canvas is not None
        assert canvas.mask is not None
        assert canvas.alpha is not None
        mask, alpha = (frame.mask_to_model(one) for one in (canvas.mask, canvas.alpha))
        return np.asarray((mask == 0) & (alpha == 0), np.bool_)

    def changed_outside(self, result: Pixels) -> int | None:
        """Values that differ from the request's picture outside mask and blend band."""
        if self.canvas is None or self.request.picture is None:
            return None
        return self.canvas.changed_outside(self.request.picture, result)

    def untouched(self) -> Pixels:
        """The canvas itself, when there is nothing to do."""
        assert self.canvas is not None
        return self.canvas.picture.copy()


def _to_tensor(pixels: NDArray[np.float32], device: torch.device) -> torch.Tensor:
    return torch.from_numpy(pixels).permute(2, 0, 1)[None].to(device)


def _to_array(pixels: torch.Tensor) -> NDArray[np.float32]:
    return pixels[0].clamp(-1, 1).permute(1, 2, 0).float().cpu().numpy()


def _to_uint8(pixels: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.rint((pixels + 1) * 127.5).clip(0, 255).astype(np.uint8)
