"""Clauses that can be understood by themselves: somebody does or is something."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from cxnlp.backlog.phrasing import lists
from cxnlp.backlog.phrasing.retelling import THEIRS, is_bare, joined, told_of, written
from cxnlp.backlog.phrasing.said import Phrase
from cxnlp.backlog.phrasing.things import is_open, is_quoted, is_time, kept, leans, thing

if TYPE_CHECKING:
    from spacy.tokens import Token


_CUSTOMERS: Final = frozenset({"customer", "customers"})
#: Who it is, as it is told.
_WHO: Final = {
    lists.EMPLOYEE: "somebody", "customer": "they", "customers": "they", "he": "somebody", "she": "somebody",
    "they": "the company", "you": "the company",
}  # fmt: skip


def clauses(verb: "Token") -> Iterator[Phrase]:
    """Yield what is said with a verb, whole and with less and less; nothing where it asks, wishes or might be."""
    children = list(verb.children)
    helpers = [child for child in children if child.dep_ in lists.HELPERS]
    subject = next((child for child in children if child.dep_ in lists.SUBJECTS), None)
    is_finite = verb.tag_ in lists.FINITE or any(helper.tag_ in lists.FINITE for helper in helpers)
    if subject is None and verb.dep_ == "conj" and verb.tag_ in lists.FINITE and verb.head.tag_ in lists.FINITE:
        subject = next((child for child in verb.head.children if child.dep_ in lists.SUBJECTS), None)
    if subject is None:
        yield from (Phrase(text, "clause") for text in _unsaid(verb, helpers))
        return
    is_cut = not is_finite and verb.tag_ == "VBN" and not helpers and verb.dep_ == "ROOT"  # "bag lost"
    is_asked = subject.i > verb.i or any(helper.i < subject.i for helper in helpers)
    if is_asked or not (is_finite or is_cut) or _is_no_clause(verb, helpers) or _lacks_word(verb, subject):
        return
    was = [] if is_finite else ["were" if subject.tag_ == "NNS" else "was"]
    bare = subject.lower_ if is_bare(subject) and subject.lower_ not in {lists.EMPLOYEE, *_CUSTOMERS} else ""
    for opening in _openings(subject, verb):
        for rest in _said_of(verb):
            if not (leans(rest) or _is_patched(subject, verb, rest) or _is_run_together([*helpers, *rest])):
                yield Phrase(joined([opening, *was, told_of([*helpers, *rest], subject)]), "clause", bare)


def _lacks_word(verb: "Token", subject: "Token") -> bool:
    """Whether a note leaves out that something was done: "bed delivered with a cracked rail"."""
    is_whole = any(child.dep_ in {"acomp", "attr", "ccomp", "dobj", "oprd", "prt", "xcomp", *lists.HELPERS}
                   for child in verb.children)  # fmt: skip
    is_done = verb.tag_ == "VBD" and verb.lower_.endswith("ed") and verb.lower_ not in lists.BY_ITSELF
    return is_done and not is_whole and is_bare(subject)


def _is_run_together(tokens: list["Token"]) -> bool:
    """Whether one clause stands in another with no word between: "the agent replies the issue cannot be resolved"."""
    n_finite = len({token.i for token in tokens if token.tag_ in lists.FINITE})
    return n_finite > 1 and not any(token.lower_ in lists.CONNECTING for token in tokens)


def _is_patched(subject: "Token", verb: "Token", rest: list["Token"]) -> bool:
    """Whether signs set apart what is said, or somebody is quoted in it: "The table, still broken: ..."."""
    first, last = min(subject.i, verb.i), max(token.i for token in rest)
    is_apart = any(token.text in lists.APART and token.whitespace_ for token in verb.doc[first : last + 1])
    is_said_by_another = any(token.tag_.startswith("VB") and is_quoted(token) for token in rest)
    return is_apart or is_said_by_another or any(token.text == "," for token in verb.doc[subject.i : verb.i])


def _is_no_clause(verb: "Token", helpers: list["Token"]) -> bool:
    """Whether a verb only says, thinks or asks, says what might be, or is no verb without a helper."""
    return verb.lower_ in lists.SAYING or is_open(verb) or (verb.lower_ in lists.NEVER_ALONE and not helpers)


def _openings(subject: "Token", verb: "Token") -> Iterator[str]:
    """How a clause begins, told of somebody; nothing where it is said of something told before."""
    word = subject.lower_
    if subject.dep_ == "expl":
        if word == "there" and any(token.lower_ in lists.NOT for token in verb.subtree):
            yield "there"
    elif word in lists.ANYBODY:
        yield subject.text
    elif word in _WHO:
        if _fits(subject, verb):
            yield _WHO[word]
    elif subject.tag_.startswith("NN") and word not in lists.NO_SUBJECTS:
        whole = thing(subject)
        if not leans(kept(subject)):
            yield whole
        before = [child for child in subject.lefts if child.dep_ in {"det", "poss"} and not leans([child])]
        short = written([*before, subject])
        if short != whole:
            yield short


def _fits(subject: "Token", verb: "Token") -> bool:
    """Whether it is told plainly enough who a subject is."""
    word = subject.lower_
    if word in _CUSTOMERS:
        between = verb.doc[subject.i + 1 : verb.i + 1]
        return any(token.lower_ in THEIRS or token.tag_ in {"MD", "VBD"} for token in between)
    if word == "you":
        return _is_done(verb)
    is_spoken_to = any(token.lower_ in lists.SPEAKER for token in verb.subtree if token.i > subject.i)
    return is_spoken_to or word == lists.EMPLOYEE


def _is_done(verb: "Token") -> bool:
    """Whether "you" did something or does not: "you have to pay" is said of anybody."""
    if verb.lower_ in {"get", "gets", "got", "gots", "have", "need", "pay"} and verb.tag_ != "VBN":
        return False
    helpers = {helper.lower_ for helper in verb.children if helper.dep_ in lists.HELPERS}
    return verb.tag_ in {"VBD", "VBN"} or bool(helpers & lists.NOT) or (verb.tag_ == "VBG" and "are" in helpers)


def _said_of(verb: "Token") -> Iterator[list["Token"]]:
    """What is said of the subject: all of it, then with less and less behind, as far as it can do without."""
    must, may = [[verb]], list[list["Token"]]()
    for child in verb.children:
        if child.dep_ in lists.COMPLEMENTS and child.i > verb.i:
            group = kept(child)
            if child.dep_ == "prep" and is_time(child):
                continue
            is_further = child.dep_ == "prep" and len(group) > 1 and any(one[0].i > verb.i for one in (*must[1:], *may))
            (may if is_further else must).append(group)
        elif child.dep_ == "advmod" and child.lower_ in lists.ADVERBS:
            must.append(kept(child))
    for n_kept in range(len(may), -1, -1):
        yield [token for group in (*must, *may[:n_kept]) for token in group]
    if any(len(group) > 1 for group in must):
        yield [token for group in must for token in group if not (_is_extra(token) and len(group) > 1)]


def _is_extra(token: "Token") -> bool:
    """Whether a thing can be told without this word."""
    return token.dep_ in {"amod", "compound"} and token.head.tag_ in lists.NOUNS and token.lower_ not in lists.THE_SAME


def _unsaid(verb: "Token", helpers: list["Token"]) -> Iterator[str]:
    """Notes and posts leave out who it was: "Still waiting for a reply"."""
    children = list(verb.children)
    first = next((token for token in verb.sent if token.is_alpha), None)
    opening = {verb, *helpers, *(child for child in children if child.lower_ in {"still", "never"})}
    relations = {child.dep_ for child in children}
    if verb.dep_ != "ROOT" or first not in opening or relations & {*lists.SUBJECTS, "mark"}:
        return
    was = verb.tag_ == "VBD" or any(one.tag_ in lists.FINITE for one in helpers)
    is_not = any(one.lower_ in lists.NOT for one in (*helpers, *children))
    for rest in _said_of(verb):
        if leans(rest):
            continue
        said = written(sorted({*helpers, *rest}, key=lambda one: one.i))
        if verb.lower_ in lists.ENDURED and not helpers:
            yield f"they are {said}"
        elif verb.lower_ in lists.ENDURED and [helper.lower_ for helper in helpers] == ["been"]:
            yield f"they have {said}"
        elif is_not and was and first.lower_ not in {"be", "did", "do", "does"}:
            yield f"they {said}"
        elif verb.lower_ == "unable" and len(rest) > 1:
            yield f"they were {said}"
