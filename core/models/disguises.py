"""What must not lie in a model: program code, and files that run code when they are opened.

Nothing of that kind is ever opened here. A model that brings it was not made for this program, and
another program that it is handed on to may not look so closely.
"""

import re
from pathlib import Path

from core.errors import ModelRefusedError
from core.models.safetensors_file import is_whole

_CODE_SUFFIXES = {
    *(".py", ".pyc", ".pyo", ".pyw", ".pyz", ".pyd", ".pyx", ".egg", ".whl", ".so", ".dll"),
    *(".dylib", ".exe", ".sh", ".bat", ".cmd", ".ps1", ".vbs", ".js", ".jar", ".ipynb"),
}
_PICKLE_SUFFIXES = {".ckpt", ".pt", ".pth", ".bin", ".pkl", ".pickle", ".joblib"}
_CODE_STARTS = {b"#!": "a script", b"\x7fELF": "a program", b"MZ": "a program"}
_ARCHIVE_STARTS = {
    b"PK\x03\x04": "a zip archive (a PyTorch checkpoint)",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ\0": "an xz archive",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!": "a rar archive",
    b"x\x01": "a zlib stream",
    b"x\x9c": "a zlib stream",
    b"x\xda": "a zlib stream",
}
# Protocols 0 and 1 are plain text: a global that is called, or a container that is filled.
_TEXT_PICKLE = re.compile(
    rb"\(*(?:c[A-Za-z_][\w.]*\n[A-Za-z_]\w*\n|[dl]p\d+\n|\((?:S['\"]|V|[ci][A-Za-z_]))|"
    rb"\((?:[dl]p\d+\n|S['\"].*\n|V.*\n)"
)
_REMEDY = "Remove it, or choose a model without code."


def refuse_disguises(file: Path, shown: str) -> None:
    """Raise ModelRefusedError if `file` is program code, or may hold a pickle, by name or content.

    A safetensors file begins with its header's length, which can be the first bytes of anything;
    one that is whole is none of that. shown: what to call the file in the message.
    """
    suffix = file.suffix.lower()
    if suffix in _CODE_SUFFIXES:
        raise ModelRefusedError(f"{shown} is program code, which Sfumato never runs. {_REMEDY}")
    with file.open("rb") as stream:
        start = stream.read(512)
    code = next((what for magic, what in _CODE_STARTS.items() if start.startswith(magic)), None)
    kind = _kind_of(start)
    if (code or kind) and is_whole(file):
        code = kind = None
    if code is not None:
        raise ModelRefusedError(f"{shown} is {code}, which Sfumato never runs. {_REMEDY}")
    if kind is None and suffix in _PICKLE_SUFFIXES:
        kind = f"a {suffix} file (a checkpoint)"
    if kind is not None:
        raise ModelRefusedError(
            f"{shown} is {kind}, which can run code when it is opened. "
            "Remove it and use a safetensors copy of the model."
        )


def refuse_links(file: Path, folder: Path, shown: str) -> None:
    """Raise ModelRefusedError if `file` in the model `folder` is a link to a place outside of it.

    In a cache of Hugging Face's layout a snapshot's files are links to the blobs beside it.
    """
    if not file.is_symlink():
        return
    home = folder.resolve()
    homes = [home, home.parent.parent / "blobs"] if home.parent.name == "snapshots" else [home]
    try:
        target = file.resolve()
    except (OSError, RuntimeError):  # links in a circle
        target = Path()
    if not any(target.is_relative_to(one) for one in homes):
        raise ModelRefusedError(
            f"{shown} is a link that leads out of the model's folder. "
            "Copy the file itself there, or choose another model."
        )


def _kind_of(start: bytes) -> str | None:
    if start[:1] == b"\x80" and len(start) > 1 and 2 <= start[1] <= 5:
        return "a Python pickle"
    if _TEXT_PICKLE.match(start):
        return "a Python pickle"
    if start[257:262] == b"ustar":
        return "a tar archive"
    return next((what for magic, what in _ARCHIVE_STARTS.items() if start.startswith(magic)), None)
