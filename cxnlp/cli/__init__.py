"""The command line: a person's way in. Every command is a small function; `main` turns its errors into sentences."""

import sys

import typer
from rich.console import Console

from cxnlp.cli import check, init, night, query, recognise, tagging
from cxnlp.errors import CxnlpError

GUIDE = """Reads letters, call notes and social posts overnight and tells, in numbers and quotes,
how your company's moments of truth feel to customers. Everything stays on this machine.

[bold]First steps[/bold]

1. [cyan]cxnlp init my-workspace[/cyan]   makes a folder with a commented cxnlp.toml: name your folders there
2. [cyan]cxnlp check[/cyan]               says whether the night will work, and how to mend what won't
3. [cyan]cxnlp run --dry-run[/cyan]       reads and tags, stores nothing, shows what was masked
4. [cyan]cxnlp run[/cyan]                 the night: page.html, backlog.csv and warehouse/cx.duckdb
5. [cyan]cxnlp schedule[/cyan]            every night from now on
"""

app = typer.Typer(
    help=GUIDE,
    rich_markup_mode="rich",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)

NIGHT, MORNING, TOOLS = "The night", "The morning", "Tools"

app.command("init", rich_help_panel=NIGHT)(init.command)
app.command("check", rich_help_panel=NIGHT)(check.command)
app.command("run", rich_help_panel=NIGHT)(night.run)
app.command("schedule", rich_help_panel=NIGHT)(night.schedule)
app.command("status", rich_help_panel=MORNING)(query.status)
app.command("sql", rich_help_panel=MORNING)(query.sql)
app.command("recognise", rich_help_panel=MORNING)(recognise.command)
app.command("tag", rich_help_panel=TOOLS)(tagging.command)


def main() -> None:
    """Run the command line; expected errors are one paragraph on stderr and an exit code of their own."""
    try:
        app()
    except CxnlpError as error:
        Console(stderr=True, soft_wrap=True, highlight=False).print(f"cxnlp: {error}", style="red", markup=False)
        sys.exit(error.exit_code)
