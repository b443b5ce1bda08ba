"""Edits and selections that several tests of the window make."""

from collections.abc import Callable

import numpy as np

from core.settings import Job
from desktop import actions
from desktop.session import Session

Ended = Callable[[Session], None]


def swap(session: Session, ended: Ended, target: str = "a green apple") -> None:
    """Run one swap to its end."""
    session.state.set_job(Job.SWAP)
    session.state.set_source_prompt("a red apple")
    session.state.set_target_prompt(target)
    session.state.set_steps(3)
    actions.run(session)
    ended(session)


def select_half(session: Session) -> None:
    mask = np.zeros(session.document.pixels.shape[:2], np.uint8)
    mask[:, : mask.shape[1] // 2] = 255
    session.document.set_mask(mask, "half")
