"""What stands in the canvas' place while no picture is open."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from desktop.icons import icon
from desktop.language import current_language
from desktop.samples import samples


class Welcome(QWidget):
    """Signals
    open_wanted(): a picture shall be chosen.
    sample_wanted(object): the path of a sample picture.
    """

    open_wanted = Signal()
    sample_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title = QLabel()
        self.title.setObjectName("welcomeTitle")
        self.text = QLabel()
        self.text.setProperty("role", "dim")
        self.open_button = QPushButton()
        self.open_button.setProperty("role", "primary")
        self.open_button.setIcon(icon("folder-open"))
        self.open_button.setMinimumWidth(190)
        self.open_button.clicked.connect(self.open_wanted)
        self.samples_label = QLabel()
        self.samples_label.setProperty("role", "dim")
        self.sample_buttons: list[QToolButton] = []
        column = QVBoxLayout(self)
        column.setSpacing(14)
        column.addStretch(3)
        for widget in (self.title, self.text):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(6)
        column.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(22)
        column.addWidget(self.samples_label, 0, Qt.AlignmentFlag.AlignHCenter)
        self._row = QHBoxLayout()
        self._row.setSpacing(10)
        self._row.addStretch(1)
        column.addLayout(self._row)
        column.addStretch(4)
        self._add_samples()
        self.retranslate()

    def retranslate(self) -> None:
        self.title.setText(self.tr("Open a picture to edit"))
        self.text.setText(self.tr("Drop one here, or paste it with Ctrl+V."))
        self.open_button.setText(self.tr("Open a picture…"))
        self.open_button.setAccessibleName(self.tr("Open a picture"))
        self.open_button.setToolTip(self.tr("Open a picture (Ctrl+O)"))
        self.samples_label.setText(self.tr("Or begin with a sample"))
        self.samples_label.setVisible(bool(self.sample_buttons))
        for button, sample in zip(self.sample_buttons, samples(), strict=False):
            caption = sample.captions[current_language()]
            button.setToolTip(caption)
            button.setAccessibleName(self.tr("Sample: {caption}").format(caption=caption))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _add_samples(self) -> None:
        for sample in samples():
            button = QToolButton()
            button.setIcon(QIcon(str(sample.path)))
            button.setIconSize(QSize(84, 84))
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.clicked.connect(
                lambda _checked=False, path=sample.path: self.sample_wanted.emit(path)
            )
            self.sample_buttons.append(button)
            self._row.addWidget(button)
        self._row.addStretch(1)
