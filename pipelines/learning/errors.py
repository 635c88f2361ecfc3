"""How often a model errs about whole documents, label by label: what `cxnlp.quality.counts` corrects counts with."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cxnlp.quality.counts import FILE, FORMAT, Errors
from cxnlp.tags import Tagger, tag_documents
from cxnlp.tags.artefacts import read as read_model

Bools = npt.NDArray[np.bool_]
Document = Mapping[str, Any]
Label = tuple[str, str]  # family and label; unmeasurables with their sign


def labels_of(folder: Path) -> list[Label]:
    """Return every label that the model in ``folder`` can give, sentiment left out."""
    heads = read_model(folder).heads
    return [(family, label) for family, head in heads.items() if family != "sentiment" for label in head.labels]


def labelled(documents: Sequence[Document], labels: Sequence[Label]) -> Bools:
    """Say which labels a customer's words carry in each document, as people labelled it (documents, labels)."""
    return _table(
        (
            {(key.removesuffix("s"), label) for m in document["mentions"] if m.get("speaker") != "agent"
             for key in ("moments", "unmeasurables", "warnings", "signals") for label in m[key]}
            for document in documents
        ),
        labels,
    )  # fmt: skip


def said(folder: Path, documents: Sequence[Document], labels: Sequence[Label]) -> Bools:
    """Say which labels the model gives each document for sure (documents, labels).

    As at night: from the raw text with cxnlp's own splitting; a yes of model or rule, in the customer's words.
    """
    asked = [{key: document[key] for key in ("id", "text", "channel")} for document in documents]
    return _table(
        (
            {(key.removesuffix("s"), tag["label"] + tag.get("polarity", "")) for m in read.get("mentions", ())
             if m.get("speaker") != "agent"
             for key in ("moments", "unmeasurables", "warnings", "signals") for tag in m[key]
             if tag["decision"] == "yes"}
            for read in tag_documents(asked, Tagger.load(folder))
        ),
        labels,
    )  # fmt: skip


def confusion(said: Bools, true: Bools) -> Errors:
    """Count one label's rights and wrongs (documents,)."""
    return Errors(*(int(np.sum(of)) for of in (said & true, said & ~true, ~said & true, ~said & ~true)))


def measure(folder: Path, documents: Sequence[Document]) -> dict[str, Any]:
    """Count the errors of the model in ``folder`` on ``documents`` that it was not trained on: `errors.json`.

    Args:
        folder: a finished model.
        documents: ``id``, ``text``, ``channel`` and labelled ``mentions``; of the calibration and the test fold.
    """
    labels = labels_of(folder)
    yes, true = said(folder, documents, labels), labelled(documents, labels)
    families: dict[str, dict[str, dict[str, int]]] = {}
    for at, (family, label) in enumerate(labels):
        families.setdefault(family, {})[label] = vars(confusion(yes[:, at], true[:, at]))
    return {
        "format": FORMAT, "model_version": read_model(folder).version, "unit": "document",
        "n_documents": len(documents), "families": families,
    }  # fmt: skip


def write(folder: Path, documents: Sequence[Document]) -> None:
    """Write ``errors.json`` into a finished model's folder."""
    (folder / FILE).write_text(json.dumps(measure(folder, documents), indent=1) + "\n", "utf-8")


def _table(sets: Iterable[set[Label]], labels: Sequence[Label]) -> Bools:
    return np.array([[label in found for label in labels] for found in sets], dtype=bool)
