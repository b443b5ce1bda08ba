"""The tomography page: projections, what they alone give back, and samples of the posterior."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QImage
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.restoration.report import Restoration
from core.settings import Job, PiGDMSettings, RestorationSettings
from desktop.document.document import Document
from desktop.heat import heat_image
from desktop.panel_values import MAX_STEPS
from desktop.panels.core_texts import setting_text
from desktop.panels.fields import ChoiceBox
from desktop.panels.number import NumberSlider
from desktop.panels.picture_box import PictureBox
from desktop.panels.restored import HeatLegend
from desktop.panels.segments import Segments
from desktop.qimage import to_qimage
from desktop.restored import round_above
from desktop.state import EditState, methods_of
from desktop.tomography import Scan, TomographyExperiment

METHODS = [
    kind
    for kind in methods_of(Job.RESTORE)
    if issubclass(kind, RestorationSettings) and not kind.needs
]
SAMPLE, MEAN, SPREAD = range(3)


class TomographyDialog(QDialog):
    """What is turned on the left is seen on the right at once; the samples are asked for.

    It stays open beside the window, and closing it gives up what it runs.
    """

    def __init__(
        self,
        experiment: TomographyExperiment,
        state: EditState,
        document: Document,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Tomography"))
        self.experiment, self._state, self._document = experiment, state, document
        experiment.setParent(self)
        self._shown = 0
        self._view = SAMPLE
        first = Scan()
        self.source = Segments(2)
        self.side = NumberSlider(32, 256, 8, 0)
        self.angles = NumberSlider(1, 1000, 1, 0, reach=180)
        self.turn = NumberSlider(1.0, 360.0, 1.0, 0)
        self.noise = NumberSlider(0.0, 1.0, 0.0005, 4, reach=0.05)
        self.method = ChoiceBox()
        self.steps = NumberSlider(1, MAX_STEPS, 1, 0)
        self.samples = NumberSlider(1, 64, 1, 0, reach=16)
        for number, value in (
            (self.side, first.side),
            (self.angles, first.angles),
            (self.turn, first.turn),
            (self.noise, first.noise),
            (self.steps, state.steps),
            (self.samples, 4),
        ):
            number.set_value(value)
        self.run_button = QPushButton()
        self.run_button.setProperty("role", "primary")
        self.run_button.setAutoDefault(False)
        self.boxes = [PictureBox() for _ in range(4)]
        self.captions = [QLabel() for _ in range(4)]
        self.views = Segments(3)
        self.flick_button = QPushButton()
        self.flick_button.setAutoDefault(False)
        self.legend = HeatLegend()
        self.verdict = QLabel()
        self.verdict.setWordWrap(True)
        self._has_picture = document.has_picture
        self._name()
        self._arrange()
        self._connect()
        self._show_samples()
        self._project()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.experiment.cancel()
        super().closeEvent(event)

    def reject(self) -> None:
        """Esc stops what runs; only then does it close."""
        if self.experiment.is_running:
            self.experiment.cancel()
        else:
            self.close()

    def _connect(self) -> None:
        experiment = self.experiment
        self.source.chosen.connect(lambda _: self._project())
        for number in (self.side, self.angles, self.turn, self.noise):
            number.value_changed.connect(lambda _: self._project())
        self.run_button.clicked.connect(self._run)
        self.views.chosen.connect(self._look)
        self.flick_button.clicked.connect(self._flick)
        experiment.projected.connect(self._show_projections)
        experiment.sampled.connect(self._on_sampled)
        experiment.previewed.connect(self.boxes[3].show_pixels)
        experiment.running_changed.connect(self._show_samples)
        experiment.failed.connect(self._on_failed)

    def _project(self) -> None:
        scan = Scan(
            side=int(self.side.value()),
            angles=int(self.angles.value()),
            turn=self.turn.value(),
            noise=self.noise.value(),
        )
        use_picture = self.source.buttons[1].isChecked() and self._document.has_picture
        self.experiment.project(scan, self._document.pixels if use_picture else None)
        self.boxes[0].show_image(_grey_image(self.experiment.picture))
        self._show_samples()

    def _run(self) -> None:
        if self.experiment.is_running:
            self.experiment.cancel()
            return
        method = METHODS[self.method.currentIndex()]
        for number in (self.steps, self.samples):
            number.spin_box.interpretText()
        counts = int(self.samples.value()), int(self.steps.value())
        self.experiment.sample(method, *counts, self._state.seed, self._state.model)

    def _look(self, view: int) -> None:
        self._view = view
        self._show_samples()

    def _flick(self) -> None:
        self._shown += 1
        self._look(SAMPLE)

    def _on_sampled(self) -> None:
        self._shown = 0
        self._look(SAMPLE)

    def _on_failed(self, message: str) -> None:
        self.verdict.setText(message)
        self.verdict.setProperty("role", "bad")
        self._restyle()

    # -- what is seen -------------------------------------------------------------------------

    def _show_projections(self) -> None:
        found = self.experiment.projections
        assert found is not None
        top = max(1, int(found.sinogram.max()))
        sinogram = (found.sinogram.astype(np.float32) / top * 255).astype(np.uint8)
        square = max(sinogram.shape[:2])  # directions and places have no common measure
        self.boxes[1].show_image(to_qimage(sinogram).scaled(square, square))
        self.boxes[2].show_image(_grey_image(found.back_projection))
        self.captions[2].setText(
            self.tr("Filtered back projection · {decibels:.1f} dB").format(
                decibels=self.experiment.decibels(found.back_projection)
            )
        )
        self._show_samples()

    def _show_samples(self) -> None:
        experiment = self.experiment
        finished, running = experiment.finished, experiment.is_running
        self.run_button.setText(self.tr("Stop") if running else self.tr("Sample the posterior"))
        self.run_button.setAccessibleName(self.run_button.text())
        self.run_button.setEnabled(running or experiment.can_run)
        restoration = finished.restoration if finished is not None else None
        several = restoration is not None and len(restoration.samples) > 1
        for widget in (self.views, self.flick_button):
            widget.setVisible(several)
        self.legend.setVisible(several and self._view == SPREAD)
        self.views.set_index(self._view)
        if restoration is None:
            if not running:
                self.boxes[3].show_image(QImage())
                self.verdict.setText("")
            self.captions[3].setText(self.tr("Samples of the posterior"))
            return
        self._show_verdict(restoration)
        self._show_one(restoration)

    def _show_one(self, restoration: Restoration) -> None:
        count, box, caption = len(restoration.samples), self.boxes[3], self.captions[3]
        if self._view == SAMPLE:
            index = self._shown % count
            pixels = restoration.samples[index]
            box.show_pixels(pixels)
            text = self.tr("Sample {number} of {count} · {decibels:.1f} dB")
            grey = pixels.astype(np.float32).mean(axis=2) / np.iinfo(pixels.dtype).max
            found = self.experiment.decibels(grey)
            caption.setText(text.format(number=index + 1, count=count, decibels=found))
        elif self._view == MEAN or restoration.spread is None:
            box.show_image(_grey_image(restoration.mean.mean(axis=2)))
            found = self.experiment.decibels(restoration.mean.mean(axis=2))
            text = self.tr("Mean of {count} samples · {decibels:.1f} dB")
            caption.setText(text.format(count=count, decibels=found))
        else:
            top = round_above(255 * float(np.percentile(restoration.spread, 99.5)))
            box.show_image(heat_image(restoration.spread * np.float32(255 / top)))
            caption.setText(self.tr("Spread of the samples"))
            last = self.tr("{levels:g} levels of 255").format(levels=top)
            self.legend.show_texts(("0", f"{top / 2:g}", last))

    def _show_verdict(self, restoration: Restoration) -> None:
        residual = restoration.residual
        text = (
            self.tr("Explains the sinogram to within its noise: residual {ratio:.2f} × the noise")
            if residual.explains
            else self.tr("Does not explain the sinogram: residual {ratio:.2f} × its noise")
        )
        self.verdict.setText(text.format(ratio=residual.ratio))
        self.verdict.setProperty("role", "good" if residual.explains else "bad")
        self._restyle()

    def _restyle(self) -> None:
        self.verdict.style().unpolish(self.verdict)
        self.verdict.style().polish(self.verdict)

    # -- building -----------------------------------------------------------------------------

    def _name(self) -> None:
        self.source.set_texts(
            [self.tr("Phantom"), self.tr("Open picture")],
            [
                self.tr("The Shepp-Logan head, drawn from ten ellipses"),
                self.tr("The middle square of the open picture, in grey"),
            ],
        )
        self.source.set_index(0)
        self.source.buttons[1].setEnabled(self._has_picture)
        texts: list[tuple[NumberSlider, str, str]] = [
            (self.side, self.tr("Size"), self.tr("Side of the square in pixels")),
            (self.angles, self.tr("Directions"), self.tr("How many projections are taken")),
            (self.turn, self.tr("Range in degrees"), self.tr("Degrees that the directions span")),
            (
                self.noise,
                self.tr("Noise"),
                self.tr("Standard deviation on the sinogram; 1 is white along the diagonal"),
            ),
            (self.steps, self.tr("Steps"), self.tr("Network steps for each sample")),
            (self.samples, self.tr("Samples"), self.tr("How many samples to make")),
        ]
        for number, name, help_text in texts:
            number.set_texts(name, help_text)
        for kind in METHODS:
            self.method.addItem(setting_text(kind.title))
        self.method.setCurrentIndex(METHODS.index(PiGDMSettings))
        self.method.setAccessibleName(self.tr("How"))
        self.method.setToolTip(self.tr("The method that samples the posterior"))
        self.run_button.setToolTip(self.tr("Pictures that could have given this sinogram"))
        names = (self.tr("The picture"), self.tr("Sinogram"), self.tr("Filtered back projection"))
        for box, caption, name in zip(self.boxes, self.captions, names, strict=False):
            caption.setText(name)
            box.setAccessibleName(name)
        self.boxes[3].setAccessibleName(self.tr("Samples of the posterior"))
        self.views.set_texts(
            [self.tr("Samples"), self.tr("Mean"), self.tr("Spread")],
            [
                self.tr("One after the other"),
                self.tr("The mean of all samples"),
                self.tr("Their standard deviation at every pixel"),
            ],
        )
        self.flick_button.setText(self.tr("Next sample"))
        self.flick_button.setAccessibleName(self.flick_button.text())
        self.flick_button.setToolTip(self.tr("Look at the next sample"))

    def _arrange(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(self.source)
        for number in (self.side, self.angles, self.turn, self.noise):
            left.addWidget(number)
        left.addSpacing(8)
        left.addWidget(self.method)
        left.addWidget(self.steps)
        left.addWidget(self.samples)
        left.addWidget(self.run_button)
        left.addWidget(self.verdict)
        left.addStretch(1)
        host = QWidget()
        host.setFixedWidth(250)
        host.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        pictures = QGridLayout()
        pictures.setHorizontalSpacing(14)
        pictures.setVerticalSpacing(6)
        for place, (box, caption) in enumerate(zip(self.boxes, self.captions, strict=True)):
            row, column = place // 2 * 2, place % 2
            caption.setProperty("role", "dim")
            caption.setAlignment(Qt.AlignmentFlag.AlignCenter)
            pictures.addWidget(caption, row, column)
            pictures.addWidget(box, row + 1, column)
            pictures.setRowStretch(row + 1, 1)
            pictures.setColumnStretch(column, 1)
        below = QHBoxLayout()
        below.addStretch(1)
        for widget in (self.legend, self.views, self.flick_button):
            below.addWidget(widget)
        self.views.setFixedWidth(240)
        right = QVBoxLayout()
        right.addLayout(pictures, 1)
        right.addLayout(below)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 18, 20, 16)
        row.setSpacing(20)
        row.addWidget(host)
        row.addLayout(right, 1)
        self.resize(980, 680)


def _grey_image(values: NDArray[np.float32]) -> QImage:
    grey = np.rint(255 * values.clip(0, 1)).astype(np.uint8)
    return to_qimage(np.repeat(grey[..., None], 3, axis=2))
