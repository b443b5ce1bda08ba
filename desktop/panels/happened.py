"""What happened to the picture: a row of degradations, each with its picture and its numbers."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.restoration.degradations import KINDS, Degradation, KernelBlur
from desktop.icons import icon
from desktop.panels.core_texts import setting_text
from desktop.panels.form import SettingsForm
from desktop.panels.kernel import first_kernel

COLUMNS = 3
EXAMPLE = QSize(72, 72)
SMALL = QSize(34, 34)
MOST = 8

Images = Mapping[str, QImage]
"""Pictures of what the kinds do, by their names."""


def new(kind: type[BaseModel]) -> Any:
    """A degradation of this kind with its defaults."""
    return KernelBlur(kernel=first_kernel()) if kind is KernelBlur else kind()


def name_of(kind: type[BaseModel]) -> str:
    return kind.model_fields["kind"].default


class DegradationRow(QWidget):
    """One card for each thing that happened, in order.

    Signals
        changed(object): the user made it another tuple of degradations.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: list[DegradationCard] = []
        self._values: list[Degradation] = []
        self._images: Images = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def show_values(self, values: Sequence[Degradation]) -> None:
        """Show these, without telling anybody."""
        kinds = [type(value) for value in values]
        if kinds != [card.kind for card in self.cards]:
            for card in self.cards:
                self._column.removeWidget(card)
                card.hide()
                card.deleteLater()
            self.cards = [self._card(index, kind) for index, kind in enumerate(kinds)]
        self._values = list(values)
        for card, value in zip(self.cards, values, strict=True):
            card.form.show_values(value)
            card.show_place(len(values))

    def show_images(self, images: Images) -> None:
        self._images = images
        for card in self.cards:
            card.show_image(images.get(name_of(card.kind)))

    def commit(self) -> None:
        """Take over what is still being typed."""
        for card in self.cards:
            card.form.commit()

    def add(self, kind: type[BaseModel]) -> None:
        """Let `kind` have happened, too, after the others."""
        self.changed.emit((*self._values, new(kind)))
        card = self.cards[-1]
        (card.form if card.form.controls else card.remove_button).setFocus()

    def _card(self, index: int, kind: type[BaseModel]) -> "DegradationCard":
        card = DegradationCard(index, kind)
        card.show_image(self._images.get(name_of(kind)))
        card.form.setting_changed.connect(lambda name, value: self._set(index, name, value))
        card.remove_button.clicked.connect(lambda: self._remove(index))
        card.earlier_button.clicked.connect(lambda: self._move_up(index))
        self._column.addWidget(card)
        return card

    def _set(self, index: int, name: str, value: object) -> None:
        values: list[Any] = list(self._values)
        known = values[index]
        values[index] = type(known).model_validate(known.model_dump() | {name: value})
        self.changed.emit(tuple(values))

    def _remove(self, index: int) -> None:
        self.changed.emit((*self._values[:index], *self._values[index + 1 :]))
        self.cards[min(index, len(self.cards) - 1)].remove_button.setFocus()

    def _move_up(self, index: int) -> None:
        values = list(self._values)
        values[index - 1], values[index] = values[index], values[index - 1]
        self.changed.emit(tuple(values))
        self.cards[index - 1].earlier_button.setFocus()


class DegradationCard(QFrame):
    """One thing that happened: its picture, its name, its numbers."""

    def __init__(self, index: int, kind: type[BaseModel]) -> None:
        super().__init__()
        self.setObjectName("part")
        self.kind = kind
        self._index = index
        self.picture = QLabel()
        self.picture.setFixedSize(SMALL)
        self.picture.setScaledContents(True)
        self.title = QLabel()
        self.title.setProperty("role", "heading")
        self.form = SettingsForm(kind, leave_out=("kind",))
        self.earlier_button = _tiny("arrow-up")
        self.remove_button = _tiny("x")
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.picture)
        top.addWidget(self.title, 1)
        top.addWidget(self.earlier_button, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.remove_button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 6, 8)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self.form)
        self.form.setVisible(bool(self.form.controls))
        self.retranslate()

    def show_image(self, image: QImage | None) -> None:
        self.picture.setPixmap(QPixmap() if image is None else QPixmap.fromImage(image))

    def show_place(self, count: int) -> None:
        """The first cannot come earlier, and the last one that is left cannot go."""
        self.earlier_button.setVisible(self._index > 0)
        self.remove_button.setVisible(count > 1)

    def retranslate(self) -> None:
        what = setting_text(self.kind.title)  # type: ignore[attr-defined]
        self.title.setText(what)
        self.setAccessibleName(what)
        earlier = self.tr("{what}: earlier").format(what=what)
        remove = self.tr("{what}: did not happen").format(what=what)
        for button, text in ((self.earlier_button, earlier), (self.remove_button, remove)):
            button.setAccessibleName(text)
            button.setToolTip(text)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


class DegradationPicker(QFrame):
    """All kinds by their pictures; it closes when one is chosen, or with Esc.

    Signals
        chosen(object): a kind.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("picker")
        self.buttons: dict[str, QToolButton] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 8, 8, 8)
        grid.setSpacing(4)
        for place, kind in enumerate(KINDS):
            button = QToolButton()
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            button.setIconSize(EXAMPLE)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.setFixedWidth(EXAMPLE.width() + 24)
            button.clicked.connect(lambda _=False, kind=kind: self._choose(kind))
            grid.addWidget(button, place // COLUMNS, place % COLUMNS)
            self.buttons[name_of(kind)] = button
        self.retranslate()

    def show_images(self, images: Images) -> None:
        for name, image in images.items():
            self.buttons[name].setIcon(QIcon(QPixmap.fromImage(image)))

    def open_beside(self, widget: QWidget) -> None:
        """Open to the left of `widget`, where the screen has room for it."""
        self.adjustSize()
        corner = widget.mapToGlobal(QPoint(0, 0)) - QPoint(self.width() + 12, self.height() // 2)
        room = widget.screen().availableGeometry()
        corner.setX(max(room.left(), corner.x()))
        corner.setY(max(room.top(), min(corner.y(), room.bottom() - self.height())))
        self.move(corner)
        self.show()
        next(iter(self.buttons.values())).setFocus()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("What happened to the picture"))
        for kind in KINDS:
            what = setting_text(kind.title)
            button = self.buttons[name_of(kind)]
            button.setText(what)
            button.setAccessibleName(what)
            button.setToolTip(what)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys go through the pictures."""
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -COLUMNS,
            Qt.Key.Key_Down: COLUMNS,
        }
        buttons = list(self.buttons.values())
        focused = self.focusWidget()
        by = steps.get(Qt.Key(event.key()))
        if by is None or not isinstance(focused, QToolButton):
            super().keyPressEvent(event)
            return
        place = buttons.index(focused) + by
        if 0 <= place < len(buttons):
            buttons[place].setFocus()

    def _choose(self, kind: type[BaseModel]) -> None:
        self.close()
        self.chosen.emit(kind)


def _tiny(name: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon(name))
    button.setIconSize(QSize(14, 14))
    button.setProperty("role", "tiny")
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
