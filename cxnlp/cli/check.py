"""`cxnlp check`: says truthfully whether the night will work, and how to mend what won't."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import partial
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

import typer
from rich.console import Console

from cxnlp.cli.options import JsonOption, WorkspaceOption
from cxnlp.cli.terminal import json_text
from cxnlp.errors import CxnlpError
from cxnlp.settings import Source, Tracker, Workspace, open_workspace

if TYPE_CHECKING:
    from cxnlp.tags import Tagger

LEAST_FREE_BYTES = 500_000_000


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: whether the night can use it, and what to say about it."""

    what: str
    works: bool
    words: str


def check(workspace: Workspace) -> list[Finding]:
    """Look at all that a night needs: secret, words, model, database, moves, Prefect, disk, sources; and trackers."""
    from cxnlp import taxonomy
    from cxnlp.tags import Tagger

    findings = [
        _try("secret", lambda: f"{len(workspace.secret()) * 8} bits, readable by its owner alone"),
        *_originals(workspace),
        _try("taxonomy", lambda: f"version {taxonomy.load(additions=workspace.taxonomy_file).version}"),
        _try("moments", lambda: _moments(workspace)),
        _try("shorthand", lambda: _shorthand(workspace)),
        _try("model", lambda: _model(Tagger.of(workspace))),
        _try("database", lambda: _database(workspace)),
        _try("decisions", lambda: _decisions(workspace)),
        _try("Prefect", _prefect),
        _disk(workspace),
    ]
    for source in workspace.settings.sources:
        findings += _source(workspace, source)
    for tracker in workspace.settings.trackers:
        findings.append(_try(f"tracker {tracker.name}", partial(_tracker, workspace, tracker)))
    findings += _receivers(workspace)
    return findings


def _originals(workspace: Workspace) -> Iterator[Finding]:
    """Say whether the key fits, where originals are kept or were."""
    from cxnlp import privacy

    def words() -> str:
        originals = privacy.originals_of(workspace)
        assert originals is not None
        kept = "kept" if originals.is_kept else "no new ones are kept, old ones"
        return f"{kept} for {originals.days:,} days, encrypted; the key fits"

    if workspace.settings.privacy.keep_original or workspace.originals_file.exists():
        yield _try("originals", words)


def _receivers(workspace: Workspace) -> Iterator[Finding]:
    """Say of each [[notify]] whether it can be sent to; nothing is sent."""
    if workspace.settings.notify:
        from cxnlp import notify

        for name, prepare in notify.prepared(workspace):
            yield _try(f"notify {name}", prepare)


def _moments(workspace: Workspace) -> str:
    """Say of how many moments the workspace's own file speaks."""
    from cxnlp import taxonomy

    moments = taxonomy.load(additions=workspace.taxonomy_file).moments
    return f"plans of {len(taxonomy.read_plans(workspace.moments_file, moments).plans):,} of {len(moments):,} moments"


def _shorthand(workspace: Workspace) -> str:
    """Say how many short words are known, and in which sources they are written out."""
    from cxnlp.feedback import load_glossary

    glossary = load_glossary(workspace.shorthand_file)
    sources = [source.name for source in workspace.settings.sources if source.has_shorthand]
    n_words = len(glossary.always) + len(glossary.beside)
    return f"{n_words} short words, written out in {', '.join(sources) or 'no source'}"


def _model(tagger: "Tagger") -> str:
    """Say which model there is, and which wished precision it does not reach."""
    words = f"version {tagger.version}"
    if tagger.unreached:
        words += (
            f'; never as precise as [tags] precision wishes, so they are only ever "unsure": '
            f"{', '.join(tagger.unreached)}. Wish less of them, or review what is unsure."
        )
    if tagger.uncurved:
        words += (
            f"; this model does not know its precision, so [tags] precision does not move: "
            f"{', '.join(tagger.uncurved)}. Take a newer model."
        )
    return words


def _database(workspace: Workspace) -> str:
    """Open the working database as the night does, without changing it."""
    from cxnlp.warehouse import store

    if not workspace.working_database.exists():
        return "none yet; the first night makes it"
    return f"{store.look(workspace.working_database):,} runs loaded"


def _decisions(workspace: Workspace) -> str:
    """Say how much people have decided: each night does all of it again."""
    from cxnlp.backlog import moves
    from cxnlp.insight.themes import edits
    from cxnlp.teaching import journal

    n_moves, n_edits = len(moves.read(workspace)), len(edits.read(workspace))
    return f"{n_moves:,} moves of the backlog, {n_edits:,} of themes, {len(journal.answers(workspace)):,} reviewed"


def _prefect() -> str:
    """Ask the Prefect server that PREFECT_API_URL names."""
    if not (url := os.environ.get("PREFECT_API_URL")):
        return "a server of the night's own, for the time of the night"
    try:
        with urlopen(f"{url}/health", timeout=10):  # noqa: S310 - the user's own address
            return f"{url} answers"
    except (OSError, ValueError, HTTPException) as error:
        raise CxnlpError(
            f"PREFECT_API_URL is {url}, which does not answer ({type(error).__name__}). Start that server, or unset "
            "the variable: the night then uses a server of its own."
        ) from error


def _try(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what, True, look())
    except CxnlpError as error:
        return Finding(what, False, str(error))


def _disk(workspace: Workspace) -> Finding:
    if not os.access(workspace.root, os.W_OK):
        return Finding("disk", False, f"{workspace.root}: cannot be written. Give this user the right to write there.")
    free = shutil.disk_usage(workspace.root).free
    needed = max(LEAST_FREE_BYTES, 3 * _size(workspace.working_database))
    words = f"{free / 1e9:.1f} GB free, {needed / 1e9:.1f} GB needed"
    return Finding("disk", free >= needed, words if free >= needed else f"{words}. Make room on that disk.")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _source(workspace: Workspace, source: Source) -> Iterator[Finding]:
    from cxnlp import channels

    folder = workspace.folder(source)
    what = f"source {source.name}"
    if source.kind == "live":
        yield from _live(workspace, source)
        return
    if not folder.is_dir():
        yield Finding(what, False, f"{folder}: no such folder. Mend `path` of this source in cxnlp.toml.")
        return
    n_files = sum(1 for _ in channels.files_of(source, folder))
    if n_files == 0:
        yield Finding(
            what,
            False,
            f"{folder}: no file matches {source.files!r}. Mend `files` of this source, or fill the folder.",
        )
        return
    yield Finding(what, True, f"{n_files:,} files in {folder}")
    if source.kind == "table":
        yield from _columns(source, folder)


def _live(workspace: Workspace, source: Source) -> Iterator[Finding]:
    """Ask a live source for its first page, as the night will: mails are opened in a process that can be killed."""
    from cxnlp.channels import live
    from pipelines.readers import Readers

    with closing(Readers.of(workspace)) as readers:
        try:
            for stream, n_items, problem in live.look(source, read_one=readers.read_file):
                words = problem or f"answers; {n_items} items on its first page"
                yield Finding(f"source {source.name}, {stream}", problem is None, words)
        except CxnlpError as error:
            yield Finding(f"source {source.name}", False, str(error))


def _tracker(workspace: Workspace, tracker: Tracker) -> str:
    """Ask a tracker for its project, as a sync will."""
    from cxnlp.backlog import trackers

    return trackers.look(workspace, tracker)


def _columns(source: Source, folder: Path) -> Iterator[Finding]:
    from cxnlp import channels

    for file in channels.columns_of(source, folder):
        yield Finding(f"source {source.name}, {file.file}", file.problem is None, file.problem or file.words())


def command(workspace: WorkspaceOption = Path(), as_json: JsonOption = False) -> None:
    """Say whether the night will work: folders, columns, model, disk, secret. Ends with 1 when it won't."""
    findings = check(open_workspace(workspace))
    if as_json:
        typer.echo(json_text([asdict(finding) for finding in findings]))
    else:
        console = Console(highlight=False, soft_wrap=True)
        for finding in findings:
            console.print("[green]ok   [/green]" if finding.works else "[red]mend [/red]", end="")
            console.print(f"{finding.what}: {finding.words}", markup=False)
    if not all(finding.works for finding in findings):
        raise typer.Exit(1)
