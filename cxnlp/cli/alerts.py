"""`cxnlp alerts`: what rose last night beyond season, weekday and volume, and every danger that was spoken of."""

from contextlib import closing
from pathlib import Path

import typer
from rich.console import Console

from cxnlp.cli.morning import alert_line
from cxnlp.cli.options import JsonOption, WorkspaceOption
from cxnlp.cli.terminal import harmless, json_text
from cxnlp.settings import open_workspace


def command(workspace: WorkspaceOption = Path(), as_json: JsonOption = False) -> None:
    """Open early warnings: dangers first, then what rises, each with quotes and the department that answers for it."""
    from cxnlp.answers.alerts import open_alerts
    from cxnlp.warehouse import store

    with closing(store.open_published(open_workspace(workspace).database)) as connection:
        rows = open_alerts(connection, least_group=1)
    if as_json:
        typer.echo(json_text(rows))
        return
    console = Console(highlight=False, soft_wrap=True, markup=False)
    for row in rows:
        console.print(f"\n{alert_line(row)}", style="bold")
        item = f"  in the backlog: {row['item_id']}" if row.get("item_id") else ""
        console.print(f"  {row['alert_id']}  {harmless(row['owner'] or 'no owner')}{item}")
        for quote in (row["quote_1"], row["quote_2"], row["quote_3"]):
            if quote is not None:
                console.print(f"  “{harmless(quote)}”")
    console.print(f"\n{len(rows):,} open." if rows else "No early warning is open.")
