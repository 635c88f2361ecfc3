"""`cxnlp drivers`: what moves ratings, champions and leaving customers."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cxnlp.cli.options import JsonOption, WorkspaceOption
from cxnlp.cli.terminal import harmless, json_text
from cxnlp.settings import open_workspace

if TYPE_CHECKING:
    import polars as pl

OUTCOMES = {
    "rating": "Rating, in points from 0 (lowest of its source) to 100 (highest)",
    "champion": "Champions, in points per hundred texts: more is better",
    "churn": "Leaving customers, in points per hundred texts: less is better",
}


def command(
    outcome: Annotated[str | None, typer.Argument(help="rating, champion or churn.", show_default="all three")] = None,
    every: Annotated[bool, typer.Option("--all", help="Also what may well move nothing.")] = False,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """Which moments and soft qualities move ratings, champions and leaving customers.

    "effect" is what a good word about it goes with, compared to silence, all others being equal (a bad word: the
    reverse). "if average" is what would change if it were felt as moments (or soft qualities) are on average: the
    points that mending it could bring. Ranges are 95 % intervals. docs/drivers.md says how both are computed.
    """
    from cxnlp.answers.drivers import drivers, outcomes_known
    from cxnlp.warehouse import store

    with store.open_published(open_workspace(workspace).database) as connection:
        rows, known = drivers(connection, outcome, every=every), outcomes_known(connection)
    if as_json:
        typer.echo(json_text(rows.to_dicts()))
        return
    for name in [outcome] if outcome else OUTCOMES:
        _show(name, rows.filter(rows["outcome"] == name), is_known=name in known)


def _show(outcome: str, rows: "pl.DataFrame", *, is_known: bool) -> None:
    console = Console()
    if rows.is_empty():
        why = ("nothing surely moves it; --all shows everything that was tried." if is_known else
               "not enough people gave one, or gave the same; docs/drivers.md says how many it takes.")  # fmt: skip
        console.print(f"{OUTCOMES[outcome]}: {why}\n")
        return
    table = Table("", "people", "feeling", "effect", "explains", "if average", title=OUTCOMES[outcome],
                  title_justify="left")  # fmt: skip
    for row in rows.iter_rows(named=True):
        table.add_row(
            escape(harmless(row["name"] or row["label"])), f"{row['n_customers']:,}", f"{row['feeling']:+.2f}",
            _points(row, "effect"), f"{row['explained_share']:.1%}", _points(row, "impact"),
        )  # fmt: skip
    console.print(table)


def _points(row: dict[str, Any], name: str) -> str:
    return f"{row[name]:+.1f} ({row[f'{name}_low']:+.1f} … {row[f'{name}_high']:+.1f})"
