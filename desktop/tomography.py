"""A picture from its projections: what is projected, what comes back, what a model makes of it."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QObject, Signal

from core.events import Finished, Preview
from core.request import EditRequest, Pixels
from core.restoration.degradations import Tomography
from core.restoration.phantom import shepp_logan
from core.restoration.questions import Project, Projected
from core.settings import RestorationSettings
from desktop.jobs.asking import Asking
from desktop.jobs.job import Cancelled, EditJob, Failed
from desktop.jobs.queue import JobQueue

Grey = NDArray[np.float32]
WEIGHTS = np.array([0.299, 0.587, 0.114], np.float32)


@dataclass(frozen=True)
class Scan:
    """How a picture is projected. side: of the square, in pixels. noise: on the sinogram's 0 to 1,
    where 1 is a white picture along the whole diagonal."""

    side: int = 64
    angles: int = 30
    turn: float = 180.0
    noise: float = 0.005

    @property
    def degradation(self) -> Tomography:
        return Tomography(angles=self.angles, turn=self.turn)


class TomographyExperiment(QObject):
    """One picture, its projections, and samples of the pictures that could have given them.

    Signals
        projected(): sinogram and back projection are new; the samples are gone.
        sampled(): samples were made; running_changed() came before.
        previewed(object): RGB pixels of a sample on its way.
        running_changed(), failed(str)
    """

    projected = Signal()
    sampled = Signal()
    previewed = Signal(object)
    running_changed = Signal()
    failed = Signal(str)

    def __init__(self, queue: JobQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self.scan = Scan()
        self.pixels: Pixels | None = None
        self.projections: Projected | None = None
        self.finished: Finished | None = None
        self._job: EditJob | None = None
        self._asking = Asking(queue, self)
        self._asking.answered.connect(self._on_projected)
        self._asking.failed.connect(lambda error: self.failed.emit(str(error)))
        queue.happened.connect(self._on_event)

    @property
    def picture(self) -> Grey:
        """What is projected [side, side] on 0 to 1: the phantom, or the open picture in grey."""
        if self.pixels is None:
            return shepp_logan(self.scan.side)
        return grey_square(self.pixels, self.scan.side)

    @property
    def is_running(self) -> bool:
        return self._job is not None

    @property
    def can_run(self) -> bool:
        """Whether the projections are those of the scan."""
        return self.projections is not None and not self._asking.is_waiting

    def project(self, scan: Scan, pixels: Pixels | None) -> None:
        """Project the phantom, or `pixels`; what was sampled before does not hold any more."""
        self.cancel()
        self.scan, self.pixels, self.finished = scan, pixels, None
        self._asking.ask(Project(self.picture, scan.degradation, scan.noise))

    def sample(
        self, method: type[RestorationSettings], samples: int, steps: int, seed: int, model: str
    ) -> None:
        """Queue the posterior's samples for the sinogram as it is."""
        assert self.projections is not None
        scan = self.scan
        settings = method(degradations=(scan.degradation,), noise=scan.noise, samples=samples)
        request = EditRequest(
            settings=settings,
            picture=self.projections.sinogram,
            steps=steps,
            guidance_scale=1.0,
            seed=seed,
            model=model,
        )
        title = QCoreApplication.translate("Tomography", "tomography")
        self.finished = None
        self._job = EditJob(request, title, keep=False, on_canvas=False)
        self._queue.submit(self._job)
        self.running_changed.emit()

    def cancel(self) -> None:
        """Give up what runs; nothing of it is kept."""
        if self._job is not None:
            self._queue.cancel(self._job)

    def decibels(self, found: Grey) -> float:
        """PSNR of what was found against the picture."""
        error = float(np.square(found.clip(0, 1) - self.picture, dtype=np.float64).mean())
        return 10 * math.log10(1 / max(error, 1e-12))

    def _on_projected(self, answer: object) -> None:
        assert isinstance(answer, Projected)
        self.projections = answer
        self.projected.emit()

    def _on_event(self, job: EditJob | None, event: object) -> None:
        if job is None or job is not self._job:
            return
        if isinstance(event, Preview):
            self.previewed.emit(event.picture)
        elif isinstance(event, Finished | Failed | Cancelled):
            self._job = None
            self.running_changed.emit()
            if isinstance(event, Finished):
                self.finished = event
                self.sampled.emit()
            elif isinstance(event, Failed):
                self.failed.emit(event.message)


def grey_square(pixels: Pixels, side: int) -> Grey:
    """The middle square of RGB pixels in grey on 0 to 1, [side, side]."""
    import cv2

    height, width = pixels.shape[:2]
    length = min(height, width)
    top, left = (height - length) // 2, (width - length) // 2
    square = pixels[top : top + length, left : left + length].astype(np.float32)
    square /= np.float32(np.iinfo(pixels.dtype).max)
    way = cv2.INTER_AREA if length > side else cv2.INTER_CUBIC
    small = cv2.resize(square @ WEIGHTS, (side, side), interpolation=way)
    return np.asarray(small, np.float32).clip(0, 1)
