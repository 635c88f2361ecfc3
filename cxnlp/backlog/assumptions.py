"""What an item's numbers say and take for granted, in plain words."""

from collections.abc import Mapping
from typing import Any

from cxnlp.backlog.priority import FULL_EFFECT
from cxnlp.settings import Backlog


def assumptions(row: Mapping[str, Any], settings: Backlog) -> list[str]:
    """Return a line for each of an item's estimates: its range, and what it rests on.

    Args:
        row: a row of the table ``backlog``.
        settings: what a customer and a contact are worth; ranges in money are left out where it does not say.
    """
    lines = [_people(row), _direction(row)]
    if row["service_effect_high"] is not None:
        lines.append(
            f"Service effect: without its mentions, the net sentiment of all would be {_range(row, 'service_effect')} "
            f"points higher (of 200){_in_moment(row)}. {FULL_EFFECT:g} points count as 1. Taken for granted: nothing "
            "else would be said in their place."
        )
    if settings.value_per_customer is not None and row["revenue_at_risk_high"] is not None:
        lines.append(
            f"Revenue at risk: {settings.currency} {_range(row, 'revenue_at_risk', 0)} a year = those of its people "
            f"who say they leave, corrected, times {settings.value_per_customer:,g} a customer. Taken for granted: "
            "they mean it, each brings the average, and this is why. All customers heard would count as 1."
        )
    if settings.cost_per_contact is not None and row["contact_cost_high"] is not None:
        lines.append(
            f"Contacts: {row['n_contacts']:,} of {row['n_contacts_all']:,} letters and calls speak of it; corrected "
            f"and over a year {settings.currency} {_range(row, 'contact_cost', 0)} at {settings.cost_per_contact:,g} "
            "each. Taken for granted: the year goes on like these weeks, and none would have been made without it."
        )
    return lines


def _people(row: Mapping[str, Any]) -> str:
    heard = (
        f"Reach: {row['n_customers']:,} of {row['n_customers_all']:,} customers heard, as the square root of the share."
    )
    if row["n_customers_corrected"] is None:
        return heard
    how = "corrected for the model's errors" if row["method"] != "raw" else "not corrected, as its errors are not known"
    low, high = row["n_customers_corrected_low"], row["n_customers_corrected_high"]
    return f"{heard} {row['n_customers_corrected']:,} ({low:,} to {high:,}), {how}."


def _direction(row: Mapping[str, Any]) -> str:
    return f"Direction: {row['trend_word']}. 1 is rising, 0.75 new, 0.5 steady, 0 falling."


def _in_moment(row: Mapping[str, Any]) -> str:
    if row["moment_effect_high"] is None:
        return ""
    return f", and that of its moment {_range(row, 'moment_effect')}"


def _range(row: Mapping[str, Any], name: str, digits: int = 1) -> str:
    return f"{row[f'{name}_low']:,.{digits}f} to {row[f'{name}_high']:,.{digits}f}"
