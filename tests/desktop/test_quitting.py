"""The program ends when its window is closed, which only a process of its own can show."""

import subprocess
import sys

PRESS_QUIT = """
import sys
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop import app

build = app.build_application


def with_a_finger_on_the_key(arguments):
    application = build(arguments)

    def press():
        if (window := QApplication.activeWindow()) is None:
            QTimer.singleShot(100, press)
        else:
            QTest.keyClick(window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)

    QTimer.singleShot(100, press)
    return application


app.build_application = with_a_finger_on_the_key
sys.exit(app.run(Path(sys.argv[1]), None, None, in_process=True))
"""


def test_the_quit_key_ends_the_program() -> None:
    import resources

    sample = str(resources.path("samples", "orchard.png"))
    done = subprocess.run(
        [sys.executable, "-c", PRESS_QUIT, sample], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
