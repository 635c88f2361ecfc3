"""What daily counts tell about a change: nothing that a weekday or a wandering level explains."""

from typing import Any

import numpy as np
import pytest

from cxnlp.insight.verdicts_decisions import NEVER, Decisions, Series, interval
from cxnlp.insight.verdicts_evidence import Noise, evidence, noise, reach

DAYS, CHANGED = 150, 100
STILL = Noise(np.array(1.0), np.array(0.0))


def said(n: Any, usual: Noise = STILL, effect: float = 1.0) -> Any:
    others = np.full(DAYS, 100.0)
    found = evidence(np.broadcast_to(n, DAYS) * 1.0, others, changed=CHANGED, noise=usual, log_effect=np.log(effect))
    return found, reach(found)


def changed(before: float, after: float) -> Any:
    return np.where(np.arange(DAYS) > CHANGED, after, before)


def test_what_goes_on_as_before_says_nothing() -> None:
    assert np.abs(said(20)[1]).max() < 0.01


def test_a_change_speaks_against_no_effect_and_for_its_own() -> None:
    assert said(changed(20, 10))[1][-1] < -1
    assert said(changed(20, 30))[1][-1] > 1
    assert abs(said(changed(20, 10), effect=0.5)[1][-1]) < 0.1
    assert said(changed(20, 10), effect=0.2)[1][-1] > 1


def test_the_first_days_of_a_week_are_held_beside_the_same_weekdays() -> None:
    week = np.where(np.arange(DAYS) % 7 < 3, 30.0, 5.0)
    assert np.abs(said(week)[1]).max() < 0.3
    monday = np.where(np.arange(DAYS) > CHANGED, 30.0, week)  # every day is as busy as the first three
    assert said(monday)[1][-1] > 1


def test_the_day_of_the_change_counts_on_neither_side() -> None:
    one_day = np.where(np.arange(DAYS) == CHANGED, 500.0, 20.0)
    assert said(one_day)[0].score.tolist() == said(20)[0].score.tolist()
    assert len(said(20)[1]) == DAYS - CHANGED - 1


def test_where_the_level_wanders_later_days_tell_little() -> None:
    wandering = Noise(np.array(1.0), np.array(0.01))
    still, moved = said(20)[0].information, said(20, wandering)[0].information
    assert moved[-1] < 0.3 * still[-1]
    assert moved[-1] - moved[-20] < 0.1 * (still[-1] - still[-20])


def test_days_without_a_report_tell_nothing() -> None:
    silent = np.zeros(DAYS)
    found = evidence(silent, silent, changed=CHANGED, noise=STILL, log_effect=0.0)
    assert (found.score[-1], found.information[-1]) == (0, 0)


def test_noise_is_learnt_from_the_weeks_before() -> None:
    chance, day = np.random.default_rng(1), np.arange(210)
    others = chance.poisson(200, 210) * 1.0
    calm = noise(chance.poisson(30, 210) * 1.0, others)
    moved = noise(chance.poisson(30 * np.exp(np.sin(day / 12))) * 1.0, others)
    shaken = noise(chance.poisson(30 * chance.lognormal(0, 0.8, 210)) * 1.0, others)
    assert 3 * calm.dispersion < shaken.dispersion
    assert 20 * calm.drift < moved.drift


def test_little_is_known_of_little() -> None:
    few = noise(np.array([1.0] * 14), np.array([3.0] * 14))
    many = noise(np.full(210, 30.0), np.full(210, 200.0))
    assert few.dispersion > 2 * many.dispersion
    assert few.drift > 5 * many.drift


def test_the_bound_is_that_of_robbins() -> None:
    found, share = said(changed(20, 15))
    known, precision = found.information[-1], 4
    bound = (known + precision) * np.log((known + precision) / (precision * 0.05**2))
    assert share[-1] == pytest.approx(found.score[-1] / np.sqrt(bound))


@pytest.mark.parametrize(
    ("verified", "harmful", "without", "fell", "says"),
    [
        (10, NEVER, 28, 10, "verified"),
        (40, NEVER, 28, 40, "without"),  # a decision stays
        (NEVER, 9, 28, NEVER, "harmful"),
        (NEVER, 60, 28, NEVER, "harmful"),  # what has not worked may turn out to be harmful
        (10, 60, 28, 10, "verified"),
        (NEVER, NEVER, 182, NEVER, "without"),
        (NEVER, NEVER, NEVER, 20, "unclear"),
        (NEVER, NEVER, 182, 20, "unclear"),  # time alone does not say that what fell has not worked
        (NEVER, NEVER, 60, 20, "without"),
        (80, NEVER, NEVER, 20, "verified"),
    ],
)
def test_a_decision_stays(verified: int, harmful: int, without: int, fell: int, says: str) -> None:
    found = Decisions(*map(np.array, (verified, harmful, without, fell)))
    told = {"verified": found.is_verified, "harmful": found.is_harmful, "unclear": found.is_unclear}
    assert [name for name, is_so in told.items() if is_so] == ([] if says == "without" else [says])


def test_the_interval_is_the_widest_of_all_sets_of_controls() -> None:
    steady, fallen = np.full(DAYS, 60.0), changed(60, 40)
    together = interval([Series(changed(40, 20) * 1.0, np.stack([steady, fallen]))], changed=CHANGED)
    alone = [interval([Series(changed(40, 20) * 1.0, one[None])], changed=CHANGED) for one in (steady, fallen)]
    assert together[1] < alone[0][0] < together[0] < alone[1][0] < together[2]
