"""What every test gets: no screen, no network, no traces in the real home, quiet threads.

The variables are set when this file is imported, which is before any test module imports Qt, torch
or huggingface_hub: these read them once, at import. That Qt's warnings fail a test is set in
pyproject.toml (``qt_log_level_fail``).
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

HOME = Path(tempfile.mkdtemp(prefix="sfumato-tests-"))
FOLDERS = {
    "HOME": "home",
    "USERPROFILE": "home",
    "APPDATA": "home/config",
    "LOCALAPPDATA": "home/data",
    "XDG_CONFIG_HOME": "home/config",
    "XDG_CACHE_HOME": "home/cache",
    "XDG_DATA_HOME": "home/data",
    "XDG_STATE_HOME": "home/state",
    "XDG_RUNTIME_DIR": "runtime",
    "HF_HOME": "home/cache/huggingface",
}
for variable, folder in FOLDERS.items():
    (HOME / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ[variable] = str(HOME / folder)
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["OMP_WAIT_POLICY"] = "PASSIVE"
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def pytest_xvfb_disable(config: pytest.Config) -> bool:
    """Start a virtual X server only for someone who asks Qt for another platform."""
    return os.environ["QT_QPA_PLATFORM"] == "offscreen"


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the session's home."""
    shutil.rmtree(HOME, ignore_errors=True)
