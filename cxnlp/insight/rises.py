"""Which series of daily reports rise beyond season, weekday and volume; docs/alerts.md says how and why.

A series is a subject (a label, or a label beside a moment) at a place (everywhere, a product, a location, both). It is
counted in people a day, among the people heard that day at that place. All arrays end with the night's last day.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: A rise is looked for in the last so many days, against the BASELINE days before them.
WINDOWS: Final = (1, 2, 7, 28)
BASELINE: Final = 56
DAYS: Final = BASELINE + WINDOWS[-1]

#: Days of the whole company's history that say what weekdays and seasons do and how well forecasts hold: two years, and
#: what stood before the first of them.
PAST: Final = 2 * 364 + DAYS + 7

#: How the night's false alarms are shared out: what is small must not use up what the whole company may spend.
GROUPS: Final = {
    "label": 0.35,
    "label and moment": 0.15,
    "label at a product": 0.15,
    "label at a location": 0.15,
    "label at a product and a location": 0.10,
    "label and moment at a product": 0.05,
    "label and moment at a location": 0.05,
}

_YEAR: Final = 364  # whole weeks: weekdays stay where they are
_LEARNING: Final = 182  # nights by which forecasts are judged
_LEAST_BASELINE: Final = 28  # days of history before a window counts
_WEEKDAY_REPORTS: Final = 20  # reports that pull a weekday's or a season's factor half way to 1
_PLACE_REPORTS: Final = 2.0  # reports that the company's share counts for at a place
_NO_REPORTS: Final = 0.5  # Jeffreys' prior of a rate
_TRIMMED: Final = 0.95  # of the nights are kept
_TRIMMED_SQUARE: Final = 0.8215  # E[z² | z below its 95 % point] of a normal z
_LEAST_SPREAD: Final = 0.01  # squared coefficient of variation that no series is better than
_UNKNOWN_SPREAD: Final = 0.1  # where too few nights have been


@dataclass(frozen=True)
class Watch:
    """What is watched: counts by day, and which row belongs to which."""

    reports: Ints  # (series, DAYS): people who report
    heard: Ints  # (places, DAYS): people heard; row 0 is everywhere
    past: Ints  # (subjects, PAST): people who report, everywhere
    past_heard: Ints  # (PAST,)
    subject: Ints  # (series,): row of past
    place: Ints  # (series,): row of heard
    group: Ints  # (series,): position in GROUPS


@dataclass(frozen=True)
class Rises:
    """What was found, one entry for each series that rose; of several windows the least likely one."""

    series: Ints  # row of Watch.reports
    days: Ints  # length of the window
    n: Ints  # people who reported in it, counted once a day
    expected: Floats
    p_value: Floats  # chance of at least so many, where nothing rose


def rises(watch: Watch, *, false_alarms: float, least_people: int, least_rise: float) -> Rises:
    """Return the series that rose.

    Args:
        watch: counts up to the night.
        false_alarms: how many may be expected a night over all series, when nothing rises.
        least_people: fewer reports are never a rise.
        least_rise: reports per expected report below which nothing is a rise, such as 1.5.
    """
    weekdays = _weekdays(watch.past, watch.past_heard)
    n_windows, n_series = len(WINDOWS), len(watch.reports)
    n, expected, spread = (np.zeros((n_windows, n_series)) for _ in range(3))
    is_known = np.zeros((n_windows, n_series), dtype=bool)
    everywhere = _Everywhere(watch.past, watch.past_heard, weekdays)
    for at, days in enumerate(WINDOWS):
        share, season, shocks = everywhere.learnt(days)
        n[at] = watch.reports[:, -days:].sum(axis=1)
        n_before = watch.reports[:, -days - BASELINE : -days].sum(axis=1)
        exposed = _exposure(watch, weekdays, slice(-days, None))
        exposed_before = _exposure(watch, weekdays, slice(-days - BASELINE, -days))
        worth = np.where(watch.place == 0, 0.0, _PLACE_REPORTS)
        rate = (n_before + worth + _NO_REPORTS) / np.maximum(exposed_before + worth / share[watch.subject], 1e-9)
        expected[at] = rate * exposed * season[watch.subject]
        spread[at] = 1 / (n_before + worth + _NO_REPORTS) + shocks[watch.subject]
        is_known[at] = (exposed_before > 0) & (watch.heard[:, -days:].sum(axis=1)[watch.place] >= least_people)
        is_known[at] &= everywhere.n_days(days) >= _LEAST_BASELINE
    least = np.maximum(least_people, np.ceil(least_rise * expected))
    rarest = np.where(is_known, chance_of(least, expected, spread), 0)
    limit = np.array([_limit(rarest[:, watch.group == at], false_alarms * share) for at, share in
                      enumerate(GROUPS.values())])  # fmt: skip
    p_value = np.where(is_known & (n >= least), chance_of(np.maximum(n, 1), expected, spread), 1)
    p_value = np.where(p_value <= limit[watch.group], p_value, 1)
    best = p_value.argmin(axis=0)
    rows = np.flatnonzero(p_value.min(axis=0, initial=1) < 1)
    best = best[rows]
    return Rises(
        rows, np.array(WINDOWS)[best], n[best, rows].astype(np.int64), expected[best, rows], p_value[best, rows]
    )


def chance_of(n: Floats, expected: Floats, spread: Floats) -> Floats:
    """Return the chance of ``n`` or more of a negative binomial with this mean and variance mean + spread · mean²."""
    from scipy.special import betainc  # here, as most commands need none of it

    return np.asarray(betainc(n, 1 / spread, expected / (expected + 1 / spread)), dtype=np.float64)


def _limit(rarest: Floats, budget: float) -> float:
    """Return the p-value up to which series may alarm, so that ``budget`` false alarms are expected at most.

    A series spends no more than ``rarest``, its chance to reach the least number that may be an alarm at all: counts
    are whole numbers, and small series reach theirs far more rarely than any limit says (Tarone 1990, Gilbert 2005).
    """
    spent = np.sort(rarest[rarest > 0])
    if spent.sum() <= budget:
        return 1.0
    before = np.concatenate([[0.0], np.cumsum(spent)[:-1]])
    left = (budget - before) / np.arange(len(spent), 0, -1)
    return float(left[np.flatnonzero(left <= spent)[0]])


def _weekdays(past: Ints, heard: Ints) -> Floats:
    """Return (subjects, 7): how often a subject is spoken of beside its average, by days before the last modulo 7."""
    of_day = _ages(_LEARNING) % 7
    said, people = past[:, -_LEARNING:], heard[-_LEARNING:]
    share = said.sum(axis=1) / max(people.sum(), 1)
    found = np.stack([said[:, of_day == day].sum(axis=1) for day in range(7)], axis=1)
    usual = share[:, None] * np.array([people[of_day == day].sum() for day in range(7)])
    return np.asarray((found + _WEEKDAY_REPORTS) / (usual + _WEEKDAY_REPORTS), dtype=np.float64)


def _ages(n_days: int) -> Ints:
    return np.arange(n_days - 1, -1, -1)


def _exposure(watch: Watch, weekdays: Floats, days: slice) -> Floats:
    """Return for each series the people heard in these days, each as likely to report as people of his weekday are."""
    of_day = (_ages(DAYS) % 7)[days]
    heard = watch.heard[:, days]
    by_weekday = np.stack([heard[:, of_day == day].sum(axis=1) for day in range(7)], axis=1)
    return np.asarray(np.einsum("sd,sd->s", by_weekday[watch.place], weekdays[watch.subject]), dtype=np.float64)


class _Everywhere:
    """What the whole company's history says of each subject."""

    def __init__(self, past: Ints, heard: Ints, weekdays: Floats) -> None:
        exposed = heard * weekdays[:, _ages(past.shape[1]) % 7]
        self._said = np.pad(np.cumsum(past, axis=1), ((0, 0), (1, 0)))
        self._exposed = np.pad(np.cumsum(exposed, axis=1), ((0, 0), (1, 0)))
        found = np.flatnonzero(heard)
        self._first = int(found[0]) if len(found) else past.shape[1]
        self._end = past.shape[1]

    def n_days(self, days: int) -> int:
        """Days of history before the window."""
        return int(self._end - days - self._first)

    def learnt(self, days: int) -> tuple[Floats, Floats, Floats]:
        """Return (subjects,) share before the window, season's factor, and spread of the forecast of ``days`` days."""
        tonight = np.array([self._end])
        said, exposed = self._sums(tonight - days - BASELINE, tonight - days)
        share = (said[:, 0] + _NO_REPORTS) / np.maximum(exposed[:, 0], 1e-9)
        return share, self._season(tonight, days)[:, 0], self._shocks(days)

    def _sums(self, start: Ints, end: Ints) -> tuple[Floats, Floats]:
        start, end = np.maximum(start, 0), np.maximum(end, 0)
        said = (self._said[:, end] - self._said[:, start]).astype(np.float64)
        return said, self._exposed[:, end] - self._exposed[:, start]

    def _season(self, ends: Ints, days: int) -> Floats:
        """Return (subjects, nights): how these days stood to the weeks before them in the years before, 0.5 to 2."""
        found = expected = np.zeros((len(self._said), len(ends)))
        for year in (1, 2):
            end = ends - year * _YEAR + 7
            start = end - days - 14
            is_there = start - BASELINE >= self._first
            said, exposed = self._sums(start, end)
            said_before, exposed_before = self._sums(start - BASELINE, start)
            usual = exposed * said_before / np.maximum(exposed_before, 1e-9)
            found, expected = found + is_there * said, expected + is_there * usual
        return np.asarray(((found + _WEEKDAY_REPORTS) / (expected + _WEEKDAY_REPORTS)).clip(0.5, 2))

    def _shocks(self, days: int) -> Floats:
        """Return (subjects,) squared coefficient of variation of what chance alone does not explain.

        By how far the same forecast missed on the nights before. The nights that rose most (one in twenty) are left
        out, as alarms of the past must not hide those to come.
        """
        ends = np.arange(self._end - days, self._end - days - _LEARNING, -1)
        ends = ends[ends - days - _LEAST_BASELINE >= self._first]
        if len(ends) < _LEAST_BASELINE:
            return np.full(len(self._said), _UNKNOWN_SPREAD)
        n, exposed = self._sums(ends - days, ends)
        before, exposed_before = self._sums(ends - days - BASELINE, ends - days)
        expected = (before + _NO_REPORTS) / np.maximum(exposed_before, 1e-9) * exposed * self._season(ends, days)
        usual = expected + expected**2 / (before + _NO_REPORTS)
        missed = (n - expected) / np.sqrt(np.maximum(usual, 1e-9))
        kept = missed <= np.quantile(missed, _TRIMMED, axis=1, keepdims=True)
        excess = kept * ((n - expected) ** 2 / _TRIMMED_SQUARE - usual)
        squares = kept * expected**2
        own = excess.sum(axis=1) / np.maximum(squares.sum(axis=1), 1e-9)
        own = np.where(expected.mean(axis=1) >= 3, own, 0)
        pooled = excess.sum() / max(squares.sum(), 1e-9)
        return np.asarray(np.maximum(np.maximum(own, pooled), _LEAST_SPREAD), dtype=np.float64)
