"""The bar at the canvas's foot while a result is looked at: which one it is, what to do with it."""

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from core.request import EditRequest
from desktop.document.document import Document
from desktop.icons import icon
from desktop.keys import keyed

HEIGHT = 40


def seed_text(request: EditRequest) -> str:
    """Where a result's noise comes from, in a few words."""
    if request.blend_with:
        text = QCoreApplication.translate("StageBar", "seed {seed}, blended")
    else:
        text = QCoreApplication.translate("StageBar", "seed {seed}")
    return text.format(seed=request.seed)


class StageBar(QFrame):
    """Follows the result that a Document shows.

    Signals
        command_wanted(str): the id of a command, for the button that was pressed.
    """

    command_wanted = Signal(str)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stage")
        self.setFixedHeight(HEIGHT)
        self._document = document
        self.previous_button, self.next_button = QToolButton(), QToolButton()
        self.place = QLabel()
        self.seed = QLabel()
        self.seed.setProperty("role", "dim")
        self.apply_button = QPushButton()
        self.apply_button.setProperty("role", "primary")
        self.discard_button = QPushButton()
        self.more_button = QPushButton()
        self.blend_button = QPushButton()
        for button in (self.discard_button, self.more_button, self.blend_button):
            button.setProperty("role", "link")
        self._build()
        for button, command in (
            (self.previous_button, "previous"),
            (self.next_button, "next"),
            (self.apply_button, "apply"),
            (self.discard_button, "delete"),
            (self.more_button, "more_like_this"),
            (self.blend_button, "blend"),
        ):
            button.clicked.connect(lambda _=False, wanted=command: self.command_wanted.emit(wanted))
        document.shown_changed.connect(self.show_shown)
        document.alternatives_changed.connect(self.show_shown)
        self.retranslate()

    def show_shown(self) -> None:
        """Tell which result it is, and which neighbours it has."""
        shown, alternatives = self._document.shown, self._document.alternatives
        if shown is None or shown not in alternatives:
            return
        number = alternatives.index(shown) + 1
        self.place.setText(
            self.tr("{number} of {count}").format(number=number, count=len(alternatives))
        )
        self.seed.setText(seed_text(shown.request))
        self.previous_button.setEnabled(number > 1)
        self.next_button.setEnabled(number < len(alternatives))
        self.apply_button.setToolTip(
            self.tr("Put “{title}” into the picture (Enter)").format(title=shown.title)
        )

    def fit(self, width: int) -> None:
        """Leave out what finds no room in `width`; the menu and the arrow keys have all of it."""
        lesser = (
            *(self.seed, self.blend_button, self.more_button, self.discard_button, self.place),
            *(self.previous_button, self.next_button),
        )
        for widget in lesser:
            widget.show()
        for widget in lesser:
            self._row.invalidate()
            if self._row.minimumSize().width() > width:
                widget.hide()

    def retranslate(self) -> None:
        self.previous_button.setAccessibleName(self.tr("Previous result"))
        self.previous_button.setToolTip(self.tr("Previous result (Left)"))
        self.next_button.setAccessibleName(self.tr("Next result"))
        self.next_button.setToolTip(self.tr("Next result (Right)"))
        texts = (
            (self.apply_button, self.tr("Apply"), self.tr("Put it into the picture (Enter)")),
            (
                self.discard_button,
                self.tr("Discard"),
                self.tr("Take this result out of the strip (Delete); undo brings it back"),
            ),
            (
                self.more_button,
                self.tr("More like this"),
                keyed(
                    self.tr("The same edit from noise close to this one's (Ctrl+Shift+M)"),
                    "more_like_this",
                ),
            ),
            (
                self.blend_button,
                self.tr("Blend…"),
                keyed(
                    self.tr("A picture between this result and another one (Ctrl+Shift+B)"), "blend"
                ),
            ),
        )
        for button, text, tooltip in texts:
            button.setText(text)
            button.setAccessibleName(text)
            button.setToolTip(tooltip)
        self.show_shown()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _build(self) -> None:
        for button, glyph in (
            (self.previous_button, "caret-left"),
            (self.next_button, "caret-right"),
        ):
            button.setIcon(icon(glyph))
            button.setIconSize(QSize(14, 14))
            button.setProperty("role", "tiny")
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 10, 0)
        row.setSpacing(6)
        row.addWidget(self.previous_button)
        row.addWidget(self.place)
        row.addWidget(self.next_button)
        row.addSpacing(4)
        row.addWidget(self.seed)
        row.addSpacing(8)
        row.addWidget(self.apply_button)
        for button in (self.discard_button, self.more_button, self.blend_button):
            row.addWidget(button)
