"""`cxnlp recognise`: for those who hold the secret and a staff list, who a pseudonym is."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cxnlp.cli.options import CommandError, JsonOption, WorkspaceOption
from cxnlp.cli.terminal import json_text
from cxnlp.settings import open_workspace


def command(
    names: Annotated[Path, typer.Argument(help="Text file with one employee's name a line.")],
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """Say which pseudonym each name of a staff list has, so that champions can be thanked.

    Keys of whom `cxnlp forget --employee` has forgotten are left out.
    """
    import polars as pl

    from cxnlp import privacy
    from cxnlp.feedback import recognise

    if not names.is_file():
        raise CommandError(f"{names}: not found. Give a text file with one name a line.")
    lines = [line.strip() for line in names.read_text("utf-8").splitlines() if line.strip()]
    place = open_workspace(workspace)
    keys = recognise(lines, secret=place.secret())
    keys = keys.filter(~pl.col("employee_key").is_in(list(privacy.tombstones_of(place).employees)))
    if as_json:
        typer.echo(json_text(keys.to_dicts()))
        return
    table = Table("name", "employee_key")
    for row in keys.iter_rows():
        table.add_row(*row)
    Console().print(table)
