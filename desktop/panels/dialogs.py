"""Questions to the user. None of them blocks: each calls back when it is answered."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, Qt
from PySide6.QtWidgets import QCheckBox, QFileDialog, QMessageBox, QWidget

import core
from core.documents.recovery import About
from desktop.document.files import OPEN_SUFFIXES
from desktop.document.store import DOCUMENT_SUFFIXES, LeftOut

FORMATS = {".png": "PNG", ".jpg": "JPEG", ".webp": "WebP", ".tif": "TIFF"}
"""What pictures can be written as, by the suffix that is given to a name without one."""
DOCUMENTS = {".sfumato": "Sfumato", ".ora": "OpenRaster", ".psd": "Photoshop"}
"""What documents can be written as."""
_MOST_NAMED = 5


def ask_open_file(
    parent: QWidget, folder: Path, chosen: Callable[[Path], object], title: str = ""
) -> None:
    """A picture that exists."""
    patterns = " ".join(f"*{suffix}" for suffix in (*OPEN_SUFFIXES, *DOCUMENT_SUFFIXES))
    dialog = QFileDialog(
        parent,
        title or QCoreApplication.translate("Dialogs", "Open a picture"),
        str(folder),
        QCoreApplication.translate("Dialogs", "Pictures") + f" ({patterns})",
    )
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    _show(dialog, chosen)


def ask_save_file(
    parent: QWidget,
    suggestion: Path,
    chosen: Callable[[Path], object],
    formats: Mapping[str, str] = FORMATS,
) -> None:
    """Where to write, in one of the formats."""
    dialog = QFileDialog(
        parent, QCoreApplication.translate("Dialogs", "Save the picture"), str(suggestion.parent)
    )
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters([f"{name} (*{suffix})" for suffix, name in formats.items()])
    suffix = {".jpeg": ".jpg", ".tiff": ".tif"}.get(suggestion.suffix, suggestion.suffix)
    if suffix in formats:
        dialog.selectNameFilter(f"{formats[suffix]} (*{suffix})")
        dialog.setDefaultSuffix(suffix)
    dialog.filterSelected.connect(
        lambda text: dialog.setDefaultSuffix(text[text.index("*") + 1 : -1])
    )
    dialog.selectFile(suggestion.name)
    _show(dialog, chosen)


def ask_save_selection(parent: QWidget, suggestion: Path, chosen: Callable[[Path], object]) -> None:
    """Where to write a selection: always a PNG."""
    title = QCoreApplication.translate("Dialogs", "Save the selection")
    ask_save_as(parent, title, suggestion, "PNG (*.png)", chosen)


def ask_save_as(
    parent: QWidget, title: str, suggestion: Path, kind: str, chosen: Callable[[Path], object]
) -> None:
    """Where to write a file of the suggestion's one format, which `kind` names."""
    dialog = QFileDialog(parent, title, str(suggestion.parent))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(kind)
    dialog.setDefaultSuffix(suggestion.suffix)
    dialog.selectFile(suggestion.name)
    _show(dialog, chosen)


def ask_folder(parent: QWidget, title: str, chosen: Callable[[Path], object]) -> None:
    """A folder that exists."""
    dialog = QFileDialog(parent, title, str(Path.home()))
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    _show(dialog, chosen)


def ask_export(parent: QWidget, suggestion: Path, chosen: Callable[[Path, int], object]) -> None:
    """A format with its quality, then where to write."""
    from desktop.panels.export import ExportDialog

    dialog = ExportDialog(suggestion.suffix, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def accepted() -> None:
        quality = dialog.quality()
        ask_save_file(
            parent,
            suggestion.with_suffix(dialog.suffix()),
            lambda path: chosen(path, quality),
        )

    dialog.accepted.connect(accepted)
    dialog.open()


def ask_unsaved(
    parent: QWidget,
    title: str,
    beside: LeftOut,
    save: Callable[[], object],
    discard: Callable[[], object],
) -> None:
    """Save, discard or stay. beside: what else would be lost, which a picture file cannot hold."""
    translate = QCoreApplication.translate
    buttons = QMessageBox.StandardButton
    box = QMessageBox(parent)
    box.setObjectName("unsaved")
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle("Sfumato")
    box.setText(
        translate("Dialogs", "“{title}” has changes that are not saved.").format(title=title)
    )
    question = translate("Dialogs", "Save them before the picture is closed?")
    if beside:
        kept = translate(
            "Dialogs", "A Sfumato document (.sfumato) keeps it all, with {things}."
        ).format(things=_listed(beside))
        question = f"{question}\n\n{kept}"
    box.setInformativeText(question)
    box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
    box.setDefaultButton(buttons.Save)
    box.button(buttons.Save).setText(translate("Dialogs", "Save"))
    box.button(buttons.Discard).setText(translate("Dialogs", "Discard"))
    box.button(buttons.Cancel).setText(translate("Dialogs", "Cancel"))
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def finished() -> None:
        pressed = box.standardButton(box.clickedButton())
        if pressed is buttons.Save:
            save()
        elif pressed is buttons.Discard:
            discard()

    box.finished.connect(finished)
    box.open()


def ask_recover(
    parent: QWidget,
    found: Sequence[About],
    restore: Callable[[bool], object],
    discard: Callable[[], object],
    later: Callable[[], object],
) -> None:
    """What shall become of unsaved work, the latest first.

    restore: called with whether edits that had not ended shall run again.
    """
    translate = QCoreApplication.translate
    buttons = QMessageBox.StandardButton
    box = QMessageBox(parent)
    box.setObjectName("recover")
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle("Sfumato")
    box.setText(translate("Dialogs", "Sfumato did not end as it should. Restore unsaved work?"))
    lines = [
        translate("Dialogs", "“{title}”, kept {when}").format(
            title=one.title,
            when=QLocale().toString(
                QDateTime.fromSecsSinceEpoch(round(one.saved)), QLocale.FormatType.ShortFormat
            ),
        )
        for one in found[:_MOST_NAMED]
    ]
    if len(found) > _MOST_NAMED:
        lines.append(
            translate("Dialogs", "and {count} more").format(count=len(found) - _MOST_NAMED)
        )
    box.setInformativeText("\n".join(lines))
    again = QCheckBox()
    if found[0].jobs:
        again.setText(
            translate("Dialogs", "Run the edits again that had not ended ({count})").format(
                count=found[0].jobs
            )
        )
        again.setChecked(True)
        box.setCheckBox(again)
    box.setStandardButtons(buttons.Yes | buttons.Discard | buttons.Cancel)
    box.setDefaultButton(buttons.Yes)
    box.button(buttons.Yes).setText(translate("Dialogs", "Restore"))
    box.button(buttons.Discard).setText(translate("Dialogs", "Throw away"))
    box.button(buttons.Cancel).setText(translate("Dialogs", "Ask next time"))
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def finished() -> None:
        pressed = box.standardButton(box.clickedButton())
        if pressed is buttons.Yes:
            restore(again.isChecked())
        elif pressed is buttons.Discard:
            discard()
        else:
            later()

    box.finished.connect(finished)
    box.open()


def _listed(beside: LeftOut) -> str:
    """“the selection, 3 layers and 2 results”."""
    *first, last = beside.words()
    both = QCoreApplication.translate("Dialogs", "{first} and {last}")
    return both.format(first=", ".join(first), last=last) if first else last


def show_about(parent: QWidget) -> None:
    translate = QCoreApplication.translate
    box = QMessageBox(parent)
    box.setWindowTitle(translate("Dialogs", "About Sfumato"))
    box.setText(f"Sfumato {core.__version__}")
    box.setInformativeText(
        translate(
            "Dialogs",
            "Rewrites pictures with diffusion models, on this machine alone.\n"
            "Apache-2.0. Qt is used under the LGPL; its libraries are separate files that "
            "can be replaced.",
        )
    )
    box.setStandardButtons(QMessageBox.StandardButton.Close)
    box.button(QMessageBox.StandardButton.Close).setText(translate("Dialogs", "Close"))
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()


def _show(dialog: QFileDialog, chosen: Callable[[Path], object]) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda name: chosen(Path(name)))
    dialog.open()
