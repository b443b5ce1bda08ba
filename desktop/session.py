"""Connects the parts: what the document, the queue and the canvas report, and who must know."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from core.methods import settings_types, why_not
from core.models.library import ModelInfo
from core.models.members import doer
from core.settings import Job, SwapSettings
from desktop.autosave import Autosave, recovery_folder
from desktop.background import Background
from desktop.canvas.tools import ToolKind
from desktop.document.document import Document
from desktop.document.store import LeftOut, Store
from desktop.forecast import Forecast
from desktop.hint import hint
from desktop.inspecting import Inspecting
from desktop.job_events import JobEvents
from desktop.jobs.engine import Engine
from desktop.jobs.queue import JobQueue
from desktop.jobs.reading import PictureReader
from desktop.main_window import MainWindow
from desktop.panels.core_texts import problem_title
from desktop.preferences import Preferences
from desktop.reconstruction import ReconstructionCheck
from desktop.restored import Restored
from desktop.restoring import Restoring
from desktop.selecting import Selecting
from desktop.state import EditState
from desktop.word_menu import WordMenu

if TYPE_CHECKING:
    from desktop.settings.values import Values
    from desktop.tour import Tour


class Session(QObject):
    """One window with its document, its state and its queue. `desktop.actions` act on it."""

    def __init__(
        self,
        open_engine: Callable[[], Engine],
        find_models: Callable[[], list[ModelInfo]],
        preferences: Preferences,
        codes: Path | None = None,
        reader: PictureReader | None = None,
    ) -> None:
        """codes: the folder in which the engine keeps the inversions of what is open.

        reader: what decodes the files that are opened.
        """
        super().__init__()
        self.preferences = preferences
        self.document = Document(self)
        self.state = EditState(self)
        self.forecast = Forecast(self.document, self.state)
        self.queue = JobQueue(open_engine, self)
        self.background = Background(self)
        self.reader = reader or PictureReader()
        self.store = Store(self.document, self, codes)
        self.autosave = Autosave(
            self.document, self.state, self.queue, self.store, recovery_folder(), self
        )
        self.check = ReconstructionCheck(self.queue, self.background, self)
        self.window = MainWindow(self.document, self.state)
        self.canvas = self.window.canvas
        self.inspecting = Inspecting(self)
        self.restored = Restored(self)
        self.models: list[ModelInfo] = []
        self.tool_before = self.canvas.tool
        """What was in hand before the frame was."""
        self.tour: Tour | None = None
        self.opening = 0
        """Counts the pictures that were asked for, so that a slow one does not replace a later."""
        self.told_left_out: tuple[Path, LeftOut] | None = None
        """What the user was told last that a saved picture does not hold."""
        self._find_models = find_models
        self._warm_up_after: float | None = None
        self._connect()
        from desktop.menus import Menus

        self.menus = Menus(self)
        self.restoring = Restoring(self)
        self.selecting = Selecting(self)
        self.selecting.busy_changed.connect(self._show_hint)
        self.word_menu = WordMenu(self)
        self._dress_window()
        preferences.changed.connect(self._on_preferences)

    def _on_preferences(self, before: "Values", after: "Values") -> None:
        # A method, not a lambda: preferences may outlive the session, and Qt lets go of methods.
        from desktop import settings_actions

        settings_actions.apply_changes(self, before, after)

    # -- saying things ------------------------------------------------------------------------

    def say_error(self, error: Exception) -> None:
        """Show what went wrong, in the window's message bar."""
        self.window.message.say(problem_title(type(error).__name__), str(error))

    def say(self, text: str) -> None:
        self.window.message.say("", text)

    # -- around the engine --------------------------------------------------------------------

    def keep_engine_ready(self, delay_seconds: float = 0.5) -> None:
        """From the first picture on, load the engine while the user looks at it."""
        self._warm_up_after = delay_seconds

    def look_for_models(self) -> None:
        """Fill the list of models, in the background."""
        self.background.run(self._find_models, self._on_models, self.say_error)

    def restart_engine(self) -> None:
        """Have the engine made anew, as it is set up now, and look for models where it will."""
        self.queue.restart_engine()
        self.window.status.show_loaded(None)
        self.look_for_models()
        if self._warm_up_after is not None and self.document.has_picture:
            self._warm_up()

    def choose_model(self, name: str) -> None:
        self.state.set_model(name)
        self.window.status.show_loaded(None)
        self._show_model()
        if self._warm_up_after is not None:
            self.queue.warm_up(name)

    def close(self) -> None:
        """End the threads: returns after the engine's current step at the latest."""
        self.document.undo_stack.blockSignals(True)  # it speaks up once more when it is deleted
        self.selecting.cancel()
        self.queue.close()
        self.reader.close()
        self.background.close()
        self.autosave.close()

    # -- connections --------------------------------------------------------------------------

    def _connect(self) -> None:
        from desktop import actions, file_actions, frame_actions, layer_actions

        document, window, canvas = self.document, self.window, self.canvas
        document.picture_changed.connect(self._on_picture)
        document.size_changed.connect(self._show_document)
        document.title_changed.connect(self._show_document)
        document.modified_changed.connect(self._show_document)
        document.mask_changed.connect(self._on_mask)
        for changed in (document.pixels_changed, document.picture_changed, document.mask_changed):
            changed.connect(lambda *_: self.check.forget())
        self.autosave.failed.connect(self.say_error)
        document.pixels_changed.connect(lambda *_: self._follow_size())
        self.check.changed.connect(self._on_check)
        self.check.failed.connect(self.say_error)
        self.check.answered.connect(lambda _: actions.show_reconstruction(self))
        document.undo_stack.indexChanged.connect(lambda: self.menus.name_undo())
        document.shown_changed.connect(self._on_shown)
        self.state.changed.connect(self._on_state)
        self.state.job_changed.connect(lambda: frame_actions.follow_job(self))
        self.queue.happened.connect(JobEvents(self).show)
        self.queue.changed.connect(self._on_queue)
        canvas.zoom_changed.connect(window.status.show_zoom)
        canvas.tool_changed.connect(self._on_tool)
        swatch = window.tool_options.swatch
        canvas.paint_colour_changed.connect(swatch.set_colour)
        swatch.chosen.connect(canvas.set_paint_colour)
        for changed in (document.layers.changed, document.layers.active_changed):
            changed.connect(lambda: layer_actions.show_abilities(self))
        window.layers.close_wanted.connect(lambda: layer_actions.close_panel(self))
        canvas.compare_changed.connect(lambda on: self.menus.check("compare", on))
        canvas.original_shown_changed.connect(lambda on: self.menus.check("original", on))
        canvas.files_dropped.connect(lambda files: file_actions.open_files(self, files))
        window.files_dropped.connect(lambda files: file_actions.open_files(self, files))
        window.crowded.connect(self._on_crowded)
        window.close_wanted.connect(lambda: file_actions.quit_window(self))
        window.panel.run_wanted.connect(lambda: actions.run(self))
        window.panel.swap_wanted.connect(lambda: actions.swap_prompts(self))
        window.panel.crop_wanted.connect(lambda: frame_actions.crop_to_frame(self))
        window.panel.sweep_wanted.connect(lambda: actions.open_sweep(self))
        row = window.panel.reconstruction
        row.check_wanted.connect(lambda: actions.check_reconstruction(self))
        row.pictures_wanted.connect(lambda: actions.show_reconstruction(self))
        for asker in (canvas, window.foot.stage):
            asker.command_wanted.connect(lambda wanted: self.menus.actions[wanted].trigger())
        window.strip.apply_wanted.connect(lambda _: actions.apply(self))
        window.strip.delete_wanted.connect(lambda _: actions.delete(self))
        window.panel.restore.tomography_wanted.connect(lambda: actions.open_tomography(self))
        window.status.cancel_wanted.connect(lambda: actions.cancel(self))
        window.welcome.open_wanted.connect(lambda: file_actions.open_dialog(self))
        window.welcome.sample_wanted.connect(lambda path: file_actions.open_picture(self, path))
        window.header.language_wanted.connect(lambda lang: actions.choose_language(self, lang))
        window.header.theme_toggled.connect(lambda: actions.toggle_theme(self))
        window.installEventFilter(self)

    def _dress_window(self) -> None:
        from desktop import settings_actions

        for command_id in _rail():
            if command_id is None:
                self.window.rail.add_gap()
                continue
            self.window.rail.add(self.menus.actions[command_id])
        self.window.tool_options.swatch.set_colour(self.canvas.paint_colour)
        for command_id in ("layer_new", "layer_duplicate", "layer_merge", "layer_delete"):
            self.window.layers.add_action(self.menus.actions[command_id])
        self.menus.check("show_mask", self.canvas.mask_visible)
        rulers = self.preferences.values.window.rulers
        self.menus.check("rulers", rulers)
        self.window.ruled.set_rulers_visible(rulers)
        self.menus.check(f"theme_{self.preferences.theme}")
        self.menus.check(f"language_{self.preferences.language}")
        settings_actions.apply_all(self)
        self._on_tool(self.canvas.tool)
        self._on_picture()
        self._show_model()
        geometry = self.preferences.geometry
        if geometry is not None:
            self.window.restoreGeometry(geometry)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
        return super().eventFilter(watched, event)

    def _retranslate(self) -> None:
        self._show_document()
        self._show_hint()
        self._show_model()
        self._on_queue()

    # -- the document -------------------------------------------------------------------------

    def _on_picture(self) -> None:
        from desktop import layer_actions

        self.queue.cancel_all()
        self.window.message.dismiss()
        self.canvas.set_preview(None)
        self.window.status.show_outside(None)
        self.forecast.forget()
        self.state.frame.set_picture(self.document.size)
        has_picture = self.document.has_picture
        self.window.show_canvas(has_picture)
        if not has_picture:
            self.window.focus_picture()  # what had the focus is hidden now
        for command_id in ("save", "save_as", "export", "close", "copy", *_NEED_PICTURE):
            self.menus.enable(command_id, has_picture)
        layer_actions.show_abilities(self)
        layer_actions.show_panel(self)
        self._on_mask()
        self._on_shown()
        self._show_document()
        if has_picture and self._warm_up_after is not None:
            QTimer.singleShot(round(1000 * self._warm_up_after), self, self._warm_up)

    def _follow_size(self) -> None:
        if self.state.frame.picture != self.document.size:
            self.state.frame.set_picture(self.document.size)

    def _warm_up(self) -> None:
        self.queue.warm_up(self.state.model)

    def _show_document(self) -> None:
        document = self.document
        details = ""
        if document.has_picture:
            size = document.size
            bits = document.dtype.itemsize * 8
            details = QCoreApplication.translate(
                "Session", "{width} × {height} · {bits} bit"
            ).format(width=size.width(), height=size.height(), bits=bits)
        self.window.show_document(document.title, details, document.modified)

    def _on_crowded(self, panel: QWidget) -> None:
        """In a narrow window, one side panel takes the other's place."""
        from desktop import layer_actions

        if panel is self.window.layers:
            layer_actions.close_panel(self)
        else:
            self.inspecting.set_open(False)

    def _on_mask(self, *_: object) -> None:
        self.window.panel.set_has_mask(self.document.has_mask)
        self._show_hint()

    def _on_shown(self) -> None:
        shown = self.document.shown
        for command_id in ("apply", "delete", "leave_results", "more_like_this", "blend"):
            self.menus.enable(command_id, shown is not None)
        if shown is not None:
            self.window.status.show_outside(shown.finished.changed_outside)

    def _on_state(self) -> None:
        self.menus.check(f"job_{self.state.job}")
        is_swap = self.state.job is Job.SWAP
        self.menus.enable("swap_prompts", is_swap)
        self.menus.enable("check", is_swap and self.document.has_picture)
        self._hold_check()
        self.show_forecast()
        self._show_hint()

    # -- the canvas ---------------------------------------------------------------------------

    def _on_tool(self, kind: ToolKind) -> None:
        self.menus.check(kind.name.lower())

    def _show_hint(self) -> None:
        self.window.foot.hint.setText(hint(self))

    # -- models -------------------------------------------------------------------------------

    def _on_models(self, models: list[ModelInfo]) -> None:
        from desktop.panels.models import model_menu

        self.models = models
        names = [model.name for model in models]
        if names and self.state.model not in names:
            self.state.set_model(names[0])
        self.window.status.model_button.setMenu(
            model_menu(models, self.state.model, self.choose_model, self.window)
        )
        self._show_model()

    def _show_model(self) -> None:
        """Name the model, and grey the methods that it cannot do."""
        self.window.status.show_model(self.state.model)
        model = next((model for model in self.models if model.name == self.state.model), None)
        unable: dict[str, str] = {}
        if model is not None and model.abilities is not None:
            self.state.set_family("flow" if model.abilities.prediction == "flow" else "noise")
            for name, kind in settings_types().items():
                reason = why_not(kind, model)
                if reason and doer(kind, model.name, self.models) == model.name:
                    unable[name] = reason
        self.window.panel.method_choice.set_unable(unable)

    # -- jobs ---------------------------------------------------------------------------------

    def _on_queue(self) -> None:
        self.window.panel.set_waiting(len(self.queue.waiting))
        self.menus.enable("cancel_all", not self.queue.is_idle)
        if self.queue.is_cancelling():
            self.window.status.show_cancelling()
            self.canvas.set_preview(None)
        elif self.queue.running is None:
            self.window.status.show_idle()

    def _hold_check(self) -> None:
        """What the check found holds for the settings that it was made with."""
        state = self.state
        if state.job is Job.SWAP and isinstance(state.chosen_settings, SwapSettings):
            if self.document.has_picture:
                self.check.hold_for(state.build_reconstruction(self.document.pixels, None))
        else:
            self.check.forget()

    def _on_check(self) -> None:
        self.window.panel.reconstruction.show_check(self.check)

    def show_forecast(self) -> None:
        self.window.panel.set_forecast(self.forecast.seconds())


_NEED_PICTURE = (
    *("run", "check", "sweep", "select_all", "clear_mask", "invert_mask", "compare", "original"),
    *("select_box", "grow", "shrink", "feather", "fill_holes", "load_mask", "save_mask"),
    *("zoom_in", "zoom_out", "fit", "actual_size", "frame", "crop"),
)


def _rail() -> tuple[str | None, ...]:
    from desktop.commands import RAIL

    return RAIL
