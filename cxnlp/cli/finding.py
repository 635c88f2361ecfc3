"""`cxnlp find`: mentions that speak of something, in these words or in others."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cxnlp.cli.options import JsonOption, WorkspaceOption
from cxnlp.cli.rows import screen, show
from cxnlp.cli.terminal import json_text
from cxnlp.settings import open_workspace, parse_day


def _day(text: str | None) -> date | None:
    return None if text is None else parse_day(text)


def command(
    words: Annotated[str, typer.Argument(help='What it is about, such as "felt ignored after a refund".')],
    workspace: WorkspaceOption = Path(),
    moment: Annotated[str | None, typer.Option(help="Only mentions that are surely about this moment.")] = None,
    channel: Annotated[str | None, typer.Option(help="letter, call or social.")] = None,
    source: Annotated[str | None, typer.Option(help="A source's name in cxnlp.toml.")] = None,
    since: Annotated[str | None, typer.Option(help="First day, such as 2026-10-01.")] = None,
    until: Annotated[str | None, typer.Option(help="Last day, included.")] = None,
    n: Annotated[int, typer.Option("--limit", "-n", min=1, max=1000, help="How many to show.")] = 20,
    agents: Annotated[bool, typer.Option("--agents", help="Agents' lines, too.")] = False,
    only_words: Annotated[bool, typer.Option("--words", help="Only mentions with one of the words.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Find what customers said about something: by its words (in any form), labels and meaning, the best first.

    Searches the published database, also while a night runs. The same in SQL: the functions find_words, find_meaning
    and similar_to (docs/search.md).
    """
    from cxnlp.answers.finding import find
    from cxnlp.tags.questions import Questions
    from cxnlp.warehouse import store

    place = open_workspace(workspace)
    questions = Questions(place.model_folder)
    with store.open_searchable(place.database) as connection:
        found = find(
            connection, words, None if only_words else questions.read, moment=moment, channel=channel, source=source,
            since=_day(since), until=_day(until), is_agents=agents, n=n,
        )  # fmt: skip
        n_left = 0 if only_words else store.n_without_vector(connection, questions.encoder_version)
    if as_json:
        typer.echo(json_text(found.to_dicts()))
        return
    if found.is_empty():
        screen().print("Nothing was found. Try other words, or fewer limits.")
    else:
        show(found.select("occurred_on", "channel", "moments", "sentiment", "quote", "mention_id"))
    if n_left:
        screen().print(f"{n_left:,} mentions are found by their words alone until nights have read them again.")
