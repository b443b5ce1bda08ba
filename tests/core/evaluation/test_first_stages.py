"""What first stages keep, on networks whose answers are known."""

from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import AutoencoderKL, VQModel

from core.errors import RequestError
from core.evaluation import first_stages
from core.evaluation.edit_figures import psnr
from core.evaluation.first_stages import stage_figures, stage_plot, stage_table, there_and_back

SIZES = {"norm_num_groups": 4, "layers_per_block": 1, "in_channels": 3, "out_channels": 3}


class Judge:
    """Stands for the CLIP: how far the mean colours are apart."""

    def distance(self, first: np.ndarray, second: np.ndarray) -> float:
        return float(np.abs(first.mean((0, 1)) - second.mean((0, 1))).mean()) / 255


def save(folder: Path, widths: tuple[int, ...], channels: int, vq: bool = False) -> Path:
    torch.manual_seed(0)
    kind = VQModel if vq else AutoencoderKL
    stage = kind(  # pyright: ignore
        block_out_channels=widths,
        down_block_types=("DownEncoderBlock2D",) * len(widths),
        up_block_types=("UpDecoderBlock2D",) * len(widths),
        latent_channels=channels,
        **SIZES,
    )
    stage.save_pretrained(folder)
    return folder


@pytest.fixture
def pictures() -> list[np.ndarray]:
    return list(np.random.default_rng(0).integers(0, 256, (2, 32, 32, 3), dtype=np.uint8))


def test_pixels_come_back_as_they_were(pictures: list[np.ndarray]) -> None:
    assert np.array_equal(there_and_back(lambda x: x, pictures[0]), pictures[0])
    lighter = there_and_back(lambda x: x + 0.5, np.full((4, 4, 3), 100, np.uint8))
    assert np.unique(lighter).tolist() == [164]


def test_figures_of_a_stage(
    tmp_path: Path, pictures: list[np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    judge: object = Judge()
    run = save(tmp_path / "run" / "vae", (8, 8, 8), 4).parent
    shade = torch.zeros(1, 3, 32, 32)
    monkeypatch.setattr(first_stages, "decode", lambda stage, latents: shade)
    found = stage_figures(run, pictures, judge)  # pyright: ignore
    assert (found.name, found.factor, found.channels, found.positions) == ("run", 4, 4, 64)
    assert found.smaller == 12
    grey = np.full_like(pictures[0], 128)
    assert found.psnr == pytest.approx(np.mean([psnr(one, grey) for one in pictures]))
    whole = stage_figures(save(tmp_path / "book", (8, 8), 3, vq=True), pictures, judge)  # pyright: ignore
    assert (whole.name, whole.smaller) == ("book (VQ)", 4)
    assert len(stage_table([found, whole]).rows) == 2
    assert stage_plot([found, whole]).dtype == np.uint8


def test_a_folder_without_a_stage_is_named(tmp_path: Path, pictures: list[np.ndarray]) -> None:
    judge: object = Judge()
    with pytest.raises(RequestError, match="holds no first stage"):
        stage_figures(tmp_path, pictures, judge)  # pyright: ignore
