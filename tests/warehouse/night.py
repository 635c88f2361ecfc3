"""Hand-built nights: a few pieces of feedback with their tags, as finished partitions."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl

from cxnlp.frames import EMPLOYEES, FEEDBACK, MENTIONS, QUARANTINE, TAGS, Schema
from cxnlp.warehouse import store

FILES: Schema = {
    "source": pl.String(),
    "file": pl.String(),
    "n_bytes": pl.Int64(),
    "modified_ns": pl.Int64(),
    "n_items": pl.Int64(),
    "cursor": pl.String(),
}
NIGHT = date(2026, 11, 2)


@dataclass(frozen=True)
class Said:
    """One mention. Tags are written ``moment:delivery``, ``unmeasurable:trust-``, or with a ``?`` when unsure."""

    text: str
    sentiment: int = 0
    tags: tuple[str, ...] = ()
    speaker: str | None = None


def said(text: str, sentiment: int = 0, *tags: str, speaker: str | None = None) -> Said:
    return Said(text, sentiment, tags, speaker)


@dataclass(frozen=True)
class Piece:
    """One piece of feedback: its mentions, each on a line, and the columns that matter to a test."""

    feedback_id: str
    said: tuple[Said, ...]
    columns: dict[str, Any]

    @property
    def text(self) -> str:
        return "\n".join(mention.text for mention in self.said)

    def but(self, *said: Said, **columns: Any) -> "Piece":
        return replace(self, said=said or self.said, columns=self.columns | columns)


def piece(feedback_id: str, *said: Said, day: str = "2026-10-26", **columns: Any) -> Piece:
    return Piece(feedback_id, said, {"occurred_at": datetime.fromisoformat(f"{day}T10:00+00:00")} | columns)


def votes(mention_id: str, mention: Said, start: int, voter: str = "model") -> list[dict[str, Any]]:
    """The model's votes on one mention."""
    base = {"mention_id": mention_id, "voter": voter, "model_version": "m1", "taxonomy_version": "t1"}
    feeling = {"family": "sentiment", "label": str(mention.sentiment), "score": mention.sentiment / 2}
    rows: list[dict[str, Any]] = [base | feeling | {"probability": 0.75, "decision": "yes"}]
    for tag in mention.tags:
        family, label = tag.removeprefix("?").split(":")
        polarity = label[-1] if family == "unmeasurable" else None
        decision = "unsure" if tag.startswith("?") else "yes"
        span = {"evidence_start": start, "evidence_end": start + len(mention.text)}
        row = {"family": family, "label": label.rstrip("+-"), "polarity": polarity, "decision": decision}
        rows.append(base | row | span | {"probability": 0.5 if decision == "unsure" else 0.75})
    return rows


def frames(pieces: Sequence[Piece]) -> dict[str, pl.DataFrame]:
    """The pieces as the frames of a partition."""
    rows: dict[str, list[dict[str, Any]]] = {"feedback": [], "employees": [], "mentions": [], "tags": []}
    for item in pieces:
        usual = {"feedback_id": item.feedback_id, "source": "post", "channel": "letter", "text": item.text,
                 "language": "en", "is_readable": True, "content_hash": digest(item.text),
                 "signature": signature(item.text)}  # fmt: skip
        columns = usual | item.columns
        rows["employees"] += [{"feedback_id": item.feedback_id} | row for row in columns.pop("employees", [])]
        rows["feedback"].append(columns)
        start = 0
        for position, mention in enumerate(item.said, start=1):
            mention_id = f"{item.feedback_id}.{position}"
            end = start + len(mention.text)
            rows["mentions"].append({"mention_id": mention_id, "feedback_id": item.feedback_id, "position": position,
                                     "start": start, "end": end, "speaker": mention.speaker,
                                     "text": mention.text})  # fmt: skip
            rows["tags"] += votes(mention_id, mention, start)
            start = end + 1
    schemas: dict[str, Schema] = {"feedback": FEEDBACK, "employees": EMPLOYEES, "mentions": MENTIONS, "tags": TAGS}
    return {name: pl.DataFrame(rows[name], schema=schema) for name, schema in schemas.items()}


def partition(
    folder: Path, *pieces: Piece, quarantine: Sequence[dict[str, Any]] = (), files: Sequence[dict[str, Any]] = ()
) -> Path:
    """Write a finished partition and return its folder."""
    folder.mkdir(parents=True)
    for name, frame in frames(pieces).items():
        frame.write_parquet(folder / f"{name}.parquet")
    pl.DataFrame(list(quarantine), schema=QUARANTINE).write_parquet(folder / "quarantine.parquet")
    ledger = files or [file("inbox.csv", len(pieces) + len(quarantine))]
    pl.DataFrame(list(ledger), schema=FILES).write_parquet(folder / "files.parquet")
    return folder


def file(name: str, n_items: int, n_bytes: int = 10) -> dict[str, Any]:
    row = {"source": "post", "file": name, "n_bytes": n_bytes, "modified_ns": 1}
    return row | {"n_items": n_items, "cursor": None}


def refused(quarantine_id: str, file: str | None = "inbox.csv", source: str = "post") -> dict[str, Any]:
    problem = "found an empty text; expected words. Mend the row and run again."
    return {"quarantine_id": quarantine_id, "source": source, "channel": "letter", "file": file, "problem": problem}


def run(number: int = 1, **values: Any) -> store.Run:
    clock = datetime(2026, 11, 3, 2, number, tzinfo=UTC)
    usual = {"run_id": f"{NIGHT}-{number}", "night": NIGHT, "started_at": clock, "finished_at": clock}
    return store.Run(**(usual | values))


def quoted(connection: duckdb.DuckDBPyConnection, mention_id: str) -> None:
    """A closed item, which no night builds again: it quotes this mention first and another one second."""
    connection.execute(
        "INSERT INTO backlog BY NAME SELECT 'i1' AS item_id, 'moment' AS kind, 'delivery' AS label, 'closed' AS state, "
        "'Delivery disappoints: Jo Hale' AS title, 'Customers report that Jo Hale was rude.' AS sentence, "
        "'Jo Hale was rude.' AS quote_1, $1 AS quote_1_mention_id, 'Too late.' AS quote_2, "
        "'f9.1' AS quote_2_mention_id",
        [mention_id],
    )
    connection.execute("INSERT INTO backlog_evidence VALUES ('i1', $1)", [mention_id])


#: What the backlog says of it, and what it says when the words of the first quote are gone.
QUOTED: Final = "SELECT title, sentence, quote_1, quote_1_mention_id, quote_2, quote_2_mention_id FROM backlog"
UNQUOTED: Final = ("Delivery disappoints", None, None, None, "Too late.", "f9.1")


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[Any, ...]]:
    return connection.execute(query).fetchall()


def everything(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables that a night fills, in a fixed order."""
    tables = ("feedback", "employees", "mentions", "tags", "quarantine", "files", "signature_bands")
    return {table: sorted(rows(connection, f"FROM {table}"), key=repr) for table in tables}


def digest(text: str) -> str:
    return hashlib.blake2b(text.lower().encode(), digest_size=8).hexdigest()


def signature(text: str) -> list[int]:
    """MinHash of three-word shingles: 64 values."""
    words = text.lower().split()
    shingles = {" ".join(words[i : i + 3]) for i in range(max(1, len(words) - 2))}
    hashes = [int.from_bytes(hashlib.blake2b(s.encode(), digest_size=4).digest()) for s in shingles]
    odd = [2 * seed * 0x9E3779B1 + 1 for seed in range(64)]
    return [min((h * odd[seed] + seed * 0x85EBCA6B ^ h >> 7) % 2**32 for h in hashes) for seed in range(64)]
