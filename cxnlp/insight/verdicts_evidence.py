"""How strongly daily counts say that something changed on a day, looked at every day without paying for each look.

All arrays end in an axis of days; whatever stands before it (items, sets of controls, simulations) is carried along.

On a day, ``n`` of ``n + others`` reports are the item's. Given their sum, whatever moves both alike (volume, season,
bad days) is gone. The log-odds are ``level + weekday + θ`` from the day after the change on, where θ is the logarithm
of the effect, and the level wanders from day to day by ``drift``, as much as it did before. An extended Kalman filter
for that level (West & Harrison 1997, ch. 14) leaves of every day what could not be foreseen. For the true θ these
surprises have the mean 0 given the past, so their weighted sum is a martingale, and Robbins' (1970) normal mixture
bounds it on all days at once (Howard, Ramdas, McAuliffe & Sekhon 2021). It is exact for normal surprises.
"""

from dataclasses import dataclass
from math import log
from typing import Final, cast

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

#: Standard deviation of the mixture, in logarithms of effects: what is expected to matter, here a fall by 40 %.
MIXTURE: Final = 0.5
#: Chance that the interval ever leaves out the truth.
ALPHA: Final = 0.05

_PRECISION: Final = 1 / MIXTURE**2
_WEEK: Final = 7
_NO_REPORTS: Final = 0.5  # Jeffreys' prior of odds
_LEAST_WEIGHT: Final = 1e-9  # weeks that know less were not heard at all
_WEEKDAY_REPORTS: Final = 20.0  # reports that pull a weekday's factor half way to 1
_UNKNOWN_LEVEL: Final = 1.0  # variance of the level's logarithm before the first day
_DISPERSIONS: Final = np.array([1.0, 1.4, 2.0, 2.8, 4.0, 5.6, 8.0, 16.0])
_DRIFTS: Final = np.array([0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2]) ** 2  # variance of the level's logarithm, a week


@dataclass(frozen=True)
class Noise:
    """What moves log-odds although nothing changed."""

    dispersion: Floats  # variance of counts beside that of a binomial, 1 or more
    drift: Floats  # variance that the level gains a day


@dataclass(frozen=True)
class Evidence:
    """What the days up to each day say about one value of θ."""

    score: Floats  # weighted sum of surprises: below 0 where the truth lies below the value
    information: Floats  # its variance, were the value true


def noise(n: Floats, others: Floats, *, exposure: Floats | float = 1.0, prior: Floats | float = 0.0) -> Noise:
    """Return dispersion and drift of counts before the change: means of their posterior on a grid.

    Whole weeks are judged, as daily clumps and people who write twice in a week belong to the noise between weeks.

    Args:
        n: (…, days) reports of the item, the last day being the last one before the change.
        others: (…, days) reports that they are compared with.
        exposure: (…, days) as in `evidence`.
        prior: (…, cells) log-likelihoods beside the data, such as `likelihood` of the controls.
    """
    said = likelihood(n, others, exposure=exposure) + prior
    weights = np.exp(said - said.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    dispersion, drift = _cells()
    return Noise((weights * dispersion).sum(axis=-1), (weights * drift).sum(axis=-1) / _WEEK)


def likelihood(n: Floats, others: Floats, *, exposure: Floats | float = 1.0) -> Floats:
    """Return (…, cells) log-likelihoods of each dispersion and drift on the grid, normal for each week's surprise."""
    found, compared = _by_week(n)[..., None, :], _by_week(others)[..., None, :]
    known = _by_week(np.broadcast_to(exposure, others.shape))[..., None, :] / _WEEK
    dispersion, drift = _cells()
    level, doubt = _start(found, compared * known), np.full_like(dispersion, _UNKNOWN_LEVEL)
    usual = np.log(known)
    said = np.zeros(1)
    for week in range(found.shape[-1]):
        doubt = doubt + drift
        at = level + usual[..., week]
        surprise, weight = _surprise(found[..., week], compared[..., week], at, dispersion)
        spread = 1 + doubt * weight
        heard = np.maximum(weight, _LEAST_WEIGHT)
        said = said - np.where(weight > _LEAST_WEIGHT, np.log(spread / heard) + surprise**2 / (heard * spread), 0) / 2
        level, doubt = level + doubt / spread * surprise, doubt / spread
    return cast(Floats, said)


def evidence(
    n: Floats,
    others: Floats,
    *,
    changed: int,
    noise: Noise,
    log_effect: Floats | float,
    exposure: Floats | float = 1.0,
) -> Evidence:
    """Return what each day after the change says about ``log_effect``: (…, days after day ``changed``).

    Args:
        n: (…, days) reports of the item, at least one day after the change.
        others: (…, days) reports that they are compared with.
        changed: position of the day of the change, which counts on neither side.
        noise: arrays that broadcast with (…).
        log_effect: the value of θ that is judged; broadcasts with (…).
        exposure: (…, days) people who could report the item beside those who could report the others, above 0; 1 where
            they are the same people.
    """
    known = np.broadcast_to(exposure, others.shape)
    level = _start(n[..., :changed], (others * known)[..., :changed])
    usual = _weekdays(n[..., :changed], (others * known)[..., :changed])
    opportunity = np.log(known)
    doubt, absorbed, score, information = (np.full((), start) for start in (_UNKNOWN_LEVEL, 0.0, 0.0, 0.0))
    scores, informations = [], []
    for day in range(n.shape[-1]):
        doubt = doubt + noise.drift
        if day == changed:
            continue
        after = day > changed
        at = level + usual[..., (day - changed) % _WEEK] + opportunity[..., day] + (log_effect if after else 0.0)
        surprise, weight = _surprise(n[..., day], others[..., day], at, noise.dispersion)
        spread = 1 + doubt * weight
        if after:  # a change of θ shows in what the level has not yet taken for its own
            shows = 1 - absorbed
            score = score + shows * surprise / spread
            information = information + shows**2 * weight / spread
            absorbed = absorbed + shows * doubt * weight / spread
            scores.append(score)
            informations.append(information)
        level, doubt = level + doubt / spread * surprise, doubt / spread
    return Evidence(np.stack(np.broadcast_arrays(*scores), -1), np.stack(np.broadcast_arrays(*informations), -1))


def reach(found: Evidence, *, alpha: float = ALPHA) -> Floats:
    """Return the score over its bound on all days at once: values beyond ±1 say that θ is not this one.

    The bound is that of Robbins 1970: score² < (I + ρ) · log((I + ρ) / (ρ α²)), ρ = 1 / `MIXTURE`², I the information.
    """
    known = found.information + _PRECISION
    bound: Floats = np.sqrt(known * (np.log(known / _PRECISION) - 2 * log(alpha)))
    return found.score / bound


def _surprise(n: Floats, others: Floats, log_odds: Floats, dispersion: Floats) -> tuple[Floats, Floats]:
    """Return how far ``n`` misses what was expected, and its variance, both in units of the dispersion."""
    every = n + others
    share = 1 / (1 + np.exp(-log_odds))
    return (n - every * share) / dispersion, every * share * (1 - share) / dispersion


def _start(n: Floats, others: Floats) -> Floats:
    return cast(Floats, np.log((n.sum(axis=-1) + _NO_REPORTS) / (others.sum(axis=-1) + _NO_REPORTS)))


def _weekdays(n: Floats, others: Floats) -> Floats:
    """Return (…, 7) log-odds of each weekday less the average ones, by days since the change modulo 7."""
    of_day = np.arange(-n.shape[-1], 0) % _WEEK
    odds = (n.sum(axis=-1) + _NO_REPORTS) / (others.sum(axis=-1) + _NO_REPORTS)
    found = np.stack([n[..., of_day == day].sum(axis=-1) for day in range(_WEEK)], axis=-1)
    usual = np.stack([others[..., of_day == day].sum(axis=-1) for day in range(_WEEK)], axis=-1) * odds[..., None]
    return cast(Floats, np.log((found + _WEEKDAY_REPORTS) / (usual + _WEEKDAY_REPORTS)))


def _by_week(n: Floats) -> Floats:
    """Sums of whole weeks, counted back from the last day."""
    weeks = n.shape[-1] // _WEEK
    return cast(Floats, n[..., n.shape[-1] - weeks * _WEEK :].reshape(*n.shape[:-1], weeks, _WEEK).sum(axis=-1))


def _cells() -> tuple[Floats, Floats]:
    dispersion, drift = np.meshgrid(_DISPERSIONS, _DRIFTS, indexing="ij")
    return dispersion.ravel(), drift.ravel()
