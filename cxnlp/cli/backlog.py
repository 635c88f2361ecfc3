"""`cxnlp backlog`: what should be worked on, what became of it, and how many days that took."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.console import Console
from rich.padding import Padding

from cxnlp.cli.options import JsonOption, WorkspaceOption
from cxnlp.cli.terminal import harmless, json_text
from cxnlp.settings import Workspace, open_workspace

if TYPE_CHECKING:
    import duckdb

GUIDE = """What customers want mended, the most urgent first, and what becomes of it.

An item opens as [bold]new[/bold] in the night in which enough people have said so. From then on it is yours:

1. [cyan]cxnlp backlog list[/cyan]                         what waits, for whom, since when
2. [cyan]cxnlp backlog show 3f2a[/cyan]                    one item: numbers, quotes, what happened to it
3. [cyan]cxnlp backlog accept 3f2a --owner Ops --due 2026-12-01[/cyan]
4. [cyan]cxnlp backlog start 3f2a[/cyan], then [cyan]cxnlp backlog ship 3f2a --what "Smaller boxes"[/cyan]
5. the nights say whether it helped; then [cyan]cxnlp backlog close 3f2a[/cyan]

Not now: [cyan]snooze[/cyan]. Not at all: [cyan]decline[/cyan]. Back again: [cyan]reopen[/cyan]. No night takes back
what you decide; an item comes back by itself only as docs/backlog.md says. The first digits of an id are enough, and a
command takes several ids at once.
"""

app = typer.Typer(
    short_help="What to work on, and its life: accept, start, ship, decline, snooze, close; its clock.",
    help=GUIDE,
    rich_markup_mode="rich",
    no_args_is_help=True,
)

_INDENT: Final = 20  # behind id and priority

ItemArgument = Annotated[str, typer.Argument(help="Id of the item; its first digits are enough.", show_default=False)]


@app.command("list")
def list_items(
    states: Annotated[
        list[str] | None, typer.Option("--state", help="Only in this state, such as new; may be given again.")
    ] = None,
    owner: Annotated[str | None, typer.Option("--owner", help="Only this owner's; a part of the name will do.")] = None,
    overdue: Annotated[
        bool, typer.Option("--overdue", help="Only what should be accepted or shipped by now and is not.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Also snoozed, quiet, declined, closed and merged items.")
    ] = False,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """What to work on, the most urgent first: what customers report, state and its days, people, owner, due day."""
    from cxnlp.answers import backlog
    from cxnlp.backlog.states import shown

    asked = backlog.states_of(states or [], everything=everything)
    with published(open_workspace(workspace)) as connection:
        rows = backlog.items(connection, 1, states=asked, owner=owner, overdue=overdue)
    if as_json:
        typer.echo(json_text(rows))
        return
    console = Console(highlight=False, soft_wrap=True, markup=False)
    for row in rows:
        due = f", due {row['due_on']}" if row["due_on"] else ""
        late = ", OVERDUE" if row["is_overdue"] else ""
        who = row["assigned_to"] or (f"{row['owner']}?" if row["owner"] else "nobody")
        days = "" if row["days_in_state"] is None else f" for {row['days_in_state']} days"
        console.print(f"{row['item_id']}  {row['priority'] or 0:3.0f}  {harmless(row['title'])}")
        if row["sentence"]:
            console.print(Padding(harmless(row["sentence"]), (0, 0, 0, _INDENT)), soft_wrap=False)
        console.print(f"{'':{_INDENT}}{shown(row['state'])}{days}, {row['n_customers'] or 0:,} people, "
                      f"{harmless(who)}{due}{late}", style="dim")  # fmt: skip
    console.print(f"\n{len(rows):,} item(s). `cxnlp backlog show ID` has the quotes; an owner with ? is a suggestion.")


@app.command("show")
def show(item: ItemArgument, workspace: WorkspaceOption = Path(), as_json: JsonOption = False) -> None:
    """One item: numbers, quotes, clock, whether its fix helped, its issues, what happened, and what may be done."""
    from cxnlp.answers import backlog
    from cxnlp.backlog import read, trackers
    from cxnlp.cli import backlog_item

    place = open_workspace(workspace)
    with published(place) as connection:
        about = backlog.item(connection, item, 1)
        (row,) = read(connection).filter(item_id=about["item_id"]).to_dicts()
        quotes = backlog.chosen(connection, about)
    about["issues"] = trackers.issues_of(place, about["item_id"])
    if as_json:
        typer.echo(json_text(about))
        return
    console = Console(highlight=False, soft_wrap=True, markup=False)
    backlog_item.tell(console, row, about["clock"], quotes, place.settings.backlog.currency or "")
    for issue in about["issues"]:
        backlog_item.tell_issue(console, issue)
    console.print("\nWhat happened:")
    _tell(console, about["events"])
    console.print(f"\nAllowed now: {', '.join(about['allowed'])}.")


@app.command("log")
def log(
    item: Annotated[str | None, typer.Argument(help="Id of an item; all of them when absent.")] = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """What happened, night or person, the oldest first."""
    from cxnlp.answers import backlog

    with published(open_workspace(workspace)) as connection:
        events = backlog.events(connection, 1, item)
    if as_json:
        typer.echo(json_text(events))
    else:
        _tell(Console(highlight=False, soft_wrap=True, markup=False), events)


@app.command("clock")
def clock(
    items: Annotated[bool, typer.Option("--items", help="Each item's days instead; --json has more.")] = False,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """Days from the first word to an item, to acceptance, to the fix, to proof; and how often that is in time.

    The targets stand under `[backlog]` in cxnlp.toml. What waits and is late already counts as late.
    """
    from cxnlp.cli import backlog_item
    from cxnlp.cli import rows as table

    view = "backlog_clock" if items else "backlog_clock_summary"
    with published(open_workspace(workspace)) as connection:
        rows = connection.execute(f"FROM {view}").pl()
    if as_json:
        typer.echo(json_text(rows.to_dicts()))
    elif items:
        table.screen().print(backlog_item.clocks(rows.to_dicts()))
    else:
        table.show(rows.drop("position"))


def published(workspace: Workspace) -> "duckdb.DuckDBPyConnection":
    """Open what the last night, or the last move, has published."""
    from cxnlp.warehouse import store

    return store.open_published(workspace.database)


def _tell(console: Console, events: list[dict[str, Any]]) -> None:
    for row in events:
        console.print(f"  {row['happened_on']}  {row['item_id']} {row['event'].replace('_', ' ')}{_details(row)}")


def _details(row: dict[str, Any]) -> str:
    said = [f"by {row['by']}"] if row["by"] != "night" else []
    told = _WORDED if row["by"] != "night" or row["event"] == "merged" else _FOUND
    said += [f"{words} {row[name]}" for name, words in told.items() if row[name] is not None]
    return harmless(f" ({', '.join(said)})") if said else ""


_WORDED = {
    "owner": "owner", "due_on": "due", "shipped_on": "since", "shipped_where": "where", "snoozed_until": "until",
    "other_id": "with", "n_customers": "people:", "note": "note:",
}  # fmt: skip

#: What a night tells of; what people decided is none of its news, but where an item takes it over from another.
_FOUND = {name: _WORDED[name] for name in ("other_id", "n_customers", "note")}
