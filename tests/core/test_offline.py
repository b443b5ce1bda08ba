import os
import subprocess
import sys

import pytest

from core import offline
from core.errors import OfflineError

CHILD = """
import socket, sys
from core.offline import forbid_network
from core.errors import OfflineError
forbid_network(); forbid_network()
refused = []
def attempt(name, work):
    try:
        work()
    except OfflineError as error:
        refused.append(name)
tcp = socket.socket(); udp = socket.socket(type=socket.SOCK_DGRAM)
attempt("connect", lambda: tcp.connect(("127.0.0.1", 9)))
attempt("udp", lambda: udp.connect(("127.0.0.1", 9)))
attempt("name", lambda: socket.getaddrinfo("localhost", 80))
import urllib.request
attempt("url", lambda: urllib.request.urlopen("http://127.0.0.1:9"))
ours, theirs = socket.socketpair()
ours.send(b"x"); theirs.recv(1)
print(refused)
"""


def run(code: str, **variables: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **variables},
    )
    return done.stdout.strip()


def test_every_way_out_is_refused_and_our_own_sockets_work() -> None:
    assert run(CHILD) == "['connect', 'udp', 'name', 'url']"


def test_the_hub_is_told_before_it_is_imported() -> None:
    code = (
        "from core.offline import forbid_network; forbid_network()\n"
        "import huggingface_hub.constants as c; print(c.HF_HUB_OFFLINE, c.HF_HUB_DISABLE_TELEMETRY)"
    )
    assert run(code, HF_HUB_OFFLINE="0") == "True True"


@pytest.mark.parametrize("entry", ["core.cli", "desktop.__main__", "desktop.jobs.engine_child"])
def test_the_programs_begin_with_it(entry: str) -> None:
    """Each entry calls it; the help of the first two, and the child's first act, come after."""
    code = (
        "import sys, importlib, core.offline as offline\n"
        "calls = []\n"
        "offline.forbid_network = lambda: calls.append(1)\n"
        f"module = importlib.import_module('{entry}')\n"
        "sys.argv = ['x', '--help']\n"
        "try:\n"
        "    getattr(module, 'run_engine', lambda *_: module.main())(None, '', None)\n"
        "except BaseException: pass\n"
        "print(len(calls))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip().splitlines()[-1] == "1"


def test_a_download_needs_the_switch_off(monkeypatch) -> None:
    monkeypatch.delenv(offline.SWITCH, raising=False)
    offline.allow_download("a package")
    monkeypatch.setenv(offline.SWITCH, "1")
    with pytest.raises(OfflineError, match="a package is not here, and SFUMATO_OFFLINE"):
        offline.allow_download("a package")
