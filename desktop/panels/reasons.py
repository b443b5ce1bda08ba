"""What follows from a choice, in a sentence: why something cannot be done, or what to expect."""

from PySide6.QtCore import QCoreApplication

from core.settings import Job, Settings, SwapSettings, WordSettings
from desktop.panels.core_texts import setting_text


def without_source(settings: Settings) -> str:
    """What an empty source prompt means for the method as it is set."""
    translate = QCoreApplication.translate
    if settings.job is not Job.SWAP:
        return translate("Reasons", "Left empty: this method does not read it.")
    if isinstance(settings, WordSettings) and settings.controls_words:
        return translate(
            "Reasons",
            "Left empty: the picture is inverted without words, which keeps less exactly where "
            "things are, and “{method}” finds no words to match: all of them count as new.",
        ).format(method=setting_text(settings.title))
    return translate(
        "Reasons",
        "Left empty: the picture is inverted without words, which keeps less exactly where "
        "things are.",
    )


def without_words(settings: Settings) -> str:
    """Why a method asks for no prompt; empty if it reads one."""
    if settings.says:
        return ""
    return QCoreApplication.translate(
        "Reasons", "No prompt is needed: the surroundings alone say what comes here instead."
    )


def why_no_weights(settings: Settings) -> str:
    """Why words cannot be made to count more or less; empty if they can."""
    translate = QCoreApplication.translate
    if not isinstance(settings, WordSettings):
        return translate(
            "Reasons",
            "“{method}” does not weigh words. A method that changes words in place does.",
        ).format(method=setting_text(settings.title))
    if not settings.controls_words:
        return translate(
            "Reasons",
            "As its advanced settings are, “{method}” does not look at single words.",
        ).format(method=setting_text(settings.title))
    return ""


def why_no_check(settings: Settings) -> str:
    """Why there is no reconstruction to check; empty if there is."""
    if isinstance(settings, SwapSettings):
        return ""
    return QCoreApplication.translate(
        "Reasons", "“{method}” inverts nothing, so there is nothing to rebuild."
    ).format(method=setting_text(settings.title))
