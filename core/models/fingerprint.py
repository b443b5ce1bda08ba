"""A model's identity in recipes: one hash over the files that decide what it computes."""

import hashlib
import json
import logging
from pathlib import Path

from platformdirs import user_cache_path

from core.errors import ModelDamagedError, SaveError
from core.imaging.atomic import write_atomically

_log = logging.getLogger(__name__)
_SUFFIXES = {".safetensors", ".json", ".txt"}
_RECORD = "training"


def fingerprint(folder: Path, cache: Path | None = None) -> str:
    """sha256 (hex) over names and contents of weights, configurations and vocabulary.

    Reading gigabytes takes seconds, so a file's hash is remembered in `cache` (a JSON file, in the
    user's cache folder by default) for as long as its size and time of change stay the same.
    Raises ModelDamagedError if a file cannot be read.
    """
    cache = cache or user_cache_path("sfumato", appauthor=False) / "fingerprints.json"
    known = _read_cache(cache)
    fresh = dict(known)
    total = hashlib.sha256()
    try:
        for file in model_files(folder):
            state = file.stat()
            key = str(file.resolve())
            stamp = [state.st_size, state.st_mtime_ns]
            entry = known.get(key)
            if isinstance(entry, list) and len(entry) == 2 and entry[0] == stamp:
                digest = str(entry[1])
            else:
                with file.open("rb") as stream:
                    digest = hashlib.file_digest(stream, "sha256").hexdigest()
                fresh[key] = [stamp, digest]
            total.update(f"{file.relative_to(folder).as_posix()}\0{digest}\n".encode())
    except OSError as error:
        raise ModelDamagedError(
            f"{folder.name} cannot be read: {error.strerror or error}. "
            "Copy the model again or choose another."
        ) from error
    if fresh != known:
        _write_cache(cache, fresh)
    return total.hexdigest()


def model_files(folder: Path) -> list[Path]:
    """The files in the model's parts (not its card, pictures or record), in a fixed order."""
    return sorted(
        file
        for file in folder.rglob("*")
        if file.is_file()
        and file.suffix in _SUFFIXES
        and file.relative_to(folder).parts[0] not in (_RECORD, file.name)
    )


def _read_cache(cache: Path) -> dict[str, object]:
    try:
        content = json.loads(cache.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _write_cache(cache: Path, content: dict[str, object]) -> None:
    """Losing the cache costs seconds, so a failure is only noted."""
    kept = {key: value for key, value in content.items() if Path(key).exists()}
    try:
        cache.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(cache, json.dumps(kept).encode())
    except (OSError, SaveError) as error:
        _log.debug("fingerprints are not cached: %s", error)
