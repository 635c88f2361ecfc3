"""Ranges of words that make up one name: how far a name goes, and ranges put together."""

from bisect import bisect_left
from collections.abc import Sequence

from cxnlp.feedback.masking import cues
from cxnlp.feedback.masking.lexicon import Known, fold
from cxnlp.feedback.masking.tokens import Token, joined

#: Words ``i`` … ``j - 1`` of a text's tokens.
Range = tuple[int, int]

_LONGEST = 4  # words of one name


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
        if not token.is_barred
        and (token.is_capital or not token.is_cased or token.is_strong_first)
        and fold(token.text) in names
    ]
    return merge([*persons, *again])


def join(work: str, tokens: Sequence[Token], persons: Sequence[Range]) -> list[Range]:
    """Return ``persons`` with neighbours that are parts of one name as one range."""
    joint: list[Range] = []
    for i, j in persons:
        if joint and joint[-1][1] == i and joined(work, tokens[i - 1], tokens[i]):
            joint[-1] = (joint[-1][0], j)
        else:
            joint.append((i, j))
    return joint


def with_initials(work: str, tokens: Sequence[Token], persons: Sequence[Range]) -> list[Range]:
    """Return ``persons`` with the initials before them: the G. R. of G. R. Hallworth."""
    whole = []
    for i, j in persons:
        first = i
        while first > 0 and is_initial(tokens[first - 1]) and joined(work, tokens[first - 1], tokens[first]):
            first -= 1
        whole.append((first, j))
    return merge(whole)


def touches(one: Range, others: Sequence[Range]) -> bool:
    """Whether ``one`` shares a word with any of ``others``."""
    return any(i < one[1] and one[0] < j for i, j in others)


def at(tokens: Sequence[Token], position: int) -> int:
    """Return the index of the first word that begins at or after ``position``."""
    return bisect_left(tokens, position, key=lambda token: token.start)


def extend(work: str, tokens: Sequence[Token], i: int) -> int:
    """The end of the name that begins with word ``i``."""
    j = i + 1
    while j < len(tokens) and j - i < _LONGEST and joined(work, tokens[j - 1], tokens[j]):
        token = tokens[j]
        if (
            is_initial(token)
            or (token.is_capital and token.is_name_like and (token.known != Known.NOTHING or not token.text.isupper()))
            or (
                token.is_capital
                and token.known == Known.PLACE
                and work[tokens[j - 1].end] == "."
                and not token.is_barred
            )
        ):
            j += 1
        elif after := _after_particles(work, tokens, j):
            j = after
        elif (
            not token.is_capital
            and not tokens[i].is_capital
            and is_small_surname(token, unknown=tokens[i].is_strong_first)
        ):
            j += 1
        else:
            break
    return j


def _after_particles(work: str, tokens: Sequence[Token], j: int) -> int:
    """The end of the family name after "van", "de la" … at ``j``, 0 when there is none."""
    k = j
    while k < len(tokens) - 1 and k - j < 3 and fold(tokens[k].text) in cues.PARTICLES:
        if not joined(work, tokens[k], tokens[k + 1]):
            return 0
        k += 1
    return k + 1 if k > j and tokens[k].is_capital and not tokens[k].is_barred else 0


def is_place(token: Token) -> bool:
    """A place or company that is a family name at most: Dyson, Preston."""
    return bool(token.known & Known.PLACE) and not token.known & Known.FIRST


def is_initial(token: Token) -> bool:
    """One capital letter, but not "I"."""
    return len(token.text) == 1 and token.text.isupper() and token.text != "I"


def is_small_surname(token: Token, *, unknown: bool = False) -> bool:
    """A family name in small letters: no everyday word, unless it is a trade ("jane smith").

    ``unknown``: a word that no list knows will do, when it is long enough.
    """
    if token.is_barred:
        return False
    if unknown and token.known == Known.NOTHING and len(token.text) >= 5:
        return True
    is_word = token.known & (Known.COMMON | Known.PLACE) and fold(token.text) not in cues.TRADES
    return bool(token.known & Known.LAST) and not is_word and len(token.text) > 2
