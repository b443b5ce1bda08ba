"""A job, and what the worker adds to the engine's own events. Everything here can be pickled."""

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.events import EditEvent
from core.request import EditRequest

if TYPE_CHECKING:
    from core.restoration.questions import Question

NO_JOB = 0
"""The id of events that belong to no job: the engine is being prepared, or a model was loaded."""

_ids = itertools.count(NO_JOB + 1)


@dataclass(frozen=True, eq=False)
class EditJob:
    """One request with its number and the name under which its result will be shown.

    keep: whether the result becomes an alternative by itself; else only who asked for it gets it.
    inspect: whether the result shall bring a recording of how it was made.
    on_canvas: whether it is about the open picture, so that the canvas shows its previews.
    """

    request: EditRequest
    title: str
    keep: bool = True
    inspect: bool = False
    on_canvas: bool = True
    id: int = field(default_factory=lambda: next(_ids))


@dataclass(frozen=True, eq=False)
class Asked:
    """A question to the engine with its number; it waits for the edit that runs."""

    question: "Question"
    id: int = field(default_factory=lambda: next(_ids))


@dataclass(frozen=True)
class Loading:
    """The engine or a model is being loaded; the first step takes longer than the others."""

    model: str


@dataclass(frozen=True)
class ModelLoaded:
    """A model is in memory: on which device, at which precision, with how many CPU threads.

    fell_back: the engine that was set up for a graphics card did not start; this is the other.
    """

    model: str
    device: str
    precision: str
    threads: int
    fell_back: bool = False


@dataclass(frozen=True)
class Ended:
    """The edit ran to its end. Its results came before, one `Finished` per variation."""


@dataclass(frozen=True)
class Failed:
    """The edit ended with an error. `error` is the name of its class in `core.errors`, or ''."""

    message: str
    error: str = ""


@dataclass(frozen=True)
class Cancelled:
    """The edit was given up on request; what was finished by then remains, and nothing else."""


JobEvent = EditEvent | Loading | ModelLoaded | Ended | Failed | Cancelled


def ends_job(event: object) -> bool:
    """True for the one event that each job ends with."""
    return isinstance(event, Ended | Failed | Cancelled)
