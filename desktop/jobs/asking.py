"""Questions about what the user is just turning: only the newest one matters."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.jobs.job import Asked
from desktop.jobs.queue import JobQueue

if TYPE_CHECKING:
    from core.restoration.questions import Question


class Asking(QObject):
    """Has one question under way; of those that come meanwhile it asks the last one next.

    So the engine is never behind by more than one answer, however fast a slider moves.

    Signals
        answered(object): the answer to the newest question.
        failed(object): the exception that it led to.
    """

    answered = Signal(object)
    failed = Signal(object)

    def __init__(self, queue: JobQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self._under_way: Asked | None = None
        self._next: Question | None = None
        self._wanted = False
        queue.answered.connect(self._on_answer)

    @property
    def is_waiting(self) -> bool:
        """Whether an answer is still to come."""
        return self._wanted

    def ask(self, question: "Question") -> None:
        """Ask; what was asked before is not wanted any more."""
        self._wanted = True
        if self._under_way is None:
            self._under_way = Asked(question)
            self._queue.ask(self._under_way)
        else:
            self._next = question

    def forget(self) -> None:
        """Nothing is wanted any more, whatever still comes."""
        self._wanted, self._next = False, None

    def _on_answer(self, number: int, answer: object) -> None:
        if self._under_way is None or number != self._under_way.id:
            return
        self._under_way = None
        question, self._next = self._next, None
        if question is not None:
            self.ask(question)
        elif self._wanted:
            self._wanted = False
            (self.failed if isinstance(answer, Exception) else self.answered).emit(answer)
