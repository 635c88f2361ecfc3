"""What a model must beat: the commonest answer, the rules alone, TF-IDF with logistic regression, and VADER."""

import warnings
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from cxnlp.quality.calibration import thresholds
from cxnlp.quality.labelled import Document
from cxnlp.quality.observing import Observed
from cxnlp.quality.scoring import RESAMPLES, TAGGED, Floats, Ints, score_sentiment, score_tags

N_FOLDS: Final = 5
_LEAST_DOCUMENTS: Final = 20  # below, there is nothing to learn from


def majority_tags(trained: Floats, n: int) -> Floats:
    """Say the family's commonest label of every mention."""
    said = np.zeros((n, trained.shape[1]))
    said[:, trained.sum(0).argmax()] = 1
    return said


def majority_sentiment(trained: Floats, n: int) -> Floats:
    """Say the commonest strength of every mention."""
    values, counts = np.unique(trained, return_counts=True)
    return np.full(n, values[counts.argmax()])


class WordCounts:
    """TF-IDF of words and word pairs of the mention, one logistic regression a label."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Learn the words of ``texts``."""
        rarest = 2 if len(texts) >= 100 else 1
        self._words = TfidfVectorizer(ngram_range=(1, 2), min_df=rarest, sublinear_tf=True, strip_accents="unicode")
        self._trained = self._words.fit_transform(texts)

    def tags(self, truth: Floats, tuned: tuple[Sequence[str], Floats], texts: Sequence[str]) -> Floats:
        """Train on ``truth``, choose thresholds on ``tuned`` (texts, truth) as the model does, say ``texts``' tags."""
        return (self.shares(truth, texts) >= thresholds(self.shares(truth, tuned[0]), tuned[1])).astype(float)

    def shares(self, truth: Floats, texts: Sequence[str]) -> Floats:
        """Train on ``truth`` and return probabilities for ``texts``; 0 for a label without a case."""
        asked = self._words.transform(texts)
        found = np.zeros((asked.shape[0], truth.shape[1]))
        for at in range(truth.shape[1]):
            if 0 < truth[:, at].sum() < len(truth):
                model = LogisticRegression(C=4.0, class_weight="balanced", solver="liblinear")
                found[:, at] = model.fit(self._trained, truth[:, at]).predict_proba(asked)[:, 1]
            else:
                found[:, at] = float(truth[:, at].all())
        return found

    def sentiment(self, truth: Floats, texts: Sequence[str]) -> Floats:
        """Train on strengths and say those of ``texts``."""
        if len(np.unique(truth)) == 1:
            return np.full(len(texts), truth[0])
        model = LogisticRegression(C=4.0, max_iter=100).fit(self._trained, truth.astype(int))
        return np.asarray(model.predict(self._words.transform(texts)), dtype=float)


def vader(texts: Sequence[str]) -> Floats:
    """Strengths by VADER: its own border of ±0.05 for the sign, ±0.6 for strong feeling."""
    analyser = SentimentIntensityAnalyzer()
    compound = np.array([analyser.polarity_scores(text)["compound"] for text in texts])
    return np.asarray(np.sign(compound) * ((np.abs(compound) >= 0.05).astype(int) + (np.abs(compound) >= 0.6)))


def texts_of(documents: Sequence[Document]) -> list[str]:
    """Return the words of every mention."""
    return [d["text"][m["start"] : m["end"]] for d in documents for m in d["mentions"]]


def said_by_baselines(documents: Sequence[Document], observed: Observed) -> dict[str, dict[str, Floats]]:
    """Let the baselines judge every mention.

    What learns is trained within ``documents``, five times: on three parts, thresholds on a fourth (the words' weights
    then on all four), asked about the fifth, no document in two parts.

    Returns:
        baseline → family → (mentions, labels) of 0 and 1, or strengths. ``rules`` and ``vader`` speak of what they
        know; ``majority`` and ``tfidf`` are missing where there are fewer than 20 documents with mentions.
    """
    texts = texts_of(documents)
    found: dict[str, dict[str, Floats]] = {
        "rules": {family: observed.rules[family] for family in TAGGED if observed.rules[family].any()},
        "vader": {"sentiment": vader(texts)},
    }
    if len(np.unique(observed.owner)) >= _LEAST_DOCUMENTS:
        families = [*TAGGED, "sentiment"]
        for name in ("majority", "tfidf"):
            found[name] = {family: np.zeros_like(observed.truth[family]) for family in families}
            found[name]["sentiment"] = np.zeros(len(texts))
        for training, tuning, asked in _folds(observed.owner):
            _judge_fold(found, observed.truth, np.array(texts, dtype=object), (training, tuning, asked))
    return found


def _folds(owner: Ints) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Give the mentions of three parts, of a fourth, and of the fifth; each part is the fifth once."""
    parts = [part for _, part in GroupKFold(N_FOLDS).split(owner, groups=owner)]
    for at, asked in enumerate(parts):
        tuning = parts[(at + 1) % N_FOLDS]
        yield np.concatenate([p for p in parts if p is not asked and p is not tuning]), tuning, asked


def _judge_fold(
    found: dict[str, dict[str, Floats]], truth: Any, texts: Any, parts: tuple[Ints, Ints, Ints]
) -> None:  # fmt: skip
    training, tuning, asked = parts
    known = np.concatenate([training, tuning])
    few, many = WordCounts(texts[training]), WordCounts(texts[known])
    for family in TAGGED:
        chosen = thresholds(few.shares(truth[family][training], texts[tuning]), truth[family][tuning])
        found["tfidf"][family][asked] = many.shares(truth[family][known], texts[asked]) >= chosen
        found["majority"][family][asked] = majority_tags(truth[family][known], len(asked))
    strengths = truth["sentiment"][known, 0]
    found["majority"]["sentiment"][asked] = majority_sentiment(strengths, len(asked))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # sklearn's word that 100 steps were not enough: enough for a baseline
        found["tfidf"]["sentiment"][asked] = many.sentiment(strengths, texts[asked])


def score_baselines(
    said: dict[str, dict[str, Floats]], observed: Observed, resamples: int = RESAMPLES
) -> dict[str, dict[str, Any]]:
    """Return for each baseline and family what `score_tags` and `score_sentiment` say, labels included."""
    found: dict[str, dict[str, Any]] = {}
    for name, families in said.items():
        found[name] = {}
        for family, values in families.items():
            truth = observed.truth[family]
            found[name][family] = (
                score_sentiment(values, truth[:, 0], observed.owner, resamples)
                if family == "sentiment"
                else score_tags(values, truth, observed.owner, observed.labels[family], resamples)
            )
    return found
