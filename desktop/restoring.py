"""Between the Restore panel, the picture and the engine: estimates, and the picture degraded."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QObject, QSize, QTimer

import resources
from core.restoration.degradations import Degradation, Enlarged, GaussianBlur
from core.restoration.estimation import Estimate, estimate
from core.restoration.questions import Degrade, Examples
from core.settings import PiGDMSettings, RestorationSettings
from desktop.document import files
from desktop.jobs.asking import Asking
from desktop.qimage import from_qimage, thumbnail, to_qimage

if TYPE_CHECKING:
    from core.imaging.image import Picture
    from desktop.session import Session

SAMPLE = Path("samples", "panda.png")
SAMPLE_SIZE = (96, 96)
"""The picture that shows what each kind of degradation does, and its size in pixels."""
PAUSE = 250
"""Milliseconds after which a stroke counts as ended."""
_LEAST_BLUR = 0.6


class Restoring(QObject):
    """While Restore is the job, its panel is kept true to the state, and the state to its panel.

    The picture is shown degraded once something about it is turned, until the user looks away.
    """

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self.panel = session.window.panel.restore
        self.is_previewing = False
        self._degraded = Asking(session.queue, self)
        self._examples = Asking(session.queue, self)
        self._has_examples = False
        self._soon = QTimer(self)  # after a stroke, not after each of its dabs
        self._soon.setSingleShot(True)
        self._soon.setInterval(PAUSE)
        self._soon.timeout.connect(self._on_mask)
        self._connect()

    @property
    def settings(self) -> RestorationSettings | None:
        """What the panel shows, if Restore by a forward model is what is being set up."""
        settings = self._session.state.settings
        return settings if isinstance(settings, RestorationSettings) else None

    def set_previewing(self, on: bool) -> None:
        """Show the picture degraded, or as it is."""
        on = on and self._session.document.has_picture and self.settings is not None
        self.is_previewing = on
        self.panel.show_preview(on)
        self._session.menus.check("preview_degraded", on)
        if on:
            self._session.document.show(None)
            self._ask()
        else:
            self._degraded.forget()
            self.panel.show_problem("")
            self._session.canvas.set_view(None)

    def leave(self) -> bool:
        """Show the picture as it is. Returns whether it was shown degraded."""
        was_on = self.is_previewing
        if was_on:
            self.set_previewing(False)
        return was_on

    def estimate(self) -> None:
        """Find what can be found in the picture, and put it into the controls."""
        document = self._session.document
        if not document.has_picture:
            self._session.say(
                QCoreApplication.translate("Restoring", "There is no picture to estimate from.")
            )
            return
        pixels = document.pixels
        self.panel.show_estimating(True)

        def done(found: Estimate) -> None:
            self.panel.show_estimating(False)
            if pixels is document.pixels:
                self._take(found)

        def failed(error: Exception) -> None:
            self.panel.show_estimating(False)
            self._session.say_error(error)

        self._session.background.run(lambda: estimate(pixels), done, failed)

    def _connect(self) -> None:
        session, panel = self._session, self.panel
        panel.happened.connect(lambda value: self._turn("degradations", value))
        panel.noise_changed.connect(lambda value: self._turn("noise", value))
        panel.samples_changed.connect(self._set_samples)
        panel.estimate_wanted.connect(self.estimate)
        panel.preview_toggled.connect(self.set_previewing)
        session.state.changed.connect(self._on_state)
        session.document.picture_changed.connect(self._forget)
        session.document.pixels_changed.connect(self._forget)
        session.document.shown_changed.connect(self._on_shown)
        session.document.mask_changed.connect(lambda _: self._soon.start())
        session.queue.changed.connect(self._on_queue)
        self._degraded.answered.connect(self._show)
        self._degraded.failed.connect(self._on_problem)
        self._examples.answered.connect(self._on_examples)
        self._examples.failed.connect(session.say_error)

    def _turn(self, name: str, value: object) -> None:
        self._session.state.set_setting(name, value)
        if self.settings is not None and not self.is_previewing and self._session.queue.is_idle:
            self.set_previewing(True)

    def _set_samples(self, value: int) -> None:
        if self.settings is not None:
            self._session.state.set_setting("samples", value)

    def _take(self, found: Estimate) -> None:
        settings = self.settings
        self.panel.show_estimate(found)
        if settings is None:
            return
        happened = [_measured(one, found) for one in settings.degradations]
        self._turn("degradations", tuple(happened))
        self._turn("noise", round(min(found.noise.value, 1.0), 3))

    def _on_state(self) -> None:
        settings = self.settings
        if settings is None:
            self.leave()
            return
        self._want_examples()
        self.panel.show_problem(_why_not(settings))
        self._ask_again()

    def _on_shown(self) -> None:
        if self._session.document.shown is not None:
            self.leave()

    def _on_queue(self) -> None:
        if self._session.queue.running is not None:
            self.leave()

    def _forget(self) -> None:
        self.panel.show_estimate(None)
        self.leave()

    def _on_mask(self) -> None:
        settings = self.settings
        if settings is not None and settings.mask_is_missing:
            self._ask_again()

    def _ask_again(self) -> None:
        if self.is_previewing:
            self._ask()

    def _ask(self) -> None:
        settings, document = self.settings, self._session.document
        assert settings is not None
        mask = document.mask() if settings.mask_is_missing else None
        self._degraded.ask(Degrade(document.pixels, settings.degradations, settings.noise, mask))

    def _show(self, degraded: object) -> None:
        settings = self.settings
        if self.is_previewing and isinstance(degraded, np.ndarray) and settings is not None:
            self.panel.show_problem(_why_not(settings))
            self._session.canvas.set_view(to_qimage(degraded))

    def _on_problem(self, error: Exception) -> None:
        self.panel.show_problem(str(error))
        self._session.canvas.set_view(None)

    # -- the small pictures -------------------------------------------------------------------

    def _want_examples(self) -> None:
        """Ask for them when Restore is first looked at."""
        if not self._has_examples:
            self._has_examples = True
            path = resources.path(*SAMPLE.parts)
            self._session.background.run(
                lambda: files.load(path), self._ask_for_examples, self._session.say_error
            )

    def _ask_for_examples(self, picture: "Picture") -> None:
        small, _ = from_qimage(thumbnail(picture.pixels, QSize(*SAMPLE_SIZE)))
        self._examples.ask(Examples(small))

    def _on_examples(self, examples: object) -> None:
        assert isinstance(examples, dict)
        images = {name: to_qimage(np.asarray(pixels)) for name, pixels in examples.items()}
        self.panel.show_images(images)


def _measured(one: Degradation, found: Estimate) -> Degradation:
    """The degradation with what the picture tells of it."""
    if isinstance(one, GaussianBlur) and found.blur.value >= _LEAST_BLUR:
        return one.model_copy(update={"sigma": round(min(found.blur.value, 200.0), 2)})
    if isinstance(one, Enlarged) and found.scale.value > 1 and found.scale.certainty != "guess":
        return one.model_copy(update={"factor": max(2, round(found.scale.value))})
    return one


def _why_not(settings: RestorationSettings) -> str:
    """Why the method cannot undo this; empty if it can."""
    if isinstance(settings, PiGDMSettings) and not all(one.linear for one in settings.degradations):
        return QCoreApplication.translate(
            "Restoring", "This is not linear, and the chosen method needs it to be; choose DPS."
        )
    return ""
