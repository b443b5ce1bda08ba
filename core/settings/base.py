"""What all methods' settings share."""

from enum import StrEnum
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field


class Job(StrEnum):
    """What the user wants done to the picture."""

    GENERATE = "generate"
    FILL = "fill"
    EXTEND = "extend"
    SWAP = "swap"
    RESTYLE = "restyle"
    RESTORE = "restore"


Need = Literal["prompts", "flow", "words", "decoder", "inpainting", "enlarging"]
"""What a method asks of a model, besides a network that denoises: that it is told a prompt, that
it is a rectified flow, that it attends to the prompt's words, that its decoder attends to itself,
that it was made to inpaint, or to enlarge."""


class Settings(BaseModel):
    """Base of all methods' settings. Subclasses name their job, their method and its paper.

    also: other jobs that the method can be asked to do, though it is not their first choice.
    needs: what a model must have, whatever is set (`core.methods.why_not`).
    batches: variations can be made in one batch of the network.
    says: the prompt counts; without it a method goes by the picture alone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    job: ClassVar[Job]
    also: ClassVar[tuple[Job, ...]] = ()
    needs: ClassVar[tuple[Need, ...]] = ()
    batches: ClassVar[bool] = False
    says: ClassVar[bool] = True
    name: ClassVar[str]
    title: ClassVar[str]
    paper: ClassVar[str]

    def network_steps(self, steps: int) -> int:
        """Network steps of the whole edit when a full path has `steps`; a forecast and a total."""
        return steps


class PictureSettings(Settings):
    """Base of the settings of methods that change a picture, and so may have a mask."""

    blend: int = Field(
        default=4,
        ge=0,
        le=256,
        description="Width in pixels of the band around the mask that blends.",
    )
