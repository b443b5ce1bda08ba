"""Fills with known answers: the cases, their figures, and the ways on tiny models."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from core.evaluation.fill_figures import measure, seam
from core.evaluation.fills import MEMBER, OURS, PIPELINE_PASTED, Filled, means, page, sheet, ways
from core.evaluation.known_fills import KINDS, FillKind, KnownFill, known_fill
from core.models.stable_diffusion import StableDiffusion, load
from core.training.datasets.objects import ObjectLibrary
from tests.drawn_objects import drawn_objects
from tests.tiny_model import write_tiny_model

SIDE = 128


class Far:
    """A tower that finds every two pictures 1 apart."""

    def distance(self, first: object, second: object) -> float:
        return 1.0


TOWER: Any = Far()


@pytest.fixture(scope="module")
def objects() -> ObjectLibrary:
    return drawn_objects()


@pytest.fixture(scope="module")
def cases(objects: ObjectLibrary) -> list[KnownFill]:
    return [known_fill(0, index, objects, SIDE) for index in range(6)]


def test_outside_the_mask_the_answer_is_the_picture(cases: list[KnownFill]) -> None:
    for case in cases:
        apart = np.abs(case.picture.astype(int) - case.answer).max(axis=2)
        assert apart[~case.inside].max() <= 2
        assert apart[case.inside].max() > 20
        assert 0.005 < case.inside.mean() < 0.6
    assert [case.kind for case in cases] == [*KINDS, *KINDS]


def test_a_case_depends_on_its_number_alone(objects: ObjectLibrary, cases: list[KnownFill]) -> None:
    again = known_fill(0, 4, objects, SIDE)
    assert np.array_equal(again.picture, cases[4].picture)
    assert np.array_equal(again.mask, cases[4].mask)
    assert not np.array_equal(known_fill(1, 4, objects, SIDE).picture, again.picture)


def test_figures_are_0_for_the_answer_and_know_an_offset(cases: list[KnownFill]) -> None:
    case = cases[1]
    found = measure(case, case.answer, TOWER)
    assert (found.distance, found.seam, found.tower) == (0, 0, 1000)
    assert found.shift == 0
    lighter = np.where(case.inside[..., None], case.answer.astype(int) + 5, case.answer)
    lighter = lighter.clip(0, 255).astype(np.uint8)
    found = measure(case, lighter, TOWER)
    assert found.distance == pytest.approx(5, abs=1.5)
    assert found.seam == pytest.approx(5, abs=1.5)
    everywhere = (case.answer.astype(int) + 5).clip(0, 255).astype(np.uint8)
    assert seam(case, everywhere) < 2
    assert measure(case, everywhere, TOWER).shift > 3


def test_half_of_what_goes_was_never_seen_and_never_named(objects: ObjectLibrary) -> None:
    names = [spec.name_en for spec in objects.specs.values() if spec.unseen]
    found = [known_fill(0, index, objects, 64) for index in range(24)]
    assert not any(name in case.prompt for case in found for name in names)
    grounds = [case for case in found if case.kind is FillKind.GROUND]
    bare = [" and " not in case.prompt and " on a" not in case.prompt for case in grounds]
    assert not any(bare[::2])
    assert sum(bare[1::2]) == len(bare) // 2


def test_all_ways_run_and_only_the_mask_is_theirs(
    tiny_model: StableDiffusion, cases: list[KnownFill], tmp_path: Path
) -> None:
    folder = write_tiny_model(tmp_path / "tiny-inpaint", beside=5)
    member = load(folder, torch.device("cpu"), torch.float32)
    channels = tiny_model.unet.config.in_channels
    found = []
    for name, fill in ways(tiny_model, 2, 1.0, member).items():
        picture = fill(cases[0], 3)
        assert picture.shape == cases[0].picture.shape
        if name in (OURS, MEMBER, PIPELINE_PASTED):
            kept = np.abs(picture.astype(int) - cases[0].picture)[~cases[0].inside]
            assert (kept > 0).mean() < 0.1
        found.append(Filled(cases[0], name, picture, measure(cases[0], picture, TOWER)))
    assert tiny_model.unet.config.in_channels == channels
    assert means(found, OURS) == means(found, OURS, FillKind.REMOVE)
    assert page(found, 2, 1.0, 3).count("| all |") == 5
    assert sheet(found, 1).shape[2] == 3
