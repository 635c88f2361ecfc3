"""The command line: a person's way in. Every command is a small function; `main` turns its errors into sentences."""

import os
import sys
import traceback

import typer
from rich.console import Console

from cxnlp.cli import (
    alerts,
    backlog,
    backlog_explain,
    backlog_sheet,
    check,
    describing,
    drivers,
    evaluating,
    finding,
    init,
    moments,
    moving,
    night,
    notifying,
    planning,
    printing,
    privacy,
    quarantine,
    query,
    recognise,
    review,
    scorecard,
    serving,
    tagging,
    teaching,
    themes,
    tracking,
    why,
)
from cxnlp.cli.terminal import harmless
from cxnlp.errors import CxnlpError, is_disk_full

GUIDE = """Reads letters, call notes and social posts overnight and tells, in numbers and quotes,
how your company's moments of truth feel to customers. Everything stays on this machine.

[bold]First steps[/bold]

1. [cyan]cxnlp init my-workspace[/cyan]   makes a folder with a commented cxnlp.toml: name your folders there
2. [cyan]cxnlp check[/cyan]               says whether the night will work, and how to mend what won't
3. [cyan]cxnlp run --dry-run[/cyan]       reads and tags, stores nothing, shows what was masked
4. [cyan]cxnlp run[/cyan]                 the night: page.html, backlog.csv and warehouse/cx.duckdb
5. [cyan]cxnlp schedule[/cyan]            every night from now on

[bold]In the morning[/bold]

[cyan]cxnlp moments[/cyan]    the fifteen numbers of every moment of truth, targets met and missed
[cyan]cxnlp backlog[/cyan]    what to work on; accept, ship, decline … and how many days it took
[cyan]cxnlp plan[/cyan]       the action plan along the journey, as a page and a workbook
[cyan]cxnlp alerts[/cyan]     dangers, and what rises beyond season, weekday and volume
[cyan]cxnlp why[/cyan]        splits the change of a number; [cyan]cxnlp drivers[/cyan] says what moves ratings
[cyan]cxnlp find[/cyan]       quotes by their words and their meaning; [cyan]cxnlp themes[/cyan] what people talk about
[cyan]cxnlp serve[/cyan]      all of this in a browser, as JSON, and for assistants
[cyan]cxnlp sql[/cyan]        everything else, from views that `cxnlp describe` explains

[bold]Make it better[/bold]

[cyan]cxnlp review[/cyan]   shows the mentions most worth a look; your answers count from the next night on
[cyan]cxnlp teach[/cyan]    a label of your own, from about twenty examples
[cyan]cxnlp train[/cyan]    heads that learn from all answers; a worse model is never promoted
"""

app = typer.Typer(
    help=GUIDE,
    rich_markup_mode="rich",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)

NIGHT, MORNING, TEACHING, PRIVACY, TOOLS = "The night", "The morning", "Teaching", "Privacy", "Tools"

app.command("init", rich_help_panel=NIGHT)(init.command)
app.command("check", rich_help_panel=NIGHT)(check.command)
app.command("run", rich_help_panel=NIGHT)(night.run)
app.command("retag", rich_help_panel=NIGHT)(night.retag)
app.command("schedule", rich_help_panel=NIGHT)(night.schedule)
app.command("notify", rich_help_panel=NIGHT)(notifying.command)
app.command("status", rich_help_panel=MORNING)(query.status)
app.command("alerts", rich_help_panel=MORNING)(alerts.command)
for name, move in moving.MOVES.items():
    backlog.app.command(name)(move)
backlog.app.command("explain")(backlog_explain.explain_item)
backlog.app.command("sync")(tracking.sync)
backlog.app.command("export")(backlog_sheet.export)
backlog.app.command("import")(backlog_sheet.import_)
app.add_typer(backlog.app, name="backlog", rich_help_panel=MORNING)
app.add_typer(moments.app, name="moments", rich_help_panel=MORNING)
app.command("scorecard", rich_help_panel=MORNING)(scorecard.command)
app.command("plan", rich_help_panel=MORNING)(planning.command)
app.command("page", rich_help_panel=MORNING)(printing.command)
app.command("serve", rich_help_panel=MORNING)(serving.serve)
app.command("mcp", rich_help_panel=MORNING)(serving.mcp)
app.add_typer(quarantine.app, name="quarantine", rich_help_panel=MORNING)
app.command("sql", rich_help_panel=MORNING)(query.sql)
app.command("describe", rich_help_panel=MORNING)(describing.command)
app.command("find", rich_help_panel=MORNING)(finding.command)
app.command("why", rich_help_panel=MORNING)(why.command)
app.command("drivers", rich_help_panel=MORNING)(drivers.command)
app.add_typer(themes.app, name="themes", rich_help_panel=MORNING)
app.command("review", rich_help_panel=TEACHING)(review.command)
app.command("teach", rich_help_panel=TEACHING)(teaching.teach)
app.command("train", rich_help_panel=TEACHING)(teaching.train)
app.command("recognise", rich_help_panel=MORNING)(recognise.command)
app.command("forget", rich_help_panel=PRIVACY)(privacy.forget)
app.command("export", rich_help_panel=PRIVACY)(privacy.export)
app.add_typer(privacy.secret, name="secret", rich_help_panel=PRIVACY)
app.command("tag", rich_help_panel=TOOLS)(tagging.command)
app.command("evaluate", rich_help_panel=TOOLS)(evaluating.command)


def main() -> None:
    """Run the command line; an error is one paragraph on stderr and an exit code, not a traceback."""
    try:
        app()
    except CxnlpError as error:
        _say(str(error))
        sys.exit(error.exit_code)
    except Exception as error:
        if os.environ.get("CXNLP_DEBUG"):
            raise
        _say(_without_words(error))
        sys.exit(1)


def _say(words: str) -> None:
    Console(stderr=True, soft_wrap=True, highlight=False).print(f"cxnlp: {_lines(words)}", style="red", markup=False)


def _lines(words: str) -> str:
    return "\n".join(map(harmless, words.split("\n")))


def _without_words(error: Exception) -> str:
    """What went wrong and where; a message of a library may hold what a customer wrote, so it is left out."""
    if is_disk_full(error):
        return "the disk is full. What was published is whole. Make room, then run again."
    place = traceback.extract_tb(error.__traceback__)[-1]
    known = isinstance(error, OSError) and error.strerror
    what = f"{error.strerror} ({error.filename})" if isinstance(error, OSError) and known else type(error).__name__
    return f"{what}, in {place.name}. CXNLP_DEBUG=1 shows the whole error (it may hold customers' words)."
