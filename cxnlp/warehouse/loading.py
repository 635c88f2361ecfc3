"""Load finished partitions into the working file: one transaction for the whole night."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from cxnlp.warehouse import sql
from cxnlp.warehouse.duplicates import mark_duplicates
from cxnlp.warehouse.quoting import unquote
from cxnlp.warehouse.sql import WarehouseError

#: The files of a finished partition, each as ``<name>.parquet``.
PARTITION: Final = ("feedback", "employees", "mentions", "tags", "quarantine", "files")

#: More that a partition may have: a row with feedback_id for each item that was left out as stored already, where each
#: item stands at its source (columns PLACES), and the mentions' vectors (columns VECTORS).
UNCHANGED: Final = "unchanged"
PLACES: Final = "places"
VECTORS: Final = "vectors"

#: And one with a row with source for each item that was left out as erased before, or too old to be kept.
ERASED: Final = "erased"
OPTIONAL: Final = (UNCHANGED, PLACES, VECTORS, ERASED)

#: Partitions of so many bytes, compressed, make a large file of a small one.
_MANY_BYTES: Final = sql.SMALL_FILE_BYTES // 4

_TEMPORARY: Final = (
    *(f"arrived_{name}" for name in (*PARTITION, *OPTIONAL)),
    "gone_files",
    "whole_files",
    "left_places",
    "released",
    "fresh_feedback",
    "fresh_mentions",
    "corrected",
    "leaving_mentions",
    "leaning_feedback",
    "person_votes",
    "undecided",
    "same_text",
    "fresh_bands",
    "candidates",
    "alike",
    "near_texts",
    "retagged",
    "revectored",
    "verdicts",
)


@dataclass(frozen=True)
class Run:
    """What a night says about itself. ``run_id`` is ``<night>-<n>``; take it from `next_run_id`."""

    run_id: str
    night: date
    started_at: datetime
    finished_at: datetime | None = None  # now, when None
    reached: tuple[str, ...] = ()  # sources whose folder was there; their "no such folder" leaves the quarantine
    gone: tuple[tuple[str, str], ...] = ()  # source and file of files that were known and are not there any more
    n_arrived: int | None = None  # items read, unusable ones included; the sum of files.n_items when None
    model_version: str | None = None  # as the night's tags say, when None
    taxonomy_version: str | None = None  # as the night's tags say, when None
    seconds: Mapping[str, float] = field(default_factory=dict)  # of the stages so far, in order


@dataclass(frozen=True)
class Loaded:
    """What `load` did; the counts are those of the table runs."""

    run_id: str
    n_arrived: int
    n_stored: int
    n_unchanged: int
    n_duplicates: int
    n_quarantined: int
    n_mentions: int
    n_tagged: int
    n_erased: int = 0
    is_new: bool = True  # False: the run was loaded before and nothing was done
    n_votes_lost: int = 0  # persons' votes on sentences that a correction took away


def next_run_id(connection: duckdb.DuckDBPyConnection, night: date) -> str:
    """Return the id for the next run of ``night``. A run that was killed is not there, so its id is given again."""
    numbers: list[tuple[int]] = connection.execute(
        "SELECT TRY_CAST(split_part(run_id, '-', -1) AS INTEGER) FROM runs WHERE night = $1", [night]
    ).fetchall()
    return f"{night.isoformat()}-{max((number or 0 for (number,) in numbers), default=0) + 1}"


def n_runs(connection: duckdb.DuckDBPyConnection) -> int:
    """Return how many runs were loaded so far."""
    return int(sql.scalar(connection, "SELECT count(*) FROM runs"))


def newest_night(connection: duckdb.DuckDBPyConnection) -> date | None:
    """Return the latest day that a run was for; None before the first."""
    newest: date | None = sql.scalar(connection, "SELECT max(night) FROM runs")
    return newest


def seen_files(connection: duckdb.DuckDBPyConnection, source: str) -> pl.DataFrame:
    """Return the ledger of one source: source, file, n_bytes, modified_ns, n_items, cursor."""
    return connection.execute("FROM files WHERE source = $1 ORDER BY file", [source]).pl()


def known_files(connection: duckdb.DuckDBPyConnection, source: str) -> set[str]:
    """Return the files of one source that were there when it was last looked at, whatever could be read of them."""
    found = connection.execute(
        "SELECT file FROM files WHERE source = $1 UNION SELECT file FROM places WHERE source = $1 "
        "UNION SELECT file FROM quarantine WHERE source = $1 AND file IS NOT NULL AND vanished_on IS NULL",
        [source],
    )
    return {name for (name,) in found.fetchall()}


def not_stored(connection: duckdb.DuckDBPyConnection, feedback: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of ``feedback`` that `load` would store: those that need splitting and tagging.

    A row is left out when the same content is stored under its ``feedback_id``, or when ``feedback`` has a newer row
    (``occurred_at``, then the order of reading) of that id. Columns and order stay.
    """
    if feedback.is_empty():
        return feedback
    key = ["feedback_id", "content_hash", "occurred_at", "received_at"]
    numbered = feedback.select(key).with_row_index("folder")
    connection.register("arrived_feedback", numbered)
    try:
        fresh = connection.execute(f"SELECT folder FROM ({sql.text('steps/fresh.sql')})").pl()  # noqa: S608
    finally:
        connection.unregister("arrived_feedback")
    return feedback[fresh["folder"].sort()]


def load(
    connection: duckdb.DuckDBPyConnection, staged: Sequence[Path], run: Run, retagged: Sequence[Path] = (),
    revectored: Sequence[Path] = (),
) -> Loaded:  # fmt: skip
    """Store a night's finished partitions in one transaction; killed at any moment, all of it is there or nothing.

    * New feedback comes in with its employees, mentions and tags.
    * The same ``feedback_id`` with the same ``content_hash`` is there already: nothing is done.
    * With other content it is a correction: it takes the place of the old row, its employees, mentions and votes.
      Persons' votes stay on sentences that are still there.
    * Duplicates are marked, quarantine and the ledger of files are brought up to date, the run's row is written.
    * Feedback that no file holds any more is marked (``vanished_on``); what is found again is unmarked.
    * A run that was loaded before is not loaded again.
    * Tags of ``retagged`` (files of columns TAGS) take the place of what model and rules said of these mentions;
      vectors of ``revectored`` (files of columns VECTORS) that of their vectors.

    A partition holds the feedback that `not_stored` returns, with its employees, mentions and tags, and a row in
    ``unchanged.parquet`` for each that it left out; or it holds all feedback that arrived. ``places.parquet`` has the
    places of both kinds; without it nothing is known to vanish. What must not be stored is a row in
    ``erased.parquet``.

    Raises:
        WarehouseError: a partition is not finished, or its columns are not those of ``cxnlp.frames``.
    """
    done = _loaded(connection, run.run_id)
    if done is not None:
        return done
    paths = _files_of(staged)
    try:
        with sql.transaction(connection):
            return _load(connection, paths, run, retagged, revectored)
    except (duckdb.BinderException, duckdb.ConversionException, duckdb.InvalidInputException) as error:
        raise WarehouseError(f"run {run.run_id}: the staged partitions cannot be loaded ({sql.first_line(error)}). "
                             "Their columns must be those of cxnlp/frames.py; empty the staging folder and run again."
                             ) from error  # fmt: skip


def record_seconds(connection: duckdb.DuckDBPyConnection, run_id: str, seconds: Mapping[str, float]) -> None:
    """Note how long stages took; one noted before is replaced."""
    with sql.transaction(connection):
        _record_seconds(connection, run_id, seconds)


def _load(
    connection: duckdb.DuckDBPyConnection, paths: Mapping[str, list[str]], run: Run, retagged: Sequence[Path],
    revectored: Sequence[Path],
) -> Loaded:  # fmt: skip
    n_bytes = sum(Path(path).stat().st_size for path in chain(*paths.values()))
    if n_bytes >= _MANY_BYTES:
        sql.fit_threads(connection, sql.SMALL_FILE_BYTES)
    sql.run(connection, "steps/prepare.sql")
    if retagged:
        sql.run(connection, "steps/retag.sql", {"retagged": [str(path) for path in retagged], "run_id": run.run_id})
    if revectored:
        sql.run(connection, "steps/revector.sql", {"revectored": [str(path) for path in revectored]})
    if paths["feedback"]:
        sql.run(connection, "steps/arrive.sql", paths)
    if paths[VECTORS]:
        sql.run(connection, "steps/arrive_vectors.sql", paths)
    if paths[UNCHANGED]:
        sql.run(connection, "steps/arrive_unchanged.sql", paths)
    if paths[PLACES]:
        sql.run(connection, "steps/arrive_places.sql", paths)
    gone = {"gone_sources": [source for source, _ in run.gone], "gone_files": [file for _, file in run.gone]}
    sql.run(connection, "steps/whole_files.sql", gone)
    if paths[ERASED]:
        sql.run(connection, "steps/arrive_erased.sql", paths)
    fresh = sql.text("steps/fresh.sql")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE fresh_feedback AS {fresh}")
    unquote(connection, connection.execute("SELECT feedback_id FROM fresh_feedback WHERE is_correction").pl())
    sql.run(connection, "steps/replace.sql")
    sql.run(connection, "steps/insert.sql", {"run_id": run.run_id, "reached": list(run.reached)})
    sql.run(connection, "steps/ledger.sql", {"night": run.night})
    mark_duplicates(connection)
    sql.run(connection, "steps/record.sql", _values(run))
    _record_seconds(connection, run.run_id, run.seconds)
    lost = "SELECT count(*) FROM person_votes ANTI JOIN fresh_mentions USING (feedback_id, text)"
    n_votes_lost: int = sql.scalar(connection, lost)
    loaded = _loaded(connection, run.run_id)
    drop_temporary(connection)
    assert loaded is not None
    return replace(loaded, n_votes_lost=n_votes_lost, is_new=True)


def drop_temporary(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop the temporary tables of the steps."""
    for table in _TEMPORARY:
        connection.execute(f"DROP TABLE IF EXISTS temp.{table}")


def _loaded(connection: duckdb.DuckDBPyConnection, run_id: str) -> Loaded | None:
    row = connection.execute(
        "SELECT run_id, n_arrived, n_stored, n_unchanged, n_duplicates, n_quarantined, "
        "n_mentions, n_tagged, coalesce(n_erased, 0) FROM runs WHERE run_id = $1",
        [run_id],
    ).fetchone()
    return None if row is None else replace(Loaded(*row), is_new=False)


def _files_of(staged: Sequence[Path]) -> dict[str, list[str]]:
    """Return for each table the files of all partitions, in the order of their names."""
    paths: dict[str, list[str]] = {name: [] for name in (*PARTITION, *OPTIONAL)}
    for folder in sorted(staged):
        for name in OPTIONAL:
            if (folder / f"{name}.parquet").is_file():
                paths[name].append(str(folder / f"{name}.parquet"))
        for name in PARTITION:
            file = folder / f"{name}.parquet"
            if not file.is_file():
                raise WarehouseError(f"{folder}: has no {file.name}. A finished partition has "
                                     f"{', '.join(PARTITION)}; remove the folder and run again.")  # fmt: skip
            paths[name].append(str(file))
    return paths


def _values(run: Run) -> dict[str, object]:
    return {
        "run_id": run.run_id,
        "night": run.night,
        "started_at": run.started_at,
        "finished_at": run.finished_at or datetime.now(UTC),
        "n_arrived": run.n_arrived,
        "model_version": run.model_version,
        "taxonomy_version": run.taxonomy_version,
    }


def _record_seconds(connection: duckdb.DuckDBPyConnection, run_id: str, seconds: Mapping[str, float]) -> None:
    stages = list(seconds)
    connection.execute("DELETE FROM run_stages WHERE run_id = $1 AND stage IN (SELECT unnest($2))", [run_id, stages])
    first = sql.scalar(connection, "SELECT coalesce(max(position), 0) FROM run_stages WHERE run_id = $1", [run_id])
    connection.execute(
        "INSERT INTO run_stages SELECT $1, unnest($2), unnest($3), unnest($4)",
        [run_id, [first + n for n in range(1, len(stages) + 1)], stages, [float(seconds[name]) for name in stages]],
    )
