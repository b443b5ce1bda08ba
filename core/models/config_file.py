"""A model's JSON files, read within limits: they come from anywhere."""

import json
from pathlib import Path
from typing import Any

MAX_BYTES = 8 * 1024**2


def read_json(file: Path) -> Any:
    """What is in `file`. Raises OSError if it is no file, ValueError if it is no JSON or too much.

    Devices and pipes, which have no end, are no files.
    """
    if not file.is_file():
        raise FileNotFoundError(f"{file.name} is no file")
    with file.open("rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValueError(f"{file.name} has more than {MAX_BYTES} bytes")
    try:
        return json.loads(data.decode("utf-8"))
    except RecursionError as error:
        raise ValueError(f"{file.name} is nested too deeply") from error
