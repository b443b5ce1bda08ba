"""Both kinds of first stage: their losses in closed form, their training, and a model with each."""

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import VQModel
from torch import nn
from transformers import CLIPVisionConfig
from transformers.models.clip.modeling_clip import CLIPVisionModel

from core.errors import TrainingError
from core.models import first_stage
from core.training import autoencoder, rebuilding
from core.training.adversarial import (
    MOST,
    SHARE,
    PatchDiscriminator,
    adversarial_loss,
    balance,
    opponent_loss,
)
from core.training.autoencoder import Design, Preset
from core.training.choices import Kind
from core.training.codebook import EVERY, CodebookCare, perplexity
from core.training.datasets.bank import Bank, build_bank
from core.training.loop import Run, RunOptions, Schedule
from core.training.perceptual import cropped, load_tower, perceptual_distance
from core.training.rebuilding import rebuild
from tests.core.training.test_datasets import drawn_library

TINY = Preset(
    (8, 8, 16),
    4,
    4,
    32,
    2,
    Schedule(2e-3, warmup=5, ema_decay=0.9),
    entries=16,
    judge=(8, 2),
    judge_from=0.0,
)
NOISE = torch.Generator()


def pixels(count: int = 2, side: int = 32) -> torch.Tensor:
    return torch.rand(count, 3, side, side, generator=torch.Generator().manual_seed(0)) * 2 - 1


@pytest.fixture(scope="module")
def tower() -> Any:
    torch.manual_seed(0)
    config = CLIPVisionConfig(
        hidden_size=32,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        image_size=32,
        patch_size=8,
    )
    return CLIPVisionModel(config).requires_grad_(False).eval()


class TestPerceptualDistance:
    def test_it_is_a_distance(self, tower: Any) -> None:
        one, other = pixels(4).chunk(2)
        assert perceptual_distance(tower, one, one).abs().max() < 1e-9
        there, back = (perceptual_distance(tower, *p) for p in ((one, other), (other, one)))
        torch.testing.assert_close(there, back)
        assert there.shape == (2,)
        assert 0 < there.min() <= there.max() <= 4

    def test_it_pulls_towards_the_picture(self, tower: Any) -> None:
        wanted = pixels(1)
        shown = (0.5 * wanted).requires_grad_(True)
        before = perceptual_distance(tower, shown, wanted).sum()
        (gradient,) = torch.autograd.grad(before, shown)
        step = 0.2 * gradient / gradient.norm()
        assert perceptual_distance(tower, shown - step, wanted) < before

    def test_a_crop_lacks_a_patch_and_pictures_may_be_of_another_size(self, tower: Any) -> None:
        part = cropped(tower, pixels(1, 48), 3, 7)
        assert torch.equal(part, pixels(1, 48)[..., 3:43, 7:47])
        assert perceptual_distance(tower, part, -part) > 0

    def test_a_missing_tower_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(TrainingError, match="has no clip folder; run `sfumato train clip`"):
            load_tower(tmp_path)


class TestAdversarialLoss:
    def test_the_hinge_is_least_for_a_sure_judge(self) -> None:
        sure, unsure = torch.full((2, 1, 3, 3), 1.5), torch.zeros(2, 1, 3, 3)
        assert opponent_loss(sure, -sure) == 0
        assert opponent_loss(unsure, unsure) == 1
        assert opponent_loss(-sure, sure) == 2.5
        assert adversarial_loss(sure) == -1.5

    def test_the_balance_is_the_ratio_of_the_pulls(self) -> None:
        """Of losses a . w and b . w the gradients are a and b."""
        weight = torch.zeros(5, requires_grad=True)
        a, b = torch.randn(5), torch.randn(5)
        found = balance((a * weight).sum(), (b * weight).sum(), weight)
        assert found == pytest.approx(float(SHARE * a.norm() / (b.norm() + 1e-4)), rel=1e-6)
        assert not found.requires_grad
        assert balance((1e9 * a * weight).sum(), (b * weight).sum(), weight) == SHARE * MOST
        nothing = balance((a * weight).sum(), (0 * b * weight).sum(), weight)
        assert nothing == pytest.approx(float(SHARE * min(a.norm() / 1e-4, MOST)), rel=1e-6)

    @pytest.mark.parametrize(("levels", "reach"), [(2, 34), (3, 70)])
    def test_a_judgement_is_of_a_patch(self, levels: int, reach: int) -> None:
        """Where a picture changes by one pixel, only judgements whose patch holds it change."""
        judge = PatchDiscriminator(4, levels).eval()
        one = torch.zeros(1, 3, 160, 160, requires_grad=True)
        middle = judge(one).shape[-1] // 2
        (gradient,) = torch.autograd.grad(judge(one)[0, 0, middle, middle], one)
        rows = torch.nonzero(gradient.abs().sum(dim=(0, 1, 3)))
        assert rows.max() - rows.min() + 1 == reach


class TestCodebook:
    def quantiser(self) -> Any:
        return VQModel(norm_num_groups=4, block_out_channels=(8,), num_vq_embeddings=6).quantize

    def test_entries_begin_on_latents_and_dead_ones_come_back_to_them(self) -> None:
        quantiser, rng = self.quantiser(), np.random.default_rng(0)
        care = CodebookCare(quantiser)
        latents = torch.randn(2, 3, 4, 4)
        vectors = latents.movedim(1, -1).reshape(-1, 3)
        care.begin(latents, rng)
        entries = quantiser.embedding.weight
        assert torch.cdist(entries, vectors).min(dim=1).values.max() == 0
        entries.data[4:] = 100.0
        kept = entries.data[:4].clone()
        for step in range(EVERY):
            codes = quantiser(latents)[2][2]
            share = care.look(codes, latents, rng, revive=True)
            assert (entries.data[4:] == 100.0).all() or step == EVERY - 1
        assert share == pytest.approx(4 / 6)
        assert torch.cdist(entries, vectors).min(dim=1).values.max() == 0
        assert torch.equal(entries.data[:4], kept)

    def test_a_settled_one_is_left_alone(self) -> None:
        quantiser, rng = self.quantiser(), np.random.default_rng(0)
        care, before = CodebookCare(quantiser), quantiser.embedding.weight.clone()
        latents = torch.randn(2, 3, 4, 4)
        for _ in range(EVERY):
            care.look(quantiser(latents)[2][2], latents, rng, revive=False)
        assert torch.equal(quantiser.embedding.weight, before)
        assert not list(care.parameters())

    def test_perplexity_counts_entries_that_are_used_alike(self) -> None:
        assert perplexity(torch.arange(8).repeat(3), 16) == pytest.approx(8)
        assert perplexity(torch.zeros(5, dtype=torch.long), 16) == pytest.approx(1)


class TestDesigns:
    @pytest.mark.parametrize("kind", Kind)
    @pytest.mark.parametrize("factor", [2, 4, 16])
    def test_a_factor_is_kept_to(self, kind: Kind, factor: int) -> None:
        model = autoencoder.build(TINY, Design(kind, factor, channels=3))
        assert first_stage.factor(model) == factor
        assert first_stage.encode(model, pixels()).shape == (2, 3, 32 // factor, 32 // factor)
        assert rebuild(model, pixels(), NOISE).pixels.shape == (2, 3, 32, 32)

    def test_a_factor_that_is_no_power_of_2_is_refused(self) -> None:
        with pytest.raises(TrainingError, match="factor is 6; choose 2, 4, 8, 16 or 32"):
            Design(factor=6)

    def test_the_codebooks_loss_is_the_papers(self) -> None:
        """van den Oord et al. 2017, equation 3: |sg(z) - e|^2 + .25 |z - sg(e)|^2."""
        model = autoencoder.build(TINY, Design(Kind.VQ, 4))
        model.quantize.legacy = False
        found = rebuild(model, pixels(), NOISE)
        assert found.latents is not None
        z = found.latents.movedim(1, -1).reshape(-1, 4)
        e = model.quantize.embedding.weight
        apart = (z - e[found.codes]).square().mean()
        torch.testing.assert_close(found.regulariser, 1.25 * apart)
        weights = model.encoder.conv_out.bias
        for wanted, share in ((e, 1.0), (weights, 0.25)):
            parts = (found.regulariser, apart)
            ours, theirs = (torch.autograd.grad(p, wanted, retain_graph=True)[0] for p in parts)
            torch.testing.assert_close(ours, share * theirs, rtol=1e-3, atol=1e-6)


@pytest.fixture(scope="module")
def banks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Bank, Bank]:
    root, library = tmp_path_factory.mktemp("banks"), drawn_library()
    quiet = {"report": lambda done, of: None}
    seen = build_bank(root / "train", 24, 32, 7, library, "train", **quiet)
    return seen, build_bank(root / "held-out", 8, 32, 7, library, "held_out", **quiet)


@pytest.fixture(scope="module")
def clip_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from core.training import clip

    folder = tmp_path_factory.mktemp("towers")
    small = clip.Preset(64, 1, 64, 1, 16, 32, 640, 32, 96, Schedule(1e-3))
    clip.build(small, 100, 32).save_pretrained(folder / "clip")
    return folder


def train(
    out: Path, banks: tuple[Bank, Bank], clip_folder: Path, steps: int, **options: Any
) -> dict[str, float]:
    begun = RunOptions(1e6, options.pop("resume", False), max_steps=steps)
    preset = options.pop("preset", TINY)
    return autoencoder.train(out, *banks, clip_folder, preset, begun, **options)


def state(out: Path) -> dict[str, Any]:
    return torch.load(out / "state.pt", weights_only=True)


@pytest.mark.parametrize("kind", Kind)
def test_a_first_stage_learns_against_its_judge_and_resumes(
    tmp_path: Path, banks: tuple[Bank, Bank], clip_folder: Path, kind: Kind
) -> None:
    """Its judge has a say from the first step on; a run in two parts is the run in one."""
    design = Design(kind, 4)
    early = train(tmp_path / "parts", banks, clip_folder, 2, design=design)
    late = train(tmp_path / "whole", banks, clip_folder, 50, design=design)
    assert late["psnr"] > early["psnr"] + 1
    train(tmp_path / "parts", banks, clip_folder, 4, resume=True)
    train(tmp_path / "four", banks, clip_folder, 4, design=design)
    one, other = state(tmp_path / "four"), state(tmp_path / "parts")
    assert one["opponent_steps"] == other["opponent_steps"] == 4
    for part in ("module", "opponent"):
        for name, value in one[part].items():
            torch.testing.assert_close(other[part][name], value, rtol=1e-3, atol=1e-5)
    heading = (tmp_path / "whole" / "log.csv").read_text().splitlines()[0].split(",")
    assert {"l1", "looks", "psnr", "opponent"} < set(heading)
    assert ("used" in heading) is (kind is Kind.VQ)
    figures = json.loads((tmp_path / "whole" / "figures.json").read_text())
    assert ("codes_used" in figures) is (kind is Kind.VQ)
    model = first_stage.load_first_stage(tmp_path / "whole" / "vae")
    assert first_stage.has_codebook(model) is (kind is Kind.VQ)
    assert math.isfinite(model.config.scaling_factor)
    assert rebuilding.evaluate(model, banks[1])["psnr"] == pytest.approx(late["psnr"], abs=0.02)


def test_the_judge_waits(tmp_path: Path, banks: tuple[Bank, Bank], clip_folder: Path) -> None:
    train(tmp_path, banks, clip_folder, 2, preset=replace(TINY, judge_from=0.5))
    assert state(tmp_path)["opponent_steps"] == 0


def test_a_judge_from_1_never_speaks(
    tmp_path: Path,
    banks: tuple[Bank, Bank],
    clip_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not in a step that ends when the time is over, nor where one had spoken before."""
    monkeypatch.setattr(Run, "done", 1.0)
    never = replace(TINY, judge_from=1.0)
    train(tmp_path, banks, clip_folder, 1, preset=never)
    assert state(tmp_path)["opponent_steps"] == 0
    train(tmp_path, banks, clip_folder, 2, resume=True)
    train(tmp_path, banks, clip_folder, 3, preset=never, resume=True)
    assert state(tmp_path)["opponent_steps"] == 1


def test_a_run_goes_on_from_another_first_stage(
    tmp_path: Path, banks: tuple[Bank, Bank], clip_folder: Path
) -> None:
    """One step from there is near it; its size is its own and not the preset's."""
    other = autoencoder.build(replace(TINY, widths=(16, 16)), Design(factor=2, channels=3))
    other.register_to_config(scaling_factor=0.2)
    other.save_pretrained(tmp_path / "model" / "vae")
    (tmp_path / "model" / "unet").mkdir()
    train(tmp_path / "more", banks, clip_folder, 1, start_from=tmp_path / "model")
    more = first_stage.load_first_stage(tmp_path / "more" / "vae")
    assert first_stage.factor(more) == 2
    assert more.config.scaling_factor != 0.2
    pairs = zip(more.parameters(), other.parameters(), strict=True)
    assert 0 < max(float((a - b).detach().abs().max()) for a, b in pairs) < 0.01
    with pytest.raises(TrainingError, match="holds no first stage"):
        train(tmp_path / "none", banks, clip_folder, 1, start_from=tmp_path)


def test_a_decoder_alone_learns_and_the_latents_stay(
    tmp_path: Path, banks: tuple[Bank, Bank], clip_folder: Path
) -> None:
    other = autoencoder.build(TINY)
    other.register_to_config(scaling_factor=0.2)
    other.save_pretrained(tmp_path / "vae")
    only: dict[str, Any] = {"start_from": tmp_path / "vae", "decoder_only": True}
    train(tmp_path / "more", banks, clip_folder, 1, **only)
    train(tmp_path / "more", banks, clip_folder, 2, resume=True, **only)
    more = first_stage.load_first_stage(tmp_path / "more" / "vae")
    assert more.config.scaling_factor == 0.2
    before, after = other.state_dict(), more.state_dict()
    moved = {name for name in before if not torch.equal(before[name], after[name])}
    assert moved
    assert all(name.startswith(("decoder.", "post_quant_conv.")) for name in moved)
    with pytest.raises(TrainingError, match="nothing to decode"):
        train(tmp_path / "none", banks, clip_folder, 1, decoder_only=True)


def test_the_weights_of_a_discriminator_begin_small() -> None:
    first = next(layer for layer in PatchDiscriminator(64, 3) if isinstance(layer, nn.Conv2d))
    assert float(first.weight.std()) == pytest.approx(0.02, rel=0.1)
