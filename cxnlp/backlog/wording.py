"""Customers' clauses as they stand in a sentence about customers: cut out whole, and told in the third person."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from spacy.tokens import Doc

_FEWEST_WORDS: Final = 4
_MOST_WORDS: Final = 18

#: A clause ends before these as well as at its mention's end.
_BETWEEN: Final = re.compile(r"(?<=[;:.])\s+|\s+[—–-]\s+|,\s+(?=(?:and|but|so|then|because)\s)|\n+")
#: What a clause may begin and end with that is not part of it.
_BEFORE: Final = re.compile(r"^(?:(?:and|also|because|but|now|or|plus|so|still|then|well|yes)\b,?\s+)+", re.IGNORECASE)
_BEHIND: Final = re.compile(
    r"(?:\s+(?:a|and|as|because|but|for|from|in|of|or|so|that|the|to|when|which|while|with))+$", re.IGNORECASE
)
_EDGE: Final = " \t.,;:–—*•-"

#: A clause that begins so leans on the one before, asks, gives orders, or leaves out who did it, as call notes do.
_LEANING: Final = frozenset({
    "although", "are", "as", "asked", "asks", "called", "calls", "can", "could", "did", "do", "does", "don't",
    "either", "given", "got", "had", "has", "have", "he", "her", "hers", "him", "his", "how", "hung", "if", "is", "it",
    "it's", "its", "let", "like", "logged", "none", "one", "please", "rang", "refused", "reported", "reports", "said",
    "says", "sent", "shall", "she", "should", "since", "some", "sure", "than", "thank", "thanks", "that", "that's",
    "their", "them", "there", "these", "they", "they're", "this", "those", "though", "told", "until", "wanted",
    "wants", "was", "were", "what", "where", "whether", "which", "while", "who", "whom", "whose", "why", "will",
    "would",
})  # fmt: skip

#: What is one person's and not everybody's: days, relatives, numbers, somebody already spoken of, whoever is addressed;
#: and signs that quote, link or calculate.
_PARTICULAR: Final = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:yester|to)day\b|\bto(?:morrow|night)\b"
    r"|\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b"
    r"|\b(?:husband|wife|m[uo]m|mother|dad|father|son|daughter|sister|brother|neighbour|aunt|uncle|grand\w+)\b"
    r"|\b(?:three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundred|thousand)\b"
    r"|\b(?:thir|four|fif|six|seven|eigh|nine)teen\b|\b(?:twen|thir|for|fif|six|seven|eigh|nine)ty\b"
    r"|\b(?:he|him|his|she|hers?|they|them|their|you|your|yours)\b|\b(?:he|she|they|you)'\w+"
    r"|[\d\"“”„?!:;()\[\]<>{}/\\@#£$€%&*_=|]",
    re.IGNORECASE,
)
#: Tags and relations of the parser.
_FINITE: Final = frozenset({"MD", "VBD", "VBP", "VBZ"})
_SUBJECTS: Final = frozenset({"nsubj", "nsubjpass", "expl", "csubj", "csubjpass"})
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
    (r"\b(they\b[^,;]*\b(?:and|but|then)) (?:was|am)\b", r"\1 were"),
)


def clauses(saying: str) -> Iterator[str]:
    """Yield the clauses of a masked saying that can be understood by themselves and are nobody's alone."""
    line = saying.replace("’", "'")
    for part in dict.fromkeys([line, *_BETWEEN.split(line)]):
        clause = _BEHIND.sub("", _BEFORE.sub("", part.strip(_EDGE))).strip(_EDGE)
        found = words(clause)
        if _FEWEST_WORDS <= len(found) <= _MOST_WORDS and found[0] not in _LEANING and not is_particular(clause):
            yield " ".join(clause.split())


def is_particular(text: str) -> bool:
    """Whether ``text`` names what is one person's and not everybody's: days, numbers, relatives, signs."""
    return _PARTICULAR.search(text) is not None


def words(text: str) -> list[str]:
    """Return the words of ``text`` in small letters."""
    return [match[0].lower().replace("’", "'") for match in _WORD.finditer(text)]


def as_told(clause: str) -> str:
    """Return ``clause`` as somebody else would tell it: "I was charged for my order" is "they were charged …"."""
    for pattern, other in _THIRD:
        clause = re.sub(pattern, other, clause, flags=re.IGNORECASE)
    return clause


def grammar(doc: "Doc") -> str:
    """Say what a parsed clause is: "clause" (somebody does or is something), "thing" (not that), "" (half of one)."""
    root = next((token for token in doc if token.dep_ == "ROOT"), None)
    if root is None or any(token.dep_ == "prep" and not any(token.children) for token in doc):
        return ""
    relations = {child.dep_ for child in root.children}
    if root.tag_ in _FINITE or relations & {"aux", "auxpass"}:
        return "clause" if relations & _SUBJECTS and "mark" not in relations else ""
    return "thing" if root.tag_.startswith("NN") and not any(token.tag_ in _FINITE for token in doc) else ""
