"""Tells the company's people from everybody else, by the words around a name and by what the item's columns say."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cxnlp.feedback.keys import fold_name
from cxnlp.feedback.masking import cues
from cxnlp.feedback.masking.spans import Span

_TITLE_END = re.compile(rf"\b{cues.TITLE_WORDS}\.?\s$", re.I)
_SENTENCE_END = re.compile(r"[.!?;](?:\s|$)")
_REACH = 60  # characters before and after a name that are read


@dataclass(frozen=True, slots=True)
class Scene:
    """What is known of a text besides its words.

    ``owners`` maps folded words of names from the item's columns to "author" or "employee"; ``employee`` is the
    employee column as given. ``speakers`` has one entry a line; ``by_agent`` marks an agent's call note.
    """

    owners: Mapping[str, str]
    employee: str | None = None
    speakers: Sequence[str | None] | None = None
    by_agent: bool = False
    places: re.Pattern[str] | None = None  # keep words: the company's branches and products


def assign(work: str, persons: Sequence[Span], scene: Scene) -> list[Span]:
    """Return ``persons`` with kind EMPLOYEE, full name and role where the person works for the company.

    One person has one kind in the whole text. A single name that is part of exactly one full name of the text or of the
    employee column is taken for it.
    """
    full_names = _full_names(persons, scene.employee)
    whole = [full_names.get(fold_name(span.name or ""), span.name or "") for span in persons]
    kin = {
        fold_name(name)
        for span, name in zip(persons, whole, strict=True)
        if cues.KIN_BEFORE.search(_before(work, span))
    }
    roles: dict[str, str] = {}
    for span, name in zip(persons, whole, strict=True):
        folded = fold_name(name)
        owner = _owner(folded, scene)
        role = None if owner == "author" or folded in kin else _role(work, span, scene)
        if role is None and owner == "employee":
            role = "agent" if scene.by_agent or scene.speakers is not None else "staff"
        if role is not None and (folded not in roles or roles[folded] == "staff"):
            roles[folded] = role
    return [
        replace(span, kind="EMPLOYEE", name=name, role=role) if (role := roles.get(fold_name(name))) else span
        for span, name in zip(persons, whole, strict=True)
    ]


def _full_names(persons: Sequence[Span], employee: str | None) -> dict[str, str]:
    """Folded single names → the one full name that holds them."""
    full = {fold_name(name): name for name in [*(span.name or "" for span in persons), employee or ""]
            if len(fold_name(name).split()) > 1}  # fmt: skip
    holders: dict[str, list[str]] = {}
    for folded in full:
        for word in set(folded.split()):
            holders.setdefault(word, []).append(folded)
    return {word: full[folded[0]] for word, folded in holders.items() if len(folded) == 1}


def _owner(folded: str, scene: Scene) -> str | None:
    words = folded.split()
    owners = {scene.owners[word] for word in words if word in scene.owners}
    if len(owners) == 1:
        return owners.pop()
    return None


def _role(work: str, span: Span, scene: Scene) -> str | None:
    """The role that the sentence gives, None when it gives none."""
    before = _before(work, span)
    after = work[span.end : span.end + _REACH].split("\n", 1)[0]
    speaker = _speaker(work, span, scene)
    if speaker == "agent":
        return "agent" if cues.AGENT_SELF.search(before) or re.match(r" (?:here|speaking)\b", after) else None
    if speaker == "customer" and cues.SALUTATION.fullmatch(before):
        return "agent"
    if cues.AGENT_SELF.search(before) and not re.search(r"(?:speaking|through) (?:to|with) $", before, re.I):
        return None
    if not (_is_named_before(work, span, before, after, scene) or _is_named_after(after, scene)):
        return None
    default = "agent" if speaker == "customer" else "staff"
    return _role_word(_SENTENCE_END.split(before[-35:])[-1], _SENTENCE_END.split(after[:45])[0]) or default


def _before(work: str, span: Span) -> str:
    """The text before a name on its line, without the title."""
    before = work[max(0, span.start - _REACH) : span.start]
    return _TITLE_END.sub("", before[before.rfind("\n") + 1 :])


def _is_named_before(work: str, span: Span, before: str, after: str, scene: Scene) -> bool:
    match = cues.EMPLOYEE_BEFORE.search(before)
    if match is None:
        match = None if scene.by_agent else cues.EMPLOYEE_BEFORE_CUSTOMER.search(before)
        return match is not None
    thanks = re.match(r"(?:thank|thx|ty|cheers)", match.group(), re.I)
    at_end = not work[span.end :].strip(" .!\n,x")
    return not (
        thanks
        and at_end
        and "\n" not in work[max(0, span.start - 40) : span.start]
        and _closes(work, match, before, span)
    )


def _closes(work: str, match: re.Match[str], before: str, span: Span) -> bool:
    """Whether "thanks NAME" ends a long text, as a signature without a comma does."""
    return (
        len(work) > 150
        and before[: match.start()].rstrip()[-1:] in (".", "!", "?", "")
        and not re.search(r"\bto\s$", before)
    )


def _is_named_after(after: str, scene: Scene) -> bool:
    if cues.EMPLOYEE_AFTER.match(after):
        return True
    at = re.match(r" (?:from|at|in) (?:the |your )?", after)
    return bool(at and scene.places is not None and scene.places.match(after, at.end()))


def _role_word(before: str, after: str) -> str | None:
    """The role whose word stands nearest before the name, else nearest after it."""
    nearest: tuple[int, str] | None = None
    for role, pattern in cues.ROLES:
        for match in pattern.finditer(before):
            distance = len(before) - match.end()
            if nearest is None or distance < nearest[0]:
                nearest = (distance, role)
    if nearest is not None and nearest[1] not in ("agent", "staff"):
        return nearest[1]
    for role, pattern in cues.ROLES:
        if role != "staff" and pattern.search(after):
            return role
    if nearest is not None:
        return nearest[1]
    return "agent" if cues.SPOKE.search(before) else None


def _speaker(work: str, span: Span, scene: Scene) -> str | None:
    if scene.speakers is None:
        return None
    line = work.count("\n", 0, span.start)
    return scene.speakers[line] if line < len(scene.speakers) else None
