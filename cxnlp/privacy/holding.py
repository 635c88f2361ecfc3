"""Which of the company's own files still hold what was erased: the sources are read again, and nothing is stored."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from cxnlp import channels
from cxnlp import feedback as feedback_stage
from cxnlp.channels.files import File
from cxnlp.privacy.tombstones import Tombstones
from cxnlp.settings import Source, Workspace

_BATCH = 500


@dataclass(frozen=True, order=True)
class Held:
    """A place in the company's own files, which cxnlp never changes."""

    source: str
    file: str  # path below the source's folder
    row: int | None  # row, line or entry, from 1; None where the whole file is meant


@dataclass(frozen=True)
class Holding:
    """A place and the words that stand there, unmasked: for searching, never for writing."""

    place: Held
    text: str


def held(
    workspace: Workspace, known: Tombstones, secret: bytes, read_one: channels.Reader = channels.read_file
) -> list[Holding]:
    """Return every place in the sources' files that holds something erased, or names an employee forgotten; sorted.

    Sources whose folder is away, or that are services, are passed over; so are files that cannot be read.
    """
    found = [
        holding
        for source, folder in _folders(workspace)
        for batch in channels.read(source, folder, channels.no_files(), _BATCH, read_one=read_one)
        for holding in (*_meant(batch.items, known, secret), *_naming(workspace, batch.items, known, secret))
    ]
    return sorted(found, key=lambda holding: (holding.place.source, holding.place.file, holding.place.row or 0))


def files_in(workspace: Workspace) -> dict[str, Source]:
    """Return the sources' files that lie inside the workspace's own folder, by their full path."""
    found: dict[str, Source] = {}
    for source, folder in _folders(workspace):
        if folder.is_relative_to(workspace.root):
            listed: list[File] = channels.files_of(source, folder)
            found |= {str(file.path): source for file in listed}
    return found


def _folders(workspace: Workspace) -> list[tuple[Source, Path]]:
    """The sources that are folders and are there; a live one has none, and its path would be the workspace itself."""
    named = [(source, workspace.folder(source)) for source in workspace.settings.sources if source.kind != "live"]
    return [(source, folder) for source, folder in named if folder.is_dir()]


def _meant(items: pl.DataFrame, known: Tombstones, secret: bytes) -> Iterator[Holding]:
    """Look at a batch as a whole first; item by item only where something in it is meant."""
    if not _any(items, known, secret):
        return
    for at in range(items.height):
        item = items[at]
        if _any(item, known, secret):
            row = item.row(0, named=True)
            yield Holding(Held(row["source"], row["file"], row["row"]), row["text"])


def _naming(workspace: Workspace, items: pl.DataFrame, known: Tombstones, secret: bytes) -> Iterator[Holding]:
    """Look for the names of employees who were forgotten as the night does: by masking."""
    if not known.employees:
        return
    shaped = feedback_stage.normalise(items, secret=secret)
    employees = feedback_stage.mask(shaped.feedback, secret=secret, privacy=workspace.settings.privacy).employees
    gone = employees.filter(pl.col("employee_key").is_in(list(known.employees)))
    texts = dict(shaped.feedback.select("feedback_id", "text").iter_rows())
    for place in shaped.places.filter(pl.col("feedback_id").is_in(gone["feedback_id"].to_list())).iter_rows(named=True):
        yield Holding(Held(place["source"], place["file"], place["row"]), texts[place["feedback_id"]])


def _any(items: pl.DataFrame, known: Tombstones, secret: bytes) -> bool:
    feedback = feedback_stage.normalise(items, secret=secret).feedback
    return bool(known.meant(feedback, secret).any())
