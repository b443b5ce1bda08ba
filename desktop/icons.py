"""Icons from one set (Phosphor, as QtAwesome brings it), drawn in the theme's colours."""

import importlib.util
import json
from functools import cache
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap

from desktop.theme import current_theme


def icon(name: str, on_accent: bool = False) -> QIcon:
    """The icon called `name` in the set, e.g. ``paint-brush``.

    on_accent: switched on, it lies on the accent colour. It is drawn when it is shown, so that it
    is sharp at every scale and follows the theme.
    Raises KeyError when the set has no such icon.
    """
    return QIcon(_GlyphEngine(_glyphs()[name], on_accent))


class _GlyphEngine(QIconEngine):
    """One character of the icon font."""

    def __init__(self, glyph: str, on_accent: bool) -> None:
        super().__init__()
        self._glyph = glyph
        self._on_accent = on_accent

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        if rect.isEmpty():
            return  # a button that its layout has not given room yet
        font = QFont(_family())
        font.setPixelSize(min(rect.width(), rect.height()))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.setFont(font)
        painter.setPen(self._colour(mode, state))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._glyph)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        if size.isEmpty():
            return QPixmap()
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return _GlyphEngine(self._glyph, self._on_accent)

    def _colour(self, mode: QIcon.Mode, state: QIcon.State) -> QColor:
        theme = current_theme()
        if mode is QIcon.Mode.Disabled:
            faded = QColor(theme.dim)
            faded.setAlphaF(0.55)
            return faded
        if mode is QIcon.Mode.Selected or (self._on_accent and state is QIcon.State.On):
            return QColor(theme.on_accent)
        return QColor(theme.text)


@cache
def _folder() -> Path:
    spec = importlib.util.find_spec("qtawesome")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("QtAwesome is not installed; run: pip install QtAwesome")
    return Path(spec.submodule_search_locations[0]) / "fonts"


@cache
def _family() -> str:
    number = QFontDatabase.addApplicationFont(str(next(_folder().glob("phosphor-*.ttf"))))
    return QFontDatabase.applicationFontFamilies(number)[0]


@cache
def _glyphs() -> dict[str, str]:
    charmap = next(_folder().glob("phosphor-charmap-*.json"))
    codes: dict[str, str] = json.loads(charmap.read_text("utf-8"))
    return {name: chr(int(code, 16)) for name, code in codes.items()}
