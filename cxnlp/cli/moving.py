"""The moves of `cxnlp backlog`: what a person does with items. Stored at once, published at once, kept for good."""

import getpass
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console

from cxnlp.cli.deciding import decide, owner_of
from cxnlp.cli.options import CommandError, JsonOption, WorkspaceOption
from cxnlp.cli.terminal import harmless, json_text
from cxnlp.settings import open_workspace, parse_day

ItemsArgument = Annotated[
    list[str], typer.Argument(help="Ids of items; their first digits are enough.", show_default=False)
]
OwnerOption = Annotated[str | None, typer.Option("--owner", help="Who answers for it.")]
DueOption = Annotated[str | None, typer.Option("--due", help="Day by which it shall be shipped, such as 2026-12-01.")]
NoteOption = Annotated[str | None, typer.Option("--note", help="A word on it; masked like feedback.")]
ByOption = Annotated[str | None, typer.Option("--by", help="Who says so; your user name when absent.")]


def accept(
    items: ItemsArgument,
    owner: Annotated[
        str | None, typer.Option("--owner", help="Who answers for it; the suggested department when absent.")
    ] = None,
    due: DueOption = None,
    note: NoteOption = None,
    by: ByOption = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """Take items on: from here on they are somebody's, and no night lets them go quiet."""
    _make(workspace, items, "accept", by, as_json=as_json, owner=owner, due_on=_day(due), note=note)


def start(
    items: ItemsArgument,
    note: NoteOption = None,
    by: ByOption = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """Say that work has begun; an item that nobody had accepted is accepted by it."""
    _make(workspace, items, "start", by, as_json=as_json, note=note)


def ship(
    items: ItemsArgument,
    what: Annotated[str | None, typer.Option("--what", help="What was changed, in a sentence; masked.")] = None,
    on: Annotated[str | None, typer.Option("--on", help="Day from which customers meet it; today when absent.")] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(
            "--where",
            help="Where it is, such as location=Saltwell (or channel, product, segment); may be given again. "
            "'everywhere' takes that back.",
        ),
    ] = None,
    by: ByOption = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """Say that the fix is with customers: from that day on the nights compare. Again corrects day, words and places.

    With --where they compare those places with all others, which tells a fix from what ends everywhere by itself.
    """
    from cxnlp.backlog.places import read

    day = _day(on) or datetime.now(UTC).date()
    places = None if not where else read(where[0]) if len(where) == 1 else tuple(where)
    _make(workspace, items, "ship", by, as_json=as_json, on=day, note=what, where=places)


def decline(
    items: ItemsArgument,
    reason: Annotated[str | None, typer.Option("--reason", help="Why it will not be done; masked.")] = None,
    by: ByOption = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """Say that it will not be done, and why. It stays so unless twice as many people say it as now."""
    _need_words("decline", "--reason", reason)
    _make(workspace, items, "decline", by, as_json=as_json, note=reason)


def snooze(
    items: ItemsArgument,
    until: Annotated[str, typer.Option("--until", help="Day on which it comes back, such as 2026-12-01.")],
    note: NoteOption = None,
    by: ByOption = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """Put items aside until a day; then they are what they were before, or quiet where nobody says so any more."""
    _make(workspace, items, "snooze", by, as_json=as_json, on=_day(until), note=note)


def close(
    items: ItemsArgument,
    note: NoteOption = None,
    by: ByOption = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """Say that the work is over. It comes back when as many people as when it was shipped say so again."""
    _make(workspace, items, "close", by, as_json=as_json, note=note)


def reopen(
    items: ItemsArgument,
    note: NoteOption = None,
    by: ByOption = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """Begin anew: the item is new again and waits to be accepted; one snoozed after that is accepted still."""
    _make(workspace, items, "reopen", by, as_json=as_json, note=note)


def note_down(
    items: ItemsArgument,
    words: Annotated[str, typer.Option("--note", help="Up to 500 characters; masked like feedback.")],
    by: ByOption = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """Write something down beside items; it stands in their log."""
    _need_words("note", "--note", words)
    _make(workspace, items, "note", by, as_json=as_json, note=words)


def assign(
    items: ItemsArgument,
    owner: OwnerOption = None,
    due: DueOption = None,
    note: NoteOption = None,
    by: ByOption = None,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """Give items another owner, or another due day; their state stays."""
    _make(workspace, items, "assign", by, as_json=as_json, owner=owner, due_on=_day(due), note=note)


def _need_words(kind: str, option: str, words: str | None) -> None:
    if not (words and words.strip()):
        raise CommandError(
            f"backlog {kind}: found no words. Allowed: what, or why, in a sentence. Give it with {option}."
        )


def _make(workspace: Path, names: Sequence[str], kind: str, by: str | None, *, as_json: bool, **said: Any) -> None:
    """Make the same move on all of these items, or on none, and publish."""
    from cxnlp.answers.backlog import found
    from cxnlp.backlog import moves
    from cxnlp.backlog.states import shown
    from pipelines.alone import between_nights

    for name, words in {"--by": by, "--owner": said.get("owner"), "--note": said.get("note")}.items():
        if words is not None and not words.isprintable():
            raise CommandError(f"backlog {kind}: found signs in {name} that do not print. Allowed: one line of words.")
    place = open_workspace(workspace)
    with between_nights(place, publishes=True, decides=True) as connection:
        rows = {row["item_id"]: row for row in (found(connection, name) for name in names)}
        at, who = datetime.now(UTC), by or getpass.getuser()
        try:
            always = {"at": at, "move": kind, "by": who}
            wanted = [
                moves.wished({"item_id": item_id, **always, **said, "owner": owner_of(kind, row, said.get("owner"))})
                for item_id, row in rows.items()
            ]
        except moves.MoveWrong as error:
            raise CommandError(f"backlog {kind}: {error}") from None
        events = decide(place, connection, wanted)
    if as_json:
        typer.echo(json_text(events))
        return
    console = Console(highlight=False, soft_wrap=True, markup=False)
    for event in events:
        owner = f", owner {event['owner']}" if event["owner"] else ""
        due = f", due {event['due_on']}" if event["due_on"] else ""
        kept = f" The note is kept: “{event['note']}”" if event["note"] else ""
        console.print(harmless(f"{event['item_id']} is {shown(event['state_after'])}{owner}{due}.{kept}"))


def _day(text: str | None) -> Any:
    return None if text is None else parse_day(text)


#: Name of the command → what it runs, in the order of an item's life.
MOVES: Final[Mapping[str, Callable[..., None]]] = {
    "accept": accept,
    "start": start,
    "ship": ship,
    "close": close,
    "decline": decline,
    "snooze": snooze,
    "reopen": reopen,
    "assign": assign,
    "note": note_down,
}
