"""The intervals of items' corrected customers hold what they should."""

import numpy as np

from benchmarks.crowns import Case, simulate


def test_the_interval_holds_the_expected_number_about_as_often_as_it_says() -> None:
    case = Case(300, 0.2, 0.3, 0.7, 0.95)
    held = [row[0] for row in simulate(case, 80, np.random.default_rng(2))]
    assert 0.85 <= np.mean(held) <= 1
    sure = case._replace(sensitivity=1.0, specificity=1.0)
    assert abs(np.mean([row[3] for row in simulate(sure, 80, np.random.default_rng(2))])) < 2
