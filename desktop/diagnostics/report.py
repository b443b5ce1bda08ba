"""The text of a report: versions, machine, settings, last errors, log tails. No Qt."""

import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import core
from desktop.diagnostics import logs
from desktop.diagnostics.machine import machine
from desktop.settings.values import Values

TAIL = 120
_PATHS = (("engine", "model_folders"), ("files", "folder"), ("window", "geometry"))


@dataclass(frozen=True)
class Report:
    """What is told. window: versions of what the window runs on. engine: what it answered, or why
    it did not. prompts: only where the user wants them told.
    """

    values: Values
    window: Mapping[str, str]
    engine: Mapping[str, str]
    model: str
    prompts: tuple[str, ...] = ()
    folder: Path = field(default_factory=logs.log_folder)

    def text(self) -> str:
        """Everything, a heading above each part; folders below the user's own are not told."""
        tails = {name: logs.tail(name, TAIL, self.folder) for name in ("window", "engine")}
        crashes = self._crashes()
        errors = [line for lines in tails.values() for line in logs.errors_in(lines)]
        versions = {"Sfumato": core.__version__, "Python": platform.python_version()}
        parts = [
            ("Versions", _listed({**versions, **self.window})),
            ("Machine", _listed(machine())),
            ("Engine", _listed({"Model": self.model, **self.engine})),
            ("Settings", json.dumps(_told(self.values), indent=1, ensure_ascii=False)),
            *([("Prompts", "\n".join(self.prompts))] if self.prompts else []),
            ("Last errors", "\n".join(errors) or "none"),
            *([("Crashes", crashes)] if crashes else []),
            *((f"Log of the {name}", "\n".join(lines) or "empty") for name, lines in tails.items()),
        ]
        text = "\n\n".join(f"== {heading} ==\n{body}" for heading, body in parts)
        return _without_home(f"Report of Sfumato\n\n{text}\n")

    def _crashes(self) -> str:
        found = []
        for name in ("window", "engine"):
            try:
                lines = (self.folder / f"{name}-crash.log").read_text("utf-8", errors="replace")
            except OSError:
                continue
            found += lines.splitlines()[-40:]
        return "\n".join(found)


def _listed(entries: Mapping[str, str]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in entries.items())


def _told(values: Values) -> dict[str, object]:
    """The settings, of which paths are told as "~" or as how many they are."""
    told = values.model_dump(mode="json")
    for part, entry in _PATHS:
        own = told[part][entry]
        told[part][entry] = [f"{len(own)} folders"] if isinstance(own, list) else "~" if own else ""
    return told


def _without_home(text: str) -> str:
    home = str(Path.home())
    return text.replace(home, "~") if len(home) > 1 else text
