"""What happened to a picture, as a function: y = A(x) + noise.

An operator takes pictures x [N, C, H, W] on a scale of 0 to 1 to measurements y [N, C, h, w], on
any device and in any floating-point type. It never holds A as one matrix over all pixels. A linear
operator also has its exact adjoint, by which it is differentiated, and solves

    (gram A A^T + identity I) v = y

which is all that exact posterior guidance asks of it: in closed form where A has one, else by
conjugate gradients. Operators are bound to the size of the picture that they take.

Borders. What lies beyond the frame is unknown. Blurs take it to be the picture mirrored at its own
edge: continuous, so nothing rings, and as exact in the adjoint as in the operator. Where the true
surroundings should be found instead, put the blur on a larger picture and cut the frame out of it
(`separable.frame`): then the border is a part of the unknown.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import partial, reduce
from itertools import pairwise
from typing import Any

import torch

from core.errors import RequestError
from core.restoration.conjugate_gradients import conjugate_gradients
from core.sampling.solvers import fresh_noise

Size = tuple[int, int]
Map = Callable[[torch.Tensor], torch.Tensor]


class Operator(ABC):
    """A degradation of pictures of `input_size` into measurements of `output_size`, (h, w)."""

    input_size: Size
    output_size: Size

    @abstractmethod
    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        """Pictures [N, C, *input_size] -> measurements [N, C, *output_size]; differentiable.

        Raises RequestError for pictures of another size.
        """

    def measured(self, y: torch.Tensor) -> torch.Tensor:
        """y with 0 wherever nothing was measured; noise and residuals live only elsewhere."""
        return y

    def degrade(
        self, x: torch.Tensor, noise: float, generator: torch.Generator | None = None
    ) -> torch.Tensor:
        """A(x) and Gaussian noise of standard deviation `noise`; the generator lives on the CPU."""
        y = self(x)
        return y + noise * self.measured(fresh_noise(y, generator)) if noise > 0 else y

    def count(self, y: torch.Tensor) -> int:
        """How many of the numbers in y were measured."""
        return int(self.measured(torch.ones_like(y)).sum().item())

    def _check(self, x: torch.Tensor) -> torch.Tensor:
        return _of_size(x, self.input_size, "picture")


class LinearOperator(Operator):
    """An operator with an adjoint. Subclasses write `_forward` and `_adjoint`, plainly."""

    orthonormal = False
    """Whether A A^T is the identity, so that what comes after keeps its closed form."""

    @property
    def keeps_values(self) -> bool:
        """Whether A A^T y = y for all that was measured: values are picked, not mixed."""
        return self.orthonormal

    @abstractmethod
    def _forward(self, x: torch.Tensor) -> torch.Tensor: ...

    @abstractmethod
    def _adjoint(self, y: torch.Tensor) -> torch.Tensor: ...

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        return _Linear.apply(self._check(x), self._forward, self._adjoint)

    def adjoint(self, y: torch.Tensor) -> torch.Tensor:
        """A^T y: measurements -> pictures, with <A x, y> = <x, A^T y>; differentiable."""
        y = _of_size(y, self.output_size, "measurement")
        return _Linear.apply(y, self._adjoint, self._forward)

    def gram(self, y: torch.Tensor) -> torch.Tensor:
        """A A^T y."""
        return self(self.adjoint(y))

    def solve(self, y: torch.Tensor, gram: float = 1.0, identity: float = 0.0) -> torch.Tensor:
        """(gram A A^T + identity I)^-1 y, with gram > 0 and identity >= 0; not differentiated.

        With identity = 0 it is the pseudo-inverse of gram A A^T.
        """
        apply: Map = partial(self._covariance, gram=gram, identity=identity)
        return conjugate_gradients(apply, y, self._preconditioner(gram, identity))

    def pseudo_inverse(self, y: torch.Tensor) -> torch.Tensor:
        """A^+ y = A^T (A A^T)^+ y: of all pictures that explain y best, the one of least norm."""
        return self.adjoint(self.solve(y))

    def _covariance(self, y: torch.Tensor, gram: float, identity: float) -> torch.Tensor:
        return gram * self.gram(y) + identity * y

    def _preconditioner(self, gram: float, identity: float) -> Map | None:
        return None


class Identity(LinearOperator):
    """Nothing but noise."""

    orthonormal = True

    def __init__(self, size: Size) -> None:
        self.input_size = self.output_size = size

    def _forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.clone()

    def _adjoint(self, y: torch.Tensor) -> torch.Tensor:
        return y.clone()

    def solve(self, y: torch.Tensor, gram: float = 1.0, identity: float = 0.0) -> torch.Tensor:
        return y / (gram + identity)


class Composition(Operator):
    """Several operators, the first one first."""

    def __init__(self, *parts: Operator) -> None:
        for before, after in pairwise(parts):
            if before.output_size != after.input_size:
                raise RequestError(
                    f"one step gives {_words(before.output_size)} pixels and the next takes "
                    f"{_words(after.input_size)}; change their order or sizes."
                )
        self.parts = parts
        self.input_size, self.output_size = parts[0].input_size, parts[-1].output_size

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        return reduce(lambda value, part: part(value), self.parts, x)

    def measured(self, y: torch.Tensor) -> torch.Tensor:
        return self.parts[-1].measured(y)


class LinearComposition(LinearOperator):
    """Several linear operators, the first one first."""

    def __init__(self, *parts: LinearOperator) -> None:
        checked = Composition(*parts)
        self.parts = parts
        self.input_size, self.output_size = checked.input_size, checked.output_size
        self.orthonormal = all(part.orthonormal for part in parts)

    @property
    def keeps_values(self) -> bool:
        return all(part.orthonormal for part in self.parts[:-1]) and self.parts[-1].keeps_values

    def measured(self, y: torch.Tensor) -> torch.Tensor:
        return self.parts[-1].measured(y)

    def solve(self, y: torch.Tensor, gram: float = 1.0, identity: float = 0.0) -> torch.Tensor:
        """As the base; by the last part alone where the parts before it have A A^T = I."""
        if all(part.orthonormal for part in self.parts[:-1]):
            return self.parts[-1].solve(y, gram, identity)
        return super().solve(y, gram, identity)

    def _forward(self, x: torch.Tensor) -> torch.Tensor:
        return reduce(lambda value, part: part(value), self.parts, x)

    def _adjoint(self, y: torch.Tensor) -> torch.Tensor:
        return reduce(lambda value, part: part.adjoint(value), reversed(self.parts), y)


def compose(*parts: Operator) -> Operator:
    """The operators one after another, the first one first, in the simplest form that there is.

    Neighbours that act on rows and columns alone become one such operator and keep their closed
    form; linear ones stay linear. Raises RequestError where the sizes do not meet.
    """
    from core.restoration.separable import Separable

    if not parts:
        raise ValueError("nothing to compose")
    Composition(*parts)
    merged: list[Operator] = []
    for part in parts:
        last = merged[-1] if merged else None
        if isinstance(last, Separable) and isinstance(part, Separable):
            merged[-1] = last.then(part)
        elif isinstance(last, Identity):
            merged[-1] = part
        elif last is None or not isinstance(part, Identity):
            merged.append(part)
    if len(merged) == 1:
        return merged[0]
    linear = [part for part in merged if isinstance(part, LinearOperator)]
    return LinearComposition(*linear) if len(linear) == len(merged) else Composition(*merged)


class _Linear(torch.autograd.Function):
    """A linear map whose derivative is its adjoint: nothing between is kept in memory."""

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, there: Map, back: Map) -> torch.Tensor:
        ctx.maps = there, back
        return there(x)

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> Any:
        there, back = ctx.maps
        return _Linear.apply(gradients[0], back, there), None, None


def _of_size(x: torch.Tensor, size: Size, what: str) -> torch.Tensor:
    if x.ndim != 4 or tuple(x.shape[-2:]) != size:
        raise RequestError(
            f"the {what} is {_words(tuple(x.shape[-2:]))} pixels and the operator was made for "
            f"{_words(size)}; make them equal."
        )
    return x


def _words(size: tuple[int, ...]) -> str:
    return " x ".join(str(side) for side in reversed(size))
