"""`core` runs where Qt is not installed: every module imports, and none asks for Qt or desktop."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import core

ROOT = Path(core.__file__).parent
FORBIDDEN = ("PySide6", "shiboken6", "qtpy", "superqt", "qtawesome", "qasync", "desktop")

# Every module that may be imported by its name; __main__ runs when it is.
IMPORT_ALL = f"""
import importlib, pkgutil, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {FORBIDDEN!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Absent())
import core
count = 0
for module in pkgutil.walk_packages(core.__path__, "core."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
        count += 1
loaded = {{name.partition(".")[0] for name in sys.modules}}
assert not loaded & set({FORBIDDEN!r}), loaded
print(count)
"""


def test_every_module_of_core_imports_without_qt() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL],
        capture_output=True,
        text=True,
        cwd=ROOT.parent,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 40


@pytest.mark.parametrize(
    "file", sorted(ROOT.rglob("*.py")), ids=lambda file: str(file.relative_to(ROOT))
)
def test_no_module_of_core_names_qt_or_the_desktop(file: Path) -> None:
    """Nor in a function, nor under TYPE_CHECKING."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            names = [node.module]
        assert not [name for name in names if name.partition(".")[0] in FORBIDDEN]
