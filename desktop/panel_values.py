"""What the panels show, as JSON: it goes into documents and comes back from them, checked."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.request import MAX_SEED
from core.settings import Job

MAX_STEPS = 100
MAX_VARIATIONS = 8
MAX_GUIDANCE = 20.0
MAX_SHOWN_SEED = 2**31 - 1
"""Of seeds that are drawn; a typed one may be larger."""


class MethodValues(BaseModel):
    """The settings of one method, as they were left for one job."""

    job: Job
    method: str
    values: dict[str, Any]


class PanelValues(BaseModel):
    """Jobs and methods by name; targets by job; weights by word."""

    model_config = ConfigDict(extra="ignore")

    job: Job
    methods: dict[str, str]
    settings: list[MethodValues]
    targets: dict[str, str]
    source: str
    weights: dict[str, float]
    steps: int = Field(ge=1, le=MAX_STEPS)
    variations: int = Field(ge=1, le=MAX_VARIATIONS)
    guidance_scale: float = Field(ge=0.0, le=MAX_GUIDANCE)
    seed: int = Field(ge=0, le=MAX_SEED)
    seed_locked: bool

    def changed_by(self, values: Mapping[str, Any]) -> "PanelValues":
        """These, with what of `values` is known here and within its range."""
        here = self.model_dump()
        known = {name: value for name, value in values.items() if name in here}
        while True:
            try:
                return PanelValues.model_validate(here | known)
            except ValidationError as error:
                for wrong in error.errors(include_url=False, include_input=False):
                    known.pop(str(wrong["loc"][0]), None)
