"""How many customers report something, when the one who counts errs: shares corrected for measured errors.

Three ways, from the best known to the least:

* `prediction_powered`: people have labelled a random slice of what is counted. Prediction-powered inference
  (Angelopoulos et al. 2023) with its power tuned (PPI++, 2023): the mean of the predictions plus the mean of
  (label - prediction) on the slice. For yes and no this is exactly ``p·v + (1 - p)·o``, with ``p`` the share that the
  model says yes to, ``v`` and ``o`` the true shares among its yes and its no in the slice. The interval takes each
  of the three with its Jeffreys posterior, since the normal one of the paper is too narrow where few are true.
* `adjusted`: nobody has labelled, but the model's errors are known from elsewhere. Rogan & Gladen 1978; the interval
  again from Jeffreys posteriors, of the count and of both error rates, so that it carries the uncertainty of all three.
  (The closed form of Lang & Reiczigel 2014 was no narrower on our weeks and held the truth in 96 to 97.5 %.)
* `raw`: nothing is known about errors. Wilson 1927: it covers the true share only where the model does not err.

All intervals are for 95 %. The share is that of the customers whose writing those counted are a sample of, not only of
those counted: so two weeks can be compared.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from math import sqrt
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from cxnlp.errors import CxnlpError

Floats = npt.NDArray[np.float64]

FILE: Final = "errors.json"  # in a model's folder
FORMAT: Final = 1

#: Labelled units in a period from which on its own slice says more than errors measured elsewhere.
LEAST_LABELLED: Final = 30

_Z: Final = 1.959963984540054
_N_DRAWS: Final = 512


class ErrorsUnreadable(CxnlpError):
    """A model's ``errors.json`` cannot be used; the message says what was found and how to mend it."""


@dataclass(frozen=True)
class Errors:
    """What a model said (positive: yes) about units of which the truth is known; a unit is a document or a customer."""

    true_positives: int = 0
    false_positives: int = 0
    false_negatives: int = 0
    true_negatives: int = 0

    def __add__(self, other: "Errors") -> "Errors":
        """Put two sets of units together."""
        return Errors(
            self.true_positives + other.true_positives, self.false_positives + other.false_positives,
            self.false_negatives + other.false_negatives, self.true_negatives + other.true_negatives,
        )  # fmt: skip

    @property
    def n(self) -> int:
        """Units in all."""
        return self.true_positives + self.false_positives + self.false_negatives + self.true_negatives


@dataclass(frozen=True)
class Measured:
    """A model's errors by family and label (unmeasurables with their sign), and the version that they are of."""

    model_version: str | None = None
    errors: Mapping[tuple[str, str], Errors] = field(default_factory=dict)
    earlier_versions: tuple[str, ...] = ()  # that give these labels just so: others were taught since

    def without(self, moved: Collection[str]) -> "Measured":
        """Leave out labels whose thresholds were moved since, named as in ``[tags] precision`` of cxnlp.toml."""
        kept = {
            (family, label): errors for (family, label), errors in self.errors.items()
            if not {family, f"{family}.{label}", f"{family}.{label.rstrip('+-')}"} & set(moved)
        }  # fmt: skip
        return replace(self, errors=kept)


@dataclass(frozen=True)
class Share:
    """A share, 0 … 1, its 95 % interval and how it was found."""

    value: float
    low: float
    high: float
    method: str  # prediction-powered, adjusted count or raw


def share_of(
    n_yes: int, n: int, *, errors: Errors | None = None, labelled: Errors | None = None,
    texts_each: Mapping[int, int] | None = None,
) -> Share | None:  # fmt: skip
    """Return the share of units that truly are what the model said yes to for ``n_yes`` of ``n``; None when n is 0.

    Args:
        n_yes: units that the model said yes to.
        n: units in all.
        errors: of the model, measured elsewhere, on documents; None when unknown.
        labelled: of the model, on units drawn at random from these ``n``.
        texts_each: where units are customers, how many of them wrote how many documents; one each when None.
    """
    if not n:
        return None
    if labelled is not None and labelled.n >= LEAST_LABELLED:
        return prediction_powered(n_yes, n, labelled)
    if errors is not None and errors.true_positives + errors.false_negatives:
        return adjusted(n_yes, n, errors, texts_each)
    return raw(n_yes, n)


def raw(n_yes: int, n: int) -> Share:
    """Count as the model counts; ``n`` is at least 1."""
    middle, half = n_yes + _Z**2 / 2, _Z * sqrt(n_yes * (n - n_yes) / n + _Z**2 / 4)
    return _share(n_yes / n, (middle - half) / (n + _Z**2), (middle + half) / (n + _Z**2), "raw")


def adjusted(n_yes: int, n: int, errors: Errors, texts_each: Mapping[int, int] | None = None) -> Share:
    """Correct a count for errors that were measured on other units.

    It assumes that the model finds what is there (sensitivity), and is silent where nothing is (specificity), as often
    here as there; how often it is there may differ. Where the errors leave open whether the model tells anything at
    all, the interval may reach from 0 to 1.

    Who writes k documents is wrongly said to report something k times as easily: with a document's sensitivity s and
    specificity c, a customer who reports it in one of them is found with 1 - (1 - s)·c^(k-1), and one who does not is
    left in peace with c^k; both are averaged over ``texts_each``.
    """
    there = (errors.true_positives, errors.false_negatives)
    not_there = (errors.true_negatives, errors.false_positives)
    said, found, silent = _posterior(0, n_yes, n - n_yes), _posterior(1, *there), _posterior(2, *not_there)
    found, silent = _of_customers(found, silent, texts_each or {1: 1})
    power = found + silent - 1
    drawn = np.where(power > 0, (said + silent - 1) / np.where(power > 0, power, 1), _even_points()[:, 0])
    low, high = np.quantile(np.clip(drawn, 0, 1), [0.025, 0.975])
    means = _of_customers(np.array(_mean(*there)), np.array(_mean(*not_there)), texts_each or {1: 1})
    return _share(_adjusted(n_yes / n, *map(float, means)), float(low), float(high), "adjusted count")


def _of_customers(found: Floats, silent: Floats, texts_each: Mapping[int, int]) -> tuple[Floats, Floats]:
    """Turn a document's sensitivity and specificity into those of customers who write several."""
    total = sum(texts_each.values())
    others = sum((n / total) * silent ** (k - 1) for k, n in texts_each.items())
    return np.asarray(1 - (1 - found) * others), np.asarray(silent * others)


def _adjusted(said: float, found: float, silent: float) -> float:
    """Rogan and Gladen's estimate; the share said where the model tells nothing."""
    power = found + silent - 1
    return (said + silent - 1) / power if power > 0 else said


def prediction_powered(n_yes: int, n: int, labelled: Errors) -> Share:
    """Correct a count by a random slice of the same units that people have labelled.

    Args:
        n_yes: units that the model said yes to, those of the slice among them.
        n: units in all.
        labelled: the slice; at least 1 unit.
    """
    v = (labelled.true_positives, labelled.false_positives)
    o = (labelled.false_negatives, labelled.true_negatives)
    if all(map(sum, (v, o))):
        value = n_yes / n * v[0] / sum(v) + (1 - n_yes / n) * o[0] / sum(o)
    else:  # the slice has only one kind of prediction: power 0
        value = (v[0] + o[0]) / labelled.n
    said, in_yes, in_no = _posterior(0, n_yes, n - n_yes), _posterior(1, *v), _posterior(2, *o)
    low, high = np.quantile(said * in_yes + (1 - said) * in_no, [0.025, 0.975])
    return _share(value, float(low), float(high), "prediction-powered")


def read_errors(folder: Path) -> Measured:
    """Return what ``errors.json`` in a model's folder says; nothing where there is none, or of another version.

    Raises:
        ErrorsUnreadable: the file is there but is not what `pipelines.learning.errors` writes.
    """
    path = folder / FILE
    if not path.is_file():
        return Measured()
    try:
        about = json.loads(path.read_text("utf-8"))
        if about["format"] != FORMAT:
            raise ValueError(f"format {about['format']!r}, this version reads {FORMAT}")
        version = json.loads((folder / "model.json").read_text("utf-8"))["version"]
        if about["model_version"] != version:
            return Measured()
        earlier = tuple(map(str, about.get("earlier_versions", ())))
        found = {
            (family, label): _errors(counts)
            for family, labels in about["families"].items() for label, counts in labels.items()
        }  # fmt: skip
    except (AttributeError, KeyError, OSError, TypeError, ValueError) as error:
        raise ErrorsUnreadable(
            f"{path}: found {error}; allowed: the four counts of each label, as the export writes them. "
            "Restore the file, or remove it: counts are then not corrected."
        ) from error
    return Measured(str(version), found, earlier)


def _errors(counts: dict[str, Any]) -> Errors:
    found = Errors(**counts)
    if any(not isinstance(count, int) or count < 0 for count in counts.values()):
        raise ValueError(f"counts {counts}")
    return found


def _share(value: float, low: float, high: float, method: str) -> Share:
    """Cut to 0 … 1, and never let rounding or shrinkage leave the estimate outside of its interval."""
    value, low, high = (min(1.0, max(0.0, number)) for number in (value, low, high))
    return Share(value, min(low, value), max(high, value), method)


def _mean(yes: int, no: int) -> float:
    """Mean of the Jeffreys posterior of a share."""
    return (yes + 0.5) / (yes + no + 1)


@lru_cache(maxsize=1024)
def _posterior(axis: int, yes: int, no: int) -> Floats:
    """Draws from the Jeffreys posterior of a share: even ones, always the same.

    Interpolated between 65 quantiles, which lie closer together in the tails; for the sake of speed.
    """
    from scipy.special import betaincinv  # here, as most commands count nothing

    at = np.clip((1 - np.cos(np.linspace(0, np.pi, 65))) / 2, 0.25 / _N_DRAWS, 1 - 0.25 / _N_DRAWS)
    drawn: Floats = np.interp(_even_points()[:, axis], at, betaincinv(yes + 0.5, no + 0.5, at))
    return drawn


@cache
def _even_points() -> Floats:
    """Points that fill the unit cube evenly; always the same: Roberts' R3 sequence (2018).

    Multiples of the powers of 1 / g without their whole parts, where g^4 = g + 1. scipy's Sobol points do as well, but
    take a second to import.
    """
    g = 1.2207440846057596
    points: Floats = (0.5 + np.outer(np.arange(1, _N_DRAWS + 1), g ** -np.arange(1.0, 4.0))) % 1
    return points
