"""What is promised of verdicts holds on simulated fixes: docs/effects.md has the figures of many more."""

import numpy as np
import pytest

from benchmarks.verdicts import WORLDS, World, doubts, false_table, found_table, told


@pytest.mark.parametrize("world", ["as above", "every rate falls by 40 % that day", "no controls"])
def test_a_fix_that_does_nothing_is_seldom_said_to_have_worked(world: str) -> None:
    found = told(np.random.default_rng(1), 100, 100, WORLDS[world])
    assert found["verified"]["26"] <= 0.05
    assert found["held"] >= 0.95


def test_a_halved_problem_is_found_within_three_weeks_at_100_mentions_a_week() -> None:
    found = told(np.random.default_rng(1), 100, 100, World(effect=0.5))
    assert found["verified"]["3"] >= 0.8
    assert found["harmful"]["26"] == 0


def test_an_outbreak_that_ended_by_itself_looks_like_a_fix_but_the_note_tells() -> None:
    outbreak = next(world for world in WORLDS.values() if world.outbreak_times > 1)
    found = told(np.random.default_rng(1), 100, 100, outbreak)
    assert found["verified"]["26"] > 0.5
    assert found["doubted"] >= found["verified"]["26"] - 0.02


def test_the_tables() -> None:
    rows = {"halved": {"100": told(np.random.default_rng(1), 10, 100, World(effect=0.5))}}
    assert found_table(rows, "verified").splitlines()[2].startswith("| halved | 100 | ")
    assert false_table(rows).splitlines()[2].startswith("| halved | 1.000 / 0.000")
    assert doubts(rows) == "halved: 0.000 at 100"
