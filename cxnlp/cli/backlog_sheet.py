"""`cxnlp backlog export` and `import`: the backlog as a sheet that a team works in, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from cxnlp.cli.backlog import published
from cxnlp.cli.deciding import decide
from cxnlp.cli.options import CommandError, JsonOption, WorkspaceOption
from cxnlp.cli.terminal import harmless, json_text
from cxnlp.settings import Workspace, open_workspace

if TYPE_CHECKING:
    import duckdb

    from cxnlp.backlog.sheet_import import Conflict, Plan, Prefer
    from cxnlp.backlog.sheet_reading import Table

SheetArgument = Annotated[Path, typer.Argument(help="The sheet, .xlsx or .csv.", show_default=False)]


def export(
    file: Annotated[Path, typer.Argument(help="New file: .xlsx, .csv or .md (to read).", show_default=False)],
    everything: Annotated[bool, typer.Option("--all", help="Also snoozed, quiet, declined and closed items.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Write over a file that is there.")] = False,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """Write the backlog as a sheet to work in: yellow columns come back with `cxnlp backlog import`.

    Groups of fewer people than `privacy.least_group` have neither numbers nor quotes in it.
    """
    from cxnlp import copies

    place = open_workspace(workspace)
    n_items = write(place, file, everything=everything, is_replaced=replace)
    copies.note(place, file)
    if as_json:
        typer.echo(json_text({"file": str(file), "n_items": n_items}))
    else:
        back = "" if file.suffix.lower() == ".md" else f" Take edits back: cxnlp backlog import {file}"
        typer.echo(f"{n_items:,} item(s) in {file}.{back}")


def write(place: Workspace, file: Path, *, everything: bool = False, is_replaced: bool = False) -> int:
    """Write the published backlog to a sheet and return how many items it has.

    Raises:
        SheetError: the file is there already, or its ending is not that of a sheet.
    """
    from cxnlp import backlog
    from cxnlp.backlog import sheet
    from cxnlp.backlog.states import OPEN

    with published(place) as connection:
        rows, notes = backlog.read(connection).to_dicts(), _notes(connection)
    items = [row for row in rows if row["state"] in OPEN or (everything and row["state"] != "merged")]
    settings = place.settings
    sheet.write(file, items, notes, least_group=settings.privacy.least_group, currency=settings.backlog.currency or "",
                is_replaced=is_replaced)  # fmt: skip
    return len(items)


def import_(
    file: SheetArgument,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change; change nothing.")] = False,
    theirs: Annotated[bool, typer.Option("--theirs", help="Where both changed, the sheet wins.")] = False,
    ours: Annotated[bool, typer.Option("--ours", help="Where both changed, the row stays as it is.")] = False,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """Take a sheet back: what was changed in it becomes moves, all of them or, if a row is wrong, none.

    What somebody else changed since the export is a conflict: it is shown and left as it is. Ends with 1 then.
    """
    if theirs and ours:
        raise CommandError("backlog import: found --theirs and --ours. Allowed: one of them.")
    prefer: Prefer | None = "theirs" if theirs else "ours" if ours else None
    found = take_back(open_workspace(workspace), file, prefer, dry_run=dry_run)
    if as_json:
        typer.echo(json_text(as_dict(found, dry_run=dry_run)))
    else:
        _tell(found, dry_run)
    if found.conflicts:
        raise typer.Exit(1)


def take_back(place: Workspace, file: Path, prefer: "Prefer | None", *, dry_run: bool) -> "Plan":
    """Make the moves that a sheet says, all or none, publish, and return them with what was left alone.

    Args:
        place: whose backlog.
        file: the sheet.
        prefer: what wins where both the sheet and somebody else changed a cell; None: neither, it is a conflict.
        dry_run: change nothing.

    Raises:
        SheetError: the file cannot be read as a sheet of ours.
        MoveRefused: a row is wrong; nothing was changed.
    """
    from cxnlp.backlog import sheet_reading
    from pipelines.alone import between_nights

    table = sheet_reading.read(file)
    if dry_run:
        with published(place) as connection:
            found = _plan(place, connection, table, prefer)
    else:
        with between_nights(place, publishes=True, decides=True) as connection:
            found = _plan(place, connection, table, prefer)
            if found.moves:
                decide(place, connection, found.moves)
    return found


def _plan(place: Workspace, connection: "duckdb.DuckDBPyConnection", table: "Table", prefer: "Prefer | None") -> "Plan":
    from cxnlp import backlog
    from cxnlp.backlog import moves, sheet_import

    def as_stored(note: str) -> str:
        from cxnlp.feedback import mask_note  # loads the models' runtime, which most sheets do without

        return mask_note(note, place.settings.privacy)[: moves.LONGEST_NOTE]

    items = {row["item_id"]: row for row in backlog.read(connection).to_dicts()}
    stored = sheet_import.Stored(items, _notes(connection), as_stored)
    return sheet_import.plan(table.place, table.rows, stored, at=datetime.now(UTC), prefer=prefer)


def _notes(connection: "duckdb.DuckDBPyConnection") -> Mapping[str, Sequence[str]]:
    from cxnlp.backlog.events import sql

    notes: dict[str, list[str]] = {}
    for item_id, note in connection.execute(sql("notes")).fetchall():
        notes.setdefault(item_id, []).append(note)
    return notes


def as_dict(found: "Plan", *, dry_run: bool) -> dict[str, Any]:
    """Return what became of a sheet, for machines."""
    moves = [move.model_dump(mode="json", exclude_none=True, exclude={"mentions"}) for move in found.moves]
    return {"moves": moves, "conflicts": [asdict(conflict) for conflict in found.conflicts], "n_rows": found.n_rows,
            "n_unchanged": found.n_unchanged, "dry_run": dry_run}  # fmt: skip


def _tell(found: "Plan", dry_run: bool) -> None:
    console = Console(highlight=False, soft_wrap=True, markup=False)
    for move in found.moves:
        said = {"owner": move.owner, "due": move.due_on, "on": move.on, "note": move.note}
        words = ", ".join(f"{name} {value}" for name, value in said.items() if value is not None)
        console.print(harmless(f"{move.item_id}  {move.move}{f' ({words})' if words else ''}"))
    for conflict in found.conflicts:
        console.print(harmless(_said(conflict)), style="yellow")
    would = "would be made" if dry_run else "made"
    left = f", {len(found.conflicts):,} conflict(s) left alone (--theirs or --ours settles them)"
    console.print(f"{found.n_rows:,} row(s): {len(found.moves):,} move(s) {would}, {found.n_unchanged:,} row(s) say "
                  f"nothing new{left if found.conflicts else ''}.")  # fmt: skip


def _said(conflict: "Conflict") -> str:
    old, new, now = (value or "nothing" for value in (conflict.exported, conflict.in_sheet, conflict.now))
    was = f"was {old}, " if conflict.exported else ""
    return (
        f"row {conflict.row}, {conflict.item_id}, {conflict.column}: {was}the sheet says {new}, the backlog says {now}"
    )
