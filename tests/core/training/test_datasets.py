"""The data builder, on a tiny library of drawn shapes; nothing here needs a download."""

import base64
import hashlib
import io
import json
import tarfile
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest

from core.errors import DataError
from core.training.datasets import packages
from core.training.datasets.bank import BankPlan, build_bank, load_bank, scene_of
from core.training.datasets.captions import caption, particle
from core.training.datasets.grounds import COLOURS, GROUND_KINDS, Ground, draw_ground
from core.training.datasets.objects import ObjectLibrary, catalogue
from core.training.datasets.packages import LABELS, Package
from core.training.datasets.rendering import object_mask, render, shadow_mask
from core.training.datasets.scenes import (
    Placement,
    Scene,
    extent,
    replaced,
    sample_scene,
    scene_from_json,
    scene_to_json,
    with_ground,
    without,
)
from core.training.datasets.split import colour_held_out, is_held_out, pair_held_out

TEAL = Ground("plain", "teal")
SHAPES = {"cat": (200, 60, 40), "red_apple": (230, 20, 30), "balloon": (40, 60, 220)}


def drawn_library() -> ObjectLibrary:
    """Three catalogue entries with discs for pictures; the disc fills its box."""
    y, x = np.mgrid[-1:1:96j, -1:1:96j]
    inside = x * x + y * y <= 1
    pictures, specs = {}, {}
    for object_id, rgb in SHAPES.items():
        picture = np.zeros((100, 100, 4), np.uint8)
        picture[2:98, 2:98, :3] = rgb
        picture[2:98, 2:98, 3] = np.where(inside, 255, 0)
        pictures[object_id] = picture
        specs[object_id] = replace(catalogue()[object_id], aspect=1.0)
    return ObjectLibrary(specs, pictures)


@pytest.fixture(scope="module")
def library() -> ObjectLibrary:
    return drawn_library()


def two_objects() -> Scene:
    return Scene(
        TEAL,
        (Placement("cat", 0.28, 0.55, 0.4), Placement("red_apple", 0.74, 0.6, 0.3)),
    )


class TestCatalogue:
    def test_holds_120_known_and_6_unseen_objects(self) -> None:
        unseen = [spec for spec in catalogue().values() if spec.unseen]
        assert (len(catalogue()), len(unseen)) == (126, 6)

    @pytest.mark.parametrize("field", ["hexcode", "name_en", "name_ko"])
    def test_names_one_thing_once(self, field: str) -> None:
        values = [getattr(spec, field) for spec in catalogue().values()]
        assert len(set(values)) == len(values)

    def test_has_the_right_articles(self) -> None:
        for spec in catalogue().values():
            vowel = spec.name_en[0] in "aeio" or spec.name_en.startswith("umb")
            assert spec.article in ("some", "an" if vowel else "a"), spec.name_en

    def test_agrees_with_the_published_labels(self) -> None:
        path = packages.default_folder() / LABELS.file_name
        if not path.exists():
            pytest.skip(f"{LABELS.file_name} is not in the user's cache")
        names = {language: f"package/{language}/data.json" for language in ("en", "ko")}
        content = packages.read_members(path, set(names.values()))
        for language, name in names.items():
            labels = {
                entry["hexcode"].replace("-FE0F", ""): entry for entry in json.loads(content[name])
            }
            agreeing = 0
            for spec in catalogue().values():
                entry = labels[spec.hexcode.replace("-FE0F", "")]
                said = " ".join([entry["label"], *entry["tags"]]).lower().replace(" ", "")
                own = spec.name_en if language == "en" else spec.name_ko
                agreeing += any(word in said for word in own.split())
            assert agreeing >= 0.9 * len(catalogue())


class TestSplit:
    def test_holds_out_about_8_percent(self) -> None:
        ids = [key for key, spec in catalogue().items() if not spec.unseen]
        pairs = [pair_held_out(a, b) for a, b in combinations(ids, 2)]
        colours = [colour_held_out(a, colour) for a in ids for colour in COLOURS]
        assert 0.07 < np.mean(pairs) < 0.09
        assert 0.06 < np.mean(colours) < 0.10

    def test_never_moves(self) -> None:
        ids = sorted(catalogue())
        held = [f"{a}+{b}" for a, b in combinations(ids, 2) if pair_held_out(a, b)]
        held += [f"{a}+{c}" for a in ids for c in COLOURS if colour_held_out(a, c)]
        digest = hashlib.sha256("\n".join(held).encode()).hexdigest()
        assert digest[:16] == "16280cd4c262078f"

    def test_order_of_a_pair_does_not_matter(self) -> None:
        for a, b in combinations(list(catalogue())[:20], 2):
            assert pair_held_out(a, b) == pair_held_out(b, a)

    def test_training_and_held_out_scenes_never_mix(self) -> None:
        rng = np.random.default_rng(0)
        for _ in range(200):
            train, held = sample_scene(rng, "train"), sample_scene(rng, "held_out")
            assert not is_held_out(train.object_ids, train.ground.colour)
            assert is_held_out(held.object_ids, held.ground.colour)
            assert not any(catalogue()[key].unseen for key in train.object_ids + held.object_ids)

    def test_unseen_scenes_show_something_new(self) -> None:
        rng = np.random.default_rng(0)
        for _ in range(50):
            scene = sample_scene(rng, "unseen")
            assert any(catalogue()[key].unseen for key in scene.object_ids)


class TestSampling:
    def test_is_deterministic(self) -> None:
        first, second = (sample_scene(np.random.default_rng(7)) for _ in range(2))
        assert first == second

    def test_stays_inside_the_frame_without_much_overlap(self) -> None:
        rng = np.random.default_rng(1)
        for _ in range(500):
            scene = sample_scene(rng)
            edges = []
            for p in scene.placements:
                half = p.height * catalogue()[p.object_id].aspect / 2
                assert p.centre_y - p.height / 2 >= 0
                assert p.bottom + p.lift <= 0.94
                assert p.centre_x - half >= 0
                assert p.centre_x + half <= 1
                edges.append((p.centre_x - half, p.centre_x + half))
            for (_, right), (left, _) in pairwise(edges):
                assert right - left < 0.03

    def test_objects_are_mostly_large(self) -> None:
        rng = np.random.default_rng(2)
        alone = [s for s in (sample_scene(rng) for _ in range(600)) if len(s.placements) == 1]
        sizes = [extent(s.placements[0].height, catalogue()[s.object_ids[0]].aspect) for s in alone]
        assert 0.45 < np.median(sizes) < 0.75
        assert 0.3 < len(alone) / 600 < 0.6

    def test_goes_through_json(self) -> None:
        scene = sample_scene(np.random.default_rng(3))
        assert scene_from_json(json.loads(json.dumps(scene_to_json(scene)))) == scene


class TestRendering:
    def test_plain_ground_has_its_colour(self, library: ObjectLibrary) -> None:
        picture = render(Scene(TEAL, ()), library, 16)
        assert picture.shape == (16, 16, 3)
        assert (picture == np.array(COLOURS["teal"].rgb, np.uint8)).all()

    @pytest.mark.parametrize("kind", GROUND_KINDS)
    @pytest.mark.parametrize("colour", COLOURS)
    def test_every_ground_is_nearest_to_its_own_colour(self, kind: str, colour: str) -> None:
        ground = Ground(kind, colour)  # type: ignore[arg-type]
        mean = draw_ground(ground, 48, 64).reshape(-1, 3).mean(0)
        distances = {name: np.abs(mean - c.rgb).sum() for name, c in COLOURS.items()}
        assert min(distances, key=lambda name: distances[name]) == colour

    def test_gradient_runs_from_lighter_to_darker(self) -> None:
        rows = draw_ground(Ground("gradient", "green"), 32, 8).mean((1, 2))
        assert (np.diff(rows) < 0).all()

    @pytest.mark.parametrize("size", [64, (48, 80), (96, 90)])
    def test_mask_fits_the_object(
        self, library: ObjectLibrary, size: int | tuple[int, int]
    ) -> None:
        scene = two_objects()
        height = size if isinstance(size, int) else size[0]
        mask = object_mask(scene, 0, library, size)
        assert mask.dtype == np.float32
        assert mask.shape == render(scene, library, size).shape[:2]
        disc = np.pi / 4 * (0.4 * height) ** 2
        assert mask.sum() == pytest.approx(disc, rel=0.06)
        picture = render(scene, library, size)
        assert np.abs(picture[mask == 1].astype(int) - SHAPES["cat"]).max() <= 1

    def test_taking_an_object_away_changes_only_it_and_its_shadow(
        self, library: ObjectLibrary
    ) -> None:
        scene = two_objects()
        before, after = render(scene, library), render(without(scene, 0), library)
        changed = (before != after).any(-1)
        allowed = (object_mask(scene, 0, library) > 0) | (shadow_mask(scene, 0, library) > 0)
        assert changed.any()
        assert not (changed & ~allowed).any()

    def test_what_is_covered_is_not_in_the_mask(self, library: ObjectLibrary) -> None:
        near = Placement("red_apple", 0.5, 0.7, 0.3)
        scene = Scene(TEAL, (Placement("cat", 0.5, 0.5, 0.4), near))
        masks = object_mask(scene, 0, library) + object_mask(scene, 1, library)
        assert masks.max() <= 1 + 1e-6
        assert object_mask(scene, 0, library).sum() < object_mask(two_objects(), 0, library).sum()

    def test_another_ground_keeps_the_objects(self, library: ObjectLibrary) -> None:
        scene = two_objects()
        other = with_ground(scene, Ground("checks", "pink"))
        solid = object_mask(scene, 1, library) == 1
        assert (render(scene, library)[solid] == render(other, library)[solid]).all()

    def test_shadow_is_soft_and_within_the_frame(self, library: ObjectLibrary) -> None:
        shadow = shadow_mask(Scene(TEAL, (Placement("cat", 0.5, 0.68, 0.5),)), 0, library, 128)
        assert 0.2 < shadow.max() < 0.7
        assert np.abs(np.diff(shadow, axis=0)).max() < 0.2
        assert shadow[-1].max() < 0.02

    def test_an_object_may_lie_outside(self, library: ObjectLibrary) -> None:
        scene = Scene(TEAL, (Placement("cat", 1.8, 0.5, 0.3),))
        assert (render(scene, library, 32) == np.array(COLOURS["teal"].rgb)).all()


class TestReplaced:
    def test_keeps_the_spot_and_the_rest(self) -> None:
        scene = two_objects()
        edited = replaced(scene, 0, "dog")
        assert edited.object_ids == ("dog", "red_apple")
        assert edited.placements[1] == scene.placements[1]
        assert edited.ground == scene.ground
        assert edited.placements[0].bottom == pytest.approx(scene.placements[0].bottom)

    def test_always_stays_in_the_frame(self) -> None:
        rng = np.random.default_rng(5)
        ids = list(catalogue())
        for _ in range(300):
            scene = sample_scene(rng)
            index = int(rng.integers(len(scene.placements)))
            new_id = ids[int(rng.integers(len(ids)))]
            p = replaced(scene, index, new_id).placements[index]
            half = p.height * catalogue()[new_id].aspect / 2
            assert p.height > 0.1
            assert p.centre_x - half >= -1e-9
            assert p.centre_x + half <= 1 + 1e-9
            assert p.centre_y - p.height / 2 >= 0
            assert p.lift == 0 or catalogue()[new_id].stance == "float"


class TestCaptions:
    def test_english(self) -> None:
        scene = two_objects()
        assert caption(scene) == "a cat and a red apple on a teal ground"
        assert caption(scene, detail="objects") == "a cat and a red apple"
        assert caption(scene, detail="placed") == "a cat left of a red apple on a teal ground"
        assert (
            caption(scene, detail="full")
            == "a large cat left of a small red apple on a teal ground"
        )

    def test_korean(self) -> None:
        scene = two_objects()
        assert caption(scene, "ko") == "청록색 바탕 위의 고양이와 빨간 사과"
        assert caption(scene, "ko", detail="objects") == "고양이와 빨간 사과"
        assert (
            caption(scene, "ko", detail="full")
            == "왼쪽에 큰 고양이, 오른쪽에 작은 빨간 사과가 있는 청록색 바탕"
        )

    def test_three_objects(self) -> None:
        ids = ("bear", "grapes", "bus")
        placements = tuple(Placement(key, 0.2 + 0.3 * i, 0.5, 0.3) for i, key in enumerate(ids))
        scene = Scene(Ground("gradient", "orange"), placements)
        assert caption(scene) == "a bear, some grapes and a bus on a graded orange ground"
        assert caption(scene, "ko") == "주황색 그라데이션 바탕 위의 곰과 포도, 그리고 버스"

    def test_one_object_says_where_and_how_large(self) -> None:
        scene = Scene(Ground("checks", "blue"), (Placement("egg", 0.2, 0.5, 0.3),))
        assert caption(scene, detail="full") == "a small egg on the left of a blue checked ground"
        assert caption(scene, "ko", detail="full") == "파란색 체크무늬 바탕 왼쪽에 있는 작은 달걀"

    def test_an_empty_scene_is_its_ground(self) -> None:
        assert caption(Scene(Ground("dots", "orange"), ())) == "an orange dotted ground"

    def test_wording_varies_but_repeats_under_a_seed(self) -> None:
        scene = two_objects()
        said = {caption(scene, "en", np.random.default_rng(i)) for i in range(60)}
        again = {caption(scene, "en", np.random.default_rng(i)) for i in range(60)}
        assert said == again
        assert len(said) > 8

    @pytest.mark.parametrize(("word", "expected"), [("곰", "과"), ("사과", "와"), ("A", "와")])
    def test_particles(self, word: str, expected: str) -> None:
        assert particle(word, "과", "와") == expected


class TestBank:
    def test_builds_loads_and_is_reused(self, tmp_path: Path, library: ObjectLibrary) -> None:
        seen: list[int] = []
        bank = build_bank(
            tmp_path / "b", 12, 32, 4, library, report=lambda done, _: seen.append(done)
        )
        assert seen == [0, 12]
        assert bank.pictures.shape == (12, 32, 32, 3)
        assert (bank.pictures[5] == render(bank.scene(5), library, 32)).all()
        assert all(len(c["en"]) == len(c["ko"]) == 2 for c in bank.captions)
        assert bank.object_names[5] == bank.scene(5).object_ids
        assert set(bank.object_names[0]) <= set(bank.known_objects)
        assert build_bank(tmp_path / "b", 12, 32, 4, library).records == bank.records
        assert sorted(p.name for p in (tmp_path / "b").iterdir()) == [
            "bank.json",
            "captions.jsonl",
            "pictures.npy",
        ]

    def test_goes_on_after_an_interruption(
        self, tmp_path: Path, library: ObjectLibrary, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("core.training.datasets.bank.CHUNK", 4)

        def stop_at_8(done: int, _count: int) -> None:
            if done == 8:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            build_bank(tmp_path / "b", 10, 16, 1, library, report=stop_at_8)
        with pytest.raises(DataError, match="no complete bank"):
            load_bank(tmp_path / "b")
        seen: list[int] = []
        bank = build_bank(
            tmp_path / "b", 10, 16, 1, library, report=lambda done, _: seen.append(done)
        )
        assert seen == [8, 10]
        whole = build_bank(tmp_path / "whole", 10, 16, 1, library, report=lambda *_: None)
        assert (bank.pictures == whole.pictures).all()
        assert bank.records == whole.records

    def test_refuses_another_plan(self, tmp_path: Path, library: ObjectLibrary) -> None:
        build_bank(tmp_path, 2, 16, 1, library, report=lambda *_: None)
        with pytest.raises(DataError, match="another bank"):
            build_bank(tmp_path, 2, 16, 2, library)

    def test_a_scene_depends_on_seed_and_number_alone(self, library: ObjectLibrary) -> None:
        long, short = BankPlan(100, 32, 9, "train"), BankPlan(5, 64, 9, "train")
        assert scene_of(long, 3, library) == scene_of(short, 3, library)


class TestPackages:
    def make(self, folder: Path) -> Package:
        path = folder / "scope-things-1.0.0.tgz"
        with tarfile.open(path, "w:gz") as archive:
            info = tarfile.TarInfo("package/a.txt")
            info.size = 5
            archive.addfile(info, io.BytesIO(b"hello"))
        digest = base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
        return Package("@scope/things", "1.0.0", f"sha512-{digest}")

    def test_uses_the_tarball_in_the_folder(self, tmp_path: Path) -> None:
        path = packages.fetch(self.make(tmp_path), tmp_path)
        assert packages.read_members(path, {"package/a.txt"}) == {"package/a.txt": b"hello"}
        with pytest.raises(DataError, match="lacks package/b"):
            packages.read_members(path, {"package/b.txt"})

    def test_refuses_a_changed_tarball(self, tmp_path: Path) -> None:
        package = self.make(tmp_path)
        with (tmp_path / package.file_name).open("ab") as file:
            file.write(b"x")
        with pytest.raises(DataError, match="as published; delete it"):
            packages.fetch(package, tmp_path)

    def test_names_the_remedy_without_npm(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(DataError, match=r"install npm, or put emojibase-data-17\.0\.0\.tgz"):
            packages.fetch(LABELS, tmp_path)


class TestLibrary:
    def test_trims_to_what_is_visible(self, library: ObjectLibrary) -> None:
        scaled = library.scaled("cat", 50, 50)
        assert scaled[25, 0, 3] > 0.5
        assert scaled[0, 25, 3] > 0.5
        assert (scaled[..., :3] <= scaled[..., 3:] * 255 + 1e-3).all()

    def test_refuses_an_object_without_a_picture(self) -> None:
        with pytest.raises(DataError, match="has no picture"):
            ObjectLibrary({"cat": catalogue()["cat"]}, {})

    def test_refuses_an_invisible_picture(self) -> None:
        with pytest.raises(DataError, match="transparent"):
            ObjectLibrary({"cat": catalogue()["cat"]}, {"cat": np.zeros((4, 4, 4), np.uint8)})
