"""When the evidence about a fix decides, and how large its effect is: beside all controls, and beside all but each."""

from dataclasses import dataclass
from math import inf
from typing import Final

import numpy as np
import numpy.typing as npt

from cxnlp.insight.verdicts_evidence import Floats, Noise, evidence, likelihood, noise, reach

Ints = npt.NDArray[np.int64]

LONGEST: Final = 182  # days after which a fix that nobody could see has not worked
NEVER: Final = 10**6  # days
RECENT: Final = 28  # days before the fix that may have been an outbreak

_LEAST_DAYS: Final = 7  # before anything is said: every weekday once
_LEAST_DAYS_WITHOUT: Final = 28  # before it is said that nothing came of it: a fix must be felt first
_LEAST_SETS: Final = 2  # controls, so that one can be left out
_WEIGHT_OF_CONTROLS: Final = 0.5  # what they say of the item's noise, which need not be theirs
_GRID: Final = np.arange(-8.0, 3.0, 0.05)  # logarithms of effects among which the interval's ends are sought


@dataclass(frozen=True)
class Series:
    """Daily counts of an item and of what it is compared with; axes before those named are carried along."""

    n: Floats  # (…, days) reports of the item
    controls: Floats  # (…, controls, days) reports of each control
    heard: Floats | float = 1.0  # (…, days) people heard where the item is counted
    places: Floats | float = 1.0  # (…, controls, days) people heard where each control is counted
    weights: Floats | float = 1.0  # (…, controls, 1) how much of the controls' reports each of those brings

    def until(self, day: int) -> "Series":
        """The days before ``day``."""
        heard, places = (part if isinstance(part, float) else part[..., :day] for part in (self.heard, self.places))
        return Series(self.n[..., :day], self.controls[..., :day], heard, places, self.weights)

    def sets(self) -> tuple[Floats, Floats]:
        """Return reports and exposure (…, sets, days) of all controls together and, of two or more, of all but each.

        A verdict must hold beside every set, so that nothing that befalls a single control can decide.
        """
        heard = np.broadcast_to(self.heard, self.n.shape)
        return _leaving_out(self.controls), (heard[..., None, :] + 1) / (self.beside() + 1)

    def beside(self) -> Floats:
        """Return (…, sets, days) people heard for a set: the mean over its controls, by their weights."""
        weights = np.broadcast_to(self.weights, self.controls.shape)
        return _leaving_out(weights * self.places) / _leaving_out(weights)


@dataclass(frozen=True)
class Decisions:
    """Days after the fix on which each was first shown, `NEVER` where it was not; shape (…)."""

    verified: Ints
    harmful: Ints
    without: Ints  # surely smaller than the least improvement, or the longest time is over

    @property
    def is_verified(self) -> npt.NDArray[np.bool_]:
        """Shown to have worked before anything else was shown: a decision stays."""
        return self.verified < np.minimum(self.harmful, self.without)

    @property
    def is_harmful(self) -> npt.NDArray[np.bool_]:
        """Shown to have done harm, even if it was first only known not to have worked."""
        return (self.harmful < NEVER) & ~self.is_verified


def decided(series: Series, *, changed: int, least_effect: float) -> Decisions:
    """Return when each verdict was first shown.

    Args:
        series: days before the fix and at least one after it.
        changed: position of its day, which counts on neither side.
        least_effect: the smallest improvement that matters, as rate after / rate before.
    """
    unchanged, too_little = (reached(series, changed, log_effect) for log_effect in (0.0, np.log(least_effect)))
    n_days = np.arange(1, unchanged.shape[-1] + 1)
    soon, late = n_days >= _LEAST_DAYS, n_days >= _LEAST_DAYS_WITHOUT
    return Decisions(
        _first((unchanged <= -1).all(axis=-2) & soon),
        _first((unchanged >= 1).all(axis=-2) & soon),
        _first((too_little >= 1).all(axis=-2) & late | (n_days >= LONGEST)),
    )


def rose_before(series: Series, *, changed: int) -> npt.NDArray[np.bool_]:
    """Return (…) whether the item surely rose in the `RECENT` days before the fix: an outbreak may end by itself."""
    start = changed - RECENT
    if start < RECENT:
        return np.zeros(series.n.shape[:-1], dtype=bool)
    return decided(series.until(changed), changed=start, least_effect=1.0).is_harmful


def interval(series: Series, *, changed: int) -> tuple[float, float, float]:
    """Return effect, low and high on the last day, the widest interval of all sets of controls; infinite: no end.

    Args:
        series: of one item, without axes before controls and days; at least one day after the fix.
        changed: position of the day of the fix.
    """
    everywhere = reached(series, changed, _GRID[:, None])
    of_sets = everywhere[..., -1].T
    ends = [[_where(of_set, level) for level in (0.0, 1.0, -1.0)] for of_set in of_sets]
    _, low, high = zip(*ends, strict=True)
    return ends[0][0], min(low), max(high)


def usual_noise(series: Series) -> Noise:
    """Return the noise (…, 1) of an item, from its days before the fix and those of its controls.

    Args:
        series: the days before the fix. Each control, held beside all others, weighs half as much as the item.
    """
    controls, exposure = series.sets()
    prior: Floats | float = 0.0
    if series.controls.shape[-2] >= _LEAST_SETS:
        own = (np.broadcast_to(series.places, series.controls.shape) + 1) / (series.beside()[..., 1:, :] + 1)
        prior = _WEIGHT_OF_CONTROLS * likelihood(series.controls, controls[..., 1:, :], exposure=own).sum(axis=-2)
    found = noise(series.n, controls[..., 0, :], exposure=exposure[..., 0, :], prior=prior)
    return Noise(found.dispersion[..., None], found.drift[..., None])


def reached(series: Series, changed: int, log_effect: Floats | float) -> Floats:
    """Return (…, sets, days after) how far ``log_effect`` is from what was counted: beyond ±1 it is not true."""
    others, exposure = series.sets()
    found = evidence(series.n[..., None, :], others, changed=changed, noise=usual_noise(series.until(changed)),
                     log_effect=log_effect, exposure=exposure)  # fmt: skip
    return reach(found)


def _leaving_out(controls: Floats) -> Floats:
    every = controls.sum(axis=-2, keepdims=True)
    return every if controls.shape[-2] < _LEAST_SETS else np.concatenate([every, every - controls], axis=-2)


def _first(shown: npt.NDArray[np.bool_]) -> Ints:
    return np.where(shown.any(axis=-1), shown.argmax(axis=-1) + 1, NEVER)


def _where(of_set: Floats, level: float) -> float:
    """Return the effect of which ``of_set`` (falling along the grid) is ``level``: 0 or infinite beyond the grid."""
    if level > of_set[0]:
        return 0.0
    if level < of_set[-1]:
        return inf
    return float(np.exp(np.interp(-level, -of_set, _GRID)))
