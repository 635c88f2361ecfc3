"""Did it work? What happened to an item after its fix went live, beside what happened to everything else.

`verdicts` is a function of the counts alone: a night that looks back finds what earlier nights found, on the same day.
docs/effects.md says how it is computed and how often it is wrong.
"""

from datetime import date, timedelta
from math import isfinite
from typing import Any, Final

import numpy as np
import polars as pl

from cxnlp.insight.verdicts_decisions import (
    LEAST_BEFORE,
    LEAST_OUTBREAK,
    LONGEST,
    Decisions,
    Series,
    decided,
    interval,
    left_out,
)
from cxnlp.insight.verdicts_evidence import Floats

#: Columns of what is counted: one row per item, control and day on which anything was heard.
COUNTS: Final[dict[str, pl.DataType]] = {
    "item_id": pl.String(),
    "control": pl.String(),  # null: the item itself; else what the fix did not touch
    "is_elsewhere": pl.Boolean(),  # whether the control is the item itself where the fix is not
    "occurred_on": pl.Date(),
    "n": pl.Int64(),  # people who report it
    "n_heard": pl.Int64(),  # people heard where it is counted, at least ``n``
}

#: Columns of the fixes: one row per item.
SHIPPED: Final[dict[str, pl.DataType]] = {
    "item_id": pl.String(),
    "shipped_on": pl.Date(),  # counts on neither side
    "precision": pl.Float64(),  # share of its reports before the fix that are no false alarms of the model; null: all
}

#: Columns of the verdicts: one row per item.
VERDICTS: Final[dict[str, pl.DataType]] = {
    "item_id": pl.String(),
    "shipped_on": pl.Date(),
    "verdict": pl.String(),  # too_early, unclear, verified, not_effective, harmful
    "note": pl.String(),  # plain words
    "decided_on": pl.Date(),  # last day counted when it was decided; null: too early, or unclear
    "effect": pl.Float64(),  # rate after / rate before, net of the controls; 0.5: halved; null: not known
    "effect_low": pl.Float64(),  # null: it could be anything, and the effect and the upper end are null, too
    "effect_high": pl.Float64(),  # null: no end is known
    "n_before": pl.Int64(),  # reports in the days compared
    "n_after": pl.Int64(),
    "controls": pl.List(pl.String()),  # empty: compared with all else that was heard
}

HISTORY: Final = 364  # days before the fix that are looked at, at most
LEAST_HISTORY: Final = 28  # days before the fix in which something must have been heard
LEAST_IMPROVEMENT: Final = 0.2  # a smaller fall is not what was wanted

_LEAST_REPORTS: Final = 5  # of the item, and of a control, before the fix
_LEAST_WEEKS: Final = 4  # in which somebody was heard since the fix, for silence about it to mean anything
_LEAST_PRECISION: Final = 0.5  # of a rarer truth the counts say too little to be scaled up


def verdicts(
    counts: pl.DataFrame, shipped: pl.DataFrame, *, last_on: date, least_improvement: float = LEAST_IMPROVEMENT
) -> pl.DataFrame:
    """Return what is to be said of each fix, columns `VERDICTS`, in the order of ``shipped``.

    Args:
        counts: columns `COUNTS`; days after ``last_on`` are left out.
        shipped: columns `SHIPPED`.
        last_on: last day that was heard out.
        least_improvement: fall of the rate, 0 to 1; a fix that surely brought less has failed.
    """
    own = counts.filter(pl.col("occurred_on") <= last_on).partition_by("item_id", as_dict=True)
    nothing = pl.DataFrame(schema=COUNTS)
    rows = [
        _verdict(own.get((fix["item_id"],), nothing), fix, last_on, least_improvement)
        for fix in shipped.iter_rows(named=True)
    ]
    return pl.DataFrame(rows, schema=VERDICTS, orient="row")


def _verdict(counts: pl.DataFrame, fix: dict[str, Any], last_on: date, least_improvement: float) -> dict[str, Any]:
    """One row of the verdicts."""
    shipped_on: date = fix["shipped_on"]
    precision = 1.0 if fix["precision"] is None else max(fix["precision"], _LEAST_PRECISION)
    own = counts.filter(pl.col("control").is_null())
    heard_on: date = own.select(pl.col("occurred_on").min()).item() or shipped_on
    first_on = min(max(shipped_on - timedelta(days=HISTORY), heard_on), shipped_on)
    end_on = min(last_on, shipped_on + timedelta(days=LONGEST))
    changed = (shipped_on - first_on).days
    beside, names = _beside(counts, first_on, end_on, changed)
    n = beside[0].n
    row = {"item_id": fix["item_id"], "shipped_on": shipped_on, "controls": names, "verdict": "too_early",
           "n_before": int(n[:changed].sum()), "n_after": int(n[changed + 1 :].sum())}  # fmt: skip
    if changed < LEAST_HISTORY or row["n_before"] < _LEAST_REPORTS:
        return row | {
            "note": f"fewer than {LEAST_HISTORY} days or {_LEAST_REPORTS} reports are known from before the fix"
        }
    if end_on <= shipped_on:
        return row | {"note": "no day since the fix has been heard out"}
    n_weeks = _weeks_heard(counts, shipped_on, end_on)
    if not n_weeks:
        return row | {"note": "nobody has been heard since the fix"}
    row |= _effect(interval(beside, changed=changed), precision)
    found = decided(beside, changed=changed, least_effect=1 - least_improvement * precision)
    if found.is_unclear:
        return row | {"verdict": "unclear", "note": _doubt(changed)}
    if found.without == LONGEST and n_weeks < _LEAST_WEEKS and not (found.is_verified or found.is_harmful):
        return row | {"note": f"people were heard in {n_weeks} of {LONGEST // 7} weeks only since the fix"}
    return row | _said(found, shipped_on, (end_on - shipped_on).days, least_improvement)


def _effect(found: tuple[float, float, float], precision: float) -> dict[str, float | None]:
    """Effect and interval of the true reports; all null where the interval is from 0 to no end, which says nothing."""
    ends = [max(0.0, 1 - (1 - end) / precision) if isfinite(end) else None for end in found]
    says_nothing = ends[1:] == [0.0, None]
    names = ("effect", "effect_low", "effect_high")
    return dict.fromkeys(names) if says_nothing else dict(zip(names, ends, strict=True))


def _weeks_heard(counts: pl.DataFrame, shipped_on: date, end_on: date) -> int:
    """In how many weeks since the fix anybody was heard, of whatever."""
    days = counts.filter(pl.col("occurred_on").is_between(shipped_on, end_on, closed="right") & (pl.col("n_heard") > 0))
    return days.select(((pl.col("occurred_on") - shipped_on).dt.total_days() - 1) // 7).n_unique()


def _doubt(changed: int) -> str:
    """Why a fall may have come by itself."""
    if changed < LEAST_BEFORE + LEAST_OUTBREAK:
        return f"it fell, but is known for {changed // 7} weeks only before that: it may have fallen by itself"
    return (f"it fell, but not surely below what it was {left_out(changed) // 7} weeks and more before that: "
            "it may have fallen by itself")  # fmt: skip


def _said(found: Decisions, shipped_on: date, n_days: int, least_improvement: float) -> dict[str, Any]:
    if found.is_verified:
        verdict, day, note = "verified", found.verified, "reported less than it would be without the fix"
    elif found.is_harmful:
        verdict, day, note = "harmful", found.harmful, "reported more than it would be without the fix"
    elif found.without < LONGEST:
        verdict, day, note = "not_effective", found.without, f"it surely fell by less than {least_improvement:.0%}"
    elif found.without == LONGEST:
        verdict, day, note = "not_effective", found.without, f"{LONGEST // 7} weeks have not shown that it fell"
    else:
        return {"note": f"{n_days} days since the fix do not tell yet"}
    return {"verdict": verdict, "note": note, "decided_on": shipped_on + timedelta(days=int(day))}


def _beside(counts: pl.DataFrame, first_on: date, end_on: date, changed: int) -> tuple[list[Series], list[str]]:
    """Return the item beside each kind of control, with the names of the controls that are used.

    Other things where the fix is come first, or all else that was heard there; then, if it is anywhere, the item itself
    elsewhere. A day without rows is 0.
    """
    n_days = max((end_on - first_on).days + 1, 0)
    day = (pl.col("occurred_on") - first_on).dt.total_days()
    inside = counts.with_columns(day=day).filter(pl.col("day").is_between(0, n_days - 1))
    spread = {
        key: np.stack([_spread(rows["day"], rows[column], n_days) for column in ("n", "n_heard")])
        for key, rows in inside.partition_by("is_elsewhere", "control", as_dict=True).items()
    }
    own = next((both for (_, name), both in spread.items() if name is None), np.zeros((2, n_days)))
    usable = {key: both for key, both in spread.items() if key[1] is not None and _is_known(both, changed)}
    here, elsewhere = (sorted(key for key in usable if key[0] is is_elsewhere) for is_elsewhere in (False, True))
    all_else = Series(own[0], np.maximum(own[1] - own[0], 0)[None])
    series = [_series(own, np.stack([usable[key] for key in keys]), changed) for keys in (here, elsewhere) if keys]
    return series if here else [all_else, *series], [name for _, name in here + elsewhere]


def _is_known(control: Floats, changed: int) -> bool:
    return bool(control[0, :changed].sum() >= _LEAST_REPORTS)


def _series(own: Floats, controls: Floats, changed: int) -> Series:
    """Return an item (2, days) beside controls (controls, 2, days): of each who reports it, and who was heard."""
    (n, heard), (others, places) = own, np.swapaxes(controls, 0, 1)
    rates = others[:, :changed].sum(axis=-1) / np.maximum(places[:, :changed].sum(axis=-1), 1)
    return Series(n, others, heard, places, rates[:, None])


def _spread(days: pl.Series, values: pl.Series, n_days: int) -> Floats:
    return np.bincount(days.to_numpy(), weights=values.to_numpy(), minlength=n_days).astype(np.float64)
