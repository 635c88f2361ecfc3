"""Rows of the warehouse as a person or a program wants them: a table on the screen, CSV, JSON, Parquet."""

import json
import sys
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cxnlp.cli.options import CommandError
from cxnlp.cli.terminal import harmless, json_text

if TYPE_CHECKING:
    import polars as pl

WIDE: Final = 240  # columns, where no terminal says how many there are


class Format(StrEnum):
    """How rows are written."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"


def refuse_mismatch(form: Format, output: Path | None) -> None:
    """Refuse a form that does not fit where it shall go.

    Raises:
        CommandError: Parquet on the screen, or a table in a file.
    """
    if form is Format.parquet and output is None:
        raise CommandError("parquet is not for the screen. Name a file with --output.")
    if form is Format.table and output is not None:
        raise CommandError("a table is for the screen. Choose csv, json or parquet with --format for a file.")


def put(rows: "pl.DataFrame", form: Format, output: Path | None = None) -> None:
    """Write rows to ``output``, whole or not at all, or to the screen where it is None."""
    from cxnlp.backlog.export import write_whole

    if form is Format.table:
        show(rows)
    elif output is None:
        typer.echo(content(rows, form), nl=False)
    else:
        write_whole(output, content(rows, form))


def content(rows: "pl.DataFrame", form: Format) -> bytes:
    """Return rows as a file's bytes: CSV that no spreadsheet computes, JSON lines, or Parquet."""
    if form is Format.json:
        lines = (json_text(row) + "\n" for row in _finite(rows).iter_rows(named=True))
        return "".join(lines).encode("utf-8", "replace")
    if form is Format.parquet:
        buffer = BytesIO()
        rows.write_parquet(buffer)
        return buffer.getvalue()
    return _safe(rows).write_csv().encode("utf-8", "replace")


def _finite(rows: "pl.DataFrame") -> "pl.DataFrame":
    """JSON has no NaN and no infinity: null in their place."""
    import polars as pl
    import polars.selectors as cs

    numbers = cs.float()
    return rows.with_columns(pl.when(numbers.is_finite()).then(numbers))


def _safe(rows: "pl.DataFrame") -> "pl.DataFrame":
    """Give texts and headers (a PIVOT's come from data) no chance to be formulas; lists become JSON."""
    import polars as pl

    from cxnlp.backlog.export import safe_cell

    nested = [name for name, kind in rows.schema.items() if kind.is_nested() or kind == pl.Binary]
    flat = rows.with_columns(
        pl.Series(name, [None if value is None else json.dumps(value, default=str) for value in rows[name].to_list()],
                  dtype=pl.String)
        for name in nested
    )  # fmt: skip
    texts = pl.selectors.string()
    return flat.with_columns(texts.map_elements(safe_cell, return_dtype=pl.String)).rename(_headers(flat.columns))


def _headers(names: Iterable[str]) -> dict[str, str]:
    from cxnlp.backlog.export import safe_cell

    return {name: safe_cell(name) for name in names}


def show(rows: "pl.DataFrame", title: str | None = None, console: Console | None = None) -> None:
    """Print rows as a table; what others have written is shown, not obeyed."""
    table = Table(title=title, title_justify="left")
    for name in rows.columns:
        table.add_column(Text(harmless(name)))
    for row in rows.iter_rows():
        table.add_row(*(Text("" if value is None else _cell(value)) for value in row))
    (console or screen()).print(table)


def screen() -> Console:
    """The terminal as it is; lines that go elsewhere are as wide as they need."""
    return Console() if sys.stdout.isatty() else Console(width=WIDE)


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    text = f"{value:.3f}" if isinstance(value, float) else str(value)
    return "\n".join(map(harmless, text.split("\n")))
