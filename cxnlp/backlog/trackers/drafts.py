"""What an item says in a tracker: a new issue, its report (a comment kept up to date), a comment on what is new.

Only what is named here leaves the company: counts, days, labels, the item's own words, masked quotes. Of a group
smaller than ``least_group`` there is neither a word nor a number; of a customer, mention or piece of feedback no id.
"""

from collections.abc import Mapping
from typing import Any, Final

from cxnlp.backlog import facts
from cxnlp.backlog.export import shared
from cxnlp.backlog.helped import helped, shipped
from cxnlp.backlog.states import SHIPPED, shown
from cxnlp.backlog.trackers.desk import Draft
from cxnlp.backlog.trackers.texts import Text, title

#: What a change of state says in a comment.
_SAYS: Final[Mapping[str, str]] = {
    "new": "This item is new again: it was opened again, or customers have begun to say it again.",
    "accepted": "This item was accepted.",
    "in_progress": "Work on this item has begun.",
    "shipped": "The fix is with customers. From now on each night compares what they say with before.",
    "verified": "It worked: customers say this less often than before the fix, beyond chance.",
    "not_effective": "The fix did not help: customers say this as often as before. Please look at it again.",
    "closed": "This item was closed.",
    "declined": "This item was declined.",
    "snoozed": "This item was put aside.",
    "quiet": "Customers no longer say this often enough for an item.",
    "merged": "This item went into another one, which says the same.",
}
#: Digits of an item's id that tell it from the others; with more, trackers would look for a commit of that hash.
_SHORT_ID: Final = 6
#: Columns that say what an item is worth.
_WORTH: Final = ("service_effect", "revenue_at_risk", "contact_cost")
#: States that a night gives by the verdict on a fix.
_MEASURED: Final = SHIPPED - {"shipped"}
#: What a report says of the people who work on it; the tracker itself says the rest.
_WHOSE: Final = ("Owner", "Due", "The fix")


def draft(item: Mapping[str, Any], marker: str) -> Draft:
    """Return the new issue of an item, a row of the table ``backlog``. Its text is then the team's own.

    No customer's word is in it, as no sync writes it anew when one is erased: what is behind the ``: `` of a title is
    theirs. So the items of a moment are told apart by their ids.
    """
    phrase = item["title"].partition(": ")[0]
    short_id = item["item_id"].removeprefix("cx-")[:_SHORT_ID]
    paragraphs = [
        f"{phrase}.",
        f"Heard from customers since {item['first_feedback_on']}. The numbers and their words are in a comment, which "
        "is kept up to date; this text and the title are yours to change.",
        f"cxnlp backlog show {short_id} says what else is known.",
    ]
    return Draft(marker, title(f"{phrase} · {short_id}"), Text(marker, paragraphs))


def report(
    item: Mapping[str, Any], ref: str, least_group: int, *, has_quotes: bool, has_worth: bool = True, currency: str = ""
) -> Text:
    """Return what is known of an item: its sentence, numbers, then quotes.

    Args:
        item: a row of the table ``backlog`` with the verdict on its fix.
        ref: of the comment.
        least_group: of fewer people neither words nor numbers.
        has_quotes: with words of customers.
        has_worth: with what the item is worth, in points and in money.
        currency: of the money.
    """
    row = _shared(item, least_group)
    row = row if has_worth else {name: value for name, value in row.items() if not name.startswith(_WORTH)}
    whose = [fact for fact in facts.standing(row) if fact.name in _WHOSE]
    quotes = [row[name] for name in facts.QUOTES if row.get(name)] if has_quotes else []
    intro = "What customers' feedback says of this (kept up to date; please answer in a comment of your own):"
    words = [row.get("sentence") or row["title"]] if has_quotes else []
    return Text(ref, [intro, *words], [*facts.measured(row, currency), *whose], quotes)


def change(
    item: Mapping[str, Any], ref: str, least_group: int, *, into_key: str | None = None, lost: str | None = None,
    has_state: bool = True, has_verdict: bool = False,
) -> Text:  # fmt: skip
    """Return the comment that says what is new about an item.

    Args:
        item: a row of the table ``backlog`` with the verdict on its fix.
        ref: of the comment.
        least_group: the verdict of a smaller group has no numbers.
        into_key: the issue of the item that it went into.
        lost: the state that people had given it here, before what they did in the tracker won.
        has_state: whether its state is new.
        has_verdict: whether the verdict on its fix is new.
    """
    words = []
    if lost:
        words.append(f"Both sides changed this since they last met: here it was {shown(lost)}. What was done in this "
                     f"tracker counts, and it is {shown(item['state'])} now.")  # fmt: skip
    elif has_state and not (has_verdict and item["state"] in _MEASURED):
        words.append(_SAYS[item["state"]])
    if item["state"] == "merged" and into_key:
        words.append(f"Its issue: {into_key}")
    if has_verdict:
        words.append(f"Did the fix help? As measured, {helped(_shared(item, least_group))}.")
    if item.get("shipped_on") and (has_verdict or item["state"] in SHIPPED):
        words.append(f"Shipped on {shipped(item)}")
    return Text(ref, words)


def _shared(item: Mapping[str, Any], least_group: int) -> Mapping[str, Any]:
    """The item as it may leave; of a small group nothing but what the taxonomy says, and colleagues decided."""
    row = shared(item, least_group)
    if isinstance(row["n_customers"], int):
        return row
    kept = ("item_id", "title", "state", "kind", "label", "label_name", "stage", "stage_name", "owner", "assigned_to",
            "due_on", "n_customers", "first_feedback_on", "verdict", "verdict_note")  # fmt: skip
    return {name: row.get(name) for name in kept}
