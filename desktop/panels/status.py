"""The line at the bottom: model, device, offline badge, progress with cancel, proof, zoom."""

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QToolButton, QWidget

from core.events import Finished, Phase, Progress
from desktop.icons import icon
from desktop.jobs.job import ModelLoaded
from desktop.keys import keyed

HEIGHT = 34
PACE = 100  # milliseconds between two steps that are shown; the bar repaints itself at once


class StatusLine(QFrame):
    """Signals
    cancel_wanted(): the button beside the progress bar was pressed.
    """

    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusBar")
        self.setFixedHeight(HEIGHT)
        self._loaded: ModelLoaded | None = None
        self._outside: int | None = None
        self._forbidden = False
        self._newest: Progress | None = None
        self._pace = QTimer(self, singleShot=True, interval=PACE)
        self._pace.timeout.connect(self._show_newest)
        self.model_button = QToolButton()
        self.model_button.setProperty("role", "text")
        self.model_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.model_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.device = _dim_label()
        self.offline = QLabel()
        self.offline.setObjectName("offline")
        self.offline.setFixedHeight(22)
        self.progress_text = QLabel()
        self.progress_bar = QProgressBar()
        self.progress_bar.setTextVisible(False)
        self.progress_bar.setFixedWidth(200)
        self.cancel_button = QToolButton()
        self.cancel_button.setProperty("role", "text")
        self.cancel_button.setIcon(icon("x"))
        self.cancel_button.setIconSize(QSize(13, 13))
        self.cancel_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.cancel_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.cancel_button.clicked.connect(self.cancel_wanted)
        self.outside = QLabel()
        self.zoom = _dim_label()
        self.zoom.setMinimumWidth(44)
        self.zoom.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._build()
        self.retranslate()
        self.show_idle()

    def show_model(self, name: str) -> None:
        """The chosen model, whether it is in memory or not."""
        if name == "starter":
            name = self.tr("Starter model")
        self.model_button.setText(name or self.tr("No model"))
        self.model_button.setAccessibleName(self.tr("Model: {name}").format(name=name))

    def show_loaded(self, loaded: ModelLoaded | None) -> None:
        """Where the model runs; None while it is not in memory."""
        self._loaded = loaded
        if loaded is None:
            self.device.setText("")
            return
        if loaded.threads == 1:
            threads = self.tr("1 thread")
        else:
            threads = self.tr("{count} threads").format(count=loaded.threads)
        parts = [loaded.device, loaded.precision]
        if loaded.device == "cpu":
            parts.append(threads)
        self.device.setText(" · ".join(parts))

    def show_offline(self, forbidden: bool) -> None:
        """forbidden: not even a download that is asked for may be made."""
        self._forbidden = forbidden
        if forbidden:
            self.offline.setText(self.tr("offline, no downloads"))
            self.offline.setToolTip(
                self.tr("Sfumato asks no network, and downloads are forbidden in the settings")
            )
        else:
            self.offline.setText(self.tr("offline"))
            self.offline.setToolTip(self.tr("Sfumato works on this machine and asks no network"))

    def show_waiting(self, text: str) -> None:
        """A run without a known end: loading, starting, cancelling."""
        self._newest = None
        self.progress_text.setText(text)
        self.progress_bar.setRange(0, 0)
        self._set_running(True)

    def show_loading(self) -> None:
        self.show_waiting(self.tr("Loading the model…"))

    def show_cancelling(self) -> None:
        self.show_waiting(self.tr("Cancelling…"))
        self.cancel_button.setEnabled(False)

    def show_starting(self) -> None:
        self.cancel_button.setEnabled(True)
        self.show_waiting(self.tr("Starting…"))

    def show_progress(self, progress: Progress) -> None:
        """Show it, ten times a second at most; of those between, the last."""
        self._newest = progress
        if not self._pace.isActive():
            self._show_newest()

    def _show_newest(self) -> None:
        progress, self._newest = self._newest, None
        if progress is None:
            return
        self._pace.start()
        self.progress_bar.setRange(0, max(1, progress.steps))
        self.progress_bar.setValue(progress.step)
        parts = [self.tr("Step {step} of {steps}").format(step=progress.step, steps=progress.steps)]
        if progress.seconds_left is not None:
            parts.append(self.tr("{seconds:.1f} s left").format(seconds=progress.seconds_left))
        else:
            parts.append(self._phase_name(progress.phase))
        self.progress_text.setText(" · ".join(parts))
        self._set_running(True)

    def show_idle(self) -> None:
        self._newest = None
        self.cancel_button.setEnabled(True)
        self._set_running(False)

    def show_result(self, finished: Finished) -> None:
        """The proof of exactness after a run with a mask."""
        self.show_outside(finished.changed_outside)

    def show_outside(self, changed: int | None) -> None:
        """How many values changed outside the mask; None: there is nothing to say."""
        self._outside = changed
        if changed is None:
            self.outside.setText("")
        elif changed == 0:
            self.outside.setText(self.tr("0 pixels changed outside"))
        else:
            self.outside.setText(
                self.tr("{count} values changed outside").format(count=f"{changed:,}")
            )
        self.outside.setProperty("role", "bad" if changed else "dim")
        self.outside.style().unpolish(self.outside)
        self.outside.style().polish(self.outside)

    def show_zoom(self, zoom: float) -> None:
        self.zoom.setText(f"{zoom * 100:.0f} %")

    def retranslate(self) -> None:
        self.model_button.setToolTip(self.tr("The model that edits; press to choose another"))
        self.device.setToolTip(self.tr("Device, precision and CPU threads of the engine"))
        self.show_offline(self._forbidden)
        self.cancel_button.setText(self.tr("Cancel"))
        self.cancel_button.setAccessibleName(self.tr("Cancel"))
        self.cancel_button.setToolTip(keyed(self.tr("Give the running edit up (Esc)"), "cancel"))
        self.progress_bar.setAccessibleName(self.tr("Progress"))
        self.zoom.setToolTip(
            keyed(self.tr("Zoom (Ctrl+0 fits, Ctrl+1 is 100 %)"), "fit", "actual_size")
        )
        self.outside.setToolTip(
            self.tr("Compared value by value with the picture, outside the selection and its blend")
        )
        self.show_loaded(self._loaded)
        self.show_outside(self._outside)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _phase_name(self, phase: Phase) -> str:
        return {
            "encode": self.tr("reading the picture"),
            "invert": self.tr("inverting"),
            "sample": self.tr("painting"),
            "decode": self.tr("finishing"),
        }[phase]

    def _set_running(self, running: bool) -> None:
        for widget in (self.progress_text, self.progress_bar, self.cancel_button):
            widget.setVisible(running)

    def _build(self) -> None:
        left = QHBoxLayout()
        left.setSpacing(12)
        left.addWidget(self.model_button)
        left.addWidget(self.device)
        left.addWidget(self.offline)
        left.addStretch(1)
        middle = QHBoxLayout()
        middle.setSpacing(14)
        for widget in (self.progress_text, self.progress_bar, self.cancel_button):
            middle.addWidget(widget)
        right = QHBoxLayout()
        right.setSpacing(16)
        right.addStretch(1)
        right.addWidget(self.outside)
        right.addWidget(self.zoom)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 14, 0)
        layout.addLayout(left, 1)
        layout.addLayout(middle)
        layout.addLayout(right, 1)


def _dim_label() -> QLabel:
    label = QLabel()
    label.setProperty("role", "dim")
    return label
