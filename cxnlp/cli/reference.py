"""docs/api.md: the routes, the commands that may be jobs, and where in the API each command of the terminal is.

Written by ``python -m cxnlp.cli.reference docs/api.md``.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import typer.main
from fastapi import FastAPI

from cxnlp.cli import app
from cxnlp.cli.moving import MOVES
from cxnlp.cli.ordering import JOBS, commands
from cxnlp.serve import application, reference

#: Command → the route that does the same at once.
ROUTES: Final[Mapping[str, str]] = {
    "status": "GET /api/status",
    "alerts": "GET /api/alerts",
    "backlog list": "GET /api/backlog",
    "backlog show": "GET /api/backlog/{item}",
    "backlog log": "GET /api/backlog/events",
    "backlog clock": "GET /api/backlog/clock",
    "backlog explain": "GET /api/backlog/{item}/explain",
    **{f"backlog {move}": "POST /api/backlog/{item}/moves" for move in MOVES},
    "backlog export": "GET /api/backlog/export",
    "backlog import": "POST /api/backlog/import",
    "moments": "GET /api/moments",
    "moments show": "GET /api/moments/{moment}",
    "moments set": "POST /api/moments/{moment}",
    "scorecard": "GET /api/scorecard",
    "plan": "GET /api/plan",
    "page": "GET /api/page",
    "quarantine": "GET /api/quarantine",
    "quarantine show": "GET /api/quarantine/{id}",
    "quarantine retry": "POST /api/quarantine/retry",
    "quarantine release": "POST /api/quarantine/release",
    "sql": "POST /api/sql",
    "describe": "GET /api/views/{view}",
    "find": "GET /api/find",
    "why": "GET /api/why",
    "drivers": "GET /api/drivers",
    "themes list": "GET /api/themes",
    "themes show": "GET /api/themes/{theme}",
    **{f"themes {edit}": "POST /api/themes/{theme}/edits" for edit in ("rename", "merge", "pin", "unpin")},
    "review": "GET /api/review",
    "tag": "POST /api/tag",
}

#: Command → why nobody does it from outside.
LEFT_OUT: Final[Mapping[str, str]] = {
    "init": "makes the workspace, which must be there before it is served",
    "serve": "is the server itself",
    "mcp": "talks to the assistant that started it; `/mcp` answers others",
    "schedule": "runs until it is stopped: a job for the machine's own scheduler, or a job `run` a night",
    "secret rotate": "changes the key of every pseudonym: who holds a token of the API should not hold that",
}


def names(group: Any = None, before: Sequence[str] = ()) -> Iterator[str]:
    """Give the names of all commands of the terminal, such as "backlog list"."""
    found: Any = group or typer.main.get_command(app)
    for name, command in found.commands.items():
        own = (*before, name)
        if getattr(command, "invoke_without_command", True) or not hasattr(command, "commands"):
            yield " ".join(own)
        if hasattr(command, "commands"):
            yield from names(command, own)


def described() -> FastAPI:
    """Return an application whose routes are described and never asked."""
    live: Any = SimpleNamespace(move=lambda item, wish: {}, workspace=SimpleNamespace(jobs=Path()))
    nobody: Any = SimpleNamespace()
    made = FastAPI(title="cxnlp", description="Routes.")
    for routes in application.routers(live, nobody, commands(None, app)):
        made.include_router(routes)
    return made


def markdown() -> str:
    """Return the page."""
    lines = [reference.markdown(reference.document(described())), "## Commands that may be jobs", "",
             "| `command` | what it does | `arguments` |", "|---|---|---|"]  # fmt: skip
    for told in commands(None, app).told:
        needed = told["arguments"]["required"]
        takes = ", ".join(
            f"`{name}`" + (" (needed)" if name in needed else "") for name in told["arguments"]["properties"]
        )
        confirm = f' Needs `"confirm": "{told["command"]}"`.' if told["needs_confirm"] else ""
        lines.append(f"| `{told['command']}` | {told['says']}{confirm} | {takes} |".replace("\n", " "))
    lines += ["", "## Where each command is", "", "| `cxnlp …` | in the API |", "|---|---|"]
    for name in names():
        places = [f"`{ROUTES[name]}`"] if name in ROUTES else []
        places += [f"job `{name}`"] if name in JOBS else []
        lines.append(f"| `{name}` | {', '.join(places) or 'not there: it ' + LEFT_OUT[name]} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the page of the docs to the file that is named."""
    Path(sys.argv[1]).write_text(markdown(), "utf-8")


if __name__ == "__main__":
    main()
