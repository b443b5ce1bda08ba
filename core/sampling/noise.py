"""Where all noise comes from: the draws of one or more seeds, on the CPU.

A seed means the same picture on every device, and a row of a batch gets the noise that it would get
alone.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

import torch


class Draws(Protocol):
    """A source of noise that has a state, as `torch.Generator` and `Noise` are."""

    def get_state(self) -> torch.Tensor: ...


class Noise:
    """Unit Gaussian noise for a batch, each row from its own seeds.

    rows: for each row its seeds and their weights, the squares of which sum to 1
    (`EditRequest.noise_weights`): a row's draw is the weighted sum of its seeds' draws.
    """

    def __init__(self, rows: Sequence[Mapping[int, float]]) -> None:
        self._rows = [
            [(torch.Generator().manual_seed(seed), weight) for seed, weight in row.items()]
            for row in rows
        ]

    def draw(self, shape: Sequence[int]) -> torch.Tensor:
        """float32 of `shape`, whose first side is the number of rows."""
        if shape[0] != len(self._rows):
            raise ValueError(f"noise for {len(self._rows)} rows was asked for {shape[0]}")
        one = (1, *shape[1:])
        return torch.cat([_sum(row, one) for row in self._rows])

    def forked(self) -> "Noise":
        """A source that draws what this one would have; this one goes on with other noise."""
        twin = Noise([])
        twin._rows = [[(forked(one), weight) for one, weight in row] for row in self._rows]
        return twin

    def get_state(self) -> torch.Tensor:
        """All that decides the draws to come."""
        states = [
            torch.cat([one.get_state(), torch.tensor([weight]).double().view(torch.uint8)])
            for row in self._rows
            for one, weight in row
        ]
        # A single seed's state is its generator's, so that a code made from either is one code.
        alone = len(states) == 1
        return self._rows[0][0][0].get_state() if alone else torch.cat(states)


def forked(generator: torch.Generator) -> torch.Generator:
    """A generator that draws what this one would have; this one goes on with other noise.

    So what is drawn later does not depend on how much an inversion drew, or whether it was made.
    """
    twin = torch.Generator()
    twin.set_state(generator.get_state())
    generator.manual_seed(int(torch.randint(2**62, (), generator=generator)))
    return twin


def fresh_noise(like: torch.Tensor, source: "torch.Generator | Noise | None") -> torch.Tensor:
    """Unit Gaussian noise of the shape, type and device of `like`, drawn on the CPU."""
    if isinstance(source, Noise):
        return source.draw(like.shape).to(like)
    return torch.randn(like.shape, generator=source, dtype=torch.float32).to(like)


def _sum(row: Sequence[tuple[torch.Generator, float]], shape: Sequence[int]) -> torch.Tensor:
    first, *others = [torch.randn(shape, generator=one) * weight for one, weight in row]
    for other in others:
        first = first + other
    return first
