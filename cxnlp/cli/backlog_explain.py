"""`cxnlp backlog explain`: the sum behind an item's priority, and what its numbers take for granted."""

from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from cxnlp.cli.options import CommandError, JsonOption, WorkspaceOption
from cxnlp.cli.terminal import harmless, json_text
from cxnlp.settings import Backlog, open_workspace

ItemArgument = Annotated[str, typer.Argument(help="Id of the item; its first digits are enough.", show_default=False)]

_FIND: Final = """
SELECT * FROM backlog
WHERE starts_with(item_id, $1) OR starts_with(item_id, 'cx-' || $1)
ORDER BY item_id
"""
#: Part of the priority → what it is.
_PARTS: Final = {
    "reach": "how many speak of it",
    "severity": "how bad it is for them",
    "direction": "which way it goes",
    "service": "net sentiment to gain",
    "revenue": "revenue at risk",
    "contacts": "letters and calls about it",
    "danger": "raised to 90: a danger",
}


def explain_item(item: ItemArgument, workspace: WorkspaceOption = Path(), as_json: JsonOption = False) -> None:
    """Show what an item's priority is the sum of, with the weights of cxnlp.toml as they are now."""
    from cxnlp.backlog import assumptions, explain, total

    place = open_workspace(workspace)
    row = _item(place.database, item)
    parts = explain(row, place.settings.backlog)
    told = assumptions(row, place.settings.backlog)
    if as_json:
        about = {name: row[name] for name in ("item_id", "title", "sentence", "state")}
        sums = {"priority": total(parts), "priority_of_last_night": row["priority"]}
        typer.echo(json_text(about | sums | {"parts": [part._asdict() for part in parts], "assumptions": told}))
        return
    console = Console(highlight=False, soft_wrap=True, markup=False)
    console.print(f"{row['item_id']}  {harmless(row['title'])}", style="bold")
    if row["sentence"]:
        console.print(harmless(row["sentence"]))
    table = Table("Part", "What it is", box=None, pad_edge=False)
    for header in ("Value", "Weight", "Points"):
        table.add_column(header, justify="right")
    for part in parts:
        weight = f"{part.weight:.3f}" if part.weight else ""
        table.add_row(part.part, _PARTS[part.part], f"{part.value:.3f}", weight, f"{part.points:.2f}")
    table.add_row("priority", "", "", "", f"{total(parts):.2f}", style="bold")
    console.print(table)
    for line in told:
        console.print(f"• {line}")
    if total(parts) != row["priority"]:
        console.print(f"Last night's priority is {row['priority']:.2f}: cxnlp.toml has changed since.")
    _say_what_is_missing(console, place.settings.backlog)


def _say_what_is_missing(console: Console, settings: Backlog) -> None:
    missing = [name for name in ("value_per_customer", "cost_per_contact") if getattr(settings, name) is None]
    if missing:
        console.print(f"Left out, as [backlog] of cxnlp.toml gives no {' and no '.join(missing)}.")


def _item(database: Path, name: str) -> dict[str, Any]:
    from cxnlp.warehouse import store

    with store.open_published(database) as connection:
        rows = connection.execute(_FIND, [name]).pl().to_dicts()
    if len(rows) > 1 and (exact := [row for row in rows if row["item_id"] == name]):
        rows = exact
    if not rows:
        raise CommandError(f"item {name!r}: not found. backlog.csv has the ids of all.")
    if len(rows) > 1:
        raise CommandError(f"item {name!r}: found {len(rows)} that begin so. Write more of it: "
                           f"{rows[0]['item_id']}, {rows[1]['item_id']} …")  # fmt: skip
    if rows[0]["reach"] is None:
        raise CommandError(f"item {rows[0]['item_id']}: found no parts of its priority; it was computed by an older "
                           "cxnlp. The next night in which it qualifies computes them.")  # fmt: skip
    return rows[0]
