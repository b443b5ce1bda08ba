"""Edit methods, looked up by the type of their settings. A new one is a file here and a line below.

Nothing is imported before it is asked for, so that the window can list methods without torch.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from core.models.abilities import Abilities
from core.settings import (
    AutoSettings,
    CycleDiffusionSettings,
    DDIBSettings,
    DDIMSwapSettings,
    DifferentialSettings,
    DirectInversionSettings,
    DPSSettings,
    EditFriendlySettings,
    EnlargeSettings,
    ExtendSettings,
    FlowEditSettings,
    GenerationSettings,
    InpaintingSettings,
    LEditsPPSettings,
    MasaCtrlSettings,
    MaskedFillSettings,
    NegativePromptSettings,
    NullTextSettings,
    PiGDMSettings,
    PlugAndPlaySettings,
    PromptToPromptSettings,
    RemoveSettings,
    RePaintSettings,
    RFInversionSettings,
    SDEditSettings,
    Settings,
    UpscaleSettings,
)
from core.settings.base import Need

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
    RePaintSettings: "repaint",
    DifferentialSettings: "differential",
    InpaintingSettings: "inpainting",
    RemoveSettings: "remove",
    ExtendSettings: "extend",
    PiGDMSettings: "pigdm",
    DPSSettings: "dps",
    UpscaleSettings: "upscale",
}

_NO_WALKS: tuple[type[Settings], ...] = (EnlargeSettings,)
"""Methods that are no walk of a diffusion model, so that none of them has a file here."""


def method_for(settings: Settings) -> "Method":
    """The method of these settings: the function that its file is named after."""
    name = _METHODS[type(settings)]
    return getattr(import_module(f"core.methods.{name}"), name)


def settings_types() -> dict[str, type[Settings]]:
    """All methods' settings by their names, in the order in which they are registered."""
    return {settings.name: settings for settings in (*_METHODS, *_NO_WALKS)}


class Described(Protocol):
    """A model, loaded or only found (`LatentModel`, `ModelInfo`)."""

    @property
    def name(self) -> str: ...

    @property
    def abilities(self) -> Abilities | None: ...


_NEEDS: dict[Need, tuple[Callable[[Abilities], bool], str]] = {
    "prompts": (
        lambda able: able.prompts,
        "needs a prompt and {name} reads none; choose another model.",
    ),
    "flow": (
        lambda able: able.prediction == "flow",
        "needs a rectified-flow model and {name} predicts {prediction}; choose the method "
        "edit-friendly, or a flow model.",
    ),
    "words": (
        lambda able: able.words,
        "needs attention to the prompt's words, which {name} does not have; choose the method "
        "ddim-swap, or another model.",
    ),
    "inpainting": (
        lambda able: able.inpaints,
        "needs a model that was made for inpainting, which {name} was not; choose the method "
        "masked-fill, or an inpainting model.",
    ),
    "enlarging": (
        lambda able: able.enlarges,
        "needs a model that was made to enlarge, which {name} was not; choose the method "
        "realesrgan, or such a model.",
    ),
    "decoder": (
        lambda able: able.decoder,
        "needs a decoder with self-attention, which {name} does not have; choose the method "
        "ddim-swap, or another model.",
    ),
}


def why_not(kind: type[Settings], model: Described) -> str | None:
    """Why the model cannot do the method, and what to do instead; None if it can.

    Cheap and without torch. Where the files of a model do not tell, loading it will.
    """
    able = model.abilities
    if able is None:
        return None
    known = {
        "name": model.name or "this model",
        "prediction": able.prediction.replace("_", " "),
    }
    if able.enlarges and "enlarging" not in kind.needs and kind not in _NO_WALKS:
        return (
            f"{kind.name} needs a model that draws whole pictures, and {known['name']} only "
            "enlarges them; choose the method upscale, or another model."
        )
    for need in kind.needs:
        has, lacking = _NEEDS[need]
        if not has(able):
            return f"{kind.name} {lacking.format(**known)}"
    return None
