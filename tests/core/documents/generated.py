"""Documents made up by hypothesis, and what it means that two of them are the same."""

from dataclasses import fields
from typing import Any, Literal, cast

import numpy as np
from hypothesis import strategies as st

from core.documents.document import StoredDocument, StoredJob, StoredLayer, StoredResult
from core.events import Finished
from core.request import EditRequest
from core.settings import PromptToPromptSettings, SDEditSettings

_TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=12
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=6,
)
_PANELS = st.dictionaries(_TEXT, _JSON, max_size=4)
_SIDE = st.integers(1, 24)
_BYTES = st.none() | st.binary(min_size=1, max_size=40)


@st.composite
def documents(draw: st.DrawFn) -> StoredDocument:
    """Any document: both depths, layers beyond the canvas, soft masks, results of any size."""
    bits = cast("Literal[8, 16]", draw(st.sampled_from([8, 16])))
    height, width = draw(_SIDE), draw(_SIDE)
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    dtype = np.dtype(np.uint8 if bits == 8 else np.uint16)
    original = noise(random, (height, width, 3), dtype)
    layers = tuple(draw(_layers(random, dtype)) for _ in range(draw(st.integers(0, 4))))
    if draw(st.booleans()):
        layers = (StoredLayer("picture", original), *layers)
    results = tuple(draw(_results(random, original)) for _ in range(draw(st.integers(0, 2))))
    mask = noise(random, (height, width), np.dtype(np.uint8)) if draw(st.booleans()) else None
    return StoredDocument(
        width=width,
        height=height,
        bits=bits,
        layers=layers,
        mask=mask,
        results=results,
        jobs=tuple(StoredJob(result.title, result.finished.request) for result in results[:1]),
        original=StoredLayer("before", original, x=-3, y=2) if draw(st.booleans()) else None,
        panel=draw(_PANELS),
        inversions={"a.safetensors": draw(st.binary(max_size=60))} if draw(st.booleans()) else {},
        exif=draw(_BYTES),
        xmp=draw(_BYTES),
        dpi=draw(st.none() | st.just((72.5, 300.0))),
        format=draw(st.sampled_from(["", "JPEG", "TIFF"])),
        attributes=draw(st.sampled_from([{}, {"xmlns:krita": "urn:krita", "krita:a": "<&\"'\n"}])),
        members=draw(st.sampled_from([{}, {"other/notes.txt": b"theirs", "data/brush": b"\0"}])),
    )


@st.composite
def _layers(draw: st.DrawFn, random: np.random.Generator, dtype: np.dtype[Any]) -> StoredLayer:
    shape = (draw(_SIDE), draw(_SIDE))
    if draw(st.integers(0, 5)) == 0:
        shape = (0, 0)
    see_through = min(shape) > 0 and draw(st.booleans())
    return StoredLayer(
        name=draw(_TEXT),
        pixels=noise(random, (*shape, 3), dtype),
        alpha=holes(random, shape, dtype) if see_through else None,
        x=draw(st.integers(-30, 30)),
        y=draw(st.integers(-30, 30)),
        opacity=draw(st.floats(0, 1)),
        visible=draw(st.booleans()),
        atop=draw(st.booleans()),
        recipe=draw(st.none() | _PANELS),
        kind=draw(st.sampled_from(["picture", "result", "paint"])),
        attributes=draw(st.sampled_from([{}, {"selected": "true"}, {"edit-locked": "ä"}])),
    )


@st.composite
def _results(draw: st.DrawFn, random: np.random.Generator, base: Any) -> StoredResult:
    mask: Any = None
    if draw(st.booleans()):
        levels = draw(st.sampled_from([255, 65535, 3]))
        mask = (random.integers(0, levels + 1, base.shape[:2]) / np.float32(levels)).astype(
            np.float32
        )
        mask.flags.writeable = False
    settings = draw(st.sampled_from([SDEditSettings(), PromptToPromptSettings()]))
    request = EditRequest(
        settings=settings,
        picture=base,
        mask=mask,
        source_prompt=draw(_TEXT),
        target_prompt="a " + draw(_TEXT),
        seed=draw(st.integers(0, 2**63 - 1)),
        chosen_because=draw(_TEXT),
    )
    picture = base.copy()
    if draw(st.booleans()):
        picture[1:5, 2:7] = noise(random, picture[1:5, 2:7].shape, base.dtype)
    elif draw(st.booleans()):
        picture = noise(random, (draw(_SIDE), draw(_SIDE), 3), base.dtype)
    picture.flags.writeable = False
    return StoredResult(
        draw(_TEXT),
        Finished(
            request=request,
            picture=picture,
            changed_outside=draw(st.none() | st.just(0)),
            network_evaluations=draw(st.integers(0, 100)),
            seconds=draw(st.floats(0, 1e6)),
            recipe=draw(_PANELS),
            reconstruction_db=draw(st.none() | st.floats(0, 100)),
        ),
    )


def noise(random: np.random.Generator, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Any:
    """Read-only values over the whole range."""
    values = random.integers(0, np.iinfo(dtype).max + 1, shape, dtype)
    values.flags.writeable = False
    return values


def holes(random: np.random.Generator, shape: tuple[int, int], dtype: np.dtype[Any]) -> Any:
    """Alpha with its first row transparent and its last one opaque."""
    values = noise(random, shape, dtype).copy()
    values[0], values[-1] = 0, np.iinfo(dtype).max
    values.flags.writeable = False
    return values


def assert_same(found: Any, expected: Any, place: str = "document") -> None:
    """Equal in every field, arrays in shape, depth and each value."""
    if isinstance(expected, np.ndarray):
        assert isinstance(found, np.ndarray), place
        assert found.dtype == expected.dtype, place
        assert np.array_equal(found, expected), place
        assert not found.flags.writeable, place
    elif isinstance(expected, StoredDocument | StoredLayer | StoredResult | StoredJob | Finished):
        for part in fields(expected):
            if part.name != "notices":
                assert_same(
                    getattr(found, part.name), getattr(expected, part.name), f"{place}.{part.name}"
                )
    elif isinstance(expected, EditRequest):
        for part in fields(expected):
            assert_same(
                getattr(found, part.name), getattr(expected, part.name), f"{place}.{part.name}"
            )
    elif isinstance(expected, tuple):
        assert len(found) == len(expected), place
        for at, (one, other) in enumerate(zip(found, expected, strict=True)):
            assert_same(one, other, f"{place}[{at}]")
    elif hasattr(expected, "keys"):
        assert dict(found) == {**expected}, place
    else:
        assert found == expected, place
