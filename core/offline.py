"""No connection unless the user asked for a download, and then none where a switch forbids it.

`forbid_network` stands in the way of every connection that Python code opens to another machine
(an audit hook, PEP 578: it cannot be taken away again). Sockets on this machine that have no
address in a network, such as those of the screen and between our own processes, are left alone.
A download that the user asks for is the work of npm or pip, in a process of its own; whoever starts
one asks `allow_download` first.
"""

import os
import sys

from core.errors import OfflineError

SWITCH = "SFUMATO_OFFLINE"
"""The variable that forbids downloads too; any value but 0."""

# Read once by these libraries, at their import.
FLAGS = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
}

_EVENTS = frozenset({"socket.connect", "socket.getaddrinfo", "socket.gethostbyname"})
_here = {"forbidden": False, "downloads forbidden": False}


def forbid_network() -> None:
    """From now on, in this process, a connection to a network raises OfflineError."""
    os.environ.update(FLAGS)
    if not _here["forbidden"]:
        _here["forbidden"] = True
        sys.addaudithook(_refuse)


def forbid_downloads(forbidden: bool) -> None:
    """What the user chose in the settings; where the variable forbids them, that holds as well."""
    _here["downloads forbidden"] = forbidden


def downloads_forbidden() -> bool:
    """Whether not even a download that the user asks for may be made."""
    return _here["downloads forbidden"] or is_switched_off()


def is_switched_off() -> bool:
    """Whether the variable forbids downloads, whatever the settings say."""
    return os.environ.get(SWITCH, "0") not in ("", "0")


def allow_download(what: str) -> None:
    """To be asked before a download that the user wants. Raises OfflineError where none may be."""
    if is_switched_off():
        raise OfflineError(
            f"{what} is not here, and {SWITCH} forbids to download it. Take {SWITCH} away, or copy "
            "the file from a machine that has it."
        )
    if downloads_forbidden():
        raise OfflineError(
            f"{what} is not here, and the settings forbid to download it. Allow downloads in "
            "Edit > Settings > Privacy, or copy the file from a machine that has it."
        )


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event not in _EVENTS:
        return
    if event == "socket.connect":
        address = arguments[1]
        if not isinstance(address, tuple):  # a path: a socket of this machine's own
            return
        target = ":".join(str(part) for part in address[:2])
    else:
        target = str(arguments[0])
    raise OfflineError(f"A connection to {target} was asked for and refused: Sfumato is offline.")
