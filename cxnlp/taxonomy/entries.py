"""What an entry of the taxonomy says: one class a file, one field a key, nothing else allowed."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Identity = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
Sentence = Annotated[str, Field(min_length=3, max_length=400, pattern=r"\S")]
#: One line of characters that print: it is shown on terminals and pages.
Words = Annotated[
    str, Field(min_length=2, max_length=60, pattern=r"^[^\p{C}\p{Z}](?:[^\p{C}\p{Zl}\p{Zp}]*[^\p{C}\p{Z}])?$")
]
Version = Annotated[str, Field(pattern=r"^\d+\.\d+$")]
#: A phrase in small letters with single spaces, cut as `cxnlp.taxonomy.words` cuts.
Cue = Annotated[str, Field(min_length=3, max_length=60, pattern=r"^[\p{Ll}\p{Nd}]+(?:[ '-][\p{Ll}\p{Nd}]+)*$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Department(_Strict):
    """Who can own a moment; ``office`` says whether customers meet it (front) or not (back)."""

    name: Words
    office: Annotated[str, Field(pattern=r"^(front|back)$")]


class About(_Strict):
    """The taxonomy itself: its declared version and the departments that may own an entry."""

    version: Version
    departments: Annotated[tuple[Department, ...], Field(min_length=1)]


class Stage(_Strict):
    """One stage of the ABACUS journey; stages stand in the order of the journey."""

    id: Identity
    name: Words
    definition: Sentence


class Entry(_Strict):
    """What every label has.

    What a workspace's own labels may lack (examples, near misses, the way of meeting) is null there; shipped labels
    have all of it.
    ``worse`` and ``better`` are plain words for a page or a backlog title when it goes badly or well.
    ``since`` is the taxonomy version that brought the label, ``retired`` the one that dropped it (null while
    it is in use).
    """

    id: Identity
    name: Words
    owner: Words
    worse: Words | None
    better: Words | None
    since: Version
    retired: Version | None


class Moment(Entry):
    """A moment of truth: one kind of interaction between customer and company."""

    stage: Identity
    definition: Sentence
    interaction: Sentence | None  # the method of interaction: by what means customer and company meet here
    expectation: Sentence | None  # what the customer expects
    worse: Words
    better: Words
    cues: tuple[Cue, ...]
    example: Sentence | None
    near_miss: Sentence | None


class Unmeasurable(Entry):
    """A soft quality that is shown (``+``) or missing (``-``)."""

    worse: Words
    better: Words
    definition_shown: Sentence | None  # null where a workspace teaches the other side only
    definition_missing: Sentence | None
    cues_shown: tuple[Cue, ...]
    cues_missing: tuple[Cue, ...]
    example_shown: Sentence | None
    near_miss_shown: Sentence | None
    example_missing: Sentence | None
    near_miss_missing: Sentence | None

    @property
    def definition(self) -> str:
        """Both sides in one line."""
        sides = (("Shown", self.definition_shown), ("Missing", self.definition_missing))
        return " ".join(f"{side}: {words}" for side, words in sides if words)


class WarningSign(Entry):
    """An organisational cause behind what customers meet."""

    definition: Sentence
    cues: tuple[Cue, ...]
    example: Sentence | None
    near_miss: Sentence | None


class Signal(Entry):
    """Something that should make someone act."""

    definition: Sentence
    cues: tuple[Cue, ...]
    example: Sentence | None
    near_miss: Sentence | None


Label = Moment | Unmeasurable | WarningSign | Signal
