"""An engine without a network, for the tests of everything in front of it."""

import threading
import time
from collections.abc import Callable, Generator

import numpy as np

from core.events import EditEvent, Finished, Notice, Preview, Progress
from core.request import EditRequest, Pixels
from core.restoration.degradations import KINDS, size_before
from core.restoration.questions import Examples, Question
from core.restoration.report import Residual, Restoration, mean_and_spread
from core.settings import ExtendSettings, Job, RestorationSettings
from desktop.jobs.job import ModelLoaded
from tests.recordings import made_recording


class FakeEngine:
    """Inverts the picture inside the mask, in as many steps as asked for.

    From a prompt to itself it gives the picture back, but for `loss` levels everywhere.

    An extension mirrors the picture. Variations differ from each other by a level or so.

    gate: each step waits until it is set, so that a test can hold an edit in its middle.
    noisy: whether variations differ. between: each variation but the first waits for it.
    notice: said before the first step, if there is one; choice: it is what Auto chose.
    error: raised after the second step, if there is one.
    asked: the questions that it answered, truly but for examples.
    closed: how often an edit was given up or ended; order: the ids' seeds in running order.
    """

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.noisy = True
        self.between = threading.Event()
        self.between.set()
        self.step_seconds = 0.0
        self.notice = ""
        self.choice = False
        self.error: Exception | None = None
        self.load_error: Exception | None = None
        self.loss = 0
        self.asked: list[Question] = []
        self.closed = 0
        self.ended = False
        self.order: list[int] = []
        self.threads: set[str] = set()
        self.step = threading.Event()

    def prepare(self, stopped: Callable[[], bool]) -> bool:
        self.threads.add(threading.current_thread().name)
        return not stopped()

    def load(self, model: str, stopped: Callable[[], bool]) -> ModelLoaded:
        if self.load_error is not None:
            raise self.load_error
        return ModelLoaded(model, "cpu", "float32", 1)

    def answer(self, question: Question, stopped: Callable[[], bool]) -> object:
        self.asked.append(question)
        if isinstance(question, Examples):
            names = (kind.model_fields["kind"].default for kind in KINDS)
            return dict.fromkeys(names, question.picture)
        return question.answer()

    def edit(
        self, request: EditRequest, *, inspect: bool, stopped: Callable[[], bool]
    ) -> Generator[EditEvent]:
        assert request.picture is not None
        self.order.append(request.seed)
        started = time.monotonic()
        small = np.ascontiguousarray(request.picture[::4, ::4]).astype(np.uint8)
        try:
            if self.notice:
                yield Notice(self.notice, self.choice)
            for step in range(1, request.steps + 1):
                self.gate.wait(10)
                time.sleep(self.step_seconds)
                if self.error is not None and step == 2:
                    raise self.error
                yield Progress(step, request.steps, "sample", 0.1 * (request.steps - step))
                yield Preview(small, step, request.steps)
                self.step.set()
            for index in range(request.variations):
                if index:
                    self.between.wait(10)
                one = request.variation(index)
                picture, offset = self._edited(one, index if self.noisy else 0)
                yield Finished(
                    request=one,
                    picture=picture,
                    changed_outside=None if request.mask is None else 0,
                    network_evaluations=request.steps,
                    seconds=time.monotonic() - started,
                    recipe={"seed": one.seed},
                    offset=offset,
                    recording=made_recording(height=48, width=64) if inspect else None,
                    restoration=made_restoration(one, picture),
                )
        finally:
            self.closed += 1

    def close(self) -> None:
        self.ended = True

    def _edited(self, request: EditRequest, index: int) -> tuple[Pixels, tuple[int, int] | None]:
        """The picture that comes out, and where the old one lies in it if it was extended."""
        old, settings = request.picture, request.settings
        assert old is not None
        if isinstance(settings, ExtendSettings):
            sides = ((settings.top, settings.bottom), (settings.left, settings.right), (0, 0))
            wide = np.pad(old, sides, mode="symmetric") ^ np.uint8(index)
            left, top = settings.left, settings.top
            wide[top : top + old.shape[0], left : left + old.shape[1]] = old
            return wide, (left, top)
        picture = (np.iinfo(old.dtype).max - old) ^ np.uint8(index)
        if isinstance(settings, RestorationSettings):
            height, width = size_before(settings.degradations, old.shape[:2])
            return np.resize(picture, (height, width, 3)), None
        if settings.job is Job.SWAP and request.source_prompt == request.target_prompt:
            picture = np.where(old < 128, old + self.loss, old - self.loss)
        if request.mask is not None:
            picture = np.where(request.mask[..., None] > 0, picture, old)
        return picture.astype(old.dtype), None


def made_restoration(request: EditRequest, picture: np.ndarray) -> Restoration | None:
    """Samples that differ by ten levels in the picture's left half, and a residual of 1.5."""
    settings = request.settings
    if not isinstance(settings, RestorationSettings):
        return None
    samples = [picture.astype(request.picture.dtype)]  # type: ignore[union-attr]
    for n in range(1, settings.samples):
        other = samples[0].copy()
        left = other[:, : other.shape[1] // 2]
        left[:] = np.where(left >= 10 * n, left - 10 * n, left + 10 * n)
        samples.append(other)
    mean, spread = mean_and_spread(tuple(samples))
    ratio = 1.5 if settings.noise else 1.0
    residual = np.full(picture.shape[:2], ratio, np.float32)
    return Restoration(
        tuple(samples), mean, spread, Residual(ratio, picture.size, settings.noise, residual)
    )
