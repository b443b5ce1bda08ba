"""Keys and clicks on windows that may close under them."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QWindow
from PySide6.QtTest import QTest

NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
MODIFIER_KEYS = (
    (SHIFT, Qt.Key.Key_Shift),
    (Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_Control),
    (Qt.KeyboardModifier.AltModifier, Qt.Key.Key_Alt),
)


class Alive:
    """Whether a window is still there. What Qt made and destroys by itself, Python does not see."""

    def __init__(self, window: QWindow) -> None:
        self._alive = True
        window.destroyed.connect(self._gone)

    def _gone(self) -> None:
        self._alive = False

    def __bool__(self) -> bool:
        return self._alive


def strike(window: QWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """A key with its modifiers, event by event for as long as the window is there: QTest goes on
    with one that the modifier, or what came in the meantime, closed."""
    letter = key.name.removeprefix("Key_")
    text = {"Space": " "}.get(letter, letter if len(letter) == 1 else "")
    text = text if modifiers & SHIFT else text.lower()
    held = [by for flag, by in MODIFIER_KEYS if modifiers & flag]
    strokes = [(by, True, "") for by in held]
    strokes += [(key, True, text), (key, False, text)]
    strokes += [(by, False, "") for by in reversed(held)]
    alive = Alive(window)
    for code, press, typed in strokes:
        if alive:
            QTest.simulateEvent(window, press, code, modifiers, typed, False)


def click(
    window: QWindow,
    at: QPoint,
    button: Qt.MouseButton = Qt.MouseButton.LeftButton,
    modifiers: Qt.KeyboardModifier = NONE,
) -> None:
    """A click, let go only where its window is still there."""
    alive = Alive(window)
    QTest.mousePress(window, button, modifiers, at)
    if alive:
        QTest.mouseRelease(window, button, modifiers, at)
