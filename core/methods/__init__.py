"""Edit methods, looked up by the type of their settings. A new one is a file here and a line below.

Nothing is imported before it is asked for, so that the window can list methods without torch.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING

from core.settings import (
    AutoSettings,
    CycleDiffusionSettings,
    DDIBSettings,
    DDIMSwapSettings,
    DirectInversionSettings,
    DPSSettings,
    EditFriendlySettings,
    FlowEditSettings,
    GenerationSettings,
    LEditsPPSettings,
    MasaCtrlSettings,
    MaskedFillSettings,
    NegativePromptSettings,
    NullTextSettings,
    PiGDMSettings,
    PlugAndPlaySettings,
    PromptToPromptSettings,
    RFInversionSettings,
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
    AutoSettings: "auto",
    DDIMSwapSettings: "ddim_swap",
    PromptToPromptSettings: "prompt_to_prompt",
    PlugAndPlaySettings: "plug_and_play",
    CycleDiffusionSettings: "cycle_diffusion",
    EditFriendlySettings: "edit_friendly",
    LEditsPPSettings: "ledits_pp",
    MasaCtrlSettings: "masactrl",
    NullTextSettings: "null_text",
    NegativePromptSettings: "negative_prompt",
    DirectInversionSettings: "direct_inversion",
    DDIBSettings: "ddib",
    RFInversionSettings: "rf_inversion",
    FlowEditSettings: "flowedit",
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
