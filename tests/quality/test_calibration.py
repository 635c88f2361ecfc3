"""Probabilities that mean what they say, thresholds, and the curve that a wished precision is read from."""

import numpy as np
import pytest

from cxnlp.quality.calibration import PRECISIONS, calibrate, curve, thresholds
from cxnlp.quality.reliability import expected_error, table


def test_calibration_makes_shares_true() -> None:
    generator = np.random.default_rng(0)
    logits = generator.normal(-2, 2, size=(6000, 3))
    truth = (generator.random((6000, 3)) < 1 / (1 + np.exp(-(0.5 * logits - 1)))).astype(float)
    fitted = calibrate("signal", logits, truth)
    shares = 1 / (1 + np.exp(-(np.array(fitted["slope"]) * logits + np.array(fitted["offset"]))))
    assert expected_error(1 / (1 + np.exp(-logits)).reshape(-1), truth.reshape(-1)) > 0.05
    assert expected_error(shares.reshape(-1), truth.reshape(-1)) < 0.02
    assert all(unsure < yes for unsure, yes in zip(fitted["unsure"], fitted["yes"], strict=True))
    assert fitted["curve"] == curve(shares, truth)


def test_a_label_with_few_cases_borrows_its_familys_threshold() -> None:
    generator = np.random.default_rng(1)
    shares = generator.random((4000, 2))
    truth = np.stack([generator.random(4000) < shares[:, 0], np.arange(4000) < 2], axis=1).astype(float)
    common, rare = thresholds(shares, truth)
    assert abs(common - rare) < 0.15


def test_the_reliability_table_counts_every_case_once() -> None:
    shares = np.array([0.02, 0.03, 0.5, 0.52, 1.0])
    truth = np.array([0, 1, 0, 1, 1.0])
    rows = table(shares, truth, n_bins=2)
    assert [row["n"] for row in rows] == [2, 3]
    assert rows[0] == {"low": 0.0, "high": 0.5, "n": 2, "stated": 0.025, "observed": 0.5}
    assert rows[1]["observed"] == pytest.approx(2 / 3, abs=1e-4)


def drawn(n: int, power: float) -> tuple[np.ndarray, np.ndarray]:
    """Calibrated probabilities of one label, the higher ``power`` the fewer are sure; and what is true."""
    generator = np.random.default_rng(3)
    shares = generator.random((n, 1)) ** power
    return shares, (generator.random((n, 1)) < shares).astype(float)


def test_the_curve_reaches_what_it_says_on_other_documents() -> None:
    found = curve(*drawn(6000, 3))
    generator = np.random.default_rng(9)
    shares = generator.random(20_000) ** 3
    truth = generator.random(20_000) < shares
    reached = [t for t in found[0]["threshold"] if t is not None]
    assert reached == sorted(reached)
    for wanted, threshold in zip(PRECISIONS, found[0]["threshold"], strict=True):
        if threshold is not None:
            assert truth[shares >= threshold].mean() == pytest.approx(wanted, abs=0.05) or threshold == reached[0]


def test_what_was_never_reached_has_no_threshold() -> None:
    generator = np.random.default_rng(4)
    shares = 0.6 * generator.random((3000, 1))
    truth = (generator.random((3000, 1)) < shares).astype(float)
    found = curve(shares, truth)[0]["threshold"]
    assert found[0] is not None
    assert found[PRECISIONS.index(0.8)] is None


def test_a_handful_of_cases_proves_no_high_precision() -> None:
    shares = np.concatenate([np.full(6, 0.6), np.full(500, 0.01)])[:, None]
    truth = np.concatenate([np.ones(6), np.zeros(500)])[:, None]
    found = dict(zip(PRECISIONS, curve(shares, truth)[0]["threshold"], strict=True))
    assert found[0.7] is not None  # six of six right, but calibration said six in ten
    assert found[0.9] is None
