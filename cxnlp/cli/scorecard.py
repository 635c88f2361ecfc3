"""`cxnlp scorecard`: what feedback can say about the twelve statements of the service experience scorecard."""

from itertools import groupby
from pathlib import Path
from typing import Any

import typer
from rich.table import Table

from cxnlp.cli.measures import screen
from cxnlp.cli.options import JsonOption, WorkspaceOption
from cxnlp.cli.terminal import harmless, json_text
from cxnlp.settings import open_workspace


def command(workspace: WorkspaceOption = Path(), as_json: JsonOption = False) -> None:
    """Four questions, three statements each: how many people's words of the last eight weeks speak for and against.

    yes or no where chance is ruled out (95 %), else undecided; some statements feedback cannot answer.
    """
    from cxnlp.answers.moments import scorecard
    from cxnlp.warehouse import store

    place = open_workspace(workspace)
    with store.open_published(place.database) as connection:
        rows = scorecard(connection, place.settings.privacy.least_group)
    if as_json:
        typer.echo(json_text(rows))
        return
    console = screen()
    for question, statements in groupby(rows, key=lambda row: str(row["question"])):
        table = Table("statement", "answer", "balance", "for", "against", "trend", title=question, title_justify="left")
        for row in statements:
            table.add_row(*map(harmless, _cells(row)))
        console.print(table)


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    if row["cannot_tell"]:
        return row["words"], "feedback cannot tell", row["cannot_tell"], "", "", ""
    if row["is_hidden"]:
        return row["words"], "too few people", "", "", "", ""
    if not row["n_customers"]:
        return row["words"], row["answer"], "", "", "", ""
    balance = "{balance:+.0%} ({balance_low:+.0%} … {balance_high:+.0%})".format(**row)
    change = "" if row["change"] is None else f"{row['trend_word']} ({row['change']:+.0%})"
    return row["words"], row["answer"], balance, str(row["n_customers_for"]), str(row["n_customers_against"]), change
