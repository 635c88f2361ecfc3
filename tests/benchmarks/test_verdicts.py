"""What is promised of verdicts holds on simulated fixes: docs/effects.md has the figures of many more."""

import numpy as np
import pytest

from benchmarks.verdicts import HERE, HERE_BETTER, WORLDS, World, false_table, found_table, told


@pytest.mark.parametrize("world", ["as above", "every rate falls by 40 % that day", "no controls"])
def test_a_fix_that_does_nothing_is_seldom_said_to_have_worked(world: str) -> None:
    found = told(np.random.default_rng(1), 100, 100, WORLDS[world])
    assert found["verified"]["26"] <= 0.05
    assert found["held"] >= 0.95


def test_a_halved_problem_is_found_within_three_weeks_at_100_mentions_a_week() -> None:
    found = told(np.random.default_rng(1), 100, 100, World(effect=0.5))
    assert found["verified"]["3"] >= 0.8
    assert found["harmful"]["26"] == 0


@pytest.mark.parametrize("world", [name for name in WORLDS if "then ended by itself" in name and "twenty" not in name])
def test_an_outbreak_that_ended_by_itself_is_no_success(world: str) -> None:
    found = told(np.random.default_rng(1), 60, 100, WORLDS[world])
    assert found["verified"]["26"] <= 0.05
    assert found["unclear"] > 0.8


@pytest.mark.parametrize(
    "world", ["the item falls by 40 % everywhere that day", "every rate falls by 40 % there that day"]
)
def test_in_one_place_it_is_held_beside_the_others_and_beside_what_else_is_said_there(world: str) -> None:
    assert told(np.random.default_rng(1), 60, 100, HERE[world], is_here=True)["verified"]["26"] <= 0.05


def test_what_was_mended_in_one_place_is_found_though_it_was_an_outbreak() -> None:
    mended = HERE_BETTER["doubled everywhere for four weeks, mended there"]
    assert told(np.random.default_rng(1), 60, 100, mended, is_here=True)["verified"]["6"] > 0.5


def test_the_tables() -> None:
    rows = {"halved": {"100": told(np.random.default_rng(1), 10, 100, World(effect=0.5))}}
    assert found_table(rows, "verified").splitlines()[2].startswith("| halved | 100 | ")
    assert false_table(rows).splitlines()[2].startswith("| halved | 1.000 / 0.000 / 0.000")
