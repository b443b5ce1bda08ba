"""The models on this machine: find them, check them, load one and keep it."""

import gc
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import resources
from core.errors import ModelError, ModelNotFoundError
from core.models import checks
from core.models.abilities import Abilities, read_abilities
from core.models.disguises import refuse_disguises
from core.models.family import Family, family_of
from core.models.fingerprint import fingerprint, model_files

if TYPE_CHECKING:
    import torch

    from core.models.latent_model import LatentModel

FOLDERS_VARIABLE = "SFUMATO_MODELS"
_LOADERS: dict[Family, str] = {
    "stable-diffusion": "core.models.stable_diffusion",
    "pixel-diffusion": "core.models.pixel_diffusion",
}
_CARDS = ("README.md", "MODEL_CARD.md", "model_card.md")


@dataclass(frozen=True)
class ModelInfo:
    """What can be told about a model without loading it.

    name: its folder's name, by which requests and the command line call it.
    family: which loader it needs.
    size_bytes: of all its files. title, licence: from its card; the name and "" without one.
    abilities: what it can be asked to do; None where its files do not tell.
    """

    name: str
    folder: Path
    family: Family
    size_bytes: int
    title: str
    licence: str
    abilities: Abilities | None = None


class ModelLibrary:
    """Models in the shipped folder, in the user's, and in those of $SFUMATO_MODELS.

    folders: searched instead of those, earlier before later. Each holds model folders or is one.
    """

    def __init__(self, folders: Sequence[Path | str] | None = None) -> None:
        self.folders = [Path(f) for f in folders] if folders is not None else default_folders()
        self._loaded: tuple[tuple[Any, ...], LatentModel] | None = None
        self._other: tuple[tuple[Any, ...], LatentModel] | None = None

    def find(self) -> list[ModelInfo]:
        """All models, whole or not; of several of one name, the first. Quick, no torch."""
        found: dict[str, ModelInfo] = {}
        for folder in self._candidates():
            if folder.name not in found:
                found[folder.name] = describe(folder)
        return list(found.values())

    def get(self, name: str) -> ModelInfo:
        """The model of this name, or in the folder that `name` is.

        Raises ModelNotFoundError, and ModelRefusedError for a file that can run code.
        """
        for folder in self._candidates():
            if folder.name == name:
                return describe(folder)
        folder = Path(name).expanduser()
        if name and folder.is_dir():
            if checks.is_model(folder.resolve()):
                return describe(folder.resolve())
            raise ModelNotFoundError(
                f"{name} is a folder, but no model: it has no model_index.json and no "
                "unet/config.json. Choose a model's own folder."
            )
        if name and folder.is_file():
            refuse_disguises(folder, folder.name)
            raise ModelNotFoundError(
                f"{folder.name} is a single file, and a model is a folder with unet, vae and "
                "text_encoder in it. Choose a folder of diffusers' layout, or convert the file."
            )
        known = ", ".join(info.name for info in self.find())
        remedy = f"Choose one of: {known}." if known else "Copy one to " + _where_to_copy() + "."
        raise ModelNotFoundError(f"there is no model “{name}”. {remedy}")

    def check(self, name: str) -> list[ModelError]:
        """What keeps the model from being loaded; empty if nothing. Raises ModelNotFoundError."""
        return checks.find_problems(self.get(name).folder)

    def fingerprint(self, name: str) -> str:
        """sha256 over the model's files, as recipes name it. Raises ModelError."""
        return fingerprint(self.get(name).folder)

    def load(
        self, name: str, device: str = "auto", dtype: str = "auto", memory: str = "device"
    ) -> "LatentModel":
        """The model on `device` in `dtype`, ready and frozen; the one loaded before is let go.

        memory: whether all of its networks lie there at once, see `core.models.placement`.

        Asking again for the loaded one returns it at once, unless its files have changed. Raises
        ModelError if it is missing, damaged or refused, RequestError for an unknown device or
        dtype.
        """
        info = self.get(name)
        asked = (info.folder, _stamp(info), device, dtype, memory)
        if self._loaded is not None and self._loaded[0] == asked:
            return self._loaded[1]
        checks.check_folder(info.folder)

        from core.models.device import resolve_device, resolve_dtype

        where = resolve_device(device)
        kind = resolve_dtype(dtype, where)
        self.evict()
        model = self._open(info, where, kind, memory)
        self._loaded = (asked, model)
        return model

    def _open(
        self, info: ModelInfo, where: "torch.device", kind: "torch.dtype", memory: str
    ) -> "LatentModel":
        load = import_module(_LOADERS[info.family]).load
        return load(
            info.folder,
            where,
            kind,
            name=info.name,
            fingerprint=fingerprint(info.folder),
            open_other=lambda other: self._load_other(other, where, kind, memory),
            memory=memory,
        )

    def _load_other(
        self, name: str, where: "torch.device", kind: "torch.dtype", memory: str
    ) -> "LatentModel":
        """A second model beside the loaded one, kept until another second one is asked for."""
        info = self.get(name)
        asked = (info.folder, _stamp(info))
        for held in (self._loaded, self._other):
            if held is not None and held[0][:2] == asked:
                model = held[1]
                if (model.device.type, model.dtype) == (where.type, kind):
                    return model
        checks.check_folder(info.folder)
        self._other = None
        model = self._open(info, where, kind, memory)
        self._other = (asked, model)
        return model

    def evict(self) -> None:
        """Let the loaded model go, and one beside it, and give their memory back."""
        if self._loaded is None:
            return
        self._loaded = self._other = None
        gc.collect()
        torch = sys.modules.get("torch")
        if torch is not None and torch.cuda.is_available():
            torch.cuda.empty_cache()

    def _candidates(self) -> Iterator[Path]:
        for root in self.folders:
            if checks.is_model(root):
                yield root
            elif root.is_dir():
                yield from sorted(
                    child for child in root.iterdir() if child.is_dir() and checks.is_model(child)
                )


def default_folders() -> list[Path]:
    """Where models are looked for: shipped, the user's own, and those in $SFUMATO_MODELS."""
    listed = os.environ.get(FOLDERS_VARIABLE, "").split(os.pathsep)
    shipped = Path(resources.__file__).parent / "models"
    return [shipped, user_folder(), *(Path(one).expanduser() for one in listed if one)]


def user_folder() -> Path:
    """Where the user's own models lie."""
    from platformdirs import user_data_path

    return user_data_path("sfumato", appauthor=False) / "models"


def describe(folder: Path) -> ModelInfo:
    """What the files of the model in `folder` say about it."""
    title, licence = _read_card(folder)
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return ModelInfo(
        name=folder.name,
        folder=folder,
        family=family_of(folder),
        size_bytes=size,
        title=title or folder.name,
        licence=licence,
        abilities=read_abilities(folder),
    )


def _stamp(info: ModelInfo) -> tuple[tuple[str, int], ...]:
    """What changes when the model's files do."""
    return tuple((str(file), file.stat().st_mtime_ns) for file in model_files(info.folder))


def _read_card(folder: Path) -> tuple[str, str]:
    """(title, licence) from the card: its `license:` line and its first heading."""
    for name in _CARDS:
        if not (folder / name).is_file():  # a pipe or a device has no end
            continue
        try:
            with (folder / name).open("rb") as file:
                lines = file.read(65536).decode("utf-8", errors="replace").splitlines()
        except OSError:
            continue
        fields = [line.partition(":") for line in lines if not line.startswith((" ", "#"))]
        licences = [v for key, _, v in fields if key.strip().lower() in ("license", "licence")]
        headings = [line.removeprefix("# ").strip() for line in lines if line.startswith("# ")]
        return (headings or [""])[0], (licences or [""])[0].strip().strip("\"'")
    return "", ""


def _where_to_copy() -> str:
    return str(user_folder())
