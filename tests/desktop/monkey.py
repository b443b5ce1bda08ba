"""A monkey at the keyboard: seeded random keys, clicks, drags, drops, dialogs and job failures.

What it does goes through Qt's windows, so that focus, shortcuts, popups and modal dialogs take part
as they do for a user. Only the file chooser is replaced, since it would walk the real disk.
"""

import gc
import random
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QInputMethodEvent,
    QWheelEvent,
    QWindow,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QWidget
from shiboken6 import isValid

from core.errors import OutOfMemoryError, SamplingError
from desktop.session import Session
from tests.desktop.fake_engine import FakeEngine
from tests.desktop.hand import Alive, click, strike
from tests.desktop.odd_files import make_files

NONE = Qt.KeyboardModifier.NoModifier
SHIFT, CONTROL, ALT = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
MODIFIERS = (*[NONE] * 12, *[CONTROL] * 4, *[SHIFT] * 3, CONTROL | SHIFT, CONTROL | SHIFT, ALT)
LEFT, RIGHT, MIDDLE = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.RightButton,
    Qt.MouseButton.MiddleButton,
)
KEYS = tuple(
    getattr(Qt.Key, f"Key_{name}")
    for name in (
        *"ABCDEHILMOPUWXZ",
        *"0123",
        *("Left", "Right", "Up", "Down", "Home", "End", "PageUp", "PageDown"),
        *("Tab", "Tab", "Backtab", "Return", "Enter", "Escape", "Escape", "Space", "Delete"),
        *("Backspace", "F1", "F2", "F7", "Period", "Comma", "BracketLeft", "BracketRight"),
        *("Plus", "Minus", "Menu"),
    )
)
WORDS = ("red apple", "a green hat, ", "사과", "0.4", "-3", "12", "100000", "é\u0301", " ", "(((")
STALL = 0.1  # seconds that a user notices


@dataclass(frozen=True)
class Stall:
    """cpu: seconds of the window's thread; wall: seconds until the window answered again."""

    number: int
    what: str
    cpu: float
    wall: float


class Monkey:
    """Does one random thing after another to a session's window.

    files: pictures and what only looks like pictures, made by `make_files`.
    """

    def __init__(self, seed: int, session: Session, engine: FakeEngine, folder: Path) -> None:
        self.random = random.Random(seed)
        self.session, self.engine = session, engine
        self.files = make_files(folder)
        self.folder = folder
        self.stalls: list[Stall] = []
        self.done: deque[str] = deque(maxlen=25)
        """What was done last, for the report of a failure."""
        self.kinds: Counter[str] = Counter()
        self._nested = QTimer(interval=60)
        self._nested.timeout.connect(self._leave_menu)
        self._ways: tuple[tuple[int, Callable[[], str]], ...] = (
            (22, self._key),
            (6, self._type),
            (10, self._shortcut),
            (18, self._click),
            (12, self._drag),
            (4, self._wheel),
            (3, self._double_click),
            (2, self._resize),
            (4, self._menu),
            (6, self._answer),
            (5, self._mood),
            (2, self._drop),
            (1, self._clipboard),
            (3, self._wait),
        )

    def act(self, number: int) -> None:
        """One event, and everything that it leads to at once."""
        weights, ways = zip(*self._ways, strict=True)
        way = self.random.choices(ways, weights)[0]
        cpu, wall = time.thread_time(), time.perf_counter()
        self._nested.start()
        what = way()
        self._nested.stop()
        QApplication.processEvents()
        cpu, wall = time.thread_time() - cpu, time.perf_counter() - wall
        self.kinds[way.__name__.strip("_")] += 1
        self.done.append(f"{number}: {what}")
        if cpu > STALL and way not in (self._wait,):
            self.stalls.append(Stall(number, what, cpu, wall))
        if number % 500 == 499:
            gc.collect()

    def _leave_menu(self) -> None:
        """A button's menu keeps Qt in a loop of its own: choose something in it, or nothing."""
        popup = QApplication.activePopupWidget()
        if popup is not None:
            keys = (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Escape)
            strike(self._handle(popup), self.random.choice(keys))

    # -- where --------------------------------------------------------------------------------

    def _top(self) -> QWidget:
        """What takes events now: a menu, a modal dialog, or one of the windows."""
        top = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if top is not None:
            return top
        shown = [w for w in QApplication.topLevelWidgets() if w.isVisible() and _is_window(w)]
        if self.session.window in shown and self.random.random() < 0.7:
            return self.session.window
        return self.random.choice(shown) if shown else self.session.window

    def _handle(self, widget: QWidget) -> QWindow:
        handle = widget.window().windowHandle()
        assert handle is not None, f"{widget} has no window"
        return handle

    def _target(self) -> tuple[QWidget, QPoint]:
        """A widget that can be seen, often the canvas, and a point in it."""
        top = self._top()
        canvas = self.session.canvas
        if top is self.session.window and canvas.isVisible() and self.random.random() < 0.4:
            widget: QWidget = canvas
        else:
            children = [w for w in top.findChildren(QWidget) if w.isVisible() and w.window() is top]
            widget = self.random.choice(children) if children else top
        place = QPoint(
            self.random.randrange(max(1, widget.width())),
            self.random.randrange(max(1, widget.height())),
        )
        return widget, place

    def _on_window(self, widget: QWidget, place: QPoint) -> tuple[QWindow, QPoint]:
        if not isValid(widget):  # a key that is held took it away
            widget = self.session.window
        window = self._handle(widget)
        return window, _inside(window, widget.mapTo(widget.window(), place))

    # -- what ---------------------------------------------------------------------------------

    def _key(self) -> str:
        key, modifiers = self.random.choice(KEYS), self.random.choice(MODIFIERS)
        top = self._top()
        what = f"key {modifiers.name} {key.name} in {_name(top)}"
        strike(self._handle(top), key, modifiers)
        return what

    def _type(self) -> str:
        text = self.random.choice(WORDS)
        focused = QApplication.focusWidget()
        if focused is None:
            return "nothing to type into"
        what = f"type {text!r} into {_name(focused)}"
        if text.isascii():
            for letter in text:
                if isValid(focused):  # a space may have pressed what closes its window
                    QTest.keyClicks(focused, letter)
        else:  # as an input method commits it
            event = QInputMethodEvent()
            event.setCommitString(text)
            QApplication.sendEvent(focused, event)
        return what

    def _shortcut(self) -> str:
        action = self.random.choice(list(self.session.menus.actions.values()))
        keys = action.shortcut()
        if keys.isEmpty():
            return "no shortcut"
        top = self._top()
        what = f"shortcut {keys.toString()} ({action.objectName()}) in {_name(top)}"
        for number in range(keys.count()):
            if isValid(top):
                both = keys[number]  # type: ignore[index]
                strike(self._handle(top), both.key(), both.keyboardModifiers())
        return what

    def _click(self) -> str:
        widget, place = self._target()
        button = self.random.choice((*[LEFT] * 8, RIGHT, MIDDLE))
        modifiers = self.random.choice(MODIFIERS)
        what = f"click {button.name} {modifiers.name} on {_name(widget)} at {place.toTuple()}"
        window, at = self._on_window(widget, place)
        click(window, at, button, modifiers)
        return what

    def _double_click(self) -> str:
        widget, place = self._target()
        what = f"double click on {_name(widget)} at {place.toTuple()}"
        window, at = self._on_window(widget, place)
        QTest.mouseDClick(window, LEFT, NONE, at)
        return what

    def _drag(self) -> str:
        widget, place = self._target()
        button = self.random.choice((LEFT, LEFT, LEFT, MIDDLE))
        modifiers = self.random.choice(MODIFIERS)
        what = f"drag {button.name} {modifiers.name} on {_name(widget)} from {place.toTuple()}"
        window, at = self._on_window(widget, place)
        alive = Alive(window)
        QTest.mousePress(window, button, modifiers, at)
        for _ in range(self.random.randrange(1, 5)):
            if not alive or not window.isVisible():
                return f"{what}, and it closed"
            at += QPoint(self.random.randrange(-80, 81), self.random.randrange(-60, 61))
            at = _inside(window, at)
            QTest.mouseMove(window, at)
            if self.random.random() < 0.15:
                key = self.random.choice(KEYS)
                what += f", {key.name} held"
                if alive:
                    strike(window, key)
        if alive:
            QTest.mouseRelease(window, button, modifiers, at)
        return what

    def _wheel(self) -> str:
        widget, place = self._target()
        turn = QPoint(0, self.random.choice((-360, -120, 120, 120, 360)))
        modifiers = self.random.choice((NONE, NONE, CONTROL, SHIFT))
        window, at = self._on_window(widget, place)
        event = QWheelEvent(
            QPointF(at),
            QPointF(window.mapToGlobal(at)),
            QPoint(),
            turn,
            Qt.MouseButton.NoButton,
            modifiers,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        what = f"wheel {turn.y()} {modifiers.name} on {_name(widget)}"
        QApplication.sendEvent(window, event)
        return what

    def _resize(self) -> str:
        size = self.random.randrange(300, 1900), self.random.randrange(200, 1200)
        self.session.window.resize(*size)
        return f"resize to {size}"

    def _menu(self) -> str:
        """Open a menu of the bar, walk in it, choose or leave."""
        bar = self.session.window.header.menu_bar
        action = self.random.choice(bar.actions())
        if QApplication.activePopupWidget() or QApplication.activeModalWidget():
            return "no menu now"
        window, at = self._on_window(bar, bar.actionGeometry(action).center())
        click(window, at)
        walked = f"menu {action.text()}"
        for _ in range(self.random.randrange(1, 14)):
            popup = QApplication.activePopupWidget()
            if popup is None:
                return walked
            steps = (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Right)
            key = self.random.choice(steps)
            strike(self._handle(popup), key)
        popup = QApplication.activePopupWidget()
        if popup is not None:
            chosen = popup.activeAction() if hasattr(popup, "activeAction") else None  # type: ignore[attr-defined]
            key = self.random.choice((Qt.Key.Key_Return, Qt.Key.Key_Return, Qt.Key.Key_Escape))
            walked += f" > {chosen.text() if chosen else None} {key.name}"
            strike(self._handle(popup), key)
        return walked

    def _answer(self) -> str:
        """Press a button of a dialog, or leave it."""
        top = self._top()
        if top is self.session.window:
            return "no dialog"
        buttons = [b for b in top.findChildren(QAbstractButton) if b.isVisible() and b.isEnabled()]
        if not buttons or self.random.random() < 0.3:
            what = f"escape from {_name(top)}"
            strike(self._handle(top), Qt.Key.Key_Escape)
            return what
        button = self.random.choice(buttons)
        what = f"press {button.text()!r} in {_name(top)}"
        window, at = self._on_window(button, button.rect().center())
        click(window, at)
        return what

    def _mood(self) -> str:
        """How the engine does from now on."""
        engine, pick = self.engine, self.random.random()
        engine.error = engine.load_error = None
        engine.notice, engine.step_seconds = "", 0.0
        if pick < 0.2:
            engine.error = SamplingError("step 2 of 3 gave NaN; choose float32.")
        elif pick < 0.3:
            engine.error = OutOfMemoryError("the edit needs more memory; choose tiles.")
        elif pick < 0.4:
            engine.load_error = OSError("unet.safetensors is not there; copy the model again.")
        elif pick < 0.6:
            engine.step_seconds = 0.004
        elif pick < 0.7:
            engine.notice = "the prompt is long; shorten it."
        engine.noisy = pick < 0.9
        return f"mood {pick:.2f}"

    def _drop(self) -> str:
        if QApplication.activePopupWidget() or QApplication.activeModalWidget():
            return "no drop now"
        path = self.random.choice(self.files)
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        window = self.session.window
        places = (window.canvas, window) if window.canvas.isVisible() else (window,)
        widget = self.random.choice(places)
        action, keys = Qt.DropAction.CopyAction, NONE
        enter = QDragEnterEvent(QPoint(20, 20), action, mime, LEFT, keys)
        QApplication.sendEvent(widget, enter)
        QApplication.sendEvent(widget, QDropEvent(QPointF(20, 20), action, mime, LEFT, keys))
        return f"drop {path.name} on {_name(widget)}"

    def _clipboard(self) -> str:
        if self.random.random() < 0.5:
            QGuiApplication.clipboard().setText("words")
            return "words on the clipboard"
        image = QImage(33, 21, QImage.Format.Format_RGB32)
        image.fill(QColor(10, 200, 90))
        QGuiApplication.clipboard().setImage(image)
        return "picture on the clipboard"

    def _wait(self) -> str:
        """Let jobs and readers come to something."""
        end = time.monotonic() + self.random.choice((0.005, 0.02, 0.05))
        while time.monotonic() < end:
            QApplication.processEvents()
            time.sleep(0.001)
        return "wait"

    def choose_file(self, dialog: QFileDialog, chosen: Callable[[Path], object]) -> None:
        """In the file chooser's place: a file or folder at once, or none."""
        saving = dialog.acceptMode() is QFileDialog.AcceptMode.AcceptSave
        a_folder = dialog.fileMode() is QFileDialog.FileMode.Directory
        suffix = dialog.defaultSuffix() or "png"
        dialog.deleteLater()
        if self.random.random() < 0.3:
            return
        if a_folder:
            chosen(self.folder)
        elif saving:
            number = self.random.randrange(4)
            folder = self.folder if number else self.folder / "not there"
            chosen(folder / f"saved-{number}.{suffix}")
        else:
            chosen(self.random.choice(self.files))


def _is_window(widget: QWidget) -> bool:
    kind = widget.windowType()
    return kind in (Qt.WindowType.Window, Qt.WindowType.Dialog)


def _inside(window: QWindow, place: QPoint) -> QPoint:
    """The nearest point that the window has; QTest warns of others."""
    return QPoint(
        min(max(place.x(), 0), window.width() - 1), min(max(place.y(), 0), window.height() - 1)
    )


def _name(widget: QWidget) -> str:
    if not isValid(widget):
        return "what went away with it"
    name = widget.accessibleName() or widget.objectName() or widget.windowTitle()
    return f"{type(widget).__name__} {name!r}"
