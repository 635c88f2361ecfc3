"""What is known of an item, in words: the same for trackers, sheets, Markdown and the terminal."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from cxnlp.backlog.helped import helped, shipped
from cxnlp.backlog.states import shown

#: Columns of an item's quotes, the best first.
QUOTES: Final = ("quote_1", "quote_2", "quote_3", "quote_4", "quote_5")

Item = Mapping[str, Any]


class Fact(NamedTuple):
    """A line of a list: what it is, and what is known of it."""

    name: str
    words: str


def standing(item: Item) -> list[Fact]:
    """Return what people decided about an item, and what became of it; what is not known is left out.

    Args:
        item: a row of `read`, as it may be shared (`shared`).
    """
    since = f" since {item['state_since']}" if item.get("state_since") else ""
    return _known(
        ("State", f"{shown(item['state'])}{since}"),
        ("Owner", _owner(item)),
        ("Due", str(item.get("due_on") or "")),
        ("Snoozed until", str(item.get("snoozed_until") or "")),
        ("Shipped", shipped(item) if item.get("shipped_on") else ""),
        ("The fix", helped(item) or ""),
    )


def measured(item: Item, currency: str = "") -> list[Fact]:
    """Return what customers' feedback says of an item; what is not known is left out.

    Args:
        item: as of `standing`; of a small group it has neither words nor most numbers.
        currency: of the two amounts of money.
    """
    return _known(
        ("Customers", _customers(item)),
        ("Mentions", _mentions(item)),
        ("First heard", str(item.get("first_feedback_on") or "")),
        ("Item since", str(item.get("opened_on") or "")),
        ("Trend", _trend(item)),
        ("Net sentiment", _net_sentiment(item)),
        ("What is missing", item.get("missing") or ""),
        ("Causes that customers name", item.get("warnings") or ""),
        ("Points of net sentiment to gain", points_to_gain(item)),
        ("Revenue at risk a year", money(item, "revenue_at_risk", currency)),
        ("Cost of its contacts a year", money(item, "contact_cost", currency)),
        ("Priority", f"{item['priority']:.0f} of 100" if item.get("priority") is not None else ""),
        ("About", _about(item)),
    )


def estimate(item: Item, name: str, form: str = "{:.0f}") -> str:
    """Return a number with its interval, such as "114 (93 to 134)"; nothing where it is not known."""
    if item.get(name) is None:
        return ""
    bounds = _between(item, name, form)
    return f"{form.format(item[name])} ({bounds})" if bounds else form.format(item[name])


def points_to_gain(item: Item) -> str:
    """Return the first crown, such as "3.4 to 4.8"."""
    return _between(item, "service_effect", "{:.1f}")


def money(item: Item, name: str, currency: str) -> str:
    """Return a crown in money, such as "EUR 830 to 4,200": it is not known to the unit."""
    low, high = item.get(f"{name}_low"), item.get(f"{name}_high")
    if low is None or high is None:
        return ""
    return f"{currency} {two_digits(low):,.0f} to {two_digits(high):,.0f}".strip()


def two_digits(number: float) -> float:
    """2,842 → 2,800: an estimate is not known to the unit."""
    return float(f"{number:.2g}")


def label_of(item: Item) -> str:
    """Return what an item's moment, or other label, is called; `read` knows its name, the table only its id."""
    return item.get("label_name") or str(item["label"]).replace("_", " ")


def stage_of(item: Item) -> str | None:
    """Return what the ABACUS stage of an item's moment is called; None where it has none."""
    return item.get("stage_name") or (item["stage"].replace("_", " ") if item.get("stage") else None)


def _known(*facts: tuple[str, str]) -> list[Fact]:
    return [Fact(name, words) for name, words in facts if words]


def _owner(item: Item) -> str:
    if item.get("assigned_to"):
        return str(item["assigned_to"])
    return f"{item['owner']} (suggested)" if item.get("owner") else ""


def _customers(item: Item) -> str:
    if item["n_customers"] is None:
        return ""
    corrected = estimate(item, "n_customers_corrected")
    more = f"; corrected for the model's errors {corrected}" if corrected else ""
    return f"{item['n_customers']}{more}"


def _mentions(item: Item) -> str:
    if item.get("n_mentions") is None:
        return ""
    return f"{item['n_mentions']}, of these {item['n_mentions_recent']} in the last 14 days of feedback"


def _trend(item: Item) -> str:
    """The word, and the change of the last four weeks against the four before, where there was any feedback."""
    if item.get("trend_word") is None or item.get("trend") is None:
        return item.get("trend_word") or ""
    return f"{item['trend_word']} ({1 + item['trend']:.1f} times its share of all feedback of the four weeks before)"


def _net_sentiment(item: Item) -> str:
    words = estimate(item, "net_sentiment", "{:+.2f}")
    return words and f"{words}; -1 is bad, 1 is good"


def _about(item: Item) -> str:
    stage = stage_of(item)
    return f"{item['kind']} {label_of(item)}{f' (stage {stage})' if stage else ''}"


def _between(item: Item, name: str, form: str) -> str:
    low, high = item.get(f"{name}_low"), item.get(f"{name}_high")
    return "" if low is None or high is None else f"{form.format(low)} to {form.format(high)}"
