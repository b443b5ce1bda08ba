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
    "replaced_words": QT_TRANSLATE_NOOP("Settings", "Replaced words"),
    "guided_steps": QT_TRANSLATE_NOOP("Settings", "Guided part"),
    "cross_steps": QT_TRANSLATE_NOOP("Settings", "Words held"),
    "self_steps": QT_TRANSLATE_NOOP("Settings", "Shapes held"),
    "self_resolution": QT_TRANSLATE_NOOP("Settings", "Largest shape map"),
    "blend_words": QT_TRANSLATE_NOOP("Settings", "Change only at the words"),
    "blend_threshold": QT_TRANSLATE_NOOP("Settings", "Word place threshold"),
    "blend_start": QT_TRANSLATE_NOOP("Settings", "Word place from"),
    "source_guidance_scale": QT_TRANSLATE_NOOP("Settings", "Source guidance"),
    "feature_steps": QT_TRANSLATE_NOOP("Settings", "Features held"),
    "query_steps": QT_TRANSLATE_NOOP("Settings", "Self-attention held"),
    "inversion_substeps": QT_TRANSLATE_NOOP("Settings", "Inversion substeps"),
    "inversion_iterations": QT_TRANSLATE_NOOP("Settings", "Inversion iterations"),
    "attention": QT_TRANSLATE_NOOP("Settings", "Word attention"),
    "edits": QT_TRANSLATE_NOOP("Settings", "Edits"),
    "masks": QT_TRANSLATE_NOOP("Settings", "Place of an edit"),
    "mutual_start": QT_TRANSLATE_NOOP("Settings", "Content from"),
    "mutual_depth": QT_TRANSLATE_NOOP("Settings", "Free layers"),
    "object_words": QT_TRANSLATE_NOOP("Settings", "Words for one thing"),
    "object_threshold": QT_TRANSLATE_NOOP("Settings", "Thing threshold"),
    "inner_steps": QT_TRANSLATE_NOOP("Settings", "Corrections per step"),
    "control": QT_TRANSLATE_NOOP("Settings", "Taken from the source"),
    "solver": QT_TRANSLATE_NOOP("Settings", "Solver"),
    "gamma": QT_TRANSLATE_NOOP("Settings", "Pull to noise"),
    "eta_steps": QT_TRANSLATE_NOOP("Settings", "Pull to the picture, steps"),
    "draws": QT_TRANSLATE_NOOP("Settings", "Draws"),
    "target_model": QT_TRANSLATE_NOOP("Settings", "Second model"),
    "prompt": QT_TRANSLATE_NOOP("Settings", "What"),
    "scale": QT_TRANSLATE_NOOP("Settings", "How strongly"),
    "threshold": QT_TRANSLATE_NOOP("Settings", "Left alone"),
    "remove": QT_TRANSLATE_NOOP("Settings", "Remove it"),
    "start": QT_TRANSLATE_NOOP("Settings", "From"),
    "detail": QT_TRANSLATE_NOOP("Settings", "Detail"),
    "jump_length": QT_TRANSLATE_NOOP("Settings", "Steps back"),
    "resamplings": QT_TRANSLATE_NOOP("Settings", "Rounds of each stretch"),
    "average": QT_TRANSLATE_NOOP("Settings", "Mean as result"),
    "finish": QT_TRANSLATE_NOOP("Settings", "Fit at the end"),
    "zeta": QT_TRANSLATE_NOOP("Settings", "Step size (zeta)"),
    "gluing": QT_TRANSLATE_NOOP("Settings", "Gluing"),
    "variance": QT_TRANSLATE_NOOP("Settings", "Prior variance"),
    "sigma": QT_TRANSLATE_NOOP("Settings", "Width (sigma)"),
    "length": QT_TRANSLATE_NOOP("Settings", "Length"),
    "angle": QT_TRANSLATE_NOOP("Settings", "Direction"),
    "kernel": QT_TRANSLATE_NOOP("Settings", "Kernel"),
    "factor": QT_TRANSLATE_NOOP("Settings", "Times"),
    "filter": QT_TRANSLATE_NOOP("Settings", "Filter"),
    "pattern": QT_TRANSLATE_NOOP("Settings", "Where"),
    "share": QT_TRANSLATE_NOOP("Settings", "Share"),
    "count": QT_TRANSLATE_NOOP("Settings", "Scratches"),
    "width": QT_TRANSLATE_NOOP("Settings", "Width"),
    "pattern_seed": QT_TRANSLATE_NOOP("Settings", "Seed of the places"),
    "top": QT_TRANSLATE_NOOP("Settings", "Top"),
    "right": QT_TRANSLATE_NOOP("Settings", "Right"),
    "bottom": QT_TRANSLATE_NOOP("Settings", "Bottom"),
    "left": QT_TRANSLATE_NOOP("Settings", "Left"),
    "angles": QT_TRANSLATE_NOOP("Settings", "Directions"),
    "turn": QT_TRANSLATE_NOOP("Settings", "Range in degrees"),
    "quality": QT_TRANSLATE_NOOP("Settings", "Quality"),
    "gain": QT_TRANSLATE_NOOP("Settings", "Brighter, times"),
    "Overexposure.gamma": QT_TRANSLATE_NOOP("Settings", "Gamma"),
    "upscaler": QT_TRANSLATE_NOOP("Settings", "Upscaler"),
    "noise_level": QT_TRANSLATE_NOOP("Settings", "Freedom"),
    "tile": QT_TRANSLATE_NOOP("Settings", "Tile"),
}

_CHOICES: dict[str, str] = {
    "next": QT_TRANSLATE_NOOP("Settings", "Noisier end"),
    "current": QT_TRANSLATE_NOOP("Settings", "Cleaner end"),
    "replace": QT_TRANSLATE_NOOP("Settings", "In their place"),
    "refine": QT_TRANSLATE_NOOP("Settings", "A place of their own"),
    "both": QT_TRANSLATE_NOOP("Settings", "Words and guidance"),
    "words": QT_TRANSLATE_NOOP("Settings", "Words"),
    "noise": QT_TRANSLATE_NOOP("Settings", "Guidance"),
    "prompt-to-prompt": QT_TRANSLATE_NOOP("Settings", "Where words look"),
    "plug-and-play": QT_TRANSLATE_NOOP("Settings", "Features and structure"),
    "masactrl": QT_TRANSLATE_NOOP("Settings", "Looks"),
    "dpm-solver++": QT_TRANSLATE_NOOP("Settings", "Second order"),
    "ddim": QT_TRANSLATE_NOOP("Settings", "First order"),
    "bicubic": QT_TRANSLATE_NOOP("Settings", "Bicubic"),
    "box": QT_TRANSLATE_NOOP("Settings", "Plain means"),
    "mask": QT_TRANSLATE_NOOP("Settings", "The selection"),
    "random": QT_TRANSLATE_NOOP("Settings", "At random"),
    "scratches": QT_TRANSLATE_NOOP("Settings", "Scratches"),
}

_TITLES: tuple[str, ...] = (
    QT_TRANSLATE_NOOP("Settings", "Fill"),
    QT_TRANSLATE_NOOP("Settings", "Remove"),
    QT_TRANSLATE_NOOP("Settings", "Extend"),
    QT_TRANSLATE_NOOP("Settings", "Fill, back and forth"),
    QT_TRANSLATE_NOOP("Settings", "Soft fill"),
    QT_TRANSLATE_NOOP("Settings", "Inpainting model"),
    QT_TRANSLATE_NOOP("Settings", "Invert and swap"),
    QT_TRANSLATE_NOOP("Settings", "Repaint from noise"),
    QT_TRANSLATE_NOOP("Settings", "Auto"),
    QT_TRANSLATE_NOOP("Settings", "Change words in place"),
    QT_TRANSLATE_NOOP("Settings", "Keep the structure"),
    QT_TRANSLATE_NOOP("Settings", "Same noise, other words"),
    QT_TRANSLATE_NOOP("Settings", "Noise that keeps the layout"),
    QT_TRANSLATE_NOOP("Settings", "Several edits in place"),
    QT_TRANSLATE_NOOP("Settings", "Keep the looks"),
    QT_TRANSLATE_NOOP("Settings", "Optimised reconstruction"),
    QT_TRANSLATE_NOOP("Settings", "Away from the old words"),
    QT_TRANSLATE_NOOP("Settings", "Hold the source"),
    QT_TRANSLATE_NOOP("Settings", "Bridge of two flows"),
    QT_TRANSLATE_NOOP("Settings", "Steered flow"),
    QT_TRANSLATE_NOOP("Settings", "Difference of flows"),
    QT_TRANSLATE_NOOP("Settings", "Noise"),
    QT_TRANSLATE_NOOP("Settings", "Gaussian blur"),
    QT_TRANSLATE_NOOP("Settings", "Motion blur"),
    QT_TRANSLATE_NOOP("Settings", "Any kernel"),
    QT_TRANSLATE_NOOP("Settings", "Small size"),
    QT_TRANSLATE_NOOP("Settings", "Enlarged"),
    QT_TRANSLATE_NOOP("Settings", "Missing pixels"),
    QT_TRANSLATE_NOOP("Settings", "Outside the frame"),
    QT_TRANSLATE_NOOP("Settings", "Projections"),
    QT_TRANSLATE_NOOP("Settings", "JPEG"),
    QT_TRANSLATE_NOOP("Settings", "Exposure"),
    QT_TRANSLATE_NOOP("Settings", "Posterior sampling (DPS)"),
    QT_TRANSLATE_NOOP("Settings", "Posterior sampling (PiGDM)"),
    QT_TRANSLATE_NOOP("Settings", "Enlarge (Real-ESRGAN)"),
    QT_TRANSLATE_NOOP("Settings", "Enlarge (latent diffusion)"),
)

_DESCRIPTIONS: tuple[str, ...] = (
    QT_TRANSLATE_NOOP("Settings", "Fresh noise per step: 0 is DDIM, 1 is DDPM."),
    QT_TRANSLATE_NOOP("Settings", "How far the picture is dissolved: 0 keeps it, 1 is free."),
    QT_TRANSLATE_NOOP("Settings", "Times the whole round is run (K)."),
    QT_TRANSLATE_NOOP("Settings", "0 reproduces the picture, 1 leaves it free."),
    QT_TRANSLATE_NOOP(
        "Settings",
        "Which time label the network sees while inverting: that of the noisier end of the "
        "step (null-text, Plug-and-Play) or of the cleaner one (DiffusionCLIP).",
    ),
    QT_TRANSLATE_NOOP("Settings", "How much of the old content goes: 0 keeps it, 1 forgets it."),
    QT_TRANSLATE_NOOP(
        "Settings", "How freely the gap is painted; low values stay near the colours around it."
    ),
    QT_TRANSLATE_NOOP("Settings", "Width in pixels of the band around the mask that blends."),
    QT_TRANSLATE_NOOP(
        "Settings",
        "Size in the model's own to which large parts are sharpened, tile by tile; 1 = never.",
    ),
    QT_TRANSLATE_NOOP("Settings", "Steps that each way back to noise goes (j)."),
    QT_TRANSLATE_NOOP("Settings", "Times that each stretch is walked (r)."),
    QT_TRANSLATE_NOOP(
        "Settings", "How far it may leave the mirrored picture: 0 keeps that, 1 forgets it."
    ),
    QT_TRANSLATE_NOOP("Settings", "New pixels on the left."),
    QT_TRANSLATE_NOOP("Settings", "New pixels on the right."),
    QT_TRANSLATE_NOOP("Settings", "New pixels above."),
    QT_TRANSLATE_NOOP("Settings", "New pixels below."),
    QT_TRANSLATE_NOOP(
        "Settings",
        "Share of the steps in which the target prompt is guided. The last ones draw detail; "
        "without guidance they stay nearer to the picture and cost half.",
    ),
    QT_TRANSLATE_NOOP(
        "Settings",
        "Whether a word in another's place looks where the old one looked (replace) or "
        "finds its own place (refine).",
    ),
    QT_TRANSLATE_NOOP(
        "Settings",
        "Share of the steps in which the words look where the source's words look.",
    ),
    QT_TRANSLATE_NOOP(
        "Settings",
        "Share of the steps in which the picture's parts hang together as before.",
    ),
    QT_TRANSLATE_NOOP(
        "Settings",
        "Largest side of the self-attention maps that are taken over: 16 or 32.",
    ),
    QT_TRANSLATE_NOOP(
        "Settings",
        "Words of the target prompt and how strongly they count; 1 = as is.",
    ),
    QT_TRANSLATE_NOOP("Settings", "Words whose place alone may change; none = the whole picture."),
    QT_TRANSLATE_NOOP(
        "Settings",
        "How much of its greatest value a word's map must reach to count as its place.",
    ),
    QT_TRANSLATE_NOOP("Settings", "Share of the steps after which the place is held."),
    QT_TRANSLATE_NOOP("Settings", "Guidance of the walk under the source prompt."),
    QT_TRANSLATE_NOOP(
        "Settings",
        "Share of the steps in which the decoder's features are the source's.",
    ),
    QT_TRANSLATE_NOOP(
        "Settings",
        "Share of the steps in which the decoder's self-attention is the source's.",
    ),
    QT_TRANSLATE_NOOP("Settings", "Steps of the inversion for each step of the walk."),
    QT_TRANSLATE_NOOP(
        "Settings",
        "How often each step of the inversion is solved; 1 is once, as in the paper.",
    ),
    QT_TRANSLATE_NOOP("Settings", "Noise of the encoded steps: 1 is DDPM's."),
    QT_TRANSLATE_NOOP("Settings", "Also let the words look where the source's words look."),
    QT_TRANSLATE_NOOP(
        "Settings",
        "Draws of the noise; of several, the one whose change CLIP finds closest to the "
        "words' is kept.",
    ),
    QT_TRANSLATE_NOOP("Settings", "Guidance under the source prompt."),
    QT_TRANSLATE_NOOP("Settings", "What to add or remove; none = what the target prompt says."),
    QT_TRANSLATE_NOOP(
        "Settings",
        "What tells an edit's place: where its words look, where its guidance is largest, or both.",
    ),
    QT_TRANSLATE_NOOP(
        "Settings",
        "Share of the steps before the content comes from the source: 4 of 50.",
    ),
    QT_TRANSLATE_NOOP(
        "Settings",
        "Share of the self-attention layers that stay free: 10 of Stable Diffusion's 16.",
    ),
    QT_TRANSLATE_NOOP(
        "Settings",
        "Words for one thing in both prompts: it draws on itself alone, and the rest on the "
        "rest; none = all draws on all.",
    ),
    QT_TRANSLATE_NOOP(
        "Settings",
        "How far above its least value the words' map must be to count as the thing.",
    ),
    QT_TRANSLATE_NOOP("Settings", "Times that each step's empty prompt is corrected."),
    QT_TRANSLATE_NOOP("Settings", "What the target takes from the source."),
    QT_TRANSLATE_NOOP("Settings", "How both ODEs are solved: to second or first order."),
    QT_TRANSLATE_NOOP(
        "Settings",
        "Another model that leads back, by name or folder; none = the same one.",
    ),
    QT_TRANSLATE_NOOP("Settings", "How firmly the way up aims at typical noise."),
    QT_TRANSLATE_NOOP("Settings", "How firmly the way down aims at the picture."),
    QT_TRANSLATE_NOOP("Settings", "Share of the steps that aim at the picture."),
    QT_TRANSLATE_NOOP("Settings", "Draws of the noise that a step averages over."),
    QT_TRANSLATE_NOOP(
        "Settings",
        "realesrgan-x4plus for photographs, realesrgan-x4plus-anime for drawings, or a "
        "safetensors file.",
    ),
    QT_TRANSLATE_NOOP("Settings", "How many times larger."),
    QT_TRANSLATE_NOOP(
        "Settings", "Noise put into the small picture: the more, the freer is what is drawn."
    ),
    QT_TRANSLATE_NOOP(
        "Settings", "Side in pixels of what is enlarged at once; less takes less memory."
    ),
    QT_TRANSLATE_NOOP("Settings", "Standard deviation of the blur in pixels."),
    QT_TRANSLATE_NOOP("Settings", "Length in pixels."),
    QT_TRANSLATE_NOOP("Settings", "Degrees from the horizontal, leftwards up."),
    QT_TRANSLATE_NOOP("Settings", "Its rows; they are made to sum to one."),
    QT_TRANSLATE_NOOP("Settings", "How many times smaller."),
    QT_TRANSLATE_NOOP("Settings", "How: the widened cubic kernel, or plain means."),
    QT_TRANSLATE_NOOP("Settings", "How many times it was enlarged."),
    QT_TRANSLATE_NOOP("Settings", "Where: a mask (white = missing), at random, or scratches."),
    QT_TRANSLATE_NOOP("Settings", "Share missing at random."),
    QT_TRANSLATE_NOOP("Settings", "Number of scratches."),
    QT_TRANSLATE_NOOP("Settings", "Width of a scratch in pixels."),
    QT_TRANSLATE_NOOP("Settings", "Seed of the places."),
    QT_TRANSLATE_NOOP("Settings", "Pixels missing above."),
    QT_TRANSLATE_NOOP("Settings", "Pixels missing on the right."),
    QT_TRANSLATE_NOOP("Settings", "Pixels missing below."),
    QT_TRANSLATE_NOOP("Settings", "Pixels missing on the left."),
    QT_TRANSLATE_NOOP("Settings", "How many directions."),
    QT_TRANSLATE_NOOP("Settings", "Degrees that they span."),
    QT_TRANSLATE_NOOP("Settings", "The file's quality."),
    QT_TRANSLATE_NOOP("Settings", "How much brighter."),
    QT_TRANSLATE_NOOP("Settings", "Of the encoding; 1 = none."),
    QT_TRANSLATE_NOOP("Settings", "What was done to the picture, in this order."),
    QT_TRANSLATE_NOOP(
        "Settings",
        "Standard deviation of the picture's noise, black to white being 0 to 1.",
    ),
    QT_TRANSLATE_NOOP("Settings", "How many restorations to make."),
    QT_TRANSLATE_NOOP(
        "Settings",
        "At the end, change as little as explains the picture to within the noise.",
    ),
    QT_TRANSLATE_NOOP(
        "Settings",
        "The result is the mean of the restorations, which is nearest on average; else it is the "
        "first.",
    ),
    QT_TRANSLATE_NOOP(
        "Settings",
        "Share of the walk that is gone: 1 starts from noise, as the paper; less from a smooth "
        "picture that explains this one, so that fewer steps do.",
    ),
    QT_TRANSLATE_NOOP(
        "Settings",
        "How far each step moves; by default the paper's: 0.5 for what is missing, 0.3 "
        "otherwise, in 1000 steps, and more in fewer.",
    ),
    QT_TRANSLATE_NOOP("Settings", "Weight of staying near what the encoder gives; 0 is off."),
    QT_TRANSLATE_NOOP(
        "Settings",
        "Variance of the model's pictures or latents, in its own units; 1 is the paper's.",
    ),
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
    "EngineLostError": QT_TRANSLATE_NOOP("Errors", "The engine was lost"),
    "RecipeError": QT_TRANSLATE_NOOP("Errors", "The recipe cannot be used"),
    "SaveError": QT_TRANSLATE_NOOP("Errors", "The picture was not saved"),
    "DocumentError": QT_TRANSLATE_NOOP("Errors", "The document cannot be opened"),
}

_NOTICES = (
    QT_TRANSLATE_NOOP("Notices", "Its groups were taken apart."),
    QT_TRANSLATE_NOOP(
        "Notices", "Some layers blend in another way; they are shown as normal ones."
    ),
    QT_TRANSLATE_NOOP("Notices", "Text and filter layers were left out."),
    QT_TRANSLATE_NOOP("Notices", "Clipping and layer effects were left out."),
    QT_TRANSLATE_NOOP("Notices", "Adjustments and empty layers were left out."),
)
"""What `core.documents` says of a file that holds more than can be shown."""


def setting_label(name: str, kind: type | None = None) -> str:
    """The name of a setting for people; an unknown one is spelled out from its identifier.

    kind: the class that it belongs to, where the same name means different things.
    """
    own = f"{kind.__name__}.{name}" if kind is not None else name
    known = _LABELS.get(own, _LABELS.get(name))
    if known is None:
        return name.replace("_", " ").capitalize()
    return QCoreApplication.translate("Settings", known)


def setting_text(text: str) -> str:
    """A title, a description or a choice of `core.settings` in the window's language."""
    return QCoreApplication.translate("Settings", _CHOICES.get(text, text))


def notice(text: str) -> str:
    """A sentence that the engine says of a file, translated where it is a known one."""
    return QCoreApplication.translate("Notices", text) if text in _NOTICES else text


def problem_title(error: str) -> str:
    """A heading for an error, by the name of its class in `core.errors`."""
    known = _PROBLEMS.get(error, QT_TRANSLATE_NOOP("Errors", "Something went wrong"))
    return QCoreApplication.translate("Errors", known)


def known_texts() -> set[str]:
    """All engine texts that have a translation; for the test that none is forgotten."""
    return {*_DESCRIPTIONS, *_TITLES, *_CHOICES}
