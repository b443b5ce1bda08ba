"""RRDBNet, the network of ESRGAN and Real-ESRGAN.

Wang et al. 2018 (ESRGAN), section 3.1: residual-in-residual dense blocks without normalisation,
residuals scaled by 0.2; Wang et al. 2021 (Real-ESRGAN), figure 4. Its parts carry the names under
which its weights are published.
"""

from collections.abc import Mapping, Sequence

import torch
import torch.nn.functional as F
from torch import nn

from core.errors import ModelDamagedError

SCALING = 0.2
SLOPE = 0.2


def _conv(inputs: int, outputs: int) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, 3, padding=1)


def _leaky(x: torch.Tensor) -> torch.Tensor:
    return F.leaky_relu(x, SLOPE)


class _Dense(nn.Module):
    """Five convolutions, each of which sees all before it."""

    def __init__(self, width: int, growth: int) -> None:
        super().__init__()
        self.conv1 = _conv(width, growth)
        self.conv2 = _conv(width + growth, growth)
        self.conv3 = _conv(width + 2 * growth, growth)
        self.conv4 = _conv(width + 3 * growth, growth)
        self.conv5 = _conv(width + 4 * growth, width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        seen = [x]
        for conv in (self.conv1, self.conv2, self.conv3, self.conv4):
            seen.append(_leaky(conv(torch.cat(seen, 1))))
        return x + SCALING * self.conv5(torch.cat(seen, 1))


class _Block(nn.Module):
    def __init__(self, width: int, growth: int) -> None:
        super().__init__()
        self.rdb1, self.rdb2, self.rdb3 = (_Dense(width, growth) for _ in range(3))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + SCALING * self.rdb3(self.rdb2(self.rdb1(x)))


class RRDBNet(nn.Module):
    """Pictures [N, 3, H, W] on 0 to 1 -> [N, 3, 4H, 4W], about 0 to 1, not clipped."""

    factor = 4

    def __init__(self, blocks: int = 23, width: int = 64, growth: int = 32) -> None:
        super().__init__()
        self.conv_first = _conv(3, width)
        self.body = nn.Sequential(*(_Block(width, growth) for _ in range(blocks)))
        self.conv_body = _conv(width, width)
        self.conv_up1 = _conv(width, width)
        self.conv_up2 = _conv(width, width)
        self.conv_hr = _conv(width, width)
        self.conv_last = _conv(width, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        first = self.conv_first(x)
        x = first + self.conv_body(self.body(first))
        for conv in (self.conv_up1, self.conv_up2):
            x = _leaky(conv(F.interpolate(x, scale_factor=2, mode="nearest")))
        return self.conv_last(_leaky(self.conv_hr(x)))


def convolution_names(blocks: int) -> list[str]:
    """The names of all convolutions in the order of evaluation: 15 a block, and six."""
    body = [
        f"body.{block}.rdb{dense}.conv{conv}"
        for block in range(blocks)
        for dense in range(1, 4)
        for conv in range(1, 6)
    ]
    ends = ["conv_body", "conv_up1", "conv_up2", "conv_hr", "conv_last"]
    return ["conv_first", *body, *ends]


def with_activation(name: str) -> bool:
    """Whether a leaky ReLU follows the convolution of this name."""
    return name.startswith(("conv_up", "conv_hr")) or (
        name.startswith("body.") and not name.endswith("conv5")
    )


def build(weights: Mapping[str, torch.Tensor]) -> RRDBNet:
    """The network that published weights describe, frozen, in float32.

    Raises ModelDamagedError when they are not those of an x4 RRDBNet.
    """
    sizes = _sizes(weights)
    network = RRDBNet(*sizes)
    try:
        network.load_state_dict({name: value.float() for name, value in weights.items()})
    except RuntimeError as error:
        raise ModelDamagedError(
            "these weights are not of an x4 RRDBNet; choose another upscaler."
        ) from error
    return network.requires_grad_(False).eval()


def _sizes(weights: Mapping[str, torch.Tensor]) -> Sequence[int]:
    """blocks, width, growth."""
    blocks = {name.split(".")[1] for name in weights if name.startswith("body.")}
    try:
        width = weights["conv_first.weight"].shape[0]
        growth = weights["body.0.rdb1.conv1.weight"].shape[0]
    except (KeyError, IndexError) as error:
        raise ModelDamagedError(
            "these weights are not of an x4 RRDBNet; choose another upscaler."
        ) from error
    return len(blocks), width, growth
