"""The experiment on coverage can tell good intervals from bad ones."""

import numpy as np
import pytest

from benchmarks.counts import coverage

N_KNOWN, N_TESTED, N_LABELS = 600, 800, 8
NAMES = [f"label {number}" for number in range(N_LABELS)]


def documents(found: float, alarms_known: float, alarms_tested: float) -> tuple[np.ndarray, np.ndarray]:
    """What an invented model says of invented documents; it may be worse where it is tested."""
    chance = np.random.default_rng(2)
    true = chance.random((N_KNOWN + N_TESTED, N_LABELS)) < 0.2
    alarms = np.repeat([alarms_known, alarms_tested], [N_KNOWN, N_TESTED])[:, None]
    return chance.random(true.shape) < np.where(true, found, alarms), true


@pytest.mark.parametrize(
    ("alarms_tested", "adjusted_holds"),
    [
        pytest.param(0.08, True, id="it errs as it did where it was measured"),
        pytest.param(0.25, False, id="it errs more: the adjusted count cannot know, the labelled slice does"),
    ],
)
def test_coverage(alarms_tested: float, adjusted_holds: bool) -> None:
    said, true = documents(0.6, 0.08, alarms_tested)
    found = coverage(said, true, N_KNOWN, NAMES, weeks=40, seed=1, repartition=False)["all"]
    assert found["raw"]["coverage"] < 0.8
    assert (found["adjusted"]["coverage"] > 0.9) is adjusted_holds
    assert found["powered"]["coverage"] > 0.9
    assert abs(found["powered"]["bias"]) < 0.02 < found["adjusted"]["width"] < 0.4


def test_rare_labels_are_left_out() -> None:
    said, true = documents(0.6, 0.08, 0.08)
    true[50:, 0] = False
    found = coverage(said, true, N_KNOWN, NAMES, weeks=1, seed=1, repartition=True)
    assert list(found["labels"]) == NAMES[1:]
