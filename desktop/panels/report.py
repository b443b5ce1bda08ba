"""The report: a text to read before it is copied or saved, and what may go along with it."""

import zipfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.errors import SaveError
from core.imaging.atomic import replacing, write_atomically
from core.request import Pixels
from desktop.panels import dialogs
from desktop.qimage import to_qimage


class ReportDialog(QDialog):
    """Shows what `text` says; it is asked with whether prompts may stand in it.

    picture: what may be saved along with it, if the user ticks that.
    """

    def __init__(
        self, text: Callable[[bool], str], picture: Pixels | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("report")
        self.setWindowTitle(self.tr("Report"))
        self.resize(720, 560)
        self._text, self._picture = text, picture
        note = QLabel(
            self.tr(
                "For whoever looks into a fault. Nothing is sent: copy or save it, read it, and "
                "pass it on yourself. It holds no pictures and no prompts unless you tick them."
            )
        )
        note.setProperty("role", "dim")
        note.setWordWrap(True)
        self.view = QPlainTextEdit()
        self.view.setReadOnly(True)
        self.view.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.view.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.view.setTabChangesFocus(True)
        self.view.setAccessibleName(self.tr("Report"))
        self.view.setToolTip(self.tr("All that the report tells"))
        self.prompts = _box(
            self.tr("With my prompts"), self.tr("The two prompts that the panel shows now")
        )
        self.pictures = _box(
            self.tr("With the picture"),
            self.tr("The picture on the canvas; it is saved beside the text, in one ZIP file"),
        )
        self.pictures.setEnabled(picture is not None)
        self.said = QLabel()
        self.said.setProperty("role", "small")
        self.copy_button = _button(self.tr("Copy"), self.tr("Copy the text"))
        self.save_button = _button(self.tr("Save…"), self.tr("Write the report to a file"))
        self.save_button.setProperty("role", "primary")
        self.close_button = _button(self.tr("Close"), self.tr("Close the report (Esc)"))
        self.prompts.toggled.connect(self.show_report)
        self.copy_button.clicked.connect(self._copy)
        self.save_button.clicked.connect(self._ask)
        self.close_button.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addWidget(self.prompts)
        buttons.addWidget(self.pictures)
        buttons.addWidget(self.said, 1)
        for button in (self.copy_button, self.save_button, self.close_button):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(12)
        column.addWidget(note)
        column.addWidget(self.view, 1)
        column.addLayout(buttons)
        self.show_report()

    def show_report(self) -> None:
        """Show it as it is now."""
        place = self.view.verticalScrollBar().value()
        self.view.setPlainText(self._text(self.prompts.isChecked()))
        self.view.verticalScrollBar().setValue(place)

    def write(self, path: Path) -> None:
        """Write it: as text, or, with the picture, as a ZIP file of both. Raises SaveError."""
        text = self.view.toPlainText().encode()
        if not self.pictures.isChecked() or self._picture is None:
            write_atomically(path, text)
            return
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        to_qimage(self._picture).save(buffer, "PNG")  # type: ignore[call-overload]
        with replacing(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("report.txt", text)
            archive.writestr("picture.png", bytes(buffer.data().data()))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.view.toPlainText())
        self.said.setText(self.tr("Copied."))

    def _ask(self) -> None:
        suffix = ".zip" if self.pictures.isChecked() else ".txt"
        suggestion = Path.home() / f"sfumato-report{suffix}"
        title = self.tr("Save the report")
        dialogs.ask_save_as(self, title, suggestion, f"*{suffix}", self._save)

    def _save(self, path: Path) -> None:
        try:
            self.write(path)
            self.said.setText(self.tr("Saved as {name}.").format(name=path.name))
        except SaveError as error:
            self.said.setText(str(error))


def _box(text: str, tip: str) -> QCheckBox:
    box = QCheckBox(text)
    box.setAccessibleName(text)
    box.setToolTip(tip)
    return box


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setAccessibleName(text)
    button.setToolTip(tip)
    button.setAutoDefault(False)
    return button
