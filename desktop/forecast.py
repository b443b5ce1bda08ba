"""How long a run will take, from how long the last one of its method took."""

from core.events import Finished
from core.settings import Settings
from desktop.document.document import Document
from desktop.jobs.job import EditJob
from desktop.state import EditState


class Forecast:
    """Seconds per step by method, for the open picture."""

    def __init__(self, document: Document, state: EditState) -> None:
        self._document, self._state = document, state
        self._pace: dict[type[Settings], tuple[float, tuple[int, ...]]] = {}

    def forget(self) -> None:
        """Another picture is open."""
        self._pace.clear()

    def note(self, job: EditJob, finished: Finished) -> None:
        """A run ended."""
        asked = job.request.settings
        per_step = finished.seconds / max(1, asked.network_steps(job.request.steps))
        self._pace[type(asked)] = (per_step, finished.picture.shape)

    def seconds(self) -> float | None:
        """Of the run that the panel shows; None where nothing is known."""
        state = self._state
        per_step, shape = self._pace.get(state.method, (0.0, ()))
        if not per_step or shape != self._document.pixels.shape:
            return None
        return per_step * max(1, state.settings.network_steps(state.steps)) * state.variations
