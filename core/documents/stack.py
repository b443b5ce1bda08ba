"""`stack.xml` of an OpenRaster file: which layer lies where, and all that others say of it.

https://www.openraster.org/baseline/layer-stack-spec.html. Entities and document types are refused,
since nothing needs them but bombs. Names keep their prefixes as they stand, so that attributes of
other programs survive.
"""

import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from xml.parsers import expat

VERSION = "0.0.6"
MAX_LAYERS = 1000
_MAX_DEPTH = 32
_MAX_PLACE = 10_000_000
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OVER, _ATOP = "svg:src-over", "svg:src-atop"
_OWN_IMAGE = ("version", "w", "h", "xres", "yres")
_OWN_LAYER = ("name", "src", "x", "y", "opacity", "visibility")


class StackError(ValueError):
    """The stack cannot be used; the message says why, without the file's name."""


@dataclass(frozen=True)
class Entry:
    """One layer as the stack tells of it; x and y in pixels, opacity 0 to 1."""

    name: str
    source: str
    x: int
    y: int
    opacity: float
    visible: bool
    atop: bool
    attributes: Mapping[str, str]


@dataclass(frozen=True)
class Stack:
    """width, height, entries (bottom to top), resolution, foreign attributes, and what was lost."""

    width: int
    height: int
    entries: tuple[Entry, ...]
    dpi: tuple[float, float] | None
    attributes: Mapping[str, str]
    notices: tuple[str, ...] = ()


def parse(data: bytes) -> Stack:
    """The stack in `data`. Groups are taken apart. Raises StackError."""
    root = _tree(data)
    if root.tag != "image":
        raise StackError("stack.xml describes no image")
    width, height = (_whole(root, side, None) for side in ("w", "h"))
    body = root.find("stack")
    if body is None:
        raise StackError("stack.xml has no stack")
    entries: list[Entry] = []
    notices: dict[str, None] = {}
    _collect(body, 0, 0, 1.0, True, entries, notices)
    across, down = _number(root, "xres", 0.0), _number(root, "yres", 0.0)
    return Stack(
        width,
        height,
        tuple(reversed(entries)),
        (across, down) if across >= 1 and down >= 1 else None,
        {key: value for key, value in root.attrib.items() if key not in _OWN_IMAGE},
        tuple(notices),
    )


def build(stack: Stack) -> bytes:
    """The XML that `parse` reads."""
    about = {"version": VERSION, "w": str(stack.width), "h": str(stack.height)}
    if stack.dpi is not None:
        about |= {"xres": f"{stack.dpi[0]:.10g}", "yres": f"{stack.dpi[1]:.10g}"}
    root = ET.Element("image", {**stack.attributes, **about})
    body = ET.SubElement(root, "stack")
    for entry in reversed(stack.entries):
        own = {
            "name": _NOT_XML.sub("\ufffd", entry.name),
            "src": entry.source,
            "x": str(entry.x),
            "y": str(entry.y),
            "opacity": repr(float(entry.opacity)),
            "visibility": "visible" if entry.visible else "hidden",
        }
        if entry.atop:
            own["composite-op"] = _ATOP
        ET.SubElement(body, "layer", {**entry.attributes, **own})
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _tree(data: bytes) -> ET.Element:
    builder = ET.TreeBuilder()
    parser = expat.ParserCreate()
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _MAX_DEPTH:
            raise StackError("the groups of stack.xml are nested too deeply")
        builder.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag)

    def refuse(*_: object) -> None:
        raise StackError("stack.xml declares entities, which no layer needs")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(data, True)
        return builder.close()
    except (expat.ExpatError, LookupError, ValueError, AssertionError) as error:
        raise StackError(f"stack.xml cannot be read: {error}") from error


def _collect(
    group: ET.Element,
    left: int,
    top: int,
    opacity: float,
    visible: bool,
    entries: list[Entry],
    notices: dict[str, None],
) -> None:
    """Append the layers of `group`, top to bottom, with what the groups around do to them."""
    for child in group:
        x, y = left + _whole(child, "x", 0), top + _whole(child, "y", 0)
        own = _number(child, "opacity", 1.0)
        inside = opacity * min(1.0, max(0.0, own))
        seen = visible and child.get("visibility", "visible") != "hidden"
        mode = child.get("composite-op", _OVER)
        if mode not in (_OVER, _ATOP):
            notices["Some layers blend in another way; they are shown as normal ones."] = None
        if child.tag == "stack":
            notices["Its groups were taken apart."] = None
            _collect(child, x, y, inside, seen, entries, notices)
        elif child.tag == "layer" and child.get("src"):
            if len(entries) == MAX_LAYERS:
                raise StackError(f"it has more than {MAX_LAYERS} layers; merge some of them")
            foreign = {key: value for key, value in child.attrib.items() if key not in _OWN_LAYER}
            if mode == _ATOP:
                del foreign["composite-op"]
            name, source, atop = child.get("name", ""), child.attrib["src"], mode == _ATOP
            entries.append(Entry(name, source, x, y, inside, seen, atop, foreign))
        else:
            notices["Text and filter layers were left out."] = None


def _whole(element: ET.Element, name: str, default: int | None) -> int:
    text = element.get(name)
    if text is None and default is not None:
        return default
    try:
        value = int(text or "", 10)
    except ValueError as error:
        raise StackError(f"the {name} of its {element.tag} is no whole number") from error
    if abs(value) > _MAX_PLACE:
        raise StackError(f"the {name} of its {element.tag} is {value}")
    return value


def _number(element: ET.Element, name: str, default: float) -> float:
    try:
        value = float(element.get(name, default))
    except ValueError as error:
        raise StackError(f"the {name} of its {element.tag} is no number") from error
    return value if math.isfinite(value) else default
