"""What is drawn again and again and seldom changes."""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """The last thing made, and what it was made for."""

    def __init__(self) -> None:
        self._last: tuple[object, T] | None = None

    def get(self, made_for: object, make: Callable[[], T]) -> T:
        """The last thing, if it was made for the same, else one made now."""
        if self._last is None or self._last[0] != made_for:
            self._last = made_for, make()
        return self._last[1]
