"""What a user can do with files and the clipboard: open, save, export, copy, paste, leave."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QMimeData
from PySide6.QtGui import QGuiApplication

import resources
from core.settings import Job
from desktop.document import files
from desktop.document.store import DOCUMENT_SUFFIXES, LeftOut, holds_everything, is_document
from desktop.document.storing import Opened
from desktop.language import current_language
from desktop.panels import dialogs
from desktop.panels.core_texts import notice
from desktop.qimage import to_qimage
from desktop.samples import Sample, sample_at

if TYPE_CHECKING:
    from core.documents.openraster import Written
    from core.imaging.image import Picture
    from desktop.session import Session


def open_dialog(session: "Session") -> None:
    """Ask for a picture and open it."""
    dialogs.ask_open_file(
        session.window, session.preferences.folder, lambda path: open_picture(session, path)
    )


def open_files(session: "Session", paths: Sequence[Path | str]) -> None:
    """Open the first of some files, as a drop brings them."""
    if paths:
        open_picture(session, Path(paths[0]))


def open_picture(session: "Session", path: Path) -> None:
    """Open `path` in place of the document, after asking about unsaved changes."""

    def load() -> None:
        session.opening += 1
        number = session.opening
        session.background.run(
            lambda: files.load_any(path, session.reader.read),
            lambda loaded: _show(session, loaded, path, number),
            session.say_error,
        )

    _ask_about_changes(session, load)


def _show(session: "Session", loaded: "Picture | Opened", path: Path, number: int) -> None:
    if number != session.opening:
        return  # another one was asked for meanwhile
    session.window.message.dismiss()
    if isinstance(loaded, Opened):
        session.store.show(loaded, path, None)
        session.state.set_values(loaded.stored.panel)
        if loaded.stored.notices:
            session.say(f"{path.name}: {' '.join(map(notice, loaded.stored.notices))}")
    else:
        session.document.set_picture(loaded, path)
    sample = sample_at(path)
    if sample is None:
        session.preferences.folder = path.parent
    else:
        _prepare_sample(session, sample)
    session.autosave.rest()
    session.window.focus_picture()


def _prepare_sample(session: "Session", sample: Sample) -> None:
    """Make a sample's edit ready to run: job, prompts and mask."""
    language = current_language()
    main = sample.edits[0]
    targets = {edit.job: edit.targets[language] for edit in reversed(sample.edits)}
    targets.setdefault(Job.RESTYLE, targets.get(Job.SWAP, ""))
    session.state.prefill(main.job, main.sources[language], targets)
    mask = main.load_mask()
    if mask is not None and mask.shape == session.document.pixels.shape[:2]:
        session.document.set_mask(mask, "")
        session.document.undo_stack.clear()


def save(session: "Session", then: Callable[[], object] | None = None) -> None:
    """Write the document to its own file; ask for one if it has none or is a shipped sample."""
    path = session.document.path
    if path is None or not _is_own_file(path):
        save_as(session, then)
    else:
        _write(session, path, 95, True, then)


def save_as(session: "Session", then: Callable[[], object] | None = None) -> None:
    """Ask for a file and write the document to it, as a document or as a plain picture."""
    if session.document.has_picture:
        path = session.document.path
        suffix = ".sfumato" if _is_more_than_a_picture(session) else ".png"
        if path is not None and is_document(path):
            suffix = path.suffix
        suggestion = _suggested_file(session, suffix)
        dialogs.ask_save_file(
            session.window,
            suggestion,
            lambda path: _write(session, path, 95, True, then),
            {**dialogs.DOCUMENTS, **dialogs.FORMATS},
        )


def _is_more_than_a_picture(session: "Session") -> bool:
    return len(session.document.layers) > 1 or bool(session.store.unaccepted)


def export(session: "Session") -> None:
    """Write a copy in a chosen format; the document keeps its own file."""
    if session.document.has_picture:
        dialogs.ask_export(
            session.window,
            _suggested_file(session, ""),
            lambda path, quality: _write(session, path, quality, False, None),
        )


def _write(
    session: "Session",
    path: Path,
    quality: int,
    becomes_own: bool,
    then: Callable[[], object] | None,
) -> None:
    if is_document(path):
        _write_document(session, path, then)
        return
    snapshot = session.document.snapshot()
    index = session.document.undo_stack.index()
    left_out = session.store.left_out(path)
    carry = session.preferences.values.export

    def done(_: object) -> None:
        session.preferences.folder = path.parent
        if becomes_own and session.document.undo_stack.index() == index:
            session.document.mark_saved(path)
            session.autosave.rest()
            _say_left_out(session, path, left_out)
        if then is not None:
            then()

    session.background.run(lambda: snapshot.write(path, quality, carry), done, session.say_error)


def _write_document(session: "Session", path: Path, then: Callable[[], object] | None) -> None:
    document, store = session.document, session.store
    snapshot = replace(
        store.snapshot(session.state.values().model_dump(mode="json")),
        look=(document.pixels, document.alpha),
    )
    index, results = document.undo_stack.index(), document.alternatives
    left_out = store.left_out(path)

    def done(written: "Written | None") -> None:
        session.preferences.folder = path.parent
        store.mark_saved(path, results, written)
        if document.undo_stack.index() == index:
            document.mark_saved(path)
        session.autosave.rest()
        _say_left_out(session, path, left_out)
        if then is not None:
            then()

    session.background.run(lambda: store.write(path, snapshot), done, session.say_error)


def _say_left_out(session: "Session", path: Path, left_out: LeftOut) -> None:
    """Tell what the file does not hold, once for each kind of it."""
    if not left_out:
        session.window.message.dismiss()
    elif (path, left_out) != session.told_left_out:
        session.told_left_out = path, left_out
        session.say(
            QCoreApplication.translate(
                "Actions",
                "{name} holds the picture as it looks. Not in it: {things}. "
                "Save as a Sfumato document (.sfumato) to keep all.",
            ).format(name=path.name, things=", ".join(left_out.words()))
        )


def close(session: "Session") -> None:
    """Close the picture, after asking about unsaved changes."""
    _ask_about_changes(session, session.document.close)


def quit_window(session: "Session") -> None:
    """Close the window; a running edit is given up."""

    def leave() -> None:
        session.preferences.geometry = session.window.saveGeometry()
        session.window.hide()  # gone at once, even if the engine's step takes a moment more
        session.close()
        session.window.close_now()

    _ask_about_changes(session, leave)


def _ask_about_changes(session: "Session", go_on: Callable[[], object]) -> None:
    if session.store.has_unsaved:
        path = session.document.path or Path()
        whole = bool(session.store.unaccepted)  # which no picture file can hold
        dialogs.ask_unsaved(
            session.window,
            session.document.title,
            session.store.left_out(path),
            save=lambda: (save_as if whole and not holds_everything(path) else save)(
                session, go_on
            ),
            discard=go_on,
        )
    else:
        go_on()


def _is_own_file(path: Path) -> bool:
    return resources.ROOT not in path.resolve().parents and path.suffix.lower() in (
        *files.SAVE_SUFFIXES,
        *DOCUMENT_SUFFIXES,
    )


def _suggested_file(session: "Session", suffix: str) -> Path:
    document = session.document
    folder = session.preferences.folder
    if document.path is not None and _is_own_file(document.path):
        folder = document.path.parent
        if not is_document(document.path):
            suffix = suffix or document.path.suffix
    stem = Path(document.title).stem or QCoreApplication.translate("Actions", "picture")
    return folder / f"{stem}{suffix or '.png'}"


def copy(session: "Session") -> None:
    """Put what the canvas shows on the clipboard."""
    if session.document.has_picture:
        shown = session.document.shown
        pixels = session.document.pixels if shown is None else shown.pixels
        QGuiApplication.clipboard().setImage(to_qimage(pixels))


def paste(session: "Session") -> None:
    """Open the picture, or the picture file, that is on the clipboard."""
    mime: QMimeData | None = QGuiApplication.clipboard().mimeData()  # None where nothing is on it
    urls = [] if mime is None else mime.urls()
    paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    if paths:
        open_files(session, paths)
        return
    image = QGuiApplication.clipboard().image()
    if image.isNull():
        session.say(
            QCoreApplication.translate(
                "Actions",
                "The clipboard holds no picture. Copy a picture or a picture file first.",
            )
        )
        return

    def show() -> None:
        title = QCoreApplication.translate("Actions", "Pasted picture")
        session.opening += 1
        session.document.set_picture(files.picture_from_image(image), title=title)
        session.autosave.rest()

    _ask_about_changes(session, show)
