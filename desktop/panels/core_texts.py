"""The engine's words for its settings, in the window's language.

`core` knows no Qt, so its texts are repeated here for Qt Linguist; a test compares the two.
"""

from PySide6.QtCore import QCoreApplication

from desktop.language import QT_TRANSLATE_NOOP

_LABELS: dict[str, str] = {
    "strength": QT_TRANSLATE_NOOP("Settings", "Strength"),
    "inversion_strength": QT_TRANSLATE_NOOP("Settings", "Inversion strength"),
    "inversion_label": QT_TRANSLATE_NOOP("Settings", "Time label"),
    "eta": QT_TRANSLATE_NOOP("Settings", "Fresh noise"),
    "repeats": QT_TRANSLATE_NOOP("Settings", "Rounds"),
    "blend": QT_TRANSLATE_NOOP("Settings", "Blend band"),
}

_CHOICES: dict[str, str] = {
    "next": QT_TRANSLATE_NOOP("Settings", "Noisier end"),
    "current": QT_TRANSLATE_NOOP("Settings", "Cleaner end"),
}

_TITLES: tuple[str, ...] = (
    QT_TRANSLATE_NOOP("Settings", "Fill"),
    QT_TRANSLATE_NOOP("Settings", "Invert and swap"),
    QT_TRANSLATE_NOOP("Settings", "Repaint from noise"),
)

_DESCRIPTIONS: tuple[str, ...] = (
    QT_TRANSLATE_NOOP("Settings", "Fresh noise per step: 0 is DDIM, 1 is DDPM."),
    QT_TRANSLATE_NOOP("Settings", "How far the picture is dissolved: 0 keeps it, 1 is free."),
    QT_TRANSLATE_NOOP("Settings", "Times the whole round is run (K)."),
    QT_TRANSLATE_NOOP("Settings", "0 reproduces the picture, 1 leaves it free."),
    QT_TRANSLATE_NOOP(
        "Settings",
        "Which time label the network sees while inverting: that of the noisier end of the step "
        "(null-text, Plug-and-Play) or of the cleaner one (DiffusionCLIP).",
    ),
    QT_TRANSLATE_NOOP("Settings", "How much of the old content goes: 0 keeps it, 1 forgets it."),
    QT_TRANSLATE_NOOP("Settings", "Width in pixels of the band around the mask that blends."),
)

_PROBLEMS: dict[str, str] = {
    "RequestError": QT_TRANSLATE_NOOP("Errors", "Not ready yet"),
    "PictureError": QT_TRANSLATE_NOOP("Errors", "The picture cannot be opened"),
    "ModelError": QT_TRANSLATE_NOOP("Errors", "The model cannot be used"),
    "ModelNotFoundError": QT_TRANSLATE_NOOP("Errors", "The model was not found"),
    "ModelDamagedError": QT_TRANSLATE_NOOP("Errors", "The model is damaged"),
    "ModelRefusedError": QT_TRANSLATE_NOOP("Errors", "The model was refused"),
    "SamplingError": QT_TRANSLATE_NOOP("Errors", "The edit went wrong"),
    "OutOfMemoryError": QT_TRANSLATE_NOOP("Errors", "Not enough memory"),
    "RecipeError": QT_TRANSLATE_NOOP("Errors", "The recipe cannot be used"),
    "SaveError": QT_TRANSLATE_NOOP("Errors", "The picture was not saved"),
}


def setting_label(name: str) -> str:
    """The name of a setting for people; an unknown one is spelled out from its identifier."""
    known = _LABELS.get(name)
    if known is None:
        return name.replace("_", " ").capitalize()
    return QCoreApplication.translate("Settings", known)


def setting_text(text: str) -> str:
    """A title, a description or a choice of `core.settings` in the window's language."""
    return QCoreApplication.translate("Settings", _CHOICES.get(text, text))


def problem_title(error: str) -> str:
    """A heading for an error, by the name of its class in `core.errors`."""
    known = _PROBLEMS.get(error, QT_TRANSLATE_NOOP("Errors", "Something went wrong"))
    return QCoreApplication.translate("Errors", known)


def known_texts() -> set[str]:
    """All engine texts that have a translation; for the test that none is forgotten."""
    return {*_DESCRIPTIONS, *_TITLES}
