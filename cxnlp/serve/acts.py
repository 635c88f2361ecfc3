"""What may be done over the API beside moves of the backlog, and who does it: the command line's own functions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cxnlp.serve.moves import By

Line = Annotated[str, Field(max_length=500)]
Prefer = Literal["theirs", "ours"]


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ThemeEdit(_Said):
    """A decision on a theme that no later night takes back."""

    edit: Annotated[Literal["rename", "merge", "pin", "unpin"], Field(description="What to do.")]
    name: Annotated[str | None, Field(max_length=200, description="rename: 2 to 60 characters, masked; left out: the "
                                      "night names it again.")] = None  # fmt: skip
    into: Annotated[str | None, Field(max_length=60, description="merge: id of the theme that is kept.")] = None

    @model_validator(mode="after")
    def _belongs(self) -> "ThemeEdit":
        if (self.into is not None) != (self.edit == "merge") or (self.name is not None and self.edit != "rename"):
            raise ValueError("allowed: `into` with merge, and only there; `name` with rename alone")
        return self


class MomentWish(_Said):
    """What is wanted of a moment of truth; what is left out stays."""

    owner: Annotated[Line | None, Field(description="Who answers for it.")] = None
    targets: Annotated[dict[str, float | None], Field(description="Numbers by their ids, such as net_sentiment; null "
                                                      "takes a target away.")] = {}  # fmt: skip
    critical: Annotated[bool | None, Field(description="Whether customers stay or leave by it.")] = None
    expectation: Annotated[Line | None, Field(description="What the customer expects.")] = None
    interaction: Annotated[Line | None, Field(description="The method of interaction.")] = None
    fixed_on: Annotated[date | None, Field(description="Day from which customers meet a fix.")] = None
    fix: Annotated[Line | None, Field(description="What was fixed, with fixed_on.")] = None


class Chosen(_Said):
    """Which items of the quarantine are meant, said in one way."""

    ids: Annotated[list[str], Field(max_length=1_000, description="Ids of the list, or their first digits.")] = []
    source: Annotated[str | None, Field(max_length=200, description="All that waits of this source.")] = None
    all: Annotated[bool, Field(description="All that waits.")] = False


class Release(Chosen):
    """Which items will never be read, and why."""

    reason: Annotated[Line, Field(min_length=1, description="Why it is not needed; masked like feedback.")]
    by: Annotated[By, Field(description="Who accepts it.")]


@dataclass(frozen=True)
class Acts:
    """Each does what the command of its name does, and returns what that says with ``--json``.

    They raise a CxnlpError: exit code 2 where it cannot be done so, 3 while a night is at work.

    Attributes:
        edit_theme: id or first digits, and the decision.
        set_moment: id and what is wanted of it.
        quarantined: source or None, and whether also what was released.
        quarantined_one: id or first digits.
        retry, release: items of the quarantine.
        write_sheet: writes the backlog to a new file; True: also items that are put aside.
        take_sheet: takes a sheet of the backlog back; which side wins, and whether nothing is to be changed.
        tag: documents as `cxnlp tag` reads them.
    """

    edit_theme: Callable[[str, ThemeEdit], Mapping[str, Any]]
    set_moment: Callable[[str, MomentWish], Mapping[str, Any]]
    quarantined: Callable[[str | None, bool], Sequence[Mapping[str, Any]]]
    quarantined_one: Callable[[str], Mapping[str, Any]]
    retry: Callable[[Chosen], Sequence[Mapping[str, Any]]]
    release: Callable[[Release], Mapping[str, Any]]
    write_sheet: Callable[[Path, bool], int]
    take_sheet: Callable[[Path, Prefer | None, bool], Mapping[str, Any]]
    tag: Callable[[Sequence[Mapping[str, Any]]], Sequence[Mapping[str, Any]]]
