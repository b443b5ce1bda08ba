"""The adversarial part of the first stage's loss: a patch discriminator and its balance.

Isola et al. 2017 (PatchGAN): a small convolutional network judges every patch of its field of view
for itself. Hinge losses after Lim and Ye 2017; the balance after Esser et al. 2021 (VQGAN, equation
7), which Rombach et al. 2022 (section G) take over.
"""

import torch
from torch import nn
from torch.nn.functional import relu

SHARE = 0.5
"""The adversarial gradient's share of the reconstruction's at the last layer (LDM's code)."""
MOST = 1e4
TINY = 1e-4


class PatchDiscriminator(nn.Sequential):
    """Pixels [N, 3, H, W] in [-1, 1] -> one judgement a patch, [N, 1, h, w]; above 0 = real.

    width: channels of its first layer. levels: how often it halves the side; 3 judges patches of
    70 x 70 pixels, 2 of 34 x 34. Weights begin as N(0, 0.02), as the paper's.
    """

    def __init__(self, width: int = 64, levels: int = 3) -> None:
        layers: list[nn.Module] = [nn.Conv2d(3, width, 4, 2, 1), nn.LeakyReLU(0.2)]
        reads = width
        for level in range(1, levels + 1):
            gives = width * min(2**level, 8)
            stride = 2 if level < levels else 1
            layers += [nn.Conv2d(reads, gives, 4, stride, 1, bias=False)]
            layers += [nn.BatchNorm2d(gives), nn.LeakyReLU(0.2)]
            reads = gives
        super().__init__(*layers, nn.Conv2d(reads, 1, 4, 1, 1))
        for layer in self:
            if isinstance(layer, nn.Conv2d):
                nn.init.normal_(layer.weight, 0.0, 0.02)
            elif isinstance(layer, nn.BatchNorm2d):
                nn.init.normal_(layer.weight, 1.0, 0.02)


def opponent_loss(real: torch.Tensor, fake: torch.Tensor) -> torch.Tensor:
    """The discriminator's hinge loss: 0 where it puts real above 1 and fake below -1."""
    return 0.5 * (relu(1 - real).mean() + relu(1 + fake).mean())


def adversarial_loss(fake: torch.Tensor) -> torch.Tensor:
    """The first stage's side of it: the lower, the more real its pictures look."""
    return -fake.mean()


def balance(
    reconstruction: torch.Tensor, adversarial: torch.Tensor, last_layer: torch.Tensor
) -> torch.Tensor:
    """lambda = |grad rec| / (|grad adv| + 1e-4) at the decoder's last layer, at most 1e4, halved.

    With it the two pull at that layer with forces of a fixed ratio, whatever their scales are.
    """
    (pull,) = torch.autograd.grad(reconstruction, last_layer, retain_graph=True)
    (push,) = torch.autograd.grad(adversarial, last_layer, retain_graph=True)
    return SHARE * (pull.norm() / (push.norm() + TINY)).clamp(0.0, MOST).detach()
