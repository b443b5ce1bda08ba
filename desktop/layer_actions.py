"""What a user can do with layers: one small function each, for menus, shortcuts and buttons."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.session import Session

IDS = (
    *("layer_new", "layer_duplicate", "layer_up", "layer_down"),
    *("layer_merge", "layer_flatten", "layer_delete"),
)


def show_panel(session: "Session") -> None:
    """Show the layers, or put them away."""
    on = session.menus.actions["layers"].isChecked()
    session.window.layers.setVisible(on and session.document.has_picture)


def close_panel(session: "Session") -> None:
    session.menus.check("layers", False)
    show_panel(session)


def new(session: "Session") -> None:
    session.document.layers.add_paint()


def duplicate(session: "Session") -> None:
    layers = session.document.layers
    if layers.active is not None:
        layers.duplicate(layers.active.id)


def move_up(session: "Session") -> None:
    _move(session, 1)


def move_down(session: "Session") -> None:
    _move(session, -1)


def _move(session: "Session", by: int) -> None:
    layers = session.document.layers
    if layers.active is not None:
        layers.move(layers.active.id, layers.stack.index(layers.active.id) + by)


def merge_down(session: "Session") -> None:
    layers = session.document.layers
    if layers.active is not None and layers.can_merge_down(layers.active.id):
        layers.merge_down(layers.active.id)


def flatten(session: "Session") -> None:
    session.document.layers.flatten()


def delete(session: "Session") -> None:
    layers = session.document.layers
    if layers.active is not None and len(layers) > 1:
        layers.remove(layers.active.id)


def show_abilities(session: "Session") -> None:
    """Grey what cannot be done with the active layer."""
    layers, enable = session.document.layers, session.menus.enable
    active = layers.active
    index = -1 if active is None else layers.stack.index(active.id)
    several = len(layers) > 1
    enable("layers", active is not None)
    enable("layer_new", active is not None)
    enable("layer_duplicate", active is not None)
    enable("layer_up", 0 <= index < len(layers) - 1)
    enable("layer_down", index > 0)
    enable("layer_merge", active is not None and layers.can_merge_down(active.id))
    enable("layer_flatten", several)
    enable("layer_delete", several)
