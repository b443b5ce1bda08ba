"""Which parts of a request are a user's own words: the prompts, and words among the settings."""

import typing
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel

from core.request import EditRequest

_SAID = ("source_prompt", "target_prompt", "chosen_because")
_NO_WORDS = frozenset({"target_model", "upscaler", "kind"})


def word_fields(kind: type[BaseModel]) -> frozenset[str]:
    """The fields of a settings class that hold words or texts, directly or in parts of theirs."""
    return frozenset(
        name
        for name, info in kind.model_fields.items()
        if name not in _NO_WORDS and _holds_text(info.annotation)
    )


def words_of(request: EditRequest) -> tuple[str, ...]:
    """Everything that the user said in words, prompts first."""
    settings = request.settings
    said = [getattr(settings, name) for name in sorted(word_fields(type(settings)))]
    return (request.source_prompt, request.target_prompt, *_texts(said))


def without_words(recipe: Mapping[str, object]) -> dict[str, object]:
    """A recipe (`core.recipe`) without the user's words; it cannot be run again as it was."""
    from core.methods import settings_types

    kind = settings_types().get(str(recipe.get("method")))
    left_out = word_fields(kind) if kind is not None else frozenset()
    settings = recipe.get("settings")
    told = dict(settings) if isinstance(settings, Mapping) else {}
    kept = {name: value for name, value in told.items() if name not in left_out}
    silent = {name: "" for name in _SAID if name in recipe}
    return {**recipe, **silent, "settings": kept}


def _holds_text(annotation: Any) -> bool:
    if typing.get_origin(annotation) is typing.Literal:
        return False
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return bool(word_fields(annotation))
    return annotation is str or any(_holds_text(part) for part in typing.get_args(annotation))


def _texts(values: Iterable[object]) -> Iterable[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, BaseModel):
            yield from _texts(getattr(value, name) for name in word_fields(type(value)))
        elif isinstance(value, tuple | list | Mapping):
            yield from _texts(value)
