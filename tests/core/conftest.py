"""What the core's tests share: one thread for small arithmetic, and one tiny random model."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from core.models.stable_diffusion import StableDiffusion


@pytest.fixture(autouse=True, scope="module")
def _one_thread() -> Iterator[None]:
    """Tensors of a few numbers are slower on two threads; nothing where torch is not in use."""
    torch = sys.modules.get("torch")
    if torch is None:
        yield
        return
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder as `tests.tiny_model` writes it."""
    from tests.tiny_model import write_tiny_model

    return write_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="session")
def _loaded(tiny_folder: Path) -> "StableDiffusion":
    import torch

    from core.models.stable_diffusion import load

    return load(tiny_folder, torch.device("cpu"), torch.float32, fingerprint="tiny")


@pytest.fixture
def tiny_model(_loaded: "StableDiffusion") -> "StableDiffusion":
    """The tiny model in float32 on the CPU, shared by the session; its counter starts at 0."""
    _loaded.network_evaluations = 0
    return _loaded
