"""The rich world: hues, landscapes, light, relations; what captions say of them is true."""

import json
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from numpy.typing import NDArray

from core.training.datasets import packages
from core.training.datasets.bank import BankPlan, scene_of
from core.training.datasets.captions import caption
from core.training.datasets.grounds import COLOURS, Ground, draw_ground
from core.training.datasets.hues import TINTS, hue_of, name_of, sprite_hues, turn_hues
from core.training.datasets.landscapes import LANDSCAPE_KINDS, LandscapeKind
from core.training.datasets.lights import LIGHT_KINDS, LightKind, draw_light
from core.training.datasets.objects import ObjectLibrary, catalogue, open_library
from core.training.datasets.relations import RELATION_KINDS, relation
from core.training.datasets.rendering import render
from core.training.datasets.rich_scenes import holds_held_out, sample_rich_scene
from core.training.datasets.scenes import Placement, Scene, scene_from_json, scene_to_json, tinted
from core.training.datasets.split import place_held_out, relation_held_out, tint_held_out
from tests.core.training.test_datasets import drawn_library

TEAL = Ground("plain", "teal")


class TestHues:
    @pytest.mark.parametrize("colour", TINTS)
    def test_a_picture_of_one_colour_is_read(self, colour: str) -> None:
        pixels = np.full((8, 8, 4), 255, np.uint8)
        pixels[..., :3] = COLOURS[colour].rgb
        hues = sprite_hues(pixels)
        assert hues.angle == pytest.approx(hue_of(colour), abs=0.01)
        assert colour in hues.tints

    def test_grey_and_many_hues_have_none(self) -> None:
        grey = np.full((8, 8, 4), 255, np.uint8)
        grey[..., :3] = 120
        assert sprite_hues(grey).angle is None
        half = grey.copy()
        half[:4, :, :3], half[4:, :, :3] = (220, 20, 20), (20, 220, 220)
        assert sprite_hues(half).angle is None

    @pytest.mark.parametrize("colour", COLOURS)
    def test_every_colour_is_called_by_its_name(self, colour: str) -> None:
        assert name_of(np.array(COLOURS[colour].rgb, float)) == colour

    def test_a_turn_moves_the_hue_by_its_angle(self) -> None:
        pixels = np.full((4, 4, 4), 255, np.uint8)
        pixels[..., :3] = (150, 110, 100)
        before = sprite_hues(np.concatenate([_strong(pixels), pixels[..., 3:]], 2)).angle
        turned = turn_hues(_strong(pixels), 70.0)
        after = sprite_hues(np.concatenate([turned, pixels[..., 3:]], 2)).angle
        assert before is not None
        assert after is not None
        assert (after - before) % 360 == pytest.approx(70.0, abs=1.5)

    def test_a_tinted_object_has_the_hue_of_its_new_colour(self) -> None:
        library = _tinted_library()
        scene = Scene(TEAL, (Placement("cat", 0.5, 0.5, 0.5, colour="blue"),))
        centre = render(scene, library, 64)[32, 32].astype(float)
        assert name_of(centre) == "blue"
        own = render(tinted(scene, 0, ""), library, 64)[32, 32]
        assert np.abs(own.astype(int) - (200, 60, 40)).max() <= 1

    def test_the_catalogue_says_what_the_pictures_show(self) -> None:
        folder = packages.default_folder()
        if not (folder / packages.PICTURES.file_name).exists():
            pytest.skip(f"{packages.PICTURES.file_name} is not in the user's cache")
        library = open_library(folder)
        for object_id, spec in catalogue().items():
            hues = sprite_hues(library.pixels(object_id))
            if spec.hue is not None:
                assert hues.angle == pytest.approx(spec.hue, abs=0.1)
                assert hues.tints == spec.tints


class TestLandscapes:
    @pytest.mark.parametrize("kind", LANDSCAPE_KINDS)
    @pytest.mark.parametrize("colour", COLOURS)
    def test_the_sky_has_its_colour(self, kind: LandscapeKind, colour: str) -> None:
        picture = draw_ground(Ground(kind, colour), 64, 64)
        assert picture.shape == (64, 64, 3)
        assert picture.min() >= 0
        assert picture.max() <= 255
        assert name_of(picture[:8].reshape(-1, 3).mean(0)) == colour

    def test_outlines_differ_and_the_foreground_does_not_follow_the_sky(self) -> None:
        one, other = (draw_ground(Ground("meadow", "blue", shape=i), 64, 64) for i in (0, 3))
        assert (one != other).any()
        red = draw_ground(Ground("meadow", "red"), 64, 64)
        assert np.array_equal(red[-8:], draw_ground(Ground("meadow", "blue"), 64, 64)[-8:])


class TestLight:
    @pytest.mark.parametrize("kind", LIGHT_KINDS)
    def test_is_smooth_and_multiplies(self, kind: LightKind) -> None:
        light = draw_light(kind, 48, 64)
        assert light.shape == (48, 64, 3)
        assert np.abs(np.diff(light, axis=0)).max() < 0.06
        scene = Scene(TEAL, (), light=kind)
        expected = np.rint(np.clip(draw_ground(TEAL, 48, 64) * light, 0, 255))
        assert np.array_equal(render(scene, drawn_library(), (48, 64)), expected)

    def test_day_changes_nothing_and_the_others_darken(self) -> None:
        means = {kind: float(draw_light(kind, 32, 32).mean()) for kind in LIGHT_KINDS}
        assert means["day"] == 1.0
        assert max(means[kind] for kind in LIGHT_KINDS if kind != "day") < 0.9


class TestRelations:
    def test_tells_the_three_apart(self) -> None:
        left = _pair(Placement("cat", 0.25, 0.6, 0.4), Placement("red_apple", 0.75, 0.6, 0.4))
        front = _pair(Placement("cat", 0.45, 0.6, 0.5), Placement("red_apple", 0.6, 0.75, 0.3))
        above = _pair(Placement("cat", 0.5, 0.75, 0.3), Placement("balloon", 0.55, 0.25, 0.3, 0.5))
        said = [caption(scene, detail="placed") for scene in (left, front, above)]
        assert said == [
            "a cat left of a red apple on a teal ground",
            "a red apple in front of a cat on a teal ground",
            "a balloon above a cat on a teal ground",
        ]
        assert (
            caption(front, "ko", detail="placed")
            == "앞에 빨간 사과, 뒤에 고양이가 있는 청록색 바탕"
        )

    def test_does_not_depend_on_the_order(self) -> None:
        specs = catalogue()
        rng = np.random.default_rng(4)
        for _ in range(200):
            scene = sample_rich_scene(rng)
            if len(scene.placements) == 2:
                turned = replace(scene, placements=scene.placements[::-1])
                one, other = relation(scene, specs), relation(turned, specs)
                assert (one.kind, one.first) == (other.kind, 1 - other.first)


class TestRichScenes:
    def test_training_never_shows_what_is_held_out(self) -> None:
        rng, specs = np.random.default_rng(0), catalogue()
        for _ in range(150):
            assert not holds_held_out(sample_rich_scene(rng, "train"), specs)
            assert holds_held_out(sample_rich_scene(rng, "held_out"), specs)
        unseen = [sample_rich_scene(rng, "unseen") for _ in range(20)]
        assert all(any(specs[key].unseen for key in scene.object_ids) for scene in unseen)

    def test_about_8_percent_of_each_are_held_out(self) -> None:
        ids = [key for key, spec in catalogue().items() if not spec.unseen]
        places = [place_held_out(a, kind) for a in ids for kind in LANDSCAPE_KINDS]
        tints = [tint_held_out(a, tint) for a in ids for tint in TINTS]
        some = list(permutations(ids[:40], 2))
        relations = [relation_held_out(k, a, b) for k in RELATION_KINDS for a, b in some]
        for held in (places, tints, relations):
            assert 0.05 < np.mean(held) < 0.11

    def test_everything_is_shown_and_inside_the_frame(self) -> None:
        rng, specs = np.random.default_rng(1), catalogue()
        kinds, lights, relations, tints = set(), set(), set(), set()
        for _ in range(500):
            scene = sample_rich_scene(rng)
            kinds.add(scene.ground.kind)
            lights.add(scene.light)
            tints |= {p.colour for p in scene.placements}
            if len(scene.placements) == 2:
                relations.add(relation(scene, specs).kind)
            for p in scene.placements:
                half = p.height * specs[p.object_id].aspect / 2
                assert p.centre_x - half >= -1e-9
                assert p.centre_x + half <= 1 + 1e-9
                assert p.centre_y - p.height / 2 >= 0
                assert p.bottom + p.lift <= 0.95
                assert p.colour in ("", *specs[p.object_id].tints)
        assert len(kinds) == 10
        assert lights == set(LIGHT_KINDS)
        assert relations == set(RELATION_KINDS)
        assert tints == {"", *TINTS}

    def test_goes_through_json(self) -> None:
        rng = np.random.default_rng(3)
        for _ in range(20):
            scene = sample_rich_scene(rng)
            assert scene_from_json(json.loads(json.dumps(scene_to_json(scene)))) == scene

    def test_a_bank_of_the_rich_world(self) -> None:
        plan = BankPlan(100, 32, 9, "train", world="rich")
        first, again = (scene_of(plan, 7, drawn_library()) for _ in range(2))
        assert first == again
        plain = scene_of(replace(plan, world="plain"), 7, drawn_library())
        assert first != plain


class TestCaptions:
    def test_colour_place_and_light(self) -> None:
        cat = Placement("cat", 0.5, 0.6, 0.5, colour="orange")
        scene = Scene(Ground("meadow", "orange"), (cat,), light="night")
        assert caption(scene) == "an orange cat in a meadow under an orange sky at night"
        assert caption(scene, "ko") == "밤의 주황색 하늘 아래 풀밭의 주황색 고양이"
        assert caption(scene, detail="objects") == "an orange cat"

    def test_a_given_colour_takes_the_place_of_the_named_one(self) -> None:
        apple = Placement("red_apple", 0.5, 0.6, 0.5, colour="blue")
        scene = Scene(Ground("room", "white"), (apple,))
        assert caption(scene) == "a blue apple in a room with a white wall"
        assert caption(scene, "ko") == "흰색 벽이 있는 방의 파란색 사과"
        fries = Scene(TEAL, (Placement("french_fries", 0.5, 0.6, 0.5, colour="blue"),))
        assert caption(fries) == "some blue french fries on a teal ground"

    def test_an_empty_landscape(self) -> None:
        assert caption(Scene(Ground("snow", "grey"), ())) == "the snow under a grey sky"


def _pair(one: Placement, other: Placement) -> Scene:
    return Scene(TEAL, (one, other))


def _strong(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture's colours, far enough from grey to be read and from the edges to be turned."""
    colours = pixels[..., :3].astype(int)
    colours[..., 0] += 40
    return colours.astype(np.uint8)


def _tinted_library() -> ObjectLibrary:
    library = drawn_library()
    pixels = library.pixels("cat")
    hues = sprite_hues(pixels)
    library.specs = {
        **library.specs,
        "cat": replace(library.specs["cat"], hue=hues.angle, tints=hues.tints),
    }
    return library
