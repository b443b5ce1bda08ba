"""The line at the top: menus, the document's name and size, language and theme."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenuBar, QToolButton, QWidget

from desktop.icons import icon
from desktop.language import Language, current_language
from desktop.theme import current_theme

HEIGHT = 40


class Header(QFrame):
    """Signals
    language_wanted(object), theme_toggled()
    """

    language_wanted = Signal(object)
    theme_toggled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("header")
        self.setFixedHeight(HEIGHT)
        self.menu_bar = QMenuBar()
        self._centre = QWidget(self)
        self.title = QLabel()
        self.title.setObjectName("headerTitle")
        self.details = QLabel()
        self.details.setObjectName("headerDetails")
        centre = QHBoxLayout(self._centre)
        centre.setContentsMargins(0, 0, 0, 0)
        centre.setSpacing(14)
        centre.addWidget(self.title)
        centre.addWidget(self.details)
        self.language_button = QToolButton()
        self.language_button.setProperty("role", "text")
        self.theme_button = QToolButton()
        self.theme_button.setIconSize(QSize(17, 17))
        for button in (self.language_button, self.theme_button):
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 0, 10, 0)
        layout.setSpacing(4)
        layout.addWidget(self.menu_bar)
        layout.addStretch(1)
        layout.addWidget(self.language_button)
        layout.addWidget(self.theme_button)
        self.language_button.clicked.connect(lambda: self.language_wanted.emit(_other_language()))
        self.theme_button.clicked.connect(self.theme_toggled)
        self.retranslate()

    def show_document(self, title: str, details: str) -> None:
        self.title.setText(title)
        self.details.setText(details)
        self._place_centre()

    def retranslate(self) -> None:
        self.language_button.setText(_other_language().own_name)
        self.language_button.setAccessibleName(self.tr("Change the language"))
        self.language_button.setToolTip(self.tr("Change the language"))
        self.theme_button.setAccessibleName(self.tr("Light or dark"))
        self.theme_button.setToolTip(self.tr("Light or dark"))
        self._show_theme()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.PaletteChange:
            self._show_theme()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_centre()

    def _place_centre(self) -> None:
        """In the middle of the window, or right of the menus where it is too narrow for that."""
        self._centre.adjustSize()
        left = max(
            (self.width() - self._centre.width()) // 2, self.menu_bar.sizeHint().width() + 24
        )
        self._centre.move(left, (self.height() - self._centre.height()) // 2)
        self._centre.setVisible(left + self._centre.width() < self.language_button.x() - 8)

    def _show_theme(self) -> None:
        self.theme_button.setIcon(icon("sun" if current_theme().name == "dark" else "moon"))


def _other_language() -> Language:
    return Language.ENGLISH if current_language() is Language.KOREAN else Language.KOREAN
