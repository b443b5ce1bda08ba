"""Between the tools, their options and the document: finds selections without stopping the window.

What takes a while, the wand, the object in a box, growing, is computed in the background. One
thing at a time: whatever is asked for next takes the place of what is still being found.
"""

from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from core.imaging.object_box import CancelledError
from core.imaging.selection import Patch
from desktop.canvas.tools import SelectionOptions, SelectionWish, ToolKind
from desktop.document.selection import select

if TYPE_CHECKING:
    from desktop.session import Session

QUICK = 200  # milliseconds that nobody needs to be told of


class Selecting(QObject):
    """`busy_changed`: something is being found for longer than a moment, or not any more."""

    busy_changed = Signal()

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self._running: tuple[SelectionWish, Event] | None = None
        self._long = QTimer(self)
        self._long.setSingleShot(True)
        self._long.setInterval(QUICK)
        self._long.timeout.connect(self.busy_changed)
        self._connect()

    @property
    def running(self) -> SelectionWish | None:
        """What is being found."""
        return None if self._running is None else self._running[0]

    @property
    def is_long(self) -> bool:
        """Whether it has taken longer than a moment already."""
        return self._running is not None and not self._long.isActive()

    def start(self, wish: SelectionWish) -> None:
        """Find a selection in place of what is being found, and select it; nothing found changes
        nothing."""
        self.cancel()
        given_up = Event()
        self._running = wish, given_up
        self._long.start()

        def done(found: Patch) -> None:
            if not given_up.is_set():
                self._end()
                if found:
                    select(self._session.document, found, wish.how, wish.title)
                elif wish.if_empty:
                    self._session.say(wish.if_empty)

        def failed(error: Exception) -> None:
            if not given_up.is_set() and not isinstance(error, CancelledError):
                self._end()
                self._session.say_error(error)

        self._session.background.run(lambda: wish.find(given_up.is_set), done, failed)

    def cancel(self) -> bool:
        """Give up what is being found. Returns whether there was anything."""
        if self._running is None:
            return False
        self._running[1].set()
        self._end()
        return True

    # -- the bar, the canvas and the document -------------------------------------------------

    def _connect(self) -> None:
        session, bar = self._session, self._session.window.tool_options
        canvas, document, actions = session.canvas, session.document, session.menus.actions
        bar.set_actions(
            [actions["invert_mask"], actions["clear_mask"]],
            [
                *(actions[name] for name in ("grow", "shrink", "feather", "fill_holes")),
                None,
                *(actions[name] for name in ("invert_mask", "clear_mask")),
                None,
                *(actions[name] for name in ("load_mask", "save_mask")),
            ],
        )
        bar.brush_edited.connect(canvas.set_brush)
        bar.options_edited.connect(self._set_options)
        canvas.brush_changed.connect(bar.show_brush)
        canvas.tool_changed.connect(self._show_tool)
        canvas.selection_wanted.connect(self.start)
        document.picture_changed.connect(self._on_picture)
        document.size_changed.connect(self.cancel)
        document.mask_changed.connect(self._on_mask)
        for kind in ToolKind:
            if kind in actions:
                actions[kind].changed.connect(self._show_tool)
        bar.show_brush(canvas.brush)
        bar.show_options(canvas.selection)
        self._show_tool()

    def _set_options(self, options: SelectionOptions) -> None:
        self._session.canvas.selection = options

    def _show_tool(self, *_: object) -> None:
        """The tool's name is its command's, in the window's language."""
        kind = self._session.canvas.tool
        action = self._session.menus.actions.get(kind)
        self._session.window.tool_options.show_tool(kind, action.text() if action else "")

    def _on_picture(self) -> None:
        self.cancel()
        size, brush = self._session.document.size, self._session.canvas.brush
        if not size.isEmpty():
            # A brush of a tenth of the picture's shorter side, whatever its size.
            diameter = max(4, min(1000, round(min(size.width(), size.height()) / 10)))
            self._session.canvas.set_brush(replace(brush, size=diameter))

    def _on_mask(self, *_: object) -> None:
        if self.running is not None and self.running.of_mask:
            self.cancel()

    def _end(self) -> None:
        told = self.is_long
        self._running = None
        self._long.stop()
        if told:
            self.busy_changed.emit()
