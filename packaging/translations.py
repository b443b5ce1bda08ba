"""Collects the window's texts for Qt Linguist and compiles what was translated.

    python packaging/translations.py            collect into resources/translations/*.ts, compile
    python packaging/translations.py --compile  compile only

Uses lupdate and lrelease of PySide6. Edit the .ts file with pyside6-linguist or by hand between
the two; a test fails while a text is unfinished.
"""

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "translations"
LANGUAGES = ("ko",)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--compile", action="store_true", help="compile only")
    options = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    sources = sorted(str(p.relative_to(ROOT)) for p in (ROOT / "desktop").rglob("*.py"))
    for language in LANGUAGES:
        texts = FOLDER / f"sfumato_{language}.ts"
        if not options.compile:
            target = ["-target-language", language, "-locations", "none", "-no-obsolete"]
            _run("lupdate", *sources, *target, "-ts", str(texts))
        _run("lrelease", str(texts), "-qm", str(texts.with_suffix(".qm")))
    return 0


def _run(tool: str, *arguments: str) -> None:
    """Run one of PySide6's command-line tools from this interpreter's environment."""
    program = Path(sys.executable).with_name(f"pyside6-{tool}")
    subprocess.run([str(program), *arguments], cwd=ROOT, check=True)


if __name__ == "__main__":
    sys.exit(main())
