"""The inspect panel: what an edit looked like from inside, step by step and word by word."""

from functools import partial
from itertools import pairwise

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QToolButton,
    QWidget,
)

from core.inspection.recording import Heat, MapSize, Prompt, RecordedStep, Recording
from desktop.heat import heat_image
from desktop.icons import icon
from desktop.panels.inspect_views import PathPlot, SmallPicture
from desktop.panels.layouts import column, row, scrolled
from desktop.panels.look_words import LookWords
from desktop.panels.number import NumberSlider
from desktop.qimage import to_qimage

WIDTH = 304
THRESHOLD = 0.45
PROMPTS: tuple[Prompt, ...] = ("source", "target")

Word = tuple[Prompt, int]


class InspectPanel(QFrame):
    """Shows a Recording, and lets one choose a step, a word and a threshold.

    Signals
        heat_changed(): `heat` or `threshold` is another than before.
        mask_wanted(): the mask shall be made of what is outlined.
        close_wanted(): the panel shall go.
    """

    heat_changed = Signal()
    mask_wanted = Signal()
    close_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panelFrame")
        self.setFixedWidth(WIDTH)
        self.recording: Recording | None = None
        self.word: Word | None = None
        self.heat: Heat | None = None
        self._missed = False
        self.heading = QLabel()
        self.heading.setProperty("role", "heading")
        self.close_button = QToolButton()
        self.close_button.setIcon(icon("x"))
        self.close_button.setIconSize(QSize(16, 16))
        self.close_button.setProperty("role", "tiny")
        self.close_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.empty = QLabel()
        self.empty.setProperty("role", "dim")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.step_label = QLabel()
        self.step_label.setProperty("role", "dim")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.noisy, self.predicted, self.noise = (SmallPicture(76) for _ in range(3))
        self.path = PathPlot()
        self.path_label = QLabel()
        self.path_label.setProperty("role", "small")
        self.words_heading = QLabel()
        self.words_heading.setProperty("role", "heading")
        self.words: dict[Prompt, LookWords] = {prompt: LookWords() for prompt in PROMPTS}
        self.maps: dict[Prompt, SmallPicture] = {prompt: SmallPicture(96) for prompt in PROMPTS}
        self.map_hint = QLabel()
        self.map_hint.setProperty("role", "small")
        self.map_hint.setWordWrap(True)
        self.steps_choice = QComboBox()
        self.size_choice = QComboBox()
        self.threshold_slider = NumberSlider(0.05, 0.95, 0.01)
        self.threshold_slider.set_value(THRESHOLD)
        self.mask_button = QPushButton()
        self.mask_button.setProperty("role", "primary")
        self._lay_out()
        self._connect()
        self.retranslate()
        self.show_recording(None)

    # -- what it shows ------------------------------------------------------------------------

    def show_recording(self, recording: Recording | None, missed: bool = False) -> None:
        """Show another edit, in the middle of its steps; a word that both have stays chosen.

        missed: if there is no recording, then since a result was made while nobody looked.
        """
        word, old = self.word, self.recording
        self.recording, self._missed = recording, missed
        self._content.setVisible(recording is not None)
        self.empty.setVisible(recording is None)
        self._show_empty()
        if recording is None or word is None or old is None or not _has(recording, old, word):
            self.word = None
        if recording is not None:
            self._fill(recording)
        self._show_heat()

    @property
    def threshold(self) -> float:
        """The heat from which on a place is in the mask, in (0, 1)."""
        return self.threshold_slider.value()

    @property
    def step(self) -> RecordedStep | None:
        """The step that is shown."""
        return None if self.recording is None else self.recording.steps[self.slider.value()]

    def choose_word(self, word: Word | None) -> None:
        """Look where a word looks; None = at none."""
        self.word = word
        self._show_heat()

    # -- inside -------------------------------------------------------------------------------

    def _fill(self, recording: Recording) -> None:
        for prompt, words in self.words.items():
            words.show_words(recording.words.get(prompt, ()))
            self.maps[prompt].setVisible(prompt in recording.words)
        self._fill_sizes(recording)
        self.path.show_path(recording.labels, recording.alphas, recording.sigmas)
        self.slider.blockSignals(True)
        self.slider.setRange(0, len(recording.steps) - 1)
        self.slider.setValue(len(recording.steps) // 2)
        self.slider.blockSignals(False)
        self._order_focus()
        self._show_headings()
        self._show_step()

    def _order_focus(self) -> None:
        """Tab goes from top to bottom, though the words' buttons come and go."""
        words = [button for prompt in PROMPTS for button in self.words[prompt].buttons]
        numbers = (self.threshold_slider.spin_box, self.threshold_slider.slider)
        choices = (self.steps_choice, self.size_choice)
        order = [self.close_button, self.slider, *words, *choices, *numbers, self.mask_button]
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _fill_sizes(self, recording: Recording) -> None:
        chosen = self.size_choice.currentData()
        self.size_choice.clear()
        self.size_choice.addItem("", None)
        for height, width in recording.sizes:
            self.size_choice.addItem(f"{width} × {height}", (height, width))
        self.size_choice.setCurrentIndex(max(0, self.size_choice.findData(chosen)))
        self._name_sizes()

    def _on_step(self) -> None:
        self._show_step()
        if self.steps_choice.currentIndex() != 0:
            self._show_heat()

    def _show_step(self) -> None:
        step, recording = self.step, self.recording
        if step is None or recording is None:
            return
        way = self.tr("up to noise") if step.phase == "invert" else self.tr("down to the picture")
        text = self.tr("Step {step} of {steps} · {way}").format(
            step=step.number, steps=recording.total, way=way
        )
        self.step_label.setText(text)
        self.slider.setAccessibleDescription(text)
        for view, pixels in (
            (self.noisy, step.x),
            (self.predicted, step.x0),
            (self.noise, step.eps),
        ):
            view.show_image(to_qimage(pixels))
        self.path.show_step(step.t, step.alpha, step.sigma)
        numbers = f"t = {step.t:.0f} · α = {step.alpha:.3f} · σ = {step.sigma:.3f}"
        self.path_label.setText(numbers)
        self.path.setAccessibleDescription(numbers)

    def _range(self) -> range:
        """The places of the chosen steps."""
        at, count = self.slider.value(), self.slider.maximum() + 1
        choices = (range(count), range(at, at + 1), range(at + 1), range(at, count))
        return choices[max(0, self.steps_choice.currentIndex())]

    def _heat_of(self, word: Word | None) -> Heat | None:
        if self.recording is None or word is None:
            return None
        size: MapSize | None = self.size_choice.currentData()
        return self.recording.heat_map(*word, self._range(), size)

    def _show_heat(self) -> None:
        self.heat = self._heat_of(self.word)
        pair: dict[Prompt, Word] = {}
        if self.word is not None:
            pair[self.word[0]] = self.word
        if self.recording is not None and self.word is not None:
            other = self.recording.counterpart(*self.word)
            if other is not None:
                pair[other[0]] = other
        for prompt in PROMPTS:
            word = pair.get(prompt)
            chosen = self.word is not None and self.word[0] == prompt
            self.words[prompt].choose(self.word[1] if chosen and self.word else None)
            heat = self.heat if chosen else self._heat_of(word)
            self.maps[prompt].show_image(None if heat is None else heat_image(heat))
        self._name_maps(pair)
        self.mask_button.setEnabled(self.heat is not None and bool(self.heat.any()))
        self.threshold_slider.setEnabled(self.mask_button.isEnabled())
        self.heat_changed.emit()

    def _text_of(self, word: Word) -> str:
        assert self.recording is not None
        return self.recording.words[word[0]][word[1]]

    # -- words of the window ------------------------------------------------------------------

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Inspect"))
        self.heading.setText(self.tr("Inspect"))
        self.close_button.setAccessibleName(self.tr("Close Inspect"))
        self.close_button.setToolTip(self.tr("Close Inspect (I)"))
        self.slider.setAccessibleName(self.tr("Step"))
        self.slider.setToolTip(self.tr("Which step of the edit to look at"))
        self.noisy.set_texts(
            self.tr("Noisy"), self.tr("What the network was given: x = α x0 + σ ε")
        )
        self.predicted.set_texts(
            self.tr("Predicted"), self.tr("The picture that the network believed in: x0")
        )
        self.noise.set_texts(self.tr("Noise"), self.tr("The noise that the network believed in: ε"))
        self.path.setAccessibleName(self.tr("The path from noise to picture"))
        self.path.setToolTip(
            self.tr("α, the weight of the picture, and σ, that of the noise, at each step")
        )
        self.words_heading.setText(self.tr("Where the words look"))
        for index, text in enumerate(
            (
                self.tr("All steps"),
                self.tr("This step"),
                self.tr("Up to this step"),
                self.tr("From this step on"),
            )
        ):
            if self.steps_choice.count() <= index:
                self.steps_choice.addItem("")
            self.steps_choice.setItemText(index, text)
        for box, name, text in (
            (self.steps_choice, self.tr("Steps of the map"), self.tr("The map is their mean")),
            (
                self.size_choice,
                self.tr("Size of the maps"),
                self.tr("The layers with maps of this size; small ones see the whole"),
            ),
        ):
            box.setAccessibleName(name)
            box.setToolTip(f"{name}: {text}")
        self.threshold_slider.set_texts(
            self.tr("Threshold"),
            self.tr("What is hotter than this is outlined, and becomes the mask"),
        )
        self._show_empty()
        self._name_sizes()
        self._show_headings()
        self._show_step()
        self._show_heat()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _show_empty(self) -> None:
        self.empty.setText(
            self.tr("Inspect was closed when this result was made.\nRun the edit again.")
            if self._missed
            else self.tr("Run an edit with Inspect open\nto look inside.")
        )

    def _show_headings(self) -> None:
        both = self.recording is None or len(self.recording.words) > 1
        help_text = self.tr("Where “{word}” looks")
        self.words["source"].set_texts(self.tr("The picture shows"), help_text)
        self.words["target"].set_texts(
            self.tr("Make it") if both else self.tr("The prompt"), help_text
        )

    def _name_sizes(self) -> None:
        if self.size_choice.count():
            self.size_choice.setItemText(0, self.tr("All sizes"))

    def _name_maps(self, pair: dict[Prompt, Word]) -> None:
        for prompt, view in self.maps.items():
            word = pair.get(prompt)
            if word is None:
                view.set_texts("—" if self.word else "", self.tr("This prompt has no such word"))
                continue
            text = self._text_of(word)
            view.set_texts(text, self.tr("Where “{word}” looks").format(word=text))
        if self.word is None:
            button = self.tr("Make mask from word")
        else:
            button = self.tr("Make mask from “{word}”").format(word=self._text_of(self.word))
        self.mask_button.setText(button.replace("&", "&&"))
        self.mask_button.setAccessibleName(button)
        self.mask_button.setToolTip(self.tr("The outlined places become the selection"))
        for part in (self._maps, self._choices, self._foot):
            part.setVisible(self.word is not None)
        if self.word is None:
            hint = self.tr("Click a word to see on the canvas where it looks.")
        else:
            hint = self.tr("No map: this prompt was not asked at these steps.")
        self.map_hint.setText(hint)
        has_words = self.recording is not None and bool(self.recording.words)
        self.words_heading.setVisible(has_words)
        self.map_hint.setVisible(has_words and self.heat is None)

    # -- construction -------------------------------------------------------------------------

    def _connect(self) -> None:
        self.close_button.clicked.connect(self.close_wanted)
        self.slider.valueChanged.connect(self._on_step)
        self.steps_choice.activated.connect(self._show_heat)
        self.size_choice.activated.connect(self._show_heat)
        self.threshold_slider.value_changed.connect(lambda _: self.heat_changed.emit())
        self.mask_button.clicked.connect(self.mask_wanted)
        for prompt, words in self.words.items():
            words.chosen.connect(partial(self._on_word, prompt))

    def _on_word(self, prompt: Prompt, index: int) -> None:
        word = prompt, index
        self.choose_word(None if word == self.word else word)

    def _lay_out(self) -> None:
        self._maps = row(*self.maps.values())
        self._choices = row(self.steps_choice, self.size_choice, stretch=1)
        self._content = QWidget()
        content = column(self._content, margins=(0, 0, 0, 0), spacing=8)
        pictures = row(self.noisy, self.predicted, self.noise)
        for part in (self.step_label, self.slider, pictures, self.path, self.path_label):
            content.addWidget(part)
        content.addSpacing(8)
        for part in (self.words_heading, *self.words.values(), self.map_hint):
            content.addWidget(part)
        content.addWidget(self._maps)
        content.addWidget(self._choices)
        self._foot = QWidget()
        foot = column(self._foot, margins=(16, 8, 16, 14), spacing=8)
        foot.addWidget(self.threshold_slider)
        foot.addWidget(self.mask_button)
        inside = QWidget()
        inside.setObjectName("panelContent")
        middle = column(inside, margins=(16, 4, 16, 12))
        middle.addWidget(self._content)
        middle.addStretch(1)
        middle.addWidget(self.empty)
        middle.addStretch(2)
        top = QHBoxLayout()
        top.setContentsMargins(16, 0, 12, 4)
        top.addWidget(self.heading, 1)
        top.addWidget(self.close_button)
        layout = column(self, margins=(1, 10, 0, 0))  # the frame's line on the left
        layout.addLayout(top)
        layout.addWidget(scrolled(inside), 1)
        layout.addWidget(self._foot)


def _has(recording: Recording, old: Recording, word: Word) -> bool:
    """Whether the other edit has the same word at the same place."""
    prompt, index = word
    return recording.words.get(prompt, ())[index : index + 1] == old.words[prompt][index:][:1]
