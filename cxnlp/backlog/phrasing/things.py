"""Things that are told or asked for: "no reply", "a smell of burning plastic"."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from cxnlp.backlog.phrasing import lists
from cxnlp.backlog.phrasing.retelling import is_bare, written
from cxnlp.backlog.phrasing.said import Phrase

if TYPE_CHECKING:
    from spacy.tokens import Token


_MOST_BEHIND: Final = 7  # words behind a thing: "two teams that wouldn't talk to each other"


def things(noun: "Token") -> Iterator[Phrase]:
    """Yield a thing, also without what stands behind it; nothing where it is somebody, or is told with one word."""
    left = [child for child in noun.children if child.i < noun.i and child.dep_ in lists.BEFORE_NOUNS]
    kind, before = _how_meant(noun), {child.lower_ for child in left}
    is_good = kind == "thing" and "no" not in before and not before.isdisjoint(lists.GOOD)
    is_complaint = not lists.COMPLAINTS.isdisjoint({*before, noun.lower_})
    is_cut = "no" in before and any(child.dep_ == "acl" and child.tag_ in {"VBD", "VBN"} for child in noun.rights)
    if not kind or is_good or is_complaint or is_cut or noun.lower_ in lists.SOMEBODY | lists.NO_NOUNS:
        return
    if leans(noun.subtree if noun.n_rights else [*noun.lefts]):
        return
    bare = noun.lower_ if is_bare(noun) else ""
    if any(child.dep_ in {"amod", "compound", "nmod"} or child.lower_ == "no" for child in left):
        yield Phrase(thing(noun, behind=False), kind, bare)
    whole = thing(noun)
    if whole != thing(noun, behind=False):
        yield Phrase(whole, kind, bare)


def _how_meant(noun: "Token") -> str:
    """Whether a thing is told ("thing") or asked for ("wish"); empty where it is denied, might be or should change."""
    is_part = noun.dep_ in lists.SUBJECTS
    for above in (noun, *noun.ancestors):
        is_part = is_part or (above != noun and above.tag_.startswith(("NN", "PRP")) and noun.dep_ != "conj")
        if above.tag_.startswith("VB") or above.tag_ == "MD" or above.lower_ == "please":
            if above.lower_ in lists.WISHING or any(child.lower_ in {"let", "please"} for child in above.children):
                is_changed = any(child.dep_ == "ccomp" and child.tag_ in {"VBD", "VBN"} for child in above.children)
                return "" if is_part or is_changed else "wish"
            if is_open(above) or above.lower_ in lists.SAYING or any(child.dep_ == "neg" for child in above.children):
                return ""
    return "thing"


def thing(noun: "Token", *, behind: bool = True) -> str:
    """A noun with what belongs to it, as it is written."""
    left = [child for child in noun.children if child.i < noun.i and child.dep_ in lists.BEFORE_NOUNS]
    head = [token for child in left for token in kept(child) if child.dep_ != "nummod" or not has_digit(child)]
    right = [child for child in noun.children if child.i > noun.i and child.dep_ in {"prep", "acl", "relcl"}][:1]
    after = [
        group
        for group in map(kept, right)
        if behind and 1 < len(group) <= _MOST_BEHIND and not is_time(group[0]) and _is_behind(group[0])
    ]
    after = [group for group in after if not any(is_bare(one) and is_quoted(one) for one in group)]
    return written([*head, noun, *(token for group in after for token in group)])


def _is_behind(token: "Token") -> bool:
    """Whether it is a part of the thing: also what those are who do not do something."""
    verb = token.head
    if verb.dep_ == "relcl" and token.tag_ in {"WDT", "WP"}:
        return any(child.dep_ == "neg" for child in verb.children) and token.dep_ == "nsubj"
    return token.dep_ == "prep" or token.tag_ == "VB" or token.lower_ == "to"


def has_digit(token: "Token") -> bool:
    """Whether it is a number in figures, which no phrase has."""
    return any(sign.isdigit() for sign in token.text)


def kept(token: "Token") -> list["Token"]:
    """A token and what belongs to it, without asides."""
    found = [token]
    for child in token.children:
        is_aside = child.dep_ in lists.ASIDES and not _is_for(child) and child.lower_ not in lists.NOT
        if is_aside or (child.dep_ == "nummod" and has_digit(child)):
            continue
        is_adverb = child.dep_ == "advmod" and child.lower_ not in lists.ADVERBS | lists.VERY
        if not is_adverb and not (child.dep_ == "acl" and child.tag_ != "VB"):
            found += kept(child)
    return sorted(found, key=lambda one: one.i)


def _is_for(verb: "Token") -> bool:
    """Whether a verb says what a thing is for: "no way to send a dowel"."""
    return verb.dep_ == "relcl" and verb.tag_ == "VB" and any(child.tag_ == "TO" for child in verb.lefts)


def _is_any(number: "Token") -> bool:
    """Whether it is a number of what is not there: "they can't buy one hinge"."""
    above = number.head
    return number.dep_ == "nummod" and above.dep_ == "dobj" and any(one.dep_ == "neg" for one in above.head.children)


def leans(tokens: Iterable["Token"]) -> bool:
    """Whether tokens speak of what was told before."""
    found = list(tokens)
    return any(
        (token.lower_ in lists.TOLD_BEFORE and not _is_any(token))
        or (token.lower_ == "you" and token.dep_ not in {"pobj", "nsubj"})
        or (token.lower_ in {"that", "these", "this", "those"} and token.tag_ != "WDT" and token.dep_ in lists.PLACES)
        for token in found
    )


def is_open(verb: "Token") -> bool:
    """Whether a clause asks, or says what might be."""
    children = list(verb.children)
    if any(child.tag_ in lists.QUESTIONS for child in children) or verb.dep_ in {"relcl", "acl"}:
        return True
    if any(child.dep_ == "mark" and child.lower_ in lists.IF for child in children):
        return True
    is_not = any(token.lower_ in lists.NOT for child in children for token in (child, *child.children))
    if any(child.dep_ == "aux" and child.lower_ in lists.POSSIBLY for child in children) and not is_not:
        return True
    return verb.sent.text.rstrip(" \"”').").endswith("?") and verb.i >= verb.sent.root.i


def is_time(prep: "Token") -> bool:
    """Whether words say when, or have a number."""
    return any(token.lower_ in lists.TIMES or any(sign.isdigit() for sign in token.text) for token in prep.subtree)


def is_quoted(token: "Token") -> bool:
    """Whether a token stands between quotation marks."""
    before = token.doc[: token.i].text
    return sum(before.count(sign) for sign in '"“”') % 2 == 1
