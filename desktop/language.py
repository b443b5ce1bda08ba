"""English and Korean through Qt Linguist, switched while the window is open."""

from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from resources import path


class Language(StrEnum):
    """The languages of the window, by ISO 639 code."""

    ENGLISH = "en"
    KOREAN = "ko"

    @property
    def own_name(self) -> str:
        """The language's name as its speakers write it; never translated."""
        return {Language.ENGLISH: "English", Language.KOREAN: "한국어"}[self]

    @classmethod
    def of_system(cls) -> "Language":
        korean = QLocale.system().language() == QLocale.Language.Korean
        return cls.KOREAN if korean else cls.ENGLISH


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """`text` itself, marked for lupdate, which goes by this name; Qt's own is typed as object."""
    return text


_installed: list[QTranslator] = []
_current = Language.ENGLISH


def current_language() -> Language:
    return _current


def set_language(language: Language) -> None:
    """Install the translators; every widget then gets a LanguageChange event."""
    global _current
    application = QCoreApplication.instance()
    if application is None:
        raise RuntimeError("a language needs an application; make that first.")
    while _installed:
        application.removeTranslator(_installed.pop())
    _current = language
    QLocale.setDefault(QLocale(language.value))
    if language is Language.ENGLISH:
        return
    qt_folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    for name, folder in (
        (f"qtbase_{language}", qt_folder),
        (f"sfumato_{language}", str(path("translations"))),
    ):
        translator = QTranslator(application)
        if translator.load(name, folder):
            application.installTranslator(translator)
            _installed.append(translator)
