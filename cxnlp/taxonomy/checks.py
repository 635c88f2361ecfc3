"""What no single entry can know: names used twice, clashing cues, dead labels, owners nobody knows."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cxnlp.taxonomy.entries import About, Entry, Moment, Stage, Unmeasurable
from cxnlp.taxonomy.marks import Marked, TaxonomyError

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
    near_miss: str


def sides(entry: Entry) -> Iterator[Side]:
    """Give the one side of a moment, warning sign or signal, or both sides of an unmeasurable."""
    if isinstance(entry, Unmeasurable):
        yield Side("cues_shown", entry.cues_shown, "near_miss_shown", entry.near_miss_shown)
        yield Side("cues_missing", entry.cues_missing, "near_miss_missing", entry.near_miss_missing)
    else:
        yield Side("cues", entry.cues, "near_miss", entry.near_miss)  # type: ignore[attr-defined]


def check_family(entries: Iterable[Entry], about: About, marked: Marked) -> None:
    """Check the entries of one file against each other.

    Raises:
        TaxonomyError: an id or a cue is used twice, an owner is no department, a retired label still has
            cues, a version lies in the future, or a near miss is caught by a cue of its own label.
    """
    ids: dict[str, str] = {}
    cues: dict[tuple[str, ...], tuple[str, str]] = {}
    for position, entry in enumerate(entries):
        place = marked.place((position, "id"))
        if entry.id in ids:
            raise TaxonomyError(
                f"{place}: found the id `{entry.id}` a second time (first at {ids[entry.id]}); "
                "allowed: once. Give one of them another id."
            )
        ids[entry.id] = place
        _check_owner(entry, about, marked.place((position, "owner")))
        _check_versions(entry, about, marked.place((position, "retired")))
        for side in sides(entry):
            _check_cues(entry, side, cues, marked, position)


def check_stages(stages: Iterable[Stage], moments: Iterable[Moment], files: tuple[Marked, Marked]) -> None:
    """Check that stage ids are used once and that every moment stands in a stage.

    Raises:
        TaxonomyError: a stage id is used twice or a moment names a stage that is not there.
    """
    known: list[str] = []
    for position, stage in enumerate(stages):
        if stage.id in known:
            raise TaxonomyError(
                f"{files[0].place((position, 'id'))}: found the stage `{stage.id}` a second time; "
                "allowed: once. Remove one of them."
            )
        known.append(stage.id)
    for position, moment in enumerate(moments):
        if moment.stage not in known:
            raise TaxonomyError(
                f"{files[1].place((position, 'stage'))}: found the stage `{moment.stage}` of "
                f"`{moment.id}`; allowed: {', '.join(known)}. Choose one, or add it to "
                f"{files[0].file}."
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


def _check_cues(
    entry: Entry, side: Side, cues: dict[tuple[str, ...], tuple[str, str]], marked: Marked, position: int
) -> None:
    owner = entry.id + {"cues": "", "cues_shown": "+", "cues_missing": "-"}[side.key]
    if entry.retired and side.cues:
        raise TaxonomyError(
            f"{marked.place((position, side.key))}: found cues under `{owner}`, retired in "
            f"{entry.retired}; allowed: none, a retired label must not be given any more. Empty "
            "the list, or set `retired: null`."
        )
    for number, cue in enumerate(side.cues):
        place = marked.place((position, side.key, number))
        if (key := words(cue)) in cues:
            other, where = cues[key]
            raise TaxonomyError(
                f"{place}: found the cue {cue!r} under `{owner}`, but it stands under `{other}` "
                f"already ({where}); allowed: under one label of a family, once. Remove one of "
                "them."
            )
        cues[key] = (owner, place)
        if stands_in(cue, side.near_miss):
            raise TaxonomyError(
                f"{place}: found the cue {cue!r} in the near miss of `{owner}`; allowed: a near "
                "miss that no cue of its label catches. Make the cue longer or write another "
                "near miss."
            )


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
