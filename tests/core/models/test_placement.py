"""Where networks lie. Here "meta" plays the device that has little memory: nothing is computed."""

import torch
from torch import nn

from core.models.library import ModelLibrary
from core.models.placement import place, take_turns
from resources import path


class Stage(nn.Module):
    """A network that is asked by methods, as first stages are."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(2, 2)

    def encode(self, x: torch.Tensor) -> torch.Tensor:
        return x

    def decode(self, x: torch.Tensor) -> torch.Tensor:
        return x

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x


class Counting(Stage):
    """Notes where it is sent instead of going there."""

    def __init__(self, name: str, log: list[str]) -> None:
        super().__init__()
        self.name, self.log = name, log

    def to(self, device: object, *_: object, **__: object) -> "Counting":  # type: ignore[override]
        self.log.append(f"{self.name}>{torch.device(device).type}")  # type: ignore[arg-type]
        return self


@torch.no_grad()
def test_only_the_one_that_works_is_on_the_device() -> None:
    log: list[str] = []
    first, second = Counting("a", log), Counting("b", log)
    take_turns((first, second), torch.device("meta"))
    assert log == []
    x = torch.zeros(1)
    first(x)
    assert log == ["b>cpu", "a>meta"]
    log.clear()
    assert second.decode(x) is x
    assert log == ["a>cpu", "b>meta"]
    log.clear()
    second.encode(x)
    assert log == ["a>cpu", "b>meta"]


def test_with_gradients_nobody_is_sent_away() -> None:
    log: list[str] = []
    first, second = Counting("a", log), Counting("b", log)
    take_turns((first, second), torch.device("meta"))
    first(torch.zeros(1))
    second.decode(torch.zeros(1))
    assert log == ["a>meta", "b>meta"]


def test_each_mode_puts_them_where_it_says() -> None:
    cpu, meta = torch.device("cpu"), torch.device("meta")
    for memory, device, there in (
        ("device", meta, "meta"),
        ("offload", meta, "cpu"),
        ("tiles", meta, "cpu"),
        ("tiles", cpu, "cpu"),
    ):
        stage = Stage()
        place((stage,), device, memory)
        assert stage.layer.weight.device.type == there, memory


@torch.no_grad()
def test_the_starter_in_tiles_reads_and_writes_nearly_the_same() -> None:
    library = ModelLibrary([path("models")])
    whole = library.load("starter", "cpu")
    x = torch.linspace(-1, 1, 3 * 64 * 64).reshape(1, 3, 64, 64)
    latents = whole.encode(x)
    large = torch.zeros(1, 3, 2 * whole.native_size, 2 * whole.native_size)
    side = whole.encode(large).shape[-1]
    tiled = library.load("starter", "cpu", memory="tiles")
    assert tiled is not whole
    assert tiled.vae.use_tiling  # type: ignore[attr-defined]
    assert torch.equal(tiled.encode(x), latents)  # no larger than one tile: the same to the bit
    read = tiled.encode(large)
    assert read.shape[-1] == side
    assert tiled.decode(read).shape == large.shape
