"""Auto's choice: on the Pareto front by construction, and as agreeing as a plain swap."""

import numpy as np
import pytest

from core.evaluation.choosing import choose_mix, pareto_front

KINDS = ["a", "b", "b", "c", "a", "c", "b", "a"]


def mix_means(kept, agreement, mix):
    columns = range(len(KINDS))
    rows = [mix.best[kind] for kind in KINDS]
    return np.nanmean(kept[rows, columns]), agreement[rows, columns].mean()


@pytest.mark.parametrize("seed", range(30))
def test_no_single_candidate_beats_the_mix(seed):
    rng = np.random.default_rng(seed)
    kept, agreement = rng.normal(25, 5, (6, 8)), rng.normal(0.3, 0.1, (6, 8))
    kept[:, 3] = np.nan
    mix = choose_mix(kept, agreement, KINDS, plain=2)
    mine = mix_means(kept, agreement, mix)
    for a, b in zip(np.nanmean(kept, axis=1), agreement.mean(axis=1), strict=True):
        assert a <= mine[0] + 1e-9 or b <= mine[1] + 1e-9
    assert mine[1] >= agreement[2].mean() - 1e-12


def test_each_kind_gets_its_own_best():
    kept = np.array([[30.0, 20.0], [20.0, 30.0], [24.0, 24.0]])
    agreement = np.array([[0.3, 0.1], [0.1, 0.3], [0.2, 0.2]])
    mix = choose_mix(kept, agreement, ["first", "second"], plain=2)
    assert mix.best == {"first": 0, "second": 1}


def test_doing_nothing_is_not_chosen_where_a_plain_swap_does_something():
    kept = np.array([[50.0, 50.0], [20.0, 20.0], [28.0, 28.0]])
    agreement = np.array([[0.1, 0.1], [0.3, 0.3], [0.31, 0.31]])
    mix = choose_mix(kept, agreement, ["a", "a"], plain=1)
    assert mix.best == {"a": 2}
    assert mix.any == 2


def test_equal_candidates_are_no_division_by_zero():
    mix = choose_mix(np.full((2, 2), 20.0), np.full((2, 2), 0.3), ["a", "b"], plain=0)
    assert mix.best == {"a": 0, "b": 0}


def test_the_front():
    kept, agreement = [10, 20, 30, 15, 20], [0.5, 0.4, 0.1, 0.3, 0.4]
    assert pareto_front(kept, agreement) == [0, 1, 2, 4]
    assert pareto_front([1], [1]) == [0]
