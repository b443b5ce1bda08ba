"""Settings of the methods that rewrite a picture from one prompt to another."""

import math
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.settings.base import Job, PictureSettings
from core.settings.control import (
    GUIDED_STEPS,
    FeatureSettings,
    GuidanceSettings,
    MutualSettings,
    WordSettings,
)

TARGET_MODEL = "Another model that leads back, by name or folder; none = the same one."


class SwapSettings(PictureSettings):
    """Base: every method starts as far from the picture as the inversion strength says.

    walks: how many times the method goes along that part of the path.
    """

    job = Job.SWAP
    needs = ("prompts",)
    walks: ClassVar[int] = 2

    inversion_strength: float = Field(
        default=0.5, ge=0.0, le=1.0, description="0 reproduces the picture, 1 leaves it free."
    )

    @property
    def climb(self) -> float:
        """The share of the path that is climbed, in [0, 1]: the root of the inversion strength.

        On the lower half of a path the noise hides detail but not what a thing is, so an even
        scale would change nothing below its middle.
        """
        return math.sqrt(self.inversion_strength)

    def network_steps(self, steps: int) -> int:
        return self.walks * round(self.climb * steps)


class SolvedInversionSettings(SwapSettings):
    """Base of methods whose DDIM inversion may be solved until it leads back.

    The papers go up once. Four times solved (`core.inversion.ddim`) the way back misses the picture
    by about 20 dB less, and an edit keeps more at a better agreement with the target. That costs
    more than a walk down, but an inversion is kept for every later prompt on the picture.
    """

    inversion_iterations: int = Field(
        default=4,
        ge=1,
        le=20,
        description="How often each step of the inversion is solved; 1 is once, as in the paper.",
    )

    def network_steps(self, steps: int) -> int:
        return (1 + self.inversion_iterations) * round(self.climb * steps)


class DDIMSwapSettings(SolvedInversionSettings):
    """Invert the picture under its own prompt, decode it under another: what others improve on."""

    name = "ddim-swap"
    title = "Invert and swap"
    paper = "Song et al. 2021 (DDIM), section 4.3; Su et al. 2023 (DDIB)"

    inversion_iterations: int = Field(
        default=1,
        ge=1,
        le=20,
        description="How often each step of the inversion is solved; 1 is once, as in the paper.",
    )
    inversion_label: Literal["next", "current"] = Field(
        default="next",
        description="Which time label the network sees while inverting: that of the noisier end "
        "of the step (null-text, Plug-and-Play) or of the cleaner one (DiffusionCLIP).",
    )


class PromptToPromptSettings(SolvedInversionSettings, GuidanceSettings, WordSettings):
    """Keep where the source's words look while other words are said."""

    name = "prompt-to-prompt"
    title = "Change words in place"
    paper = "Hertz et al. 2022 (Prompt-to-Prompt)"
    needs = ("prompts", "words")

    inversion_strength: float = Field(
        default=0.64, ge=0.0, le=1.0, description="0 reproduces the picture, 1 leaves it free."
    )
    source_guidance_scale: float = Field(
        default=1.0, ge=0.0, le=100.0, description="Guidance of the walk under the source prompt."
    )


class CycleDiffusionSettings(SwapSettings, GuidanceSettings, WordSettings):
    """Encode the picture as the noise of every step, decode it under another prompt or model."""

    name = "cycle-diffusion"
    title = "Same noise, other words"
    paper = "Wu and De la Torre 2023 (CycleDiffusion)"
    needs = ()  # two models that are told nothing translate, too

    inversion_strength: float = Field(
        default=0.64, ge=0.0, le=1.0, description="0 reproduces the picture, 1 leaves it free."
    )
    eta: float = Field(
        default=0.4, ge=0.01, le=1.0, description="Noise of the encoded steps: 1 is DDPM's."
    )
    attention: bool = Field(
        default=False, description="Also let the words look where the source's words look."
    )
    draws: int = Field(
        default=1,
        ge=1,
        le=50,
        description="Draws of the noise; of several, the one whose change CLIP finds closest to "
        "the words' is kept.",
    )
    target_model: str = Field(default="", description=TARGET_MODEL)

    def network_steps(self, steps: int) -> int:
        return self.draws * super().network_steps(steps)

    @property
    def controls_words(self) -> bool:
        return self.attention


class EditFriendlySettings(SwapSettings, GuidanceSettings):
    """Noise maps that hold the picture's layout, decoded under another prompt."""

    name = "edit-friendly"
    title = "Noise that keeps the layout"
    paper = "Huberman-Spiegelglas et al. 2024 (Edit-friendly DDPM inversion)"

    inversion_strength: float = Field(
        default=0.5, ge=0.0, le=1.0, description="0 reproduces the picture, 1 leaves it free."
    )
    source_guidance_scale: float = Field(
        default=3.5, ge=0.0, le=100.0, description="Guidance under the source prompt."
    )
    guided_steps: float = Field(default=0.5, ge=0.0, le=1.0, description=GUIDED_STEPS)


class PlugAndPlaySettings(SolvedInversionSettings, GuidanceSettings, FeatureSettings):
    """Keep the source's features and how its parts hang together."""

    name = "plug-and-play"
    title = "Keep the structure"
    paper = "Tumanyan et al. 2023 (Plug-and-Play Diffusion Features)"
    needs = ("prompts", "decoder")

    inversion_strength: float = Field(
        default=0.64, ge=0.0, le=1.0, description="0 reproduces the picture, 1 leaves it free."
    )
    inversion_substeps: int = Field(
        default=1, ge=1, le=20, description="Steps of the inversion for each step of the walk."
    )

    def network_steps(self, steps: int) -> int:
        return (1 + self.inversion_iterations * self.inversion_substeps) * round(self.climb * steps)


class MasaCtrlSettings(SolvedInversionSettings, GuidanceSettings, MutualSettings):
    """Keep the source's looks while poses change."""

    name = "masactrl"
    title = "Keep the looks"
    paper = "Cao et al. 2023 (MasaCtrl)"
    needs = ("prompts", "words")

    inversion_strength: float = Field(
        default=0.64, ge=0.0, le=1.0, description="0 reproduces the picture, 1 leaves it free."
    )


class DirectInversionSettings(
    SolvedInversionSettings, GuidanceSettings, WordSettings, FeatureSettings, MutualSettings
):
    """Attention control beside a source that is held on its own way."""

    name = "direct-inversion"
    title = "Hold the source"
    paper = "Ju et al. 2024 (Direct Inversion, PnP Inversion)"
    needs = ("prompts", "words")

    inversion_strength: float = Field(
        default=0.64, ge=0.0, le=1.0, description="0 reproduces the picture, 1 leaves it free."
    )
    control: Literal["prompt-to-prompt", "plug-and-play", "masactrl"] = Field(
        default="prompt-to-prompt", description="What the target takes from the source."
    )

    @property
    def controls_words(self) -> bool:
        return self.control == "prompt-to-prompt"


class NullTextSettings(SwapSettings, GuidanceSettings, WordSettings):
    """An optimised empty prompt per step, then words changed in place."""

    name = "null-text"
    title = "Optimised reconstruction"
    paper = "Mokady et al. 2023 (Null-text inversion); Hertz et al. 2022 (Prompt-to-Prompt)"
    walks: ClassVar[int] = 3
    needs = ("prompts", "words")

    inversion_strength: float = Field(
        default=0.64, ge=0.0, le=1.0, description="0 reproduces the picture, 1 leaves it free."
    )
    inner_steps: int = Field(
        default=10, ge=1, le=100, description="Times that each step's empty prompt is corrected."
    )


class NegativePromptSettings(SolvedInversionSettings, GuidanceSettings, WordSettings):
    """The source's words in the empty prompt's place, then words changed in place."""

    name = "negative-prompt"
    title = "Away from the old words"
    paper = "Miyake et al. 2023 (Negative-prompt inversion); Hertz et al. 2022 (Prompt-to-Prompt)"
    needs = ("prompts", "words")

    inversion_strength: float = Field(
        default=0.64, ge=0.0, le=1.0, description="0 reproduces the picture, 1 leaves it free."
    )
    guided_steps: float = Field(default=0.5, ge=0.0, le=1.0, description=GUIDED_STEPS)


class DDIBSettings(SwapSettings):
    """Two ODEs that share one noise."""

    name = "ddib"
    title = "Bridge of two flows"
    paper = "Su et al. 2023 (DDIB); Lu et al. 2022 (DPM-Solver++)"
    needs = ()  # two models that are told nothing are a bridge, too

    inversion_strength: float = Field(
        default=1.0, ge=0.0, le=1.0, description="0 reproduces the picture, 1 leaves it free."
    )
    solver: Literal["dpm-solver++", "ddim"] = Field(
        default="dpm-solver++", description="How both ODEs are solved: to second or first order."
    )
    target_model: str = Field(default="", description=TARGET_MODEL)


class RFInversionSettings(SwapSettings):
    """Rectified flows steered to typical noise and back to the picture."""

    name = "rf-inversion"
    title = "Steered flow"
    paper = "Rout et al. 2024 (RF-Inversion)"
    needs = ("prompts", "flow")

    inversion_strength: float = Field(
        default=1.0, ge=0.0, le=1.0, description="0 reproduces the picture, 1 leaves it free."
    )
    gamma: float = Field(
        default=0.5, ge=0.0, le=1.0, description="How firmly the way up aims at typical noise."
    )
    eta: float = Field(
        default=0.9, ge=0.0, le=1.0, description="How firmly the way down aims at the picture."
    )
    eta_steps: float = Field(
        default=0.25, ge=0.0, le=1.0, description="Share of the steps that aim at the picture."
    )


class FlowEditSettings(SwapSettings):
    """From picture to picture by the difference of two flows."""

    name = "flowedit"
    title = "Difference of flows"
    paper = "Kulikov et al. 2024 (FlowEdit)"
    walks: ClassVar[int] = 1
    needs = ("prompts", "flow")

    inversion_strength: float = Field(
        default=0.73, ge=0.0, le=1.0, description="0 reproduces the picture, 1 leaves it free."
    )
    source_guidance_scale: float = Field(
        default=1.5, ge=0.0, le=100.0, description="Guidance under the source prompt."
    )
    draws: int = Field(
        default=1, ge=1, le=10, description="Draws of the noise that a step averages over."
    )


class ConceptEdit(BaseModel):
    """One of LEDITS++'s edits: what to add or remove, how strongly, and on how much of the picture.

    threshold: the share of the picture that is left alone. start: the share of the steps before it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    prompt: str = Field(min_length=1)
    scale: float = Field(default=5.0, ge=0.0, le=100.0)
    threshold: float = Field(default=0.9, ge=0.0, le=1.0)
    remove: bool = False
    start: float = Field(default=0.0, ge=0.0, le=1.0)


class LEditsPPSettings(SwapSettings):
    """Several edits at once, each with its own strength and place."""

    name = "ledits-pp"
    title = "Several edits in place"
    paper = "Brack et al. 2024 (LEDITS++)"

    inversion_strength: float = Field(
        default=0.72, ge=0.0, le=1.0, description="0 reproduces the picture, 1 leaves it free."
    )
    source_guidance_scale: float = Field(
        default=1.0, ge=0.0, le=100.0, description="Guidance under the source prompt."
    )
    edits: tuple[ConceptEdit, ...] = Field(
        default=(), description="What to add or remove; none = what the target prompt says."
    )
    masks: Literal["both", "words", "noise"] = Field(
        default="both",
        description="What tells an edit's place: where its words look, where its guidance is "
        "largest, or both.",
    )
