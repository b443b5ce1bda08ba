"""The fill methods: equal to well-kept references on the same small weights, or to their paper."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import StableDiffusionInpaintPipeline, UNet2DConditionModel
from diffusers.schedulers.scheduling_repaint import RePaintScheduler

from core.edit import Edit
from core.errors import RequestError
from core.events import Finished
from core.inversion.cache import InversionCache
from core.methods import why_not
from core.methods.differential import differential
from core.methods.inpainting import inpainting
from core.methods.masked_fill import masked_fill
from core.methods.remove import remove
from core.methods.repaint import repaint
from core.models.abilities import abilities_of
from core.models.stable_diffusion import StableDiffusion
from core.request import EditRequest
from core.run import run_edit
from core.sampling.path import VariancePreserving, noised
from core.sampling.step import ancestral_scale, step
from core.settings import (
    DifferentialSettings,
    InpaintingSettings,
    MaskedFillSettings,
    RemoveSettings,
    RePaintSettings,
)
from core.settings.fill import positions
from tests.core.edits import half_mask, last, scheduler, task, tiny, with_unet


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> StableDiffusion:
    return tiny(tmp_path_factory.mktemp("fill"))


def inpainting_unet() -> Any:
    torch.manual_seed(2)
    network: Any = UNet2DConditionModel
    return network(
        sample_size=16,
        in_channels=9,
        out_channels=4,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        block_out_channels=(32, 64),
        layers_per_block=1,
        attention_head_dim=1,
        cross_attention_dim=32,
        norm_num_groups=8,
    )


class TestRePaint:
    @torch.no_grad()
    def test_is_diffusers_scheduler_with_jumps(
        self, model: StableDiffusion, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Its one noise a step serves both parts; ours draws for each, so it is given twice."""
        theirs: Any = RePaintScheduler(
            num_train_timesteps=12, beta_start=0.01, beta_end=0.3, eta=1.0
        )
        theirs.register_to_config(clip_sample=False)
        theirs.set_timesteps(12, jump_length=3, jump_n_sample=3)
        plain = with_unet(model, model.unet)
        plain.path = VariancePreserving(theirs.alphas_cumprod.double())
        settings = RePaintSettings(jump_length=3, resamplings=3)
        one = task(plain, settings, steps=12, mask=half_mask(), guidance_scale=1.0)
        places = positions(12, 3, 3)
        shape = one.clean.shape
        start, known = torch.randn(2, *shape, generator=torch.Generator().manual_seed(3))
        generator = torch.Generator().manual_seed(4)
        each = [torch.randn(shape, generator=generator) for _ in places[1:]]
        ours = [start, known]
        for (here, there), noise in zip(pairwise(places), each, strict=True):
            ours += [noise, noise] if 0 < there < here else [noise]
        draws, their_draws = iter(ours), iter(each)
        monkeypatch.setattr("core.methods.task.fresh_noise", lambda *_: next(draws))
        name = "diffusers.schedulers.scheduling_repaint.randn_tensor"
        monkeypatch.setattr(name, lambda *a, **k: next(their_draws))
        found = list(repaint(one))

        path, top = plain.path, one.timesteps[0]
        begin = path.alpha(top) * one.clean + path.sigma(top) * known
        x, before = torch.lerp(begin, start, half_mask()), 13
        for t in theirs.timesteps.tolist():
            if t < before:
                e = plain.predict(x, float(t), one.target)
                x = theirs.step(e, t, x, one.clean, 1 - half_mask()).prev_sample
            else:
                x = theirs.undo_step(x, before)
            before = t
        torch.testing.assert_close(found[-1].x, x, rtol=1e-3, atol=2e-4)
        assert len(found) == settings.network_steps(12)
        assert next(draws, None) is None

    def test_jumps_are_the_papers(self) -> None:
        """Every multiple of j below T - j is come to r times; each jump is walked down again."""
        assert positions(4, 10, 10) == [4, 3, 2, 1, 0]
        assert positions(3, 1, 2) == [3, 2, 1, 2, 1, 0, 1, 0]
        places = positions(30, 10, 10)
        assert places.count(0) == 10
        assert all(abs(a - b) == 1 for a, b in pairwise(places))
        assert RePaintSettings().network_steps(30) == 30 + 2 * 9 * 10
        assert RePaintSettings(strength=0.0).network_steps(30) == 0

    def test_without_resampling_it_is_the_masked_fill(self, model: StableDiffusion) -> None:
        wanted = {"steps": 4, "mask": half_mask()}
        first = last(repaint(task(model, RePaintSettings(resamplings=1), **wanted)))
        second = last(masked_fill(task(model, MaskedFillSettings(eta=1.0), **wanted)))
        assert torch.equal(first.x, second.x)


class TestDifferential:
    @torch.no_grad()
    def test_each_pixel_is_let_go_at_its_own_step(self, model: StableDiffusion) -> None:
        """The paper's loop, written out: before step i, what has 1 - m > i / N is the picture's."""
        soft = torch.linspace(0, 1, 16).expand(1, 1, 16, 16).clone()
        settings = DifferentialSettings(eta=0.0)
        one = task(model, settings, steps=5, mask=soft, guidance_scale=1.0)
        found = last(differential(one)).x
        path, generator = model.path, torch.Generator().manual_seed(0)
        labels = path.timesteps(5)

        def draw() -> torch.Tensor:
            return torch.randn(one.clean.shape, generator=generator)

        noise = draw()
        x = torch.lerp(noised(path, one.clean, draw(), labels[0]), noise, soft)
        for i, (t, s) in enumerate(pairwise(labels), start=1):
            e = model.predict(x, t, one.target)
            x = step(path, (x - path.sigma(t) * e) / path.alpha(t), e, s)
            known = noised(path, one.clean, draw(), s)
            x = torch.where((1 - soft > i / 5) | (soft == 0), known, x)
        torch.testing.assert_close(found, x)
        assert torch.equal(found[..., 0], one.clean[..., 0])

    def test_a_hard_mask_is_an_ordinary_fill(self, model: StableDiffusion) -> None:
        wanted = {"steps": 4, "mask": half_mask()}
        first = last(differential(task(model, DifferentialSettings(), **wanted)))
        second = last(masked_fill(task(model, MaskedFillSettings(), **wanted)))
        assert torch.equal(first.x, second.x)


class TestInpaintingModels:
    @torch.no_grad()
    @pytest.mark.parametrize("strength", [1.0, 0.6])
    def test_equals_diffusers_pipeline(
        self, model: StableDiffusion, strength: float, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        nine = with_unet(model, inpainting_unet())
        assert nine.abilities.inpaints
        pixels: Any = np.random.default_rng(0).integers(0, 256, (128, 128, 3), np.uint8)
        mask = np.zeros((128, 128), np.float32)
        mask[32:96, 16:80] = 1
        settings = InpaintingSettings(strength=strength)
        request = EditRequest(
            settings, pixels, mask, target_prompt="a cat", steps=5, guidance_scale=3.0, seed=1
        )
        one = Edit([request], nine, InversionCache()).task()
        ours = last(inpainting(one)).x

        their_steps = scheduler(model, set_alpha_to_one=True)
        parts: dict[str, Any] = {"vae": model.vae, "tokenizer": model.tokenizer}
        pipeline: Any = StableDiffusionInpaintPipeline(
            **parts,
            text_encoder=model.text_encoder,
            unet=nine.unet,
            scheduler=their_steps,
            safety_checker=None,  # type: ignore[arg-type]
            feature_extractor=None,  # type: ignore[arg-type]
            requires_safety_checker=False,
        )
        pipeline.set_progress_bar_config(disable=True)
        noise = torch.randn(one.clean.shape, generator=torch.Generator().manual_seed(1))
        if strength < 1:
            latents = their_steps.add_noise(
                one.clean, noise, torch.tensor([int(one.timesteps[round(5 * (1 - strength))])])
            )
        else:
            latents = noise
        monkeypatch.setattr(type(pipeline), "prepare_latents", lambda *a, **k: (latents, noise))
        monkeypatch.setattr(
            "diffusers.pipelines.stable_diffusion.pipeline_stable_diffusion_inpaint."
            "retrieve_latents",
            lambda encoded, generator=None, sample_mode="": encoded.latent_dist.mode(),
        )
        theirs = pipeline(
            prompt_embeds=one.target.hidden,
            negative_prompt_embeds=one.empty.hidden,
            image=torch.from_numpy(pixels).permute(2, 0, 1)[None].float() / 127.5 - 1,
            mask_image=torch.from_numpy(mask)[None, None],
            height=128,
            width=128,
            num_inference_steps=5,
            strength=strength,
            guidance_scale=3.0,
            output_type="latent",
        ).images
        torch.testing.assert_close(ours, theirs, rtol=1e-3, atol=1e-4)

    def test_every_fill_method_shows_it_the_mask(self, model: StableDiffusion) -> None:
        nine = with_unet(model, inpainting_unet())
        pixels: Any = np.random.default_rng(0).integers(0, 256, (96, 128, 3), np.uint8)
        mask = np.zeros((96, 128), np.float32)
        mask[32:64, 40:80] = 1
        for settings in (MaskedFillSettings(), RemoveSettings(), InpaintingSettings()):
            request = EditRequest(settings, pixels, mask, target_prompt="a cat", steps=2)
            done = list(run_edit(request.with_(variations=2), nine))[-1]
            assert isinstance(done, Finished)
            assert done.changed_outside == 0

    def test_an_ordinary_model_is_refused_with_a_remedy(self, model: StableDiffusion) -> None:
        assert "inpainting" in (why_not(InpaintingSettings, model) or "")
        assert not abilities_of({"in_channels": 4, "out_channels": 4}, "epsilon").inpaints
        pixels, mask = np.zeros((8, 8, 3), np.uint8), np.ones((8, 8), np.float32)
        with pytest.raises(RequestError, match="masked-fill"):
            list(run_edit(EditRequest(InpaintingSettings(), pixels, mask), model))


class TestRemove:
    def test_nothing_of_what_was_there_is_left(self, model: StableDiffusion) -> None:
        rng = np.random.default_rng(0)
        one: Any = rng.integers(0, 256, (64, 64, 3), np.uint8)
        other, mask = one.copy(), np.zeros((64, 64), np.float32)
        mask[20:44, 16:40] = 1
        other[mask == 1] = rng.integers(0, 256, 3)
        results = []
        for pixels, words in ((one, ""), (other, "a cat")):
            request = EditRequest(
                RemoveSettings(blend=0), pixels, mask, target_prompt=words, steps=3
            )
            results.append(list(run_edit(request, model))[-1].picture)  # type: ignore[union-attr]
        assert np.array_equal(results[0], results[1])

    def test_costs_one_row_a_step(self, model: StableDiffusion) -> None:
        one = task(model, RemoveSettings(), steps=5, mask=half_mask(), guidance_scale=5.0)
        before = model.network_evaluations
        assert len(list(remove(one))) == 4
        assert model.network_evaluations - before == 4


def test_known_parts_stand_at_the_next_level_exactly(model: StableDiffusion) -> None:
    """Blended latents: after a step to s, the outside is the picture at s, not at t."""
    one = task(model, MaskedFillSettings(eta=1.0), steps=4, mask=half_mask(), seed=3)
    again = replace(one, generator=torch.Generator().manual_seed(3))
    again.noise(), again.noise()
    for state in masked_fill(one):
        if ancestral_scale(model.path, state.t, state.s) > 0:
            again.noise()
        known = noised(model.path, one.clean, again.noise(), state.s)
        assert torch.equal(state.x[..., 8:], known[..., 8:])
