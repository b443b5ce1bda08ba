"""The result that is looked at: what the picture would be if it were applied."""

from functools import cached_property

from core.imaging.layering import Alpha
from core.request import Pixels
from desktop.document.alternative import Alternative
from desktop.document.flattened import Flattened
from desktop.document.stack import Stack


class Staged:
    """An alternative over a stack. `look` is how that stack looks; all is made when asked for."""

    def __init__(self, alternative: Alternative, stack: Stack, look: Flattened) -> None:
        self.alternative = alternative
        self._stack = stack
        self._pixels, self._alpha = look.pixels, look.alpha

    @cached_property
    def stack(self) -> Stack:
        """The layers with the alternative on top."""
        return self.alternative.over(self._stack, atop=self._alpha is not None)

    @cached_property
    def look(self) -> tuple[Pixels, Alpha | None]:
        """How they look."""
        flattened = Flattened(self._stack)
        flattened.put(self._pixels, self._alpha)
        flattened.change(self.stack, self.stack.difference(self._stack))
        return flattened.pixels, flattened.alpha
