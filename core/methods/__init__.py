"""Edit methods, looked up by the type of their settings. A new one is a file here and a line below.

Nothing is imported before it is asked for, so that the window can list methods without torch.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING

from core.settings import (
    DDIMSwapSettings,
    DPSSettings,
    GenerationSettings,
    MaskedFillSettings,
    PiGDMSettings,
    SDEditSettings,
    Settings,
)

if TYPE_CHECKING:
    from core.methods.task import Task
    from core.sampling.solvers import State

    Method = Callable[[Task], Iterator[State]]

_METHODS: dict[type[Settings], str] = {
    GenerationSettings: "generation",
    SDEditSettings: "sdedit",
    DDIMSwapSettings: "ddim_swap",
    MaskedFillSettings: "masked_fill",
    DPSSettings: "dps",
    PiGDMSettings: "pigdm",
}


def method_for(settings: Settings) -> "Method":
    """The method of these settings: the function that its file is named after."""
    name = _METHODS[type(settings)]
    return getattr(import_module(f"core.methods.{name}"), name)


def settings_types() -> dict[str, type[Settings]]:
    """All methods' settings by their names, in the order in which they are registered."""
    return {settings.name: settings for settings in _METHODS}
