"""How phrases of customers stand in a sentence about them: in the third person, with their articles, nobody's own."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

#: What is one person's and not everybody's: days, relatives, numbers, masked names;
#: and signs that quote, link or calculate.
_PARTICULAR: Final = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:yester|to)day\b|\bto(?:morrow|night)\b"
    r"|\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b"
    r"|\b(?:husband|wife|m[uo]m|mother|dad|father|son|daughter|sister|brother|neighbour|aunt|uncle|grand\w+)\b"
    r"|\b(?:three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundred|thousand)\b"
    r"|\b(?:thir|four|fif|six|seven|eigh|nine)teen\b|\b(?:twen|thir|for|fif|six|seven|eigh|nine)ty\b"
    r"|[^\w\s'’,.-]|[\d_]|xx\b",
    re.IGNORECASE,
)
#: What is not wanted or not wrong: said along with a complaint, but the opposite of one when it stands alone.
_OPPOSITE: Final = re.compile(
    r"(?:\b(?:not|never|no longer)|n['’]t)(?: \w+)? (?:want|need|mind|care)\b"
    r"|(?:\b(?:no|not|nobody|none|never|nothing|without)|n['’]t)\b(?: [\w'’]+){0,3}"
    r" (?:rude|unpleasant|unkind|angry|bad|blam\w+|complain\w*|faults?|problems?|cross|wrong)\b"
    r"|\b(?:made|sorted|solved|resolved|fixed|helped|refunded)(?: [\w'’]+){0,2} without\b",
    re.IGNORECASE,
)
_HALF: Final = re.compile(r"^[^A-Z\d£$€]|[,;:–-]$|\b(?:and|but|or|so)$|[\[\]\"“”<>@#=+|\\]|https?:|\d{3}")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")

#: Who speaks of himself is one of "they"; verbs that would not fit come along.
_THIRD: Final = (
    (r"\bI am\b|\bI'm\b", "they are"),
    (r"\bI was\b", "they were"),
    (r"\bI wasn't\b", "they weren't"),
    (r"\b(?:I|we)'(ve|d|ll|re)\b", r"they'\1"),
    (r"\b(?:I|we)\b", "they"),
    (r"\b(?:me|us)\b", "them"),
    (r"\b(?:my|our)\b", "their"),
    (r"\b(?:mine|ours)\b", "theirs"),
    (r"\b(?:myself|ourselves)\b", "themselves"),
    (r"\b(they (?:again|also|always|just|never|not|only|still|yet)) (?:am)\b", r"\1 are"),
    (r"\b(they (?:again|also|always|just|never|not|only|still|yet)) (?:was)\b", r"\1 were"),
    (r"\b(they\b[^,;]*\b(?:and|but|then)) (?:was|am)\b", r"\1 were"),
)


def is_particular(text: str) -> bool:
    """Whether ``text`` names what is one person's and not everybody's: days, numbers, relatives, signs."""
    return _PARTICULAR.search(_UNSAID.sub("", text)) is not None


def is_opposite(text: str) -> bool:
    """Whether ``text`` says that something is not wanted, or not wrong: "they don't want a refund", "not rude"."""
    return _OPPOSITE.search(_UNSAID.sub("", text)) is not None


def is_half(saying: str) -> bool:
    """Whether a saying goes on before or behind, quotes somebody, or has signs that link, mask or calculate."""
    return _HALF.search(saying) is not None


def words(text: str) -> list[str]:
    """Return the words of ``text`` in small letters."""
    return [match[0].lower().replace("’", "'") for match in _WORD.finditer(_UNSAID.sub("", text))]


def as_told(clause: str) -> str:
    """Return ``clause`` as somebody else would tell it: "I was charged for my order" is "they were charged …"."""
    for pattern, other in _THIRD:
        clause = re.sub(pattern, other, clause, flags=re.IGNORECASE)
    return clause


def fitted(phrase: str, bare: str, kind: str, counts: Mapping[tuple[str, bool], int]) -> str:
    """Return a phrase with the articles that it lacks; empty where it is not clear which.

    Args:
        phrase: in the third person; "<refund>" stands before a noun without article that may want one.
        bare: the noun of its subject, or of the thing that it is, when this stands alone in the singular, else empty.
        kind: as in `cxnlp.backlog.phrases.Phrase`.
        counts: how often a noun stands in the singular behind "a" (True), and with nothing before it (False).
    """
    text = _UNSAID.sub(lambda found: "a " if _is_counted(found[1], counts) else "", phrase)
    if not bare:
        return with_articles(text)
    first = words(text)[0]
    if kind == "clause":
        return with_articles(text if first in _DETERMINED or first.startswith("they") else f"the {text}")
    if first in _THE or (first.endswith("est") and len(first) > 4):
        return f"the {text}"
    if first in _WITHOUT:
        return text
    if counts.get((bare, True), 0) > 0:
        return with_articles(f"a {text}")
    return text if counts.get((bare, False), 0) > 1 else ""


def _is_counted(noun: str, counts: Mapping[tuple[str, bool], int]) -> bool:
    behind_a = counts.get((noun, True), 0)
    return behind_a > 1 and behind_a > counts.get((noun, False), 0)


_UNSAID: Final = re.compile(r"<([^<>]*)>")
_DETERMINED: Final = frozenset({"a", "an", "every", "no", "somebody", "the", "their"})
_THE: Final = frozenset({"best", "first", "last", "next", "only", "same", "second", "third", "worst"})
_WITHOUT: Final = frozenset({"less", "more", "much", "no", "too"})


_BROKEN: Final = re.compile(
    r"\b(?:a|about|also|always|and|are|as|at|be|been|by|had|has|have|is|just|my|not|of|only|or|really|so|than|that|the"
    r"|their|to|very|was|were|with)$"
    r"|\b(?:a|an|the) (?:a|an|the|their)\b|\bthey (?:d|ll|m|re|s|ve)\b|\b(?:from|of|to) (?:to|since|on|in)\b|\bas an?\b"
    r"|\b(?:(?:costs?|pay|pays) money$|to (?:after|at|by|due|per|with)\b|things?\b)"
    r"|\b(?:fi|hrs?|mins?|secs?)\b|(?<!['’-])\b[b-hj-z]\b(?!['’-])"
)
_ARTICLE: Final = re.compile(r"\b(a|an) (?=(\w+))")


_VOWEL: Final = re.compile(r"(?!one|uni|us[ei])[aeiou]|hour")


def is_broken(phrase: str) -> bool:
    """Whether a phrase ends in a word that wants another, has two articles, half a comparison or a word cut short."""
    return _BROKEN.search(phrase) is not None


def with_articles(phrase: str) -> str:
    """Return a phrase in which "a" and "an" fit what follows."""
    return _ARTICLE.sub(lambda found: "an " if re.match(r"(?!one|uni|us[ei])[aeiou]|hour", found[2]) else "a ", phrase)


def joined(things: Sequence[str], clauses: Sequence[str]) -> str:
    """Return things, and then clauses, as one enumeration."""
    parts = [*things, *clauses]
    if len(parts) < 3 or not (things and clauses):
        return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
    head = joined(things, ())
    return f"{head}, and {joined((), clauses)}"
