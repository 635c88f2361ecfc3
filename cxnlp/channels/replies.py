"""The writer's own words in the text of an e-mail: no quoted mail, signature, disclaimer."""

import re
from functools import lru_cache
from typing import Final

from mailparser_reply.constants import MAIL_LANGUAGES
from mailparser_reply.parser import EmailMessage

_LANGUAGES: Final = ("en", "de", "es", "it", "nl")
# The parser's French header breaks into fragments; it understands the same header in English.
_FRENCH_HEADER: Final = re.compile(r"^(>? ?)Le (.{5,80}?\n?.{5,80}?)\s+a écrit\s?:$", re.MULTILINE)
_POLISH_LETTERS: Final = re.compile("[ąćęłńśźż]", re.IGNORECASE)  # the parser's Polish takes a line "Do:" for a header
#: The parser's patterns take the square of a line's length, so longer lines are hidden from it.
_LONG_LINE: Final = 800
_QUOTED_LINE: Final = re.compile(r"^>.*\n?", re.MULTILINE)
FORWARDED: Final = re.compile(
    r"-{2,} ?(?:forwarded message|weitergeleitete nachricht|message transféré) ?-{2,}|begin forwarded message:",
    re.IGNORECASE,
)
_FROM_A_PHONE: Final = re.compile(
    r"^(?:sent (?:from|via) |get outlook for|von meinem .{0,20} gesendet|gesendet von"
    r"|envoy[ée] (?:de(?:puis)? mon|à partir)"
    r"|enviado desde|wys[łl]ane? z|inviato da).{0,40}$",
    re.IGNORECASE | re.MULTILINE,
)
# Closing formulas that the parser's lists lack; a line must hold little else.
_MORE_CLOSINGS: Final = (
    r"(?:with )?(?:kind(?:est)?|best|warm(?:est)?|many|sincere)?\s*(?:regards|wishes)",
    r"(?:many )?thanks(?: again)?[,.!]*$",
    r"thank you(?: again)?[,.!]*$",
    r"yours\b",
    r"(?:most )?sincerely",
    r"cheers[,.!]*$",
    r"love[,.]*$",
    r"best[,.]*$",
    r"diolch",
    r"cofion",
    r"(?:avec |bien )?(?:mes |nos )?(?:cordialement|salutations)",
    r"(?:muchas )?gracias\b.{0,25}$",
    r"(?:bien )?(?:à vous|sincèrement)",
    r"(?:un )?(?:cordial )?saludos?\b",
    r"atentamente",
    r"hochachtungsvoll",
    r"mit (?:freundlich|best|herzlich)",
    r"z poważaniem",
    r"pozdrawiam",
    r"dziękuję[,.!]*$",
)
_DELIMITER: Final = re.compile(r"--\s?|_{5,}|[-=]{5,}")
_AFTERWORD: Final = re.compile(r"(?:p\.?\s?){1,2}s\b\.?", re.IGNORECASE)
_SENTENCE: Final = re.compile(r"(?:\S+\s+){5,}\S+[.!?…]$")
# A paragraph that a mail server adds, not a person.
_DISCLAIMER: Final = re.compile(
    r"\b(?:this|the) (?:e-?mail|message|communication)\b.{0,200}?"
    r"\b(?:confidential|intended (?:solely|only|for)|privileged)"
    r"|^\W*(?:confidentiality|disclaimer)\b"
    r"|\bif you (?:are not the intended|have received this (?:e-?mail|message) in error)"
    r"|\bconsider the environment before printing|\bscanned (?:for|by) .{0,30}virus|\bvirus[- ]free\b"
    r"|\bdiese e-?mail\b.{0,100}\bvertraulich|\bce (?:message|courriel)\b.{0,100}\bconfidentiel",
    re.IGNORECASE | re.DOTALL,
)


def own_words(text: str) -> str:
    """Return what the writer of an e-mail wrote: answers between quoted lines too, and a postscript below a signature.

    A forwarded mail without a word of the sender's own is returned as what the first writer wrote.
    """
    text, hidden = _hide_long_lines(re.sub(r"\n\s*\n", "\n\n", text.replace("\r\n", "\n")).strip())
    text = _FRENCH_HEADER.sub(r"\1On \2 wrote:", text)
    if not text:
        return ""
    languages = [*_LANGUAGES, "pl"] if _POLISH_LETTERS.search(text) else list(_LANGUAGES)
    replies = EmailMessage(text=text, languages=languages, keep_hyphen_lists=True).read().replies
    first, quoted = replies[0].full_body, "\n".join(reply.full_body for reply in replies[1:])
    parts = [_unsigned(_QUOTED_LINE.sub("", first))]
    if _QUOTED_LINE.search(quoted):  # answers between or below quoted lines
        parts.append(_unsigned(_QUOTED_LINE.sub("", quoted)))
    if FORWARDED.fullmatch(parts[0].strip()):
        parts = [_unsigned(quoted)]
    words = _restored("\n\n".join(part for part in parts if part.strip()), hidden)
    paragraphs = re.split(r"\n\s*\n", words)
    return "\n\n".join(part for part in paragraphs if not _DISCLAIMER.search(part)).strip()


def _unsigned(text: str) -> str:
    """Drop closing formula, name and address at the end, but nothing that says something."""
    lines = _FROM_A_PHONE.sub("", text).strip().split("\n")
    for number, line in enumerate(lines):
        if _DELIMITER.fullmatch(line.strip()) and number:
            return "\n".join(lines[:number]).strip()
        if number and _closing().match(line):
            end = _end_of_signature(lines, number)
            if end is not None:
                return "\n".join(lines[:number] + lines[end:]).strip()
    return "\n".join(lines)


def _end_of_signature(lines: list[str], start: int) -> int | None:
    """Return where a signature that starts at ``start`` ends; None when it is none, as sentences follow."""
    for number in range(start, len(lines)):
        line = lines[number].strip()
        if _AFTERWORD.match(line):
            return number
        if len(line) > 70 or (_SENTENCE.match(line) and not line.lower().startswith("yours")):
            return None
    return len(lines)


@lru_cache(maxsize=1)
def _closing() -> re.Pattern[str]:
    known = [
        closing for language in (*_LANGUAGES, "fr", "pl") for closing in MAIL_LANGUAGES[language].get("signatures", [])
    ]
    return re.compile(rf"\s*(?:{'|'.join([*known, *_MORE_CLOSINGS])})", re.IGNORECASE)


def _hide_long_lines(text: str) -> tuple[str, dict[str, str]]:
    """Put a short stand-in for every very long line."""
    hidden: dict[str, str] = {}
    lines = []
    for number, line in enumerate(text.split("\n")):
        stand_in = f"\ue000{number}\ue001"
        if len(line) > _LONG_LINE:
            hidden[stand_in] = line
        lines.append(stand_in if stand_in in hidden else line)
    return "\n".join(lines), hidden


def _restored(text: str, hidden: dict[str, str]) -> str:
    return re.sub("\ue000\\d+\ue001", lambda match: hidden.get(match[0], ""), text)
