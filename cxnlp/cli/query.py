"""`cxnlp sql` and `cxnlp status`: look at the published database; it can be read while a night runs."""

import json
import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from cxnlp.cli.options import CommandError, JsonOption, WorkspaceOption
from cxnlp.cli.terminal import harmless
from cxnlp.settings import Workspace, open_workspace

if TYPE_CHECKING:
    import polars as pl

N_RUNS = 5
RUN = ("run_id", "started_at", "n_arrived", "n_stored", "n_unchanged", "n_duplicates", "n_quarantined", "n_erased",
       "n_tagged")  # fmt: skip
WIDE = 240  # columns, where no terminal says how many there are


class Format(StrEnum):
    """How rows are written."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"


def sql(
    query: Annotated[str, typer.Argument(help="One SELECT; `SHOW TABLES` and `DESCRIBE evidence` help to begin.")],
    workspace: WorkspaceOption = Path(),
    form: Annotated[Format, typer.Option("--format", "-f", help="How to write the rows.")] = Format.table,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write; needed for parquet.")] = None,
) -> None:
    """Ask the published database (read-only, no access to files or network)."""
    from cxnlp.warehouse import store

    if form is Format.parquet and output is None:
        raise CommandError("parquet is not for the screen. Name a file with --output.")
    if form is Format.table and output is not None:
        raise CommandError("a table is for the screen. Choose csv, json or parquet with --format for a file.")
    rows = store.query(open_workspace(workspace).database, query)
    if form is Format.table:
        _show(rows, _screen())
    elif form is Format.parquet and output is not None:
        rows.write_parquet(output)
    else:
        text = _text(rows, form)
        typer.echo(text, nl=False) if output is None else output.write_text(text, "utf-8")


def _text(rows: "pl.DataFrame", form: Format) -> str:
    if form is Format.json:
        return "".join(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in rows.iter_rows(named=True))
    return rows.write_csv()


def _show(rows: "pl.DataFrame", console: Console, title: str | None = None) -> None:
    table = Table(*rows.columns, title=title, title_justify="left")
    for row in rows.iter_rows():
        table.add_row(*("" if value is None else _cell(value).replace("[", r"\[") for value in row))
    console.print(table)


def _screen() -> Console:
    """The terminal as it is; lines that go elsewhere are as wide as they need."""
    return Console() if sys.stdout.isatty() else Console(width=WIDE)


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    text = f"{value:.3f}" if isinstance(value, float) else str(value)
    return "\n".join(map(harmless, text.split("\n")))


def summary(workspace: Workspace) -> "dict[str, pl.DataFrame]":
    """The last runs and the sum of all, how fresh each source is, what is in quarantine and why, and the model.

    In runs and sum, ``n_arrived`` is the sum of what became of the items; ``n_missing`` is what is not accounted for.

    ``n_outdated`` counts stored texts with the tags of another model, vocabulary or precision, or without the vectors
    that `cxnlp find` needs, which nights have yet to tag again.

    Raises:
        WarehouseError: no night has been published yet.
    """
    import polars as pl

    from cxnlp.teaching import versions
    from cxnlp.warehouse import store

    model = versions.describe(workspace)
    with store.open_published(workspace.database) as connection:
        outdated = store.outdated(connection, model["version"], model["taxonomy"], model["precision"], model["encoder"])
        model["n_outdated"] = len(outdated)
        runs = store.reconciled(connection)
        return {
            "runs": runs.head(N_RUNS),
            "sum": runs.select(
                pl.len().alias("n_runs"),
                pl.col("^n_(arrived|missing)$").sum(),
                (pl.col("n_missing") != 0).sum().alias("n_wrong"),
                pl.col(list(store.ACCOUNTED)).sum(),
            ),
            "freshness": connection.sql("FROM freshness ORDER BY source").pl(),
            "quarantine": store.problems_of(connection),
            "model": pl.DataFrame([model]),
        }


def status(workspace: WorkspaceOption = Path(), as_json: JsonOption = False) -> None:
    """The last nights, what became of everything that arrived, how fresh each source is, what is in quarantine."""
    frames = summary(open_workspace(workspace))
    if as_json:
        typer.echo(json.dumps({name: frame.to_dicts() for name, frame in frames.items()}, default=str))
        return
    for name, frame in frames.items():
        if name == "sum":
            _say_sum(frame.row(0, named=True))
        else:
            _show(frame, _screen(), title=name)


def _say_sum(runs: dict[str, int]) -> None:
    """Say in one sentence what became of everything that ever arrived, and whether that is all of it."""
    from cxnlp.warehouse.store import ACCOUNTED

    parts = " + ".join(f"{runs[name]:,} {words}" for name, words in ACCOUNTED.items())
    wrong = f"{runs['n_wrong']:,} run(s) do not add up: see n_missing"
    words = f"{runs['n_arrived']:,} arrived = {parts}; {wrong if runs['n_wrong'] else 'every run adds up'}"
    _screen().print(f"{runs['n_runs']:,} run(s): {words}.\n", highlight=False)
