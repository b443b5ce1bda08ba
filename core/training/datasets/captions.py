"""Says in English or Korean what a scene shows; every word is true of the scene.

objects   a cat and a red apple
plain     a cat and a red apple on a teal ground
placed    a cat left of a red apple on a teal ground
full      a large cat left of a small red apple on a teal ground

A scene of the rich world may be "a blue cat in front of a house in a meadow under a pink sky at
night". A colour that a thing was given is always said, and so is the light, where the ground is.
"""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from core.training.datasets.grounds import COLOURS, Ground
from core.training.datasets.landscapes import LANDSCAPE_KINDS
from core.training.datasets.objects import Catalogue, catalogue
from core.training.datasets.relations import relation
from core.training.datasets.scenes import Placement, Scene, extent

Language = Literal["en", "ko"]
Detail = Literal["objects", "plain", "placed", "full"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
DETAILS: tuple[Detail, ...] = get_args(Detail)
DETAIL_ODDS = (0.12, 0.5, 0.2, 0.18)

LARGE_ALONE, SMALL_ALONE = 0.6, 0.42
CLEARLY_LARGER = 1.3
LEFT_BELOW, RIGHT_ABOVE = 0.41, 0.59

PATTERNS_EN = {"stripes": "striped", "dots": "dotted", "checks": "checked"}
PATTERNS_KO = {
    "gradient": "그라데이션",
    "stripes": "줄무늬",
    "dots": "물방울무늬",
    "checks": "체크무늬",
}
PLACES_EN = {
    "meadow": ("in", "a meadow under {a} {colour} sky"),
    "beach": ("on", "a beach under {a} {colour} sky"),
    "desert": ("in", "a desert under {a} {colour} sky"),
    "snow": ("in", "the snow under {a} {colour} sky"),
    "room": ("in", "a room with {a} {colour} wall"),
}
PLACES_KO = {
    "meadow": "{colour} 하늘 아래 풀밭",
    "beach": "{colour} 하늘 아래 해변",
    "desert": "{colour} 하늘 아래 사막",
    "snow": "{colour} 하늘 아래 눈밭",
    "room": "{colour} 벽이 있는 방",
}
LIGHTS_EN = {"evening": " in evening light", "night": " at night", "spot": " in a spotlight"}
LIGHTS_KO = {"evening": "저녁 빛 속 ", "night": "밤의 ", "spot": "조명 아래 "}
RELATIONS_EN = {
    "left": ("left of", "right of"),
    "front": ("in front of", "behind"),
    "above": ("above", "below"),
}
RELATIONS_KO = {"left": ("왼쪽", "오른쪽"), "front": ("앞", "뒤"), "above": ("위", "아래")}
SIZES_KO = {"large": "큰 ", "small": "작은 ", "": ""}


@dataclass(frozen=True)
class _Words:
    """The choices that leave a caption's meaning alone."""

    noun_en: str = "ground"
    noun_ko: str = "바탕"
    grey: str = "grey"
    opening: str = ""
    link: str = "and"
    reversed_order: bool = False


_CANONICAL = _Words()


def caption(
    scene: Scene,
    language: Language = "en",
    rng: np.random.Generator | None = None,
    detail: Detail | None = None,
    specs: Catalogue | None = None,
) -> str:
    """A caption of the scene.

    rng: varies the wording, and the detail where none is given; None = the canonical words.
    detail: how much is said (see the module's text); None without rng = "plain".
    specs: whose objects; None for the catalogue.
    """
    specs = catalogue() if specs is None else specs
    words = _CANONICAL if rng is None else _draw_words(rng)
    if detail is None:
        chosen = 1 if rng is None else int(rng.choice(len(DETAILS), p=DETAIL_ODDS))
        detail = DETAILS[chosen]
    speak = _english if language == "en" else _korean
    return speak(scene, detail, words, specs)


def particle(word: str, after_consonant: str, after_vowel: str) -> str:
    """The form of a Korean particle that fits the word's last syllable: 과/와, 이/가.

    Whatever is no Korean syllable counts as a vowel. word: not empty.
    """
    syllable = ord(word[-1]) - 0xAC00
    has_final = 0 <= syllable < 11_172 and syllable % 28 != 0
    return after_consonant if has_final else after_vowel


def _draw_words(rng: np.random.Generator) -> _Words:
    draws = rng.random(6)
    return _Words(
        noun_en="background" if draws[0] < 0.4 else "ground",
        noun_ko="배경" if draws[1] < 0.5 else "바탕",
        grey="gray" if draws[2] < 0.3 else "grey",
        opening="a picture of " if draws[3] < 0.06 else "",
        link="next to" if draws[4] < 0.15 else "and",
        reversed_order=bool(draws[5] < 0.3),
    )


def _sizes(scene: Scene, specs: Catalogue) -> list[str]:
    """For each object "large", "small" or "", as it looks alone or beside the others."""
    extents = [extent(p.height, specs[p.object_id].aspect) for p in scene.placements]
    if len(extents) == 1:
        large, small = extents[0] >= LARGE_ALONE, extents[0] <= SMALL_ALONE
        return ["large" if large else "small" if small else ""]
    if not extents or max(extents) < CLEARLY_LARGER * min(extents):
        return [""] * len(extents)
    largest, smallest = max(extents), min(extents)
    return ["large" if e == largest else "small" if e == smallest else "" for e in extents]


def _left_to_right(scene: Scene) -> list[int]:
    xs = [placement.centre_x for placement in scene.placements]
    return sorted(range(len(xs)), key=lambda index: xs[index])


# English


def _english(scene: Scene, detail: Detail, words: _Words, specs: Catalogue) -> str:
    light = LIGHTS_EN.get(scene.light, "")
    preposition, ground = _ground_en(scene.ground, words)
    order = _left_to_right(scene)
    if not order:
        return f"{words.opening}{ground}{light}"
    sizes = _sizes(scene, specs) if detail == "full" else [""] * len(order)
    names = [_name_en(scene.placements[i], sizes[i], specs) for i in order]
    where = f"{preposition} {ground}{light}"
    if detail in ("objects", "plain"):
        if words.reversed_order:
            names.reverse()
        listed = _list_en(names, words)
        return words.opening + (listed if detail == "objects" else f"{listed} {where}")
    if len(names) == 1:
        side = _side(scene.placements[0].centre_x, "on the left", "in the middle", "on the right")
        link = where if scene.ground.kind in LANDSCAPE_KINDS else f"of {ground}{light}"
        return f"{words.opening}{names[0]} {side} {link}"
    if len(names) == 2:
        how = relation(scene, specs)
        first, second = (names[order.index(i)] for i in (how.first, how.second))
        said, reverse = RELATIONS_EN[how.kind]
        if words.reversed_order:
            return f"{words.opening}{second} {reverse} {first} {where}"
        return f"{words.opening}{first} {said} {second} {where}"
    left, middle, right = names
    return (
        f"{words.opening}{left} on the left, {middle} in the middle and {right} on the right, "
        f"{where}"
    )


def _ground_en(ground: Ground, words: _Words) -> tuple[str, str]:
    """A preposition, and the ground or the place."""
    colour = words.grey if ground.colour == "grey" else COLOURS[ground.colour].name_en
    if ground.kind in LANDSCAPE_KINDS:
        preposition, place = PLACES_EN[ground.kind]
        return preposition, place.format(a=_article(colour), colour=colour)
    described = {
        "plain": colour,
        "gradient": f"graded {colour}",
    }.get(ground.kind) or f"{colour} {PATTERNS_EN[ground.kind]}"
    return "on", f"{_article(described)} {described} {words.noun_en}"


def _name_en(placement: Placement, size: str, specs: Catalogue) -> str:
    spec = specs[placement.object_id]
    name = spec.name_en
    if placement.colour:
        name = f"{COLOURS[placement.colour].name_en} {_uncoloured(spec.name_en, name)}"
    if spec.article == "some":
        return f"some {name}"
    if size:
        return f"a {size} {name}"
    return f"{_article(name) if placement.colour else spec.article} {name}"


def _uncoloured(name_en: str, name: str) -> str:
    """A name without the colour that it begins with: "red apple", "빨간 사과"."""
    return name.split(" ", 1)[1] if name_en.split(" ")[0] in COLOURS else name


def _list_en(names: list[str], words: _Words) -> str:
    if len(names) == 2:
        return f"{names[0]} {words.link} {names[1]}"
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"


# Korean


def _korean(scene: Scene, detail: Detail, words: _Words, specs: Catalogue) -> str:
    ground = LIGHTS_KO.get(scene.light, "") + _ground_ko(scene.ground, words)
    order = _left_to_right(scene)
    if not order:
        return ground
    sizes = _sizes(scene, specs) if detail == "full" else [""] * len(order)
    names = [SIZES_KO[sizes[i]] + _name_ko(scene.placements[i], specs) for i in order]
    if detail in ("objects", "plain"):
        if words.reversed_order:
            names.reverse()
        listed = _list_ko(names)
        if detail == "objects":
            return listed
        on_top = words.noun_ko == "바탕" and scene.ground.kind not in LANDSCAPE_KINDS
        return f"{ground} 위의 {listed}" if on_top else f"{ground}의 {listed}"
    if len(names) == 1:
        side = _side(scene.placements[0].centre_x, "왼쪽", "가운데", "오른쪽")
        return f"{ground} {side}에 있는 {names[0]}"
    sides: tuple[str, ...] = ("왼쪽", "가운데", "오른쪽")
    if len(names) == 2:
        how = relation(scene, specs)
        names = [names[order.index(i)] for i in (how.first, how.second)]
        sides = RELATIONS_KO[how.kind]
    placed = ", ".join(f"{side}에 {name}" for side, name in zip(sides, names, strict=True))
    return f"{placed}{particle(placed, '이', '가')} 있는 {ground}"


def _name_ko(placement: Placement, specs: Catalogue) -> str:
    spec = specs[placement.object_id]
    if not placement.colour:
        return spec.name_ko
    return f"{COLOURS[placement.colour].name_ko} {_uncoloured(spec.name_en, spec.name_ko)}"


def _ground_ko(ground: Ground, words: _Words) -> str:
    if ground.kind in LANDSCAPE_KINDS:
        return PLACES_KO[ground.kind].format(colour=COLOURS[ground.colour].name_ko)
    parts = [COLOURS[ground.colour].name_ko, PATTERNS_KO.get(ground.kind, ""), words.noun_ko]
    return " ".join(filter(None, parts))


def _list_ko(names: list[str]) -> str:
    first, *others = names
    if not others:
        return first
    joined = f"{first}{particle(first, '과', '와')} {others[0]}"
    return f"{joined}, 그리고 {others[1]}" if len(others) == 2 else joined


def _side(centre_x: float, left: str, middle: str, right: str) -> str:
    if centre_x < LEFT_BELOW:
        return left
    return right if centre_x > RIGHT_ABOVE else middle
