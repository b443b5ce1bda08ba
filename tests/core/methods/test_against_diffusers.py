"""CycleDiffusion, LEDITS++ and RePaint beside diffusers' own, on the same tiny weights."""

import warnings
from dataclasses import replace
from typing import Any

import pytest
import torch
from diffusers import (
    CycleDiffusionPipeline,
    LEditsPPPipelineStableDiffusion,
    RePaintScheduler,
    UNet2DConditionModel,
)

from core.attention.control import controlled
from core.errors import RequestError
from core.inversion import edit_friendly
from core.inversion.code import follow
from core.methods.cycle_diffusion import cycle_diffusion
from core.methods.ledits_pp import Concepts, ledits_pp
from core.methods.masked_fill import masked_fill
from core.sampling.branches import Branch, Branches
from core.settings import ConceptEdit, CycleDiffusionSettings, LEditsPPSettings, MaskedFillSettings
from tests.core.edits import SOURCE, TARGET, half_mask, last, scheduler, task, tiny, with_unet
from tests.core.inversion.test_codes import made


def three_levels() -> Any:
    """A UNet with cross-attention at a quarter of the latents' size, going down and up."""
    torch.manual_seed(2)
    network: Any = UNet2DConditionModel
    return network(
        sample_size=16,
        block_out_channels=(8, 16, 16),
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        layers_per_block=1,
        attention_head_dim=2,
        cross_attention_dim=32,
        norm_num_groups=4,
    )


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    torch.set_num_threads(1)
    model = with_unet(tiny(tmp_path_factory.mktemp("model")), three_levels())
    # the pipelines end at the table's first entry, not at 1
    model.path = replace(model.path, final_alpha_bar=float(model.path.alpha_bars[0]))
    return model


def parts(model):
    return {
        "vae": model.vae,
        "text_encoder": model.text_encoder,
        "tokenizer": model.tokenizer,
        "unet": model.unet,
        "scheduler": scheduler(model, set_alpha_to_one=False),
        "safety_checker": None,
        "feature_extractor": None,
        "requires_safety_checker": False,
    }


@pytest.mark.parametrize("eta", [0.1, 1.0])
def test_cycle_diffusion_is_diffusers_pipeline(eta, model):
    one = task(
        model,
        CycleDiffusionSettings(eta=eta, inversion_strength=0.64, guided_steps=1.0),
        steps=10,
        guidance_scale=3.0,
        seed=5,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pipeline: Any = CycleDiffusionPipeline(**parts(model))
        pipeline.set_progress_bar_config(disable=True)
        theirs = pipeline(
            prompt=TARGET,
            source_prompt=SOURCE,
            image=one.clean,
            strength=0.8,
            num_inference_steps=10,
            guidance_scale=3.0,
            source_guidance_scale=1.0,
            eta=eta,
            generator=torch.Generator().manual_seed(5),
            output_type="latent",
        ).images
    ours = last(cycle_diffusion(one)).x
    torch.testing.assert_close(ours, theirs, rtol=1e-3, atol=2e-4)


@torch.no_grad()
def test_masked_fill_is_repaint_without_jumps(model, monkeypatch):
    """Lugmayr et al. 2022, Algorithm 1 with r = 1; diffusers takes one noise for both parts."""
    path = replace(model.path, offset=0, final_alpha_bar=1.0)
    repaint: Any = RePaintScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", eta=1.0
    )
    repaint.register_to_config(clip_sample=False)
    repaint.set_timesteps(10, jump_length=1, jump_n_sample=1)
    mask, plain = half_mask(), with_unet(model, model.unet)
    plain.path = path
    one = task(
        plain, MaskedFillSettings(strength=1.0, eta=1.0), steps=10, mask=mask, guidance_scale=1.0
    )
    generator = torch.Generator().manual_seed(8)
    start, known, *each = torch.randn(12, *one.clean.shape, generator=generator)
    ours = iter([start, known, *(part for part in each for _ in range(2))])
    for place in ("core.sampling.solvers", "core.methods.task"):
        monkeypatch.setattr(f"{place}.fresh_noise", lambda like, generator: next(ours))
    found = last(masked_fill(one)).x
    theirs = iter(each)
    monkeypatch.setattr(
        "diffusers.schedulers.scheduling_repaint.randn_tensor", lambda *a, **k: next(theirs)
    )
    top = one.timesteps[0]
    x = torch.lerp(path.alpha(top) * one.clean + path.sigma(top) * known, start, mask)
    assert repaint.timesteps.tolist() == one.timesteps[:-1]
    for t in repaint.timesteps:
        e = model.predict(x, float(t), one.target)
        x = repaint.step(e, int(t), x, one.clean, 1 - mask).prev_sample
    torch.testing.assert_close(found, x, rtol=1e-3, atol=2e-4)


def without_holding(one):
    """LEDITS++'s walk with the user's mask in its edits' masks alone, as the pipeline has it."""
    inversion = edit_friendly.encode(
        Branches(one.model, [Branch(one.source, one.empty, 3.5)]),
        one.model.path,
        one.clean,
        one.timesteps,
        generator=one.generator,
    )
    code, _ = made(inversion)
    concepts = Concepts(one, one.settings.edits, one.settings.masks, one.steps)
    with controlled(one.model.network, *concepts.watchers):
        for found in follow(concepts, one.model.path, code):
            concepts.store.step = found.step
            yield found


@pytest.mark.parametrize("mask", [None, half_mask()], ids=["whole", "half"])
@pytest.mark.parametrize("masks", ["both", "words", "noise"])
def test_ledits_pp_is_diffusers_pipeline(masks, mask, model, monkeypatch):
    edits = (
        ConceptEdit(prompt="a dog", scale=6.0, threshold=0.7),
        ConceptEdit(prompt="red apple", scale=4.0, threshold=0.8, remove=True, start=0.2),
    )
    settings = LEditsPPSettings(
        inversion_strength=1.0, source_guidance_scale=3.5, edits=edits, masks=masks
    )
    one = task(model, settings, steps=10, seed=6, mask=mask)
    given = parts(model)
    # its count of an edit's tokens takes in the padding; the paper's are those of the words
    counted = {edit.prompt: len(model.tokenizer(edit.prompt)["input_ids"]) for edit in edits}

    class Tokenizer:
        def __getattr__(self, name):
            return getattr(model.tokenizer, name)

        def __call__(self, texts, **options):
            encoded = model.tokenizer(texts, **options)
            if options.get("return_length"):
                encoded["length"] = torch.tensor([counted.get(text, 2) for text in texts])
            return encoded

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pipeline: Any = LEditsPPPipelineStableDiffusion(**given)
        pipeline.set_progress_bar_config(disable=True)
        monkeypatch.setattr(pipeline, "encode_image", lambda *a, **k: (one.clean, None))
        pipeline.tokenizer = Tokenizer()
        # it hands the scheduler labels as floats, which torch no longer takes for indices
        add = pipeline.scheduler.add_noise
        monkeypatch.setattr(pipeline.scheduler, "add_noise", lambda x, n, t: add(x, n, t.long()))
        before = dict(model.unet.attn_processors)
        encode = pipeline.encode_prompt
        try:
            # its inversion takes the two embeddings in the other order than they are given
            pipeline.encode_prompt = lambda **given: [encode(**given)[i] for i in (1, 0, 2)]
            pipeline.invert(
                image=None,
                source_prompt=SOURCE,
                source_guidance_scale=3.5,
                num_inversion_steps=10,
                skip=0.0,
                generator=torch.Generator().manual_seed(6),
            )
            pipeline.encode_prompt = encode
            theirs = pipeline(
                editing_prompt=[edit.prompt for edit in edits],
                reverse_editing_direction=[edit.remove for edit in edits],
                edit_guidance_scale=[edit.scale for edit in edits],
                edit_threshold=[edit.threshold for edit in edits],
                edit_warmup_steps=[0, 2],
                use_cross_attn_mask=masks != "noise",
                use_intersect_mask=masks == "both",
                user_mask=mask,
                output_type="latent",
            ).images
        finally:
            model.unet.set_attn_processor(before)
    ours = last(ledits_pp(one) if mask is None else without_holding(one)).x
    torch.testing.assert_close(ours, theirs, rtol=1e-3, atol=1e-3)


def test_an_edit_of_ledits_pp_must_say_something(model):
    settings = LEditsPPSettings(edits=(ConceptEdit(prompt=" "),))
    with pytest.raises(RequestError, match="an edit has no words"):
        list(ledits_pp(task(model, settings)))
