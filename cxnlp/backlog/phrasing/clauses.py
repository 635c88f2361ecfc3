"""Clauses that can be understood by themselves: somebody does or is something."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from cxnlp.backlog.phrasing import lists
from cxnlp.backlog.phrasing.retelling import THEIRS, is_bare, joined, told_of, written
from cxnlp.backlog.phrasing.said import Phrase
from cxnlp.backlog.phrasing.things import has_digit, is_open, is_quoted, is_time, kept, leans, thing
from cxnlp.feedback.masking.lexicon import Known, lookup

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
    is_alone = verb.dep_ == "ROOT" and all(helper.dep_ == "neg" for helper in helpers)
    is_cut = not is_finite and verb.tag_ == "VBN" and is_alone  # "bag lost"
    is_asked = subject.i > verb.i or any(helper.i < subject.i for helper in helpers)
    is_cut_short = not (is_finite or is_cut) or _lacks_word(verb, subject)
    if is_asked or is_cut_short or _is_no_clause(verb, helpers) or _is_turned(subject, verb):
        return
    was = [] if is_finite else ["were" if subject.tag_ == "NNS" else "was"]
    bare = subject.lower_ if is_bare(subject) and subject.lower_ not in {lists.EMPLOYEE, *_CUSTOMERS} else ""
    said = [[token for token in rest if token.i > subject.i] for rest in _said_of(verb)]
    for opening in _openings(subject, verb):
        for rest in said:
            if not (leans(rest) or _is_patched(subject, verb, rest) or _is_run_together([*helpers, *rest])):
                yield Phrase(joined([opening, *was, told_of([*helpers, *rest], subject)]), "clause", bare)


def _is_turned(subject: "Token", verb: "Token") -> bool:
    """Whether what stands before makes it another's, or the opposite: "They say: we can't", "at no stage was I"."""
    if verb.dep_ == "ccomp" and verb.head.lower_ in lists.HOPING:
        return True
    before = verb.doc[verb.sent.start : subject.left_edge.i]
    is_anothers = subject.lower_ in lists.SPEAKER and any(token.text == ":" for token in before)
    return is_anothers or any(token.lower_ in lists.NOT and _verb_of(token) == verb for token in before)


def _verb_of(token: "Token") -> "Token | None":
    return next((above for above in token.ancestors if above.tag_.startswith("VB")), None)


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
    whole = verb.doc[first : last + 1]
    is_apart = any(token.text in lists.APART and token.whitespace_ for token in whole)
    is_apart = is_apart or (any(token.lower_ == "only" for token in whole) and any(map(has_digit, whole)))
    is_said_by_another = any(_stands_out(token) and is_quoted(token) for token in rest)
    return is_apart or is_said_by_another or any(token.text == "," for token in verb.doc[subject.i : verb.i])


def _stands_out(token: "Token") -> bool:
    """Whether it says something by itself where it is quoted: not the "handling" of a "handling fee"."""
    return token.dep_ not in lists.BEFORE_NOUNS and (token.tag_.startswith("VB") or is_bare(token))


def _is_no_clause(verb: "Token", helpers: list["Token"]) -> bool:
    """Whether a verb only says, thinks or asks, says what might be, or is no verb without a helper."""
    is_saying = verb.lower_ in lists.SAYING and not _tells_enough(verb, helpers)
    return is_saying or is_open(verb) or (verb.lower_ in lists.NEVER_ALONE and not helpers)


def _tells_enough(verb: "Token", helpers: list["Token"]) -> bool:
    """Whether what is said or felt is the point: "I felt unsafe", "they told me to log in", "nobody said sorry"."""
    relations = {child.dep_: child for child in verb.children}
    if verb.lower_ in lists.FEELING:
        return "acomp" in relations
    if verb.lower_ not in lists.TELLING:
        return False
    told = relations.get("nsubjpass") or relations.get("dobj")
    is_sent_off = told is not None and told.lower_ in lists.SPEAKER and "xcomp" in relations
    subject = relations.get("nsubj")
    is_silent = (
        subject is not None
        and subject.lower_ not in lists.SPEAKER
        and not lists.NOT.isdisjoint({subject.lower_, *(helper.lower_ for helper in helpers)})
    )
    return is_sent_off or (is_silent and not relations.keys().isdisjoint({"acomp", "dobj", "intj", "xcomp"}))


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
    elif subject.tag_.startswith("NN") and word not in lists.NO_SUBJECTS | lists.NO_NOUNS:
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
        is_reported = verb.dep_ == "ccomp" and verb.head.lower_ in lists.SAYING  # "she said you won't be passed on"
        return _is_done(verb) and not is_reported
    if word == "they" and verb.lower_ in lists.ENDURED:
        return False
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
            is_of_feeling = child.dep_ == "xcomp" and verb.lower_ in lists.FEELING
            if is_of_feeling or (child.dep_ == "prep" and is_time(child)):
                continue
            is_further = child.dep_ == "prep" and len(group) > 1 and any(one[0].i > verb.i for one in (*must[1:], *may))
            (may if is_further else must).append(group)
        elif _belongs(child, verb):
            must.append(kept(child))
    for n_kept in range(len(may), -1, -1):
        yield [token for group in (*must, *may[:n_kept]) for token in group]
    if any(len(group) > 1 for group in must):
        yield [token for group in must for token in group if not (_is_extra(token) and len(group) > 1)]


def _belongs(child: "Token", verb: "Token") -> bool:
    """Whether something that is no complement changes what is said: "again", "say hello", "four times"."""
    if child.dep_ == "npadvmod":
        is_told = any(one.dep_ in {"amod", "nummod"} and not has_digit(one) for one in child.children)
        return child.i > verb.i and child.lower_ == "times" and is_told
    if child.dep_ == "advmod":
        is_whole = all(one.dep_ != "advmod" or one.lower_ in lists.ADVERBS | lists.VERY for one in child.children)
        return child.lower_ in lists.ADVERBS and is_whole
    return child.dep_ == "intj" and child.i > verb.i and verb.lower_ in lists.TELLING


def _is_extra(token: "Token") -> bool:
    """Whether a thing can be told without this word: not "no straight line" without "straight", nor "head office"."""
    if token.head.tag_ not in lists.NOUNS or token.lower_ in lists.THE_SAME:
        return False
    if token.dep_ == "amod":
        return lists.NOT.isdisjoint(one.lower_ for one in token.sent)
    return token.dep_ == "compound" and lookup(token.lower_) != Known.COMMON


def _unsaid(verb: "Token", helpers: list["Token"]) -> Iterator[str]:
    """Notes and posts leave out who it was: "Still waiting for a reply", "a week on and still can't log in"."""
    children = list(verb.children)
    first = next((token for token in verb.sent if token.is_alpha), None)
    opening = {verb, *helpers, *(child for child in children if child.lower_ in {"still", "never"})}
    relations = {child.dep_ for child in children}
    begins = verb.dep_ == "ROOT" and first in opening
    is_command = begins and first is not None and first.lower_ in {"be", "did", "do", "does"}
    goes_on = verb.dep_ == "conj" and any(child.lower_ == "still" for child in children)
    if not (begins or goes_on) or relations & {*lists.SUBJECTS, "mark"}:
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
        elif is_not and was and not is_command:
            yield f"they {said}"
        elif verb.lower_ == "unable" and len(rest) > 1:
            yield f"they were {said}"
