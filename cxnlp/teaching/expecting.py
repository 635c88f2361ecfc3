"""What to expect of a label that was learnt from positives alone: calibration, thresholds, quality, more examples.

With p(s) = c·σ(a·s + b), the scores of positives have the density p(s)·u(s)/π, where u is that of mentions at large and
π = E_u p(s) the label's share (Lancaster & Imbens 1996; Ward et al. 2009). Scores alone say little about π, so it has a
prior: how frequent the shipped labels are. The posterior of (π, a) is summed on a grid; it is what all intervals here
are drawn from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from cxnlp.tags.precision import UNSURE_SHARE

Floats = npt.NDArray[np.float64]

CEILING: Final = 0.85  # of the share that is right where the score is highest: people disagree there, too
EXAMPLE_WEIGHT: Final = 0.2  # of an example beside a drawn one: people pick clearer cases than life brings
_N_BINS: Final = 200  # of the scores of mentions at large
_SHARES: Final = np.exp(np.linspace(np.log(0.0003), np.log(0.4), 34))  # π
_SLOPES: Final = np.exp(np.linspace(np.log(0.4), np.log(4.0), 16))  # a; scores at large vary by 1
_SLOPE_PRIOR: Final = (0.0, 0.3)  # mean and deviation of log a, measured in benchmarks/teaching.py
_GAIN_PRIOR: Final = (0.8, 0.4)  # mean and deviation of c in F1 = f − c/n
_F1_NOISE: Final = 0.06  # of one F1 to expect
_THRESHOLDS: Final = np.linspace(0.1, 0.9, 81)
_FEW_SAID: Final = 5.0  # mentions at large that would be tagged: fewer say little about recall
_DRAWS: Final = 400


@dataclass(frozen=True)
class Frequency:
    """How frequent labels of a family are: mean and deviation of the logarithm of their share of mentions."""

    mean: float = -3.7
    deviation: float = 1.0


@dataclass(frozen=True)
class Expected:
    """Quality to expect on mentions at large: each the value, then the ends of its 90 % interval."""

    precision: tuple[float, float, float]
    recall: tuple[float, float, float]
    f1: tuple[float, float, float]
    share: tuple[float, float, float]  # of mentions that carry the label


@dataclass(frozen=True)
class Calibration:
    """probability = σ(slope · score + offset), and from which probability the decision is yes or unsure."""

    slope: float
    offset: float
    yes: float
    unsure: float
    expected: Expected


@dataclass(frozen=True)
class Precisions:
    """From which probability up a "yes" should be right how often; None where that is never reached."""

    thresholds: tuple[float | None, ...]
    n: tuple[int, ...]  # mentions at large at or above it


def precisions(calibration: Calibration, at_large: Floats, wanted: tuple[float, ...]) -> Precisions:
    """Return the lowest thresholds at which the mean probability of what is said reaches each of ``wanted``."""
    shares = np.sort(_sigmoid(calibration.slope * at_large + calibration.offset))[::-1]
    means = np.cumsum(shares) / np.arange(1, len(shares) + 1)
    n = [int((means >= precision).sum()) for precision in wanted]
    return Precisions(tuple(float(shares[count - 1]) if count else None for count in n), tuple(n))


@dataclass(frozen=True)
class _Posterior:
    """The grid: one entry a pair (π, a)."""

    slopes: Floats
    offsets: Floats
    weights: Floats  # sum 1
    places: Floats  # scores of mentions at large, binned
    counts: Floats  # share of them in each bin

    @property
    def probabilities(self) -> Floats:
        """(pairs, bins)."""
        return CEILING * _sigmoid(self.slopes[:, None] * self.places + self.offsets[:, None])


def calibrate(positives: Floats, at_large: Floats, frequency: Frequency, seed: int = 7) -> Calibration:
    """Fit the calibration of a label.

    Args:
        positives: held-out scores of the examples.
        at_large: scores of unlabelled mentions, such that they vary by about 1.
        frequency: the prior of the label's share.
        seed: of the draws behind the intervals.
    """
    posterior = _posterior(positives, at_large, frequency)
    each = posterior.probabilities
    mean = posterior.weights @ each
    slope, offset = _line(posterior, mean)
    shares = _sigmoid(slope * posterior.places + offset)
    yes = _best_threshold(shares, posterior.counts)
    chance = np.random.default_rng(seed)
    drawn = each[chance.choice(len(each), size=_DRAWS, p=posterior.weights)] * posterior.counts
    carried, n_said = drawn.sum(1), float(len(at_large) * posterior.counts[shares >= yes].sum())
    recall = _recall(
        drawn[:, shares >= yes].sum(1) / carried, _sigmoid(slope * positives + offset) >= yes, n_said, chance
    )
    given = chance.gamma(n_said + 0.5, size=_DRAWS) / len(at_large)
    precision = np.clip(recall * carried / given, 0.01, 1)
    f1 = 2 * precision * recall / (precision + recall)
    expected = Expected(_interval(precision), _interval(recall), _interval(f1), _interval(carried))
    return Calibration(slope, offset, yes, UNSURE_SHARE * yes, expected)


def _recall(modelled: Floats, found: npt.NDArray[np.bool_], n_said: float, chance: np.random.Generator) -> Floats:
    """Draw recalls around what the posterior says and, where little at large is tagged, what the examples say."""
    trust, n = n_said / (n_said + _FEW_SAID), len(found)
    mean = trust * modelled + (1 - trust) * (found.sum() + 0.5) / (n + 1)
    return np.asarray(chance.beta(mean * n + 0.5, (1 - mean) * n + 0.5))


@dataclass(frozen=True)
class More:
    """What F1 twice and four times as many examples may bring: the value, then the ends of a 90 % interval."""

    n: int
    f1: tuple[float, float, float]


def with_more(measured: Mapping[int, float], n_examples: int) -> tuple[More, More]:
    """Extrapolate F1 = f − c/n from sub-samples, modestly.

    Args:
        measured: number of examples → F1 to expect, the mean of some sub-samples; ``n_examples`` is one of them.
        n_examples: how many there are.

    ``c`` is drawn towards what benchmarks/teaching.py found over many labels; the gain is never negative.
    """
    sizes, values = np.array(list(measured), dtype=float), np.array(list(measured.values()))
    here, slopes = measured[n_examples], 1 / sizes - 1 / n_examples
    information = (slopes**2).sum() / _F1_NOISE**2 + 1 / _GAIN_PRIOR[1] ** 2
    mean = (((here - values) * slopes).sum() / _F1_NOISE**2 + _GAIN_PRIOR[0] / _GAIN_PRIOR[1] ** 2) / information
    each = mean + np.array([0.0, -1.64, 1.64]) / np.sqrt(information)
    found = [
        More(n, tuple(float(min(0.99, here + max(0.0, c) * (1 / n_examples - 1 / n))) for c in each))  # type: ignore[arg-type]
        for n in (2 * n_examples, 4 * n_examples)
    ]
    return found[0], found[1]


def _posterior(positives: Floats, at_large: Floats, frequency: Frequency) -> _Posterior:
    counts, edges = np.histogram(at_large, bins=_N_BINS)
    kept = counts > 0
    places, shares = ((edges[1:] + edges[:-1]) / 2)[kept], counts[kept] / counts.sum()
    pi, slopes = (grid.ravel() for grid in np.meshgrid(_SHARES, _SLOPES, indexing="ij"))
    offsets = _offsets(pi / CEILING, slopes, places, shares)
    logits = slopes[:, None] * positives + offsets[:, None]
    log = -EXAMPLE_WEIGHT * (np.logaddexp(0, -logits).sum(1) + len(positives) * np.log(pi))
    log -= ((np.log(pi) - frequency.mean) / frequency.deviation) ** 2 / 2
    log -= ((np.log(slopes) - _SLOPE_PRIOR[0]) / _SLOPE_PRIOR[1]) ** 2 / 2
    weights = np.exp(log - log.max())
    return _Posterior(slopes, offsets, weights / weights.sum(), places, shares)


def _offsets(pi: Floats, slopes: Floats, places: Floats, shares: Floats) -> Floats:
    """The b at which the mean probability of mentions at large is π, by halving."""
    low, high = np.full(len(pi), -60.0), np.full(len(pi), 30.0)
    for _ in range(30):
        middle = (low + high) / 2
        mean = _sigmoid(slopes[:, None] * places + middle[:, None]) @ shares
        low, high = np.where(mean < pi, middle, low), np.where(mean < pi, high, middle)
    return np.asarray((low + high) / 2)


def _line(posterior: _Posterior, mean: Floats) -> tuple[float, float]:
    """The σ(a·s + b) nearest to the posterior mean, each mention weighing alike."""
    slope = float(posterior.weights @ posterior.slopes)
    offset = float(posterior.weights @ posterior.offsets)
    for _ in range(50):
        fitted = _sigmoid(slope * posterior.places + offset)
        bend = posterior.counts * fitted * (1 - fitted) + 1e-12
        gap = posterior.counts * (mean - fitted)
        places = posterior.places
        matrix = np.array([[bend @ places**2, bend @ places], [bend @ places, bend.sum()]]) + 1e-9 * np.eye(2)
        step = np.linalg.solve(matrix, np.array([gap @ places, gap.sum()]))
        slope, offset = slope + float(np.clip(step[0], -1, 1)), offset + float(np.clip(step[1], -3, 3))
    return slope, offset


def _best_threshold(shares: Floats, counts: Floats) -> float:
    """The probability from which "yes" gives the best F1 to expect."""
    scores = [
        2 * (shares * counts)[said].sum() / max(counts[said].sum() + (shares * counts).sum(), 1e-9)
        for said in (shares >= threshold for threshold in _THRESHOLDS)
    ]
    best = np.array(scores) >= 0.99 * max(scores)
    return float(_THRESHOLDS[best].mean())


def _interval(values: Floats) -> tuple[float, float, float]:
    low, middle, high = np.percentile(values, [5, 50, 95])
    return float(middle), float(low), float(high)


def _sigmoid(values: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -60, 60))))
