"""The protocol that every model family meets: a noisy latent in, the network's prediction out."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from pathlib import Path as FilePath

    import torch

    from core.models.abilities import Abilities
    from core.sampling.path import Path

Prediction = Literal["epsilon", "v_prediction", "sample", "flow"]


@dataclass(frozen=True, eq=False)
class Conditioning:
    """What the network is told besides x and t.

    hidden: text states [N, tokens, channels] for cross-attention.
    beside: what a network reads beside x (`core.models.beside`), [N, K, h, w]. None: for a network
        that inpaints, everything is free; for one that reads a segmentation, none is known.
    level: labels [N] of the noise in what is beside x, where the network is told it.
    """

    hidden: "torch.Tensor"
    beside: "torch.Tensor | None" = None
    level: "torch.Tensor | None" = None

    def rows(self, count: int) -> "Conditioning":
        """The same for `count` rows of a batch, where it is told once for all."""
        return self._with(lambda part: part.expand(count, *part.shape[1:]))

    def in_windows(self, windows: "Sequence[tuple[slice, slice]]") -> "Conditioning":
        """For the windows' parts of x, one window's rows after the other's."""
        import torch

        def repeated(part: torch.Tensor) -> torch.Tensor:
            return part.repeat(len(windows), *(1,) * (part.ndim - 1))

        everywhere = replace(self, beside=None)._with(repeated)
        if self.beside is None:
            return everywhere
        return replace(everywhere, beside=torch.cat([self.beside[(..., *w)] for w in windows]))

    def joined(self, other: "Conditioning") -> "Conditioning":
        """Both, one's rows after the other's."""
        import torch

        def both(name: str) -> torch.Tensor | None:
            one, two = getattr(self, name), getattr(other, name)
            return None if one is None or two is None else torch.cat([one, two])

        hidden = torch.cat([self.hidden, other.hidden])
        return Conditioning(hidden, both("beside"), both("level"))

    def _with(self, change: "Callable[[torch.Tensor], torch.Tensor]") -> "Conditioning":
        beside, level = (None if p is None else change(p) for p in (self.beside, self.level))
        return Conditioning(change(self.hidden), beside, level)


class LatentModel(Protocol):
    """A denoiser with its first stage and its text encoder, loaded and frozen.

    name, fingerprint: for recipes; the fingerprint is a hash of the weight files.
    folder: where it was loaded from, if from files; a CLIP tower may lie there beside it.
    abilities: what it can be asked to do (`core.models.abilities`).
    path: alpha and sigma for every time label (`core.sampling.path`).
    prediction: what `predict` returns.
    in_pixels: the latents are the pixels themselves and the first stage changes nothing.
    factor: pixels per latent pixel; pictures are padded to multiples of `grid` pixels.
    native_size: side in pixels that the model was trained at.
    network_evaluations: pictures evaluated by `predict` since loading.
    network: the module behind `predict`, for control from outside (`core.attention`).
    tokenizer: a transformers tokenizer; which words of a prompt became which tokens.
    """

    name: str
    fingerprint: str
    folder: "FilePath | None"
    abilities: "Abilities"
    path: "Path"
    prediction: Prediction
    in_pixels: bool
    factor: int
    grid: int
    native_size: int
    latent_channels: int
    device: "torch.device"
    dtype: "torch.dtype"
    network_evaluations: int

    @property
    def network(self) -> Any: ...

    @property
    def tokenizer(self) -> Any: ...

    def encode_prompts(self, prompts: Sequence[str]) -> Conditioning:
        """Text states for each prompt, of as much as the encoder reads of it."""
        ...

    def encode(self, pixels: "torch.Tensor") -> "torch.Tensor":
        """Pixels [N, 3, H, W] in [-1, 1], H and W multiples of `grid` -> scaled latents (mode)."""
        ...

    def decode(self, latents: "torch.Tensor") -> "torch.Tensor":
        """Scaled latents -> pixels [N, 3, H, W] float32, about [-1, 1], not clipped."""
        ...

    def predict(self, x: "torch.Tensor", t: float, conditioning: Conditioning) -> "torch.Tensor":
        """The network's raw output for x [N, C, h, w] at time label t."""
        ...

    def in_float32(self) -> AbstractContextManager[None]:
        """The same weights in float32 within the block, as they were after it."""
        ...

    def preview(self, latents: "torch.Tensor") -> "torch.Tensor":
        """A linear latent-to-RGB map: [N, C, h, w] -> uint8 [N, h, w, 3]; microseconds."""
        ...

    def load_other(self, name: str) -> "LatentModel":
        """Another model of the same library, on the same device and in the same numbers.

        Raises ModelError if it is missing, damaged or refused.
        """
        ...
