"""Samples of the pictures that explain a measurement: DPS and PiGDM, for any solver.

Both ask how the estimate x0(x_t) would have to change to explain y, and take the gradient back
through the network to x_t. The network's weights stay frozen. `render` turns x0 into a picture on
0 to 1: pixels for pixel models, the decoder for latent ones.
"""

from collections.abc import Callable

import torch

from core.errors import RequestError
from core.restoration.measurement import Measurement
from core.restoration.operators import LinearOperator
from core.sampling.denoiser import Denoised, Denoiser
from core.sampling.path import Path

Render = Callable[[torch.Tensor], torch.Tensor]
Penalty = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
"""(x0, picture) -> one number for each item [N], differentiable: how far x0 is from fitting."""


def of_pixels(x0: torch.Tensor) -> torch.Tensor:
    """A pixel model's x0 in [-1, 1] on the picture's scale of 0 to 1."""
    return (x0 + 1) / 2


def decoded(decode: Render) -> Render:
    """A latent model's x0 through its decoder, whose pixels are in [-1, 1]."""
    return lambda x0: of_pixels(decode(x0))


class DPS:
    """Diffusion posterior sampling (Chung et al. 2023, Algorithm 1), around any solver:

        x_s <- step(x_t) - zeta * grad_{x_t} |y - A(x0(x_t))|

    the norm, not its square. The object is the denoiser for the solver, and `correct` its
    constraint. The norm is taken in the model's units, [-1, 1], as in the paper: twice that of
    the picture's.

    zeta: step size; the paper's is 0.3 for super-resolution and blurs, 0.5 for inpainting, 1 for
    phase retrieval. gluing: see `gluing`; added to the norm.
    """

    def __init__(
        self,
        denoise: Denoiser,
        measurement: Measurement,
        zeta: float,
        *,
        render: Render = of_pixels,
        gluing: Penalty | None = None,
    ) -> None:
        self._denoise, self._measurement, self.zeta = denoise, measurement, zeta
        self._render, self._gluing = render, gluing
        self._gradient: torch.Tensor | None = None

    def __call__(self, x: torch.Tensor, t: float, label: float | None = None) -> Denoised:
        with torch.enable_grad():
            at = x.detach().requires_grad_(True)
            found = self._denoise(at, t, label)
            picture = self._render(found.x0)
            misfit = 2 * self._measurement.distance(picture)
            if self._gluing is not None:
                misfit = misfit + self._gluing(found.x0, picture)
            (self._gradient,) = torch.autograd.grad(misfit.sum(), at)
        return Denoised(x0=found.x0.detach(), eps=found.eps.detach())

    def correct(self, x: torch.Tensor, s: float) -> torch.Tensor:
        """x after a step, moved down the gradient that was found before it."""
        assert self._gradient is not None
        return x - self.zeta * self._gradient


def pigdm(
    denoise: Denoiser,
    path: Path,
    measurement: Measurement,
    *,
    variance: float = 1.0,
    render: Render = of_pixels,
) -> Denoiser:
    """Pseudoinverse-guided diffusion with noise (Song et al. 2023, eq. 7), as a score:

        grad log p(y | x_t) = J^T A^T (r^2 A A^T + noise^2 I)^-1 (y - A x0),  J = d x0 / d x_t
        r^2 = variance * sigma^2 / (alpha^2 * variance + sigma^2)

    added to the prior's, so that every solver samples the posterior. variance: of one value of x0
    under the prior, in the model's units; 1 gives the paper's r^2 = sigma^2 on a
    variance-preserving path. For a prior N(m, variance I) all of this is exact. Where next to
    nothing of the picture is left (alpha below a hundredth of sigma), nothing is added; and since
    (sigma^2 / alpha) J^T is the covariance of x0 given x_t, a network's J that makes it more than
    twice r^2 along the gradient is in error there, and is held to that. Through a decoder,
    r^2 is scaled by how much it spreads x0's variance, measured at every step for one decoding
    more.

    Raises RequestError unless the operator is linear.
    """
    operator = measurement.operator
    if not isinstance(operator, LinearOperator):
        raise RequestError("PiGDM needs a linear degradation; choose DPS for this one.")

    def guided(x: torch.Tensor, t: float, label: float | None = None) -> Denoised:
        alpha, sigma = path.alpha(t), path.sigma(t)
        if alpha < _UNSEEN * sigma or sigma == 0.0:
            return denoise(x, t, label)
        spread = variance * sigma**2 / (alpha**2 * variance + sigma**2)
        with torch.enable_grad():
            at = x.detach().requires_grad_(True)
            found = denoise(at, t, label)
            seen = operator(render(found.x0))
            rest = operator.measured(measurement.y - seen.detach())
            gain = _gain(operator, render, found.x0, seen, rest)
            weighted = operator.solve(rest, gram=spread * gain, identity=measurement.noise**2)
            gradient, wanted = torch.autograd.grad((weighted * seen).sum(), (at, found.x0))
        shift = (sigma**2 / alpha * gradient).flatten(1).norm(dim=1)
        most = _MOST * spread * wanted.flatten(1).norm(dim=1)
        share = (most / shift.clamp_min(1e-30)).clamp(max=1.0)
        gradient = gradient * share.reshape(-1, *[1] * (x.ndim - 1))
        return Denoised(
            x0=found.x0.detach() + sigma**2 / alpha * gradient,
            eps=found.eps.detach() - sigma * gradient,
        )

    return guided


def _gain(
    operator: LinearOperator,
    render: Render,
    x0: torch.Tensor,
    seen: torch.Tensor,
    rest: torch.Tensor,
) -> float:
    """The picture's variance for x0's of 1: J J^T ~ gain I, J = d picture / d x0.

    The picture's scale is half the model's, so for pixels it is a quarter. A decoder's is measured
    where it counts, along the residual w: with M = A J J^T A^T the quotient |M w|^2 / (w^T M w) is
    put in relation to that of A A^T. A step that took another gain would overshoot.
    """
    if render is of_pixels:
        return 0.25
    (back,) = torch.autograd.grad((rest * seen).sum(), x0, retain_graph=True)
    adjoint = operator.adjoint(rest)
    length = float(back.norm())
    again = float(operator(adjoint).norm())
    if length == 0.0 or again == 0.0:
        return 0.25
    with torch.no_grad():
        small = _DIFFERENCE * x0.numel() ** 0.5 / length
        there = (operator(render(x0 + small * back)) - seen) / small
    return (float(there.norm()) / length * float(adjoint.norm()) / again) ** 2


def gluing(encode: Render, measurement: Measurement, weight: float) -> Penalty:
    """weight * |x0 - E(x*)|, x* = the decoded picture made to explain y: keeps x0 on the latents.

    The decoder is not one to one: many latents explain y, and most are none that the encoder
    gives. This pulls towards one that is (Rout et al. 2023, Algorithm 2, with the pseudo-inverse
    in place of A^T; the pull is on x0 alone, E(x*) is taken as it is). Under an operator that is
    not linear, x* is the decoded picture.

    encode: pixels in [-1, 1] -> latents.
    """
    operator = measurement.operator

    def penalty(x0: torch.Tensor, picture: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            target = picture.detach()
            if isinstance(operator, LinearOperator):
                # Directions that A A^T all but loses would bring in nothing but noise.
                rest = operator.solve(measurement.residual(target), identity=_SAFE)
                target = target + operator.adjoint(rest)
            wanted = encode(2 * target.clamp(0, 1) - 1)
        return weight * (x0 - wanted).flatten(1).norm(dim=1)

    return penalty


_SAFE = 1e-3
# Of sigma: below it, x_t shows next to nothing of x0.
_UNSEEN = 0.01
# Of r^2: the largest covariance that a network is believed.
_MOST = 2.0
# Root mean square of the change of x0 by which a decoder's derivative is measured.
_DIFFERENCE = 1e-2
