"""How good the tags are: per label, family, channel and source, with intervals from resampling whole documents."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from pipelines.learning.calibration import expected_error
from pipelines.learning.vocabulary import FAMILIES

Floats = npt.NDArray[np.float64]
Document = Mapping[str, Any]

_RESAMPLES: Final = 1000
_LEAST_CASES: Final = 20  # for a label to count in macro-F1
TAGGED: Final = tuple(family for family in FAMILIES if family != "sentiment")


def truth_of(documents: Sequence[Document], keys: Mapping[str, str]) -> dict[str, Floats]:
    """Return the labels as (mentions, labels) of 0 and 1, family by family; sentiment as one column of -2 … 2."""
    mentions = [mention for document in documents for mention in document["mentions"]]
    found = {"sentiment": np.array([[m["sentiment"]] for m in mentions], dtype=float)}
    for family, key in keys.items():
        found[family] = np.array([[label in m[key] for label in FAMILIES[family]] for m in mentions], dtype=float)
    return found


def owners(documents: Sequence[Document]) -> npt.NDArray[np.int64]:
    """Return for each mention the place of its document."""
    return np.repeat(np.arange(len(documents)), [len(document["mentions"]) for document in documents])


def f1(right: Floats, said: Floats, true: Floats) -> Floats:
    """Return F1; 0 where nothing was said and nothing is true."""
    return np.asarray(2 * right / np.maximum(said + true, 1e-9))


def score_tags(
    said: Floats, truth: Floats, owner: npt.NDArray[np.int64], labels: Sequence[str], seed: int = 5
) -> dict[str, Any]:
    """Score one family.

    Returns:
        ``micro_f1``, ``macro_f1`` (labels with at least 20 cases) with 95 % intervals, and ``labels``: precision,
        recall, F1 with interval and the number of cases of each.
    """
    n_documents = int(owner.max()) + 1
    counts = np.zeros((3, n_documents, said.shape[1]))
    for at, values in enumerate((said * truth, said, truth)):
        np.add.at(counts[at], owner, values)
    draws = _draws(n_documents, seed)
    right, spoken, true = counts.sum(1)
    drawn = np.einsum("rd,cdl->crl", draws, counts)
    each = f1(*drawn)
    common = true >= _LEAST_CASES
    micro = f1(right.sum(), spoken.sum(), true.sum())
    found: dict[str, Any] = {
        "micro_f1": _with_interval(micro, f1(*drawn.sum(2))),
        "precision": round(float(right.sum() / max(spoken.sum(), 1)), 4),
        "recall": round(float(right.sum() / max(true.sum(), 1)), 4),
    }
    if common.any():
        found["macro_f1"] = _with_interval(f1(right, spoken, true)[common].mean(), each[:, common].mean(1))
    found["labels"] = {
        label: {
            "n": int(true[at]), "precision": round(float(right[at] / max(spoken[at], 1)), 4),
            "recall": round(float(right[at] / max(true[at], 1)), 4),
            "f1": _with_interval(f1(right[at], spoken[at], true[at]), each[:, at]),
        }
        for at, label in enumerate(labels)
    }  # fmt: skip
    return found


def score_sentiment(said: Floats, truth: Floats, owner: npt.NDArray[np.int64], seed: int = 5) -> dict[str, Any]:
    """Score strengths -2 … 2: accuracy of the sign, of the strength, and kappa with quadratic weights."""
    n_documents = int(owner.max()) + 1
    tables = np.zeros((n_documents, 5, 5))
    np.add.at(tables, (owner, truth.astype(int) + 2, said.astype(int) + 2), 1)
    drawn = np.einsum("rd,dtp->rtp", _draws(n_documents, seed), tables)
    table = tables.sum(0)
    return {
        "sign_accuracy": _with_interval(_sign(table), _sign(drawn)),
        "accuracy": _with_interval(_exact(table), _exact(drawn)),
        "quadratic_kappa": _with_interval(_kappa(table), _kappa(drawn)),
        "n": int(table.sum()),
    }


def calibration_error(shares: Floats, truth: Floats) -> float:
    """Return the expected calibration error over all of a family's labels."""
    return round(expected_error(shares.reshape(-1), truth.reshape(-1)), 4)


def _draws(n_documents: int, seed: int) -> Floats:
    generator = np.random.default_rng(seed)
    return generator.multinomial(n_documents, np.full(n_documents, 1 / n_documents), size=_RESAMPLES).astype(float)


def _with_interval(value: Any, drawn: Floats) -> list[float]:
    low, high = np.percentile(drawn, [2.5, 97.5])
    return [round(float(value), 4), round(float(low), 4), round(float(high), 4)]


def _sign(tables: Floats) -> Floats:
    sides = [slice(0, 2), slice(2, 3), slice(3, 5)]
    agreed = sum(tables[..., side, side].sum((-1, -2)) for side in sides)
    return np.asarray(agreed / tables.sum((-1, -2)))


def _exact(tables: Floats) -> Floats:
    return np.asarray(np.trace(tables, axis1=-2, axis2=-1) / tables.sum((-1, -2)))


def _kappa(tables: Floats) -> Floats:
    gap = (np.arange(5)[:, None] - np.arange(5)) ** 2
    total = tables.sum((-1, -2), keepdims=True)
    chance = tables.sum(-1, keepdims=True) * tables.sum(-2, keepdims=True) / total
    return np.asarray(1 - (gap * tables).sum((-1, -2)) / (gap * chance).sum((-1, -2)))
