"""Whole documents from raw text: which moments are spoken of, and with which feeling, wherever the cuts fell."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cxnlp.quality.labelled import Document
from cxnlp.quality.scoring import RESAMPLES, draws, f1, share, with_interval
from cxnlp.tags import Tagger, tag_documents

Pair = tuple[str, int]  # moment, sign of the sentiment of a mention that carries it


def labelled_pairs(document: Document) -> set[Pair]:
    """Return the pairs that people's labels give."""
    return {(moment, _sign(m["sentiment"])) for m in document["mentions"] for moment in m["moments"]}


def tagged_pairs(result: Mapping[str, Any]) -> set[Pair]:
    """Return the pairs of one result of `tag_documents`; "unsure" says nothing."""
    return {
        (tag["label"], _sign(mention["sentiment"]["strength"]))
        for mention in result.get("mentions", ())
        for tag in mention["moments"]
        if tag["decision"] == "yes"
    }


def score_pairs(documents: Sequence[Document], tagger: Tagger, resamples: int = RESAMPLES) -> dict[str, Any]:
    """Split and tag the texts as the night does, and score each document's set of pairs against that of its labels.

    Returns:
        ``micro_f1``, ``precision`` and ``recall`` with intervals from resampling documents; ``n``, ``n_said``.
    """
    bare = [{key: d[key] for key in ("id", "text", "channel") if d.get(key) is not None} for d in documents]
    said = [tagged_pairs(result) for result in tag_documents(bare, tagger)]
    true = [labelled_pairs(document) for document in documents]
    counts = np.array([[len(s & t), len(s), len(t)] for s, t in zip(said, true, strict=True)], dtype=float).T
    total, drawn = counts.sum(1), counts @ draws(len(documents), resamples).T
    return {
        "micro_f1": with_interval(f1(*total), f1(*drawn)),
        "precision": with_interval(share(total[0], total[1]), share(drawn[0], drawn[1])),
        "recall": with_interval(share(total[0], total[2]), share(drawn[0], drawn[2])),
        "n": int(total[2]), "n_said": int(total[1]),
    }  # fmt: skip


def _sign(strength: int) -> int:
    return (strength > 0) - (strength < 0)
