"""Members that read more than latents: what they are shown, how they begin, and that they work.

Trained for a few steps on drawn shapes with networks of few weights; a UNet for text is widened.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file
from torch.nn import functional
from typer.testing import CliRunner

from core.cli import app
from core.errors import RequestError, TrainingError
from core.events import Finished
from core.methods import why_not
from core.models import checks, first_stage
from core.models.abilities import read_abilities
from core.models.beside import masked, small_picture
from core.models.latent_model import Conditioning as Told
from core.models.stable_diffusion import StableDiffusion, load
from core.request import EditRequest
from core.restoration.degradations import Downsampling, GaussianBlur
from core.run import run_edit
from core.sampling.path import linear_alpha_bars
from core.settings import (
    DDIMSwapSettings,
    EnlargeSettings,
    GenerationSettings,
    InpaintingSettings,
    MaskedFillSettings,
    UpscaleSettings,
)
from core.training import latent_diffusion, sample_sheet
from core.training.assemble import assemble
from core.training.beginning import load_weights
from core.training.beside import Segmentation, classes
from core.training.choices import Conditioning, Prediction, Weighting
from core.training.datasets.bank import build_bank
from core.training.datasets.objects import ObjectLibrary
from core.training.denoising import ask
from core.training.latent_diffusion import Aim
from tests.core.training.studio import PRESET, SIDE, Studio

CPU = torch.device("cpu")
OTHERS = (Conditioning.INPAINT, Conditioning.UPSCALE, Conditioning.SEGMENTATION)


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sample_sheet, "SHEET", 4)
        patch.setattr(sample_sheet, "STEPS", 2)
        yield Studio(tmp_path_factory.mktemp("studio"))


@pytest.fixture(scope="module")
def text_run(studio: Studio) -> Path:
    return studio.train("text", Aim(), 2)


@pytest.fixture(scope="module")
def members(studio: Studio, text_run: Path) -> dict[Conditioning, Path]:
    """Each kind of member, begun with the text run's weights and assembled."""
    models = {}
    for kind in OTHERS:
        out = studio.train(kind, Aim(kind), 2, start_from=text_run)
        models[kind] = studio.root / "models" / kind
        assemble(studio.stage, studio.clip, out, models[kind])
    return models


@pytest.fixture(scope="module")
def open_member(members: dict[Conditioning, Path]) -> Callable[[Conditioning], StableDiffusion]:
    loaded: dict[Conditioning, StableDiffusion] = {}

    def open_one(kind: Conditioning) -> StableDiffusion:
        if kind not in loaded:
            loaded[kind] = load(members[kind], CPU, torch.float32)
        return loaded[kind]

    return open_one


def show(studio: Studio, kind: Conditioning, count: int = 4, **options: Any) -> Any:
    noise = torch.Generator().manual_seed(0)
    return studio.teacher(kind, **options).show(np.arange(count), np.random.default_rng(0), noise)


class TestWhatIsShown:
    def test_a_mask_and_the_latents_around_it(self, studio: Studio) -> None:
        stage = first_stage.load_first_stage(studio.stage)
        pixels, mask = torch.randn(2, 3, 32, 32), torch.zeros(2, 1, 32, 32)
        mask[0, :, 3, 17] = 0.7
        mask[1, :, :, :8] = 0.4
        found = masked(lambda x: first_stage.encode(stage, x), pixels, mask)
        assert found.shape == (2, 9, 4, 4)
        assert found[0, 0].sum() == found[0, 0, 0, 2] == 1
        assert found[1, 0].sum() == 0
        whole = first_stage.encode(stage, pixels)
        assert torch.equal(found[1, 1:], whole[1])
        assert not torch.equal(found[0, 1:], whole[0])

    def test_a_small_picture_is_whole_and_as_noisy_as_is_said(self) -> None:
        small, level = torch.rand(2, 3, 8, 8), torch.tensor([0, 350])
        nothing = small_picture(small, level, 2, torch.zeros_like(small))
        assert nothing.shape == (2, 12, 4, 4)
        bar = linear_alpha_bars()[level].float().view(-1, 1, 1, 1)
        torch.testing.assert_close(functional.pixel_shuffle(nothing, 2), bar.sqrt() * small)
        noisy = small_picture(0 * small, level, 2, torch.ones_like(small))
        torch.testing.assert_close(noisy[:, :1, :1, :1], (1 - bar).sqrt())

    @pytest.mark.parametrize(("scale", "channels"), [(4, 12), (2, 48)])
    def test_super_resolution_reads_the_bicubic_picture(
        self, studio: Studio, scale: int, channels: int
    ) -> None:
        shown = show(studio, Conditioning.UPSCALE, scale=scale)
        assert shown.channels.shape == (4, channels, 8, 8)
        assert 0 <= int(shown.level.min()) <= int(shown.level.max()) <= 350
        with pytest.raises(TrainingError, match="scale is 3; choose 2 or 4"):
            studio.teacher(Conditioning.UPSCALE, 3)

    def test_a_segmentation_tells_shares_that_sum_to_one(self, studio: Studio) -> None:
        maker = studio.teacher(Conditioning.SEGMENTATION)
        assert isinstance(maker, Segmentation)
        for index in range(6):
            shares = maker.shares(index)
            assert shares.shape == (len(classes()), SIDE, SIDE)
            np.testing.assert_allclose(shares.sum(axis=0), 1, atol=1e-6)
            names = {studio.library.specs[n].category for n in studio.bank.object_names[index]}
            assert {classes()[k] for k in np.flatnonzero(shares[:-1].any(axis=(1, 2)))} == names
        shown = show(studio, Conditioning.SEGMENTATION)
        known = shown.channels.sum(dim=1)
        assert ((known == 0) | ((known - 1).abs() < 1e-5)).all()

    @pytest.mark.parametrize("kind", OTHERS)
    def test_it_depends_on_its_seeds_alone(self, studio: Studio, kind: Conditioning) -> None:
        one, other = show(studio, kind), show(studio, kind)
        assert torch.equal(one.channels, other.channels)
        picture = studio.teacher(kind).picture(one)
        assert picture.shape == (4, 3, SIDE, SIDE)


@pytest.mark.parametrize("kind", OTHERS)
def test_a_widened_network_computes_at_first_what_it_did(
    studio: Studio, text_run: Path, kind: Conditioning
) -> None:
    old: Any = latent_diffusion.UNet2DConditionModel.from_pretrained(text_run / "unet")
    maker = studio.teacher(kind)
    wide = latent_diffusion.build(PRESET, 8, 8, 64, maker.channels, maker.levelled)
    load_weights(type(old), wide, text_run / "unet")
    double = torch.float64  # so that only rounding may differ, and hardly does
    x, states = torch.randn(4, 8, 8, 8, dtype=double), torch.randn(4, 3, 64, dtype=double)
    t, shown = torch.tensor([0, 5, 500, 999]), show(studio, kind)
    with torch.no_grad():
        found = ask(wide.to(double), x, t, states, shown)
        right = old.to(double)(x, t, states).sample
    torch.testing.assert_close(found, right, rtol=1e-10, atol=1e-12)


def test_members_of_a_family_read_words_as_it_does(
    studio: Studio, text_run: Path, members: dict[Conditioning, Path]
) -> None:
    family = load_file(text_run / "text_encoder" / "model.safetensors")
    for member in members.values():
        own = load_file(member / "text_encoder" / "model.safetensors")
        for name, value in family.items():
            assert torch.equal(own[name], value.half()), name


def test_a_resumed_member_keeps_its_words_while_the_family_learns_on(
    studio: Studio, text_run: Path
) -> None:
    later = studio.train("text-later", Aim(), 3, start_from=text_run)
    aim = Aim(Conditioning.INPAINT)
    member = studio.train("keeping", aim, 1, start_from=text_run)
    words = Path("text_encoder", "model.safetensors")
    before = load_file(member / words)
    studio.train("keeping", aim, 2, start_from=later, resume=True)
    after, other = load_file(member / words), load_file(later / words)
    assert all(torch.equal(after[name], value) for name, value in before.items())
    assert any(not torch.equal(other[name], value) for name, value in before.items())


def test_a_run_goes_on_as_it_began(studio: Studio, text_run: Path) -> None:
    epsilon = Aim(prediction=Prediction.EPSILON, weighting=Weighting.MIN_SNR)
    with pytest.raises(TrainingError, match="begun with prediction v, not epsilon"):
        studio.train("text", epsilon, 3, resume=True)
    with pytest.raises(TrainingError, match="begun with conditioning text, not inpaint"):
        studio.train("text", Aim(Conditioning.INPAINT), 3, resume=True)
    with pytest.raises(TrainingError, match="predicts v, not epsilon; give --prediction"):
        studio.train("other", epsilon, 3, start_from=text_run)


def test_a_resumed_member_is_the_one_that_never_stopped(studio: Studio, text_run: Path) -> None:
    aim = Aim(Conditioning.INPAINT)
    studio.train("whole", aim, 2, start_from=text_run)
    studio.train("parts", aim, 1, start_from=text_run)
    studio.train("parts", aim, 2, start_from=text_run, resume=True)
    whole, parts = (
        torch.load(studio.root / name / "state.pt", weights_only=True)["module"]
        for name in ("whole", "parts")
    )
    for name, value in whole.items():
        torch.testing.assert_close(parts[name], value, rtol=1e-3, atol=1e-5)


def test_epsilon_has_a_path_that_ends_before_pure_noise(studio: Studio) -> None:
    aim = Aim(prediction=Prediction.EPSILON, weighting=Weighting.MIN_SNR)
    out = studio.train("epsilon", aim, 2)
    told = json.loads((out / "scheduler" / "scheduler_config.json").read_text())
    assert (told["prediction_type"], told["beta_schedule"]) == ("epsilon", "scaled_linear")
    assert (out / "samples.png").exists()


@pytest.mark.parametrize("kind", OTHERS)
def test_a_member_is_whole_and_told_by_its_files(
    members: dict[Conditioning, Path],
    open_member: Callable[[Conditioning], StableDiffusion],
    kind: Conditioning,
) -> None:
    expected = {
        Conditioning.INPAINT: ("mask", 17),
        Conditioning.UPSCALE: ("small-picture", 20),
        Conditioning.SEGMENTATION: ("segmentation", 8 + len(classes())),
    }
    assert checks.find_problems(members[kind]) == []
    able, model = read_abilities(members[kind]), open_member(kind)
    assert able == model.abilities
    assert able is not None
    assert (able.beside, model.unet.config.in_channels) == expected[kind]


@pytest.mark.parametrize("settings", [InpaintingSettings(), MaskedFillSettings()])
def test_the_inpainting_member_fills(
    studio: Studio, open_member: Callable[[Conditioning], StableDiffusion], settings: Any
) -> None:
    model = open_member(Conditioning.INPAINT)
    mask = np.zeros((SIDE, SIDE), np.float32)
    mask[20:40, 20:40] = 1.0
    picture = np.asarray(studio.bank.pictures[0])
    assert why_not(type(settings), model) is None
    request = EditRequest(settings, picture, mask, target_prompt="a cat", steps=3)
    *_, last = run_edit(request, model)
    assert isinstance(last, Finished)
    assert last.changed_outside == 0
    assert not np.array_equal(last.picture[20:40, 20:40], picture[20:40, 20:40])


def test_the_segmentation_member_draws_with_and_without_a_map(
    studio: Studio, open_member: Callable[[Conditioning], StableDiffusion]
) -> None:
    model = open_member(Conditioning.SEGMENTATION)
    *_, last = run_edit(EditRequest(GenerationSettings(), target_prompt="a cat", steps=2), model)
    assert isinstance(last, Finished)
    hidden = model.encode_prompts(["a cat"]).hidden
    with torch.no_grad():
        model.unet.conv_in.weight[:, 8:] += 0.1  # a few steps have hardly taught it to look
        x = torch.randn(1, 8, 8, 8)
        plain = model.predict(x, 500.0, Told(hidden))
        nothing = torch.zeros(1, len(classes()), 8, 8)
        assert torch.equal(model.predict(x, 500.0, Told(hidden, nothing)), plain)
        shown = show(studio, Conditioning.SEGMENTATION, 1).channels
        assert not torch.allclose(model.predict(x, 500.0, Told(hidden, shown)), plain)


class TestUpscaling:
    def small(self, side: tuple[int, int] = (12, 20)) -> np.ndarray:
        return np.random.default_rng(0).integers(100, 156, (*side, 3)).astype(np.uint8)

    def test_it_draws_what_explains_the_small_picture(
        self, open_member: Callable[[Conditioning], StableDiffusion]
    ) -> None:
        model = open_member(Conditioning.UPSCALE)
        model.network_evaluations = 0
        request = EditRequest(UpscaleSettings(samples=2), self.small(), steps=3)
        *_, last = run_edit(request, model)
        assert isinstance(last, Finished)
        assert last.picture.shape == (48, 80, 3)
        assert last.restoration is not None
        assert last.restoration.residual.explains
        assert not np.array_equal(*last.restoration.samples)
        assert model.network_evaluations == 6  # no prompt, no guidance
        *_, again = run_edit(request, model)
        assert isinstance(again, Finished)
        assert np.array_equal(again.picture, last.picture)

    def test_a_large_one_is_drawn_in_tiles(
        self, open_member: Callable[[Conditioning], StableDiffusion]
    ) -> None:
        settings = UpscaleSettings(finish=False)
        request = EditRequest(settings, self.small((16, 40)), steps=2, target_prompt="a cat")
        *_, last = run_edit(request, open_member(Conditioning.UPSCALE))
        assert isinstance(last, Finished)
        assert last.picture.shape == (64, 160, 3)

    @pytest.mark.parametrize(
        ("done", "told"),
        [
            ((GaussianBlur(sigma=0.5),), "not gaussian blur"),
            ((Downsampling(factor=2),), r"not small size \(2 times\)"),
            ((Downsampling(), GaussianBlur(sigma=0.5)), "small size, 4 times, and nothing else"),
        ],
    )
    def test_it_undoes_nothing_else(
        self, open_member: Callable[[Conditioning], StableDiffusion], done: Any, told: str
    ) -> None:
        request = EditRequest(UpscaleSettings(degradations=done), self.small(), steps=2)
        with pytest.raises(RequestError, match=told):
            list(run_edit(request, open_member(Conditioning.UPSCALE)))

    def test_only_what_enlarges_may_ask_it(
        self, open_member: Callable[[Conditioning], StableDiffusion]
    ) -> None:
        model = open_member(Conditioning.UPSCALE)
        assert why_not(UpscaleSettings, model) is None
        assert why_not(EnlargeSettings, model) is None
        assert "choose the method upscale" in (why_not(DDIMSwapSettings, model) or "")
        other = open_member(Conditioning.INPAINT)
        assert "choose the method realesrgan" in (why_not(UpscaleSettings, other) or "")
        with pytest.raises(RequestError, match="enlarges pictures and does nothing else"):
            model.predict(torch.zeros(1, 8, 8, 8), 5.0, model.encode_prompts([""]))

    def test_the_command_enlarges(self, members: dict[Conditioning, Path], tmp_path: Path) -> None:
        picture, out = tmp_path / "small.png", tmp_path / "large.png"
        Image.fromarray(self.small()).save(picture)
        words = ["restore", str(picture), "--method", "upscale", "--noise", "0", "--steps", "2"]
        words += ["--model", str(members[Conditioning.UPSCALE]), "--out", str(out)]
        done = CliRunner().invoke(app, words, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        assert out.exists()


def test_members_are_trained_by_the_command(
    studio: Studio, text_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def drawn(folder: Path | None) -> ObjectLibrary:
        return studio.library

    bank = tmp_path / "bank"
    quiet = {"report": lambda done, of: None}
    for name, count in (("train", 20), ("held-out", 4)):
        split = "train" if name == "train" else "held_out"
        build_bank(bank / name, count, SIDE, 7, studio.library, split, **quiet)
    monkeypatch.setattr("core.training.datasets.objects.open_library", drawn)
    monkeypatch.setitem(latent_diffusion.PRESETS, "cpu", PRESET)
    words = ["train", "denoiser", "--out", tmp_path / "out", "--vae", studio.stage]
    words += ["--clip", studio.clip, "--start-from", text_run, "--bank", bank]
    words += ["--conditioning", "segmentation", "--minutes", 0.05, "--threads", 1]
    before = torch.get_num_threads()
    done = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    torch.set_num_threads(before)
    assert done.exit_code == 0, done.output
    assert json.loads((tmp_path / "out/segmentation/classes.json").read_text()) == [*classes()]
    figures = json.loads((tmp_path / "out/figures.json").read_text())
    step, loss = (tmp_path / "out/validation.csv").read_text().splitlines()[-1].split(",")
    assert float(step) == figures["steps"]
    assert float(loss) == pytest.approx(figures["held_out_loss"], abs=1e-6)
