"""The two public npm packages that the starter model's pictures are made from.

`npm pack` brings a package's tarball; nothing of it is ever executed or unpacked to disk. The
tarball is checked against its integrity string (the one npm itself publishes) on every opening.
"""

import base64
import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from core.errors import DataError
from core.offline import allow_download

NPM_SECONDS = 600


@dataclass(frozen=True)
class Package:
    """One npm package at one exact version. integrity: "sha512-" and the digest in base64."""

    name: str
    version: str
    integrity: str

    @property
    def file_name(self) -> str:
        """The name that `npm pack` gives the tarball."""
        return f"{self.name.removeprefix('@').replace('/', '-')}-{self.version}.tgz"


PICTURES = Package(
    "@lobehub/fluent-emoji-3d",
    "1.1.0",
    "sha512-Wlq2lVStTnr8BDpIJ0pEnTKO4LuDxxqTEhTvRtD1DLRF0me7ogeRQjKoehDHXuVJ2Qaecgl5wRBv60lUAG3h7g==",
)
LABELS = Package(
    "emojibase-data",
    "17.0.0",
    "sha512-Yvgb5AWoHViHV/gq1qr5ZAarcBip+B27/ZLRsUJkbgAEaLlZ/fof9g882LTpmEpyhBNEC0m2SEmItljHsTygjA==",
)


def default_folder() -> Path:
    """Where tarballs are kept when no folder is named: the user's cache."""
    return Path(platformdirs.user_cache_dir("sfumato")) / "datasets"


def fetch(package: Package, folder: Path | None = None) -> Path:
    """The path of the package's checked tarball in `folder`, brought by npm if it is not there.

    Raises DataError when npm is missing or fails, or when the tarball is not the expected one.
    """
    folder = default_folder() if folder is None else folder
    path = folder / package.file_name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _pack(package, path)
    _check(package, path)
    return path


def read_members(path: Path, names: Collection[str]) -> dict[str, bytes]:
    """The content of the named files in a tarball, by name.

    Raises DataError when the tarball cannot be read or lacks one of them.
    """
    wanted = set(names)
    found: dict[str, bytes] = {}
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                file = archive.extractfile(member) if member.name in wanted else None
                if file is not None:
                    found[member.name] = file.read()
    except (tarfile.TarError, OSError, EOFError) as error:
        raise DataError(f"{path.name} cannot be read ({error}); delete it and try again") from error
    missing = sorted(wanted - found.keys())
    if missing:
        raise DataError(f"{path.name} lacks {missing[0]}; delete the file and try again")
    return found


def member_names(path: Path) -> set[str]:
    """The names of all members of a tarball. Raises DataError when it cannot be read."""
    try:
        with tarfile.open(path) as archive:
            return set(archive.getnames())
    except (tarfile.TarError, OSError, EOFError) as error:
        raise DataError(f"{path.name} cannot be read ({error}); delete it and try again") from error


def _pack(package: Package, path: Path) -> None:
    remedy = f"install npm, or put {path.name} into {path.parent}"
    npm = shutil.which("npm")
    if npm is None:
        raise DataError(
            f"{package.name} {package.version} is not here and npm is missing; {remedy}"
        )
    allow_download(f"{package.name} {package.version}")
    with tempfile.TemporaryDirectory(dir=path.parent) as work:
        command = [npm, "pack", f"{package.name}@{package.version}", "--pack-destination", work]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=NPM_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise DataError(f"npm did not bring {package.name} in time; {remedy}") from error
        brought = Path(work) / package.file_name
        if done.returncode != 0 or not brought.exists():
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[0]
            raise DataError(f"npm could not bring {package.name} ({reason}); {remedy}")
        brought.replace(path)


def _check(package: Package, path: Path) -> None:
    try:
        digest = hashlib.sha512(path.read_bytes()).digest()
    except OSError as error:
        raise DataError(f"{path} cannot be read; check its permissions") from error
    if package.integrity != "sha512-" + base64.b64encode(digest).decode():
        raise DataError(
            f"{path} is not {package.name} {package.version} as published; delete it and try again"
        )
