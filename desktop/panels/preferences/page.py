"""One page of the settings: rows of a name, a control and a line of help, tied to the values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from desktop.panels.fields import ChoiceBox
from desktop.settings.values import Values

NAME_WIDTH, CONTROL_WIDTH = 168, 220
UNDER_WORDS = 26  # where the words of a check box begin
TALL = 24  # from so much above two lines on, a name stands beside the top of its control


@dataclass(frozen=True)
class _Tie:
    """A control and the entry of the values that it stands for."""

    part: str
    entry: str
    show: Callable[[Any], object]
    read: Callable[[], Any]


class Page(QWidget):
    """A title, and rows from top to bottom; what stands in them is looked for by the search."""

    def __init__(self, title: str, icon_name: str) -> None:
        super().__init__()
        self.title, self.icon_name = title, icon_name
        self._ties: list[_Tie] = []
        self._words = [title]
        heading = QLabel(title)
        heading.setObjectName("pageTitle")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnMinimumWidth(0, NAME_WIDTH)
        self._grid.setColumnStretch(1, 1)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(22, 18, 22, 18)
        self.column.setSpacing(16)
        self.column.addWidget(heading)
        self.column.addLayout(self._grid)

    def show_values(self, values: Values) -> None:
        for tie in self._ties:
            tie.show(getattr(getattr(values, tie.part), tie.entry))

    def collect(self, values: Values) -> Values:
        """`values` with what this page says."""
        for tie in self._ties:
            part = getattr(values, tie.part).model_copy(update={tie.entry: tie.read()})
            values = values.model_copy(update={tie.part: part})
        return values

    def mentions(self, text: str) -> bool:
        """Whether the page is about `text`, in any of its words."""
        return all(word in " ".join(self._words).casefold() for word in text.casefold().split())

    # -- rows ---------------------------------------------------------------------------------

    def choice(
        self,
        place: tuple[str, str],
        name: str,
        help_text: str,
        choices: Sequence[tuple[Any, str]],
    ) -> ChoiceBox:
        """One of a few."""
        box = ChoiceBox()
        for value, text in choices:
            box.addItem(text, value)
        box.setFixedWidth(CONTROL_WIDTH)
        # findData would take None for "no such item".
        datas = [value for value, _ in choices]
        self.tie(place, lambda value: box.setCurrentIndex(datas.index(value)), box.currentData)
        self.row(name, help_text, box, " ".join(text for _, text in choices))
        return box

    def number(
        self,
        place: tuple[str, str],
        name: str,
        help_text: str,
        limits: tuple[int, int],
        suffix: str = "",
        lowest: str = "",
    ) -> QSpinBox:
        """A whole number. lowest: what its lower limit is called instead."""
        box = QSpinBox()
        box.setProperty("role", "framed")
        box.setRange(*limits)
        box.setSuffix(suffix)
        box.setSpecialValueText(lowest)
        box.setFixedWidth(CONTROL_WIDTH)
        box.setMinimumHeight(30)
        box.lineEdit().setTextMargins(6, 0, 6, 0)
        self.tie(place, box.setValue, box.value)
        self.row(name, help_text, box)
        return box

    def switch(self, place: tuple[str, str], name: str, help_text: str) -> QCheckBox:
        """On or off."""
        box = QCheckBox(name)
        self.tie(place, box.setChecked, box.isChecked)
        self.row("", help_text, box, name, accessible=name)
        return box

    def tie(
        self, place: tuple[str, str], show: Callable[[Any], object], read: Callable[[], Any]
    ) -> None:
        """place: part and entry of the values."""
        self._ties.append(_Tie(*place, show, read))

    def row(
        self,
        name: str,
        help_text: str,
        control: QWidget,
        words: str = "",
        accessible: str = "",
    ) -> None:
        self._words += [name, help_text, words]
        at = self._grid.rowCount()
        control.setAccessibleName(accessible or name)
        control.setAccessibleDescription(help_text)
        control.setToolTip(help_text or name)
        if name:
            label = QLabel(name)
            label.setBuddy(control)
            label.setProperty("role", "dim")
            tall = control.sizeHint().height() > 2 * label.sizeHint().height() + TALL
            beside = Qt.AlignmentFlag.AlignTop if tall else Qt.AlignmentFlag.AlignVCenter
            self._grid.addWidget(label, at, 0, beside)
            self._grid.addWidget(control, at, 1, Qt.AlignmentFlag.AlignLeft)
        else:
            self._grid.addWidget(control, at, 0, 1, 2)
        if help_text:
            note = QLabel(help_text)
            note.setProperty("role", "small")
            note.setWordWrap(True)
            note.setContentsMargins(0 if name else UNDER_WORDS, 0, 0, 0)
            self._grid.addWidget(note, at + 1, 1 if name else 0, 1, 1 if name else 2)
        self._grid.setRowMinimumHeight(at + 2, 8)

    def remark(self, text: str) -> None:
        """A line about the whole page."""
        note = QLabel(text)
        note.setProperty("role", "small")
        note.setWordWrap(True)
        self.column.addWidget(note)
        self._words.append(text)
