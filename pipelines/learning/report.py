"""Score an exported model and the baselines on the test fold, through the same code that tags at night."""

import platform
import random
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cxnlp.quality.baselines import WordCounts, majority_sentiment, majority_tags, score_baselines, texts_of, vader
from cxnlp.quality.evaluation import scores_of
from cxnlp.quality.observing import Observed, observe
from cxnlp.quality.pairs import score_pairs
from cxnlp.quality.scoring import TAGGED, truth_of
from cxnlp.tags import Tagger
from cxnlp.tags.encoder import available_cores
from pipelines.learning.augment import mask_some
from pipelines.learning.vocabulary import FAMILIES

Floats = npt.NDArray[np.float64]
Document = Mapping[str, Any]
Folds = Mapping[str, Sequence[Document]]


def score(folder: Path, folds: Folds) -> dict[str, Any]:
    """Score model and baselines; everything that the card shows.

    Args:
        folder: the exported model.
        folds: documents by fold: what the baselines learn from (``train``), tune on (``calibration``), and ``test``.
    """
    tagger, tested = Tagger.load(folder), folds["test"]
    began = time.perf_counter()
    observed = observe(tested, tagger, FAMILIES)
    seconds = time.perf_counter() - began
    return {
        **scores_of(tested, observed),
        "pairs": score_pairs(tested, tagger),
        "baselines": _brief(score_baselines(_said_by_baselines(folds, observed), observed)),
        "masked": _masked(tagger, tested),
        "speed": {
            "documents_per_second": round(len(tested) / seconds, 1),
            "mentions_per_second": round(len(observed.owner) / seconds, 1),
            "machine": f"{platform.machine()}, {available_cores()} cores",
        },
        "folds": {
            name: {"documents": len(documents), "mentions": sum(len(d["mentions"]) for d in documents)}
            for name, documents in folds.items()
        },
    }


def _said_by_baselines(folds: Folds, observed: Observed) -> dict[str, dict[str, Floats]]:
    """Train the baselines on the training fold, as the model was."""
    trained, tuned, asked = (texts_of(folds[name]) for name in ("train", "calibration", "test"))
    truth = {name: truth_of(folds[name], observed.labels) for name in ("train", "calibration")}
    words, n = WordCounts(trained), len(asked)
    strengths = truth["train"]["sentiment"][:, 0]
    return {
        "majority": {
            **{family: majority_tags(truth["train"][family], n) for family in TAGGED},
            "sentiment": majority_sentiment(strengths, n),
        },
        "rules": {family: observed.rules[family] for family in TAGGED if observed.rules[family].any()},
        "tfidf": {
            **{
                family: words.tags(truth["train"][family], (tuned, truth["calibration"][family]), asked)
                for family in TAGGED
            },
            "sentiment": words.sentiment(strengths, asked),
        },
        "vader": {"sentiment": vader(asked)},
    }


def _brief(baselines: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Leave each label's scores out."""
    return {
        name: {family: {key: of[key] for key in of if key != "labels"} for family, of in families.items()}
        for name, families in baselines.items()
    }


def _masked(tagger: Tagger, documents: Sequence[Document]) -> dict[str, Any]:
    """Score the same documents with all that looks personal replaced by placeholders."""
    chance = random.Random(1)  # noqa: S311 - choice of placeholders
    masked = [mask_some(document, chance, share=1.0) for document in documents]
    families = scores_of(masked, observe(masked, tagger, FAMILIES))["families"]
    return {family: of.get("micro_f1") or of["sign_accuracy"] for family, of in families.items()}
