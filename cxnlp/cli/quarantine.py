"""`cxnlp quarantine`: what could not be used and why; have it read again, or accept that it never will be."""

import getpass
import shlex
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from cxnlp.cli.options import CommandError, JsonOption, WorkspaceOption
from cxnlp.cli.terminal import harmless, json_text
from cxnlp.settings import Workspace, open_workspace

if TYPE_CHECKING:
    import duckdb

#: Items of one problem that the list shows; `--all` shows every one.
SHOWN = 10

app = typer.Typer(rich_markup_mode="rich")

IdArgument = Annotated[list[str] | None, typer.Argument(help="Ids of the list; their first digits are enough.")]
SourceOption = Annotated[str | None, typer.Option("--source", help="All that waits of this source.")]


@app.callback(invoke_without_command=True)
def waiting(
    context: typer.Context,
    workspace: WorkspaceOption = Path(),
    source: Annotated[str | None, typer.Option("--source", help="Only of this source.")] = None,
    released: Annotated[bool, typer.Option("--released", help="Also what was released.")] = False,
    everything: Annotated[bool, typer.Option("--all", help=f"Every item, not the first {SHOWN} of a problem.")] = False,
    as_json: JsonOption = False,
) -> None:
    """What could not be used, by problem: ids, files, rows, since when. Nothing is lost: mend it, or release it."""
    if context.invoked_subcommand is not None:
        context.obj = workspace
        return
    rows, is_masked = listed(open_workspace(workspace), source, released=released)
    if as_json:
        typer.echo(json_text(rows))
        return
    console = _console()
    for (name, problem), group in groupby(rows, key=lambda row: (row["source"], row["problem"])):
        items = list(group)
        console.print(f"\n{harmless(name)}: {harmless(problem)}", style="bold")
        for row in items if everything else items[:SHOWN]:
            console.print(f"  {row['quarantine_id']}  {_where(row)}  {_when(row)}")
        if len(items) > SHOWN and not everything:
            console.print(f"  … and {len(items) - SHOWN:,} more; --all shows them.")
    n_waiting = sum(row["released_at"] is None for row in rows)
    console.print(f"\n{n_waiting:,} waiting" + (f", {len(rows) - n_waiting:,} released" if released else "") + ".")
    if is_masked and rows:
        console.print("A night is running, so this is the published list: names of files are masked in it.")


@app.command("show")
def show(
    context: typer.Context,
    quarantine_id: Annotated[str, typer.Argument(help="Id of the list; its first digits are enough.")],
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """One item: where it is, what is wrong with it, since when, and what to do."""
    place = _workspace(context, workspace)
    found = one(place, quarantine_id)
    if as_json:
        typer.echo(json_text(found))
        return
    console = _console()
    for name, value in found.items():
        if value is not None:
            console.print(f"{name:14} {harmless(value)}")
    where = f"-w {shlex.quote(str(place.root))} " if place.root != Path.cwd() else ""
    console.print(f"\nMended? The next night reads a changed file by itself; `cxnlp quarantine retry {where}"
                  f"{found['quarantine_id']}` has it read again unchanged. Never to be mended: "
                  f"`cxnlp quarantine release {where}{found['quarantine_id']} --reason \"…\"`.")  # fmt: skip


@app.command("retry")
def retry(
    context: typer.Context,
    quarantine_ids: IdArgument = None,
    workspace: WorkspaceOption = Path(),
    source: SourceOption = None,
    everything: Annotated[bool, typer.Option("--all", help="All that waits.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Let the next night open these files again, though they have not changed (rights mended, a drive back)."""
    files = read_again(_workspace(context, workspace), Chosen(tuple(quarantine_ids or ()), source, everything))
    if as_json:
        typer.echo(json_text(files))
        return
    console = _console()
    for row in files:
        gone = f" (gone since {row['vanished_on']}: put it back first)" if row["vanished_on"] else ""
        console.print(f"{harmless(row['source'])}: {harmless(row['file'])}{gone}")
    console.print(f"The next night opens {len(files):,} file(s) again; items without a file it tries anyway.")


@app.command("release")
def release(
    context: typer.Context,
    quarantine_ids: IdArgument = None,
    reason: Annotated[str, typer.Option("--reason", help="Why it is not needed; masked like feedback.")] = "",
    by: Annotated[str | None, typer.Option("--by", help="Who accepts it; your user name when absent.")] = None,
    workspace: WorkspaceOption = Path(),
    source: SourceOption = None,
    everything: Annotated[bool, typer.Option("--all", help="All that waits.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Accept that items will never be read: they leave the list and stay counted, with who, when and why."""
    chosen = Chosen(tuple(quarantine_ids or ()), source, everything)
    done = let_go(_workspace(context, workspace), chosen, reason=reason, by=by or getpass.getuser())
    if as_json:
        typer.echo(json_text(done))
    else:
        _console().print(
            f"{done['n_released']:,} item(s) released: they stay counted. `cxnlp quarantine retry` takes it back."
        )


@dataclass(frozen=True)
class Chosen:
    """Which items are meant, said in exactly one way: by ids or how they begin, by their source, or all."""

    names: tuple[str, ...] = ()
    source: str | None = None
    everything: bool = False

    def ids(self, connection: "duckdb.DuckDBPyConnection", workspace: Workspace) -> list[str]:
        """Return their whole ids.

        Raises:
            CommandError: said in no way or in several, or there is no such source.
        """
        from cxnlp.warehouse import store

        if sum((bool(self.names), self.source is not None, self.everything)) != 1:
            raise CommandError("quarantine: say which items in one way. Allowed: ids, --source NAME or --all.")
        if self.names:
            return [str(store.find_quarantined(connection, name)["quarantine_id"]) for name in self.names]
        _known(workspace, self.source)
        return list(store.quarantined(connection, self.source)["quarantine_id"])


def listed(workspace: Workspace, source: str | None, *, released: bool) -> tuple[list[dict[str, Any]], bool]:
    """Return what could not be used, and whether names of files are masked in it, as while a night runs."""
    from cxnlp.warehouse import store

    _known(workspace, source)
    with _reading(workspace) as (connection, is_masked):
        return store.quarantined(connection, source, released=released).to_dicts(), is_masked


def one(workspace: Workspace, name: str) -> dict[str, Any]:
    """Return one item, and the path of its file where that is known."""
    from cxnlp.warehouse import store

    with _reading(workspace) as (connection, _):
        row = store.find_quarantined(connection, name)
    return row | {"path": _path(workspace, row)}


def read_again(workspace: Workspace, chosen: Chosen) -> list[dict[str, Any]]:
    """Let the next night open the files of these items again; return the files."""
    from cxnlp.warehouse import store
    from pipelines.alone import between_nights

    with between_nights(workspace) as connection:
        return store.retry(connection, chosen.ids(connection, workspace)).to_dicts()


def let_go(workspace: Workspace, chosen: Chosen, *, reason: str, by: str) -> dict[str, Any]:
    """Accept that these items will never be read, publish, and return how many and why.

    Raises:
        CommandError: no reason is given, or it is not said which items.
    """
    from cxnlp.feedback import mask_note
    from cxnlp.warehouse import store
    from pipelines.alone import between_nights

    if not reason.strip():
        raise CommandError("release: found no reason. Allowed: --reason with a sentence that says why.")
    with between_nights(workspace, publishes=True) as connection:
        ids = chosen.ids(connection, workspace)
        why = mask_note(reason, workspace.settings.privacy)
        n_released = store.release(connection, ids, by=by, reason=why, at=datetime.now(UTC))
        store.publish(connection, workspace.warehouse, keep=workspace.settings.night.snapshots)
    return {"n_released": n_released, "quarantine_ids": ids, "reason": why}


def _known(workspace: Workspace, source: str | None) -> None:
    names = [known.name for known in workspace.settings.sources]
    if source is not None and source not in names:
        raise CommandError(f"no source called {source!r} in cxnlp.toml; there is: {', '.join(names)}.")


def _workspace(context: typer.Context, workspace: Path) -> Workspace:
    """The workspace named after the subcommand, or before it."""
    return open_workspace(context.obj if workspace == Path() else workspace)


@contextmanager
def _reading(workspace: Workspace) -> "Iterator[tuple[duckdb.DuckDBPyConnection, bool]]":
    """Open the working database, or, while a night has it, the published one (True), which masks names of files."""
    from cxnlp.warehouse import store
    from pipelines.alone import NightRunning, between_nights

    try:
        with between_nights(workspace) as connection:
            yield connection, False
            return
    except NightRunning:
        pass
    with closing(store.open_published(workspace.database)) as connection:
        yield connection, True


def _path(workspace: Workspace, row: dict[str, Any]) -> Path | None:
    """Where the file is; None when it is not there, its source is not in cxnlp.toml, or its name is not known."""
    from cxnlp import channels

    for source in workspace.settings.sources:
        if source.name != row["source"] or source.kind == "live" or not row.get("file"):
            continue
        if (folder := workspace.folder(source)).is_dir():
            return next((file.path for file in channels.files_of(source, folder) if file.name == row["file"]), None)
    return None


def _where(row: dict[str, Any]) -> str:
    file = row["file"] if "file" in row else row["masked_file"]
    place = "(the whole source)" if file is None else harmless(file)
    return place if row["row"] is None else f"{place}, row {row['row']}"


def _when(row: dict[str, Any]) -> str:
    words = [f"since {row['since']}"]
    if row["vanished_on"]:
        words.append(f"file gone since {row['vanished_on']}")
    if row["released_at"]:
        who = f" by {harmless(row['released_by'])}" if row.get("released_by") else ""
        words.append(f"released {row['released_at']:%Y-%m-%d}{who}: {harmless(row['reason'])}")
    return ", ".join(words)


def _console() -> Console:
    return Console(highlight=False, soft_wrap=True, markup=False)
