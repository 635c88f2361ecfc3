"""What no single entry can know: names used twice, clashing cues, dead labels, owners nobody knows."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from cxnlp.taxonomy.entries import About, Entry, Moment, Signal, Stage, Unmeasurable, WarningSign
from cxnlp.taxonomy.marks import Marked, TaxonomyError, Trail

E = TypeVar("E", Stage, Moment, Unmeasurable, WarningSign, Signal)


@dataclass(frozen=True)
class Placed(Generic[E]):
    """An entry and where it stands: a file, and the trail to it there."""

    entry: E
    marked: Marked
    trail: Trail

    def place(self, *inner: str | int) -> str:
        """Return "moments.yaml, line 12" for the entry, or for what ``inner`` leads to in it."""
        return self.marked.place((*self.trail, *inner))


_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def words(text: str) -> tuple[str, ...]:
    """Cut ``text`` into the words that cues are matched on.

    Small letters, straight apostrophes inside words, everything else (hyphens too) is a border.
    """
    return tuple(_WORD.findall(text.casefold().replace("’", "'")))


def stands_in(cue: str, text: str) -> bool:
    """Say whether the words of ``cue`` stand in ``text``, next to each other and in order."""
    return f" {' '.join(words(cue))} " in f" {' '.join(words(text))} "


@dataclass(frozen=True)
class Side:
    """One set of cues with the sentences that should and should not carry the label."""

    key: str  # the YAML key of the cues
    cues: tuple[str, ...]
    near_miss_key: str
    near_miss: str | None


def sides(entry: Entry) -> Iterator[Side]:
    """Give the one side of a moment, warning sign or signal, or both sides of an unmeasurable."""
    if isinstance(entry, Unmeasurable):
        yield Side("cues_shown", entry.cues_shown, "near_miss_shown", entry.near_miss_shown)
        yield Side("cues_missing", entry.cues_missing, "near_miss_missing", entry.near_miss_missing)
    else:
        yield Side("cues", entry.cues, "near_miss", entry.near_miss)  # type: ignore[attr-defined]


def check_family(entries: Iterable[Placed[E]], about: About) -> None:
    """Check the entries of one family against each other, whichever file they stand in.

    Raises:
        TaxonomyError: an id or a cue is used twice, an owner is no department, a retired label still has
            cues, a version lies in the future, or a near miss is caught by a cue of its own label.
    """
    ids: dict[str, str] = {}
    cues: dict[tuple[str, ...], tuple[str, str]] = {}
    for placed in entries:
        entry, place = placed.entry, placed.place("id")
        assert not isinstance(entry, Stage)
        if entry.id in ids:
            raise TaxonomyError(
                f"{place}: found the id `{entry.id}` a second time (first at {ids[entry.id]}); "
                "allowed: once. Give one of them another id."
            )
        ids[entry.id] = place
        _check_owner(entry, about, placed.place("owner"))
        _check_versions(entry, about, placed.place("retired"))
        for side in sides(entry):
            _check_cues(entry, side, cues, placed)


def check_stages(stages: Iterable[Placed[Stage]], moments: Iterable[Placed[Moment]]) -> None:
    """Check that stage ids are used once and that every moment stands in a stage.

    Raises:
        TaxonomyError: a stage id is used twice or a moment names a stage that is not there.
    """
    known: dict[str, str] = {}
    for placed in stages:
        stage = placed.entry
        if stage.id in known:
            raise TaxonomyError(
                f"{placed.place('id')}: found the stage `{stage.id}` a second time; allowed: once. Remove one of them."
            )
        known[stage.id] = placed.marked.file
    for moment in moments:
        if moment.entry.stage not in known:
            raise TaxonomyError(
                f"{moment.place('stage')}: found the stage `{moment.entry.stage}` of `{moment.entry.id}`; allowed: "
                f"{', '.join(known)}. Choose one, or add it to stages.yaml."
            )


def _check_owner(entry: Entry, about: About, place: str) -> None:
    departments = [department.name for department in about.departments]
    if entry.owner not in departments:
        raise TaxonomyError(
            f"{place}: found the owner {entry.owner!r} of `{entry.id}`; allowed: "
            f"{', '.join(departments)}. Choose one, or add it to taxonomy.yaml."
        )


def _check_versions(entry: Entry, about: About, place: str) -> None:
    newest, since = _number(about.version), _number(entry.since)
    until = _number(entry.retired) if entry.retired else newest
    if not since <= until <= newest:
        raise TaxonomyError(
            f"{place}: found `{entry.id}` since {entry.since}, retired {entry.retired}; allowed: "
            f"since ≤ retired ≤ {about.version}, the version in taxonomy.yaml. Correct one of "
            "them."
        )


def _check_cues(entry: Entry, side: Side, cues: dict[tuple[str, ...], tuple[str, str]], placed: Placed[E]) -> None:
    owner = entry.id + {"cues": "", "cues_shown": "+", "cues_missing": "-"}[side.key]
    if entry.retired and side.cues:
        raise TaxonomyError(
            f"{placed.place(side.key)}: found cues under `{owner}`, retired in "
            f"{entry.retired}; allowed: none, a retired label must not be given any more. Empty "
            "the list, or set `retired: null`."
        )
    for number, cue in enumerate(side.cues):
        place = placed.place(side.key, number)
        if (key := words(cue)) in cues:
            other, where = cues[key]
            raise TaxonomyError(
                f"{place}: found the cue {cue!r} under `{owner}`, but it stands under `{other}` "
                f"already ({where}); allowed: under one label of a family, once. Remove one of "
                "them."
            )
        cues[key] = (owner, place)
        if side.near_miss and stands_in(cue, side.near_miss):
            raise TaxonomyError(
                f"{place}: found the cue {cue!r} in the near miss of `{owner}`; allowed: a near "
                "miss that no cue of its label catches. Make the cue longer or write another "
                "near miss."
            )


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
