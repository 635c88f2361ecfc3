"""What counts as a rise: more than weekday, season and volume explain, and than chance allows over all series."""

from typing import Any

import numpy as np
import pytest
from scipy.stats import nbinom, poisson

from cxnlp.insight import rises as module
from cxnlp.insight.rises import DAYS, GROUPS, PAST, Rises, Watch, chance_of, rises


def watch(reports: Any, heard: Any = 100, subjects: int = 1) -> Watch:
    """Everywhere only: ``subjects`` series of these reports a day among these people, over two years and more."""
    past = np.broadcast_to(reports, (subjects, PAST)).astype(np.int64)
    people = np.broadcast_to(heard, (1, PAST)).astype(np.int64)
    rows = np.arange(subjects)
    return Watch(past[:, -DAYS:], people[:, -DAYS:], past, people[0], rows, 0 * rows, 0 * rows)


def found(given: Watch, **wishes: Any) -> Rises:
    return rises(given, **({"false_alarms": 1 / 30, "least_people": 5, "least_rise": 1.5} | wishes))


def steady(mean: float, seed: int = 1, size: Any = PAST) -> Any:
    return np.random.default_rng(seed).poisson(mean, size)


def risen(days: int, times: float = 3, mean: float = 6, seed: int = 1) -> Any:
    return steady(mean * np.where(np.arange(PAST) >= PAST - days, times, 1), seed)


def test_a_tripled_rate_is_found_in_two_nights() -> None:
    assert sum(len(found(watch(risen(2, seed=seed))).series) for seed in range(20)) >= 18


def test_it_says_how_many_were_expected() -> None:
    rise = found(watch(risen(7)))
    assert rise.n[0] == risen(7)[-rise.days[0] :].sum()
    assert rise.expected[0] == pytest.approx(6 * rise.days[0], rel=0.2)
    assert rise.p_value[0] < 1e-6


def test_steady_series_do_not_rise() -> None:
    assert found(watch(steady(6, size=(50, PAST)), subjects=50)).series.tolist() == []


def test_volume_is_no_rise() -> None:
    people = np.where(np.arange(PAST) >= PAST - 3, 400, 100)
    assert found(watch(np.random.default_rng(1).binomial(people, 0.06), people)).series.tolist() == []
    assert found(watch(np.random.default_rng(1).binomial(people, 0.06))).series.tolist() == [0]


def test_a_weekday_is_no_rise() -> None:
    mean = np.where((np.arange(PAST) - PAST + 1) % 7 == 0, 20, 4)  # the night's last day is the busy one
    assert found(watch(steady(mean))).series.tolist() == []
    assert found(watch(steady(np.where(np.arange(PAST) == PAST - 1, 20, 4)))).series.tolist() == [0]


def test_a_season_known_from_other_years_is_no_rise() -> None:
    age = PAST - 1 - np.arange(PAST)
    every_year = steady(np.where(age % 364 < 21, 30, 15))
    only_this = steady(np.where(age < 21, 30, 15))
    assert found(watch(every_year)).series.tolist() == []
    assert found(watch(only_this)).series.tolist() == [0]


def test_a_series_that_is_often_shaken_must_be_shaken_more() -> None:
    chance = np.random.default_rng(2)
    shaken = steady(12 * chance.lognormal(0, 0.7, PAST))
    shaken[-1] = 34
    calm = steady(12)
    calm[-1] = 34
    assert found(watch(shaken)).p_value.min(initial=1) > 1e3 * found(watch(calm)).p_value[0]


def test_small_numbers_and_small_rises_are_none() -> None:
    assert found(watch(risen(2, mean=0.2, times=10))).n.tolist() == []
    assert found(watch(risen(28, times=1.4, mean=60))).series.tolist() == []
    assert found(watch(risen(28, times=1.4, mean=60)), least_rise=1.2).series.tolist() == [0]


def test_nothing_is_known_of_a_company_that_began_last_week() -> None:
    began = np.arange(PAST) >= PAST - 20
    assert found(watch(risen(2) * began, 100 * began)).series.tolist() == []


def test_a_branch_is_judged_by_its_own_rate_once_it_has_one() -> None:
    everywhere = watch(steady(10), 200)
    branch = np.stack([steady(10, size=DAYS), steady(8, seed=3, size=DAYS), steady(1, seed=4, size=DAYS)])
    branch[2, -2:] = 8
    given = Watch(
        branch, np.stack([everywhere.heard[0], np.full(DAYS, 20), np.full(DAYS, 20)]), everywhere.past,
        everywhere.past_heard, np.zeros(3, int), np.arange(3), np.array([0, 3, 3]),
    )  # fmt: skip
    assert found(given).series.tolist() == [2]


def test_the_limit_spends_what_may_be_spent_and_no_more() -> None:
    rarest = np.array([[1e-9, 1e-3, 0.02, 0.3, 0.0]])
    limit = module._limit(rarest, 0.01)
    assert np.minimum(rarest, limit).sum() == pytest.approx(0.01)
    assert module._limit(rarest, 1) == 1


def test_the_chance_is_that_of_a_negative_binomial() -> None:
    n, mean, spread = np.array([4.0]), np.array([2.5]), np.array([0.2])
    assert chance_of(n, mean, spread) == pytest.approx(nbinom.sf(3, 5, 5 / 7.5))
    assert chance_of(n, mean, np.array([1e-9])) == pytest.approx(poisson.sf(3, 2.5), rel=1e-3)


def test_every_group_has_its_share() -> None:
    assert sum(GROUPS.values()) == pytest.approx(1)
