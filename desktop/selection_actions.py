"""What a user can do with the selection as a whole: reshape it, load it, save it, take a word's."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QCursor

from core.errors import PictureError
from core.imaging import morphology
from core.imaging.image import Picture
from core.imaging.mask import mask_of, save_mask
from core.imaging.selection import How, Levels, Patch
from desktop.canvas.tools import SelectionWish
from desktop.document.selection import select
from desktop.panels import dialogs
from desktop.panels.amount import AmountDialog

if TYPE_CHECKING:
    from desktop.session import Session


def grow(session: "Session") -> None:
    """Ask by how much, and spread the selection."""
    translate = QCoreApplication.translate
    title = translate("Actions", "Grow the selection")
    help_text = translate("Actions", "How far it spreads, in picture pixels")
    _ask(session, "grow", title, help_text, morphology.grow)


def shrink(session: "Session") -> None:
    """Ask by how much, and draw the selection in."""
    translate = QCoreApplication.translate
    title = translate("Actions", "Shrink the selection")
    help_text = translate("Actions", "How far it draws in, in picture pixels")
    _ask(session, "shrink", title, help_text, morphology.shrink)


def feather(session: "Session") -> None:
    """Ask by how much, and soften the selection's edge."""
    translate = QCoreApplication.translate
    title = translate("Actions", "Feather the selection")
    help_text = translate("Actions", "How far its edge softens to either side, in picture pixels")
    _ask(session, "feather", title, help_text, morphology.feather)


def box(session: "Session") -> None:
    """Ask for a box in numbers, and select it as the selection tools do."""
    document = session.document
    if not document.has_picture:
        return
    from desktop.panels.box import BoxDialog

    picture = document.stack.rect
    dialog = BoxDialog(picture, picture, session.window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def accepted() -> None:
        chosen = dialog.box()
        values = np.full((chosen.height(), chosen.width()), 255, np.uint8)
        title = QCoreApplication.translate("Actions", "Select a box")
        patch = Patch(values, chosen.left(), chosen.top())
        select(document, patch, session.canvas.selection.how, title)

    dialog.accepted.connect(accepted)
    document.picture_changed.connect(dialog.reject)
    document.size_changed.connect(dialog.reject)
    dialog.open()


def fill_holes(session: "Session") -> None:
    """Select what the selection closes off."""
    if _something_is_selected(session):
        title = QCoreApplication.translate("Actions", "Fill holes")
        _reshape(session, title, morphology.fill_holes)


def load(session: "Session") -> None:
    """Ask for a picture and make a selection of it: white is selected."""
    if not session.document.has_picture:
        return
    size = session.document.size.height(), session.document.size.width()
    title = QCoreApplication.translate("Actions", "Load selection")

    def find(path: Path) -> Patch:
        found = session.reader.read(path)
        if not isinstance(found, Picture):
            raise PictureError(f"{path.name} is a document; choose a picture of the selection.")
        return Patch(np.rint(mask_of(found, path.name, size) * 255).astype(np.uint8))

    def chosen(path: Path) -> None:
        session.preferences.folder = path.parent
        session.selecting.start(SelectionWish(title, lambda _: find(path), How.REPLACE))

    dialogs.ask_open_file(session.window, session.preferences.folder, chosen, title)


def save(session: "Session") -> None:
    """Ask for a file and write the selection as a grey PNG."""
    if not _something_is_selected(session):
        return
    stem = Path(session.document.title).stem
    name = QCoreApplication.translate("Actions", "{picture}-selection.png").format(picture=stem)
    values = session.document.mask_u8().copy()

    def chosen(path: Path) -> None:
        def done(_: object) -> None:
            session.preferences.folder = path.parent

        session.background.run(lambda: save_mask(path, values), done, session.say_error)

    dialogs.ask_save_selection(session.window, session.preferences.folder / name, chosen)


def by_word(session: "Session") -> None:
    """Offer the words whose place was recorded, where the pointer is."""
    session.word_menu.popup(QCursor.pos())


def _ask(
    session: "Session",
    name: str,
    title: str,
    help_text: str,
    change: Callable[[Levels, int], Levels],
) -> None:
    if not _something_is_selected(session):
        return
    dialog = AmountDialog(title, help_text, session.preferences.amount(name), session.window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def accepted() -> None:
        pixels = dialog.pixels()
        session.preferences.set_amount(name, pixels)
        _reshape(session, title, lambda mask: change(mask, pixels))

    dialog.accepted.connect(accepted)
    session.document.picture_changed.connect(dialog.reject)
    dialog.open()


def _reshape(session: "Session", title: str, change: Callable[[Levels], Levels]) -> None:
    before = session.document.mask_u8().copy()
    nothing = QCoreApplication.translate(
        "Actions",
        "Nothing of the selection would be left, so it stays as it is. Choose fewer pixels.",
    )
    wish = SelectionWish(title, lambda _: Patch(change(before)), How.REPLACE, True, nothing)
    session.selecting.start(wish)


def _something_is_selected(session: "Session") -> bool:
    """Whether anything is; otherwise says what to do about it."""
    if not session.document.has_mask:
        session.say(
            QCoreApplication.translate(
                "Actions",
                "Nothing is selected yet. Paint with the brush (B) or go around it with the "
                "lasso (L) first.",
            )
        )
    return session.document.has_mask
