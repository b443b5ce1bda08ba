"""The composition root: builds the parts and puts them together. Imports no torch."""

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QApplication

from core.models.library import ModelInfo
from desktop import accessibility, file_actions, recovering, report_actions, settings_actions, tour
from desktop.autosave import recovery_folder
from desktop.collecting import Collector
from desktop.diagnostics import logs
from desktop.gpu.environment import chosen_python
from desktop.jobs.engine import Engine, TorchEngine
from desktop.jobs.process_engine import ProcessEngine
from desktop.jobs.reading import PictureReader
from desktop.language import Language, set_language
from desktop.preferences import Preferences
from desktop.session import Session
from desktop.theme import ThemeChoice, apply_theme

FONT_SIZE = 13
_FONTS = ("Inter", "Segoe UI", "Noto Sans", "DejaVu Sans")
_KOREAN_FONTS = ("Noto Sans CJK KR", "Noto Sans KR", "Malgun Gothic", "NanumGothic")


def build_application(arguments: Sequence[str]) -> QApplication:
    """The application object, once per process; a second call returns the first one."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    QGuiApplication.setDesktopFileName("sfumato")
    application = QApplication(list(arguments))
    application.setApplicationName("sfumato")
    application.setApplicationDisplayName("Sfumato")
    application.setOrganizationName("Sfumato")
    return application


def dress(application: QApplication, theme: ThemeChoice, language: Language) -> None:
    """Style, font, colours and language of all windows."""
    application.setStyle("Fusion")
    application.setFont(_font())
    apply_theme(application, theme)
    set_language(language)


def build_session(
    preferences: Preferences,
    open_engine: Callable[[], Engine] = ProcessEngine,
    find_models: Callable[[], list[ModelInfo]] | None = None,
    codes: Path | None = None,
    reader: PictureReader | None = None,
) -> Session:
    """A window with everything behind it, not shown yet.

    codes: a folder of this window's own, the same that the engine has.
    reader: what decodes the files that are opened; one of its own if none is given.
    """
    accessibility.install()
    session = Session(
        open_engine, find_models or partial(_find_models, preferences), preferences, codes, reader
    )
    QGuiApplication.styleHints().colorSchemeChanged.connect(lambda: _follow_system(preferences))
    return session


def run(
    picture: Path | None,
    theme: ThemeChoice | None,
    language: Language | None,
    *,
    in_process: bool = False,
    smoke: bool = False,
) -> int:
    """Open the window, with `picture` in it, and return when it is closed.

    in_process: the engine runs in the window's process, for debugging. smoke: the window makes one
    fill of a sample by itself and closes; the status says whether it went well.
    """
    application = build_application(sys.argv[:1])
    reader = PictureReader()
    reader.start()  # it gets ready while the window comes up
    preferences = Preferences()
    preferences.for_now(theme, language)
    dress(application, preferences.theme, preferences.language)
    collector = Collector()
    with TemporaryDirectory(prefix="sfumato-", ignore_cleanup_errors=True) as codes:
        open_engine = engine_as_set(preferences, Path(codes), in_process=in_process)
        session = build_session(preferences, open_engine, codes=Path(codes), reader=reader)
        keep_logs(session)
        session.window.closed.connect(application.quit)
        session.window.show()
        session.keep_engine_ready()
        session.look_for_models()
        if smoke:
            from desktop import smoke as smoke_test

            smoke_test.run(session)
        else:
            settings_actions.say_damage(session)
            recovering.offer(session, recovery_folder())
            _begin(session, picture)
        status = application.exec()
        collector.close()
    return status


def _begin(session: Session, picture: Path | None) -> None:
    """With `picture`, or the very first time with the tour."""
    if picture is not None:
        file_actions.open_picture(session, picture)
    elif not session.preferences.values.window.tour_seen:
        tour.start(session)


def engine_as_set(
    preferences: Preferences, codes: Path | None, *, in_process: bool = False
) -> Callable[[], Engine]:
    """Makes an engine by the settings as they are when it is made; on the worker's thread."""

    def open_engine() -> Engine:
        values = preferences.values
        engine = partial(
            TorchEngine,
            codes=codes,
            options=values.engine,
            log_prompts=values.privacy.log_prompts,
        )
        return engine() if in_process else ProcessEngine(engine, python=chosen_python())

    return open_engine


def keep_logs(session: Session) -> None:
    """From now on what goes wrong is written down; what nobody caught is said, too."""
    told = _Told(session)
    told.happened.connect(lambda name: report_actions.say_uncaught(session, name))
    logs.start("window")
    logs.leave_out_current(lambda: report_actions.current_prompts(session))
    logs.log_uncaught(told.happened.emit)
    report_actions.log_start()


class _Told(QObject):
    """Brings an error's name from any thread to the window's."""

    happened = Signal(str)


def _find_models(preferences: Preferences) -> list[ModelInfo]:
    from core.models.library import ModelLibrary, default_folders

    folders = preferences.values.engine.model_folders
    return ModelLibrary([*default_folders(), *folders]).find()


def _follow_system(preferences: Preferences) -> None:
    application = QApplication.instance()
    if preferences.theme is ThemeChoice.SYSTEM and isinstance(application, QApplication):
        apply_theme(application, ThemeChoice.SYSTEM)


def _font() -> QFont:
    """The first of a few plain fonts that is there, with one for Korean behind it."""
    here = set(QFontDatabase.families())
    chosen = [name for name in _FONTS if name in here][:1]
    korean = [name for name in _KOREAN_FONTS if name in here][:1]
    font = QApplication.font()
    if chosen or korean:
        font.setFamilies(chosen + korean or [font.family()])
    font.setPixelSize(FONT_SIZE)
    return font
