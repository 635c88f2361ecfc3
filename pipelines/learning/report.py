"""Score an exported model and the baselines on the test fold, through the same code that tags at night."""

import platform
import random
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cxnlp.tags.artefacts import read as read_model
from cxnlp.tags.decide import calibrated
from cxnlp.tags.encoder import available_cores
from cxnlp.tags.tagger import Tagger
from pipelines.learning.augment import mask_some
from pipelines.learning.baselines import WordCounts, majority_sentiment, majority_tags, vader
from pipelines.learning.export import logits
from pipelines.learning.scoring import TAGGED, calibration_error, owners, score_sentiment, score_tags, truth_of
from pipelines.learning.vocabulary import FAMILIES, KEYS

Floats = npt.NDArray[np.float64]
Document = Mapping[str, Any]


def tags_of(folder: Path, documents: Sequence[Document], threads: int | None = None) -> tuple[dict[str, Floats], float]:
    """Tag ``documents`` with their own spans; return what was said with "yes" (model or rule), and the seconds."""
    tagger = Tagger.load(folder, threads)
    spans = [[(m["start"], m["end"], m.get("speaker")) for m in d["mentions"]] for d in documents]
    n = sum(map(len, spans))
    said = {family: np.zeros((n, len(labels))) for family, labels in FAMILIES.items()}
    began, first = time.perf_counter(), 0
    for read, of_document in zip(tagger.read([d["text"] for d in documents], spans), spans, strict=True):
        for vote in [*read.model, *read.rules]:
            if vote.decision == "yes":
                said[vote.family][first + vote.mention, FAMILIES[vote.family].index(vote.label)] = 1
        first += len(of_document)
    return said, time.perf_counter() - began


def score(folder: Path, folds: Mapping[str, Sequence[Document]]) -> dict[str, Any]:
    """Score model and baselines; everything that the card shows."""
    trained, tuned, tested = (folds[name] for name in ("train", "calibration", "test"))
    truth = {name: truth_of(folds[name], KEYS) for name in folds}
    owner = owners(tested)
    said, seconds = tags_of(folder, tested)
    strengths = said["sentiment"].argmax(1) - 2.0
    asked, for_tuning = (_texts(documents) for documents in (tested, tuned))
    words = WordCounts(_texts(trained))
    scores: dict[str, Any] = {"families": {}, "baselines": {"majority": {}, "tfidf": {}, "vader": {}}}
    for family in TAGGED:
        labels = FAMILIES[family]
        scores["families"][family] = score_tags(said[family], truth["test"][family], owner, labels)
        others = {
            "majority": majority_tags(truth["train"][family], len(owner)),
            "tfidf": words.tags(truth["train"][family], (for_tuning, truth["calibration"][family]), asked),
        }
        for name, other in others.items():
            scores["baselines"][name][family] = _brief(score_tags(other, truth["test"][family], owner, labels))
    scores["families"]["sentiment"] = score_sentiment(strengths, truth["test"]["sentiment"][:, 0], owner)
    feelings = {
        "majority": majority_sentiment(truth["train"]["sentiment"], len(owner)),
        "tfidf": words.sentiment(truth["train"]["sentiment"][:, 0], asked), "vader": vader(asked),
    }  # fmt: skip
    for name, feeling in feelings.items():
        scores["baselines"][name]["sentiment"] = score_sentiment(feeling, truth["test"]["sentiment"][:, 0], owner)
    scores["masked"] = _masked(folder, tested, truth["test"], owner)
    scores["calibration_error"] = _calibration_errors(folder, tested, truth["test"])
    scores["by_channel"] = _by("channel", tested, said, truth["test"], owner)
    scores["by_source"] = _by("source", tested, said, truth["test"], owner)
    scores["speed"] = {
        "documents_per_second": round(len(tested) / seconds, 1), "mentions_per_second": round(len(owner) / seconds, 1),
        "machine": f"{platform.machine()}, {available_cores()} cores",
    }  # fmt: skip
    scores["folds"] = {
        name: {"documents": len(documents), "mentions": sum(len(d["mentions"]) for d in documents)}
        for name, documents in folds.items()
    }
    return scores


def _masked(
    folder: Path, documents: Sequence[Document], truth: Mapping[str, Floats], owner: npt.NDArray[np.int64]
) -> dict[str, Any]:
    """Score the same documents with all that looks personal replaced by placeholders."""
    chance = random.Random(1)  # noqa: S311 - choice of placeholders
    said, _ = tags_of(folder, [mask_some(document, chance, share=1.0) for document in documents])
    found = {f: score_tags(said[f], truth[f], owner, FAMILIES[f])["micro_f1"] for f in TAGGED}
    strengths = said["sentiment"].argmax(1) - 2.0
    return found | {"sentiment": score_sentiment(strengths, truth["sentiment"][:, 0], owner)["sign_accuracy"]}


def _texts(documents: Sequence[Document]) -> list[str]:
    return [d["text"][m["start"] : m["end"]] for d in documents for m in d["mentions"]]


def _brief(scored: Mapping[str, Any]) -> dict[str, Any]:
    return {name: scored[name] for name in ("micro_f1", "macro_f1") if name in scored}


def _calibration_errors(folder: Path, documents: Sequence[Document], truth: Mapping[str, Floats]) -> dict[str, float]:
    heads, found = read_model(folder).heads, {}
    for family, scores in logits(folder, documents).items():
        shares = calibrated(family, scores, heads[family]).astype(np.float64)
        wanted = truth[family]
        if family == "sentiment":
            wanted = np.eye(5)[(wanted[:, 0] + 2).astype(int)]
        found[family] = calibration_error(shares, wanted)
    return found


def _by(
    key: str, documents: Sequence[Document], said: Mapping[str, Floats], truth: Mapping[str, Floats],
    owner: npt.NDArray[np.int64],
) -> dict[str, Any]:  # fmt: skip
    """Micro-F1 and sentiment within each channel or source."""
    found = {}
    of_documents = np.array([document[key] for document in documents])
    for name in sorted(set(of_documents)):
        inside = of_documents[owner] == name
        _, places = np.unique(owner[inside], return_inverse=True)
        row: dict[str, Any] = {"documents": int((of_documents == name).sum()), "mentions": int(inside.sum())}
        for family in TAGGED:
            row[family] = score_tags(said[family][inside], truth[family][inside], places, FAMILIES[family])["micro_f1"]
        strengths = said["sentiment"][inside].argmax(1) - 2.0
        row["sentiment"] = score_sentiment(strengths, truth["sentiment"][inside, 0], places)["sign_accuracy"]
        found[str(name)] = row
    return found
