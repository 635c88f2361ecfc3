"""Since when a number goes up or down: the week that splits its history best, where one does so clearly."""

from collections.abc import Sequence
from datetime import date
from math import log
from typing import Final, NamedTuple

#: The best split must be better than all else by this much log-likelihood, that is, explain the counts 7 times as well.
_LEAST_MARGIN: Final = 2.0
#: A turn has so many weeks on either side: one week is no history, and the first leaves the window next.
_LEAST_WEEKS: Final = 2


class _Split(NamedTuple):
    gain: float  # log-likelihood of the two rates
    week: date | None  # of the first week after it; None: no split, one rate
    is_wanted: bool  # whether it goes in the direction that is asked for, with weeks enough on either side


def turning_week(weeks: Sequence[date], n: Sequence[int], n_all: Sequence[int], *, rising: bool) -> date | None:
    """Return the week from which ``n`` of ``n_all`` is higher (``rising``) or lower than before; None if none is clear.

    Every split of the weeks is tried (binomial likelihood, the single change-point of Hinkley 1970). The best one is
    named where its log-likelihood beats that of every other split, and of no split at all, by 2 or more: of a few noisy
    weeks the best is often another one the next night. It has two weeks or more on either side.

    Args:
        weeks: the Monday of each week, ascending.
        n: events of each week.
        n_all: what they are counted among, week by week, at least ``n``.
        rising: which direction is asked for.
    """
    splits = [_Split(_likelihood(sum(n), sum(n_all)), None, is_wanted=False)]
    for at in range(1, len(weeks)):
        before, before_all = sum(n[:at]), sum(n_all[:at])
        after, after_all = sum(n[at:]), sum(n_all[at:])
        if before_all and after_all:
            gain = _likelihood(before, before_all) + _likelihood(after, after_all)
            is_higher = after / after_all > before / before_all
            is_inside = _LEAST_WEEKS <= at <= len(weeks) - _LEAST_WEEKS
            splits.append(_Split(gain, weeks[at], is_wanted=is_inside and is_higher is rising))
    best, *others = sorted(splits, key=lambda split: -split.gain)
    is_clear = best.is_wanted and best.gain - others[0].gain >= _LEAST_MARGIN
    return best.week if is_clear else None


def _likelihood(n: int, n_all: int) -> float:
    """Log-likelihood of a binomial at its best rate; 0 when there is nothing to tell."""
    rest = n_all - n
    return sum(part * log(part / n_all) for part in (n, rest) if part > 0)
