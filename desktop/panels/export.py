"""Which format, and how good."""

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from desktop.panels.dialogs import FORMATS
from desktop.panels.number import NumberSlider

LOSSY = (".jpg", ".webp")


class ExportDialog(QDialog):
    """PNG, JPEG, WebP or TIFF; a quality for those that lose something."""

    def __init__(self, suffix: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export a copy"))
        self.setMinimumWidth(360)
        self.format_box = QComboBox()
        for format_suffix, name in FORMATS.items():
            self.format_box.addItem(name, format_suffix)
        self.format_box.setAccessibleName(self.tr("Format"))
        self.format_box.setToolTip(self.tr("The file format of the copy"))
        self.quality_slider = NumberSlider(1, 100, 1, 0)
        self.quality_slider.set_texts(
            self.tr("Quality"), self.tr("Higher keeps more and makes larger files")
        )
        self.quality_slider.set_value(95)
        self.note = QLabel()
        self.note.setProperty("role", "small")
        self.note.setWordWrap(True)
        label = QLabel(self.tr("Format"))
        label.setProperty("role", "dim")
        label.setBuddy(self.format_box)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        export = buttons.button(QDialogButtonBox.StandardButton.Ok)
        export.setText(self.tr("Export…"))
        export.setProperty("role", "primary")
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(self.tr("Cancel"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(10)
        for widget in (label, self.format_box, self.quality_slider, self.note):
            layout.addWidget(widget)
        layout.addSpacing(8)
        layout.addWidget(buttons)
        self.format_box.currentIndexChanged.connect(self._show_format)
        known = {".jpeg": ".jpg", ".tiff": ".tif"}.get(suffix, suffix)
        self.format_box.setCurrentIndex(max(0, self.format_box.findData(known)))
        self._show_format()

    def suffix(self) -> str:
        return self.format_box.currentData()

    def quality(self) -> int:
        return int(self.quality_slider.value())

    def _show_format(self) -> None:
        suffix = self.suffix()
        self.quality_slider.setEnabled(suffix in LOSSY)
        if suffix == ".png":
            text = self.tr("Keeps every value and carries the recipe of the last edit.")
        elif suffix == ".tif":
            text = self.tr("Keeps every value, 16 bit included.")
        else:
            text = self.tr("8 bit, smaller files; fine detail is lost.")
        self.note.setText(text)
