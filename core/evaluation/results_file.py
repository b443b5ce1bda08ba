"""A folder of results that a killed run goes on with.

plan.json        what all results have in common; another plan needs another folder
results.jsonl    one line for each result, written as it is made
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from core.errors import DataError, RequestError, SaveError

PLAN_FILE, RESULTS_FILE = "plan.json", "results.jsonl"

T = TypeVar("T")


def open_folder(folder: Path, plan: dict[str, Any], refusal: str) -> None:
    """Make the folder of this plan, or find it made.

    refusal: what is said of a folder with another plan. Raises RequestError then, and SaveError if
    it cannot be made.
    """
    text = json.dumps(plan, indent=2) + "\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SaveError(f"{folder} cannot be made ({error.strerror}); change --out.") from error
    note = folder / PLAN_FILE
    if note.exists() and note.read_text("utf-8") != text:
        raise RequestError(f"{folder} {refusal}")
    note.write_text(text, "utf-8")


def read_results(folder: Path, make: Callable[[dict[str, Any]], T]) -> Iterator[T]:
    """The folder's results; a last line that a kill cut short is taken off the file.

    make: a result of its line's values. Raises DataError where a line is not one.
    """
    path = folder / RESULTS_FILE
    if not path.exists():
        return
    data = path.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    if whole != data:
        path.write_bytes(whole)
    for line in whole.decode().splitlines():
        try:
            yield make(json.loads(line))
        except (ValueError, TypeError, KeyError) as error:
            raise DataError(f"{path} is damaged; delete its folder and begin again.") from error
