"""Lets the first and the last preview through, and about ten a second between them."""

import time
from collections.abc import Callable, Iterable, Iterator

from core.events import EditEvent, Preview, Progress

SECONDS_BETWEEN_PREVIEWS = 0.1


def throttled(
    events: Iterable[EditEvent],
    seconds: float = SECONDS_BETWEEN_PREVIEWS,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[EditEvent]:
    """`events` without the previews that come too soon after one that was let through.

    A preview that was held back is let through before the event that ends the edit, so that the
    last one is always seen. Everything but previews passes unchanged.
    """
    shown_at = float("-inf")
    held: Preview | None = None
    for event in events:
        if isinstance(event, Preview):
            if clock() - shown_at < seconds and event.step < event.steps:
                held = event
                continue
            shown_at = clock()
            held = None
        elif held is not None and not isinstance(event, Progress):
            yield held
            held = None
        yield event
    if held is not None:
        yield held
