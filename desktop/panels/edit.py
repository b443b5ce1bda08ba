"""The panel on the right: what shall be done, with which words and numbers, and the run button."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.settings import Job, RestorationSettings
from desktop.icons import icon
from desktop.keys import keyed
from desktop.panel_values import MAX_GUIDANCE, MAX_STEPS, MAX_VARIATIONS
from desktop.panels.core_texts import setting_label, setting_text
from desktop.panels.frame import FramePanel
from desktop.panels.layouts import scrolled
from desktop.panels.method import MethodChoice, MethodSettings
from desktop.panels.number import NumberSlider
from desktop.panels.prompt import PromptField
from desktop.panels.reasons import why_no_check, why_no_weights, without_source, without_words
from desktop.panels.reconstruction import ReconstructionRow
from desktop.panels.restore import RestorePanel
from desktop.panels.seed import SeedField
from desktop.panels.segments import Segments
from desktop.panels.words import WordBar
from desktop.state import JOBS, EditState, main_setting, methods_of
from desktop.word_difference import word_difference

WIDTH = 352


class EditPanel(QFrame):
    """Shows an EditState and writes into it.

    Signals
        run_wanted(): the run button was pressed.
        swap_wanted(): the prompts shall change places.
        sweep_wanted(): one edit over several strengths.
        crop_wanted(): what lies outside the frame shall be cut off.
    """

    run_wanted = Signal()
    swap_wanted = Signal()
    sweep_wanted = Signal()
    crop_wanted = Signal()

    def __init__(self, state: EditState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panelFrame")
        self.setFixedWidth(WIDTH)
        self._state = state
        self._has_mask = False
        self.jobs = Segments(len(JOBS))
        self.source = PromptField(removed=True)
        self.target = PromptField()
        self.swap_button = QToolButton()
        self.swap_button.setIcon(icon("arrows-down-up"))
        self.swap_button.setIconSize(QSize(16, 16))
        self.swap_button.setProperty("role", "tiny")
        self.swap_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.source_note = QLabel()
        self.source_note.setProperty("role", "small")
        self.source_note.setWordWrap(True)
        self.restore = RestorePanel()
        self.words = WordBar(after=self.target.edit)
        self.main_slider = NumberSlider(0.0, 1.0, 0.01)
        self.reconstruction = ReconstructionRow()
        self.method_choice = MethodChoice()
        self.method_settings = MethodSettings()
        self.steps = NumberSlider(1, MAX_STEPS, 1, 0)
        self.guidance = NumberSlider(0.0, MAX_GUIDANCE, 0.1, 1)
        self.seed = SeedField()
        self.frame = FramePanel(state.frame)
        self.run_button = QPushButton()
        self.run_button.setObjectName("runButton")
        self.variations = QSpinBox()
        self.variations.setRange(1, MAX_VARIATIONS)
        self.variations.setPrefix("× ")
        self.variations.setObjectName("variations")
        self.variations.setProperty("role", "framed")
        self.variations.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.variations.setFixedWidth(58)
        self.forecast = QLabel()
        self.forecast.setProperty("role", "small")
        self.waiting = QLabel()
        self.waiting.setProperty("role", "small")
        self.sweep_button = QPushButton()
        self.sweep_button.setProperty("role", "link")
        self._build()
        self._connect()
        self.retranslate()

    def set_has_mask(self, has_mask: bool) -> None:
        """The run button says whether only the selection will change."""
        if has_mask != self._has_mask:
            self._has_mask = has_mask
            self._show_run()

    def set_waiting(self, count: int) -> None:
        self.waiting.setText(self.tr("{count} waiting").format(count=count) if count else "")

    def set_forecast(self, seconds: float | None) -> None:
        """About how long the run will take, from the last one; None when nothing is known."""
        text = "" if seconds is None else self.tr("about {seconds:.1f} s").format(seconds=seconds)
        self.forecast.setText(text)

    def commit(self) -> None:
        """Take over numbers that are still being typed."""
        self.seed.commit()
        self.variations.interpretText()
        for number in (self.main_slider, self.steps, self.guidance):
            number.spin_box.interpretText()
        self.method_settings.commit()
        self.restore.commit()
        self.frame.commit()

    def show_state(self) -> None:
        """Show everything anew."""
        state = self._state
        job = state.job
        self.jobs.set_index(JOBS.index(job))
        is_swap = job is Job.SWAP
        for widget in (self.source, self.swap_button, self.reconstruction):
            widget.setVisible(is_swap)
        self.frame.setVisible(job is Job.EXTEND)
        self.target.setVisible(state.method.says)
        self.source.set_text(state.source_prompt)
        self.target.set_text(state.target_prompt)
        removed, added = word_difference(state.source_prompt, state.target_prompt)
        self.source.mark(removed)
        self.target.mark(added if is_swap else ())
        self._show_method(is_swap)
        self._show_restore()
        self.steps.set_value(state.steps)
        self.guidance.set_value(state.guidance_scale)
        self.seed.set_seed(state.seed, state.seed_locked)
        self.variations.setValue(state.variations)
        self._show_run()

    def _show_method(self, is_swap: bool) -> None:
        state, settings = self._state, self._state.settings
        main = main_setting(state.method)
        self.main_slider.setVisible(main is not None)
        self.sweep_button.setVisible(main is not None)
        if main is not None:
            self.main_slider.set_value(getattr(settings, main))
        chosen = state.chosen_settings
        self.method_choice.show_methods(methods_of(state.job), state.method, type(chosen))
        self.method_settings.show_settings(settings)
        self.reconstruction.set_reason(why_no_check(chosen))
        self.source_note.setText(without_source(chosen) if is_swap else without_words(chosen))
        self.source_note.setVisible(
            not state.source_prompt.strip() if is_swap else not state.method.says
        )
        target = state.target_prompt if is_swap else ""
        weights = state.weights if state.controls_words else {}
        self.words.show_prompts(state.source_prompt, target, weights)
        self.words.set_reason(why_no_weights(settings))

    def _show_restore(self) -> None:
        settings = self._state.settings
        self.restore.setVisible(isinstance(settings, RestorationSettings))
        if isinstance(settings, RestorationSettings):
            self.restore.show_values(settings.degradations, settings.noise, settings.samples)

    def retranslate(self) -> None:
        self.jobs.set_texts(
            [
                self.tr("Fill"),
                self.tr("Extend"),
                self.tr("Swap"),
                self.tr("Restyle"),
                self.tr("Restore"),
            ],
            [
                keyed(
                    self.tr("Paint a selection and say what should be there (Ctrl+Shift+F)"),
                    "job_fill",
                ),
                keyed(
                    self.tr("Drag the frame outwards and fill what is new (Ctrl+Shift+X)"),
                    "job_extend",
                ),
                keyed(
                    self.tr("Say what the picture shows and what it should become (Ctrl+Shift+W)"),
                    "job_swap",
                ),
                keyed(self.tr("Repaint the picture under a prompt (Ctrl+Shift+R)"), "job_restyle"),
                keyed(
                    self.tr("Say what happened to the picture, and undo it (Ctrl+Shift+O)"),
                    "job_restore",
                ),
            ],
        )
        self.steps.set_texts(
            self.tr("Steps"), self.tr("Network steps; more take longer and are finer")
        )
        self.guidance.set_texts(
            self.tr("Guidance"), self.tr("How closely the prompt is followed; 1 switches it off")
        )
        self.swap_button.setAccessibleName(self.tr("Swap the two prompts"))
        self.swap_button.setToolTip(keyed(self.tr("Swap the two prompts (X)"), "swap_prompts"))
        self.sweep_button.setText(self.tr("Sweep…"))
        self.sweep_button.setAccessibleName(self.sweep_button.text())
        self.sweep_button.setToolTip(
            keyed(
                self.tr("The same edit at several strengths, side by side (Ctrl+Shift+E)"), "sweep"
            )
        )
        self.variations.setAccessibleName(self.tr("Variations"))
        self.variations.setToolTip(
            self.tr("Variations: how many results one run makes, each with a seed of its own")
        )
        self._show_job_texts()
        self.show_state()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _show_job_texts(self) -> None:
        job = self._state.job
        help_text = keyed(
            self.tr("Ctrl+Enter runs; X swaps the two prompts"), "run", "swap_prompts"
        )
        self.source.set_texts(
            self.tr("The picture shows"), self.tr("a red apple on a teal ground"), help_text
        )
        if job is Job.SWAP:
            self.target.set_texts(
                self.tr("Make it"), self.tr("a green apple on a teal ground"), help_text
            )
        elif job is Job.FILL:
            self.target.set_texts(
                self.tr("Put here"),
                self.tr("a tulip (empty: remove what is there)"),
                keyed(self.tr("What should be in the selection; Ctrl+Enter runs"), "run"),
            )
        elif job is Job.EXTEND:
            self.target.set_texts(
                self.tr("Put around it"),
                self.tr("a meadow (empty: continue the picture)"),
                keyed(self.tr("What should be in the new area; Ctrl+Enter runs"), "run"),
            )
        elif job is Job.RESTORE:
            self.target.set_texts(
                self.tr("It shows"),
                self.tr("a panda (may stay empty)"),
                keyed(self.tr("What the picture shows, if you like; Ctrl+Enter runs"), "run"),
            )
        else:
            self.target.set_texts(
                self.tr("Make it"),
                self.tr("a cat on a purple ground"),
                keyed(self.tr("What the picture should become; Ctrl+Enter runs"), "run"),
            )
        name = main_setting(self._state.method)
        if name is not None:
            self.main_slider.set_texts(
                setting_label(name),
                setting_text(self._state.method.model_fields[name].description or ""),
                self.tr("same picture"),
                self.tr("free"),
            )

    def _show_run(self) -> None:
        job = self._state.job
        inside = self._has_mask
        if job is Job.FILL and not self._state.method.says:
            text = self.tr("Remove what is selected") if inside else self.tr("Remove")
        elif job is Job.FILL:
            text = self.tr("Fill the selection") if inside else self.tr("Fill")
        elif job is Job.EXTEND:
            text = self.tr("Extend")
        elif job is Job.SWAP:
            text = self.tr("Swap inside the selection") if inside else self.tr("Swap")
        elif job is Job.RESTORE:
            settings = self._state.settings
            here = isinstance(settings, RestorationSettings) and not settings.mask_is_missing
            here = here and inside
            text = self.tr("Restore inside the selection") if here else self.tr("Restore")
        else:
            text = self.tr("Restyle inside the selection") if inside else self.tr("Restyle")
        self.run_button.setText(text)
        self.run_button.setAccessibleName(text)
        self.run_button.setToolTip(keyed(self.tr("{what} (Ctrl+Enter)"), "run").format(what=text))

    def _connect(self) -> None:
        state = self._state
        self.jobs.chosen.connect(lambda index: state.set_job(JOBS[index]))
        self.source.text_changed.connect(state.set_source_prompt)
        self.target.text_changed.connect(state.set_target_prompt)
        self.words.weight_changed.connect(state.set_weight)
        self.main_slider.value_changed.connect(self._on_main_setting)
        self.method_choice.chosen.connect(state.set_method)
        self.method_settings.setting_changed.connect(state.set_setting)
        self.method_settings.reset_wanted.connect(state.reset_settings)
        self.steps.value_changed.connect(lambda value: state.set_steps(int(value)))
        self.guidance.value_changed.connect(state.set_guidance_scale)
        self.seed.seed_changed.connect(state.set_seed)
        self.seed.lock_changed.connect(state.set_seed_locked)
        self.seed.dice_thrown.connect(state.draw_seed)
        self.variations.valueChanged.connect(state.set_variations)
        self.run_button.clicked.connect(self.run_wanted)
        self.swap_button.clicked.connect(self.swap_wanted)
        self.sweep_button.clicked.connect(self.sweep_wanted)
        self.frame.crop_wanted.connect(self.crop_wanted)
        state.job_changed.connect(self._show_job_texts)
        state.method_changed.connect(self._show_job_texts)
        state.changed.connect(self.show_state)

    def _on_main_setting(self, value: float) -> None:
        name = main_setting(self._state.method)
        if name is not None:
            self._state.set_setting(name, value)

    def _build(self) -> None:
        content = QWidget()
        content.setObjectName("panelContent")
        column = QVBoxLayout(content)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(12)
        column.addWidget(self.jobs)
        column.addWidget(self.frame)
        column.addWidget(self.source)
        column.addWidget(self.source_note)
        column.addWidget(self.restore)
        self.target.add_corner(self.swap_button)
        column.addWidget(self.target)
        column.addWidget(self.words)
        column.addWidget(self.main_slider)
        column.addWidget(self.reconstruction)
        column.addWidget(self.method_choice)
        column.addWidget(self.method_settings)
        pair = QHBoxLayout()
        pair.setSpacing(16)
        pair.addWidget(self.steps, 1)
        pair.addWidget(self.guidance, 1)
        column.addLayout(pair)
        column.addWidget(self.seed)
        column.addStretch(1)
        below = QHBoxLayout()
        below.setContentsMargins(2, 0, 2, 0)
        below.addWidget(self.forecast)
        below.addStretch(1)
        below.addWidget(self.waiting)
        below.addWidget(self.sweep_button)
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 8, 16, 8)
        foot.setSpacing(6)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.run_button, 1)
        row.addWidget(self.variations)
        foot.addLayout(row)
        foot.addLayout(below)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 0, 0, 0)  # the frame's line on the left
        layout.setSpacing(0)
        layout.addWidget(scrolled(content), 1)
        layout.addLayout(foot)
