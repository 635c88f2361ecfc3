"""What an item is worth: its people corrected for the model's errors, and the three crowns as ranges.

Service effect (points of net sentiment), revenue at risk and the cost of contacts. Formulas and what they take for
granted: docs/backlog.md.
"""

from collections.abc import Mapping, Sequence
from math import ceil, floor, prod, sqrt
from typing import Any, Final, NamedTuple

import polars as pl

from cxnlp.quality.counts import Errors, Share, raw, share_of
from cxnlp.settings import Backlog

#: Columns of the table ``backlog`` that this file computes, beside ``item_id``.
CROWNS: Final[dict[str, pl.DataType]] = {
    "n_customers_corrected": pl.Int64(),  # people that report it, corrected for the model's errors
    "n_customers_corrected_low": pl.Int64(),
    "n_customers_corrected_high": pl.Int64(),
    "method": pl.String(),  # of that correction: adjusted count or raw
    "n_contacts": pl.Int64(),  # letters and calls that speak of it
    "n_contacts_all": pl.Int64(),  # letters and calls heard
    "service_effect_low": pl.Float64(),  # points of net sentiment of all mentions, 0 … 200
    "service_effect_high": pl.Float64(),
    "moment_effect_low": pl.Float64(),  # the same of the moment's own mentions; moments only
    "moment_effect_high": pl.Float64(),
    "revenue_at_risk_low": pl.Float64(),  # currency of the workspace; null where it gives no values
    "revenue_at_risk_high": pl.Float64(),
    "contact_cost_low": pl.Float64(),  # currency a year; null where it gives no values
    "contact_cost_high": pl.Float64(),
}

_YEAR: Final = 365  # days


class Range(NamedTuple):
    """An estimate with the ends of its 95 % interval."""

    value: float
    low: float
    high: float


def crowns(counts: pl.DataFrame, settings: Backlog) -> pl.DataFrame:
    """Return ``item_id`` and the columns `CROWNS` of each item.

    Args:
        counts: the rows of crowns.sql.
        settings: what a customer and a contact are worth.
    """
    rows = [_crown(row, settings) for row in counts.iter_rows(named=True)]
    return pl.DataFrame(rows, schema={"item_id": pl.String(), **CROWNS}, orient="row")


def product(factors: Sequence[Range]) -> Range:
    """Multiply estimates, none below 0, that are taken as independent of each other.

    The interval adds the factors' one-sided errors in squares, each times the other factors (Zou & Donner 2008, to the
    first order).
    """
    value = prod(factor.value for factor in factors)
    others = [prod(other.value for other in factors if other is not factor) for factor in factors]
    below = sqrt(sum((n * (factor.value - factor.low)) ** 2 for n, factor in zip(others, factors, strict=True)))
    above = sqrt(sum((n * (factor.high - factor.value)) ** 2 for n, factor in zip(others, factors, strict=True)))
    return Range(value, max(0.0, value - below), value + above)


def _crown(row: Mapping[str, Any], settings: Backlog) -> dict[str, Any]:
    errors = _errors(row["errors"])
    people, method = part_of_label(row, "customers", errors)
    contacts, _ = part_of_label(row, "contacts", errors)
    found: dict[str, Any] = {
        "item_id": row["item_id"], "method": method,
        "n_customers_corrected": round(people.value), "n_customers_corrected_low": floor(people.low),
        "n_customers_corrected_high": min(ceil(people.high), row["n_customers_all"]),
        "n_contacts": row["n_contacts"], "n_contacts_all": row["n_contacts_all"],
    }  # fmt: skip
    found |= _ends("service_effect", _effect(row, people, row["mention_share"], "net_others"))
    found |= _ends("moment_effect", _effect(row, people, row["moment_share"], "net_moment"))
    if settings.value_per_customer is not None:
        leaving = share_of(row["n_feedback_leaving"], row["n_feedback"], errors=_errors(row["churn_errors"]))
        lost = product([people, _range(leaving)])
        found |= _ends("revenue_at_risk", _times(lost, settings.value_per_customer))
    if settings.cost_per_contact is not None:
        found |= _ends("contact_cost", _times(contacts, settings.cost_per_contact * _YEAR / row["n_days"]))
    return found


def part_of_label(row: Mapping[str, Any], unit: str, errors: Errors | None) -> tuple[Range, str]:
    """How many customers or contacts truly report the item, and how that was found.

    The label's corrected number times the item's share of the label's customers or contacts.
    """
    n_all = row[f"n_{unit}_all"]
    texts_each = {each["key"]: each["value"] for each in row["texts_each"]} if unit == "customers" else None
    share = share_of(row[f"n_{unit}_reporting"], n_all, errors=errors, texts_each=texts_each)
    n, n_label = row["n_customers" if unit == "customers" else "n_contacts"], row[f"n_{unit}_label"]
    if share is None or not n_label:
        return Range(0, 0, 0), "raw"
    part = Range(1, 1, 1) if n == n_label else _range(raw(n, n_label))
    return _times(product([_range(share), part]), n_all), share.method


def _effect(row: Mapping[str, Any], people: Range, share: float | None, others: str) -> Range | None:
    """Points of net sentiment that would be gained without the item's mentions.

    Without a share w of mentions whose net sentiment is a, among others of b, the whole's rises by w·(b - a).

    Args:
        row: a row of crowns.sql.
        people: the item's corrected people; w is corrected as they are.
        share: w as the model counts; None where there is nothing to compare with.
        others: name of b in the row; its ends have ``_low`` and ``_high`` behind.
    """
    if share is None or row[others] is None:
        return None
    gap = row[others] - row["net"]
    below = sqrt((row[others] - row[f"{others}_low"]) ** 2 + (row["net_high"] - row["net"]) ** 2)
    above = sqrt((row[f"{others}_high"] - row[others]) ** 2 + (row["net"] - row["net_low"]) ** 2)
    spoken = Range(*(min(1.0, share * number / row["n_customers"]) for number in people))
    gained = product([spoken, Range(max(0, gap), max(0, gap - below), max(0, gap + above))])
    return Range(*(min(200.0, 100 * number) for number in gained))


def _errors(counts: Sequence[int | None]) -> Errors | None:
    return None if counts[0] is None else Errors(*(n or 0 for n in counts))


def _range(share: Share | None) -> Range:
    return Range(0, 0, 0) if share is None else Range(share.value, share.low, share.high)


def _times(estimate: Range, factor: float) -> Range:
    return Range(*(number * factor for number in estimate))


def _ends(name: str, estimate: Range | None) -> dict[str, float | None]:
    if estimate is None:
        return {}
    return {f"{name}_low": round(estimate.low, 2), f"{name}_high": round(estimate.high, 2)}
