"""What stands in the canvas' place while no picture is open."""

from pathlib import Path

from PySide6.QtCore import QEvent, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QImageReader, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from desktop.icons import icon
from desktop.keys import keyed
from desktop.language import current_language
from desktop.samples import samples

THUMBNAIL = 84


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
        self.setFocusProxy(self.open_button)
        QTimer.singleShot(0, self, self._draw_samples)

    def retranslate(self) -> None:
        self.title.setText(self.tr("Open a picture to edit"))
        self.text.setText(keyed(self.tr("Drop one here, or paste it with Ctrl+V."), "paste"))
        self.open_button.setText(self.tr("Open a picture…"))
        self.open_button.setAccessibleName(self.tr("Open a picture"))
        self.open_button.setToolTip(keyed(self.tr("Open a picture (Ctrl+O)"), "open"))
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
            button.setIconSize(QSize(THUMBNAIL, THUMBNAIL))
            button.setFixedSize(THUMBNAIL + 12, THUMBNAIL + 12)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.clicked.connect(
                lambda _checked=False, path=sample.path: self.sample_wanted.emit(path)
            )
            self.sample_buttons.append(button)
            self._row.addWidget(button)
        self._row.addStretch(1)

    def _draw_samples(self) -> None:
        """After the first paint: the window does not wait for its samples."""
        for button, sample in zip(self.sample_buttons, samples(), strict=False):
            button.setIcon(QIcon(_square(sample.path)))


def _square(path: Path) -> QPixmap:
    """The middle of a picture as a small square, sharp at twice the scale."""
    reader = QImageReader(str(path))
    size = reader.size()
    side = min(size.width(), size.height())
    left, top = (size.width() - side) // 2, (size.height() - side) // 2
    reader.setClipRect(QRect(left, top, side, side))
    image = reader.read().scaled(
        QSize(2 * THUMBNAIL, 2 * THUMBNAIL),
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    image.setDevicePixelRatio(2.0)
    return QPixmap.fromImage(image)
