"""What the model must beat: the commonest answer, TF-IDF with logistic regression, and VADER."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from pipelines.learning.calibration import thresholds

Floats = npt.NDArray[np.float64]


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
        self._words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, strip_accents="unicode")
        self._trained = self._words.fit_transform(texts)

    def tags(self, truth: Floats, tuned: tuple[Sequence[str], Floats], texts: Sequence[str]) -> Floats:
        """Train on ``truth``, choose thresholds on ``tuned`` (texts, truth) as the model does, say ``texts``' tags."""
        for_tuning, asked = self._words.transform(tuned[0]), self._words.transform(texts)
        shares = [
            [model.predict_proba(matrix)[:, 1] for matrix in (for_tuning, asked)]
            for model in (
                LogisticRegression(C=4.0, class_weight="balanced", solver="liblinear").fit(self._trained, truth[:, at])
                for at in range(truth.shape[1])
            )
        ]
        tuning, asking = (np.stack([share[side] for share in shares], axis=1) for side in (0, 1))
        return (asking >= thresholds(tuning, tuned[1])).astype(float)

    def sentiment(self, truth: Floats, texts: Sequence[str]) -> Floats:
        """Train on strengths and say those of ``texts``."""
        model = LogisticRegression(C=4.0, max_iter=100).fit(self._trained, truth.astype(int))
        return np.asarray(model.predict(self._words.transform(texts)), dtype=float)


def vader(texts: Sequence[str]) -> Floats:
    """Strengths by VADER: its own border of ±0.05 for the sign, ±0.6 for strong feeling."""
    analyser = SentimentIntensityAnalyzer()
    compound = np.array([analyser.polarity_scores(text)["compound"] for text in texts])
    return np.asarray(np.sign(compound) * ((np.abs(compound) >= 0.05).astype(int) + (np.abs(compound) >= 0.6)))
