"""Members of a model's family: who of them does what the model by itself cannot.

A family lies side by side and is told by its names: "little", and beside it "little-inpaint" or
what else was trained from it. Whoever chooses the model has its members with it. No torch.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from core.methods import why_not
from core.settings import Settings

if TYPE_CHECKING:
    from core.models.library import ModelInfo


def doer(kind: type[Settings], name: str, models: "Iterable[ModelInfo]") -> str:
    """The model of this name if it can do the method, else the first of its members that can.

    models: where they are looked for. Where none can, the name itself: `why_not` says why.
    """
    known = {one.name: one for one in models}
    model = known.get(name)
    if model is None or why_not(kind, model) is None:
        return name
    for other in known.values():
        related = other.name.startswith(f"{name}-") and other.family == model.family
        if related and why_not(kind, other) is None:
            return other.name
    return name
