"""One frozen settings class per method: what a user may turn, with ranges, defaults and help.

No torch here: the window and the command line build their controls from these classes, and a
method is looked up by the type of its settings (`core.methods`). A file per job.
"""

from core.settings.auto import AutoSettings
from core.settings.base import Job, PictureSettings, Settings
from core.settings.control import FeatureSettings, MutualSettings, WordSettings
from core.settings.fill import (
    DifferentialSettings,
    ExtendSettings,
    FillingSettings,
    InpaintingSettings,
    MaskedFillSettings,
    RemoveSettings,
    RePaintSettings,
)
from core.settings.generate import GenerationSettings
from core.settings.restore import (
    DPSSettings,
    EnlargeSettings,
    PiGDMSettings,
    RestorationSettings,
    UpscaleSettings,
)
from core.settings.restyle import SDEditSettings
from core.settings.swap import (
    ConceptEdit,
    CycleDiffusionSettings,
    DDIBSettings,
    DDIMSwapSettings,
    DirectInversionSettings,
    EditFriendlySettings,
    FlowEditSettings,
    LEditsPPSettings,
    MasaCtrlSettings,
    NegativePromptSettings,
    NullTextSettings,
    PlugAndPlaySettings,
    PromptToPromptSettings,
    RFInversionSettings,
    SwapSettings,
)

__all__ = [
    "AutoSettings",
    "ConceptEdit",
    "CycleDiffusionSettings",
    "DDIBSettings",
    "DDIMSwapSettings",
    "DPSSettings",
    "DifferentialSettings",
    "DirectInversionSettings",
    "EditFriendlySettings",
    "EnlargeSettings",
    "ExtendSettings",
    "FeatureSettings",
    "FillingSettings",
    "FlowEditSettings",
    "GenerationSettings",
    "InpaintingSettings",
    "Job",
    "LEditsPPSettings",
    "MasaCtrlSettings",
    "MaskedFillSettings",
    "MutualSettings",
    "NegativePromptSettings",
    "NullTextSettings",
    "PiGDMSettings",
    "PictureSettings",
    "PlugAndPlaySettings",
    "PromptToPromptSettings",
    "RFInversionSettings",
    "RePaintSettings",
    "RemoveSettings",
    "RestorationSettings",
    "SDEditSettings",
    "Settings",
    "SwapSettings",
    "UpscaleSettings",
    "WordSettings",
]
