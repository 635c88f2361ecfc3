"""Tables of a database: PostgreSQL, MySQL or MariaDB, SQLite, and what else SQLAlchemy has a driver for.

Only SELECTs are sent, in a transaction that may not write, a page at a time in the order of the cursor column and the
key: no transaction stays open while a night tags.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import sqlalchemy as sa
from pydantic import Field, field_validator, model_validator

from cxnlp.channels.columns import Columns, Row, as_text, find_columns
from cxnlp.channels.items import Item, Unusable, unusable
from cxnlp.channels.live import database
from cxnlp.channels.live.marks import Mark, again, is_future, of_value
from cxnlp.channels.live.service import LiveSettings, Page, Visit
from cxnlp.channels.sheets import Sheet
from cxnlp.channels.tables import item_of

PAGE_ROWS: Final = 1_000
#: Columns are guessed from the table's first rows by key, so that they are the same every night.
_SAMPLE_ROWS: Final = 200


class Sql(LiveSettings):
    """The database's address is the secret, as postgresql://user:password@host/name; an SQLite ``file`` needs none.

    ``cursor`` names a column that grows when a row comes or changes (updated_at, or a number that counts up); without
    one the whole table is read every night.
    """

    tables: Annotated[tuple[str, ...], Field(min_length=1)]
    cursor: str | None = None
    file: Path | None = None
    tls: Literal["verify", "require", "off"] | None = None  # None: verify, but off for this machine itself
    overlap_days: Annotated[float, Field(ge=0, le=60)] = 0.1  # for rows whose transaction ended late
    wait_seconds: Annotated[int, Field(ge=0, le=21_600)] = 120

    @field_validator("file")
    @classmethod
    def _whole_path(cls, file: Path | None) -> Path | None:
        if file is not None and not file.is_absolute():
            raise ValueError("is no whole path. Allowed: a path from the root, such as /srv/crm/calls.sqlite")
        return file

    @model_validator(mode="after")
    def _one_place(self) -> "Sql":
        if (self.file is None) == (self.secret is None):
            raise ValueError("needs either `secret` (the name of what holds the database's address) or `file` (SQLite)")
        return self

    @property
    def streams(self) -> tuple[str, ...]:
        """One a table."""
        return self.tables


@dataclass(frozen=True)
class Layout:
    """How one table is read: its columns, what orders its rows, and where items' columns are."""

    table: sa.TableClause
    key: tuple[str, ...]
    cursor: str | None
    columns: Columns

    @property
    def order(self) -> tuple[str, ...]:
        """The columns that order the rows without ties."""
        return (self.cursor, *(name for name in self.key if name != self.cursor)) if self.cursor else self.key


def read_sql(visit: Visit[Sql]) -> Iterator[Page]:
    """Read the rows whose cursor is not below the last night's, less the overlap."""
    with database.opened(visit) as base:
        layout = _layout(visit, base)
        stored = Mark.read(visit.cursor)
        if layout.cursor and (empty := _n_without_cursor(base, layout)):
            yield Page([unusable(
                f"{empty:,} rows of table {visit.stream} have nothing in column {layout.cursor!r} and are not read. "
                "Fill it, or name a column in `cursor` that every row has."
            )])  # fmt: skip
        reached, after = stored, None
        while True:
            rows = base.rows(_page(layout, visit, stored, after))
            reached = _reached(layout, rows, reached)
            yield Page([_item(visit, layout, row) for row in rows], reached.written() if reached else None)
            if len(rows) < PAGE_ROWS:
                return
            after = [rows[-1][layout.columns.header.index(name)] for name in layout.order]


def _layout(visit: Visit[Sql], base: database.Database) -> Layout:
    """Look the table up.

    Raises:
        Unusable: it is not there, or lacks a key, a cursor or columns that are needed.
    """
    schema, _, name = visit.stream.rpartition(".")
    found = base.columns(name, schema or None)
    if not found.names:
        raise Unusable(f"The database has no table or view {visit.stream!r}, or this user may not see it. Set `tables` "
                       "to names as they are there, with their schema (crm.call_notes).")  # fmt: skip
    cursor = _cursor(visit, found.names)
    everything = sa.table(name, *map(sa.column, found.names), schema=schema or None)
    first = sa.select(*everything.c).order_by(*(everything.c[each] for each in found.key)).limit(_SAMPLE_ROWS)
    guessed = find_columns(visit.source, [found.names, *base.rows(first)], is_headed=True)
    key = found.key or _given_key(visit, guessed)
    wanted = list(dict.fromkeys([*(guessed.header[n] for n in _used(guessed)), *key, *([cursor] if cursor else [])]))
    position = {column: wanted.index(guessed.header[n]) for column, n in guessed.position.items()}
    clock = None if guessed.clock is None else wanted.index(guessed.header[guessed.clock])
    if guessed.how.get("external_id") != "given":
        position.pop("external_id", None)
    columns = replace(guessed, header=tuple(wanted), position=position, clock=clock)
    table = sa.table(name, *map(sa.column, wanted), schema=schema or None)
    return Layout(table, key, cursor, columns)


def _used(columns: Columns) -> list[int]:
    return sorted({*columns.position.values(), *([] if columns.clock is None else [columns.clock])})


def _cursor(visit: Visit[Sql], names: Sequence[str]) -> str | None:
    wanted = visit.settings.cursor
    found = next((name for name in names if wanted and name.casefold() == wanted.casefold()), None)
    if wanted and found is None:
        raise Unusable(f"Table {visit.stream} has no column {wanted!r}. Its columns are {', '.join(names[:20])}. Set "
                       "`cursor` to one that grows.")  # fmt: skip
    return found


def _given_key(visit: Visit[Sql], columns: Columns) -> tuple[str, ...]:
    if columns.how.get("external_id") == "given":
        return (columns.header[columns.position["external_id"]],)
    raise Unusable(f"Table {visit.stream} has no primary key that tells its rows apart. Name a column that does: "
                   'columns.external_id = "…" of this source.')  # fmt: skip


def _page(layout: Layout, visit: Visit[Sql], stored: Mark | None, after: Sequence[Any] | None) -> sa.Select[Any]:
    table = layout.table
    query = sa.select(*table.c)
    if layout.cursor:
        query = query.where(table.c[layout.cursor].is_not(None))
    if after is not None:
        query = query.where(_beyond([table.c[name] for name in layout.order], after))
    elif layout.cursor and stored:
        query = query.where(table.c[layout.cursor] >= _bound(again(stored, visit.settings.overlap_days)))
    return query.order_by(*(table.c[name] for name in layout.order)).limit(PAGE_ROWS)


def _beyond(columns: Sequence[sa.ColumnClause[Any]], values: Sequence[Any]) -> sa.ColumnElement[bool]:
    """Rows that come after ``values`` in the order of ``columns``; the first condition lets an index be used."""
    later = [
        sa.and_(*(each == _bound(value) for each, value in zip(columns[:n], values[:n], strict=True)),
                columns[n] > _bound(values[n]))
        for n in range(len(columns))
    ]  # fmt: skip
    return sa.and_(columns[0] >= _bound(values[0]), sa.or_(*later))


def _bound(value: Any) -> sa.BindParameter[Any]:
    """A value as the database compares it: a time with a zone keeps it."""
    zone = getattr(value, "tzinfo", None)
    return (
        sa.bindparam(None, value, sa.DateTime(timezone=True), unique=True)
        if zone
        else sa.bindparam(None, value, unique=True)
    )


def _n_without_cursor(base: database.Database, layout: Layout) -> int:
    column = layout.table.c[layout.cursor or ""]
    counted = base.rows(sa.select(sa.func.count()).select_from(layout.table).where(column.is_(None)))
    return int(str(counted[0][0]))


def _reached(layout: Layout, rows: Sequence[Row], before: Mark | None) -> Mark | None:
    """Where the next night goes on: a row from the future must not hide what comes until then."""
    if layout.cursor is None:
        return None
    place = layout.columns.header.index(layout.cursor)
    last = next((row[place] for row in reversed(rows) if not is_future(row[place])), None)
    return before if last is None else of_value(last, layout.cursor)


def _item(visit: Visit[Sql], layout: Layout, row: Row) -> Item:
    name = "/".join(as_text(row[layout.columns.header.index(each)]) or "" for each in layout.key)
    item = item_of(visit.source, Sheet(None, [], iter(())), layout.columns, row, None)
    given = item.external_id if "external_id" in layout.columns.position and item.problem is None else None
    return replace(item, external_id=given or (f"{visit.stream}/{name}" if len(visit.settings.tables) > 1 else name))
