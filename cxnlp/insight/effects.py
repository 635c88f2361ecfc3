"""What moves an outcome: each cause beside all others, with intervals that know that people write several times."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: People are resampled one by one up to this many, beyond that in this many groups of people drawn at random.
MOST_GROUPS: Final = 1_000
#: Doubt beside the data, in documents a cause: keeps causes that always come together from cancelling each other.
RIDGE: Final = 1.0

_DRAWS: Final = 400
_ORDERS: Final = 32  # with their reverses
_TAILS: Final = (0.025, 0.975)


@dataclass(frozen=True)
class Estimate:
    """One number a cause, with the ends of its 95 % interval."""

    value: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class Effects:
    """What each cause does to an outcome, in the outcome's unit; arrays have one entry a cause."""

    effect: Estimate  # of one step of the cause, all others being equal
    explained_share: Estimate  # of the outcome's variance, 0 to 1; all causes together give R²
    impact: Estimate  # on the outcome's mean, were the cause felt as its kind is on average
    is_driver: npt.NDArray[np.bool_]  # the effect is not 0, with 5 % false ones among all that are so called


def effects(
    outcome: Floats, feelings: Floats, *, person: Ints, kind: Ints, controls: Floats | None = None, seed: int = 1
) -> Effects:
    """Estimate what each cause does to ``outcome``.

    * Effect: ridge regression on all causes and controls at once, so that a bystander of a true cause gets nothing.
    * Explained share: Shapley's share of R² (Lindeman, Merenda & Gold 1980: LMG), averaged over orders drawn at random.
    * Impact: effect × share of documents that speak of the cause × (average feeling of its kind - its own feeling).
    * Intervals: bootstrap by person, normal for effect and impact, percentiles for shares. `is_driver` by Benjamini &
      Hochberg 1995 over all causes.

    Args:
        outcome: (documents,).
        feelings: (documents, causes), -1 to 1; NaN where the document does not speak of the cause, which counts as 0.
        person: (documents,) who wrote it, any whole numbers.
        kind: (causes,) whole numbers; the average of an impact is that of the causes of one kind.
        controls: (documents, controls) what is held equal and not reported.
        seed: of the draws; the same seed and data give the same numbers.
    """
    from scipy import stats  # here, as most commands need none of it

    n, n_causes = feelings.shape
    spoken = ~np.isnan(feelings)
    held = np.ones((n, 1)) if controls is None else np.column_stack([np.ones(n), controls])
    groups = _groups(person, np.random.default_rng(seed))
    grams = _by_group(np.column_stack([held, np.nan_to_num(feelings), outcome]), groups)
    sums = np.stack([_sums(np.nan_to_num(feelings), groups), _sums(spoken.astype(float), groups)], axis=1)
    orders = _orders(n_causes, np.random.default_rng(seed + 1))
    draws = np.random.default_rng(seed + 2).multinomial(len(grams), np.full(len(grams), 1 / len(grams)), _DRAWS)
    width = held.shape[1]
    rows = [_once(weights, grams, sums, width, kind, orders, n) for weights in (np.ones(len(grams)), *draws)]
    effect, share, impact = (np.stack(column) for column in zip(*rows, strict=True))
    spread = effect[1:].std(0, ddof=1)
    chance = 2 * stats.norm.sf(np.abs(effect[0]) / np.maximum(spread, np.finfo(float).tiny))
    low, high = np.quantile(share[1:], _TAILS, axis=0)
    return Effects(
        _normal(effect), Estimate(share[0], np.minimum(low, share[0]), np.maximum(high, share[0])), _normal(impact),
        stats.false_discovery_control(chance) < 0.05,
    )  # fmt: skip


def _once(
    weights: Floats, grams: Floats, sums: Floats, width: int, kind: Ints, orders: Ints, n: int
) -> tuple[Floats, Floats, Floats]:
    """Effect, explained share and impact in one draw of the groups; ``width`` columns of the sums are controls."""
    left = _without_controls(np.tensordot(weights, grams, 1), width)
    n_causes = len(left) - 1
    left[range(n_causes), range(n_causes)] += RIDGE
    effect: Floats = np.linalg.solve(left[:-1, :-1], left[:-1, -1]).astype(np.float64)
    felt, spoken = np.tensordot(weights, sums, 1)
    by_kind = [np.bincount(kind, weights=column)[kind] for column in (felt, spoken)]
    average = by_kind[0] / np.maximum(by_kind[1], 1)
    impact: Floats = effect * (average * spoken - felt) / n
    return effect, _shares(left, orders), impact


def _shares(gram: Floats, orders: Ints) -> Floats:
    """Share of the outcome's variance that each cause adds, averaged over the orders in which they may come.

    Where the outcome is the last row of a Cholesky factor, the squares of that row are what each column adds.
    """
    n_causes = len(gram) - 1
    laid = np.column_stack([orders, np.full(len(orders), n_causes)])
    last = np.linalg.cholesky(gram[laid[:, :, None], laid[:, None, :]])[:, -1, :-1]
    added = np.zeros_like(last)
    np.put_along_axis(added, orders, last**2, axis=1)
    share: Floats = added.mean(0) / gram[-1, -1]
    return share


def _without_controls(gram: Floats, width: int) -> Floats:
    """What is left of the causes' and the outcome's sums of products once the controls explained what they can."""
    across = gram[:width, width:]
    left: Floats = gram[width:, width:] - across.T @ np.linalg.pinv(gram[:width, :width], hermitian=True) @ across
    return left


def _orders(n_causes: int, chance: np.random.Generator) -> Ints:
    drawn = np.stack([chance.permutation(n_causes) for _ in range(_ORDERS)])
    return np.concatenate([drawn, drawn[:, ::-1]])


def _groups(person: Ints, chance: np.random.Generator) -> Ints:
    """Number the people, or put them into `MOST_GROUPS` groups of about the same size."""
    names, of_document = np.unique(person, return_inverse=True)
    if len(names) <= MOST_GROUPS:
        return of_document
    group: Ints = (chance.permutation(len(names)) % MOST_GROUPS)[of_document]
    return group


def _by_group(columns: Floats, groups: Ints) -> Floats:
    """Sums of products of the columns, group by group."""
    ordered = columns[np.argsort(groups, kind="stable")]
    parts = np.split(ordered, np.cumsum(np.bincount(groups))[:-1])
    return np.stack([part.T @ part for part in parts])


def _sums(columns: Floats, groups: Ints) -> Floats:
    found = np.zeros((groups.max() + 1, columns.shape[1]))
    np.add.at(found, groups, columns)
    return found


def _normal(drawn: Floats) -> Estimate:
    """The first row with the normal interval of the others' spread."""
    from scipy import stats

    reach = stats.norm.ppf(_TAILS[1]) * drawn[1:].std(0, ddof=1)
    return Estimate(drawn[0], drawn[0] - reach, drawn[0] + reach)
