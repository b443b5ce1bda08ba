"""`python -m desktop [PICTURE]`: opens the window."""

import argparse
import os
import sys
from pathlib import Path

from core import offline


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, open the window, and return the exit status."""
    offline.forbid_network()
    parser = argparse.ArgumentParser(
        prog="sfumato-desktop", description="Edit pictures with diffusion models."
    )
    parser.add_argument("picture", nargs="?", type=Path, help="a picture to open")
    parser.add_argument("--theme", choices=["dark", "light", "system"])
    parser.add_argument("--language", choices=["en", "ko"])
    parser.add_argument(
        "--engine",
        choices=["process", "thread"],
        default="process",
        help="where the model runs: in a process of its own, or, for debugging, in the window's",
    )
    parser.add_argument(
        "--smoke",
        action="store_true",
        help="open a sample, fill its mask once and end; without a screen too, to test a package",
    )
    options = parser.parse_args(arguments)
    if options.smoke and _has_no_screen():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if _has_no_screen():
        print(
            "There is no screen for the window. Set DISPLAY or WAYLAND_DISPLAY, or edit from the "
            "command line: sfumato edit --help",
            file=sys.stderr,
        )
        return 1
    from desktop.app import run
    from desktop.language import Language
    from desktop.theme import ThemeChoice

    return run(
        options.picture,
        ThemeChoice(options.theme) if options.theme else None,
        Language(options.language) if options.language else None,
        in_process=options.engine == "thread",
        smoke=options.smoke,
    )


def _has_no_screen() -> bool:
    return sys.platform.startswith("linux") and not any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    )


if __name__ == "__main__":
    sys.exit(main())
