"""The panel on the right: what shall be done, with which words and numbers, and the run button."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.settings import Job
from desktop.icons import icon
from desktop.panels.brush import BrushPanel
from desktop.panels.core_texts import setting_label, setting_text
from desktop.panels.method import MethodSettings
from desktop.panels.number import NumberSlider
from desktop.panels.prompt import PromptField
from desktop.panels.seed import SeedField
from desktop.panels.segments import Segments
from desktop.state import MAIN_SETTING, MAX_GUIDANCE, MAX_STEPS, METHODS, EditState
from desktop.word_difference import word_difference

JOBS = tuple(METHODS)
WIDTH = 336


class EditPanel(QFrame):
    """Shows an EditState and writes into it.

    Signals
        run_wanted(): the run button was pressed.
        swap_wanted(): the prompts shall change places.
    """

    run_wanted = Signal()
    swap_wanted = Signal()

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
        self.main_slider = NumberSlider(0.0, 1.0, 0.01)
        self.methods = {job: MethodSettings(METHODS[job], MAIN_SETTING[job]) for job in JOBS}
        self.steps = NumberSlider(1, MAX_STEPS, 1, 0)
        self.guidance = NumberSlider(0.0, MAX_GUIDANCE, 0.1, 1)
        self.seed = SeedField()
        self.brush = BrushPanel()
        self.run_button = QPushButton()
        self.run_button.setObjectName("runButton")
        self.forecast = QLabel()
        self.forecast.setProperty("role", "small")
        self.waiting = QLabel()
        self.waiting.setProperty("role", "small")
        self._build()
        self._connect()
        self.retranslate()
        self.show_state()

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
        for number in (self.main_slider, self.steps, self.guidance):
            number.spin_box.interpretText()
        for control in self.methods[self._state.job].controls.values():
            if isinstance(control, NumberSlider):
                control.spin_box.interpretText()

    def show_state(self) -> None:
        """Show everything anew."""
        state = self._state
        job = state.job
        self.jobs.set_index(JOBS.index(job))
        is_swap = job is Job.SWAP
        self.source.setVisible(is_swap)
        self.swap_button.setVisible(is_swap)
        for other, method in self.methods.items():
            method.setVisible(other is job)
        self.source.set_text(state.source_prompt)
        self.target.set_text(state.target_prompt)
        removed, added = word_difference(state.source_prompt, state.target_prompt)
        self.source.mark(removed)
        self.target.mark(added if is_swap else ())
        self.main_slider.set_value(getattr(state.settings, MAIN_SETTING[job]))
        self.methods[job].show_settings(state.settings)
        self.steps.set_value(state.steps)
        self.guidance.set_value(state.guidance_scale)
        self.seed.set_seed(state.seed, state.seed_locked)
        self._show_run()

    def retranslate(self) -> None:
        self.jobs.set_texts(
            [self.tr("Fill"), self.tr("Swap"), self.tr("Restyle")],
            [
                self.tr("Paint a selection and say what should be there (Ctrl+Shift+F)"),
                self.tr("Say what the picture shows and what it should become (Ctrl+Shift+W)"),
                self.tr("Repaint the picture under a prompt (Ctrl+Shift+R)"),
            ],
        )
        self.steps.set_texts(
            self.tr("Steps"), self.tr("Network steps; more take longer and are finer")
        )
        self.guidance.set_texts(
            self.tr("Guidance"), self.tr("How closely the prompt is followed; 1 switches it off")
        )
        self.swap_button.setAccessibleName(self.tr("Swap the two prompts"))
        self.swap_button.setToolTip(self.tr("Swap the two prompts (X)"))
        self._show_job_texts()
        self._show_run()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _show_job_texts(self) -> None:
        job = self._state.job
        help_text = self.tr("Ctrl+Enter runs; X swaps the two prompts")
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
                self.tr("What should be in the selection; Ctrl+Enter runs"),
            )
        else:
            self.target.set_texts(
                self.tr("Make it"),
                self.tr("a cat on a purple ground"),
                self.tr("What the picture should become; Ctrl+Enter runs"),
            )
        name = MAIN_SETTING[job]
        field = METHODS[job].model_fields[name]
        self.main_slider.set_texts(
            setting_label(name),
            setting_text(field.description or ""),
            self.tr("same picture"),
            self.tr("free"),
        )

    def _show_run(self) -> None:
        job = self._state.job
        inside = self._has_mask
        if job is Job.FILL:
            text = self.tr("Fill the selection") if inside else self.tr("Fill")
        elif job is Job.SWAP:
            text = self.tr("Swap inside the selection") if inside else self.tr("Swap")
        else:
            text = self.tr("Restyle inside the selection") if inside else self.tr("Restyle")
        self.run_button.setText(text)
        self.run_button.setAccessibleName(text)
        self.run_button.setToolTip(self.tr("{what} (Ctrl+Enter)").format(what=text))

    def _connect(self) -> None:
        state = self._state
        self.jobs.chosen.connect(lambda index: state.set_job(JOBS[index]))
        self.source.text_changed.connect(state.set_source_prompt)
        self.target.text_changed.connect(state.set_target_prompt)
        self.main_slider.value_changed.connect(
            lambda value: state.set_setting(MAIN_SETTING[state.job], value)
        )
        for method in self.methods.values():
            method.setting_changed.connect(state.set_setting)
        self.steps.value_changed.connect(lambda value: state.set_steps(int(value)))
        self.guidance.value_changed.connect(state.set_guidance_scale)
        self.seed.seed_changed.connect(state.set_seed)
        self.seed.lock_changed.connect(state.set_seed_locked)
        self.seed.dice_thrown.connect(state.draw_seed)
        self.run_button.clicked.connect(self.run_wanted)
        self.swap_button.clicked.connect(self.swap_wanted)
        state.job_changed.connect(self._on_job)
        state.changed.connect(self.show_state)

    def _on_job(self) -> None:
        self._show_job_texts()
        self.show_state()

    def _build(self) -> None:
        content = QWidget()
        content.setObjectName("panelContent")
        column = QVBoxLayout(content)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(12)
        column.addWidget(self.jobs)
        column.addWidget(self.source)
        self.target.add_corner(self.swap_button)
        column.addWidget(self.target)
        column.addWidget(self.main_slider)
        for method in self.methods.values():
            column.addWidget(method)
        pair = QHBoxLayout()
        pair.setSpacing(16)
        pair.addWidget(self.steps, 1)
        pair.addWidget(self.guidance, 1)
        column.addLayout(pair)
        column.addWidget(self.seed)
        column.addSpacing(4)
        column.addWidget(self.brush)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setObjectName("panel")
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(content)
        below = QHBoxLayout()
        below.setContentsMargins(2, 0, 2, 0)
        below.addWidget(self.forecast)
        below.addStretch(1)
        below.addWidget(self.waiting)
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 8, 16, 8)
        foot.setSpacing(6)
        foot.addWidget(self.run_button)
        foot.addLayout(below)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 0, 0, 0)  # the frame's line on the left
        layout.setSpacing(0)
        layout.addWidget(scroll, 1)
        layout.addLayout(foot)
