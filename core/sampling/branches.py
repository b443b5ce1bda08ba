"""Several walks in one batch: a denoiser over branches, each with its prompt and its guidance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch

from core.models.latent_model import Conditioning, LatentModel
from core.sampling.denoiser import Denoised, from_network


@dataclass(frozen=True)
class Rows:
    """Which rows of the batch are whose.

    source, target: the rows under the two prompts; source is None once its branch has left.
    pairs: (source's row, target's row) for every row of the target, the one under its prompt last.
    """

    source: int | None
    target: int
    pairs: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, eq=False)
class Branch:
    """One walk's prompt and guidance, as in `classifier_free`: scale 1 asks for the prompt alone.

    unwanted: the state that guidance leads away from, or one for each label of the walk.
    """

    wanted: Conditioning
    unwanted: Conditioning | Mapping[float, Conditioning]
    scale: float = 1.0

    @property
    def size(self) -> int:
        """Rows of the batch that it takes."""
        return 1 if self.scale == 1.0 else 2

    def states(self, t: float) -> list[torch.Tensor]:
        """Text states of its rows: the unwanted one first, if it is asked for at all."""
        if self.size == 1:
            return [self.wanted.hidden]
        unwanted = self.unwanted
        away = unwanted[t] if isinstance(unwanted, Mapping) else unwanted
        return [away.hidden, self.wanted.hidden]


class Branches:
    """A `Denoiser` over x [number of branches, C, h, w]: one evaluation for all rows of all."""

    def __init__(self, model: LatentModel, branches: Sequence[Branch]) -> None:
        self.model, self.branches = model, branches
        self._denoise = from_network(self._predict, model.prediction, model.path)

    @property
    def rows(self) -> Rows:
        """Of the first branch as source (None if there is but one) and the last as target."""
        ends = [sum(b.size for b in self.branches[: i + 1]) for i in range(len(self.branches))]
        target = ends[-1] - 1
        if len(self.branches) == 1:
            return Rows(None, target)
        source, last = ends[0] - 1, self.branches[-1]
        pairs = [(source, target)]
        if last.size == 2:
            pairs.insert(0, (0, target - 1))
        return Rows(source, target, tuple(pairs))

    def __call__(self, x: torch.Tensor, t: float, label: float | None = None) -> Denoised:
        return self._denoise(x, t, label)

    def _predict(self, x: torch.Tensor, t: float) -> torch.Tensor:
        walks = list(zip(x.split(1), self.branches, strict=True))
        rows = torch.cat([part for part, branch in walks for _ in range(branch.size)])
        states = torch.cat([state for branch in self.branches for state in branch.states(t)])
        output = self.model.predict(rows, t, Conditioning(states)).to(x.dtype)
        found = []
        for branch in self.branches:
            mine, output = output[: branch.size], output[branch.size :]
            found.append(mine[:1] + branch.scale * (mine[1:] - mine[:1]) if len(mine) > 1 else mine)
        return torch.cat(found)
