"""Heads that have learnt from people: logistic regression with the shipped heads as its prior.

The shipped labels are not here, but their sum is: around the shipped head θ₀ their likelihood is nearly a Gaussian with
precision n_eff · S (Laplace's approximation; S the second moment of [1, v], n_eff = Σ p(1 − p), one a label). The new
head is the most probable one given both::

    θ = argmin  κ · Σ −log p(yᵢ | xᵢ, θ)  +  ½ · n_eff · (θ − θ₀)ᵀ S (θ − θ₀)

κ says how much one judgement of the workspace's people counts beside a shipped one; cross-validation chooses it.
Everything happens in calibrated space (θ₀ with slope and offset folded in), so that thresholds keep their meaning.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit, log_softmax, softmax

from cxnlp.tags.artefacts import Artefacts, Head
from cxnlp.tags.decide import SENTIMENT
from cxnlp.teaching.learning import Floats
from cxnlp.teaching.prior import Prior

WEIGHTS: Final = (1.0, 3.0, 10.0)  # κ
_RIDGE: Final = 1e-3  # of the mean second moment: directions that the shipped labels never showed
_LEAST_EFFECTIVE: Final = 5.0
Rows = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Space:
    """The heads side by side (one column a label), and the vectors in the coordinates in which the prior is round."""

    families: Mapping[str, slice]
    start: Floats  # (1 + width, labels), θ₀ in calibrated space
    root: Floats  # (1 + width, 1 + width), lower: root · rootᵀ = S
    strength: Floats  # (labels,), n_eff

    @classmethod
    def of(cls, model: Artefacts, heads: Mapping[str, tuple[Floats, Floats]], prior: Prior) -> "Space":
        """Lay out a model's labels.

        Args:
            model: calibration and labels.
            heads: family → weights (labels, width) and bias (labels,) to start from.
            prior: of the model.
        """
        families, starts, strengths, first = {}, [], [], 0
        for family, head in model.heads.items():
            weights, bias = heads[family]
            families[family] = slice(first, first + len(head.labels))
            first += len(head.labels)
            starts.append(np.column_stack([head.slope * bias + head.offset, head.slope[:, None] * weights]).T)
            known = prior.families[family]
            strengths += [known.n_effective[known.labels.index(label)] for label in head.labels]
        moment = prior.second_moment
        ridged = moment + _RIDGE * np.trace(moment) / len(moment) * np.eye(len(moment))
        strength = np.maximum(np.array(strengths, dtype=float), _LEAST_EFFECTIVE)
        return cls(families, np.concatenate(starts, axis=1), np.linalg.cholesky(ridged), strength)

    def place(self, vectors: Floats) -> tuple[Floats, Floats]:
        """Return for vectors (mentions, width) their logits under θ₀ (mentions, labels) and their coordinates."""
        with_one = np.column_stack([np.ones(len(vectors)), vectors])
        return np.asarray(with_one @ self.start), np.asarray(np.linalg.solve(self.root, with_one.T).T)

    def head(self, model: Artefacts, family: str, moved: Floats) -> tuple[Floats, Floats]:
        """Return weights and bias as heads.npz keeps them, for what `fit` returned."""
        head: Head = model.heads[family]
        theta = (self.start + np.linalg.solve(self.root.T, moved))[:, self.families[family]]
        return np.asarray(theta[1:].T / head.slope[:, None]), np.asarray((theta[0] - head.offset) / head.slope)


def fit(space: Space, base: Floats, coordinates: Floats, truth: Floats, weight: float) -> Floats:
    """Return how far each label moves from the start, in the prior's coordinates (1 + width, labels).

    Args:
        space: of the model.
        base: (mentions, labels) logits under the start.
        coordinates: (mentions, 1 + width).
        truth: (mentions, labels), 0 … 1, NaN where nobody was asked; sentiment's rows sum to 1 or are NaN.
        weight: κ.
    """
    basis, within = np.linalg.qr(coordinates.T)  # heads move only where mentions lie: coordinates = withinᵀ · basisᵀ
    shape = (within.shape[0], base.shape[1])
    scale = 1 / np.sqrt(space.strength)  # so that the prior is as round for each label: a few steps are enough

    def loss(values: Floats) -> tuple[float, Floats]:
        moved = values.reshape(shape)
        value, slope = _surprise(space, base + within.T @ (moved * scale), truth)
        value = weight * value + float((moved**2).sum()) / 2
        return value, (weight * (within @ slope) * scale + moved).ravel()

    options = {"maxiter": 80, "ftol": 1e-6, "gtol": 1e-3}
    found: Any = minimize(loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options=options)
    return np.asarray(basis @ found.x.reshape(shape) * scale)


def surprise(space: Space, logits: Floats, truth: Floats) -> float:
    """Return −log p of what people said."""
    return _surprise(space, logits, truth)[0]


def shares(space: Space, logits: Floats) -> Floats:
    """Return the probabilities of all labels (mentions, labels)."""
    found = expit(logits)
    found[:, space.families[SENTIMENT]] = softmax(logits[:, space.families[SENTIMENT]], axis=1)
    return np.asarray(found)


def _surprise(space: Space, logits: Floats, truth: Floats) -> tuple[float, Floats]:
    """−log p and its derivative by the logits."""
    asked, wanted = ~np.isnan(truth), np.nan_to_num(truth)
    feeling = space.families[SENTIMENT]
    slope = np.where(asked, shares(space, logits) - wanted, 0.0)
    each = np.where(asked, np.logaddexp(0, logits) - wanted * logits, 0.0)
    each[:, feeling] = np.where(asked[:, feeling], -wanted[:, feeling] * log_softmax(logits[:, feeling], axis=1), 0.0)
    return float(each.sum()), slope


def choose_weight(
    space: Space, base: Floats, coordinates: Floats, truth: Floats, owner: npt.NDArray[np.int64], n_folds: int = 3
) -> float:
    """Return the κ under which mentions of documents held out are least surprising."""
    folds = folds_of(owner, n_folds, seed=1)
    total = dict.fromkeys(WEIGHTS, 0.0)
    for fold in range(n_folds):
        out = folds == fold
        for weight in WEIGHTS:
            moved = fit(space, base[~out], coordinates[~out], truth[~out], weight)
            total[weight] += surprise(space, base[out] + coordinates[out] @ moved, truth[out])
    return min(total, key=lambda weight: total[weight])


def folds_of(owner: npt.NDArray[np.int64], n_folds: int, seed: int) -> npt.NDArray[np.int64]:
    """Deal documents to folds of equal size; a document stays together."""
    documents, places = np.unique(owner, return_inverse=True)
    dealt = np.random.default_rng(seed).permutation(len(documents)) % n_folds
    return np.asarray(dealt[places])
