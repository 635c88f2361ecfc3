"""Probabilities that mean what they say, and the thresholds between yes, unsure and no: from held-back documents."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from cxnlp.tags.precision import UNSURE_SHARE

Floats = npt.NDArray[np.float64]

LEAST_POSITIVES: Final = 25  # a label with fewer borrows its family's curve
_GRID: Final = np.linspace(0.1, 0.75, 66)
PRECISIONS: Final = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)  # that a user may ask for
_FINE_GRID: Final = np.linspace(0.05, 0.99, 95)
_LEAST_SAID: Final = 5  # mentions above a threshold, for it to be believed
_IMAGINED: Final = 10.0  # mentions that behave as stated, counted beside the real ones
_STEADY: Final = 40  # positives at which a label's own threshold counts as much as its family's


def calibrate(family: str, logits: Floats, truth: Floats) -> dict[str, Any]:
    """Fit one family.

    Args:
        family: its name; sentiment's labels exclude each other, the other families' do not.
        logits: (mentions, labels) of the exported model on documents that it was not trained on.
        truth: the same shape, 0 or 1.

    Returns:
        ``slope``, ``offset``, ``yes`` and ``unsure``: a list each, one number a label; and the ``curve``, one
        entry a label, but for sentiment.
    """
    if family == "sentiment":
        slope, offset = _softmax(logits, truth)
        none = [0.0] * logits.shape[1]
        return {"slope": slope, "offset": offset, "yes": none, "unsure": none}
    shared = _platt(logits.reshape(-1), truth.reshape(-1))
    curves = [
        _platt(logits[:, at], truth[:, at]) if truth[:, at].sum() >= LEAST_POSITIVES else shared
        for at in range(logits.shape[1])
    ]
    slope, offset = np.array(curves).T
    shares = 1 / (1 + np.exp(-(slope * logits + offset)))
    yes = thresholds(shares, truth)
    return {
        "slope": slope.round(5).tolist(), "offset": offset.round(5).tolist(), "yes": yes.round(4).tolist(),
        "unsure": (UNSURE_SHARE * yes).round(4).tolist(), "curve": curve(shares, truth),
    }  # fmt: skip


def thresholds(shares: Floats, truth: Floats) -> Floats:
    """Return for each label the probability from which "yes" gives the best F1, drawn towards its family's."""
    family = _best(shares.reshape(-1), truth.reshape(-1))
    own = np.array([_best(shares[:, at], truth[:, at]) for at in range(shares.shape[1])])
    weight = truth.sum(0) / (truth.sum(0) + _STEADY)
    return np.asarray(weight * own + (1 - weight) * family)


def _best(shares: Floats, truth: Floats) -> float:
    """The threshold in the middle of those that come within 1 % of the best F1."""
    if not truth.any():
        return 0.5
    said = shares[:, None] >= _GRID
    right = (said & (truth[:, None] > 0)).sum(0)
    scores = 2 * right / np.maximum(said.sum(0) + truth.sum(), 1)
    return float(_GRID[scores >= 0.99 * scores.max()].mean())


def _platt(logits: Floats, truth: Floats) -> tuple[float, float]:
    model = LogisticRegression(C=100.0).fit(logits[:, None], truth)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def _softmax(logits: Floats, truth: Floats) -> tuple[list[float], list[float]]:
    """Fit one temperature and an offset a label."""
    n_labels = logits.shape[1]

    def loss(values: Floats) -> float:
        scaled = values[0] * logits + values[1:]
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        logs = scaled - np.log(np.exp(scaled).sum(axis=1, keepdims=True))
        return float(-(truth * logs).sum(1).mean() + 0.01 * (values[1:] ** 2).sum())

    best = minimize(loss, np.concatenate([[1.0], np.zeros(n_labels)]), method="L-BFGS-B").x
    return [round(float(best[0]), 5)] * n_labels, [round(float(value), 5) for value in best[1:]]


def curve(shares: Floats, truth: Floats) -> list[dict[str, Any]]:
    """Say from which probability up each label's "yes" reaches which precision.

    Few cases prove little: the precision above a threshold is counted together with ten imagined mentions that behave
    as the calibrated probabilities say. A threshold that fewer than five mentions reach is not given.

    Args:
        shares: (mentions, labels) calibrated probabilities on documents that nothing was trained on.
        truth: the same shape, 0 or 1.

    Returns:
        For each label ``threshold``, one for each of `PRECISIONS` and None where it was never reached, and ``n``, how
        many mentions are at or above it.
    """
    found = [_reached(shares[:, at], truth[:, at]) for at in range(shares.shape[1])]
    return [{"threshold": [t for t, _ in label], "n": [n for _, n in label]} for label in found]


def _reached(shares: Floats, truth: Floats) -> list[tuple[float | None, int]]:
    """For each of `PRECISIONS` the lowest threshold that reaches it, and the mentions at or above."""
    said = shares[:, None] >= _FINE_GRID
    n = said.sum(0)
    stated = (shares[:, None] * said).sum(0) / np.maximum(n, 1)
    right = (said * truth[:, None]).sum(0)
    precision = np.where(n >= _LEAST_SAID, (right + _IMAGINED * stated) / (n + _IMAGINED), 0.0)
    places = [np.flatnonzero(precision >= wanted) for wanted in PRECISIONS]
    return [(round(float(_FINE_GRID[p[0]]), 4), int(n[p[0]])) if len(p) else (None, 0) for p in places]


def describe(fitted: Mapping[str, Any], labels: tuple[str, ...]) -> dict[str, Any]:
    """Return a family's entry of model.json."""
    entry = {"labels": list(labels), **fitted}
    if "curve" in fitted:
        entry["curve"] = {"precision": list(PRECISIONS), "labels": dict(zip(labels, fitted["curve"], strict=True))}
    return entry
