"""Nothing connects to a network: whole programs without one, under the system's own eye.

    pytest -m slow tests/flow/test_offline.py -s

`unshare -rn` takes the network away, `strace` writes down every call that would use one.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from resources import path

JOBS = int(os.environ.get("SFUMATO_JOBS", "50"))

SESSION = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from core.events import Finished
from core.settings import Job
from desktop import actions, file_actions
from desktop.app import build_application, build_session, dress
from desktop.jobs.job import Failed
from desktop.language import Language
from desktop.preferences import Preferences
from desktop.theme import ThemeChoice

if __name__ == "__main__":
    jobs, picture = int(sys.argv[1]), Path(sys.argv[2])
    application = build_application(["sfumato"])
    dress(application, ThemeChoice.DARK, Language.ENGLISH)
    session = build_session(Preferences(Path(sys.argv[3])))
    session.window.show()
    session.look_for_models()
    done = []

    def go_on(_job, event):
        if isinstance(event, Failed):
            print(event.message)
            application.exit(0)
        if isinstance(event, Finished):
            done.append(event)
            if len(done) < jobs:
                actions.run(session)
            else:
                application.exit(0)  # quit() would ask about the results

    def begin():
        session.state.set_job(Job.RESTYLE)
        session.state.set_target_prompt("a pear")
        session.state.set_steps(2)
        actions.run(session)

    session.queue.happened.connect(go_on)
    session.document.picture_changed.connect(lambda: QTimer.singleShot(0, begin))
    QTimer.singleShot(0, lambda: file_actions.open_picture(session, picture))
    application.exec()
    print(len(done), "jobs")
    session.close()
"""


def watched(arguments: list[str], log: Path) -> str:
    """Run without a network; standard output. The calls that were made are in `log`."""
    calls = ["-f", "--seccomp-bpf", "-qq", "-e", "trace=network"]  # others are not held up
    command = ["strace", *calls, "-o", str(log), "unshare", "-rn"]
    done = subprocess.run(
        [*command, *arguments], capture_output=True, text=True, timeout=3000, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def connects(log: Path) -> list[str]:
    lines = log.read_text().splitlines()
    return [line for line in lines if "connect(" in line and "AF_INET" in line]


pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(
        not (shutil.which("strace") and shutil.which("unshare")), reason="needs strace and unshare"
    ),
]


def test_the_watcher_sees_a_connection(tmp_path: Path) -> None:
    code = "import socket; socket.socket().connect_ex(('127.0.0.1', 9))"
    watched([sys.executable, "-c", code], tmp_path / "log")
    assert connects(tmp_path / "log")


def test_a_session_of_many_jobs(tmp_path: Path) -> None:
    program = tmp_path / "session.py"
    program.write_text(SESSION)
    sample = path("samples") / "orchard.png"
    arguments = [sys.executable, str(program), str(JOBS), str(sample), str(tmp_path / "p.ini")]
    said = watched(arguments, tmp_path / "log").strip()
    assert said.endswith(f"{JOBS} jobs"), said
    assert connects(tmp_path / "log") == []


def test_the_command_line(tmp_path: Path) -> None:
    sample = path("samples") / "orchard.png"
    edit = ["edit", str(sample), "--job", "restyle", "--prompt", "a pear", "--steps", "2"]
    out = ["--out", str(tmp_path / "out.png")]
    watched([sys.executable, "-m", "core.cli", *edit, *out], tmp_path / "log")
    assert (tmp_path / "out.png").exists()
    assert connects(tmp_path / "log") == []
