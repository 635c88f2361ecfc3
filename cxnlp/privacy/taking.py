"""Take away what tombstones mean, wherever it is; doing it again finishes what a kill left."""

import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

import duckdb
import polars as pl

from cxnlp.backlog import moves
from cxnlp.feedback.keys import fold_text
from cxnlp.insight.themes import edits
from cxnlp.privacy import choosing, staged, tombstones
from cxnlp.privacy.originals import originals_of
from cxnlp.privacy.tombstones import Erasure, Tombstones
from cxnlp.settings import Workspace
from cxnlp.teaching import examples, journal
from cxnlp.teaching.examples import Example
from cxnlp.warehouse import store

#: What the journal says of an erasure that nobody asked for.
BY_AGE: Final = "retention"

#: A shorter example says nothing of its own, unless it is the whole of what was erased.
_LEAST_SIGNS: Final = 24


@dataclass(frozen=True)
class Found:
    """What is stored of what tombstones mean."""

    ids: list[str]
    n_mentions: int
    namings: pl.DataFrame
    sources: Mapping[str, int]  # pieces of feedback, or such as name the employee


@dataclass(frozen=True)
class Taken:
    """What went beside the database's rows."""

    n_answers: int
    labels: Mapping[str, int]


def take(workspace: Workspace, connection: duckdb.DuckDBPyConnection, on: date | None) -> Taken:
    """Take away what the tombstones mean from journals, database, originals and staging; done twice, nothing changes.

    Args:
        workspace: the caller holds its lock.
        connection: its working database; deleted bytes stay in it until it is written anew.
        on: the day that the ages of originals are counted from; None before the first night.
    """
    originals = originals_of(workspace)
    for file in workspace.plan_files:  # `cxnlp plan` writes them anew
        file.unlink(missing_ok=True)
    shutil.rmtree(workspace.jobs / "ended", ignore_errors=True)  # their answers and logs quote
    lines, secret = tombstones.read(workspace), workspace.secret()
    known = tombstones.of(lines)
    n_answers = journal.forget(workspace, lambda item: known.is_meant(item.feedback_id, secret))
    edits.forget(workspace, lambda feedback_id: known.is_meant(feedback_id, secret))
    moves.forget(workspace, lambda feedback_id: known.is_meant(feedback_id, secret))
    found = found_of(connection, known, secret)
    labels = examples.forget_some(workspace, _is_of(choosing.words_of(connection, found.ids)))
    with store.transaction(connection):
        store.erase_namings(connection, found.namings)
        store.erase(connection, pl.Series(found.ids, dtype=pl.String))
        store.write(connection, "erasures", tombstones.audit(lines))
    if originals is not None and on is not None:
        originals.settle(store.identities(connection), on)
    if all(each.asked == BY_AGE for each in tombstones.pending(lines)):
        staged.let_go(workspace, lambda feedback: known.meant(feedback, secret), gone=found.ids)
    else:
        staged.empty(workspace)
    return Taken(n_answers, labels)


def _is_of(texts: Iterable[str]) -> Callable[[Example], bool]:
    """Whether an example's words are those of one of the texts, or a part of it, or hold it."""
    folded = [fold_text(text) for text in texts]

    def is_meant(example: Example) -> bool:
        own, mention = fold_text(example.text), fold_text(example.text[example.start : example.end])
        return any(
            own == text
            or (len(own) >= _LEAST_SIGNS and own in text)
            or (len(text) >= _LEAST_SIGNS and text in own)
            or (len(mention) >= _LEAST_SIGNS and mention in text)
            for text in folded
        )

    return is_meant


def found_of(connection: duckdb.DuckDBPyConnection, known: Tombstones, secret: bytes) -> Found:
    """Look for stored feedback, and namings of employees, that tombstones mean."""
    identities = store.identities(connection)
    meant = identities.filter(known.meant(identities, secret))
    ids: list[str] = meant["feedback_id"].to_list()
    (n_mentions,) = connection.execute(
        "SELECT count(*) FROM mentions WHERE feedback_id IN (SELECT unnest($1))", [ids]
    ).fetchall()[0]
    namings = known.forgotten(store.namings(connection))
    pieces = pl.concat([each.select("feedback_id", "source") for each in (meant, namings)]).unique()
    return Found(ids, int(n_mentions), namings, dict(pieces.group_by("source").len().sort("source").iter_rows()))


def done(workspace: Workspace, erasure: Erasure, **counts: int | bool | None) -> None:
    """Note that nothing holds it any more; from here on the journal knows only that it happened."""
    update = {"state": "done", "at": datetime.now(UTC), "feedback": (), "contents": (), "customers": (), "authors": (),
              "employees": (), "until": None}  # fmt: skip
    tombstones.add(workspace, erasure.model_copy(update=update | counts))
