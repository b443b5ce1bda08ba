"""The Restore job's own part of the panel: what happened, its noise, how many restorations."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from core.restoration.degradations import Degradation
from core.restoration.estimation import Estimate, Guess
from desktop.icons import icon
from desktop.keys import keyed
from desktop.panels.happened import MOST, DegradationPicker, DegradationRow, Images
from desktop.panels.number import NumberSlider

MOST_NOISE, USUAL_NOISE = 1.0, 0.3
MOST_SAMPLES, USUAL_SAMPLES = 64, 16
_SHARP = 0.6
"""Pixels: a blur narrower than this does not show."""


class RestorePanel(QWidget):
    """Shows what happened to the picture, and says what the user makes of it.

    Signals
        happened(object): another tuple of degradations.
        noise_changed(float), samples_changed(int)
        estimate_wanted(), tomography_wanted()
        preview_toggled(bool): the picture shall be shown degraded, or not any more.
    """

    happened = Signal(object)
    noise_changed = Signal(float)
    samples_changed = Signal(int)
    estimate_wanted = Signal()
    tomography_wanted = Signal()
    preview_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._estimate: Estimate | None = None
        self.label = QLabel()
        self.label.setProperty("role", "dim")
        self.estimate_button = _link()
        self.estimate_button.clicked.connect(self.estimate_wanted)
        self.row = DegradationRow()
        self.row.changed.connect(self.happened)
        self.picker = DegradationPicker(self)
        self.picker.chosen.connect(self.row.add)
        self.add_button = QPushButton()
        self.add_button.setIcon(icon("plus"))
        self.add_button.clicked.connect(lambda: self.picker.open_beside(self.add_button))
        self.noise = NumberSlider(0.0, MOST_NOISE, 0.005, 3, USUAL_NOISE)
        self.noise.value_changed.connect(self.noise_changed)
        self.found = _sentence("small")
        self.problem = _sentence("bad")
        self.preview_box = QCheckBox()
        self.preview_box.clicked.connect(self.preview_toggled)
        self.tomography_button = _link()
        self.tomography_button.clicked.connect(self.tomography_wanted)
        self.samples = NumberSlider(1, MOST_SAMPLES, 1, 0, USUAL_SAMPLES)
        self.samples.value_changed.connect(lambda value: self.samples_changed.emit(int(value)))
        self._arrange()
        self.retranslate()

    def show_values(self, degradations: Sequence[Degradation], noise: float, samples: int) -> None:
        """Show these, without telling anybody."""
        self.row.show_values(degradations)
        for number, value in ((self.noise, noise), (self.samples, samples)):
            number.blockSignals(True)
            number.set_value(value)
            number.blockSignals(False)
        self.add_button.setEnabled(len(degradations) < MOST)

    def show_images(self, images: Images) -> None:
        self.row.show_images(images)
        self.picker.show_images(images)

    def show_preview(self, on: bool) -> None:
        self.preview_box.setChecked(on)

    def show_problem(self, text: str) -> None:
        """What keeps this from being done to the picture; empty: nothing."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def show_estimating(self, on: bool) -> None:
        self.estimate_button.setEnabled(not on)

    def show_estimate(self, estimate: Estimate | None) -> None:
        """Say what was found, and how sure it is."""
        self._estimate = estimate
        self.found.setText("" if estimate is None else self._in_words(estimate))
        self.found.setVisible(estimate is not None)

    def commit(self) -> None:
        """Take over what is still being typed."""
        self.row.commit()
        for number in (self.noise, self.samples):
            number.spin_box.interpretText()

    def retranslate(self) -> None:
        self.label.setText(self.tr("What happened"))
        self.estimate_button.setText(self.tr("Estimate"))
        self.estimate_button.setAccessibleName(self.tr("Estimate"))
        self.estimate_button.setToolTip(
            self.tr("Find noise, blur width and scale in the picture itself")
        )
        self.add_button.setText(self.tr("And then…"))
        self.add_button.setAccessibleName(self.tr("Add what happened next"))
        self.add_button.setToolTip(self.tr("Choose what happened to the picture after that"))
        self.noise.set_texts(
            self.tr("Noise"),
            self.tr("Standard deviation of the picture's noise, black to white being 0 to 1."),
        )
        self.preview_box.setText(self.tr("Show it degraded"))
        self.preview_box.setAccessibleName(self.preview_box.text())
        self.preview_box.setToolTip(
            keyed(
                self.tr("The open picture, degraded in this way once more (Ctrl+Shift+D)"),
                "preview_degraded",
            )
        )
        self.tomography_button.setText(self.tr("Tomography…"))
        self.tomography_button.setAccessibleName(self.tr("Tomography"))
        self.tomography_button.setToolTip(
            keyed(
                self.tr("A picture from its projections, to learn by (Ctrl+Shift+T)"), "tomography"
            )
        )
        self.samples.set_texts(
            self.tr("Samples"),
            self.tr("How many restorations to make; where they differ, they are invented."),
        )
        self.show_estimate(self._estimate)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _in_words(self, found: Estimate) -> str:
        parts = [
            self.tr("Noise {value:.3f} ({sure})").format(
                value=found.noise.value, sure=self._certainty(found.noise)
            )
        ]
        if found.scale.value > 1 and found.scale.certainty != "guess":
            parts.append(
                self.tr("enlarged {value:g} times ({sure})").format(
                    value=found.scale.value, sure=self._certainty(found.scale)
                )
            )
        if found.blur.value >= _SHARP:
            parts.append(
                self.tr("blur of {value:.1f} pixels ({sure})").format(
                    value=found.blur.value, sure=self._certainty(found.blur)
                )
            )
        else:
            parts.append(self.tr("no blur shows"))
        return " · ".join(parts)

    def _certainty(self, guess: Guess) -> str:
        return {
            "sure": self.tr("sure: the same all over the picture"),
            "rough": self.tr("roughly: it varies over the picture"),
            "guess": self.tr("a guess"),
        }[guess.certainty]

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.label, 1)
        top.addWidget(self.estimate_button)
        below = QHBoxLayout()
        below.addWidget(self.preview_box, 1)
        below.addWidget(self.tomography_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.row)
        column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.noise)
        column.addWidget(self.found)
        column.addWidget(self.problem)
        column.addLayout(below)
        column.addWidget(self.samples)


def _link() -> QPushButton:
    button = QPushButton()
    button.setProperty("role", "link")
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button


def _sentence(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.hide()
    return label
