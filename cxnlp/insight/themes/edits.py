"""What analysts decided about themes: names, merges, pins. Kept beside people's labels, applied anew every night.

``.cxnlp/reviews/themes.jsonl`` is only ever added to, except by an erasure. With each decision stand the ids of some of
the theme's mentions: a database that is made anew gives a theme with most of these mentions its old id.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Final, Literal

import duckdb
import polars as pl
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from cxnlp.settings import Workspace
from cxnlp.teaching import journal
from cxnlp.warehouse import sql

FILE: Final = "themes.jsonl"
N_KNOWN_BY: Final = 25  # mentions that stand with a decision

_FOLDER: Final = Path(__file__).parent


def _printing(name: object) -> object:
    return "".join(sign for sign in name if sign.isprintable()) if isinstance(name, str) else name


#: A name that people give: what of it prints. `cxnlp themes rename` refuses the rest; a journal may hold it.
Name = Annotated[str, BeforeValidator(_printing), Field(min_length=2, max_length=60)]


class Edit(BaseModel):
    """One decision. ``rename`` without a name gives it back to the night; ``merge`` pins the theme that is kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: datetime
    kind: Literal["rename", "merge", "pin", "unpin"]
    theme_id: str
    into_id: str | None = None  # merge: the theme that is kept
    name: Name | None = None
    mentions: tuple[str, ...] = ()  # of the theme when it was decided


@dataclass(frozen=True)
class Wishes:
    """What all decisions together ask for."""

    names: Mapping[str, str | None]
    pinned: frozenset[str]
    merges: Sequence[tuple[str, str]]  # gone, kept
    claims: Mapping[str, frozenset[str]]  # theme_id → mentions that it is known by
    about: frozenset[str]  # every theme_id that was ever decided about


def add(workspace: Workspace, edit: Edit) -> None:
    """Store a decision; when this returns, it is on the disk."""
    journal.add_lines(journal.folder(workspace) / FILE, [edit])


def read(workspace: Workspace) -> list[Edit]:
    """Return all decisions, the oldest first.

    Raises:
        ReviewError: a line of the journal is damaged.
    """
    return list(journal.read_lines(workspace.state / "reviews" / FILE, Edit))


def forget(workspace: Workspace, is_meant: Callable[[str], bool]) -> None:
    """Take the ids of mentions of some feedback out of the journal; ``is_meant`` is asked with a feedback_id."""

    def without(edit: Edit) -> Edit:
        left = tuple(name for name in edit.mentions if not is_meant(name.rpartition(".")[0]))
        return edit.model_copy(update={"mentions": left})

    journal.change_lines(workspace.state / "reviews" / FILE, Edit, without)


def wishes(edits: Sequence[Edit]) -> Wishes:
    """Put decisions together: of two about the same thing the later counts."""
    names: dict[str, str | None] = {}
    pinned: set[str] = set()
    merges: list[tuple[str, str]] = []
    claims: dict[str, frozenset[str]] = {}
    for edit in edits:
        if edit.kind == "rename":
            names[edit.theme_id] = edit.name
        elif edit.kind == "merge" and edit.into_id:
            merges.append((edit.theme_id, edit.into_id))
            pinned.add(edit.into_id)
        elif edit.kind == "pin":
            pinned.add(edit.theme_id)
        else:
            pinned.discard(edit.theme_id)
        if edit.mentions:
            claims[edit.theme_id] = frozenset(edit.mentions)
    about = {name for edit in edits for name in (edit.theme_id, edit.into_id) if name}
    return Wishes(names, frozenset(pinned), merges, claims, frozenset(about))


def apply(connection: duckdb.DuckDBPyConnection, wanted: Wishes, *, night: date, run_id: str | None) -> None:
    """Bring the table ``themes`` to what people want of the themes that are alive; done again it changes nothing."""
    rows = [(name, wanted.names.get(name), name in wanted.pinned) for name in sorted(wanted.about)]
    kinds = {"theme_id": pl.String(), "name": pl.String(), "is_pinned": pl.Boolean()}
    with sql.transaction(connection):
        for gone_id, kept_id in wanted.merges:  # one after the other: a theme may go into one that went into another
            _run(connection, "merge", {"gone_id": gone_id, "kept_id": kept_id, "night": night, "run_id": run_id})
        connection.register("theme_wishes", pl.DataFrame(rows, schema=kinds, orient="row"))
        try:
            _run(connection, "wish", {})
        finally:
            connection.unregister("theme_wishes")


def _run(connection: duckdb.DuckDBPyConnection, name: str, values: Mapping[str, object]) -> None:
    for statement in connection.extract_statements((_FOLDER / f"{name}.sql").read_text("utf-8")):
        connection.execute(statement, {key: values[key] for key in statement.named_parameters} or None)
