"""What a model takes along of its training labels, so that people can teach it more where the labels are not."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from cxnlp.tags import artefacts
from cxnlp.tags.decide import calibrated
from cxnlp.teaching import prior
from cxnlp.teaching.vectors import vectors
from pipelines.learning.vocabulary import targets

Document = Mapping[str, Any]


def compute(folder: Path, documents: Sequence[Document], threads: int | None = None) -> prior.Prior:
    """Return the sums over ``documents`` (labelled, the training fold) for the finished model in ``folder``."""
    model = artefacts.read(folder)
    spans = [[(m["start"], m["end"], m.get("speaker")) for m in d["mentions"]] for d in documents]
    read = vectors(model, [d["text"] for d in documents], spans, threads)
    states = np.concatenate(read).astype(np.float64)
    carried = [targets(mention) for document in documents for mention in document["mentions"]]
    with_one = np.concatenate([np.ones((len(states), 1)), states], axis=1)
    families = {}
    for family, head in model.heads.items():
        truth = np.zeros((len(states), len(head.labels)))
        for row, found in enumerate(carried):
            truth[row, found[family]] = 1
        n_positives = truth.sum(0)
        shares = calibrated(family, (states @ head.weights.T + head.bias).astype(np.float32), head).astype(np.float64)
        families[family] = prior.Labels(
            head.labels,
            truth.T @ states / np.maximum(n_positives, 1)[:, None],
            n_positives,
            (shares * (1 - shares)).sum(0),
        )
    return prior.Prior(len(states), with_one.T @ with_one / len(states), families)


def write_prior(folder: Path, documents: Sequence[Document], threads: int | None = None) -> Path:
    """Write ``prior.npz`` into the finished model in ``folder``; its checksum is the caller's to note."""
    path = folder / prior.FILE
    path.write_bytes(prior.content(compute(folder, documents, threads)))
    return path
