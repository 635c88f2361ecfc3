"""A page that may be kept for ever: what an erasure would have to look for in it is never written into it.

Numbers, the taxonomy's words and the company's own stay. What customers wrote, what was made of their words (terms,
sentences, problems of their files), and who named colleagues and assigned ones are, is left out.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from cxnlp.report.answers import Answer, Row
from cxnlp.report.words import title_parts

#: Answers that are made of mentions' words, or of who is named in them.
_OF_PEOPLE: Final = ("quotes", "backlog", "item_quotes", "item_evidence", "alert_evidence", "champions")


def answers(told: Mapping[str, Answer], least_group: int) -> dict[str, Answer]:
    """Return the page's answers without customers' words; their keys and their SQL stay.

    Where fewer people than ``least_group`` report a warning, its product and its place are left out, too.
    """
    rows: dict[str, Sequence[Row]] = {
        **dict.fromkeys(_OF_PEOPLE, ()),
        "alerts": [_alert(row, least_group) for row in told["alerts"].rows],
        "refused": _refused(told["refused"].rows),
    }
    return {name: replace(answer, rows=rows.get(name, answer.rows)) for name, answer in told.items()}


def item(told: Row) -> Row:
    """Return an item of the backlog with the taxonomy's phrase for a title, and nobody's name."""
    hidden = [name for name in told if name.startswith("quote_") or name in ("sentence", "assigned_to")]
    return {**told, **dict.fromkeys(hidden), "title": title_parts(told["title"])[0]}


def _alert(told: Row, least_group: int) -> Row:
    few = ("product", "location") if told["n_reports"] < least_group else ()
    return {**told, **dict.fromkeys(few)}


def _refused(told: Sequence[Row]) -> list[Row]:
    """How much of each source could not be used; why may cite what stands in a file."""
    numbers: Counter[str] = Counter()
    for row in told:
        numbers[row["source"]] += row["n_items"]
    return [{"source": source, "problem": "could not be used", "n_items": n} for source, n in numbers.most_common()]
