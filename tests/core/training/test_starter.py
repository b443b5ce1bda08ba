"""The starter model's commands from end to end, each a few seconds on a tiny bank of drawn shapes.

What comes out is a model folder that the checks accept and `run_edit` edits with.
"""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from transformers import CLIPModel, CLIPTextModel
from typer.testing import CliRunner

from core.errors import TrainingError
from core.events import Finished
from core.models.checks import find_problems
from core.models.stable_diffusion import load
from core.request import EditRequest
from core.run import run_edit
from core.settings import DDIMSwapSettings, MaskedFillSettings
from core.training import autoencoder, clip, latent_diffusion, latents, rebuilding
from core.training.assemble import assemble
from core.training.batches import caption_ids, object_table, to_tensor
from core.training.beginning import text_tower
from core.training.cli import app
from core.training.datasets.bank import Bank, build_bank, load_bank
from core.training.loop import Schedule
from core.training.tokenizer import load_tokenizer
from tests.core.training.test_datasets import drawn_library

CPU = torch.device("cpu")
SECONDS = 3.0  # the least that the commands take
PRESETS = {
    autoencoder: autoencoder.Preset((8, 8, 16, 16), 4, 4, 32, 4, Schedule(2e-3, warmup=5)),
    clip: clip.Preset(64, 1, 64, 1, 16, 32, 640, 32, 96, Schedule(1e-3, warmup=5)),
    latent_diffusion: latent_diffusion.Preset((32, 64), 32, 1, 8, 8, Schedule(1e-3, warmup=5)),
}


@dataclass(frozen=True)
class Starter:
    """The folders of one whole training."""

    bank: Path
    ae: Path
    clip: Path
    denoiser: Path
    model: Path


@pytest.fixture(scope="module")
def tiny_presets() -> Iterator[None]:
    before = torch.get_num_threads()
    with pytest.MonkeyPatch.context() as patch:
        for module, preset in PRESETS.items():
            patch.setitem(module.PRESETS, "cpu", preset)
        yield
    torch.set_num_threads(before)


def sfumato_train(*words: object) -> str:
    """Run `sfumato train ...` in this process; a failure is raised as what it was."""
    done = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def timed(minutes: float = SECONDS / 60) -> list[object]:
    return ["--minutes", minutes, "--threads", 1]


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory, tiny_presets: None) -> Starter:
    root = tmp_path_factory.mktemp("starter")
    library = drawn_library()
    bank = root / "bank"
    build_bank(bank / "train", 40, 64, 7, library, "train", report=lambda done, of: None)
    build_bank(bank / "held-out", 12, 64, 7, library, "held_out", report=lambda done, of: None)
    out = Starter(bank, root / "ae", root / "clip", root / "denoiser", root / "model")
    sfumato_train("clip", "--out", out.clip, "--bank", bank, *timed())
    words = ["autoencoder", "--out", out.ae, "--clip", out.clip, "--bank", bank]
    sfumato_train(*words, *timed())
    parts = ["--vae", out.ae / "vae", "--clip", out.clip]
    sfumato_train("denoiser", "--out", out.denoiser, "--bank", bank, *parts, *timed())
    sfumato_train("assemble", *parts, "--denoiser", out.denoiser, "--out", out.model)
    return out


@pytest.fixture(scope="module")
def bank(starter: Starter) -> Bank:
    return load_bank(starter.bank / "train")


def figures(folder: Path) -> dict[str, float]:
    return json.loads((folder / "figures.json").read_text("utf-8"))


def test_every_command_leaves_its_figures_and_state(starter: Starter) -> None:
    for folder in (starter.ae, starter.clip, starter.denoiser):
        assert figures(folder)["steps"] > 0
        assert figures(folder)["seed"] == 0
        assert (folder / "state.pt").exists()
    assert figures(starter.ae)["psnr"] > 5
    assert 0 <= figures(starter.clip)["recall_en"] <= 1
    for folder in (starter.ae, starter.denoiser):
        assert (folder / "samples.png").exists()
    assert len((starter.denoiser / "samples.txt").read_text("utf-8").splitlines()) == 16


def test_the_first_stage_scales_latents_to_unit_variance(starter: Starter, bank: Bank) -> None:
    vae: Any = AutoencoderKL.from_pretrained(starter.ae / "vae")
    with torch.no_grad():
        mode = vae.encode(to_tensor(bank.pictures[:256:2], CPU)).latent_dist.mode()
    assert (mode * vae.config.scaling_factor).square().mean() == pytest.approx(1.0, abs=1e-3)


def test_the_exported_first_stage_is_the_one_that_was_measured(starter: Starter) -> None:
    vae: Any = AutoencoderKL.from_pretrained(starter.ae / "vae")
    found = rebuilding.evaluate(vae, load_bank(starter.bank / "held-out"))
    assert found["psnr"] == pytest.approx(figures(starter.ae)["psnr"], abs=0.02)


def test_a_resumed_run_goes_on_where_it_stopped(starter: Starter) -> None:
    before = figures(starter.ae)
    words = ["autoencoder", "--out", starter.ae, "--clip", starter.clip, "--bank", starter.bank]
    sfumato_train(*words, "--resume", *timed(0.05))
    after = figures(starter.ae)
    assert after["steps"] > before["steps"]
    assert after["psnr"] > before["psnr"] - 1.0


@pytest.mark.parametrize("command", ["autoencoder", "clip", "denoiser"])
def test_a_run_is_not_overwritten(starter: Starter, command: str) -> None:
    out = starter.ae if command == "autoencoder" else getattr(starter, command)
    words = [command, "--out", out, "--bank", starter.bank]
    if command != "clip":
        words += ["--clip", starter.clip]
    if command == "denoiser":
        words += ["--vae", starter.ae / "vae"]
    with pytest.raises(TrainingError, match="add --resume"):
        sfumato_train(*words, *timed())


def test_the_assembled_model_is_whole_and_half_precision(starter: Starter) -> None:
    assert find_problems(starter.model) == []
    model = load(starter.model, CPU, torch.float32)
    assert (model.prediction, model.latent_channels, model.factor) == ("v_prediction", 4, 8)
    assert model.native_size == 64
    for run in ("ae", "clip", "denoiser"):
        assert (starter.model / "training" / run / "figures.json").exists()
    for config in starter.model.glob("*/config.json"):
        assert str(starter.denoiser.parent) not in config.read_text("utf-8")


def test_a_member_of_a_family_leaves_clip_to_the_first(starter: Starter, tmp_path: Path) -> None:
    parts = ["--vae", starter.ae / "vae", "--clip", starter.clip, "--denoiser", starter.denoiser]
    sfumato_train("assemble", *parts, "--out", tmp_path / "member", "--member")
    assert find_problems(tmp_path / "member") == []
    assert not (tmp_path / "member" / "clip").exists()
    assert [run.name for run in (tmp_path / "member" / "training").iterdir()] == ["denoiser"]
    load(tmp_path / "member", CPU, torch.float32)


def test_a_new_run_can_begin_with_a_shipped_model(starter: Starter, tmp_path: Path) -> None:
    """Half a second from the assembled float16 weights stays near them; from none it would not."""
    words = ["denoiser", "--out", tmp_path / "more", "--bank", starter.bank]
    words += ["--vae", starter.model / "vae", "--clip", starter.model]
    words += ["--start-from", starter.model]
    sfumato_train(*words, *timed(0.05))
    for kind, part in ((UNet2DConditionModel, "unet"), (CLIPTextModel, "text_encoder")):
        more: Any = kind.from_pretrained(tmp_path / "more" / part)
        old: Any = kind.from_pretrained(starter.model / part)
        pairs = list(zip(more.parameters(), old.parameters(), strict=True))
        moved = sum((a - b.float()).square().sum() for a, b in pairs)
        assert 0 < moved < 0.05 * sum(b.float().square().sum() for _, b in pairs)


@pytest.mark.parametrize("noised", [False, True])
def test_towers_can_go_on_from_others_with_their_words(
    starter: Starter, tmp_path: Path, noised: bool
) -> None:
    words = ["clip", "--out", tmp_path / "more", "--bank", starter.bank]
    words += ["--start-from", starter.model, "--learning-rate", "1e-5"]
    sfumato_train(*words, *["--noised"] * noised, *timed(0.05))
    vocabulary = [
        (folder / "tokenizer" / "vocab.json").read_bytes()
        for folder in (tmp_path / "more", starter.model)
    ]
    assert vocabulary[0] == vocabulary[1]
    more: Any = CLIPModel.from_pretrained(tmp_path / "more" / "clip")
    old: Any = CLIPModel.from_pretrained(starter.model / "clip")
    for part in ("text_model", "visual_projection", "vision_model.encoder"):
        pairs = zip(
            more.get_submodule(part).parameters(), old.get_submodule(part).parameters(), strict=True
        )
        assert max(float((a - b.float()).abs().max()) for a, b in pairs) < 0.01


def test_towers_go_on_from_towers_only(starter: Starter, tmp_path: Path) -> None:
    words = ["clip", "--out", tmp_path / "more", "--bank", starter.bank, "--start-from"]
    with pytest.raises(TrainingError, match="has no tokenizer"):
        sfumato_train(*words, starter.ae, *timed())
    wide = clip.build(replace(PRESETS[clip], text_width=128), 640, 64)
    wide.save_pretrained(tmp_path / "wide" / "clip")
    shutil.copytree(starter.model / "tokenizer", tmp_path / "wide" / "tokenizer")
    with pytest.raises(TrainingError, match="not of this preset"):
        sfumato_train(*words, tmp_path / "wide", *timed())


def test_weights_of_another_shape_are_refused(starter: Starter, tmp_path: Path) -> None:
    other = latent_diffusion.build(PRESETS[latent_diffusion], 8, 8, 64)
    other.save_pretrained(tmp_path / "unet")
    words = ["denoiser", "--out", tmp_path / "more", "--bank", starter.bank]
    words += ["--vae", starter.ae / "vae", "--clip", starter.clip]
    with pytest.raises(TrainingError, match="unet is not of this preset"):
        sfumato_train(*words, "--start-from", tmp_path, *timed())
    with pytest.raises(TrainingError, match="nothing/unet is missing; start from a model"):
        sfumato_train(*words, "--start-from", tmp_path / "nothing", *timed())


def test_the_text_tower_begins_as_clips_and_learns_with_the_unet(starter: Starter) -> None:
    towers: Any = CLIPModel.from_pretrained(starter.clip / "clip").float()
    begun = text_tower(starter.clip)
    tokenizer = load_tokenizer(starter.model / "tokenizer")
    ids = torch.tensor(tokenizer(["a cat", "고양이"], padding=True)["input_ids"])
    with torch.no_grad():
        ours, theirs = begun(ids), towers.text_model(ids)
    assert torch.equal(ours.last_hidden_state, theirs.last_hidden_state)
    # Pooled at the end mark, its first place.
    ends = (ids == tokenizer.eos_token_id).int().argmax(dim=1)
    assert torch.equal(ours.pooler_output, ours.last_hidden_state[torch.arange(2), ends])
    shipped: Any = CLIPTextModel.from_pretrained(starter.model / "text_encoder").float()
    pairs = list(zip(shipped.parameters(), begun.parameters(), strict=True))
    assert all((a - b).abs().max() > 1e-4 for a, b in pairs if b.ndim > 1)


def test_the_assembled_model_edits(starter: Starter, bank: Bank) -> None:
    model = load(starter.model, CPU, torch.float32)
    mask = np.zeros((64, 64), np.float32)
    mask[20:40, 20:40] = 1.0
    for method in (MaskedFillSettings(), DDIMSwapSettings()):
        request = EditRequest(
            method,
            bank.pictures[0],
            mask if isinstance(method, MaskedFillSettings) else None,
            source_prompt=bank.captions[0]["en"][0],
            target_prompt="빨간 사과",
            steps=4,
        )
        *_, last = run_edit(request, model)
        assert isinstance(last, Finished)
        assert last.changed_outside in (0, None)
        assert not np.array_equal(last.picture, bank.pictures[0])


class TestAssemble:
    def test_a_missing_part_is_named(self, starter: Starter, tmp_path: Path) -> None:
        with pytest.raises(TrainingError, match="vae is missing; run the training command"):
            assemble(tmp_path / "vae", starter.clip, starter.denoiser, tmp_path / "model")
        assert not (tmp_path / "model").exists()

    def test_another_folder_is_not_overwritten(self, starter: Starter, tmp_path: Path) -> None:
        (tmp_path / "letters.txt").write_text("mine")
        with pytest.raises(TrainingError, match="holds no model"):
            assemble(starter.ae / "vae", starter.clip, starter.denoiser, tmp_path)
        assert [file.name for file in tmp_path.iterdir()] == ["letters.txt"]

    def test_an_older_model_is_replaced_and_its_card_kept(
        self, starter: Starter, tmp_path: Path
    ) -> None:
        out = tmp_path / "model"
        (out / "unet").mkdir(parents=True)
        (out / "model_index.json").write_text("{}")
        (out / "unet" / "old.safetensors").write_text("old")
        (out / "README.md").write_text("# The card")
        assemble(starter.ae / "vae", starter.clip, starter.denoiser, out)
        assert (out / "README.md").read_text() == "# The card"
        assert not (out / "unet" / "old.safetensors").exists()
        assert find_problems(out) == []


class TestLatents:
    def test_they_are_kept_and_found_again(self, starter: Starter, bank: Bank) -> None:
        vae: Any = AutoencoderKL.from_pretrained(starter.ae / "vae")
        path = starter.ae / "latents.npy"
        first = np.array(latents.encode_bank(bank, vae, path))
        stamp = path.stat().st_mtime_ns
        again = latents.encode_bank(bank, vae, path)
        assert (first.shape, first.dtype) == ((40, 4, 8, 8), np.float16)
        assert np.array_equal(first, again)
        assert path.stat().st_mtime_ns == stamp

    def test_those_of_another_first_stage_are_not_used(self, starter: Starter, bank: Bank) -> None:
        vae: Any = AutoencoderKL.from_pretrained(starter.ae / "vae")
        path = starter.ae / "others.npy"
        first = np.array(latents.encode_bank(bank, vae, path))
        vae.register_to_config(scaling_factor=2 * vae.config.scaling_factor)
        again = latents.encode_bank(bank, vae, path)
        assert np.allclose(again, 2 * first, atol=0.02)


class TestBatches:
    def test_pictures_become_numbers_around_0(self, bank: Bank) -> None:
        tensor = to_tensor(bank.pictures[:2], CPU)
        assert tensor.shape == (2, 3, 64, 64)
        back = ((tensor + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy()
        assert np.array_equal(back, bank.pictures[:2])

    def test_captions_become_tokens_of_one_length(self, starter: Starter, bank: Bank) -> None:
        tokenizer = load_tokenizer(starter.clip / "tokenizer")
        for language in ("en", "ko"):
            ids = caption_ids(bank, tokenizer, language)
            assert ids.shape == (40, 2, 32)
            text = tokenizer.decode(ids[3, 0], skip_special_tokens=True)
            plain = bank.captions[3][language][0].lower()
            assert text.replace(" ", "") == plain.replace(" ", "")

    def test_the_table_tells_which_objects_a_scene_holds(self, bank: Bank) -> None:
        table = object_table(bank)
        assert table.shape == (40, 120)
        for row, names in zip(table, bank.object_names, strict=True):
            assert {bank.known_objects[i] for i in np.flatnonzero(row)} == set(names)

    def test_crops_are_pieces_of_the_pictures(self, bank: Bank) -> None:
        rng = np.random.default_rng(0)
        crops = autoencoder.random_crops(bank, rng, 6, 32, CPU)
        assert crops.shape == (6, 3, 32, 32)
        crop = ((crops[0] + 1) * 127.5).round().byte().permute(1, 2, 0).numpy()
        windows = np.lib.stride_tricks.sliding_window_view(bank.pictures, (32, 32), axis=(1, 2))
        corners = windows[..., 0, 0].reshape(-1, 3), windows[..., 0, -1].reshape(-1, 3)
        assert any((corner == crop[0, 0]).all(axis=1).any() for corner in corners)


class TestDraw:
    def test_batches_hold_their_shares(self, bank: Bank) -> None:
        draw = latent_diffusion._Draw(bank, 16, [-1] * 4, None)
        rng = np.random.default_rng(0)
        alone = {i for i, names in enumerate(bank.object_names) if len(names) == 1}
        assert all(sum(i in alone for i in draw.pictures(rng)) >= 8 for _ in range(20))
        words = draw.captions(rng, np.arange(4000 * 2 * 4).reshape(4000, 2, 4))
        assert (words == -1).all(axis=1).mean() == pytest.approx(1 / 8, abs=0.02)


class TestLosses:
    def test_contrast_is_least_where_pairs_belong_together(self) -> None:
        unit = torch.nn.functional.normalize(torch.eye(8) + 0.1, dim=-1)
        scale = torch.tensor(50.0)
        right = clip.contrast(unit, unit, scale)
        assert right < 0.1 < clip.contrast(unit, unit.roll(1, 0), scale)
        assert clip.contrast(unit, unit, scale * 0) == pytest.approx(np.log(8), rel=1e-5)


class TestOptions:
    def test_an_unknown_preset_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(TrainingError, match="no preset huge; choose cpu or gpu"):
            sfumato_train("autoencoder", "--preset", "huge", "--out", tmp_path, "--threads", 1)

    @pytest.mark.parametrize(
        "words",
        [
            ["autoencoder"],
            ["clip", "--out", "x", "--minutes", "0"],
            ["clip", "--out", "x", "--threads", "-1"],
            ["denoiser", "--out", "x"],
            ["assemble", "--out", "x"],
            ["nothing"],
        ],
    )
    def test_a_wrong_command_line_is_refused(self, words: list[str]) -> None:
        assert CliRunner().invoke(app, words).exit_code == 2

    @pytest.mark.parametrize(
        "command", ["data", "autoencoder", "clip", "denoiser", "assemble", "starter"]
    )
    def test_every_command_has_help(self, command: str) -> None:
        done = CliRunner().invoke(app, [command, "--help"])
        assert done.exit_code == 0
        assert "--" in done.output
