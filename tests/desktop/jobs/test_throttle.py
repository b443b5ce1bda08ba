import numpy as np

from core.events import EditEvent, Preview, Progress
from desktop.jobs.throttle import throttled

PIXELS = np.zeros((2, 2, 3), np.uint8)


class Clock:
    """Goes on by `tick` seconds at each look."""

    def __init__(self, tick: float) -> None:
        self.now, self.tick = 0.0, tick

    def __call__(self) -> float:
        self.now += self.tick
        return self.now


def previews(steps: int, of: int | None = None) -> list[EditEvent]:
    return [Preview(PIXELS, step, of or steps) for step in range(1, steps + 1)]


def shown(events: list[EditEvent], tick: float) -> list[int]:
    return [
        event.step for event in throttled(events, 0.1, Clock(tick)) if isinstance(event, Preview)
    ]


def test_slow_previews_all_pass() -> None:
    assert shown(previews(4), 0.2) == [1, 2, 3, 4]


def test_fast_ones_are_thinned_out() -> None:
    steps = shown(previews(100), 0.01)
    assert steps[0] == 1
    assert steps[-1] == 100
    assert 9 <= len(steps) <= 14


def test_a_held_preview_comes_out_at_the_end() -> None:
    assert shown(previews(3, of=10), 0.0) == [1, 3]


def test_progress_is_never_held_back() -> None:
    events: list[EditEvent] = [Progress(i, 5, "sample") for i in range(1, 6)]
    assert list(throttled(events, 0.1, Clock(0.0))) == events
