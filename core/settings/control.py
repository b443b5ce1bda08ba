"""Settings of attention control, shared by the methods that take maps or features from the source.

A share counts the steps of the walk that is made, from its noisy end.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

GUIDED_STEPS = (
    "Share of the steps in which the target prompt is guided. The last ones draw detail; without "
    "guidance they stay nearer to the picture and cost half."
)


class GuidanceSettings(BaseModel):
    """Guidance in a part of the walk only (Kynkäänniemi et al. 2024, section 3)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    guided_steps: float = Field(default=0.75, ge=0.0, le=1.0, description=GUIDED_STEPS)


class WordSettings(BaseModel):
    """Prompt-to-Prompt (Hertz et al. 2022): where words look, and where pixels look."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    replaced_words: Literal["replace", "refine"] = Field(
        default="replace",
        description="Whether a word in another's place looks where the old one looked (replace) "
        "or finds its own place (refine).",
    )
    cross_steps: float = Field(
        default=0.4,
        ge=0.0,
        le=1.0,
        description="Share of the steps in which the words look where the source's words look.",
    )
    self_steps: float = Field(
        default=0.2,
        ge=0.0,
        le=1.0,
        description="Share of the steps in which the picture's parts hang together as before.",
    )
    self_resolution: int = Field(
        default=16,
        ge=0,
        le=128,
        description="Largest side of the self-attention maps that are taken over: 16 or 32.",
    )
    weights: dict[str, FiniteFloat] = Field(
        default={}, description="Words of the target prompt and how strongly they count; 1 = as is."
    )
    blend_words: tuple[str, ...] = Field(
        default=(), description="Words whose place alone may change; none = the whole picture."
    )
    blend_threshold: float = Field(
        default=0.3,
        ge=0.0,
        le=1.0,
        description="How much of its greatest value a word's map must reach to count as its place.",
    )
    blend_start: float = Field(
        default=0.2, ge=0.0, le=1.0, description="Share of the steps after which the place is held."
    )

    @property
    def controls_words(self) -> bool:
        """Whether the walk looks at single words, so that `weights` count."""
        return True


class FeatureSettings(BaseModel):
    """Plug-and-Play (Tumanyan et al. 2023): the source's features and self-attention."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    feature_steps: float = Field(
        default=0.8,
        ge=0.0,
        le=1.0,
        description="Share of the steps in which the decoder's features are the source's.",
    )
    query_steps: float = Field(
        default=0.5,
        ge=0.0,
        le=1.0,
        description="Share of the steps in which the decoder's self-attention is the source's.",
    )


class MutualSettings(BaseModel):
    """MasaCtrl (Cao et al. 2023): the target draws on the source's content."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mutual_start: float = Field(
        default=0.08,
        ge=0.0,
        le=1.0,
        description="Share of the steps before the content comes from the source: 4 of 50.",
    )
    mutual_depth: float = Field(
        default=0.625,
        ge=0.0,
        lt=1.0,
        description="Share of the self-attention layers that stay free: 10 of Stable Diffusion's "
        "16.",
    )
    object_words: tuple[str, ...] = Field(
        default=(),
        description="Words for one thing in both prompts: it draws on itself alone, and the rest "
        "on the rest; none = all draws on all.",
    )
    object_threshold: float = Field(
        default=0.1,
        ge=0.0,
        le=1.0,
        description="How far above its least value the words' map must be to count as the thing.",
    )
