"""Since when a number goes up or down: the week that splits its history best."""

from collections.abc import Sequence
from datetime import date
from math import log


def turning_week(weeks: Sequence[date], n: Sequence[int], n_all: Sequence[int], *, rising: bool) -> date | None:
    """Return the week from which ``n`` of ``n_all`` is higher (``rising``) or lower than before, or None.

    Every split of the weeks is tried; the one whose two rates explain the counts best wins (binomial likelihood
    ratio, the single change-point of Hinkley 1970). A split must leave something to compare on either side.

    Args:
        weeks: the Monday of each week, ascending.
        n: events of each week.
        n_all: what they are counted among, week by week, at least ``n``.
        rising: which direction is asked for.
    """
    best: tuple[float, date] | None = None
    for split in range(1, len(weeks)):
        before, before_all = sum(n[:split]), sum(n_all[:split])
        after, after_all = sum(n[split:]), sum(n_all[split:])
        if not before_all or not after_all:
            continue
        rate_before, rate_after = before / before_all, after / after_all
        if rate_after == rate_before or (rate_after > rate_before) is not rising:
            continue
        gain = _likelihood(before, before_all) + _likelihood(after, after_all)
        if best is None or gain > best[0]:
            best = gain, weeks[split]
    return best[1] if best else None


def _likelihood(n: int, n_all: int) -> float:
    """Log-likelihood of a binomial at its best rate; 0 when there is nothing to tell."""
    rest = n_all - n
    return sum(part * log(part / n_all) for part in (n, rest) if part > 0)
