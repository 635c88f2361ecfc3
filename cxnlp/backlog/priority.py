"""What comes first, and why: an item's priority is a weighted sum, and here is the sum."""

from collections.abc import Mapping
from math import sqrt
from typing import Any, Final, NamedTuple

from cxnlp.settings import Backlog

#: Points of net sentiment from which on the service effect counts in full.
FULL_EFFECT: Final = 20.0
#: No danger is less urgent than this.
LEAST_OF_CRISIS: Final = 90.0

#: Points are rounded before they are added, so that whoever adds what he reads gets the priority.
_DIGITS: Final = 2


class Part(NamedTuple):
    """One part of an item's priority; the points of all parts add up to it."""

    part: str  # reach, severity, direction, service, revenue, contacts, danger
    value: float  # 0 … 1
    weight: float  # 0 … 1; those of an item's parts add up to 1, danger stands outside
    points: float  # 0 … 100


def explain(row: Mapping[str, Any], settings: Backlog) -> list[Part]:
    """Return the parts that an item's priority is the sum of, in this order.

    Revenue and contacts are left out where the workspace gives no values for them; the other weights take their room.

    Args:
        row: a row of the table ``backlog``, with ``label``, ``reach``, ``severity``, ``direction``,
            ``n_customers_all`` and the crowns.
        settings: the weights, and what a customer and a contact are worth.
    """
    values = {
        "reach": row["reach"],
        "severity": row["severity"],
        "direction": row["direction"],
        "service": sqrt(min(1.0, _middle(row, "service_effect") / FULL_EFFECT)),
    }
    if settings.value_per_customer is not None:
        heard = settings.value_per_customer * row["n_customers_all"]
        values["revenue"] = sqrt(min(1.0, _middle(row, "revenue_at_risk") / heard))
    if settings.cost_per_contact is not None:
        values["contacts"] = sqrt(row["n_contacts"] / row["n_contacts_all"]) if row["n_contacts_all"] else 0.0
    weights = {part: getattr(settings.weights, part) for part in values}
    whole = sum(weights.values())
    parts = [
        Part(part, value, weights[part] / whole, round(100 * value * weights[part] / whole, _DIGITS))
        for part, value in values.items()
    ]  # fmt: skip
    if row["label"] == "crisis" and (missing := LEAST_OF_CRISIS - total(parts)) > 0:
        parts.append(Part("danger", 1.0, 0.0, round(missing, _DIGITS)))
    return parts


def total(parts: list[Part]) -> float:
    """Return the priority, 0 … 100: the sum of the points."""
    return round(sum(part.points for part in parts), _DIGITS)


def _middle(row: Mapping[str, Any], crown: str) -> float:
    """The middle of a crown's range; 0 where nothing is known."""
    low, high = row[f"{crown}_low"], row[f"{crown}_high"]
    return 0.0 if low is None or high is None else (low + high) / 2
