"""What a user can do: one small function each. They act on a Session and ask through dialogs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QColorDialog

from core.errors import SfumatoError
from core.models.members import doer
from core.request import EditRequest
from core.settings import Job, RestorationSettings
from desktop.canvas.tools import ToolKind
from desktop.jobs.job import EditJob
from desktop.keys import keyed
from desktop.language import Language
from desktop.panel_values import MAX_GUIDANCE
from desktop.panels import dialogs
from desktop.panels.core_texts import setting_label, setting_text
from desktop.panels.reasons import why_no_check
from desktop.state import SwapPromptsCommand, main_setting
from desktop.sweep import Cell, Sweep, grid_of_requests
from desktop.theme import ThemeChoice, current_theme
from desktop.word_difference import short_title

if TYPE_CHECKING:
    from desktop.session import Session


# -- edits ------------------------------------------------------------------------------------


def run(session: "Session") -> None:
    """Put the edit that the panel shows into the queue."""
    request = _request(session)
    if request is not None:
        with queueing(session):
            looked_into = session.inspecting.is_open
            session.queue.submit(EditJob(request, _title(session), inspect=looked_into))


def check_reconstruction(session: "Session") -> None:
    """Invert the picture and rebuild it as the chosen method does, with nothing to change."""
    document, state = session.document, session.state
    session.window.panel.commit()
    problem = _no_picture(session) or why_no_check(state.chosen_settings)
    if problem:
        session.say(problem)
        return
    title = QCoreApplication.translate("Actions", "reconstruction")
    with queueing(session):
        session.check.start(state.build_reconstruction(document.pixels, document.mask()), title)


def show_reconstruction(session: "Session") -> None:
    """Open what the last check found; from there it can be kept as a result."""
    from desktop.panels.reconstruction import ReconstructionDialog

    checked = session.check.checked
    if checked is None:
        return
    title = QCoreApplication.translate("Actions", "reconstruction")
    dialog = ReconstructionDialog(checked, session.window)
    dialog.keep_wanted.connect(lambda finished: session.document.add_alternative(finished, title))
    session.document.picture_changed.connect(dialog.close)
    dialog.show()


def open_sweep(session: "Session") -> None:
    """Open the contact sheet over strengths, for the edit that the panel shows."""
    from desktop.panels.sweep import SweepDialog

    state = session.state
    session.window.panel.commit()
    setting = main_setting(state.method)
    problem = _what_is_missing(session)
    if problem or setting is None:
        session.say(problem)
        return
    method = state.method

    def make(strengths: Sequence[float], guidances: Sequence[float]) -> Sweep | None:
        if state.method is method:
            return _make_sweep(session, setting, strengths, guidances)
        session.say(
            QCoreApplication.translate(
                "Actions", "The sheet is of another method than the panel; open a new one."
            )
        )
        return None

    dialog = SweepDialog(
        setting_label(setting),
        state.guidance_scale,
        MAX_GUIDANCE,
        make,
        session.window,
    )
    dialog.cell_chosen.connect(lambda cell: take_cell(session, cell))
    session.document.picture_changed.connect(dialog.close)
    dialog.show()


def take_cell(session: "Session", cell: Cell) -> None:
    """Make a finished cell a result and look at it; once it is one, look at it again."""
    assert cell.finished is not None
    if cell.alternative in session.document.alternatives:
        session.document.show(cell.alternative)
    else:
        cell.alternative = session.document.add_alternative(cell.finished, cell.job.title)


def _make_sweep(
    session: "Session", setting: str, strengths: Sequence[float], guidances: Sequence[float]
) -> Sweep | None:
    request = _request(session)
    if request is None:
        return None
    request = request.with_(variations=1)
    name = _title(session)

    def title(cell: EditRequest) -> str:
        strength = f"{getattr(cell.settings, setting):.2f}"
        figures = [strength, f"{cell.guidance_scale:.1f}"] if len(guidances) > 1 else [strength]
        return " · ".join([name, *figures])

    return Sweep(session.queue, grid_of_requests(request, setting, strengths, guidances), title)


def _request(session: "Session") -> EditRequest | None:
    """What the panel asks for, with a seed of its own; None, and a word why, if it cannot be."""
    document, state = session.document, session.state
    session.window.panel.commit()
    problem = _what_is_missing(session)
    if problem:
        session.say(keyed(problem, "brush"))
        return None
    if not state.seed_locked:
        state.draw_seed()
    try:
        request = state.build_request(document.pixels, document.mask())
        return request.with_(model=doer(type(request.settings), request.model, session.models))
    except SfumatoError as error:
        session.say_error(error)
        return None


@contextmanager
def queueing(session: "Session") -> Iterator[None]:
    """Around what puts jobs into the queue: the status says at once that something starts."""
    session.window.message.dismiss()
    was_idle = session.queue.is_idle
    yield
    if was_idle:
        session.window.status.show_starting()


def _no_picture(session: "Session") -> str:
    if session.document.has_picture:
        return ""
    text = QCoreApplication.translate("Actions", "There is no picture yet. Open one with Ctrl+O.")
    return keyed(text, "open")


def _what_is_missing(session: "Session") -> str:
    state = session.state
    translate = QCoreApplication.translate
    if not session.document.has_picture:
        return _no_picture(session)
    if state.job is Job.FILL and not session.document.has_mask:
        return translate(
            "Actions", "Fill needs a selection. Paint over what should change with the brush (B)."
        )
    settings = state.settings
    missing = isinstance(settings, RestorationSettings) and settings.mask_is_missing
    if missing and not session.document.has_mask:
        return translate(
            "Actions", "Paint over the missing pixels with the brush (B), then restore them."
        )
    if state.job is Job.EXTEND and not state.frame.margins.outward.any:
        return translate(
            "Actions",
            "The frame lies at the picture's edges. Drag it outwards, or type how far it reaches.",
        )
    needs_words = state.job in (Job.SWAP, Job.RESTYLE)
    if needs_words and not state.target_prompt.strip():
        return translate("Actions", "“Make it” is empty. Type what the picture should become.")
    return ""


def _title(session: "Session") -> str:
    state = session.state
    if isinstance(state.settings, RestorationSettings):
        return " + ".join(setting_text(one.title) for one in state.settings.degradations)
    source = state.source_prompt if state.job is Job.SWAP else ""
    title = short_title(source, state.target_prompt) if state.method.says else ""
    if state.job is Job.EXTEND:
        return title or QCoreApplication.translate("Actions", "extended")
    return title or QCoreApplication.translate("Actions", "removed")


def preview_degraded(session: "Session") -> None:
    """Show the picture with once more done to it what Restore is to undo."""
    if session.restoring.settings is None:
        session.state.set_job(Job.RESTORE)
    session.restoring.set_previewing(session.menus.actions["preview_degraded"].isChecked())


def open_tomography(session: "Session") -> None:
    """Open the page on which a picture is found from its projections."""
    from desktop.panels.tomography import TomographyDialog
    from desktop.tomography import TomographyExperiment

    experiment = TomographyExperiment(session.queue)
    TomographyDialog(experiment, session.state, session.document, session.window).show()


def cancel(session: "Session") -> None:
    """Give the running edit up; those that wait go on."""
    if session.queue.running is not None:
        session.queue.cancel(session.queue.running)


def cancel_all(session: "Session") -> None:
    session.queue.cancel_all()


def escape(session: "Session") -> None:
    """Leave the innermost: a stroke, a search, an edit, a message, a word, a result, a frame."""
    if session.canvas.cancel_stroke() or session.selecting.cancel():
        return
    if session.queue.running is not None:
        cancel(session)
    elif session.window.message.text():
        session.window.message.dismiss()
    elif session.inspecting.clear_word() or session.restored.leave() or session.restoring.leave():
        pass
    elif session.document.shown is not None:
        session.document.show(None)
    elif session.state.job is Job.EXTEND:
        session.state.frame.reset()


def apply(session: "Session") -> None:
    """Put the result that is looked at into the picture."""
    if session.document.shown is not None:
        session.document.apply(session.document.shown)


def delete(session: "Session") -> None:
    """Delete the result that is looked at; this can be undone."""
    if session.document.shown is not None:
        session.document.delete_alternative(session.document.shown)


def next_result(session: "Session") -> None:
    _step_result(session, 1)


def previous_result(session: "Session") -> None:
    _step_result(session, -1)


def _step_result(session: "Session", by: int) -> None:
    alternatives = session.document.alternatives
    if not alternatives:
        return
    shown = session.document.shown
    if shown is None:
        session.document.show(alternatives[0 if by > 0 else -1])
        return
    index = alternatives.index(shown) + by
    if 0 <= index < len(alternatives):
        session.document.show(alternatives[index])


def swap_prompts(session: "Session") -> None:
    if session.state.job is Job.SWAP:
        session.document.undo_stack.push(SwapPromptsCommand(session.state))


def undo(session: "Session") -> None:
    session.document.undo_stack.undo()


def redo(session: "Session") -> None:
    session.document.undo_stack.redo()


# -- selection and canvas ---------------------------------------------------------------------


def choose_tool(session: "Session", kind: ToolKind) -> None:
    session.canvas.set_tool(kind)
    session.window.focus_picture()


def select_all(session: "Session") -> None:
    session.document.fill_mask()


def clear_mask(session: "Session") -> None:
    session.document.clear_mask()


def invert_mask(session: "Session") -> None:
    session.document.invert_mask()


def show_mask(session: "Session") -> None:
    session.canvas.set_mask_visible(session.menus.actions["show_mask"].isChecked())


def choose_mask_colour(session: "Session") -> None:
    """Ask for the selection's colour and remember it."""

    def chosen(colour: QColor) -> None:
        session.preferences.change("window", mask_colour=colour.name())

    dialog = QColorDialog(session.canvas.mask_colour, session.window)
    dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.colorSelected.connect(chosen)
    dialog.open()


def compare(session: "Session") -> None:
    session.canvas.set_compare(session.menus.actions["compare"].isChecked())


def rulers(session: "Session") -> None:
    """Show the rulers or put them away, and remember it."""
    on = session.menus.actions["rulers"].isChecked()
    session.preferences.change("window", rulers=on)
    session.window.ruled.set_rulers_visible(on)


def inspect(session: "Session") -> None:
    """Open or close the panel that looks into edits; while it is open, runs are recorded."""
    session.inspecting.set_open(session.menus.actions["inspect"].isChecked())


def show_original(session: "Session") -> None:
    session.canvas.set_original_shown(session.menus.actions["original"].isChecked())


# -- window -----------------------------------------------------------------------------------


def choose_theme(session: "Session", choice: ThemeChoice) -> None:
    """Colour the window anew and remember the choice."""
    session.preferences.theme = choice
    session.menus.check(f"theme_{choice}")


def toggle_theme(session: "Session") -> None:
    dark = current_theme().name == "dark"
    choose_theme(session, ThemeChoice.LIGHT if dark else ThemeChoice.DARK)


def choose_language(session: "Session", language: Language) -> None:
    """Speak another language from now on, and remember it."""
    session.preferences.language = language
    session.menus.check(f"language_{language}")


def show_about(session: "Session") -> None:
    dialogs.show_about(session.window)
