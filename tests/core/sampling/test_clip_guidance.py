"""Guidance by a CLIP of noised pictures: it is told the noise, and leads towards the caption."""

import pytest
import torch

from core.sampling.clip_guidance import CHANNELS, clip_agreement, is_noise_aware, tower_input
from core.sampling.denoiser import Denoised
from core.sampling.guidance import classifier
from core.sampling.path import VariancePreserving, linear_alpha_bars
from core.training import clip as trainer
from core.training.loop import Schedule

PATH = VariancePreserving(linear_alpha_bars())
SMALL = trainer.Preset(64, 1, 64, 1, 16, 32, 640, 32, 8, Schedule(1e-3))


@pytest.fixture(scope="module")
def clip():
    torch.manual_seed(0)
    return trainer.build(SMALL, 50, 128, noised=True).requires_grad_(False).eval()


def test_the_towers_input_is_the_picture_and_its_place_on_the_path(clip) -> None:
    assert is_noise_aware(clip)
    assert not is_noise_aware(trainer.build(SMALL, 50, 128))
    x = torch.randn(2, 3, 8, 8)
    read = tower_input(x, torch.tensor([0.6, 1.0]), torch.tensor([0.8, 0.0]))
    assert read.shape == (2, CHANNELS, 8, 8)
    assert torch.equal(read[:, :3], x)
    assert torch.equal(read[:, 3, 0, 0], torch.tensor([0.6, 1.0]))
    assert read[:, 3:].std(dim=(2, 3)).max() == 0


def test_pictures_are_noised_to_their_labels(clip) -> None:
    """Smaller first, so that the noise is the path's own at that size."""
    pixels = torch.full((64, 3, 128, 128), 0.5)
    labels = torch.arange(64) * 15
    read = trainer.seen(clip, pixels, labels, torch.Generator().manual_seed(0))
    assert read.shape == (64, 5, 64, 64)
    alpha, sigma = read[:, 3, 0, 0], read[:, 4, 0, 0]
    torch.testing.assert_close(
        alpha.double(), torch.tensor([PATH.alpha(t) for t in labels]).double()
    )
    rest = read[:, :3] - 0.5 * alpha.view(-1, 1, 1, 1)
    torch.testing.assert_close(rest.std(dim=(1, 2, 3)), sigma, rtol=0.05, atol=1e-3)
    clean = trainer.seen(clip, pixels[:1])
    assert torch.equal(clean[0, :, 0, 0], torch.tensor([0.5, 0.5, 0.5, 1.0, 0.0]))


def test_agreement_is_a_scaled_cosine_and_guidance_raises_it(clip) -> None:
    torch.manual_seed(1)
    caption, x, t = torch.randn(32), torch.randn(2, 3, 64, 64), 300.0
    agree = clip_agreement(clip, caption, PATH)
    rows = torch.ones(2)
    found = trainer.project_pictures(
        clip, tower_input(x, PATH.alpha(t) * rows, PATH.sigma(t) * rows)
    )
    cosine = torch.cosine_similarity(found, caption.expand(2, -1))
    torch.testing.assert_close(agree(x, t), clip.logit_scale.exp() * cosine)
    torch.testing.assert_close(agree(x, t), clip_agreement(clip, 3 * caption, PATH)(x, t))

    def plain(x: torch.Tensor, t: float, label: float | None = None) -> Denoised:
        return Denoised(x0=(x - PATH.sigma(t) * x) / PATH.alpha(t), eps=x)

    guided = classifier(plain, PATH, agree, 0.01)(x, t)
    eps_shift, x0_shift = guided.eps - plain(x, t).eps, guided.x0 - plain(x, t).x0
    assert (agree(x - eps_shift, t) > agree(x, t)).all()
    torch.testing.assert_close(PATH.alpha(t) * x0_shift, -PATH.sigma(t) * eps_shift)
    # a picture of another size is seen in more patches
    assert clip_agreement(clip, caption, PATH)(torch.randn(1, 3, 32, 32), t).shape == (1,)
