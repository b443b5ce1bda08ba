"""A linear latent-to-RGB map: each latent pixel becomes one colour, in microseconds."""

from collections.abc import Callable

import torch

PROBES = 24


@torch.no_grad()
def fit_preview(
    decode: Callable[[torch.Tensor], torch.Tensor],
    channels: int,
    factor: int,
    device: torch.device,
) -> Callable[[torch.Tensor], torch.Tensor]:
    """Fit RGB = W z + b by least squares to what `decode` makes of smooth random latents.

    decode: [N, C, h, w] -> pixels [N, 3, H, W] about [-1, 1], H = factor * h. Returns a function
    from latents [N, C, h, w] to uint8 [N, h, w, 3].
    """
    generator = torch.Generator().manual_seed(0)
    probes = torch.randn(PROBES, channels, 1, 1, generator=generator).expand(-1, -1, 4, 4)
    pixels = torch.cat([decode(part.to(device)) for part in probes.split(8)]).cpu()
    inner = pixels[:, :, factor:-factor, factor:-factor].mean(dim=(2, 3))
    inputs = torch.cat([probes[:, :, 0, 0], torch.ones(PROBES, 1)], dim=1)
    solution = torch.linalg.lstsq(inputs.double(), inner.double()).solution.float()
    weight, bias = solution[:-1], solution[-1]

    def preview(latents: torch.Tensor) -> torch.Tensor:
        colours = latents.detach().float().cpu().permute(0, 2, 3, 1) @ weight + bias
        return ((colours.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)

    return preview
