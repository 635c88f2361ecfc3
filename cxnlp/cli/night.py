"""`cxnlp run` and `cxnlp schedule`: one night now, or every night."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cxnlp.cli import morning, progress
from cxnlp.cli.options import JsonOption, WorkspaceOption
from cxnlp.cli.terminal import json_text
from cxnlp.settings import Workspace, open_workspace, parse_day
from pipelines import local_server, prefect_settings


def run_night(
    workspace: Workspace,
    *,
    as_of: str | None = None,
    sources: list[str] | None = None,
    since: str | None = None,
    retag_all: bool = False,
) -> str:
    """Run one night and return its run id.

    Raises:
        NightRunning: another night is at work on the workspace.
        StageFailed, ChecksFailed: nothing of the night was published.
        SettingsError: the workspace, a source or a date cannot be used.
        ServerFailed: Prefect's server of this night did not answer in time.
    """
    workspace.secret()
    prefect_settings.settle(workspace.state)
    await_server = local_server.begin(workspace)
    from pipelines.nightly import nightly
    from pipelines.sight import known_errors

    known_errors.is_silent = True  # the command line says them
    await_server()
    return nightly(str(workspace.root), as_of, sources, since, retag_all)


def run(
    workspace: WorkspaceOption = Path(),
    as_of: Annotated[str | None, typer.Option(help="Day that the night is for, such as 2026-11-02.")] = None,
    since: Annotated[str | None, typer.Option(help="Read only feedback from that day on.")] = None,
    source: Annotated[list[str] | None, typer.Option(help="Read only this source; may be given again.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read and tag, store nothing, show what was masked.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Run the night: read what is new, tag it, publish the database, the backlog and the page."""
    place = open_workspace(workspace)
    for day in (as_of, since):
        if day is not None:
            parse_day(day)
    if dry_run:
        _preview(place, source, since, as_json)
        return
    with progress.shown(quiet=as_json):
        run_id = run_night(place, as_of=as_of, sources=source, since=since)
    _tell(place, run_id, as_json)


def retag(
    workspace: WorkspaceOption = Path(),
    as_of: Annotated[str | None, typer.Option(help="Day that the night is for, such as 2026-11-02.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Run a night that tags all stored feedback of an older model or vocabulary again, not only some of it.

    What people have said in reviews stays. Killed, it goes on where it was.
    """
    place = open_workspace(workspace)
    if as_of is not None:
        parse_day(as_of)
    with progress.shown(quiet=as_json):
        run_id = run_night(place, as_of=as_of, retag_all=True)
    _tell(place, run_id, as_json)


def _tell(workspace: Workspace, run_id: str, as_json: bool) -> None:
    story = morning.tell(workspace, run_id)
    if as_json:
        typer.echo(json_text(story.as_dict()))
    else:
        morning.show(story, Console(highlight=False, soft_wrap=True))


def _preview(workspace: Workspace, sources: list[str] | None, since: str | None, as_json: bool) -> None:
    from pipelines.preview import preview

    with progress.shown(quiet=as_json):
        seen = preview(workspace, sources=sources or [], since=None if since is None else parse_day(since))
    if as_json:
        typer.echo(json_text(seen.as_dict()))
    else:
        morning.show_preview(seen, Console(highlight=False, soft_wrap=True))


def schedule(workspace: WorkspaceOption = Path()) -> None:
    """Run every night, at the time of cxnlp.toml, until stopped.

    Plain cron works too: `15 2 * * * cxnlp run -w DIR`.
    """
    place = open_workspace(workspace)
    place.secret()
    prefect_settings.settle(place.state)
    with progress.shown(), local_server.server(place):
        from pipelines.schedule import serve

        serve(place)
