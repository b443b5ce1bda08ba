"""`Layers`: what a user can do with the document's layers, each as one step that can be undone."""

import weakref
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from desktop.document.raster import ArrayRaster, TileRaster
from desktop.document.stack import Layer, LayerKind, Stack

if TYPE_CHECKING:
    from desktop.document.document import Document


class Layers(QObject):
    """The layers from the bottom up, one of them active. Layers are told by their id.

    Signals
        changed(): another list, or a layer with another name, opacity, place ...; what the picture
            looks like comes by `Document.pixels_changed`.
        active_changed(): another layer is the active one.
    All that changes raises KeyError for an id that is not there.
    """

    changed = Signal()
    active_changed = Signal()

    def __init__(self, document: "Document") -> None:
        super().__init__(document)
        self._weak_document = weakref.ref(document)
        self._active = 0

    def __iter__(self) -> Iterator[Layer]:
        return iter(self.stack.layers)

    def __len__(self) -> int:
        return len(self.stack.layers)

    @property
    def stack(self) -> Stack:
        return self._document.stack

    @property
    def active(self) -> Layer | None:
        """The layer that is worked on: the chosen one, or the uppermost."""
        layers = self.stack.layers
        chosen = [layer for layer in layers if layer.id == self._active]
        return (chosen or layers or (None,))[-1]

    def set_active(self, layer_id: int) -> None:
        """Work on another layer; this is no step."""
        if layer_id != self._active:
            self._active = layer_id
            self.active_changed.emit()

    # -- steps --------------------------------------------------------------------------------

    def add(self, layer: Layer, index: int | None = None) -> None:
        """Put a layer in at `index` (0 is the bottom), or above the active one."""
        self._add(layer, index, self.tr("Add layer"))

    def add_paint(self, name: str = "") -> Layer:
        """An empty layer to paint on, above the active one."""
        number = 1 + sum(one.kind is LayerKind.PAINT for one in self)
        name = name or self.tr("Paint {number}").format(number=number)
        layer = Layer(name, LayerKind.PAINT, TileRaster(self.stack.dtype))
        self._add(layer, None, self.tr("New paint layer"))
        return layer

    def ready_for_paint(self, *, erase: bool) -> Layer | None:
        """The active layer if it takes paint, brought into sight; else, unless erasing, a new one.

        A new layer is a step of its own.
        """
        active = self.active
        if active is None or active.kind is not LayerKind.PAINT:
            return None if erase else self.add_paint()
        self.set_visible(active.id, True)
        return self.stack.layer(active.id)

    def duplicate(self, layer_id: int) -> Layer:
        """A copy of a layer, above it."""
        old = self.stack.layer(layer_id)
        copy = old.copied(self.tr("{name} copy").format(name=old.name))
        self._add(copy, self.stack.index(layer_id) + 1, self.tr("Duplicate layer"))
        return copy

    def remove(self, layer_id: int) -> None:
        """Take a layer away. Raises ValueError for the last one."""
        if len(self) == 1:
            raise ValueError("a picture needs at least one layer")
        index = self.stack.index(layer_id)
        self._change(self.stack.removed(layer_id), self.tr("Delete layer"))
        if layer_id == self._active:
            self.set_active(self.stack.layers[max(0, index - 1)].id)

    def move(self, layer_id: int, index: int) -> None:
        """Put a layer at another place of the stack, 0 is the bottom."""
        index = min(max(index, 0), len(self) - 1)
        if index != self.stack.index(layer_id):
            self._change(self.stack.moved(layer_id, index), self.tr("Move layer"))

    def rename(self, layer_id: int, name: str) -> None:
        self._replace(layer_id, self.tr("Rename layer"), name=name)

    def set_visible(self, layer_id: int, visible: bool) -> None:
        text = self.tr("Show layer") if visible else self.tr("Hide layer")
        self._replace(layer_id, text, visible=visible)

    def set_opacity(self, layer_id: int, opacity: float) -> None:
        """0 to 1. Steps of one layer that follow each other become one."""
        opacity = min(1.0, max(0.0, opacity))
        merge = f"opacity {layer_id}"
        self._replace(layer_id, self.tr("Layer opacity"), merge, opacity=opacity)

    def can_merge_down(self, layer_id: int) -> bool:
        """Whether there is a layer below, and both can be seen."""
        index = self.stack.index(layer_id)
        return index > 0 and all(one.visible for one in self.stack.layers[index - 1 : index + 1])

    def merge_down(self, layer_id: int) -> None:
        """Make a layer one with the one below it. Raises ValueError if it cannot be."""
        if not self.can_merge_down(layer_id):
            raise ValueError("only a layer that shows, over another that shows, can be merged")
        below = self.stack.layers[self.stack.index(layer_id) - 1]
        self._change(self.stack.merged_down(layer_id), self.tr("Merge down"))
        self.set_active(below.id)

    def flatten(self) -> None:
        """Make one layer of all, as they look together."""
        if len(self) > 1:
            document, bottom = self._document, self.stack.layers[0]
            whole = Layer(
                bottom.name,
                LayerKind.PICTURE,
                ArrayRaster(document.pixels, document.alpha),
                recipe=document.recipe,
            )
            self._change(replace(self.stack, layers=(whole,)), self.tr("Flatten"))
            self.set_active(whole.id)

    # -- inside -------------------------------------------------------------------------------

    @property
    def _document(self) -> "Document":
        document = self._weak_document()
        assert document is not None, "layers outlived their document"
        return document

    def _add(self, layer: Layer, index: int | None, text: str) -> None:
        if index is None:
            active = self.active
            index = 0 if active is None else self.stack.index(active.id) + 1
        self._change(self.stack.added(layer, index), text)
        self.set_active(layer.id)

    def _replace(self, layer_id: int, text: str, merge: str = "", **changes: Any) -> None:
        layer = self.stack.layer(layer_id)
        if any(getattr(layer, name) != value for name, value in changes.items()):
            self._change(self.stack.replaced(replace(layer, **changes)), text, merge)

    def _change(self, stack: Stack, text: str, merge: str = "") -> None:
        self._document.change_stack(stack, text, merge)
