"""The composition root: builds the parts and puts them together. Imports no torch."""

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QApplication

from core.models.library import ModelInfo
from desktop import file_actions, recovering
from desktop.autosave import recovery_folder
from desktop.collecting import Collector
from desktop.jobs.engine import Engine, TorchEngine
from desktop.jobs.process_engine import ProcessEngine
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
) -> Session:
    """A window with everything behind it, not shown yet.

    codes: a folder of this window's own, the same that the engine has.
    """
    session = Session(open_engine, find_models or _find_models, preferences, codes)
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
    preferences = Preferences()
    if theme is not None:
        preferences.theme = theme
    if language is not None:
        preferences.language = language
    dress(application, preferences.theme, preferences.language)
    collector = Collector()
    with TemporaryDirectory(prefix="sfumato-", ignore_cleanup_errors=True) as codes:
        engine = partial(TorchEngine, codes=Path(codes))
        open_engine = engine if in_process else partial(_watched_engine, engine)
        session = build_session(preferences, open_engine, codes=Path(codes))
        session.window.show()
        session.keep_engine_ready()
        session.look_for_models()
        if smoke:
            from desktop import smoke as smoke_test

            smoke_test.run(session)
        else:
            recovering.offer(session, recovery_folder())
        if picture is not None and not smoke:
            file_actions.open_picture(session, picture)
        status = application.exec()
        collector.close()
    return status


def _watched_engine(engine: Callable[[], Engine]) -> Engine:
    """An engine in a process of its own; on the graphics card, where one was set up for it."""
    from desktop.gpu.environment import chosen_python

    return ProcessEngine(engine, python=chosen_python())


def _find_models() -> list[ModelInfo]:
    from core.models.library import ModelLibrary

    return ModelLibrary().find()


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
