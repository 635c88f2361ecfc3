"""`cxnlp notify`: tell the receivers of ``[[notify]]`` what the night changed, and what could not be told before."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from cxnlp.cli.options import JsonOption, WorkspaceOption
from cxnlp.cli.terminal import harmless, json_text
from cxnlp.settings import open_workspace

if TYPE_CHECKING:
    from cxnlp.notify import Shown

_SAID = {
    "sent": "told",
    "refused": "not told, tried again next time",
    "unclear": "perhaps told, sent again next time",
    "dropped": "given up",
}


def command(
    workspace: WorkspaceOption = Path(),
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be sent; where nothing waits, what was sent last.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Send the morning's digest and webhooks that are not sent yet; the night does so by itself at its end.

    Receivers are the [[notify]] blocks of cxnlp.toml. Ends with 1 when somebody could not be told; it waits then.
    """
    from cxnlp import notify

    place = open_workspace(workspace)
    if dry_run:
        shown = notify.look(place)
        if as_json:
            typer.echo(json_text([asdict(each) for each in shown]))
        else:
            _show(shown)
        return
    outcomes = notify.send(place)
    if as_json:
        typer.echo(json_text([asdict(outcome) for outcome in outcomes]))
    else:
        console = _console()
        for outcome in outcomes:
            console.print(f"{outcome.receiver}, {outcome.run_id}: {_SAID[outcome.result]} ({harmless(outcome.words)})")
        if not outcomes:
            named = "Everybody was told." if place.settings.notify else "cxnlp.toml names nobody: see [[notify]]."
            console.print(named)
    if any(outcome.result != "sent" for outcome in outcomes):
        raise typer.Exit(1)


def _show(shown: "list[Shown]") -> None:
    console = _console()
    for each in shown:
        sent = "waits" if each.sent_at is None else f"sent {each.sent_at:%Y-%m-%d %H:%M} UTC"
        console.print(f"── {each.receiver}, {each.run_id}, {each.id}: {sent}")
        for name, value in each.content.items():
            if name != "html":
                console.print("\n".join(map(harmless, f"{name}: {value}".split("\n"))))
        console.print()
    if not shown:
        console.print("Nothing to send: cxnlp.toml names nobody, or nothing changed.")


def _console() -> Console:
    return Console(highlight=False, soft_wrap=True, markup=False)
