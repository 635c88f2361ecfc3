"""From offsets at which something begins to mentions that can stand on a page."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from cxnlp.mentions.turns import Turn

#: No mention is longer, in characters.
LONGEST: Final = 1_000

_OPENING: Final = "([{“‘«"
_EYES: Final = ":;=-'8"  # of a face that ends in a bracket
_CLOSING: Final = ".,;:!?)]}%/’'…”»"
_ENDING: Final = '.!?…)]”"'
_ADDRESS: Final = re.compile(r"://|www\.|\w@\w")
#: Strings that are no word of their own: addresses, handles, placeholders, list numbers.
_NO_WORD: Final = re.compile(r"https?:|www\.|\.?@\w|\[[A-Z]|\(?\d{1,3}[.)]?$|\(?[A-Za-z][.)]$|\(?\d\d?/\d\d?\)?$")
#: Of these, those that lead on to what follows.
_LEADS: Final = re.compile(r"\.?@\w|\[[A-Z]|\(?\d{1,3}[.)]?$|\(?[A-Za-z][.)]$|[-*•–—·‣▪○●>]$")


def mentions(text: str, turns: Sequence[Turn], starts: Iterable[int], *, is_transcript: bool) -> list[Turn]:
    """Return the mentions of ``text``: trimmed, at most `LONGEST` characters, together all of ``turns`` but space.

    ``starts`` are the offsets, ascending, at which sentences and clauses begin. What has no word of its own (a list
    number, a handle, an emoji) goes with a neighbour; in a transcript only with one of its own turn.
    """
    borders = [start for start in starts if _may_begin(text, start)]
    found: list[Turn] = []
    position = 0
    for turn in turns:
        cuts = [turn.start]
        while position < len(borders) and borders[position] < turn.end:
            if (cut := _before_bracket(text, borders[position], cuts[-1])) > cuts[-1]:
                cuts.append(cut)
            position += 1
        pieces = (replace(turn, start=start, end=end) for start, end in pairwise([*cuts, turn.end]))
        found += _join(text, [short for piece in pieces for short in _shorten(text, piece)])
    return found if is_transcript else _join(text, found, leading=False)


def _may_begin(text: str, start: int) -> bool:
    """Say whether a mention may begin at ``start``: not inside a word, an address or a closing bracket."""
    first = text[start]
    before = text[start - 1] if start else " "
    if before.isspace():
        return first not in _CLOSING or text.startswith(("..", "…"), start)
    if not first.isalpha() or (before == "." and not first.isupper()):
        return False
    is_after_end = before in _ENDING or unicodedata.category(before) == "So"
    return is_after_end and not _ADDRESS.search(_run_around(text, start))


def _run_around(text: str, position: int, reach: int = 80) -> str:
    """Return what stands around ``position`` without a space, as far as ``reach`` characters."""
    before = text[max(0, position - reach) : position]
    after = text[position : position + reach]
    return re.split(r"\s", before)[-1] + re.split(r"\s", after, maxsplit=1)[0]


def _before_bracket(text: str, start: int, floor: int) -> int:
    """Move ``start`` before the brackets or quotation marks that open there, not below ``floor``."""
    back = start - 1
    while back > floor:
        if text[back] in _OPENING and text[back - 1] not in _EYES:
            start = back
        elif not text[back].isspace():
            break
        back -= 1
    return start


def _shorten(text: str, piece: Turn) -> Iterator[Turn]:
    """Trim ``piece`` and cut it at spaces (or, without any, anywhere) to at most `LONGEST` characters."""
    start, end = piece.start, piece.end
    while start < end:
        while start < end and text[start].isspace():
            start += 1
        while start < end and text[end - 1].isspace():
            end -= 1
        if start == end:
            return
        cut = end
        if end - start > LONGEST:
            cut = max(text.rfind(space, start + 1, start + LONGEST + 1) for space in " \n\t")
            cut = cut if cut > start else start + LONGEST
        yield replace(piece, start=start, end=start + len(text[start:cut].rstrip()))
        start = cut


def _join(text: str, pieces: Sequence[Turn], *, leading: bool = True) -> list[Turn]:
    """Join what has no word of its own with the next piece (if it is ``leading``) or the one before."""
    joined: list[Turn] = []
    waiting: Turn | None = None
    for piece in pieces:
        if waiting and piece.end - waiting.start <= LONGEST:
            piece = replace(piece, start=waiting.start)  # noqa: PLW2901
        elif waiting:
            joined.append(waiting)
        waiting = None
        said = text[piece.start : piece.end].split()
        if any(_is_word(part) for part in said):
            joined.append(piece)
        elif leading and _LEADS.match(said[0]):
            waiting = piece
        elif joined and piece.end - joined[-1].start <= LONGEST:
            joined[-1] = replace(joined[-1], end=piece.end)
        else:
            waiting = piece
    if waiting and joined and waiting.end - joined[-1].start <= LONGEST:
        joined[-1] = replace(joined[-1], end=waiting.end)
    elif waiting:
        joined.append(waiting)
    return joined


def _is_word(part: str) -> bool:
    return not _NO_WORD.match(part) and any(character.isalnum() for character in part)
