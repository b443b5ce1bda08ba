"""Python's garbage is collected on the window's thread only.

Collected wherever memory happens to be asked for, a cycle that holds a QObject could be taken apart
on a worker's thread, and Qt crashes when an object with timers or children ends there.
"""

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 500


class Collector(QObject):
    """Takes over from the automatic collector for as long as it lives; `close` gives it back.

    The generations are collected when Python would have: by the same thresholds, only later.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_enabled = gc.isenabled()
        gc.disable()
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(collect_due)
        self._timer.start()

    def close(self) -> None:
        self._timer.stop()
        if self._was_enabled:
            gc.enable()


def collect_due() -> int | None:
    """Collect the oldest generation that is over its threshold; which one, or None."""
    counts, limits = gc.get_count(), gc.get_threshold()
    due = [
        age for age, (count, limit) in enumerate(zip(counts, limits, strict=True)) if count > limit
    ]
    if not due:
        return None
    gc.collect(due[-1])
    return due[-1]
