"""Where no mention may cross: turns of a call, paragraphs, list items, greetings, signatures."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise, repeat
from typing import Final

#: A line that starts a list item.
_BULLET: Final = re.compile(r"\s*(?:[-*•–—·‣▪○●>]|\(?\d{1,3}[.)]|\(?[A-Za-z]\))\s")
_GREETING: Final = re.compile(
    r"\s*(?:dear|hi|hello|hey|good (?:morning|afternoon|evening|day)|greetings|to whom it may concern)\b"
    r"[^.!?]{0,60}$",
    re.IGNORECASE,
)
_CLOSING: Final = re.compile(
    r"\s*(?:yours (?:sincerely|faithfully|truly)|sincerely(?: yours)?|respectfully"
    r"|(?:with )?(?:kind|best|warm|many) (?:regards|wishes|thanks)|regards|thanks|thank you|cheers)\s*[,.!]*\s*$",
    re.IGNORECASE,
)
_ENDS: Final = re.compile(r"[.!?…][\"'”’)\]]*\s*$")
#: Abbreviations whose full stop ends no sentence when more follows.
ABBREVIATIONS: Final = (
    "acct?|appt|approx|ave|corp|dept|dr|e\\.g|est|etc|excl|ext|i\\.e|inc|incl|jr|ltd|max|min|misc|mr|mrs|ms|no|nos|prof|"
    "qty|rd|ref|sr|st|tel|temp|vs"
)
_ABBREVIATION: Final = re.compile(rf"\b(?:{ABBREVIATIONS}|[a-z])\.$", re.IGNORECASE)
#: Who speaks, at the start of every line of a transcript that came as plain text.
_SPEAKER: Final = re.compile(
    r"(?:(?P<customer>customer|caller|client|guest|member)|(?P<agent>agent|advis[eo]r|operator|representative|support))"
    r"\s*:\s+",
    re.IGNORECASE,
)

#: Lines shorter than this were not wrapped by a program: their ends are meant.
_NARROW: Final = 50


@dataclass(frozen=True)
class Turn:
    """A piece of one text, ``text[start:end]``, that mentions do not leave."""

    start: int
    end: int
    speaker: str | None = None


@dataclass(frozen=True)
class Layout:
    """The turns of a text, in order; in a transcript each is what one person said."""

    turns: list[Turn]
    is_transcript: bool


def lay_out(text: str, speakers: Sequence[str | None] | None, *, is_call: bool) -> Layout:
    """Cut ``text`` where no mention may cross.

    With ``speakers`` (one entry a line) every line is a turn of that speaker. A call without them whose every line
    starts with "Customer:" or "Agent:" is read so, too; the prefix is then no part of the turn.
    """
    if speakers:
        who = chain(speakers, repeat(None))
        spoken = [Turn(start, end, speaker) for (start, end), speaker in zip(_lines(text), who, strict=False)]
        return Layout(spoken, is_transcript=True)
    lines = _lines(text)
    if is_call and (spoken := _spoken(text, lines)):
        return Layout(spoken, is_transcript=True)
    return Layout([turn for run in _runs(text, lines) for turn in _unwrapped(text, run)], is_transcript=False)


def _lines(text: str) -> list[tuple[int, int]]:
    found, start = [], 0
    for line in text.split("\n"):
        found.append((start, start + len(line)))
        start += len(line) + 1
    return found


def _spoken(text: str, lines: Sequence[tuple[int, int]]) -> list[Turn]:
    """Return the turns when every line that says anything names its speaker, else nothing."""
    found = []
    for start, end in lines:
        prefix = _SPEAKER.match(text, start, end)
        if prefix:
            found.append(Turn(prefix.end(), end, prefix.lastgroup))
        elif text[start:end].strip():
            return []
    return found


def _runs(text: str, lines: Sequence[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Give the runs of lines between blank ones."""
    run: list[tuple[int, int]] = []
    for start, end in lines:
        if text[start:end].strip():
            run.append((start, end))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _unwrapped(text: str, run: Sequence[tuple[int, int]]) -> Iterator[Turn]:
    """Join the lines that a program wrapped; every other line end is a border."""
    width = max(end - start for start, end in run)
    first = run[0][0]
    for (start, end), (begin, until) in pairwise(run):
        if not _is_wrapped(text[start:end].strip(), text[begin:until], width):
            yield Turn(first, end)
            first = begin
    yield Turn(first, run[-1][1])


def _is_wrapped(line: str, following: str, width: int) -> bool:
    """Say whether the sentence of ``line`` goes on in the ``following`` one.

    It does not when either stands for itself (list item, greeting, closing) or ``line`` ends a sentence. Else it
    does when the next line starts small, or when its first word would not have fitted within ``width``.
    """
    if _BULLET.match(following) or _CLOSING.match(following) or _CLOSING.match(line) or _GREETING.match(line):
        return False
    if _ENDS.search(line) and not _ABBREVIATION.search(line):
        return False
    word = following.split(maxsplit=1)[0]
    return word[0].islower() or (width >= _NARROW and len(line) + 1 + len(word) > width)
