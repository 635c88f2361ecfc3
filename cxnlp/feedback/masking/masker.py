"""Documents → masked documents: identifiers by patterns, persons by lists, cues and one batch of the recogniser."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cxnlp.feedback.masking import addresses, cues, identifiers, names, persons, recogniser
from cxnlp.feedback.masking.employees import Scene, assign
from cxnlp.feedback.masking.lexicon import Known, fold, lookup
from cxnlp.feedback.masking.spans import Placed, Span, replace
from cxnlp.feedback.masking.tokens import Token, keep_pattern, tokenise

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Document:
    """A text to mask and what its columns say. ``ours`` are words of the item that are no person: product, location."""

    text: str
    author: str | None = None
    customer: str | None = None
    employee: str | None = None
    speakers: Sequence[str | None] | None = None
    by_agent: bool = False  # an agent wrote it: a call note
    is_english: bool = True
    ours: tuple[str, ...] = ()


@dataclass(slots=True)
class _Draft:
    document: Document
    work: str
    spans: list[Span]
    tokens: list[Token]
    scene: Scene
    proposal: persons.Proposal
    entities: list[recogniser.Entity] = field(default_factory=list)


def mask_documents(
    documents: Sequence[Document],
    keep: Sequence[str] = (),
    *,
    employees: bool = True,
    patterns: Mapping[str, str] | None = None,
) -> list[tuple[str, list[Placed]]]:
    """Return each text with placeholders, and where they are.

    Args:
        documents: the texts; order is kept.
        keep: words and phrases that are never masked as a person, handle or address (any case).
        employees: tell the company's people apart (``[EMPLOYEE]``); False makes them ``[PERSON]``.
        patterns: kind → regular expression of the workspace's own (``[CONTRACT]``).
    """
    own = tuple((patterns or {}).items())
    drafts = [_draft(document, tuple(keep), own) for document in documents]
    asked = [
        window
        for number, draft in enumerate(drafts)
        for window in recogniser.windows(
            number, draft.document.text, [_place(draft.tokens, each) for each in draft.proposal.asked]
        )
    ]
    for number, entities in recogniser.recognise_entities(asked).items():
        drafts[number].entities = entities
    return [_finish(draft, employees) for draft in drafts]


def _draft(document: Document, keep: tuple[str, ...], own: tuple[tuple[str, str], ...]) -> _Draft:
    kept = frozenset(word.casefold().lstrip("@") for word in keep)
    spans, work = identifiers.find(document.text, kept, own)
    numbers, work = _own_numbers(document, work)
    pattern = keep_pattern((*keep, *document.ours))
    tokens = tokenise(work, pattern)
    owners = _owners(document)
    proposal = persons.propose(work, tokens, owners, is_english=document.is_english)
    scene = Scene(owners, document.employee, document.speakers, document.by_agent, keep_pattern(keep))
    return _Draft(document, work, [*spans, *numbers], tokens, scene, proposal)


def _finish(draft: _Draft, tell_employees: bool) -> tuple[str, list[Placed]]:
    ranges = names.repeat(draft.tokens, names.merge([*draft.proposal.persons, *_answered(draft)]))
    people = []
    ranges = names.with_initials(draft.work, draft.tokens, ranges)
    for each in names.join(draft.work, draft.tokens, ranges):
        start, end = _place(draft.tokens, each)
        people.append(Span(start, end, "PERSON", name=draft.work[start:end].replace("\n", " ")))
    if tell_employees:
        people = assign(draft.work, people, draft.scene)
    lines = addresses.around(draft.work, draft.spans, people, draft.scene.places)
    return replace(draft.document.text, [*draft.spans, *people, *lines])


def _answered(draft: _Draft) -> list[names.Range]:
    """The asked ranges that the recogniser takes for persons; after a cue, a family name also when it sees nothing."""
    found = []
    for i, j in draft.proposal.asked:
        start, end = _place(draft.tokens, (i, j))
        labels = {entity.label for entity in draft.entities if entity.start < end and start < entity.end}
        hinted = i in draft.proposal.hinted and bool(draft.tokens[i].known & Known.LAST)
        seen = "PERSON" in labels and _is_plausible(draft, i, j)
        if seen or (hinted and not labels) or ("PERSON" not in labels and _is_surname(draft, i, j, bool(labels))):
            found.append((i, j))
    return found


def _is_surname(draft: _Draft, i: int, j: int, doubted: bool) -> bool:
    """Family names that are nothing else stand for themselves where no place could stand.

    ``doubted``: the recogniser takes them for something else; then somebody must act ("Seleznyova told me").
    """
    words = draft.tokens[i:j]
    if any(lookup(part) & Known.PLACE for token in words for part in token.text.split("-")):
        return False  # Singapore-Muscat
    if _is_addressed(draft, i, j):
        return True
    if words[-1].known != Known.LAST or any(token.text.isupper() or len(token.text) < 4 for token in words):
        return False
    start, end = _place(draft.tokens, (i, j))
    if len(words) > 1:
        return all(token.known in (Known.NOTHING, Known.LAST) for token in words)
    before = draft.work[max(0, start - 24) : start]
    if cues.PLACE_CUE.search(before) or cues.PLACE_AFTER.match(draft.work, end):
        return False
    return not doubted or bool(cues.PERSON_BEFORE.search(before) or cues.ACTS_AFTER.match(draft.work, end))


def _is_addressed(draft: _Draft, i: int, j: int) -> bool:
    """Whether a word that no list knows follows "my husband", "told", "author:" and the like."""
    word = draft.tokens[i]
    unknown = j == i + 1 and word.known == Known.NOTHING and not word.text.isupper() and len(word.text) >= 4
    return unknown and cues.PERSON_BEFORE.search(draft.work, max(0, word.start - 24), word.start) is not None


def _is_plausible(draft: _Draft, i: int, j: int) -> bool:
    """The small recogniser takes many an unknown capital for a person: towns, makers, exclamations."""
    first = draft.tokens[i]
    if cues.ORIGIN_BEFORE.search(draft.work, max(0, first.start - 24), first.start):
        return False
    if first.known != Known.NOTHING or i in draft.proposal.hinted:
        return True
    if j == i + 1 and (first.text.isupper() or len(first.text) < 4):
        return False
    before = draft.work[max(0, first.start - 12) : first.start]
    return cues.PLACE_CUE.search(before) is None


def _place(tokens: Sequence[Token], words: names.Range) -> tuple[int, int]:
    return tokens[words[0]].start, tokens[words[1] - 1].end


def _owners(document: Document) -> Mapping[str, str]:
    """The folded words of the names in the item's columns, and whose they are."""
    owners: dict[str, str] = {}
    for owner, given in (("author", document.customer), ("author", document.author), ("employee", document.employee)):
        for word in _name_words(given or ""):
            owners[word] = owner
    return owners


def _name_words(given: str) -> list[str]:
    """Words of a name, e-mail address or handle that may be a name; everyday words count only beside another."""
    words = [fold(word) for part in _WORD.findall(given.split("@", maxsplit=1)[0] or given) for word in [part]]
    if not words or (any(character.isdigit() for character in given) and "@" not in given):
        words = [word for word in words if lookup(word) & Known.FIRST]
    return [
        word
        for word in words
        if len(word) >= 2 and not re.fullmatch(r"mrs?|ms|miss|dr|prof|sir|the|and|of|no|agent|team|store", word)
    ]


def _own_numbers(document: Document, work: str) -> tuple[list[Span], str]:
    """Places where the item's own customer number or handle stands in its text."""
    spans: list[Span] = []
    for kind, given in (("ACCOUNT", document.customer), ("HANDLE", document.author)):
        core = re.sub(r"[^\w]", "", given or "")
        is_code = any(character.isdigit() for character in core) or "_" in core
        if not given or "@" in given[1:] or not is_code or len(core) < 4:
            continue
        pattern = re.compile(r"(?<!\w)@?" + r"[ -]?".join(map(re.escape, core)) + r"(?!\w)", re.I)
        for match in pattern.finditer(work):
            spans.append(Span(*match.span(), kind))
        work = pattern.sub(lambda match: "\x00" * len(match.group()), work)
    return spans, work
