"""A file of many edits: a JSON object a line, with the names of the command line's options.

    {"picture": "a.png", "job": "remove", "mask": "a-mask.png"}
    {"picture": "b.png", "job": "extend", "ratio": "16:9", "prompt": "the sea", "variations": 3}

Paths are seen from the file's own folder. What a line does not say is what the command line says.
"""

import json
from pathlib import Path
from typing import Any

from core.edit_spec import EditSpec, spec_from
from core.errors import RequestError

_PATHS = ("picture", "mask", "out")
MAX_BYTES = 64 * 1024**2


def read_jobs(file: Path, given: dict[str, Any]) -> list[EditSpec]:
    """The edits in their order, with the `given` values where a line has none.

    Raises RequestError, which names the line, before anything is edited.
    """
    try:
        if file.stat().st_size > MAX_BYTES:
            raise RequestError(f"{file.name} is larger than 64 MB; cut it into several.")
        lines = file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise RequestError(f"{file.name} cannot be read: {reason}. Check --jobs.") from error
    jobs = [
        _job(line, f"{file.name}, line {number}", file.parent, given)
        for number, line in enumerate(lines, start=1)
        if line.strip()
    ]
    if not jobs:
        raise RequestError(f"{file.name} holds no edits; write one JSON object a line.")
    return jobs


def _job(line: str, where: str, folder: Path, given: dict[str, Any]) -> EditSpec:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise RequestError(f"{where} is not JSON: {error}.") from error
    if not isinstance(said, dict):
        raise RequestError(f'{where} is no object; write it as {{"picture": "a.png", ...}}.')
    values = {name.replace("-", "_"): value for name, value in said.items()}
    if "prompt" in values:
        values["target"] = values.pop("prompt")
    for name in _PATHS:
        if isinstance(values.get(name), str):
            values[name] = folder / values[name]
    return spec_from({**given, **values}, where)
