"""Proposes persons: ranges of words that are names by themselves or by the words around them, and ranges to ask about.

A range ``(i, j)`` is words ``i`` … ``j - 1`` of the text's tokens. What is asked about goes to the recogniser of
``recogniser.py``; everything else is decided here, from word lists and cues, which is what makes masking fast.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cxnlp.feedback.masking import cues
from cxnlp.feedback.masking.lexicon import Known, fold
from cxnlp.feedback.masking.tokens import PARTICLES, Token, joined

Range = tuple[int, int]

_LONGEST = 4  # words of one name
#: Given names that begin sentences as everyday words; alone and without a cue they are never a person.
_NEVER_ALONE = frozenset("will may mark bill chase sue grant guy miles penny ray summer hope joy faith grace amber crystal angel dawn rose "
                         "pat drew wade ward cliff chuck gene young love art rich".split())  # fmt: skip
#: Everyday words that, in small letters after a given name, are family names all the same.
_TRADES = frozenset("smith wright baker cooper taylor walker turner miller fisher harper potter parker carter porter butler fuller brown "
                    "green white black hill wood woods king bell cook ward gray marsh shaw hunt mills ford webb stone rose".split())  # fmt: skip
_DETERMINER_BEFORE = re.compile(r"\b(?:the|a|an|my|your|our|this|that|these|those|another|any|each|every|his|her|their|new|old|its) $", re.I)
_WORKS_AFTER = re.compile(
    r" (?:(?:on|at|in|from) (?:your|the) |(?:helped|served|assisted|answered|apologi[sz]ed|deserves|sorted|said|told|called me|rang me|was (?:so|very|really|"
    r"extremely|incredibly) (?:helpful|kind|patient|friendly|rude|polite))\b)"
)
_PLACE_BEFORE = re.compile(r"\b(?:st|saint|san|santa|lake|mount|fort|port|los|las|el|new|north|south|east|west|upper|lower|great|little)\.? $", re.I)
_PLACE_FIRST = frozenset("san santa santo st saint los las el puerto port fort lake mount new".split())
_PLACE_AFTER = re.compile(
    r" (?:street|road|avenue|lane|airport|hotel|park|bank|ltd|limited|inc|plc|llc|airways|airlines?|university|college|school|hospital|stadium|"
    r"cent(?:re|er)|arena|house|square|station|bridge|islands?|county|city|beach|bay|town|stores?|shop|branch|depot|range|collection|sofa|table|"
    r"chair|lamp|card|group|services?|insurance|mortgage|day|sale|garden|club|prize|award|act|law|edition|model|app)\b",
    re.I,
)  # fmt: skip


@dataclass(slots=True)
class Proposal:
    """Ranges that are persons, and ranges to ask about; ``hinted`` of those stand after words that announce a person."""

    persons: list[Range] = field(default_factory=list)
    asked: list[Range] = field(default_factory=list)
    hinted: set[int] = field(default_factory=set)


def propose(work: str, tokens: Sequence[Token], known_words: Mapping[str, str]) -> Proposal:
    """Return the persons in ``work`` (the text with identifiers blanked).

    ``known_words`` holds the folded words of names that came in the item's own columns.
    """
    found = Proposal()
    if not tokens:
        return found
    found.persons += _known(work, tokens, known_words)
    for rule in (_titles, _introductions, _callings, _salutations, _sign_offs, _last_line):
        found.persons += rule(work, tokens)
    _contacts(work, tokens, found)
    found.persons += _small_letters(work, tokens)
    _capitals(work, tokens, found)
    found.persons = merge(found.persons)
    found.asked = [each for each in merge(found.asked) if not _touches(each, found.persons)]
    return found


def merge(ranges: Sequence[Range]) -> list[Range]:
    """Return ``ranges`` sorted, with overlapping ones joined."""
    merged: list[Range] = []
    for i, j in sorted(set(ranges)):
        if merged and i < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(j, merged[-1][1]))
        else:
            merged.append((i, j))
    return merged


def repeat(tokens: Sequence[Token], persons: Sequence[Range]) -> list[Range]:
    """Return ``persons`` and every other place of the text where one of their words stands as a name."""
    names = {
        fold(tokens[k].text)
        for i, j in persons
        for k in range(i, j)
        if len(tokens[k].text) >= 3 and not tokens[k].known & (Known.COMMON | Known.PLACE)
    }
    if not names:
        return list(persons)
    again = [
        (k, k + 1)
        for k, token in enumerate(tokens)
        if not token.is_barred and (token.is_capital or not token.is_cased or token.is_strong_first) and fold(token.text) in names
    ]
    return merge([*persons, *again])


def _touches(one: Range, others: Sequence[Range]) -> bool:
    return any(i < one[1] and one[0] < j for i, j in others)


def _at(tokens: Sequence[Token], position: int) -> int:
    return bisect_left(tokens, position, key=lambda token: token.start)


def _extend(work: str, tokens: Sequence[Token], i: int) -> int:
    """The end of the name that begins with word ``i``."""
    j = i + 1
    while j < len(tokens) and j - i < _LONGEST and joined(work, tokens[j - 1], tokens[j]):
        token = tokens[j]
        if _is_initial(token) or (token.is_capital and token.is_name_like and (token.known != Known.NOTHING or not token.text.isupper())):
            j += 1
        elif (fold(token.text) in PARTICLES and j + 1 < len(tokens) and tokens[j + 1].is_capital and tokens[j + 1].is_name_like
              and joined(work, token, tokens[j + 1])):  # fmt: skip
            j += 2
        elif not token.is_capital and not tokens[i].is_capital and _is_small_surname(token):
            j += 1
        else:
            break
    return j


def _is_place(token: Token) -> bool:
    """A place or company that is a family name at most: Dyson, Preston."""
    return bool(token.known & Known.PLACE) and not token.known & Known.FIRST


def _is_initial(token: Token) -> bool:
    return len(token.text) == 1 and token.text.isupper() and token.text not in "IA"


def _is_small_surname(token: Token) -> bool:
    is_word = token.known & (Known.COMMON | Known.PLACE) and fold(token.text) not in _TRADES
    return bool(token.known & Known.LAST) and not is_word and not token.is_barred and len(token.text) > 2


def _follow(
    work: str, tokens: Sequence[Token], pattern: re.Pattern[str], accept: Callable[[Token], bool]
) -> Iterator[Range]:
    for match in pattern.finditer(work):
        k = _at(tokens, match.end())
        if k < len(tokens) and tokens[k].start == match.end() and not tokens[k].is_barred and accept(tokens[k]):
            yield k, _extend(work, tokens, k)


def _known(work: str, tokens: Sequence[Token], known_words: Mapping[str, str]) -> Iterator[Range]:
    if not known_words:
        return
    marks = [fold(token.text) in known_words for token in tokens]
    for k, token in enumerate(tokens):
        if not marks[k]:
            continue
        beside = (k > 0 and marks[k - 1] and joined(work, tokens[k - 1], token)) or (
            k + 1 < len(tokens) and marks[k + 1] and joined(work, token, tokens[k + 1]))  # fmt: skip
        plain = not token.known & (Known.COMMON | Known.PLACE)
        starts_line = work[: token.start].rstrip(" ")[-1:] in ("", "\n", ".", "!", "?")
        if beside or plain or (token.is_capital and not starts_line and not token.is_barred):
            yield k, k + 1


def _titles(work: str, tokens: Sequence[Token]) -> Iterator[Range]:
    def is_bearer(token: Token) -> bool:
        if token.text[0].isupper():
            return not re.fullmatch(rf"{cues.WORKER}|madam|sir|director|president|and", token.text, re.I)
        return not token.known & (Known.COMMON | Known.PLACE) or bool(token.known & Known.LAST)

    yield from _follow(work, tokens, cues.TITLE, is_bearer)


def _introductions(work: str, tokens: Sequence[Token]) -> Iterator[Range]:
    yield from _follow(work, tokens, cues.SELF, _is_named)
    yield from _follow(work, tokens, cues.SPEAKER, lambda token: bool(token.known & Known.FIRST))
    yield from _follow(work, tokens, cues.SELF_WEAK, lambda token: token.is_strong_first or (
        token.is_capital and bool(token.known & Known.FIRST) and not token.known & Known.PLACE))  # fmt: skip


def _callings(work: str, tokens: Sequence[Token]) -> Iterator[Range]:
    yield from _follow(work, tokens, cues.CALLED, _is_named)


def _is_named(token: Token) -> bool:
    if token.is_capital:
        return not token.is_ordinary
    return token.is_strong_first or (token.known in (Known.LAST, Known.NOTHING) and len(token.text) > 2)


def _salutations(work: str, tokens: Sequence[Token]) -> Iterator[Range]:
    for i, j in _follow(work, tokens, cues.SALUTATION, lambda token: bool(token.known & Known.FIRST) or token.known == Known.NOTHING):
        ends = work[tokens[j - 1].end : tokens[j - 1].end + 2].strip(" ")[:1]
        if tokens[i].is_strong_first or (tokens[i].is_capital and ends in ("", ",", "\n", "!", ":", ".", "-", "–")):
            yield i, j


def _contacts(work: str, tokens: Sequence[Token], found: Proposal) -> None:
    """After "spoke to", "served by", "thanks": a known given name is a person, another capital is asked about."""
    for pattern in (cues.CONTACT, cues.THANKS):
        for i, j in _follow(work, tokens, pattern, lambda token: token.is_capital or token.is_strong_first):
            if tokens[i].known & Known.FIRST and not tokens[i].known & Known.PLACE:
                found.persons.append((i, j))
            elif tokens[i].is_name_like and pattern is cues.CONTACT:
                found.asked.append((i, j))
                found.hinted.add(i)


def _sign_offs(work: str, tokens: Sequence[Token]) -> Iterator[Range]:
    for match in cues.SIGN_OFF.finditer(work):
        k = _at(tokens, match.end())
        line_end = work.find("\n", match.end())
        line_end = len(work) if line_end < 0 else line_end
        last = _at(tokens, line_end)
        if "\n" not in match.group("gap") and line_end - match.end() > 40:
            continue
        yield from _name_line(work, tokens, k, last)


def _last_line(work: str, tokens: Sequence[Token]) -> Iterator[Range]:
    """A letter's last line of one to three capitalised words, one of them a given name."""
    body = work.rstrip()
    start = body.rfind("\n") + 1
    k = _at(tokens, start)
    if start and any(token.known & Known.FIRST for token in tokens[k:]):
        yield from _name_line(work, tokens, k, len(tokens))


def _name_line(work: str, tokens: Sequence[Token], k: int, last: int) -> Iterator[Range]:
    line = [token for token in tokens[k:last] if not re.fullmatch(cues.TITLE_WORDS, token.text, re.I)]
    if not 1 <= len(line) <= 4 or any(token.is_barred for token in line):
        return
    if not all(token.is_name_like and (token.is_capital or not token.is_cased or token.is_strong_first) for token in line):
        return
    known = Known.NOTHING
    for token in line:
        known |= token.known
    if any(token.known == Known.NOTHING and token.text.isupper() and 1 < len(token.text) < 4 for token in line):
        return  # "MR", "TBC": initials and abbreviations
    plain = any(token.known == Known.NOTHING and len(token.text) > 2 for token in line)
    if known & Known.FIRST or plain or any(len(token.text) == 1 for token in line) or len(line) > 1:
        yield tokens.index(line[0], k), tokens.index(line[-1], k) + 1


def _small_letters(work: str, tokens: Sequence[Token]) -> Iterator[Range]:
    """Names without capitals, or in a shouted line: a given name beside a cue or beside a family name."""
    for k, token in enumerate(tokens):
        if token.is_capital or not token.is_strong_first or token.is_barred or len(token.text) < 3:
            continue
        j = k + 1
        if j < len(tokens) and joined(work, token, tokens[j]) and _is_small_surname(tokens[j]):
            yield k, j + 1
        elif len(token.text) >= 5 or (cues.BEFORE_CASELESS.search(work, max(0, token.start - 25), token.start)
                                      or cues.AFTER_CASELESS.match(work, token.end)):  # fmt: skip
            yield k, j


def _capitals(work: str, tokens: Sequence[Token], found: Proposal) -> None:
    """Given names stand for themselves; what may be a name or something else is asked about."""
    k = 0
    while k < len(tokens):
        token = tokens[k]
        if not token.is_capital or token.is_barred or token.is_ordinary or _is_place(token):
            k += 1
            continue
        j = _extend(work, tokens, k)
        if fold(token.text) in _PLACE_FIRST or _is_in_place(work, token, tokens[j - 1]):
            k = j
            continue
        following = tokens[k + 1] if j > k + 1 else None
        if token.is_strong_first and not (token.text.isupper() and len(token.text) < 4):
            found.persons.append((k, j))
        elif token.is_weak_first:
            _weak(work, found, token, following, (k, j))
        elif len(token.text) == 1:
            if following is not None and following.known & Known.LAST and not following.known & (Known.COMMON | Known.PLACE):
                found.persons.append((k, j))
        elif token.known & Known.COMMON and following is None:
            pass  # "Price", "Best": a family name that begins a sentence is an everyday word
        elif not (token.text.isupper() and token.known == Known.NOTHING) and not (j == k + 1 and _follows_determiner(work, token)):
            found.asked.append((k, j))
        k = j


def _weak(work: str, found: Proposal, token: Token, following: Token | None, where: Range) -> None:
    if following is not None and (_is_initial(following) or following.is_strong_first or (
            following.known & Known.LAST and not following.known & (Known.COMMON | Known.PLACE))):  # fmt: skip
        found.persons.append(where)
    elif following is not None:
        found.asked.append(where)
    elif token.known & Known.PLACE:
        return
    elif _follows_determiner(work, token):
        return
    elif _WORKS_AFTER.match(work, token.end) and fold(token.text) not in ("will", "may"):
        found.persons.append(where)
    elif fold(token.text) not in _NEVER_ALONE:
        found.asked.append(where)


def _follows_determiner(work: str, token: Token) -> bool:
    return _DETERMINER_BEFORE.search(work, max(0, token.start - 10), token.start) is not None


def _is_in_place(work: str, first: Token, last: Token) -> bool:
    return bool(_PLACE_BEFORE.search(work, max(0, first.start - 8), first.start) or _PLACE_AFTER.match(work, last.end))
