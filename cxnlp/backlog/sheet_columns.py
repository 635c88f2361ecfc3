"""The columns of the sheet that teams work in, and the mark that remembers what a row said when it was exported."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final, Literal

from cxnlp.backlog.states import GIVEN
from cxnlp.errors import CxnlpError

SHEET: Final = "Backlog"

#: What the cell of the state offers.
CHOICES: Final = GIVEN


class SheetError(CxnlpError):
    """A sheet cannot be written or taken back: wrong use. The message says where, what was found, what is allowed."""

    exit_code = 2


@dataclass(frozen=True)
class Column:
    """One column: its name in a row, its header, how wide it is, what its cells hold, whether people may change it."""

    name: str
    header: str
    width: int = 12
    form: Literal["text", "whole", "share", "day"] = "text"
    is_editable: bool = False


COLUMNS: Final = (
    Column("item_id", "Item", 15),
    Column("title", "What customers report", 40),
    Column("priority", "Priority (0-100)", 10, "whole"),
    Column("state", "State", 13, is_editable=True),
    Column("owner", "Owner", 20, is_editable=True),
    Column("due_on", "Due", 12, "day", is_editable=True),
    Column("shipped_on", "Shipped on", 12, "day", is_editable=True),
    Column("snoozed_until", "Snoozed until", 13, "day", is_editable=True),
    Column("note", "Note", 40, is_editable=True),
    Column("sentence", "In their words", 60),
    Column("label", "Moment or label", 20),
    Column("stage", "Stage", 12),
    Column("suggested", "Suggested owner", 20),
    Column("shipped_where", "Shipped where", 20),
    Column("helped", "Did the fix help?", 40),
    Column("effect", "Reports after the fix (1 = unchanged)", 12, "share"),
    Column("effect_low", "Reports after: at least", 10, "share"),
    Column("effect_high", "Reports after: at most", 10, "share"),
    Column("n_customers", "Customers", 10, "whole"),
    Column("n_customers_corrected", "Customers, corrected for the model's errors", 16),
    Column("n_mentions", "Mentions", 10, "whole"),
    Column("n_mentions_recent", "Mentions in the last 14 days", 12, "whole"),
    Column("trend_word", "Trend", 10),
    Column("severity", "Severity (0-1)", 10, "share"),
    Column("net_sentiment", "Net sentiment (-1 to 1)", 12, "share"),
    Column("net_sentiment_low", "Net sentiment: at least", 10, "share"),
    Column("net_sentiment_high", "Net sentiment: at most", 10, "share"),
    Column("missing", "What is missing", 30),
    Column("warnings", "Causes that customers name", 30),
    Column("service_effect", "Points of net sentiment to gain", 14),
    Column("revenue_at_risk", "Revenue at risk a year", 22),
    Column("contact_cost", "Cost of its contacts a year", 22),
    Column("first_feedback_on", "First feedback", 12, "day"),
    Column("last_feedback_on", "Last feedback", 12, "day"),
    Column("opened_on", "Item since", 12, "day"),
    Column("quote_1", "Quote 1", 60),
    Column("quote_2", "Quote 2", 60),
    Column("quote_3", "Quote 3", 60),
    Column("quote_4", "Quote 4", 60),
    Column("quote_5", "Quote 5", 60),
    Column("mark", "As exported (leave as it is)", 8),
)
EDITABLE: Final = tuple(column.name for column in COLUMNS if column.is_editable)


@dataclass(frozen=True)
class Exported:
    """What a row said of its item when it was exported."""

    item_id: str
    state: str
    owner: str | None = None
    due_on: date | None = None
    shipped_on: date | None = None
    snoozed_until: date | None = None
    note: str | None = None
    opened_on: date | None = None  # by it an import learns which way round a spreadsheet writes its dates
    state_since: date | None = None  # tells a state that was left and came back from one that stayed


#: Which of them are days.
_DAYS: Final = ("due_on", "shipped_on", "snoozed_until", "opened_on", "state_since")


def exported(item: Mapping[str, Any], notes: Mapping[str, Sequence[str]]) -> Exported:
    """Return what a row says of ``item``, a row of the table backlog; of ``notes``, by item, it says the last."""
    note = next(reversed(notes.get(item["item_id"], ())), None)
    return Exported(
        item["item_id"], item["state"], item["assigned_to"], item["due_on"], item["shipped_on"],
        item["snoozed_until"], note, item["opened_on"], item["state_since"],
    )  # fmt: skip


def mark_of(row: Exported) -> str:
    """Return the cell that remembers ``row``: a checksum and ASCII that no spreadsheet program changes."""
    said = json.dumps([str(value) if value is not None else None for value in asdict(row).values()])
    return f"{_checksum(said)} {said}"


def said_by(mark: str) -> Exported | None:
    """Return what `mark_of` remembered; None when the cell was changed."""
    checksum, _, said = mark.strip().partition(" ")
    if checksum != _checksum(said):
        return None
    values = dict(zip(Exported.__dataclass_fields__, json.loads(said), strict=True))
    days = {name: date.fromisoformat(values[name]) for name in _DAYS if values[name] is not None}
    return Exported(**{**values, **days})


def _checksum(said: str) -> str:
    """Tells a slip of the hand, not a forger: whoever may import may change every item anyway."""
    return hashlib.sha256(said.encode()).hexdigest()[:8]
