"""How good the tags are: per label, family, channel and source, with intervals from resampling whole documents."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from cxnlp.quality.labelled import KEYS, Document, Labels

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

RESAMPLES: Final = 1000
LEAST_CASES: Final = 20  # for a label to count in macro-F1
TAGGED: Final = tuple(KEYS)  # the families of which a mention has any number of labels: all but sentiment


def truth_of(documents: Sequence[Document], labels: Labels) -> dict[str, Floats]:
    """Return the labels as (mentions, labels) of 0 and 1, family by family; sentiment as one column of -2 … 2."""
    return truth_of_mentions([mention for document in documents for mention in document["mentions"]], labels)


def truth_of_mentions(mentions: Sequence[Mapping[str, Any]], labels: Labels) -> dict[str, Floats]:
    """Return the same of mentions, or of one person's annotations of them."""
    found = {"sentiment": np.array([[m["sentiment"]] for m in mentions], dtype=float).reshape(-1, 1)}
    for family, key in KEYS.items():
        rows = [[label in m[key] for label in labels[family]] for m in mentions]
        found[family] = np.array(rows, dtype=float).reshape(len(mentions), len(labels[family]))
    return found


def owners(documents: Sequence[Document]) -> Ints:
    """Return for each mention the place of its document."""
    return np.repeat(np.arange(len(documents)), [len(document["mentions"]) for document in documents])


def draws(n_documents: int, resamples: int = RESAMPLES, seed: int = 5) -> Floats:
    """Return how often each document is drawn in each of the bootstrap's samples (resamples, documents)."""
    generator = np.random.default_rng(seed)
    return generator.multinomial(n_documents, np.full(n_documents, 1 / n_documents), size=resamples).astype(float)


def with_interval(value: Any, drawn: Floats) -> list[float]:
    """Return value, 2.5 % and 97.5 % point of what the resamples gave, to four decimals."""
    low, high = np.percentile(drawn, [2.5, 97.5])
    return [round(float(value), 4), round(float(low), 4), round(float(high), 4)]


def f1(right: Floats, said: Floats, true: Floats) -> Floats:
    """Return F1; 0 where nothing was said and nothing is true."""
    return np.asarray(2 * right / np.maximum(said + true, 1e-9))


def share(part: Any, whole: Any) -> Floats:
    """Return the share; 0 of nothing."""
    return np.asarray(part / np.maximum(whole, 1e-9))


def score_tags(
    said: Floats, truth: Floats, owner: Ints, labels: Sequence[str], resamples: int = RESAMPLES
) -> dict[str, Any]:
    """Score one family.

    Args:
        said: (mentions, labels) of 0 and 1.
        truth: the same shape.
        owner: of `owners`.
        labels: the columns' names.
        resamples: of the bootstrap, documents drawn with replacement.

    Returns:
        ``micro_f1``, ``precision``, ``recall``, ``macro_f1`` (labels with at least 20 cases; absent when there are
        none), and ``labels``: the same with the number of cases ``n`` of each. All are value, low, high (95 %).
    """
    counts = np.zeros((3, int(owner.max()) + 1, said.shape[1]))
    for at, values in enumerate((said * truth, said, truth)):
        np.add.at(counts[at], owner, values)
    drawn = np.tensordot(draws(counts.shape[1], resamples), counts, (1, 1)).swapaxes(0, 1)
    total, each = counts.sum(1), f1(*drawn)
    found = _rates(total.sum(1), drawn.sum(2))
    found["micro_f1"] = found.pop("f1")
    common = total[2] >= LEAST_CASES
    if common.any():
        found["macro_f1"] = with_interval(f1(*total)[common].mean(), each[:, common].mean(1))
    found["labels"] = {
        label: {"n": int(total[2, at]), **_rates(total[:, at], drawn[..., at])} for at, label in enumerate(labels)
    }
    return found


def _rates(counted: Floats, drawn: Floats) -> dict[str, Any]:
    """Precision, recall and F1 from what was right, said and true."""
    return {
        "precision": with_interval(share(counted[0], counted[1]), share(drawn[0], drawn[1])),
        "recall": with_interval(share(counted[0], counted[2]), share(drawn[0], drawn[2])),
        "f1": with_interval(f1(*counted), f1(*drawn)),
    }


def score_sentiment(said: Floats, truth: Floats, owner: Ints, resamples: int = RESAMPLES) -> dict[str, Any]:
    """Score strengths -2 … 2: accuracy of the sign, of the strength, and kappa with quadratic weights."""
    tables = np.zeros((int(owner.max()) + 1, 5, 5))
    np.add.at(tables, (owner, truth.astype(int) + 2, said.astype(int) + 2), 1)
    drawn = np.tensordot(draws(len(tables), resamples), tables, (1, 0))
    table = tables.sum(0)
    return {
        "sign_accuracy": with_interval(_sign(table), _sign(drawn)),
        "accuracy": with_interval(_exact(table), _exact(drawn)),
        "quadratic_kappa": with_interval(_kappa(table), _kappa(drawn)),
        "n": int(table.sum()),
    }


def _sign(tables: Floats) -> Floats:
    sides = [slice(0, 2), slice(2, 3), slice(3, 5)]
    agreed = sum(tables[..., side, side].sum((-1, -2)) for side in sides)
    return share(agreed, tables.sum((-1, -2)))


def _exact(tables: Floats) -> Floats:
    return share(np.trace(tables, axis1=-2, axis2=-1), tables.sum((-1, -2)))


def _kappa(tables: Floats) -> Floats:
    gap = (np.arange(5)[:, None] - np.arange(5)) ** 2
    total = np.maximum(tables.sum((-1, -2), keepdims=True), 1e-9)
    chance = tables.sum(-1, keepdims=True) * tables.sum(-2, keepdims=True) / total
    expected = (gap * chance).sum((-1, -2))
    return np.asarray(np.where(expected > 0, 1 - (gap * tables).sum((-1, -2)) / np.maximum(expected, 1e-9), 1.0))
