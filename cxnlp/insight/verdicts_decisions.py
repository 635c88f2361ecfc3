"""When the evidence about a fix decides, and how large its effect is: beside all controls, and beside all but each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Final

import numpy as np
import numpy.typing as npt

from cxnlp.insight.verdicts_evidence import ALPHA, Floats, Noise, evidence, likelihood, noise, reach

Ints = npt.NDArray[np.int64]

LONGEST: Final = 182  # days after which a fix that nobody could see has not worked
NEVER: Final = 10**6  # days
OUTBREAK: Final = 84  # days before the fix that may have been an outbreak, at most
LEAST_OUTBREAK: Final = 28  # days that must be left out, at least, for a fall not to have come by itself
LEAST_BEFORE: Final = 28  # days before those that must be known

_LEAST_DAYS: Final = 7  # before anything is said: every weekday once
_LEAST_DAYS_WITHOUT: Final = 28  # before it is said that nothing came of it: a fix must be felt first
_LEAST_SETS: Final = 2  # controls, so that one can be left out
_WEIGHT_OF_CONTROLS: Final = 0.5  # what they say of the item's noise, which need not be theirs
_GRID: Final = np.arange(-8.0, 3.0, 0.05)  # logarithms of effects among which the interval's ends are sought
_ALPHA_BEFORE: Final = 0.4  # chance that the level before an outbreak is missed: one more proof, beside the main one


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

    def silent(self, days: slice) -> "Series":
        """The same as if nobody had been asked on some days."""
        kept = np.ones(self.n.shape[-1])
        kept[days] = 0
        return replace(self, n=self.n * kept, controls=self.controls * kept)

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

    verified: Ints  # it fell, also below what it was before an outbreak
    harmful: Ints
    without: Ints  # surely smaller than the least improvement, or the longest time is over
    fell: Ints  # it fell, and may have done so by itself

    @property
    def is_verified(self) -> npt.NDArray[np.bool_]:
        """Shown to have worked before anything else was shown: a decision stays."""
        return self.verified < np.minimum(self.harmful, self.without)

    @property
    def is_harmful(self) -> npt.NDArray[np.bool_]:
        """Shown to have done harm, even if it was first only known not to have worked."""
        return (self.harmful < NEVER) & ~self.is_verified

    @property
    def is_unclear(self) -> npt.NDArray[np.bool_]:
        """Fallen, but perhaps by itself: time alone does not show that it did not work."""
        return (self.fell < NEVER) & (self.without >= LONGEST) & ~self.is_verified & ~self.is_harmful


def decided(beside: Sequence[Series], *, changed: int, least_effect: float) -> Decisions:
    """Return when each verdict was first shown.

    A verdict must hold in all of ``beside``. An outbreak that ends by itself on the day of the fix looks like one that
    was mended: so what worked must, in the last of them, also be reported less than before the last `OUTBREAK` days, of
    which at least `LEAST_OUTBREAK` are known. Beside the item elsewhere fewer will do: it has the same outbreaks.

    Args:
        beside: the item beside each kind of control: days before the fix and at least one after it.
        changed: position of its day, which counts on neither side.
        least_effect: the smallest improvement that matters, as rate after / rate before.
    """
    unchanged, too_little = (
        [reached(series, changed, log_effect) for series in beside] for log_effect in (0.0, np.log(least_effect))
    )
    n_days = np.arange(1, unchanged[0].shape[-1] + 1)
    soon, late = n_days >= _LEAST_DAYS, n_days >= _LEAST_DAYS_WITHOUT
    fell = _everywhere([-each for each in unchanged]) & soon
    n_left_out = left_out(changed)
    if n_left_out >= LEAST_OUTBREAK or len(beside) > 1:
        before = reached(beside[-1], changed, 0.0, n_left_out=n_left_out, alpha=_ALPHA_BEFORE)
        below = (before <= -1).all(axis=-2)
    else:
        below = np.zeros_like(fell)
    return Decisions(
        verified=_first(fell & below),
        harmful=_first(_everywhere(unchanged) & soon),
        without=_first(_everywhere(too_little) & late | (n_days >= LONGEST)),
        fell=_first(fell),
    )


def left_out(changed: int) -> int:
    """Return how many of the days before the fix are left out where an outbreak may have ended by itself."""
    return max(min(OUTBREAK, changed - LEAST_BEFORE), 0)


def interval(beside: Sequence[Series], *, changed: int) -> tuple[float, float, float]:
    """Return effect, low and high on the last day, the widest interval of all sets of controls; infinite: no end.

    The effect is that beside all of the last kind of controls.

    Args:
        beside: of one item, without axes before controls and days; at least one day after the fix.
        changed: position of the day of the fix.
    """
    ends = []
    for series in beside:
        of_sets = reached(series, changed, _GRID[:, None])[..., -1].T
        ends.append([[_where(of_set, level) for level in (0.0, 1.0, -1.0)] for of_set in of_sets])
    _, low, high = zip(*(end for of_series in ends for end in of_series), strict=True)
    return ends[-1][0][0], min(low), max(high)


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


def reached(
    series: Series, changed: int, log_effect: Floats | float, *, n_left_out: int = 0, alpha: float = ALPHA
) -> Floats:
    """Return (…, sets, days after) how far ``log_effect`` is from what was counted: beyond ±1 it is not true.

    Args:
        series: days before the fix and at least one after it.
        changed: position of its day.
        log_effect: the value that is judged; broadcasts with (…, sets).
        n_left_out: days before the fix that are not looked at.
        alpha: chance that the truth is ever found beyond ±1.
    """
    seen = series.silent(slice(changed - n_left_out, changed)) if n_left_out else series
    usual = usual_noise(seen.until(changed))
    others, exposure = seen.sets()
    found = evidence(seen.n[..., None, :], others, changed=changed, noise=usual, log_effect=log_effect,
                     exposure=exposure)  # fmt: skip
    return reach(found, alpha=alpha)


def _everywhere(reaches: Sequence[Floats]) -> npt.NDArray[np.bool_]:
    """Whether every set of every kind of controls says so: (…, days after)."""
    shown: npt.NDArray[np.bool_] = np.all([(each >= 1).all(axis=-2) for each in reaches], axis=0)
    return shown


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
