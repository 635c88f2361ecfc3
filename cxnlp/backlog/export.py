"""The backlog as a CSV that a spreadsheet opens as it is meant: text stays text, and nothing is ever half written."""

import csv
import io
import os
import re
import tempfile
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl

#: Column of the table → header of the file.
HEADERS: Final[Mapping[str, str]] = {
    "item_id": "Item",
    "priority": "Priority (0-100)",
    "title": "What customers report",
    "sentence": "In their words",
    "state": "State",
    "owner": "Suggested owner",
    "n_customers": "Customers",
    "n_customers_corrected": "Customers, corrected for the model's errors",
    "n_customers_corrected_low": "Customers, corrected: at least",
    "n_customers_corrected_high": "Customers, corrected: at most",
    "method": "How customers were corrected",
    "n_customers_all": "Of all customers heard",
    "n_mentions": "Mentions",
    "n_mentions_recent": "Mentions in the last 14 days",
    "trend_word": "Trend",
    "trend": "Change against the 4 weeks before (1 = doubled)",
    "severity": "Severity (0-1)",
    "net_sentiment": "Net sentiment (-1 to 1)",
    "net_sentiment_low": "Net sentiment: at least",
    "net_sentiment_high": "Net sentiment: at most",
    "missing": "What is missing",
    "warnings": "Causes that customers name",
    "service_effect_low": "Points of net sentiment to gain: at least",
    "service_effect_high": "Points of net sentiment to gain: at most",
    "moment_effect_low": "Points to gain in its moment: at least",
    "moment_effect_high": "Points to gain in its moment: at most",
    "revenue_at_risk_low": "Revenue at risk a year: at least",
    "revenue_at_risk_high": "Revenue at risk a year: at most",
    "n_contacts": "Letters and calls about it",
    "n_contacts_all": "Of all letters and calls",
    "contact_cost_low": "Cost of its contacts a year: at least",
    "contact_cost_high": "Cost of its contacts a year: at most",
    "reach": "Reach (0-1)",
    "direction": "Direction (0-1)",
    "first_feedback_on": "First feedback",
    "last_feedback_on": "Last feedback",
    "opened_on": "Item since",
    "days_to_item": "Days from first feedback to item",
    "kind": "Kind",
    "label": "Label",
    "stage": "Stage",
    "quote_1": "Quote 1",
    "quote_2": "Quote 2",
    "quote_3": "Quote 3",
    "quote_4": "Quote 4",
    "quote_5": "Quote 5",
    "quote_1_mention_id": "Quote 1 is mention",
    "quote_2_mention_id": "Quote 2 is mention",
    "quote_3_mention_id": "Quote 3 is mention",
    "quote_4_mention_id": "Quote 4 is mention",
    "quote_5_mention_id": "Quote 5 is mention",
    "run_id": "Run",
    "theme_id": "Theme",
}

#: What says how many people there are, or how many times they said it; and what their words are.
_COUNTS: Final = ("n_customers", "n_customers_since", "n_mentions", "n_mentions_recent", "n_contacts")
_WORDS: Final = (
    "sentence", "missing", "warnings", "quote_1", "quote_2", "quote_3", "quote_4", "quote_5", "quote_2_mention_id",
    "quote_3_mention_id", "quote_4_mention_id", "quote_5_mention_id",
)  # fmt: skip
#: Where the words of a crisis can be looked up by those who may; of other small groups not even that.
_LOOKED_UP: Final = "quote_1_mention_id"

#: Numbers that a small group's counts or words could be worked out from.
_TELLING: Final = (
    "trend", "net_sentiment", "net_sentiment_low", "net_sentiment_high", "severity", "reach", "n_customers_corrected",
    "n_customers_corrected_low", "n_customers_corrected_high", "service_effect_low", "service_effect_high",
    "moment_effect_low", "moment_effect_high", "revenue_at_risk_low", "revenue_at_risk_high", "contact_cost_low",
    "contact_cost_high", "effect", "effect_low", "effect_high",
)  # fmt: skip

#: What makes a spreadsheet take a text for a formula, full-width forms too.
_FORMULA: Final = re.compile(r"^\s*[=+\-@|%＝＋－＠﹢﹣﹦﹫−]")

#: What makes it take a text for a number and lose digits (an id such as 12345678e9).
_NUMBER: Final = re.compile(r"^\d+([.,]\d+)?(e\d+)?$", re.IGNORECASE)

#: Controls, what turns the direction of writing or is not seen, and halves of characters; but not what joins letters.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs"})
_JOINS: Final = "\u200c\u200d"


def export_csv(items: pl.DataFrame, path: Path, *, least_group: int = 1) -> None:
    """Write ``items`` (columns `BACKLOG`) to ``path``: UTF-8 with a byte order mark, plain headers, one row an item.

    The file is replaced as a whole or not at all. An item of fewer people than ``least_group`` says "<5" (or what the
    number is) for its people and its mentions, and shows neither quotes nor words from them.
    """
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(HEADERS.values())
    rows = (shared(row, least_group) for row in items.select(list(HEADERS)).iter_rows(named=True))
    writer.writerows([_cell(value) for value in row.values()] for row in rows)
    write_whole(path, text.getvalue().encode("utf-8-sig"))


def shared(item: Mapping[str, Any], least_group: int) -> dict[str, Any]:
    """Return an item as it may be shared: of a small group neither counts below ``least_group`` nor its words.

    Numbers that such counts could be worked out from are not shared, either, and its priority is a whole number. An
    item of which it is not known how many people there are is one of a small group.
    """
    if item["n_customers"] is not None and item["n_customers"] >= least_group:
        return dict(item)
    counts = {name: f"<{least_group}" for name in _COUNTS if item.get(name) is not None and item[name] < least_group}
    words = _WORDS if item.get("kind") == "crisis" else (*_WORDS, _LOOKED_UP)
    hidden = dict.fromkeys(name for name in (*words, *_TELLING) if name in item)
    whole = {"priority": float(round(item["priority"]))} if item.get("priority") is not None else {}
    return {**item, **counts, **hidden, **whole, "title": (item["title"] or "").partition(": ")[0]}


def write_whole(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` so that a reader sees the old file or the new one, also after a power cut."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o640)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _cell(value: object) -> str:
    """What a cell holds; numbers and dates as they are, text safe from being computed."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    return safe_cell(value) if isinstance(value, str) else str(value)


def safe_cell(text: str) -> str:
    """Return ``text`` on one line, so that a spreadsheet neither computes it nor takes it for a number."""
    line = one_line(text)
    return f"'{line}" if _FORMULA.match(line) or _NUMBER.match(line) else line


def one_line(text: str) -> str:
    """Return ``text`` on one line without what is not seen or turns the direction of writing."""
    line = " ".join(text.split())
    if line.isprintable():
        return line
    seen = (c for c in line if c in _JOINS or unicodedata.category(c) not in _UNSEEN)
    return " ".join("".join(seen).split())
