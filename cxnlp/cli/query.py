"""`cxnlp sql` and `cxnlp status`: look at the published database; it can be read while a night runs."""

import json
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cxnlp.cli.options import CommandError, JsonOption, WorkspaceOption
from cxnlp.cli.rows import Format, put, refuse_mismatch, screen, show
from cxnlp.settings import Workspace, open_workspace

if TYPE_CHECKING:
    import polars as pl

    from cxnlp.tags.questions import Questions


def sql(
    query: Annotated[
        str | None,
        typer.Argument(help="One SELECT, such as `FROM moments_all`. Left out on a terminal: a shell with completion."),
    ] = None,
    workspace: WorkspaceOption = Path(),
    form: Annotated[Format, typer.Option("--format", "-f", help="How to write the rows.")] = Format.table,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write; needed for parquet.")] = None,
) -> None:
    """Ask the published database (read-only, no access to files or network).

    `SHOW TABLES` and `DESCRIBE evidence` help to begin; docs/cookbook.md has questions with their SQL. A query can come
    through a pipe: `cxnlp sql -f csv < question.sql`.
    """
    refuse_mismatch(form, output)
    place = open_workspace(workspace)
    if query is None and sys.stdin.isatty():
        from cxnlp.cli.shell import run_shell

        run_shell(place, form)
        return
    from cxnlp.warehouse import store

    asked = sys.stdin.read() if query is None else query
    if not asked.strip():
        raise CommandError("there is no question. Give one, such as `FROM moments_all`, or start on a terminal.")
    put(store.query(place.database, asked, meaning=meaning_in(place)), form, output)
    if output is not None:
        from cxnlp import copies

        copies.note(place, output)


def meaning_in(workspace: Workspace) -> Callable[[str], list[int]]:
    """Return the SQL function ``meaning`` of a workspace; its model is loaded when it is first called."""

    @cache
    def questions() -> "Questions":
        from cxnlp.tags.questions import Questions

        return Questions(workspace.model_folder)

    return lambda words: questions().vector(words)


def summary(workspace: Workspace) -> "dict[str, pl.DataFrame]":
    """What `cxnlp.answers.status` says of the published database.

    Raises:
        WarehouseError: no night has been published yet.
    """
    from cxnlp.answers.status import status
    from cxnlp.warehouse import store

    with store.open_searchable(workspace.database) as connection:
        return status(connection, workspace)


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
            show(frame, title=name)


def _say_sum(runs: dict[str, int]) -> None:
    """Say in one sentence what became of everything that ever arrived, and whether that is all of it."""
    from cxnlp.warehouse.store import ACCOUNTED

    parts = " + ".join(f"{runs[name]:,} {words}" for name, words in ACCOUNTED.items())
    wrong = f"{runs['n_wrong']:,} run(s) do not add up: see n_missing"
    words = f"{runs['n_arrived']:,} arrived = {parts}; {wrong if runs['n_wrong'] else 'every run adds up'}"
    screen().print(f"{runs['n_runs']:,} run(s): {words}.\n", highlight=False)
