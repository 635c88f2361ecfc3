"""The backlog as Markdown, to read or to paste: what customers wrote shows as it is and does nothing."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from cxnlp.backlog.export import one_line
from cxnlp.backlog.facts import QUOTES, measured, standing

#: What is markup wherever it stands; behind a backslash it is itself.
_MARKUP: Final = re.compile(r"([\\`*_\[\]<>|~&$])")
#: What is markup where a line begins: a heading, a list, a rule.
_BEGINNING: Final = re.compile(r"^(\d*)([#+\-=.)])")
#: What trackers make a link of without any markup.
_LINK: Final = re.compile(r"(?i)(?<=[a-z])(:)(?=//)|(?<=www)(\.)")
#: Behind these a name or a number calls somebody or links to something, where Markdown is read by a tracker.
_CALLS: Final = re.compile(r"([@#!~])(?=\w)")
_JOINER: Final = "\u2060"  # not seen, and no letter: the call is broken, the text reads the same


def markdown(items: Sequence[Mapping[str, Any]], currency: str = "") -> str:
    """Return items (rows of `read`, as they may be shared) as a document, one section each.

    Args:
        items: in the order that they shall have.
        currency: of what they are worth.
    """
    return "\n\n".join(["# Backlog", *(_section(item, currency) for item in items)]) + "\n"


def escaped(text: str) -> str:
    r"""Return ``text`` on one line so that Markdown shows it as it is: no links, no markup, nobody called.

    >>> escaped("*now* <b>") == "\\*now\\* \\<b\\>"
    True
    """
    return _BEGINNING.sub(r"\1\\\2", _within(text))


def _within(text: str) -> str:
    """The same of text that begins no line."""
    line = _CALLS.sub(rf"\1{_JOINER}", one_line(text))
    return _LINK.sub(r"\\\g<0>", _MARKUP.sub(r"\\\1", line))


def _section(item: Mapping[str, Any], currency: str) -> str:
    """Title, sentence, facts, quotes."""
    lines = [f"## {escaped(item['title'])}", ""]
    lines += [escaped(item["sentence"]), ""] if item.get("sentence") else []
    lines += [f"`{item['item_id']}`", ""]
    lines += [f"- {name}: {_within(words)}" for name, words in (*standing(item), *measured(item, currency))]
    for quote in filter(None, map(item.get, QUOTES)):
        lines += ["", f"> {escaped(quote)}"]
    return "\n".join(lines)
