"""Learn one label from a few positive examples: the direction in which its mentions lie.

Fisher's discriminant: w = (C + λ·v·I)⁻¹ (m₊ − m), m₊ the mean of the examples' vectors, m and C mean and covariance of
mentions at large, v the mean variance. The mentions at large are unlabelled and hold positives, too; as that moves
their mean and adds to their covariance along m₊ − m only, it does not turn w (without shrinkage exactly), so they need
not be told apart. What share of them is positive matters to the calibration: `cxnlp.teaching.expecting`.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

Floats = npt.NDArray[np.float64]

SHRINKAGE: Final = 3.0  # λ; measured in benchmarks/teaching.py
_NORMAL: Final = ndtri((np.arange(1000) + 0.5) / 1000)


@dataclass(frozen=True)
class Background:
    """Mentions at large: mean and covariance of their vectors, and their scores along a direction."""

    n: int
    mean: Floats
    covariance: Floats
    vectors: Floats  # (n, width); none where only the shipped sums are known

    def scores(self, weights: Floats) -> Floats:
        """Return the scores of the mentions; of sums alone, quantiles of the normal with their mean and spread."""
        if len(self.vectors):
            return np.asarray(self.vectors @ weights)
        spread = float(np.sqrt(weights @ self.covariance @ weights))
        return np.asarray(float(self.mean @ weights) + spread * _NORMAL)


def direction(positives: Floats, background: Background, shrinkage: float = SHRINKAGE) -> Floats:
    """Return w (width,) for the positives' vectors (examples, width), of length such that scores at large vary by 1."""
    weights = np.linalg.solve(_shrunk(background, shrinkage), positives.mean(0) - background.mean)
    return np.asarray(weights / _spread(weights, background))


def held_out_scores(positives: Floats, background: Background, shrinkage: float = SHRINKAGE) -> Floats:
    """Return for each example its score along the direction that the others give."""
    n, shrunk = len(positives), _shrunk(background, shrinkage)
    solved = np.linalg.solve(shrunk, np.column_stack([*positives, background.mean])).T
    others = (solved[:-1].sum(0) - solved[:-1]) / (n - 1) - solved[-1]
    spreads = np.sqrt(np.einsum("ij,jk,ik->i", others, background.covariance, others))
    centred = np.einsum("ij,ij->i", others, positives - background.mean) / spreads
    full = direction(positives, background, shrinkage)
    return np.asarray(centred + float(background.mean @ full))


def _shrunk(background: Background, shrinkage: float) -> Floats:
    covariance = background.covariance
    return np.asarray(covariance + shrinkage * np.trace(covariance) / len(covariance) * np.eye(len(covariance)))


def _spread(weights: Floats, background: Background) -> float:
    return float(np.sqrt(weights @ background.covariance @ weights))
