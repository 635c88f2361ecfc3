"""Tokens told in the third person: "your" is "the", "you have" is "the company has", a clerk is somebody."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from cxnlp.backlog.phrasing import lists

if TYPE_CHECKING:
    from spacy.tokens import Token


_APART: Final = re.compile(r" (?=['’](?:d|ll|m|re|s|ve)\b|n['’]t\b)")
_WRITTEN: Final = {"your": "the", "this": "the", "these": "the", "those": "the", "that": "the", "you": "the company"}
#: Verbs as they are told of the company, and of customers.
_ITS: Final = {"'ll": "will", "'re": "is", "'ve": "has", "are": "is", "do": "does", "have": "has", "were": "was"}
THEIRS: Final = {"does": "do", "has": "have", "is": "are", "was": "were"}


def written(tokens: Iterable["Token"]) -> str:
    """Tokens as they stand in a sentence; men and women at work are somebody, "your" and "this" are "the"."""
    found = list(tokens)
    texts = [_text(token) for token in found]
    for at, token in enumerate(found):
        if token.tag_ == "NN" and token.lower_ in lists.SOMEBODY:
            texts[:at] = [
                "" if token in {one.head, one.head.head} else text
                for one, text in zip(found[:at], texts[:at], strict=True)
            ]
        elif token.lower_ == "customer" and token.dep_ == "poss":
            texts = ["" if one.head == token else text for one, text in zip(found, texts, strict=True)]
        elif _may_want_article(token):
            first = min((other for other, one in enumerate(found[:at]) if one.head == token), default=at)
            texts[first] = ("the " if token.dep_ == "pobj" else f"<{token.lower_}>") + texts[first]
    parts = []
    for at, token in enumerate(found):
        is_joined = at + 1 < len(found) and found[at + 1].i == token.i + 1 and not token.whitespace_
        is_apart = not is_joined or (at + 1 < len(found) and not texts[at + 1])
        parts.append(texts[at] + (" " if texts[at] and is_apart else ""))
    return "".join(parts).strip()


def joined(parts: Iterable[str]) -> str:
    """Parts of a clause as one text."""
    return _APART.sub("", " ".join(part for part in parts if part))


def told_of(tokens: Iterable["Token"], subject: "Token") -> str:
    """The rest of a clause; "you have" is "the company has"."""
    found = sorted(set(tokens), key=lambda one: one.i)
    text = written(found)
    first = next((one for one in found if one.tag_ in lists.FINITE), None)
    if first is None or subject.lower_ not in {"customer", "customers", "they", "you"}:
        return text
    if subject.lower_.startswith("customer"):
        fitting = THEIRS.get(first.lower_, first.text)
    else:
        fitting = _ITS.get(first.lower_) or (_third(first.lower_) if first.tag_ == "VBP" else first.text)
    at = text.find(first.text)
    return text[:at] + fitting + text[at + len(first.text) :]


def _third(verb: str) -> str:
    if verb.endswith(("s", "sh", "ch", "x", "o")):
        return verb + "es"
    return verb[:-1] + "ies" if verb.endswith("y") and verb[-2:-1] not in "aeiou" else verb + "s"


def _text(token: "Token") -> str:
    if token.lower_ == lists.EMPLOYEE or (token.tag_ == "NN" and token.lower_ in lists.SOMEBODY):
        return "somebody"
    if token.lower_ == "customer" and token.dep_ == "poss":
        return "their"
    if token.lower_ in lists.SEVERAL and token.dep_ == "nummod" and token.head.tag_ == "NNS" and _is_first(token):
        return "several"
    is_pointing = token.dep_ in {"det", "poss"} or token.lower_ == "you"
    return _WRITTEN.get(token.lower_, token.text) if is_pointing else token.text


def _is_first(number: "Token") -> bool:
    """Whether nothing stands before a number that belongs to the same noun: "the three weeks" are not several."""
    return not any(child.i < number.i for child in number.head.children) and not any(number.children)


def _may_want_article(token: "Token") -> bool:
    """Whether a noun stands where it may lack an article: "they got refund", "through door"."""
    is_behind = token.dep_ == "pobj" and token.head.lower_ in lists.BEFORE_ARTICLES
    return token.tag_ == "NN" and (is_behind or token.dep_ in {"attr", "dobj"}) and is_bare(token)


def is_bare(noun: "Token") -> bool:
    """Whether a noun stands in the singular without an article."""
    is_alone = not any(child.dep_ in {"det", "nummod", "poss"} for child in noun.children)
    return noun.tag_ in {"NN", "NNP"} and noun.lower_ not in lists.ANYBODY and is_alone
