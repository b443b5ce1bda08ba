"""Between a restoration that is looked at, the bar over the canvas and the canvas."""

import math
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QImage

from core.restoration.report import Restoration
from desktop.heat import heat_image
from desktop.qimage import to_qimage

if TYPE_CHECKING:
    from desktop.session import Session

FULL_RESIDUAL = 4.0
"""Times the noise that the residual's map shows as its hottest."""
_ROUND = (1.0, 2.0, 5.0)


class Look(Enum):
    """What of a restoration is looked at."""

    RESULT = "result"
    RESIDUAL = "residual"
    MEAN = "mean"
    SPREAD = "spread"
    SAMPLE = "sample"


_UNCERTAIN = (Look.MEAN, Look.SPREAD, Look.SAMPLE)
_VIEWS = (Look.RESULT, Look.RESIDUAL, Look.SPREAD)


class Restored(QObject):
    """While a restoration is looked at, its bar is there; every other result begins with itself."""

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self.bar = session.window.restoration_bar
        self.look = Look.RESULT
        self.sample = 0
        self._restoration: Restoration | None = None
        session.document.shown_changed.connect(self._on_shown)
        self.bar.view_chosen.connect(lambda index: self.look_at(_VIEWS[index]))
        self.bar.aspect_chosen.connect(lambda index: self.look_at(_UNCERTAIN[index]))
        self.bar.flicked.connect(self.flick)
        session.window.installEventFilter(self)

    def look_at(self, look: Look) -> None:
        """Show that of the restoration, if one is looked at."""
        if self._restoration is not None:
            self.look = look
            self._show()

    def flick(self, by: int) -> None:
        """Look at the next sample, or the one before; round and round."""
        restoration = self._restoration
        if restoration is None or len(restoration.samples) < 2:
            return
        if self.look is Look.SAMPLE:
            self.sample = (self.sample + by) % len(restoration.samples)
        self.look_at(Look.SAMPLE)

    def leave(self) -> bool:
        """Look at the result itself. Returns whether something else was looked at."""
        was_elsewhere = self._restoration is not None and self.look is not Look.RESULT
        if was_elsewhere:
            self.look_at(Look.RESULT)
        return was_elsewhere

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LanguageChange and self._restoration is not None:
            self._show()
        return super().eventFilter(watched, event)

    def _on_shown(self) -> None:
        shown = self._session.document.shown
        was_there = self._restoration is not None
        self._restoration = shown.finished.restoration if shown is not None else None
        self.look, self.sample = Look.RESULT, 0
        self.bar.setVisible(self._restoration is not None)
        if self._restoration is not None:
            self.bar.show_residual(self._restoration.residual)
            self._show()
        elif was_there:
            self._session.canvas.set_view(None)

    def _show(self) -> None:
        restoration = self._restoration
        assert restoration is not None
        image, note, legend = self._picture(restoration)
        view = 2 if self.look in _UNCERTAIN else _VIEWS.index(self.look)
        aspect = _UNCERTAIN.index(self.look) if view == 2 else 1
        self.bar.show_view(view, aspect, len(restoration.samples))
        self.bar.show_place(self.sample, len(restoration.samples))
        self.bar.show_map(note, legend)
        self._session.canvas.set_view(image)

    def _picture(
        self, restoration: Restoration
    ) -> tuple[QImage | None, str, tuple[str, str, str] | None]:
        """What the canvas shows (None: the result), a word on it, and its legend."""
        translate = QCoreApplication.translate
        if self.look is Look.RESIDUAL:
            residual = restoration.residual
            note = translate(
                "Restored", "Where the result does not explain the picture · noise {noise:.4f}"
            ).format(noise=residual.noise)
            last = translate("Restored", "{times:g} × the noise").format(times=FULL_RESIDUAL)
            legend = "0", f"{FULL_RESIDUAL / 2:g} ×", last
            return heat_image(residual.map / FULL_RESIDUAL), note, legend
        spread = restoration.spread
        if self.look is Look.RESULT:
            note = translate("Restored", "The first of {count} samples")
            count = len(restoration.samples)
            return None, note.format(count=count) if count > 1 else "", None
        if spread is None:
            note = translate(
                "Restored", "One sample alone differs from nothing: set Samples to 2 or more."
            )
            return None, note, None
        if self.look is Look.MEAN:
            mean = np.rint(255 * restoration.mean.clip(0, 1)).astype(np.uint8)
            note = translate("Restored", "The mean of {count} samples")
            return to_qimage(mean), note.format(count=len(restoration.samples)), None
        if self.look is Look.SAMPLE:
            return to_qimage(restoration.samples[self.sample]), "", None
        top = round_above(255 * float(np.percentile(spread, 99.5)))
        note = translate("Restored", "Samples differ by {levels:.1f} of 255 levels").format(
            levels=255 * math.sqrt(float(np.square(spread, dtype=np.float64).mean()))
        )
        last = translate("Restored", "{levels:g} levels").format(levels=top)
        return heat_image(255 * spread / np.float32(top)), note, ("0", f"{top / 2:g}", last)


def round_above(value: float) -> float:
    """The least of 1, 2, 5, 10, 20 … that is not below `value`."""
    if value <= 1.0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(one * power for one in (*_ROUND, 10.0) if one * power >= value)
