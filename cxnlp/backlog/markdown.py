"""The backlog as Markdown, to read or to paste: what customers wrote shows as it is and does nothing."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from cxnlp.backlog.export import one_line
from cxnlp.backlog.helped import helped
from cxnlp.backlog.states import shown

#: What is markup wherever it stands; behind a backslash it is itself.
_MARKUP: Final = re.compile(r"([\\`*_\[\]<>|~&$])")
#: What is markup where a line begins: a heading, a list, a rule.
_BEGINNING: Final = re.compile(r"^(\d*)([#+\-=.)])")
#: What trackers make a link of without any markup.
_LINK: Final = re.compile(r"(?i)(?<=[a-z])(:)(?=//)|(?<=www)(\.)")
#: Behind these a name or a number calls somebody or links to something, where Markdown is read by a tracker.
_CALLS: Final = re.compile(r"([@#!~])(?=\w)")
_JOINER: Final = "\u2060"  # not seen, and no letter: the call is broken, the text reads the same

_FACTS: Final = (
    ("State", "state"),
    ("Owner", "assigned_to"),
    ("Due", "due_on"),
    ("Suggested owner", "owner"),
    ("Shipped on", "shipped_on"),
    ("Shipped where", "shipped_where"),
    ("What was shipped", "shipped_what"),
    ("The fix", "helped"),
    ("Priority", "priority"),
    ("Customers", "n_customers"),
    ("Mentions", "n_mentions"),
    ("Trend", "trend_word"),
    ("Causes that customers name", "warnings"),
    ("Item since", "opened_on"),
)
_QUOTES: Final = ("quote_1", "quote_2", "quote_3")


def markdown(items: Sequence[Mapping[str, Any]]) -> str:
    """Return items (rows of the table backlog, as they may be shared) as a document, one section each."""
    return "\n\n".join(["# Backlog", *map(_section, items)]) + "\n"


def escaped(text: str) -> str:
    r"""Return ``text`` on one line so that Markdown shows it as it is: no links, no markup, nobody called.

    >>> escaped("*now* <b>") == "\\*now\\* \\<b\\>"
    True
    """
    line = _CALLS.sub(rf"\1{_JOINER}", one_line(text))
    line = _LINK.sub(r"\\\g<0>", _MARKUP.sub(r"\\\1", line))
    return _BEGINNING.sub(r"\1\\\2", line)


def _section(item: Mapping[str, Any]) -> str:
    lines = [f"## {escaped(item.get('sentence') or item['title'])}", "", f"`{item['item_id']}`", ""]
    known = {**item, "helped": helped(item)}
    facts = ((name, column) for name, column in _FACTS if known.get(column) is not None)
    lines += [f"- {name}: {_value(known[column], column)}" for name, column in facts]
    for quote in filter(None, map(item.get, _QUOTES)):
        lines += ["", f"> {escaped(quote)}"]
    return "\n".join(lines)


def _value(value: object, column: str) -> str:
    if isinstance(value, float):
        return f"{value:.0f}"
    return escaped(shown(value) if column == "state" else value) if isinstance(value, str) else str(value)
