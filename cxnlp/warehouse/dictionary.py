"""The data dictionary, written from the comments in the database.

``python -m cxnlp.warehouse.dictionary docs/warehouse.md`` brings the page up to date.
"""

import html
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from cxnlp.warehouse import fulltext, reading
from cxnlp.warehouse.schema import VIEWS, leave_out_private, prepare, published_tables

#: Everything on the page below this line is made by `markdown`.
MARK: Final = "<!-- Below this line: made by `python -m cxnlp.warehouse.dictionary docs/warehouse.md`; do not edit. -->"


@dataclass(frozen=True)
class Relation:
    """A view or a table."""

    name: str
    is_view: bool
    meaning: str
    columns: tuple[tuple[str, str, str], ...]  # name, type, meaning


@dataclass(frozen=True)
class Label:
    """A word that tags use, as the workspace's taxonomy has it: a person may have written it."""

    family: str
    id: str
    name: str
    meaning: str


@dataclass(frozen=True)
class Dictionary:
    """All that a database says of itself."""

    relations: tuple[Relation, ...]  # views, then tables, in the order in which they are made
    functions: tuple[tuple[str, str], ...]  # signature, meaning
    labels: tuple[Label, ...]

    @property
    def views(self) -> tuple[Relation, ...]:
        """The views."""
        return tuple(each for each in self.relations if each.is_view)

    @property
    def tables(self) -> tuple[Relation, ...]:
        """The tables."""
        return tuple(each for each in self.relations if not each.is_view)


def read(connection: duckdb.DuckDBPyConnection) -> Dictionary:
    """Read the dictionary of an opened database from its comments."""
    order = {name: place for place, name in enumerate((*VIEWS, *published_tables()))}
    found = sorted(reading.relations(connection).to_dicts(), key=lambda row: order.get(row["name"], len(order)))
    relations = (
        Relation(
            row["name"], row["kind"] == "view", row["meaning"] or "",
            tuple((name, _short(kind), meaning or "") for name, kind, meaning in
                  reading.columns_of(connection, row["name"]).iter_rows()),
        )
        for row in found
    )  # fmt: skip
    labels = connection.execute("SELECT family, id, name, definition FROM taxonomy ORDER BY rowid").fetchall()
    return Dictionary(tuple(relations), _functions(connection), tuple(Label(*map(_text, row)) for row in labels))


def markdown(dictionary: Dictionary) -> str:
    """Return views, tables and functions as Markdown."""
    parts = ["## Views", *map(_section, dictionary.views), "## Tables", *map(_section, dictionary.tables)]
    lines = [f"| `{signature}` | {_cell(meaning)} |" for signature, meaning in dictionary.functions]
    return "\n\n".join([*parts, "## Functions", "\n".join(["| function | gives |", "|---|---|", *lines])]) + "\n"


def markdown_of_labels(dictionary: Dictionary) -> str:
    """Return the labels as Markdown."""
    lines = [
        f"| {_foreign(label.family)} | {_foreign(label.id)} | {_foreign(label.name)} | {_foreign(label.meaning)} |"
        for label in dictionary.labels
    ]
    return "\n".join(["## Labels", "", "| family | id | name | meaning |", "|---|---|---|---|", *lines]) + "\n"


def renewed(page: str, text: str) -> str:
    """Return ``page`` with ``text`` below its mark.

    Raises:
        ValueError: the page has no mark.
    """
    if MARK not in page:
        raise ValueError(f"the page has no line {MARK!r}; put it where the dictionary shall start")
    return f"{page.split(MARK, 1)[0]}{MARK}\n\n{text}"


def of_published() -> Dictionary:
    """Return the dictionary of a published warehouse."""
    with duckdb.connect() as connection:
        prepare(connection, Path(":memory:"))
        leave_out_private(connection)
        fulltext.index(connection)
        return read(connection)


def _functions(connection: duckdb.DuckDBPyConnection) -> tuple[tuple[str, str], ...]:
    rows: list[tuple[str, str]] = connection.execute(
        "SELECT function_name || '(' || array_to_string(parameters, ', ') || ')', coalesce(comment, '') "
        "FROM duckdb_functions() "
        "WHERE NOT internal AND schema_name = 'main' AND function_type IN ('macro', 'table_macro') "
        "ORDER BY function_name"
    ).fetchall()
    return tuple(rows)


def _section(relation: Relation) -> str:
    lines = [f"| `{name}` | {_cell(kind)} | {_cell(meaning)} |" for name, kind, meaning in relation.columns]
    head = [f"### {relation.name}", "", relation.meaning, "", "| column | type | meaning |", "|---|---|---|"]
    return "\n".join([*head, *lines])


def _short(kind: str) -> str:
    return kind.replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ")


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _foreign(text: str) -> str:
    """What a person wrote, on one line and without a meaning for Markdown or HTML."""
    return re.sub(r"([\\`*_\[\]|~!#])", r"\\\1", html.escape(" ".join(text.split()), quote=False))


def main() -> None:
    """Renew the page named on the command line."""
    page = Path(sys.argv[1])
    page.write_text(renewed(page.read_text("utf-8"), markdown(of_published())), "utf-8")


if __name__ == "__main__":
    main()
