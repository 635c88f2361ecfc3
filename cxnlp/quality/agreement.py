"""Where several people labelled the same mentions: how far they agree, and how far the model agrees with each.

Krippendorff's alpha (2019, *Content Analysis*, ch. 12): 1 is full agreement, 0 what chance gives. A label is yes or no
for each mention; sentiment is on an interval scale. Intervals come from resampling documents. (The one kept library
for it is GPL.)
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from cxnlp.quality.labelled import Document
from cxnlp.quality.observing import Observed
from cxnlp.quality.scoring import (
    RESAMPLES,
    TAGGED,
    Floats,
    Ints,
    draws,
    score_sentiment,
    score_tags,
    truth_of_mentions,
    with_interval,
)

_FIRST: Final = -2.0  # the lowest strength


def agreement(documents: Sequence[Document], observed: Observed, resamples: int = RESAMPLES) -> dict[str, Any] | None:
    """Compare people with each other and the model with each.

    Returns:
        None where no mention has two people's labels; else ``n_mentions`` with at least two, ``alpha`` by family
        (``all``, and ``labels`` but for sentiment) with intervals, and by person ``people``: ``n_mentions``,
        ``model`` (micro-F1 of each family, sentiment's sign accuracy and quadratic kappa, that person being right)
        and ``others`` (the same, the other people together in the model's place, pair by pair).
    """
    people = _by_person(documents, observed)
    judges = np.sum([~np.isnan(labels["sentiment"][:, 0]) for labels in people.values()], axis=0)
    n_mentions = int((judges >= 2).sum())
    if n_mentions == 0:
        return None
    alphas = {family: _family_alpha(family, people, observed, resamples) for family in (*TAGGED, "sentiment")}
    return {
        "n_mentions": n_mentions,
        "alpha": alphas,
        "people": {name: _beside(name, people, observed, resamples) for name in people},
    }


def _by_person(documents: Sequence[Document], observed: Observed) -> dict[str, dict[str, Floats]]:
    """Each person's labels of all mentions, NaN where that person gave none."""
    mentions = [mention for document in documents for mention in document["mentions"]]
    given: dict[str, list[tuple[int, Any]]] = {}
    for place, mention in enumerate(mentions):
        for annotation in mention.get("annotations") or ():
            given.setdefault(annotation["annotator"], []).append((place, annotation))
    found = {}
    for name, annotations in sorted(given.items()):
        truth = truth_of_mentions([annotation for _, annotation in annotations], observed.labels)
        places = [place for place, _ in annotations]
        found[name] = {family: np.full((len(mentions), rows.shape[1]), np.nan) for family, rows in truth.items()}
        for family, rows in truth.items():
            found[name][family][places] = rows
    return found


def _family_alpha(
    family: str, people: dict[str, dict[str, Floats]], observed: Observed, resamples: int
) -> dict[str, Any]:  # fmt: skip
    """Alpha of each label; the family's counts observed and expected disagreement of all labels together."""
    level = "interval" if family == "sentiment" else "nominal"
    first, n_values = (_FIRST, 5) if family == "sentiment" else (0.0, 2)
    judged = np.stack([labels[family] for labels in people.values()])  # (people, mentions, labels)
    counts = [_value_counts(judged[:, :, at] - first, n_values) for at in range(judged.shape[2])]
    drawn = draws(int(observed.owner.max()) + 1, resamples)
    parts = [_disagreement(count, observed.owner, drawn, level) for count in counts]  # (2, resamples + 1) each
    summed = np.sum(parts, axis=0)
    found: dict[str, Any] = {"all": _alpha(summed)}
    if family != "sentiment":
        found["labels"] = {
            label: {"n": int(count[:, 1].sum()), "alpha": _alpha(part)}
            for label, count, part in zip(observed.labels[family], counts, parts, strict=True)
            if count[:, 1].any()
        }
    return found


def _value_counts(values: Floats, n_values: int) -> Floats:
    """How many people gave each value, mention by mention (mentions, values)."""
    return np.asarray((values[:, :, None] == np.arange(n_values)).sum(0), dtype=float)


def _disagreement(counts: Floats, owner: Ints, drawn: Floats, level: str) -> npt.NDArray[np.float64]:
    """Observed and expected disagreement (2, 1 + resamples), the first column of the documents as they are.

    Coincidences add up over mentions, so a resample's are the drawn documents' sum.
    """
    n_values = counts.shape[1]
    people = counts.sum(1)
    pairs = np.einsum("mc,mk->mck", counts, counts) - np.einsum("mc,ck->mck", counts, np.eye(n_values))
    pairs = pairs / np.maximum(people - 1, 1)[:, None, None]
    of_documents = np.zeros((drawn.shape[1], n_values, n_values))
    np.add.at(of_documents, owner, pairs)
    tables = np.concatenate([of_documents.sum(0)[None], np.tensordot(drawn, of_documents, (1, 0))])
    values = np.arange(n_values)
    gap = (values[:, None] - values) ** 2 if level == "interval" else 1 - np.eye(n_values)
    totals = tables.sum(-1)
    n = totals.sum(-1)
    expected = np.einsum("rc,rk,ck->r", totals, totals, gap) / np.maximum(n - 1, 1)
    return np.stack([(tables * gap).sum((-1, -2)), expected])


def _alpha(parts: Floats) -> list[float]:
    """Alpha of the documents as they are, with its interval; 1 where all say the same."""
    alphas = np.where(parts[1] > 0, 1 - parts[0] / np.maximum(parts[1], 1e-9), 1.0)
    return with_interval(alphas[0], alphas[1:])


def _beside(name: str, people: dict[str, dict[str, Floats]], observed: Observed, resamples: int) -> dict[str, Any]:
    own = people[name]
    mine = ~np.isnan(own["sentiment"][:, 0])
    return {
        "n_mentions": int(mine.sum()),
        "model": _compared(
            {family: values[mine] for family, values in observed.said.items()},
            {family: values[mine] for family, values in own.items()},
            observed.owner[mine],
            observed,
            resamples,
        ),
        "others": _with_others(name, people, observed, resamples),
    }


def _compared(
    said: Mapping[str, Floats], truth: Mapping[str, Floats], owner: Ints, observed: Observed, resamples: int
) -> dict[str, Any]:  # fmt: skip
    _, places = np.unique(owner, return_inverse=True)
    found = {
        family: score_tags(said[family], truth[family], places, observed.labels[family], resamples)["micro_f1"]
        for family in TAGGED
    }
    feeling = score_sentiment(said["sentiment"][:, 0], truth["sentiment"][:, 0], places, resamples)
    return found | {"sign_accuracy": feeling["sign_accuracy"], "quadratic_kappa": feeling["quadratic_kappa"]}


def _with_others(
    name: str, people: dict[str, dict[str, Floats]], observed: Observed, resamples: int
) -> dict[str, Any] | None:  # fmt: skip
    """The other people's labels laid against this one's, one pair after the other."""
    own, rows = people[name], []
    for other, labels in people.items():
        both = ~np.isnan(own["sentiment"][:, 0]) & ~np.isnan(labels["sentiment"][:, 0])
        if other != name and both.any():
            rows.append((labels, np.flatnonzero(both)))
    if not rows:
        return None
    families = (*TAGGED, "sentiment")
    said = {family: np.concatenate([labels[family][at] for labels, at in rows]) for family in families}
    truth = {family: np.concatenate([own[family][at] for _, at in rows]) for family in families}
    places = np.concatenate([at for _, at in rows])
    return _compared(said, truth, observed.owner[places], observed, resamples)
