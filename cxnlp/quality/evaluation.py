"""Everything that `cxnlp evaluate` shows and a model's card holds, as one tree of numbers.

Scores are lists: value, low and high end of the 95 % interval from resampling documents.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from cxnlp.quality.agreement import agreement
from cxnlp.quality.baselines import said_by_baselines, score_baselines
from cxnlp.quality.labelled import Document, Labels
from cxnlp.quality.observing import Observed, observe
from cxnlp.quality.pairs import score_pairs
from cxnlp.quality.reliability import calibration, coverage, decisions
from cxnlp.quality.scoring import RESAMPLES, TAGGED, score_sentiment, score_tags
from cxnlp.tags import Tagger


def evaluate(
    documents: Sequence[Document], tagger: Tagger, labels: Labels, *, baselines: bool = True,
    resamples: int = RESAMPLES, say: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:  # fmt: skip
    """Score a model on labelled documents.

    Args:
        documents: of `labelled.read`.
        tagger: the model.
        labels: of `labelled.vocabulary`.
        baselines: score the commonest answer, the rules alone, TF-IDF and VADER, too.
        resamples: of the bootstrap.
        say: told what is being done.

    Returns:
        What `scores_of` returns, and ``n_documents``, ``n_mentions``, ``model``, ``taxonomy``, ``resamples``,
        ``pairs`` (`pairs.score_pairs`), ``baselines`` (if wanted) and ``agreement`` (where people's labels stand).
    """
    say(f"tagging {len(documents):,} documents where they are labelled")
    observed = observe(documents, tagger, labels)
    found: dict[str, Any] = {
        "n_documents": len(documents), "n_mentions": len(observed.owner), "model": tagger.version,
        "taxonomy": tagger.taxonomy_version, "resamples": resamples,
    }  # fmt: skip
    say("scoring")
    found |= scores_of(documents, observed, resamples)
    say("splitting and tagging the raw texts")
    found["pairs"] = score_pairs(documents, tagger, resamples)
    if baselines:
        say("training and asking the baselines")
        found["baselines"] = score_baselines(said_by_baselines(documents, observed), observed, resamples)
    say("comparing people, where several labelled")
    agreed = agreement(documents, observed, resamples)
    return found if agreed is None else found | {"agreement": agreed}


def scores_of(documents: Sequence[Document], observed: Observed, resamples: int = RESAMPLES) -> dict[str, Any]:
    """Return ``families``, ``by_channel``, ``by_source``, ``calibration``, ``coverage`` and ``decisions``."""
    families: dict[str, Any] = {
        family: score_tags(
            observed.said[family], observed.truth[family], observed.owner, observed.labels[family], resamples
        )
        for family in TAGGED
    }
    said, truth = observed.said["sentiment"][:, 0], observed.truth["sentiment"][:, 0]
    families["sentiment"] = score_sentiment(said, truth, observed.owner, resamples)
    return {
        "families": families,
        "by_channel": by("channel", documents, observed, resamples),
        "by_source": by("source", documents, observed, resamples),
        "calibration": calibration(observed),
        "coverage": coverage(observed),
        "decisions": decisions(observed),
    }


def by(key: str, documents: Sequence[Document], observed: Observed, resamples: int = RESAMPLES) -> dict[str, Any]:
    """Return micro-F1 of each family and sentiment's sign accuracy, one row for each value of ``key`` that stands."""
    found: dict[str, Any] = {}
    of_documents = np.array([str(document.get(key) or "") for document in documents])
    for name in sorted(set(of_documents) - {""}):
        inside = of_documents[observed.owner] == name
        if not inside.any():
            continue
        _, places = np.unique(observed.owner[inside], return_inverse=True)
        row: dict[str, Any] = {"documents": int((of_documents == name).sum()), "mentions": int(inside.sum())}
        for family in TAGGED:
            said, truth = observed.said[family][inside], observed.truth[family][inside]
            row[family] = score_tags(said, truth, places, observed.labels[family], resamples)["micro_f1"]
        said, truth = observed.said["sentiment"][inside, 0], observed.truth["sentiment"][inside, 0]
        row["sentiment"] = score_sentiment(said, truth, places, resamples)["sign_accuracy"]
        found[str(name)] = row
    return found
