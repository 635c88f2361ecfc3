"""A change of a rate is split exactly, and as it was made."""

from typing import Any

import numpy as np
import pytest

from cxnlp.insight.splitting import Parts, split


def parts(before: list[tuple[int, int]], after: list[tuple[int, int]], *levels: list[int]) -> Parts:
    """Split a change; a cell is (n, n_yes), a level the group of each cell; each cell its own when there is none."""
    both = np.array([before, after], dtype=float)
    groups = levels or (list(range(len(before))),)
    return split(both[None, :, :, 0], both[None, :, :, 1], [np.array(level) for level in groups])


def total(values: Any) -> float:
    return float(values.sum())


def test_nothing_but_mix() -> None:
    found = parts([(100, 10), (100, 50)], [(50, 5), (150, 75)])
    assert total(found.mix[0]) == pytest.approx(0.4 - 0.3)
    assert found.rate.ravel().tolist() == [0, 0]


def test_nothing_but_rate() -> None:
    found = parts([(100, 10), (300, 60)], [(50, 10), (150, 30)])
    assert total(found.mix[0]) == 0
    assert found.rate.ravel().tolist() == pytest.approx([0.25 * 0.1, 0])


def test_both_as_kitagawa_has_it() -> None:
    """Shares 0.5, 0.5 → 0.2, 0.8 and rates 0.1, 0.3 → 0.2, 0.4."""
    found = parts([(100, 10), (100, 30)], [(40, 8), (160, 64)])
    assert total(found.rate) == pytest.approx(0.35 * 0.1 + 0.65 * 0.1)
    assert total(found.mix[0]) == pytest.approx(-0.3 * 0.15 + 0.3 * 0.35)


def test_more_of_what_is_average_is_no_mix() -> None:
    found = parts([(100, 10), (100, 30), (100, 20)], [(100, 10), (100, 30), (400, 80)])
    assert found.mix[0].ravel()[2] == pytest.approx(0, abs=1e-12)


def test_a_place_that_came_or_went_is_mix_alone() -> None:
    found = parts([(100, 10), (0, 0)], [(100, 10), (100, 50)])
    assert found.rate.ravel().tolist() == [0, 0]
    assert total(found.mix[0]) == pytest.approx(0.2)


def test_levels_tell_who_moved() -> None:
    """Within the second channel one source goes from half to nearly all; channels keep their shares."""
    channels, sources = [0, 1, 1], [0, 1, 2]
    found = parts([(100, 10), (50, 5), (50, 25)], [(100, 10), (10, 1), (90, 45)], channels, sources)
    assert found.mix[0].ravel().tolist() == pytest.approx([0, 0])
    assert total(found.mix[1]) == pytest.approx(found.total[0])
    assert total(found.rate) == 0


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_left_over(seed: int) -> None:
    chance = np.random.default_rng(seed)
    n = chance.poisson(3, (7, 2, 12)).astype(float)  # some cells and groups are empty
    n_yes = chance.binomial(n.astype(int), 0.3).astype(float)
    levels = [np.repeat([0, 1, 2], 4), np.repeat(np.arange(6), 2), np.arange(12)]
    rates = n_yes.sum(axis=2) / n.sum(axis=2)
    assert split(n, n_yes, levels).total == pytest.approx(rates[:, 1] - rates[:, 0])
