"""Proposes persons: ranges of words that are names by themselves or by the words around them, and ranges to ask about.

A range ``(i, j)`` is words ``i`` … ``j - 1`` of the text's tokens. What is asked about goes to the recogniser of
``recogniser.py``; everything else is decided here, from word lists and cues, which is what makes masking fast.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cxnlp.feedback.masking import cues
from cxnlp.feedback.masking.announced import announced, follow
from cxnlp.feedback.masking.lexicon import Known, fold
from cxnlp.feedback.masking.names import Range, extend, is_initial, is_place, is_small_surname, merge, touches
from cxnlp.feedback.masking.tokens import Token, joined


@dataclass(slots=True)
class Proposal:
    """Ranges that are persons, and ranges to ask about; those that begin with a ``hinted`` word follow a cue."""

    persons: list[Range] = field(default_factory=list)
    asked: list[Range] = field(default_factory=list)
    hinted: set[int] = field(default_factory=set)


def propose(work: str, tokens: Sequence[Token], known_words: Mapping[str, str], *, is_english: bool = True) -> Proposal:
    """Return the persons in ``work`` (the text with identifiers blanked).

    ``known_words`` holds the folded words of names that came in the item's own columns. In other languages than English
    small letters and open words are left alone: lists and recogniser know English words only.
    """
    found = Proposal()
    if not tokens:
        return found
    found.persons += _known(work, tokens, known_words)
    found.persons += announced(work, tokens)
    _contacts(work, tokens, found)
    if is_english:
        found.persons += _small_letters(work, tokens)
    _capitals(work, tokens, found)
    if not is_english:
        found.asked.clear()
    found.persons = merge(found.persons)
    found.asked = [each for each in merge(found.asked) if not touches(each, found.persons)]
    return found


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
        if token.is_barred and not beside:
            continue
        if beside or plain or (token.is_capital and not starts_line and not token.is_barred):
            yield k, k + 1


def _contacts(work: str, tokens: Sequence[Token], found: Proposal) -> None:
    """After "spoke to", "served by", "thanks": a known given name is a person, another capital is asked about."""
    for pattern in (cues.CONTACT, cues.THANKS):
        for i, j in follow(work, tokens, pattern, lambda token: token.is_capital or token.is_strong_first):
            if tokens[i].known & Known.FIRST and not tokens[i].known & Known.PLACE:
                found.persons.append((i, j))
            elif tokens[i].is_name_like and pattern is cues.CONTACT:
                found.asked.append((i, j))
                found.hinted.add(i)


def _small_letters(work: str, tokens: Sequence[Token]) -> Iterator[Range]:
    """Names without capitals, or in a shouted line: a given name beside a cue or beside a family name."""
    for k, token in enumerate(tokens):
        if token.is_capital or token.is_barred or len(token.text) < 3:
            continue
        j = k + 1
        if token.is_weak_first and not token.known & Known.PLACE and fold(token.text) not in cues.VERBS:
            if j < len(tokens) and tokens[j].known == Known.LAST and joined(work, token, tokens[j]) and (
                    not tokens[j].is_barred and not tokens[j].is_capital):  # fmt: skip
                yield k, j + 1
            continue
        if not token.is_strong_first:
            continue
        if j + 1 < len(tokens) and len(tokens[j].text) == 1 and joined(work, token, tokens[j]) and (
                joined(work, tokens[j], tokens[j + 1]) and is_small_surname(tokens[j + 1], unknown=True)):  # fmt: skip
            yield k, j + 2
        elif j < len(tokens) and joined(work, token, tokens[j]) and is_small_surname(tokens[j], unknown=True):
            yield k, j + 1
        elif len(token.text) >= 5 or (cues.BEFORE_CASELESS.search(work, max(0, token.start - 25), token.start)
                                      or cues.AFTER_CASELESS.match(work, token.end)):  # fmt: skip
            yield k, j


def _capitals(work: str, tokens: Sequence[Token], found: Proposal) -> None:
    """Given names stand for themselves; what may be a name or something else is asked about."""
    k = 0
    while k < len(tokens):
        token = tokens[k]
        if not token.is_capital or token.is_barred or token.is_ordinary or is_place(token) or _is_code(token):
            k += 1
            continue
        if (
            token.known & Known.COMMON
            and not token.known & Known.FIRST
            and (k == 0 or not joined(work, tokens[k - 1], token))
        ):
            k += 1  # "Said", "Best": a family name that begins a sentence is an everyday word
            continue
        j = extend(work, tokens, k)
        if fold(token.text) in cues.PLACE_FIRST or _is_in_place(work, token, tokens[j - 1]):
            k = j
            continue
        following = tokens[k + 1] if j > k + 1 else None
        if (token.is_strong_first and not (token.text.isupper() and len(token.text) < 4)) or _is_in_role(work, token):
            found.persons.append((k, j))
        elif token.is_weak_first:
            _weak(work, found, token, following, (k, j))
        elif len(token.text) == 1:
            if _is_initialled(work, tokens[k:j]):
                found.persons.append((k, j))
        elif token.known & Known.COMMON and following is None:
            pass
        elif not (token.text.isupper() and token.known == Known.NOTHING) and not (
            j == k + 1 and _follows_determiner(work, token)
        ):
            found.asked.append((k, j))
        k = j


def _is_in_role(work: str, token: Token) -> bool:
    """Whether a given name that is also a word or a country has a role before it: your agent Chad."""
    return token.is_weak_first and bool(cues.ROLE_BEFORE.search(work, max(0, token.start - 24), token.start))


def _is_code(token: Token) -> bool:
    """Codes of airports, units and makers between words in small letters: MUC, DEL-BOM-GOI."""
    return token.text.isupper() and 1 < len(token.text.split("-")[0]) <= 3 and not token.is_strong_first


def _is_initialled(work: str, run: Sequence[Token]) -> bool:
    """Whether initials stand before a word that could be a family name and is no other: R. J. Mortlake."""
    names = [token for token in run if not is_initial(token)]
    stopped = work[run[0].end : run[0].end + 1] == "."
    barred = Known.COMMON if stopped else Known.COMMON | Known.PLACE
    if not names or names[0].known & barred or names[0].text.isupper():
        return False
    return bool(names[0].known & (Known.FIRST | Known.LAST)) or (stopped and len(names[0].text) >= 4)


def _weak(work: str, found: Proposal, token: Token, following: Token | None, where: Range) -> None:
    if following is not None and (is_initial(following) or following.is_strong_first or (
            following.known & Known.LAST and not following.known & (Known.COMMON | Known.PLACE))):  # fmt: skip
        found.persons.append(where)
    elif following is not None:
        found.asked.append(where)
    elif _follows_determiner(work, token):
        return
    elif token.known & Known.PLACE:
        if _acts(work, token):
            found.asked.append(where)
    elif cues.WORKS_AFTER.match(work, token.end) and fold(token.text) not in ("will", "may"):
        found.persons.append(where)
    elif fold(token.text) not in cues.NEVER_ALONE or _is_inside(work, token):
        found.asked.append(where)


def _acts(work: str, token: Token) -> bool:
    """Whether a name that is also a place has a person's words around it: Logan said."""
    before = work[max(0, token.start - 24) : token.start]
    is_person = cues.PERSON_BEFORE.search(before) or cues.ACTS_AFTER.match(work, token.end)
    return bool(is_person) and cues.PLACE_CUE.search(before) is None


def _is_inside(work: str, token: Token) -> bool:
    """Whether the word before, in small letters, says that no sentence begins here."""
    return cues.SMALL_BEFORE.search(work, max(0, token.start - 12), token.start) is not None


def _follows_determiner(work: str, token: Token) -> bool:
    return cues.DETERMINER_BEFORE.search(work, max(0, token.start - 10), token.start) is not None


def _is_in_place(work: str, first: Token, last: Token) -> bool:
    return bool(
        cues.PLACE_BEFORE.search(work, max(0, first.start - 8), first.start) or cues.PLACE_AFTER.match(work, last.end)
    )
