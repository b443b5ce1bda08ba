"""How far apart two sets of features lie, each taken for a Gaussian."""

import torch


def gaussian_distance(first: torch.Tensor, second: torch.Tensor) -> float:
    """Squared Frechet distance of the Gaussians with the means and covariances of two samples.

    |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)), Heusel et al. 2017, equation 6. first [N, D],
    second [M, D], N and M at least 2; 0 for equal sets. With other features than Inception's it is
    no FID, and few samples make it larger: compare only at the same N and M.
    """
    if min(len(first), len(second)) < 2:
        raise ValueError("a covariance needs at least two samples")
    one, other = first.double(), second.double()
    mean = (one.mean(0) - other.mean(0)).square().sum()
    here, there = (torch.atleast_2d(torch.cov(part.T)) for part in (one, other))
    root = _root(here)
    # The product's root has the trace of this symmetric one's.
    spread = here.trace() + there.trace() - 2 * _root(root @ there @ root).trace()
    return max(0.0, float(mean + spread))


def _root(matrix: torch.Tensor) -> torch.Tensor:
    """The symmetric root of a symmetric matrix without negative eigenvalues."""
    values, vectors = torch.linalg.eigh((matrix + matrix.T) / 2)
    return vectors @ torch.diag(values.clamp(min=0).sqrt()) @ vectors.T
