"""Files that ship with Sfumato: the starter model, sample pictures, icons and translations.

>>> from resources import path
>>> path("samples", "samples.json").name
'samples.json'
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent
"""The folder that holds ``models``, ``samples``, ``icons`` and ``translations``."""


def path(*parts: str) -> Path:
    """Return the absolute path of a shipped file or folder; it need not exist."""
    return ROOT.joinpath(*parts)
