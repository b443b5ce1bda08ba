"""A window with unsaved work that waits to be killed: python -m tests.desktop.doomed_session ...

    python -m tests.desktop.doomed_session PICTURE SECONDS

Opens PICTURE, makes a result, lets a second edit hang, and then goes on painting and typing: the
source prompt is the time. SECONDS is the time from a change to its autosave. Prints "working" when
the painting starts and "kept" after each autosave from the first second on. The recovery tests run
it in a process of its own.
"""

import sys
import time
from pathlib import Path

import numpy as np
from PySide6.QtCore import QTimer

from core.settings import Job, PromptToPromptSettings
from desktop import actions, file_actions
from desktop.app import build_application, build_session, dress
from desktop.autosave import recovery_folder
from desktop.language import Language
from desktop.preferences import Preferences
from desktop.theme import ThemeChoice
from tests.desktop.fake_engine import FakeEngine


def main(picture: Path, seconds: float) -> int:
    application = build_application(["doomed"])
    preferences = Preferences(recovery_folder().parent / "settings.json")
    dress(application, ThemeChoice.DARK, Language.ENGLISH)
    engine = FakeEngine()
    session = build_session(preferences, open_engine=lambda: engine, find_models=list)
    document, state = session.document, session.state
    session.autosave.set_interval(seconds)
    session.window.show()
    file_actions.open_picture(session, picture)

    def wait(ready) -> None:
        while not ready():
            application.processEvents()
            time.sleep(0.01)

    wait(lambda: document.has_picture)
    state.set_job(Job.SWAP)
    state.set_method(PromptToPromptSettings)
    state.set_source_prompt("a red apple")
    state.set_target_prompt("a green apple")
    state.set_steps(2)
    actions.run(session)
    wait(lambda: session.queue.is_idle)
    engine.gate.clear()
    state.set_target_prompt("a pear")
    actions.run(session)
    rng = np.random.default_rng(1)

    def work() -> None:
        mask = document.mask_u8().copy()
        row, column = (int(rng.integers(0, side)) for side in mask.shape)
        mask[row : row + 9, column : column + 9] = 255
        document.set_mask(mask, "paint")
        state.set_source_prompt(repr(time.time()))

    kept, started = 0.0, time.time()

    def look() -> None:
        nonlocal kept
        for found in recovery_folder().glob("*/*.sfumato"):
            written = found.stat().st_mtime
            if written > max(kept, started + 1.0):
                kept = written
                print("kept", flush=True)

    timers = []
    for task, interval in ((work, 100), (look, 50)):
        timer = QTimer(session)
        timer.timeout.connect(task)
        timer.start(interval)
        timers.append(timer)
    print("working", flush=True)
    return application.exec()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), float(sys.argv[2])))
