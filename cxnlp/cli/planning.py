"""`cxnlp plan`: the action plan along the ABACUS stages, as a page and a workbook."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cxnlp.cli.options import CommandError, JsonOption, WorkspaceOption
from cxnlp.cli.terminal import harmless, json_text
from cxnlp.settings import open_workspace


def command(
    to: Annotated[
        Path | None, typer.Option("--to", help="Folder for plan.html and plan.xlsx; the workspace when left out.")
    ] = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """Write the action plan: per stage what is critical, what works, what to fix, owner, due day, measure and target.

    It is made of the backlog and the diagnostics of the last night: plan.html to read and print, plan.xlsx to work in.
    With --json it is written to the screen, and no file.
    """
    from cxnlp import copies
    from cxnlp.backlog import write_whole
    from cxnlp.report import plan as planning
    from cxnlp.warehouse import store

    place = open_workspace(workspace)
    folder = to or place.root
    if not folder.is_dir():
        raise CommandError(f"--to: {folder} is no folder. Make it, or name another.")
    with store.open_published(place.database) as connection:
        plan = planning.read(connection, place.settings.privacy.least_group)
    if as_json:
        typer.echo(json_text(asdict(plan)))
        return
    files = {
        folder / "plan.html": planning.render(plan, company=place.settings.company).encode(),
        folder / "plan.xlsx": planning.workbook(plan),
    }
    for path, content in files.items():
        write_whole(path, content)
    if to is not None:  # an erasure removes those in the workspace
        copies.note(place, *files)
    console = Console(highlight=False)
    console.print(f"{plan.n_actions} items over {len(plan.stages) - 1} stages.")
    for path in files:
        console.print(f"Written: {harmless(str(path))}", markup=False, soft_wrap=True)
