"""What is done to the document, and the edits that the model makes."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from core.settings import Job
from desktop import (
    actions,
    file_actions,
    result_actions,
    settings_actions,
)
from desktop.commands.command import Command
from desktop.language import QT_TRANSLATE_NOOP
from desktop.restored import Look

if TYPE_CHECKING:
    from desktop.session import Session


def _job(job: Job) -> "Callable[[Session], object]":
    return lambda session: session.state.set_job(job)


EDITS: tuple[Command, ...] = (
    Command("open", QT_TRANSLATE_NOOP("Commands", "Open…"), file_actions.open_dialog, "Ctrl+O"),
    Command("save", QT_TRANSLATE_NOOP("Commands", "Save"), file_actions.save, "Ctrl+S"),
    Command(
        "save_as", QT_TRANSLATE_NOOP("Commands", "Save as…"), file_actions.save_as, "Ctrl+Shift+S"
    ),
    Command("export", QT_TRANSLATE_NOOP("Commands", "Export…"), file_actions.export, "Ctrl+E"),
    Command("close", QT_TRANSLATE_NOOP("Commands", "Close picture"), file_actions.close, "Ctrl+W"),
    Command("quit", QT_TRANSLATE_NOOP("Commands", "Quit"), file_actions.quit_window, "Ctrl+Q"),
    Command("undo", QT_TRANSLATE_NOOP("Commands", "Undo"), actions.undo, "Ctrl+Z", repeats=True),
    Command(
        "redo", QT_TRANSLATE_NOOP("Commands", "Redo"), actions.redo, "Ctrl+Shift+Z", repeats=True
    ),
    Command(
        "settings",
        QT_TRANSLATE_NOOP("Commands", "Settings…"),
        settings_actions.open_settings,
        "Ctrl+,",
    ),
    Command("copy", QT_TRANSLATE_NOOP("Commands", "Copy picture"), file_actions.copy, "Ctrl+C"),
    Command("paste", QT_TRANSLATE_NOOP("Commands", "Paste picture"), file_actions.paste, "Ctrl+V"),
    Command("run", QT_TRANSLATE_NOOP("Commands", "Run"), actions.run, "Ctrl+Return"),
    Command(
        "check",
        QT_TRANSLATE_NOOP("Commands", "Check reconstruction"),
        actions.check_reconstruction,
        "Ctrl+Shift+K",
    ),
    Command("sweep", QT_TRANSLATE_NOOP("Commands", "Sweep…"), actions.open_sweep, "Ctrl+Shift+E"),
    Command("cancel", QT_TRANSLATE_NOOP("Commands", "Cancel"), actions.escape, "Esc"),
    Command(
        "cancel_all",
        QT_TRANSLATE_NOOP("Commands", "Cancel all waiting edits"),
        actions.cancel_all,
        "Ctrl+Shift+Esc",
    ),
    Command(
        "apply", QT_TRANSLATE_NOOP("Commands", "Apply result"), actions.apply, "Ctrl+Shift+Return"
    ),
    Command("delete", QT_TRANSLATE_NOOP("Commands", "Delete result"), actions.delete, "Ctrl+Del"),
    Command("next", QT_TRANSLATE_NOOP("Commands", "Next result"), actions.next_result, "."),
    Command(
        "previous", QT_TRANSLATE_NOOP("Commands", "Previous result"), actions.previous_result, ","
    ),
    Command(
        "leave_results",
        QT_TRANSLATE_NOOP("Commands", "Back to the picture"),
        result_actions.leave,
    ),
    Command(
        "more_like_this",
        QT_TRANSLATE_NOOP("Commands", "More like this"),
        result_actions.more_like_this,
        "Ctrl+Shift+M",
    ),
    Command(
        "blend",
        QT_TRANSLATE_NOOP("Commands", "Blend…"),
        result_actions.open_blend,
        "Ctrl+Shift+B",
    ),
    Command(
        "prompt",
        QT_TRANSLATE_NOOP("Commands", "Go to the prompt"),
        lambda session: session.window.panel.target.edit.setFocus(),
        "Ctrl+L",
    ),
    Command(
        "swap_prompts", QT_TRANSLATE_NOOP("Commands", "Swap prompts"), actions.swap_prompts, "X"
    ),
    Command(
        "job_fill",
        QT_TRANSLATE_NOOP("Commands", "Fill"),
        _job(Job.FILL),
        "Ctrl+Shift+F",
        group="job",
    ),
    Command(
        "job_extend",
        QT_TRANSLATE_NOOP("Commands", "Extend"),
        _job(Job.EXTEND),
        "Ctrl+Shift+X",
        group="job",
    ),
    Command(
        "job_swap",
        QT_TRANSLATE_NOOP("Commands", "Swap"),
        _job(Job.SWAP),
        "Ctrl+Shift+W",
        group="job",
    ),
    Command(
        "job_restyle",
        QT_TRANSLATE_NOOP("Commands", "Restyle"),
        _job(Job.RESTYLE),
        "Ctrl+Shift+R",
        group="job",
    ),
    Command(
        "job_restore",
        QT_TRANSLATE_NOOP("Commands", "Restore"),
        _job(Job.RESTORE),
        "Ctrl+Shift+O",
        group="job",
    ),
    Command(
        "preview_degraded",
        QT_TRANSLATE_NOOP("Commands", "Show the picture degraded"),
        actions.preview_degraded,
        "Ctrl+Shift+D",
        checkable=True,
    ),
    Command(
        "tomography",
        QT_TRANSLATE_NOOP("Commands", "Tomography…"),
        actions.open_tomography,
        "Ctrl+Shift+T",
    ),
    Command(
        "view_result",
        QT_TRANSLATE_NOOP("Commands", "Look at the result"),
        lambda session: session.restored.look_at(Look.RESULT),
        "1",
    ),
    Command(
        "view_residual",
        QT_TRANSLATE_NOOP("Commands", "Look at the residual"),
        lambda session: session.restored.look_at(Look.RESIDUAL),
        "2",
    ),
    Command(
        "view_uncertainty",
        QT_TRANSLATE_NOOP("Commands", "Look at the uncertainty"),
        lambda session: session.restored.look_at(Look.SPREAD),
        "3",
    ),
    Command(
        "next_sample",
        QT_TRANSLATE_NOOP("Commands", "Next sample"),
        lambda session: session.restored.flick(1),
        "Ctrl+PgDown",
        repeats=True,
    ),
    Command(
        "previous_sample",
        QT_TRANSLATE_NOOP("Commands", "Previous sample"),
        lambda session: session.restored.flick(-1),
        "Ctrl+PgUp",
        repeats=True,
    ),
)
