"""Draws the window into a PNG, without a screen: for the README, and to look at every variant.

    python packaging/screenshot.py resources/docs/window.png
    python packaging/screenshot.py out.png --theme light --language ko --job fill --scale 2 --runs 0

A sample picture is opened and its edit is run `--runs` times with the shipped model, so that what
is shown is what the program does. Nothing of the user's own settings is read or changed.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def main() -> int:
    options = _options()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = str(options.scale)

    from core.settings import Job
    from desktop import actions, file_actions
    from desktop.app import build_application, build_session, dress
    from desktop.language import Language
    from desktop.preferences import Preferences
    from desktop.theme import ThemeChoice
    from resources import path

    application = build_application(sys.argv[:1])

    def wait(ready: Callable[[], bool], seconds: float) -> None:
        """Let the window live until `ready`, or give up."""
        end = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > end:
                raise TimeoutError(f"the window was not ready after {seconds} s")
            application.processEvents()
            time.sleep(0.005)

    with tempfile.TemporaryDirectory() as folder:
        preferences = Preferences(Path(folder) / "settings.json")
        preferences.theme = ThemeChoice(options.theme)
        preferences.language = Language(options.language)
        dress(application, preferences.theme, preferences.language)
        session = build_session(preferences)
        session.window.resize(1440, 900)
        session.window.show()
        session.look_for_models()
        wait(lambda: session.background.is_idle, 30)
        if options.sample:
            file_actions.open_picture(session, path("samples", options.sample))
            wait(lambda: session.document.has_picture, 30)
            session.state.set_job(Job(options.job or session.state.job))
            session.state.set_steps(options.steps)
            session.inspecting.set_open(bool(options.inspect))
            for _ in range(options.runs):
                actions.run(session)
            wait(lambda: session.queue.is_idle, 600)
            if options.inspect:
                session.inspecting.look_at(options.inspect)
        pause = time.monotonic() + 0.3
        wait(lambda: time.monotonic() > pause, 5)
        options.picture.parent.mkdir(parents=True, exist_ok=True)
        session.window.grab().save(str(options.picture))
        problem = session.window.message.text()
        session.close()
    if problem:
        print(problem, file=sys.stderr)
    return 1 if problem else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("picture", type=Path, help="the PNG to write")
    parser.add_argument("--theme", choices=["dark", "light"], default="dark")
    parser.add_argument("--language", choices=["en", "ko"], default="en")
    parser.add_argument(
        "--job", choices=["fill", "extend", "swap", "restyle", "restore"], help="the sample's own"
    )
    parser.add_argument("--sample", default="orchard.png", help="empty: no picture open")
    parser.add_argument("--inspect", metavar="WORD", help="open Inspect, and look at a word")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--scale", type=float, default=1.0)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
