"""`cxnlp themes`: what people talk about, and an analyst's names, merges and pins."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from cxnlp.cli.options import CommandError, JsonOption, WorkspaceOption
from cxnlp.cli.terminal import harmless, json_text
from cxnlp.settings import Workspace, open_workspace

if TYPE_CHECKING:
    import duckdb

    from cxnlp.insight.themes.edits import Edit

SHOWN = 12  # themes of a ground, without --all

ThemeArgument = Annotated[str, typer.Argument(help="Id of the theme; its first digits are enough.", show_default=False)]

app = typer.Typer(
    short_help="What people talk about, within each moment and outside of all; rename, merge and pin themes.",
    help="What people talk about within each moment (moment.delivery), in wishes (signal.suggestion) and about no "
    "moment at all (outside). The night finds themes and names them by their words; an analyst may rename, merge and "
    "pin them, and no later night takes that back.",
    no_args_is_help=True,
)

_KNOWN_BY = """
SELECT mention_id FROM theme_mentions WHERE theme_id = $1 ORDER BY similarity DESC NULLS LAST, mention_id LIMIT $2
"""


@app.command("list")
def list_themes(
    ground: Annotated[
        str | None, typer.Argument(help="moment.delivery or delivery, signal.suggestion, outside; all when absent.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every theme, not only the largest.")] = False,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """The living themes, ground by ground, most people first; of few people neither numbers nor their words."""
    from cxnlp.answers.themes import themes

    place = open_workspace(workspace)
    least_group = place.settings.privacy.least_group
    with _published(place) as connection:
        rows = themes(connection, ground, least_group)
    if as_json:
        typer.echo(json_text(rows))
        return
    console = _console()
    for name in dict.fromkeys(row["ground"] for row in rows):
        own = [row for row in rows if row["ground"] == name]
        console.print(f"\n{name}", style="bold")
        for row in own if everything else own[:SHOWN]:
            marks = " (pinned)" if row["is_pinned"] else ""
            console.print(f"  {row['theme_id']}  {_numbers(row, least_group)}  {_named(row)}{marks}")
        if len(own) > SHOWN and not everything:
            console.print(f"  … and {len(own) - SHOWN:,} more; --all shows them.")
    console.print(f"\n{len(rows):,} theme(s). `cxnlp themes show ID` has the quotes.")


@app.command("show")
def show(theme: ThemeArgument, workspace: WorkspaceOption = Path(), as_json: JsonOption = False) -> None:
    """One theme: its numbers, its most typical quotes, and what happened to it; of few people no more than that."""
    from cxnlp.answers import themes

    place = open_workspace(workspace)
    least_group = place.settings.privacy.least_group
    with _published(place) as connection:
        found = themes.theme(connection, theme, least_group)
    if as_json:
        typer.echo(json_text(found))
        return
    console = _console()
    if found.get("n_customers") is None:
        found["n_customers"] = f"<{least_group}"
    for name, value in found.items():
        if name not in ("quotes", "events") and value is not None:
            console.print(f"{name:20} {harmless(f'{value:.2f}' if isinstance(value, float) else value)}")
    console.print()
    for row in found["quotes"]:
        console.print(f"  {row['occurred_on']}  {row['sentiment'] or 0:+d}  {harmless(' '.join(row['quote'].split()))}")
    console.print()
    for row in found["events"]:
        other = f" {row['other_id']}" if row["other_id"] else ""
        who = ", by a person" if row["is_by_person"] else ""
        size = "few" if row["n_mentions"] is None else f"{row['n_mentions']:,}"
        console.print(f"  {row['happened_on']}  {row['theme_id']} {row['event']}{other} ({size} mentions{who})")


@app.command("rename")
def rename(
    theme: ThemeArgument,
    name: Annotated[str, typer.Argument(help='2 to 60 characters; "" gives the naming back to the night.')],
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """Give a theme a name of your own; it is masked like feedback, and stays."""
    done = decide(open_workspace(workspace), theme, "rename", name=name)
    given = done["name"]
    _tell(done, f"is called {given!r} now" if given else "is named by the night again", as_json=as_json)


@app.command("merge")
def merge(
    theme: ThemeArgument,
    into: Annotated[str, typer.Argument(help="Id of the theme that is kept; it is pinned.", show_default=False)],
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """Put a theme's mentions into another theme of the same ground."""
    _tell(decide(open_workspace(workspace), theme, "merge", into=into), "went into the other", as_json=as_json)


@app.command("pin")
def pin(theme: ThemeArgument, workspace: WorkspaceOption = Path(), as_json: JsonOption = False) -> None:
    """Keep a theme: it neither ends nor splits nor goes into another by itself."""
    _tell(decide(open_workspace(workspace), theme, "pin"), "is pinned", as_json=as_json)


@app.command("unpin")
def unpin(theme: ThemeArgument, workspace: WorkspaceOption = Path(), as_json: JsonOption = False) -> None:
    """Leave a theme to the nights again."""
    _tell(decide(open_workspace(workspace), theme, "unpin"), "is left to the nights again", as_json=as_json)


def decide(
    workspace: Workspace, theme: str, kind: str, *, name: str | None = None, into: str | None = None
) -> dict[str, Any]:
    """Store a decision on a theme, carry it out, publish, and return what was decided.

    Args:
        workspace: whose.
        theme: its id, or the first digits.
        kind: rename, merge, pin or unpin.
        name: of a renaming, masked here; nothing but spaces gives the naming back to the night.
        into: of a merge: the theme that is kept.

    Raises:
        CommandError: the name cannot be one, or the two themes are not of one ground.
        NotThere: no such theme is alive.
        NightRunning: a night is at work.
    """
    from cxnlp.answers.themes import alive
    from cxnlp.feedback import mask_note
    from cxnlp.insight.themes import edits
    from cxnlp.warehouse import store
    from pipelines.alone import between_nights

    name = mask_note(" ".join(name.split()), workspace.settings.privacy) if name and name.strip() else None
    with between_nights(workspace, publishes=True, decides=into is None) as connection:
        theme_id, ground = alive(connection, theme)
        decided = [_edit(connection, kind, theme_id, name=name)]
        if into is not None:
            kept_id, other = alive(connection, into)
            if (kept_id, ground) != (kept_id, other) or kept_id == theme_id:
                raise CommandError(f"themes merge: found {theme_id} on {ground} and {kept_id} on {other}. Allowed: two "
                                   "different themes of one ground.")  # fmt: skip
            known = _edit(connection, "pin", kept_id)
            decided = [known, decided[0].model_copy(update={"into_id": kept_id})]
        for each in decided:
            edits.add(workspace, each)
        (night,) = connection.execute("SELECT night FROM runs ORDER BY rowid DESC LIMIT 1").fetchall()[0]
        edits.apply(connection, edits.wishes(edits.read(workspace)), night=night, run_id=None)
        store.publish(connection, workspace.warehouse, keep=workspace.settings.night.snapshots)
    return {"theme_id": theme_id, "kind": kind, "name": name, "into_id": decided[-1].into_id}


def _tell(done: dict[str, Any], words: str, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(done))
    else:
        _console().print(f"{done['theme_id']} {harmless(words)}.")


def _edit(connection: "duckdb.DuckDBPyConnection", kind: str, theme_id: str, name: str | None = None) -> "Edit":
    from cxnlp.insight.themes.edits import N_KNOWN_BY, Edit

    known = tuple(row[0] for row in connection.execute(_KNOWN_BY, [theme_id, N_KNOWN_BY]).fetchall())
    try:
        if name is not None and not name.isprintable():
            raise ValueError
        values = {"at": datetime.now(UTC), "kind": kind, "theme_id": theme_id, "name": name, "mentions": known}
        return Edit.model_validate(values)
    except ValueError as error:
        raise CommandError(f"themes rename: found a name of {len(name or '')} characters, or one that does not print. "
                           "Allowed: 2 to 60 characters on one line.") from error  # fmt: skip


def _published(workspace: Workspace) -> "duckdb.DuckDBPyConnection":
    from cxnlp.warehouse import store

    return store.open_published(workspace.database)


def _numbers(row: dict[str, Any], least_group: int) -> str:
    if row["n_customers"] is None:
        return f"{f'<{least_group}':>6} people       "
    return f"{row['n_customers']:>6,} people  {row['net_sentiment']:+.2f}"


def _named(row: dict[str, Any]) -> str:
    if row["name"]:
        return harmless(row["name"])
    return "(too few people to be told)" if row["n_customers"] is None else "(its people share no telling word)"


def _console() -> Console:
    return Console(highlight=False, soft_wrap=True, markup=False)
