"""Do probabilities mean what they say? Stated against observed shares, and what is gained by keeping only the sure."""

from typing import Any, Final

import numpy as np

from cxnlp.quality.observing import Observed
from cxnlp.quality.scoring import TAGGED, Floats, share

N_BINS: Final = 15
#: Probabilities from which on a decision is kept, in `coverage`.
KEPT_FROM: Final = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


def expected_error(shares: Floats, truth: Floats, n_bins: int = N_BINS) -> float:
    """Return the expected calibration error: the mean gap between stated and observed share, weighted by bin size."""
    bins = np.minimum((shares * n_bins).astype(int), n_bins - 1)
    gaps = np.bincount(bins, weights=truth - shares, minlength=n_bins)
    return float(np.abs(gaps).sum() / max(1, len(shares)))


def table(shares: Floats, truth: Floats, n_bins: int = N_BINS) -> list[dict[str, Any]]:
    """Return for each non-empty bin ``low``, ``high``, ``n``, the mean ``stated`` and the ``observed`` share."""
    bins = np.minimum((shares * n_bins).astype(int), n_bins - 1)
    n, stated, true = (
        np.bincount(bins, weights=weights, minlength=n_bins) for weights in (np.ones(len(shares)), shares, truth)
    )
    return [
        {
            "low": round(at / n_bins, 4), "high": round((at + 1) / n_bins, 4), "n": int(n[at]),
            "stated": round(stated[at] / n[at], 4), "observed": round(true[at] / n[at], 4),
        }
        for at in np.flatnonzero(n).tolist()
    ]  # fmt: skip


def calibration(observed: Observed) -> dict[str, Any]:
    """Return for each family the expected calibration error, twice, and the reliability table.

    ``error`` is over all labels of all mentions, most of which are plainly absent; ``error_where_said`` over the
    decisions that are shown, yes and unsure (sentiment: over each mention's likeliest strength), which is harder.
    """
    found = {}
    for family, (shares, truth, said) in _cells(observed).items():
        found[family] = {
            "error": round(expected_error(shares, truth), 4),
            "error_where_said": round(expected_error(shares[said], truth[said]), 4),
            "n": len(shares), "n_said": int(said.sum()), "bins": table(shares, truth),
        }  # fmt: skip
    return found


def _cells(observed: Observed) -> dict[str, tuple[Floats, Floats, Any]]:
    """For each family: probability, truth, and whether something was said, of each mention and label."""
    found = {}
    for family, shares in observed.shares.items():
        if family == "sentiment":
            truth = np.eye(5)[(observed.truth[family][:, 0] + 2).astype(int)]
            said = np.eye(5, dtype=bool)[shares.argmax(1)]
        else:
            truth = observed.truth[family]
            said = (observed.model[family] + observed.unsure[family]) > 0
        found[family] = (shares.reshape(-1), truth.reshape(-1), said.reshape(-1))
    return found


def coverage(observed: Observed) -> dict[str, list[dict[str, Any]]]:
    """Say what is gained by keeping only decisions from a probability up.

    Returns:
        For each family, threshold by threshold: ``kept`` (share of the model's decisions, yes and unsure; of the
        mentions for sentiment), ``n`` kept, and how often the kept are right: ``precision``, with ``recall`` of all
        that is there; for sentiment ``sign_accuracy`` and ``accuracy``.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for family in TAGGED:
        if family in observed.shares:
            found[family] = [_kept_tags(observed, family, threshold) for threshold in KEPT_FROM]
    found["sentiment"] = [_kept_sentiment(observed, threshold) for threshold in KEPT_FROM]
    return found


def _kept_tags(observed: Observed, family: str, threshold: float) -> dict[str, Any]:
    shares, truth = observed.shares[family], observed.truth[family]
    decided = (observed.model[family] + observed.unsure[family]) > 0
    kept = decided & (shares >= threshold)
    right = float((kept * truth).sum())
    return {
        "threshold": threshold, "n": int(kept.sum()), "kept": _rounded(kept.sum(), decided.sum()),
        "precision": _rounded(right, kept.sum()), "recall": _rounded(right, truth.sum()),
    }  # fmt: skip


def _kept_sentiment(observed: Observed, threshold: float) -> dict[str, Any]:
    kept = observed.shares["sentiment"].max(1) >= threshold
    said, truth = (values["sentiment"][kept, 0] for values in (observed.said, observed.truth))
    return {
        "threshold": threshold, "n": int(kept.sum()), "kept": _rounded(kept.sum(), len(kept)),
        "sign_accuracy": _rounded((np.sign(said) == np.sign(truth)).sum(), kept.sum()),
        "accuracy": _rounded((said == truth).sum(), kept.sum()),
    }  # fmt: skip


def decisions(observed: Observed) -> dict[str, Any]:
    """Return for each family how many labels the model is sure and unsure of, and how often each is right."""
    found = {}
    for family in TAGGED:
        truth = observed.truth[family]
        row: dict[str, Any] = {}
        for decision, values in (("yes", observed.model[family]), ("unsure", observed.unsure[family])):
            row[decision] = {"n": int(values.sum()), "right": _rounded((values * truth).sum(), values.sum())}
        found[family] = row
    return found


def _rounded(part: Any, whole: Any) -> float:
    return round(float(share(part, whole)), 4)
