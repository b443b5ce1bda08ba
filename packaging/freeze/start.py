"""The frozen program: one folder, some commands, told apart by the name that it is started by."""

import multiprocessing
import sys
from pathlib import Path


def main() -> int:
    # The engine's process is this same program once more; it never comes past this line.
    multiprocessing.freeze_support()
    name = Path(sys.argv[0]).stem
    if name == "sfumato":
        from core.cli import main as command_line

        command_line()
        return 0
    if name == "sfumato-gpu":
        from desktop.gpu.cli import main as set_up

        return set_up()
    from desktop.__main__ import main as window

    return window()


if __name__ == "__main__":
    sys.exit(main())
