"""Where sentences begin, and the clauses inside them that stand for themselves.

A clause begins at a word of contrast ("…, but the queue was endless"), and after a conjunction whose clause has a
subject and a verb of its own ("… and | she smiled at us"; not "… and smiled at us").
"""

from itertools import accumulate
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

_CONTRASTS: Final = frozenset({"but", "however", "although", "though", "yet", "while", "whereas", "except"})
_SUBJECTS: Final = frozenset({"nsubj", "nsubjpass", "expl", "csubj", "csubjpass"})
#: A clause is worth its own mention from this many words.
_FEWEST_WORDS: Final = 4

_ANY: Final = frozenset(
    {"all", "any", "anybody", "anyone", "anything", "everybody", "everyone", "everything", "no", "nobody", "none",
     "nothing"}
)  # fmt: skip
#: Words before that make it no contrast: "nothing but", "a while", "not yet", "as though".
_NO_CONTRAST_AFTER: Final[dict[str, frozenset[str]]] = {
    "but": _ANY | {"help", "last"},
    "except": _ANY,
    "while": frozenset({"a", "any", "every", "good", "little", "long", "quite", "short", "some", "that", "the", "this",
                        "worth"}),
    "yet": frozenset({"'s", "'ve", "are", "be", "had", "has", "have", "is", "n't", "n’t", "not", "was", "were", "’s",
                      "’ve"}),
    "though": frozenset({"as"}),
}  # fmt: skip
#: Words after it that do the same: "yet another", "yet to come".
_NO_CONTRAST_BEFORE: Final[dict[str, frozenset[str]]] = {"yet": frozenset({"again", "another", "more", "to"})}


def starts(doc: "Doc") -> list[int]:
    """Return the character offsets at which a sentence or clause of ``doc`` begins, the first one included."""
    return [doc[token].idx for sentence in doc.sents for token in [sentence.start, *_clauses(sentence)]]


def _clauses(sentence: "Span") -> list[int]:
    """Return the tokens inside ``sentence`` at which a clause of at least four words begins after as many."""
    coordinated = _coordinated(sentence)
    found = sorted(coordinated | _contrasts(sentence, coordinated))
    if not found:
        return []
    words = list(accumulate((token.is_alpha for token in sentence), initial=0))
    kept, last = [], sentence.start
    for token in found:
        before = words[token - sentence.start] - words[last - sentence.start]
        if before >= _FEWEST_WORDS and words[-1] - words[token - sentence.start] >= _FEWEST_WORDS:
            kept.append(token)
            last = token
    return kept


def _coordinated(sentence: "Span") -> set[int]:
    """Return the first tokens of coordinated clauses that have a verb and a subject of their own."""
    return {
        token.left_edge.i
        for token in sentence
        if token.dep_ == "conj"
        and token.left_edge.i > sentence.start
        and _is_verb(token)
        and _is_verb(token.head)
        and _has_subject(token)
    }


def _contrasts(sentence: "Span", coordinated: set[int]) -> set[int]:
    """Return the words of contrast that begin a clause, unless a coordinated one begins right after."""
    found = set()
    for token in sentence:
        word = token.lower_
        if word not in _CONTRASTS or token.i == sentence.start or token.i + 1 in coordinated:
            continue
        before = token.nbor(-1)
        after = token.nbor(1).lower_ if token.i + 1 < sentence.end else ""
        if before.lower_ in _NO_CONTRAST_AFTER.get(word, ()) or after in _NO_CONTRAST_BEFORE.get(word, ()):
            continue
        if _is_aside(token):
            continue
        found.add(token.i - 1 if word == "though" and before.lower_ == "even" else token.i)
    return found - {sentence.start}


def _is_aside(token: "Token") -> bool:
    """Say whether ``token`` stands between a subject and its verb: "this hotel, however, is cheap"."""
    verb = token.head
    return token.dep_ == "advmod" and verb.i > token.i and any(
        child.dep_ in _SUBJECTS and child.i < token.i for child in verb.lefts
    )  # fmt: skip


def _is_verb(token: "Token") -> bool:
    return token.tag_.startswith(("V", "MD"))


def _has_subject(token: "Token") -> bool:
    return any(child.dep_ in _SUBJECTS for child in token.children)
