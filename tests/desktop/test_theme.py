import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from desktop.icons import icon
from desktop.theme import DARK, LIGHT, Theme, ThemeChoice, apply_theme, current_theme


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue, _ = QColor(colour).getRgbF()
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_text_can_be_read_on_its_ground(theme: Theme) -> None:
    for text, grounds in {
        theme.text: (theme.window, theme.field, theme.surround, theme.raised, theme.message),
        theme.dim: (theme.window, theme.field),
        theme.added: (theme.window, theme.field),
        theme.removed: (theme.window, theme.field),
        theme.on_accent: (theme.accent_fill,),
    }.items():
        for ground in grounds:
            assert contrast(text, ground) >= 4.5, (text, ground, contrast(text, ground))


def test_themes_switch(qapp: QApplication) -> None:
    apply_theme(qapp, ThemeChoice.LIGHT)
    assert current_theme() is LIGHT
    assert qapp.palette().window().color() == QColor(LIGHT.window)
    apply_theme(qapp, ThemeChoice.DARK)
    assert current_theme() is DARK


def test_an_unknown_icon_is_an_error() -> None:
    with pytest.raises(KeyError):
        icon("no-such-icon")
