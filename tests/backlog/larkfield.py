"""Eight weeks of an invented company, written by hand in larkfield.tsv, as a warehouse.

A line of the file is a mention with its labels, as in the labelling guideline; lines of one day and person are one
piece of feedback. ``{agent:Priya}`` names an employee: the text gets the placeholder, the table its pseudonym.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from cxnlp.frames import EMPLOYEES, FEEDBACK, MENTIONS, QUARANTINE, TAGS, Schema
from cxnlp.warehouse import store

NIGHT = date(2026, 11, 2)
COLUMNS = ["day", "channel", "person", "location", "product", "speaker", "sentiment", "moments", "unmeasurables",
           "warnings", "signals", "text"]  # fmt: skip
SOURCES = {"letter": "post_room", "call": "call_centre", "social": "social"}
_EMPLOYEE = re.compile(r"\{(\w+):(\w+)\}")

Mention = dict[str, str]


def eight_weeks() -> list[Mention]:
    """All mentions of the file."""
    lines = Path(__file__).with_name("larkfield.tsv").read_text("utf-8").splitlines()
    return [dict(zip(COLUMNS, line.split("\t"), strict=True)) for line in lines[1:]]


def said(text: str, **labels: str) -> Mention:
    """One mention for a test: a customer's letter of 26 October unless ``labels`` say otherwise."""
    usual = {"day": "2026-10-26", "channel": "letter", "person": "Someone", "speaker": "customer", "sentiment": "0"}
    return dict.fromkeys(COLUMNS, "") | usual | {"text": text} | labels


def warehouse(path: Path, mentions: Iterable[Mention]) -> duckdb.DuckDBPyConnection:
    """A working database at ``path`` that holds ``mentions``, as after a night."""
    connection = store.open_working(path)
    run: dict[str, Any] = {"run_id": "2026-11-02-1", "night": NIGHT, "state": "loaded", "model_version": "test-1"}
    counts = dict.fromkeys(["n_arrived", "n_stored", "n_unchanged", "n_duplicates", "n_quarantined", "n_mentions"], 0)
    insert(connection, "runs", pl.DataFrame([run | counts | {"n_tagged": 0, "taxonomy_version": "1.0"}]))
    add(connection, mentions)
    return connection


def add(connection: duckdb.DuckDBPyConnection, mentions: Iterable[Mention]) -> None:
    """Store more mentions, as a night would."""
    rows: dict[str, list[dict[str, Any]]] = {"feedback": [], "employees": [], "mentions": [], "tags": []}
    ordered = sorted(mentions, key=lambda mention: (mention["day"], mention["person"]))
    for (day, person), lines in groupby(ordered, key=lambda mention: (mention["day"], mention["person"])):
        _document(rows, day, person, list(lines))
    schemas: dict[str, Schema] = {"feedback": FEEDBACK, "employees": EMPLOYEES, "mentions": MENTIONS, "tags": TAGS}
    for table, schema in schemas.items():
        insert(connection, table, pl.DataFrame(rows[table], schema=schema))
    insert(connection, "uncounted", pl.DataFrame(rows["feedback"], schema=FEEDBACK).select("feedback_id"))
    store.count(connection)


def insert(connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Append ``frame`` to ``table``."""
    connection.register("arriving", frame)
    connection.execute(f"INSERT INTO {table} BY NAME FROM arriving")
    connection.unregister("arriving")


def trouble(connection: duckdb.DuckDBPyConnection) -> None:
    """Store what nights also meet: an unusable file, a duplicate, a letter in a language that is not read."""
    problem = "found a scanned page without text; expected text. Install the extra that reads scans: cxnlp[ocr]"
    refused = {
        "quarantine_id": "q1",
        "source": "post_room",
        "channel": "letter",
        "file": "scan_04.pdf",
        "problem": problem,
    }
    insert(connection, "quarantine", pl.DataFrame([refused], schema=QUARANTINE))
    at = datetime(2026, 10, 20, 9, tzinfo=UTC)
    for number, (language, original) in enumerate([("pl", None), ("en", _hash("2026-09-07", "Ada"))]):
        letter = {"feedback_id": _hash("other", str(number)), "source": "post_room", "channel": "letter",
                  "occurred_at": at, "received_at": at, "language": language, "is_readable": language == "en",
                  "text": "Dzień dobry", "duplicate_of": original}  # fmt: skip
        insert(connection, "feedback", pl.DataFrame([letter], schema=FEEDBACK))


def _document(rows: dict[str, list[dict[str, Any]]], day: str, person: str, lines: list[Mention]) -> None:
    first = lines[0]
    feedback_id = _hash(day, person)
    text = ""
    for position, line in enumerate(lines, start=1):
        words, employees = _mask(line["text"], len(text))
        start, end = len(text), len(text) + len(words)
        text += words + "\n"
        mention = {"mention_id": f"{feedback_id}.{position}", "feedback_id": feedback_id, "position": position}
        place = {"start": start, "end": end, "speaker": line["speaker"] or None, "text": words}
        rows["mentions"].append(mention | place)
        rows["tags"].extend(_vote(mention["mention_id"], start, end) | tag for tag in _tags(line))
        rows["employees"].extend({"feedback_id": feedback_id, **employee} for employee in employees)
    occurred_at = datetime.fromisoformat(day).replace(hour=10, tzinfo=UTC)
    rows["feedback"].append({
        "feedback_id": feedback_id, "source": SOURCES[first["channel"]], "channel": first["channel"],
        "external_id": feedback_id, "occurred_at": occurred_at, "received_at": occurred_at + timedelta(hours=20),
        "language": "en", "is_readable": True, "text": text, "author_key": _hash(person),
        "product": first["product"] or None, "location": first["location"] or None,
    })  # fmt: skip


def _vote(mention_id: Any, start: int, end: int) -> dict[str, Any]:
    versions = {"model_version": "test-1", "taxonomy_version": "1.0", "run_id": "2026-11-02-1"}
    span = {"evidence_start": start, "evidence_end": end}
    return {"mention_id": mention_id, "decision": "yes", "voter": "model"} | span | versions


def _tags(line: Mention) -> Iterator[dict[str, Any]]:
    """The guideline's lists as votes of the model."""
    strength = int(line["sentiment"])
    yield {"family": "sentiment", "label": str(strength), "score": strength / 2, "probability": 0.9}
    for family in ("moment", "unmeasurable", "warning", "signal"):
        for label in filter(None, line[f"{family}s"].split(",")):
            polarity = label[-1] if family == "unmeasurable" else None
            probability = float(line.get("probability", 0.9))
            yield {"family": family, "label": label.rstrip("+-"), "polarity": polarity, "probability": probability}


def _mask(text: str, offset: int) -> tuple[str, list[dict[str, Any]]]:
    """Replace employees by their placeholder and say where it stands."""
    employees = []
    while match := _EMPLOYEE.search(text):
        text = f"{text[: match.start()]}[EMPLOYEE]{text[match.end() :]}"
        start = offset + match.start()
        employees.append({"employee_key": _hash(match[2]), "role": match[1], "start": start, "end": start + 10})
    return text, employees


def _hash(*parts: str) -> str:
    return blake2b("|".join(parts).encode(), digest_size=8).hexdigest()
