"""`cxnlp backlog explain`: the sum behind an item's priority, and what its numbers take for granted."""

from pathlib import Path
from typing import Final

import typer
from rich.console import Console
from rich.table import Table

from cxnlp.cli.backlog import ItemArgument, published
from cxnlp.cli.options import JsonOption, WorkspaceOption
from cxnlp.cli.terminal import harmless, json_text
from cxnlp.settings import Backlog, open_workspace

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
    from cxnlp.answers import backlog

    place = open_workspace(workspace)
    with published(place) as connection:
        about = backlog.explained(connection, item, place.settings.backlog, 1)
    if as_json:
        typer.echo(json_text(about))
        return
    console = Console(highlight=False, soft_wrap=True, markup=False)
    console.print(f"{about['item_id']}  {harmless(about['title'])}", style="bold")
    if about["sentence"]:
        console.print(harmless(about["sentence"]))
    table = Table("Part", "What it is", box=None, pad_edge=False)
    for header in ("Value", "Weight", "Points"):
        table.add_column(header, justify="right")
    for part in about["parts"]:
        weight = f"{part['weight']:.3f}" if part["weight"] else ""
        table.add_row(part["part"], _PARTS[part["part"]], f"{part['value']:.3f}", weight, f"{part['points']:.2f}")
    table.add_row("priority", "", "", "", f"{about['priority']:.2f}", style="bold")
    console.print(table)
    for line in about["assumptions"]:
        console.print(f"• {line}")
    if about["priority"] != about["priority_of_last_night"]:
        console.print(f"Last night's priority is {about['priority_of_last_night']:.2f}: cxnlp.toml has changed since.")
    _say_what_is_missing(console, place.settings.backlog)


def _say_what_is_missing(console: Console, settings: Backlog) -> None:
    missing = [name for name in ("value_per_customer", "cost_per_contact") if getattr(settings, name) is None]
    if missing:
        console.print(f"Left out, as [backlog] of cxnlp.toml gives no {' and no '.join(missing)}.")
