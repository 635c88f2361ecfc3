"""`cxnlp backlog sync`: items to the trackers where teams work, and what people did there back."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from cxnlp.cli.backlog import published
from cxnlp.cli.deciding import owner_of
from cxnlp.cli.options import CommandError, JsonOption, WorkspaceOption
from cxnlp.cli.terminal import harmless, json_text
from cxnlp.settings import Workspace, open_workspace

if TYPE_CHECKING:
    from cxnlp.backlog.trackers import Done, Item, Wanted


def sync(
    tracker: Annotated[
        list[str] | None, typer.Option("--tracker", help="Only this [[tracker]]; may be given again.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Ask the trackers, but change nothing; show what would be sent.")
    ] = False,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """Make and update issues in Jira, GitHub, GitLab or Linear, and take over what people did with them.

    Ends with 1 when something could not be done; the next sync goes on.
    """
    from cxnlp.backlog import trackers

    place = open_workspace(workspace)
    known = [settings.name for settings in place.settings.trackers]
    if not known:
        raise CommandError("backlog sync: cxnlp.toml names no [[tracker]]. docs/trackers.md shows one for each kind.")
    if unknown := sorted(set(tracker or []) - set(known)):
        raise CommandError(f"--tracker {', '.join(unknown)}: no such tracker. Allowed: {', '.join(known)}.")
    if not dry_run:
        _catch_up(place)
    done = trackers.sync(
        place, tracker or known, lambda: _items(place), lambda groups: _decide(place, groups), is_dry=dry_run
    )
    if as_json:
        typer.echo(json_text([_plain(each) for each in done]))
    else:
        _show(done, is_dry=dry_run)
    if any(each.is_failure for each in done):
        raise typer.Exit(1)


def _catch_up(workspace: Workspace) -> None:
    """Publish moves that a killed command made and did not publish: a tracker would be told of how it was before."""
    import duckdb

    from cxnlp.backlog import moves
    from cxnlp.warehouse import store
    from pipelines.alone import between_nights

    made = moves.read(workspace)
    with published(workspace) as connection:
        try:
            if not moves.pending(connection, made):
                return
        except (duckdb.CatalogException, duckdb.BinderException):
            return  # an older cxnlp published it, which `_items` says
    with between_nights(workspace, publishes=True, decides=True) as connection:
        moves.apply(connection, made)
        store.publish(connection, workspace.warehouse, keep=workspace.settings.night.snapshots)


def _items(workspace: Workspace) -> "Sequence[Item]":
    from cxnlp.backlog import trackers

    with published(workspace) as connection:
        return trackers.read_items(connection)


def _decide(workspace: Workspace, groups: "Sequence[Sequence[Wanted]]") -> list[str | None]:
    """Make each item's moves, all or none, and publish; return why not. What goes wrong with one stops no other."""
    from pydantic import ValidationError

    from cxnlp.answers.backlog import found
    from cxnlp.answers.wrong import WrongQuestion
    from cxnlp.backlog import moves
    from cxnlp.warehouse import store
    from pipelines.alone import between_nights

    refusals: list[str | None] = []
    with between_nights(workspace, publishes=True, decides=True) as connection:
        for group in groups:
            try:
                row = found(connection, group[0].item_id)
                moves.make_all(workspace, connection, [_move(wanted, row) for wanted in group])
                refusals.append(None)
            except (WrongQuestion, moves.MoveRefused) as refused:
                refusals.append(str(refused))
            except ValidationError as error:
                refusals.append("; ".join(each["msg"] for each in error.errors()) + ".")
        store.publish(connection, workspace.warehouse, keep=workspace.settings.night.snapshots)
    return refusals


def _move(wanted: "Wanted", row: dict[str, Any]) -> Any:
    """The move as the journal keeps it; who accepts leaves it with its owner so far, else with the suggested one."""
    from cxnlp.backlog import moves

    said = {"at": wanted.at, "item_id": wanted.item_id, "move": wanted.move, "by": wanted.by, "on": wanted.on}
    return moves.Move.model_validate(said | {"note": wanted.note, "owner": owner_of(wanted.move, row, wanted.owner)})


def _plain(done: "Done") -> dict[str, Any]:
    request = done.request.shown() if done.request else None
    return {"tracker": done.tracker, "item_id": done.item_id, "key": done.key, "what": done.what, "words": done.words,
            "request": request}  # fmt: skip


def _show(done: "Sequence[Done]", *, is_dry: bool) -> None:
    console = Console(highlight=False, soft_wrap=True, markup=False)
    for each in done:
        about = " ".join(filter(None, (each.tracker, each.item_id, each.key)))
        console.print(harmless(f"{about}  {each.what}{f': {each.words}' if each.words else ''}"))
        if each.request:
            console.print(harmless(f"    {each.request.method} {each.request.url}"))
            console.print(f"    {json_text(each.request.json)}")
    n_failures = sum(each.is_failure for each in done)
    ending = " Nothing was sent or stored." if is_dry else ""
    console.print(
        f"{len(done):,} thing(s), {n_failures:,} to look at.{ending}" if done else f"All is up to date.{ending}"
    )
