"""Between the inspect panel, the document and the canvas: which edit is looked into, and where."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QPoint, QRect

from desktop.canvas.heat import HeatLayer
from desktop.document.mask import MaskBuffer

if TYPE_CHECKING:
    from desktop.session import Session


class Inspecting(QObject):
    """While the panel is open, runs are recorded, and the result that is looked at is looked into.

    With the picture itself on the canvas the last recording stays.
    """

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self.panel = session.window.inspect
        self.is_open = False
        self._recorded = QRect()  # where what was recorded lies, when it was looked at
        session.document.shown_changed.connect(self._follow)
        session.document.picture_changed.connect(self._on_picture)
        self.panel.heat_changed.connect(self._show_heat)
        self.panel.mask_wanted.connect(self.make_mask)
        self.panel.close_wanted.connect(lambda: self.set_open(False))

    def set_open(self, on: bool) -> None:
        """Show or hide the panel (beside a picture), and with it what it lays over the canvas."""
        self.is_open = on
        self.panel.setVisible(on and self._session.document.has_picture)
        self._session.menus.check("inspect", on)
        self._show_heat()

    def look_at(self, word: str) -> None:
        """Lay the heat map of the first such word over the canvas. ValueError if there is none."""
        recording = self.panel.recording
        for prompt, words in (recording.words if recording is not None else {}).items():
            if word in words:
                self.panel.choose_word((prompt, words.index(word)))
                return
        raise ValueError(f"the word “{word}” is in no prompt")

    def clear_word(self) -> bool:
        """Take the heat map off the canvas. Returns whether there was one."""
        was_there = self.is_open and self.panel.word is not None
        if was_there:
            self.panel.choose_word(None)
        return was_there

    def make_mask(self) -> None:
        """What is outlined becomes the mask, as one step that can be undone."""
        panel, document = self.panel, self._session.document
        if panel.recording is None or panel.heat is None:
            return
        place = self._place
        heat = panel.recording.in_picture(panel.heat, (place.height(), place.width()))
        mask = np.where(heat >= panel.threshold, np.uint8(255), np.uint8(0))
        mask = MaskBuffer.of(mask).placed(document.size, place.topLeft()).values
        document.set_mask(mask, panel.mask_button.accessibleName())

    @property
    def _place(self) -> QRect:
        """Where the recorded picture lies in the document's pixels: beyond it, if it was extended
        and is not applied.
        """
        whole = QRect(QPoint(0, 0), self._session.document.size)
        return whole if self._recorded.size() == whole.size() else self._recorded

    def _on_picture(self) -> None:
        self.panel.show_recording(None)
        self.set_open(self.is_open)

    def _follow(self) -> None:
        shown = self._session.document.shown
        if shown is not None:
            finished = shown.finished
            self._recorded = self._session.canvas.shown_rect
            ran = finished.network_evaluations > 0  # at strength 0 there is nothing to record
            self.panel.show_recording(finished.recording, missed=ran)

    def _show_heat(self) -> None:
        panel, canvas = self.panel, self._session.canvas
        if not self.is_open or panel.recording is None or panel.heat is None:
            canvas.set_heat(None)
            return
        frame = panel.recording.frame
        box = QRect(frame.left, frame.top, frame.width, frame.height)
        box.translate(self._place.topLeft())
        canvas.set_heat(HeatLayer(panel.heat, box, panel.threshold))
