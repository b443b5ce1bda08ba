"""A sweep: one edit over several strengths (columns) and guidance scales (rows), as queued jobs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from core.events import Finished, Preview
from core.request import EditRequest
from desktop.document.alternative import Alternative
from desktop.jobs.job import Cancelled, EditJob, Ended, Failed
from desktop.jobs.queue import JobQueue
from desktop.qimage import to_qimage

COLUMNS = 5


class CellState(Enum):
    WAITING = "waiting"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(eq=False)
class Cell:
    """One edit of the sheet.

    preview: the last picture of its way. alternative: what it became when it was chosen.
    """

    row: int
    column: int
    job: EditJob
    state: CellState = CellState.WAITING
    preview: QImage | None = None
    finished: Finished | None = None
    alternative: Alternative | None = None


def strengths_between(low: float, high: float) -> list[float]:
    """COLUMNS strengths from `low` to `high`, evenly, to two decimals."""
    return [round(low + (high - low) * n / (COLUMNS - 1), 2) for n in range(COLUMNS)]


def guidances_around(scale: float, highest: float) -> list[float]:
    """Half the scale, the scale and its double, from 1 (off) to `highest`, without repetition."""
    scales = (min(highest, max(1.0, round(factor * scale, 1))) for factor in (0.5, 1.0, 2.0))
    return sorted(set(scales))


def grid_of_requests(
    request: EditRequest, setting: str, strengths: Sequence[float], guidances: Sequence[float]
) -> list[list[EditRequest]]:
    """`request` with each guidance scale (rows) and each value of its `setting` (columns)."""
    kind, values = type(request.settings), request.settings.model_dump()
    columns = [kind.model_validate(values | {setting: strength}) for strength in strengths]
    return [
        [request.with_(settings=settings, guidance_scale=scale) for settings in columns]
        for scale in guidances
    ]


class Sweep(QObject):
    """The cells of one sheet, followed through the queue. The least change is made first.

    Signals
        cell_changed(object): a Cell has another state or another picture.
    """

    cell_changed = Signal(object)

    def __init__(
        self,
        queue: JobQueue,
        requests: Sequence[Sequence[EditRequest]],
        title: Callable[[EditRequest], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._queue = queue
        self.cells = [
            Cell(row, column, EditJob(request, title(request), keep=False))
            for row, line in enumerate(requests)
            for column, request in enumerate(line)
        ]
        queue.happened.connect(self._on_event)

    @property
    def done(self) -> int:
        """How many cells have ended, however they did."""
        return sum(c.state not in (CellState.WAITING, CellState.RUNNING) for c in self.cells)

    @property
    def is_running(self) -> bool:
        return self.done < len(self.cells)

    def start(self) -> None:
        for cell in self.cells:
            self._queue.submit(cell.job)

    def cancel(self) -> None:
        """Give up what has not ended; cells that are finished stay."""
        for cell in reversed(self.cells):  # so that no waiting one starts in between
            self._queue.cancel(cell.job)

    def _on_event(self, job: EditJob | None, event: object) -> None:
        cell = next((cell for cell in self.cells if cell.job is job), None)
        if cell is None or isinstance(event, Ended):
            return
        if isinstance(event, Finished):
            cell.state, cell.finished, cell.preview = CellState.FINISHED, event, None
        elif isinstance(event, Cancelled):
            cell.state, cell.preview = CellState.CANCELLED, None
        elif isinstance(event, Failed):
            cell.state, cell.preview = CellState.FAILED, None
        else:
            cell.state = CellState.RUNNING
            if isinstance(event, Preview):
                cell.preview = to_qimage(event.picture)
        self.cell_changed.emit(cell)
        if isinstance(event, Failed):
            self.cancel()  # the others would fail in the same way
