"""The one meaning of inversion strength, for every method that can be asked to swap."""

import math
from typing import Any

from core.settings.base import Settings


def inversion_strength(settings: Settings) -> float:
    """How far from the picture an edit with these settings starts: 0 = the same, 1 = free."""
    fields: Any = settings
    if "inversion_strength" in type(settings).model_fields:
        return float(fields.inversion_strength)
    return float(fields.strength) ** 2


def with_inversion_strength(settings: Settings, value: float) -> Settings:
    """The same settings, started elsewhere.

    A method that helps out in swap takes the root as its strength, which is how far the others
    climb (`SwapSettings.climb`).
    """
    kind = type(settings)
    if "inversion_strength" in kind.model_fields:
        changed: dict[str, Any] = {"inversion_strength": value}
    else:
        changed = {"strength": math.sqrt(value)}
    return kind.model_validate(settings.model_dump() | changed)
