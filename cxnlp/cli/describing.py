"""`cxnlp describe`: what is in the warehouse and what every column means."""

from pathlib import Path
from typing import Annotated, Final

import typer

from cxnlp.cli.options import CommandError, JsonOption, WorkspaceOption
from cxnlp.cli.rows import screen, show
from cxnlp.cli.terminal import json_text
from cxnlp.settings import open_workspace

_PAGES: Final = (".html", ".md")


def command(
    name: Annotated[str | None, typer.Argument(help="A view or table; all of them when left out.")] = None,
    workspace: WorkspaceOption = Path(),
    to: Annotated[Path | None, typer.Option(help="Write all of it to a file: .html (a page) or .md.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Say what views and tables there are, and what their columns mean; as a page or as Markdown with --to."""
    from cxnlp.warehouse import reading

    if to is not None and (to.suffix not in _PAGES or name is not None or as_json):
        raise CommandError("--to writes all of it to a file that ends in .html or .md; leave out NAME and --json.")
    place = open_workspace(workspace)
    with reading.open_published(place.database) as connection:
        if to is not None:
            from cxnlp.backlog import write_whole
            from cxnlp.report import dictionary as page
            from cxnlp.warehouse import dictionary

            found = dictionary.read(connection)
            if to.suffix == ".html":
                snapshot = place.database.resolve().name
                text = page.render(found, company=place.settings.company, snapshot=snapshot)
            else:
                labels = dictionary.markdown_of_labels(found)
                text = f"# What is in the warehouse\n\n{dictionary.markdown(found)}\n{labels}"
            write_whole(to, text.encode("utf-8", "replace"))
            screen().print(f"Written: {to}", markup=False, highlight=False)
            return
        rows = reading.relations(connection) if name is None else reading.columns_of(connection, name)
    if as_json:
        typer.echo(json_text(rows.to_dicts()))
    else:
        show(rows)
