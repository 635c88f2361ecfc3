"""What was erased and must never return, and who asked for what when: one file of keyed hashes, no words, no names.

``.cxnlp/erasures.jsonl`` is only ever added to. It outlives the databases, which may be made anew from the sources. A
line ``begun`` stands before anything is erased, a line ``done`` when all of it is; between them the night and the next
`cxnlp forget` finish it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, ValidationError

from cxnlp.errors import CxnlpError
from cxnlp.feedback.keys import keyed
from cxnlp.settings import Workspace
from cxnlp.teaching.journal import append

FILE: Final = "erasures.jsonl"

#: Columns of the table ``erasures``.
ERASURES: Final[dict[str, pl.DataType]] = {
    "erasure_id": pl.String(),
    "erased_at": pl.Datetime("us", "UTC"),
    "asked": pl.String(),
    "n_feedback": pl.Int64(),
    "n_namings": pl.Int64(),
}


class ErasureError(CxnlpError):
    """An erasure cannot go on; the message says where, what was found, what is allowed and how to mend it."""


class Erasure(BaseModel):
    """One line: an erasure that was begun, with what must never return, or one that is done, with what it took."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    erasure_id: str
    state: Literal["begun", "done"]
    at: datetime
    asked: str  # customer, author, employee, feedback, retention, "source crm_notes", "before 2024-01-01": no data
    n_feedback: int = 0
    feedback: tuple[str, ...] = ()  # keyed hashes of feedback_ids
    contents: tuple[str, ...] = ()  # content hashes of texts of eight words or more
    customers: tuple[str, ...] = ()  # customer keys
    authors: tuple[str, ...] = ()  # author keys
    employees: tuple[str, ...] = ()  # employee keys
    n_namings: int = 0  # places where feedback names these employees
    until: datetime | None = None  # persons: what they write or is written of them later counts again; None: never
    n_answers: int = 0  # done: reviewers' answers and marks that went
    n_examples: int = 0  # done: teaching examples that went
    is_verified: bool | None = None  # done: every byte was searched and nothing was found


@dataclass(frozen=True)
class Tombstones:
    """What must never return."""

    feedback: frozenset[str] = frozenset()
    contents: frozenset[str] = frozenset()
    customers: dict[str, datetime | None] = field(default_factory=dict)
    authors: dict[str, datetime | None] = field(default_factory=dict)
    employees: dict[str, datetime | None] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.feedback or self.contents or self.customers or self.authors or self.employees)

    @property
    def of_feedback(self) -> "Tombstones":
        """What means feedback, without what means employees, whose naming in it alone goes."""
        return replace(self, employees={})

    def is_meant(self, feedback_id: str, secret: bytes) -> bool:
        """Whether this very item was erased."""
        return bool(self.feedback) and keyed(secret, "erased", feedback_id) in self.feedback

    def meant(self, rows: pl.DataFrame, secret: bytes) -> pl.Series:
        """Say for each row whether it must not be stored: erased itself, its words, its sender, or what it shares.

        Args:
            rows: columns feedback_id, occurred_at, author_key, customer_key, content_hash, repost_of.
            secret: the workspace's.
        """
        if not self:
            return pl.Series("meant", [False] * rows.height, dtype=pl.Boolean)
        columns = ("feedback_id", "repost_of", "content_hash", "customer_key", "author_key", "occurred_at")
        return pl.Series("meant", [self._meant(secret, *row) for row in rows.select(columns).iter_rows()], pl.Boolean)

    def forgotten(self, namings: pl.DataFrame) -> pl.DataFrame:
        """Return the rows that say who an employee is that was forgotten.

        Args:
            namings: columns employee_key, occurred_at of the feedback, and any others.
        """
        if not self.employees:
            return namings.clear()
        pairs = namings.select("employee_key", "occurred_at").iter_rows()
        is_meant = [key in self.employees and _is_before(at, self.employees[key]) for key, at in pairs]
        return namings.filter(pl.Series(is_meant, dtype=pl.Boolean))

    def remembered(self, employees: pl.DataFrame, feedback: pl.DataFrame) -> pl.DataFrame:
        """Return what is found of employees without those who were forgotten.

        Args:
            employees: columns feedback_id, employee_key, and any others.
            feedback: columns feedback_id, occurred_at of the same texts.
        """
        if not self.employees:
            return employees
        times = feedback.select("feedback_id", "occurred_at").unique("feedback_id", keep="first")
        gone = self.forgotten(employees.join(times, on="feedback_id", how="left"))
        return employees.join(gone, on=["feedback_id", "employee_key"], how="anti", maintain_order="left")

    def _meant(
        self, secret: bytes, feedback_id: str, shared: str | None, content: str | None, customer: str | None,
        author: str | None, occurred_at: datetime | None,
    ) -> bool:  # fmt: skip
        if content in self.contents or self.is_meant(feedback_id, secret):
            return True
        if shared is not None and self.is_meant(shared, secret):
            return True
        senders = ((self.customers, customer), (self.authors, author))
        return any(key in known and _is_before(occurred_at, known[key]) for known, key in senders if key is not None)


def _is_before(occurred_at: datetime | None, until: datetime | None) -> bool:
    return until is None or occurred_at is None or occurred_at <= until


def tombstones_of(workspace: Workspace) -> Tombstones:
    """Return what must never return to a workspace."""
    return of(read(workspace))


def of(erasures: Iterable[Erasure]) -> Tombstones:
    """Put the tombstones of erasures together; of two borders of one person the stricter counts."""
    feedback: set[str] = set()
    contents: set[str] = set()
    customers: dict[str, datetime | None] = {}
    authors: dict[str, datetime | None] = {}
    employees: dict[str, datetime | None] = {}
    for erasure in erasures:
        feedback.update(erasure.feedback)
        contents.update(erasure.contents)
        named = ((customers, erasure.customers), (authors, erasure.authors), (employees, erasure.employees))
        for known, persons in named:
            for key in persons:
                known[key] = _later(known[key], erasure.until) if key in known else erasure.until
    return Tombstones(frozenset(feedback), frozenset(contents), customers, authors, employees)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return None if one is None or other is None else max(one, other)


def read(workspace: Workspace) -> list[Erasure]:
    """Return every line, in order; none before the first erasure.

    Raises:
        ErasureError: a line is damaged: what was erased could return.
    """
    path = workspace.state / FILE
    if not path.is_file():
        return []
    found = []
    for number, line in enumerate(path.read_bytes().splitlines(keepends=True), 1):
        if line.endswith(b"\n"):  # the rest after the last line end was never stored
            found.append(_parsed(path, number, line))
    return found


def _parsed(path: Path, number: int, line: bytes) -> Erasure:
    try:
        return Erasure.model_validate_json(line)
    except ValidationError:
        raise ErasureError(
            f"{path}, line {number}: found a damaged entry; allowed: lines as `cxnlp forget` writes them. Restore the "
            "file from your backup: without it, what was erased could come back from the sources."
        ) from None


def add(workspace: Workspace, erasure: Erasure) -> None:
    """Store one line; when this returns, it is on the disk."""
    workspace.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    append(workspace.state / FILE, [erasure])


def pending(erasures: Sequence[Erasure]) -> list[Erasure]:
    """Return what was begun and is not done."""
    done = {erasure.erasure_id for erasure in erasures if erasure.state == "done"}
    return [erasure for erasure in erasures if erasure.state == "begun" and erasure.erasure_id not in done]


def audit(erasures: Iterable[Erasure]) -> pl.DataFrame:
    """Return the table ``erasures``: who wanted how much to be erased when, without what it was."""
    rows = [
        {
            "erasure_id": each.erasure_id,
            "erased_at": each.at,
            "asked": each.asked,
            "n_feedback": each.n_feedback,
            "n_namings": each.n_namings,
        }
        for each in erasures
        if each.state == "begun"
    ]
    return pl.DataFrame(rows, schema=ERASURES)
