"""E-mails passed on: who wrote the mail inside, when, and what."""

import re
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Final

from cxnlp.channels.replies import FORWARDED, own_words

_FROM: Final = "from|von|de|da|van|od|o"
_SENT: Final = "date|sent|gesendet|datum|envoyé|enviado|enviada|fecha|data|wysłano|anfonwyd"
_SUBJECT: Final = "subject|betreff|objet|asunto|oggetto|onderwerp|temat|pwnc"
_OTHERS: Final = "to|an|à|para|a|do|aan|at|cc|bcc|kopie|importance|reply-to"
_FIELD: Final = re.compile(
    rf"^[>\s*]*(?P<name>{_FROM}|{_SENT}|{_SUBJECT}|{_OTHERS})\s*:[\s*]*(?P<value>.*)$", re.IGNORECASE
)
#: How mail programs begin the subject of a mail that is passed on.
_PASSED_ON: Final = re.compile(r"\s*(?:fwd?|wg|tr|rv|enc|pd|i|doorst|inoltra)\s*:", re.IGNORECASE)
_MAILTO: Final = re.compile(r"[\[<(](?:mailto:)?([^\s<>\[\]()]+@[^\s<>\[\]()]+)[\])>]")
_MOST_LINES: Final = 200  # the block stands near the top


@dataclass(frozen=True)
class Forward:
    """The mail inside a mail that was passed on; ``sent`` is the date as the mail program wrote it."""

    text: str
    author: str | None
    address: str
    sent: str | None


def read_forward(text: str, subject: str) -> Forward | None:
    """Return the mail inside ``text``; None when ``text`` was not passed on from somebody else.

    A line that says so ("Forwarded message") or a subject ("FW: …") is needed: an answer quotes with the same lines.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    start = _start(lines, is_passed_on=bool(_PASSED_ON.match(subject)))
    if start is None:
        return None
    fields, after = _fields(lines, start)
    author = _value(fields, _FROM)
    if author is None:
        return None
    body = lines[after:]
    if all(line.startswith(">") for line in body if line.strip()):
        body = [line.lstrip(">").removeprefix(" ") for line in body]
    address = (found[1] if (found := _MAILTO.search(author)) else parseaddr(author)[1]).lower()
    return Forward(
        own_words("\n".join(body)), author.strip() or None, address if "@" in address else "", _value(fields, _SENT)
    )


def _start(lines: list[str], *, is_passed_on: bool) -> int | None:
    """The line where the header of the mail inside begins."""
    for number, line in enumerate(lines[:_MOST_LINES]):
        if FORWARDED.search(line):
            return number + 1
        if is_passed_on and (field := _FIELD.match(line)) and re.fullmatch(_FROM, field["name"], re.IGNORECASE):
            fields, _ = _fields(lines, number)
            if _value(fields, _SUBJECT) is not None or _value(fields, _SENT) is not None:
                return number
    return None


def _fields(lines: list[str], start: int) -> tuple[list[tuple[str, str]], int]:
    """Name and value of the header's lines, and where the text below them begins."""
    fields: list[tuple[str, str]] = []
    number = start
    while number < len(lines):
        field = _FIELD.match(lines[number])
        if field:
            fields.append((field["name"].lower(), field["value"].strip("* ")))
        elif fields and not (number + 1 < len(lines) and _FIELD.match(lines[number + 1])):
            break  # no empty line or second half of a long one inside the header
        number += 1
    return fields, number


def _value(fields: list[tuple[str, str]], names: str) -> str | None:
    return next((value for name, value in fields if re.fullmatch(names, name)), None)
