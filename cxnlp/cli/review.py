"""`cxnlp review`: people judge mentions, on the screen or in a sheet, and their word stands."""

import getpass
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from cxnlp.cli.options import CommandError, JsonOption, WorkspaceOption
from cxnlp.cli.terminal import json_text
from cxnlp.settings import Workspace, open_workspace

if TYPE_CHECKING:
    from cxnlp.teaching.queue import Queue

NEXT = "They count from the next `cxnlp run` on: run it now, or wait for the night."


def command(
    workspace: WorkspaceOption = Path(),
    to: Annotated[Path | None, typer.Option(help="Write a sheet to fill in (.xlsx or .csv), no screen.")] = None,
    import_: Annotated[Path | None, typer.Option("--import", help="Take a filled-in sheet back.")] = None,
    n: Annotated[int, typer.Option("--n", min=1, max=2_000, help="Mentions a batch.")] = 60,
    random_share: Annotated[
        float, typer.Option(min=0, max=1, help="Part of them that is drawn at random, for honest error estimates.")
    ] = 0.33,
    reviewer: Annotated[
        str | None, typer.Option(help="Who answers; kept as a pseudonym.", show_default="login")
    ] = None,
    blind: Annotated[bool, typer.Option("--blind", help="Do not show what cxnlp says.")] = False,
    second: Annotated[bool, typer.Option("--second", help="Judge what others judged, to see who agrees.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Judge mentions: the uncertain and costly ones, and a random slice. People's word beats the model's for ever."""
    from cxnlp.teaching.reviewing import reviewer_key

    if to is not None and import_ is not None:
        raise CommandError(
            "--to and --import: found both; allowed: one. Take the old sheet back, then write a new one."
        )
    place = open_workspace(workspace)
    who = reviewer_key(_login() if reviewer is None else reviewer, place.secret())
    if import_ is not None:
        _say(_take_back(place, import_, who), as_json)
        return
    from cxnlp.teaching.queue import Plan, draw, second_opinions

    queue = second_opinions(place, who, n) if second else draw(place, Plan(n, random_share))
    if to is not None:
        _say(_write(place, to, queue, blind), as_json)
    elif as_json:
        _say(_counts(queue), as_json)
    else:
        _on_screen(place, queue, who, blind)


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user need not have a name; which error it is depends on Python
        raise CommandError(
            "--reviewer: found no login name; allowed: any word that tells you from other reviewers. Give one."
        ) from None


def _write(workspace: Workspace, path: Path, queue: "Queue", is_blind: bool) -> dict[str, Any]:
    from cxnlp import copies
    from cxnlp.teaching import journal, sheets

    if not path.parent.is_dir():
        raise CommandError(f"{path}: its folder is not there. Make it, or name another file.")
    journal.remember_asked(workspace, queue.items)
    sheets.write(path, queue.items, queue.words, is_blind=is_blind)
    copies.note(workspace, path)
    words = f"Fill it in, then: cxnlp review --import {path}"
    return {"file": str(path)} | _counts(queue) | {"next": words}


def _take_back(workspace: Workspace, path: Path, who: str) -> dict[str, Any]:
    from cxnlp.teaching import journal, sheet_reading

    rows, n_blank = sheet_reading.read(path, journal.asked(workspace))
    taken = sheet_reading.take_over(workspace, rows, who, n_blank)
    counts = {"n_answers": taken.n_answers, "n_marks": taken.n_marks, "n_unchanged": taken.n_unchanged}
    changed = taken.n_answers or taken.n_marks
    return {"file": str(path)} | counts | {"n_blank": n_blank, "next": NEXT if changed else "Nothing new was in it."}


def _counts(queue: "Queue") -> dict[str, Any]:
    slices = Counter(item.slice for item in queue.items)
    return {
        "run_id": queue.run_id,
        "n_left": len(queue.items),
        "n_uncertain": slices["uncertain"],
        "n_random": slices["random"],
        "n_answered": queue.n_answered,
    }


def _on_screen(workspace: Workspace, queue: "Queue", who: str, is_blind: bool) -> None:
    from cxnlp.cli.review_screen import ReviewScreen
    from cxnlp.teaching.reviewing import Desk

    console = Console(highlight=False, soft_wrap=True)
    if not queue.items:
        console.print("Nothing is left to review.")
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise CommandError("the screen needs a terminal; found none. Write a sheet with --to review.xlsx instead.")
    desk = Desk(workspace, who, queue.items, is_blind)
    screen = ReviewScreen(desk, queue.words)
    screen.run(mouse=False)
    if screen.failure is not None:
        raise screen.failure
    console.print(f"{desk.n_answered} answered, {desk.n_skipped} skipped, {len(desk.items) - desk.at} left.")
    if desk.n_answered:
        console.print(f"The answers are stored. {NEXT}")


def _say(counts: dict[str, Any], as_json: bool) -> None:
    if as_json:
        typer.echo(json_text(counts))
        return
    console = Console(highlight=False, soft_wrap=True)
    names = {"n_left": "mentions to judge", "n_uncertain": "of them uncertain or costly", "n_random": "drawn at random",
             "n_answered": "answered already", "n_answers": "answers taken over", "n_marks": "marks taken over",
             "n_unchanged": "rows known already", "n_blank": "rows left blank"}  # fmt: skip
    if "file" in counts:
        console.print(counts["file"], markup=False)
    console.print(", ".join(f"{counts[key]} {name}" for key, name in names.items() if key in counts))
    if "next" in counts:
        console.print(counts["next"], markup=False)
