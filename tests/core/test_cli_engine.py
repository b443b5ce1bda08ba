"""The command line through the real engine, with a model of random weights."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from core import cli
from core.errors import RequestError
from core.imaging.image import load
from tests.core.command_line import fill, photo_and_mask, run_main
from tests.tiny_model import write_tiny_model

PROJECT = Path(cli.__file__).parents[1]


@pytest.fixture
def files(tmp_path):
    return photo_and_mask(tmp_path)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return write_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


def test_help_imports_no_torch():
    code = (
        "import sys\nfrom core import cli\nsys.argv = ['sfumato', '--help']\n"
        "try:\n    cli.main()\nexcept SystemExit as end:\n    assert not end.code\n"
        "heavy = {'torch', 'diffusers', 'cv2', 'PySide6'} & set(sys.modules)\n"
        "sys.exit(f'imported: {heavy}' if heavy else 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    for command in ("generate", "edit", "replay", "models", "train"):
        assert command in done.stdout


def test_an_edit_and_its_replay_through_the_real_engine(files, tiny, capsys, monkeypatch):
    arguments = ("--model", tiny, "--device", "cpu", "--steps", 2, "--prompt", "a cat")
    code, output = run_main(monkeypatch, capsys, *fill(files, *arguments))
    assert code == 0, output.err
    path, _, outside = output.out.splitlines()
    assert outside == "0 pixels changed outside the mask and its blend band"
    assert load(path).size == (10, 12)
    monkeypatch.setenv("SFUMATO_MODELS", str(tiny.parent))
    code, output = run_main(monkeypatch, capsys, "replay", path, "--model", tiny)
    assert code == 0, output.err
    assert output.out.splitlines()[-1] == "exact"


def test_words_that_are_not_read_and_methods_that_cannot_be_are_said(
    files, tiny, capsys, monkeypatch
):
    arguments = ("--model", tiny, "--device", "cpu", "--steps", 1)
    swap = ("edit", files / "photo.png", "--job", "swap", *arguments, "--source", "a cat")
    code, output = run_main(monkeypatch, capsys, *swap, "--target", "7 " * 22 + "red")
    assert code == 0, output.err
    assert "so these words are left out: “red”; shorten the prompt.\n" in output.err
    more = ("--target", "a dog", "--method", "flowedit")
    code, output = run_main(monkeypatch, capsys, *swap, *more)
    assert code == RequestError.exit_code
    assert "flowedit needs a rectified-flow model and tiny predicts epsilon" in output.err


# Runs the command line, and tells on standard error when each step of the edit is done.
WATCHED = """
import sys
import core.run
from core import cli
from core.events import Progress

original = core.run.run_edit

def watched(*given):
    for event in original(*given):
        if isinstance(event, Progress):
            print("step", event.step, file=sys.stderr, flush=True)
        yield event

core.run.run_edit = watched
sys.argv[0] = "sfumato"
cli.main()
"""


@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT")
def test_ctrl_c_in_the_middle_of_an_edit(files, tiny):
    more = ("--model", tiny, "--device", "cpu", "--steps", 1000, "--prompt", "a cat")
    command = [sys.executable, "-c", WATCHED, *map(str, fill(files, *more))]
    before = sorted(files.iterdir())
    with subprocess.Popen(
        command,
        cwd=PROJECT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell's background jobs pass on that they ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line == "step 3\n":
                break
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, ""), err
    assert err.strip().splitlines()[-1] == "Cancelled."
    assert "step 900" not in err
    assert sorted(files.iterdir()) == before
