"""Effects of causes on an outcome: known causes are found, bystanders are not, and people count once."""

import numpy as np
import pytest

from cxnlp.insight.effects import effects

N = 600


def causes(seed: int = 1) -> tuple[np.ndarray, np.random.Generator]:
    """A cause, its bystander (nine times in ten the same), and one by itself."""
    chance = np.random.default_rng(seed)
    cause, alone = (np.where(chance.random(N) < 0.5, chance.choice([-1.0, 1.0], N), np.nan) for _ in range(2))
    bystander = np.where(chance.random(N) < 0.9, cause, np.nan)
    return np.column_stack([cause, bystander, alone]), chance


def test_a_true_cause_is_found_and_its_bystander_is_not() -> None:
    feelings, chance = causes()
    outcome = 50 + 10 * np.nan_to_num(feelings[:, 0]) - 4 * np.nan_to_num(feelings[:, 2]) + chance.normal(0, 8, N)
    found = effects(outcome, feelings, person=np.arange(N), kind=np.zeros(3, dtype=int))
    assert found.is_driver.tolist() == [True, False, True]
    for true, low, high in zip((10, 0, -4), found.effect.low, found.effect.high, strict=True):
        assert low <= true <= high
    assert abs(np.corrcoef(np.nan_to_num(feelings[:, 1]), outcome)[0, 1]) > 0.5  # by itself it would look like one


def test_shares_add_up_to_what_all_causes_explain_together() -> None:
    feelings, chance = causes()
    outcome = 10 * np.nan_to_num(feelings[:, 0]) + chance.normal(0, 8, N)
    found = effects(outcome, feelings, person=np.arange(N), kind=np.zeros(3, dtype=int))
    design = np.column_stack([np.ones(N), np.nan_to_num(feelings)])
    left = outcome - design @ np.linalg.lstsq(design, outcome, rcond=None)[0]
    assert found.explained_share.value.sum() == pytest.approx(1 - left.var() / outcome.var(), abs=0.005)


def test_impact_is_the_points_gained_if_the_cause_were_felt_as_others_are() -> None:
    good, bad, silent = 1.0, -1.0, np.nan
    # Half of the documents speak of each cause: the first is felt at 0.0 on average, the second at 0.5; average 0.25.
    feelings = np.tile(
        [[good, good], [bad, good], [silent, good], [silent, bad], [bad, silent], [good, silent]], (100, 1)
    )
    outcome = 20 * np.nan_to_num(feelings[:, 0]) + np.random.default_rng(0).normal(0, 0.01, len(feelings))
    found = effects(outcome, feelings, person=np.arange(len(feelings)), kind=np.zeros(2, dtype=int))
    assert found.impact.value[0] == pytest.approx(20 * 4 / 6 * (0.25 - 0.0), rel=0.01)
    assert found.impact.value[1] == pytest.approx(0, abs=0.01)


def test_one_person_who_writes_often_proves_little() -> None:
    feelings, chance = causes()
    mood = chance.normal(0, 20, 30)
    person = np.arange(N) % 30
    feelings[:, 2] = np.sign(chance.normal(0, 1, 30))[person]  # each person always feels the same about it
    outcome = mood[person] + chance.normal(0, 1, N)
    apart, together = (
        effects(outcome, feelings, person=who, kind=np.zeros(3, dtype=int)).effect for who in (np.arange(N), person)
    )
    assert (together.high - together.low)[2] > 3 * (apart.high - apart.low)[2]


def test_what_is_held_equal_moves_nothing() -> None:
    feelings, chance = causes()
    long = chance.integers(0, 2, N).astype(float)
    feelings[:, 2] = np.where(long > 0, 1.0, np.nan)
    outcome = 30 * long + chance.normal(0, 5, N)
    feelings[:40, 2] = np.nan
    found = effects(outcome, feelings, person=np.arange(N), kind=np.zeros(3, dtype=int), controls=long[:, None])
    assert abs(found.effect.value[2]) < 4


def test_the_same_data_give_the_same_numbers() -> None:
    feelings, chance = causes()
    outcome = chance.normal(0, 1, N)
    twice = [effects(outcome, feelings, person=np.arange(N), kind=np.zeros(3, dtype=int)) for _ in range(2)]
    assert twice[0].effect.low.tolist() == twice[1].effect.low.tolist()
    assert not twice[0].is_driver.any()
