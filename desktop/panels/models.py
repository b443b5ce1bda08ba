"""The menu of models."""

from collections.abc import Callable, Sequence

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from core.models.library import ModelInfo


def model_menu(
    models: Sequence[ModelInfo], current: str, choose: Callable[[str], object], parent: QWidget
) -> QMenu:
    """One entry per model with its size; the chosen one is marked."""
    menu = QMenu(parent)
    group = QActionGroup(menu)
    for model in models:
        action = menu.addAction(f"{model.title or model.name} · {model.size_bytes / 1e6:.0f} MB")
        action.setCheckable(True)
        action.setChecked(model.name == current)
        action.setActionGroup(group)
        action.triggered.connect(lambda _checked=False, name=model.name: choose(name))
    return menu
