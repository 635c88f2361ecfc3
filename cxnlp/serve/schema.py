"""JSON Schema of what the API answers: of views by the warehouse's contract, of the rest written out."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

import polars as pl

from cxnlp.backlog import BACKLOG
from cxnlp.warehouse import contract

Schema = dict[str, Any]

_KINDS: Final[Mapping[str, Schema]] = {
    "VARCHAR": {"type": ["string", "null"]},
    "BOOLEAN": {"type": ["boolean", "null"]},
    "DATE": {"type": ["string", "null"], "format": "date"},
    "TIMESTAMP WITH TIME ZONE": {"type": ["string", "null"], "format": "date-time"},
    "TIMESTAMP": {"type": ["string", "null"], "format": "date-time"},
    "DOUBLE": {"type": ["number", "null"]},
    "FLOAT": {"type": ["number", "null"]},
}
_WHOLE: Final = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?")

_TEXT, _DAY, _NUMBER, _COUNT, _YES = "VARCHAR", "DATE", "DOUBLE", "BIGINT", "BOOLEAN"

_PLACE: Final = {"channel": _TEXT, "source": _TEXT, "product": _TEXT, "location": _TEXT}
_SAID: Final = {"mention_id": _TEXT, "occurred_on": _DAY, **_PLACE, "sentiment": _COUNT}
_TAG: Final = {"family": _TEXT, "label": _TEXT, "polarity": _TEXT, "name": _TEXT, "probability": _NUMBER,
               "decision": _TEXT, "voter": _TEXT, "evidence": _TEXT}  # fmt: skip
_THEME: Final = {"ground": _TEXT, "theme_id": _TEXT, "name": _TEXT, "is_named": _YES, "is_pinned": _YES,
                 "n_mentions": _COUNT, "n_customers": _COUNT, "net_sentiment": _NUMBER, "born_on": _DAY,
                 "first_on": _DAY, "last_on": _DAY}  # fmt: skip
_PART: Final = {"part": _TEXT, "effect": _NUMBER, "low": _NUMBER, "high": _NUMBER}
_EVENT: Final = {"item_id": _TEXT, "at": "TIMESTAMP", "happened_on": _DAY, "event": _TEXT, "state_before": _TEXT,
                 "state_after": _TEXT, "by": _TEXT, "owner": _TEXT, "due_on": _DAY, "shipped_on": _DAY,
                 "snoozed_until": _DAY, "other_id": _TEXT, "n_customers": _COUNT, "note": _TEXT,
                 "shipped_where": _TEXT}  # fmt: skip
_EFFECT: Final = {"verdict": _TEXT, "note": _TEXT, "decided_on": _DAY, "effect": _NUMBER, "effect_low": _NUMBER,
                  "effect_high": _NUMBER, "n_reports_before": _COUNT, "n_reports_after": _COUNT,
                  "controls": "VARCHAR[]"}  # fmt: skip
_FOUND: Final = {"mention_id": _TEXT, "score": _NUMBER, "words_score": _NUMBER, "labels_score": _NUMBER,
                 "nearness": _NUMBER, "occurred_on": _DAY, "channel": _TEXT, "source": _TEXT, "moments": _TEXT,
                 "sentiment": _COUNT, "quote": _TEXT, "context": _TEXT}  # fmt: skip

#: What every error looks like.
ERROR: Final[Schema] = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {
                "code": {"type": "string", "description": "For programs."},
                "message": {"type": "string", "description": "For people: what was found and what is allowed."},
            },
        }
    },
}


def row(columns: Mapping[str, str], **more: Schema) -> Schema:
    """Return the schema of an object with columns of DuckDB's types, and ``more`` properties."""
    return {"type": "object", "properties": {name: kind(each) for name, each in columns.items()} | more}


def rows(columns: Mapping[str, str], **more: Schema) -> Schema:
    """Return the schema of a list of such objects."""
    return many(row(columns, **more))


def many(items: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": items}


def kind(duckdb_type: str) -> Schema:
    """Return the schema of a value of one of DuckDB's types; anything where JSON has no word for it."""
    if duckdb_type.endswith("[]"):
        return {"type": ["array", "null"], "items": kind(duckdb_type[:-2])}
    if _WHOLE.fullmatch(duckdb_type):
        return {"type": ["integer", "null"]}
    return dict(_KINDS.get(duckdb_type, {}))


@cache
def view(name: str) -> Mapping[str, str]:
    """Return a view's columns and their types."""
    return contract.promised()[1][name]


@cache
def item() -> Mapping[str, str]:
    """Return the columns of the backlog and their types in DuckDB's words."""
    kinds: dict[type[pl.DataType], str] = {pl.String: _TEXT, pl.Date: _DAY, pl.Float64: _NUMBER}
    return {name: kinds.get(type(dtype), _COUNT) for name, dtype in BACKLOG.items()}


def moment(*, is_whole: bool = False) -> Schema:
    """Return the schema of a moment of truth; ``is_whole``: with its soft skills."""
    few = {"description": "Columns that are null because too few people are behind them."}
    more = {"targets": rows(view("moment_targets")), "few": many({"type": "string"}) | few}
    if is_whole:
        more["rates"] = rows(view("moment_rates"))
    return row({**view("moment_diagnostics"), "is_hidden": _YES}, **more)


def backlog_item(*, is_whole: bool = False) -> Schema:
    """Return the schema of an item: numbers of a small group are text, such as "<5"; ``is_whole``: with its life."""
    counts = {name: {"type": ["integer", "string", "null"]} for name in item() if name.startswith("n_")}
    life: dict[str, Schema] = {
        "clock": {"type": "object"}, "events": EVENTS, "allowed": many({"type": "string"}),
        "effect": row(_EFFECT) | {"type": ["object", "null"], "description": "Whether the fix helped, if any."},
    }  # fmt: skip
    return row(item(), **counts, **(life if is_whole else {}))


SCORECARD: Final = rows({**view("scorecard"), "is_hidden": _YES})
ALERTS: Final = rows(view("open_alerts"), n_customers={"type": ["integer", "string", "null"]})
DRIVERS: Final = rows(view("drivers"))
THEMES: Final = rows(_THEME)
THEME: Final = row(_THEME, quotes=rows({"mention_id": _TEXT, "occurred_on": _DAY, "sentiment": _COUNT, "quote": _TEXT}),
                   events=many({"type": "object"}))  # fmt: skip
FOUND: Final = rows(_FOUND)
MENTION: Final = row(
    {**_SAID, "feedback_id": _TEXT, "language": _TEXT, "segment": _TEXT, "rating": _NUMBER, "speaker": _TEXT,
     "sentiment_score": _NUMBER, "quote": _TEXT, "context": _TEXT, "external_id": _TEXT},
    tags=rows(_TAG),
)  # fmt: skip
QUOTES: Final = rows({**_SAID, "probability": _NUMBER, "quote": _TEXT})
MENTIONS: Final = rows({**_SAID, "quote": _TEXT})
EVENT: Final = row(_EVENT)
EVENTS: Final = many(EVENT)
EXPLAINED: Final = row(
    {"item_id": _TEXT, "title": _TEXT, "sentence": _TEXT, "state": _TEXT, "priority": _NUMBER,
     "priority_of_last_night": _NUMBER},
    parts=rows({"part": _TEXT, "value": _NUMBER, "weight": _NUMBER, "points": _NUMBER}),
    assumptions=many({"type": "string"}),
)  # fmt: skip
PLAN: Final = row(
    {"night": _DAY},
    dangers=many({"type": "object", "description": "Columns of the view plan_actions; these are in no stage."}),
    stages=rows(
        {"name": _TEXT},
        feeling={"type": ["object", "null"], "description": "Columns of the view abacus."},
        **{name: many({"type": "object", "description": "Columns of the view plan_moments."})
           for name in ("critical", "working", "lacking")},
        actions=many({"type": "object", "description": "Columns of the view plan_actions."}),
        targets=many({"type": "object", "description": "Columns of the views moment_targets and plan_moments."}),
    ),
)  # fmt: skip
CLOCK: Final = {
    "type": "object",
    "properties": {name: many({"type": "object"}) for name in ("items", "legs")},
}
WHY: Final = row(
    {"label": _TEXT, "number": _TEXT, "before": _NUMBER, "after": _NUMBER, "n_before": _COUNT, "n_after": _COUNT,
     "is_one": _YES},
    **{"from": many(kind(_DAY)), "to": many(kind(_DAY))},
    parts=rows(_PART),
    cells=rows({**_PART, **_PLACE, "n_customers": _COUNT, "n_before": _COUNT, "rate_before": _NUMBER,
                "n_after": _COUNT, "rate_after": _NUMBER, "mention_ids": "VARCHAR[]"}),
)  # fmt: skip
STATUS: Final = {
    "type": "object",
    "properties": {
        name: many({"type": "object"}) for name in ("runs", "sum", "freshness", "quarantine", "model")
    },
}  # fmt: skip
VIEWS: Final = rows({"name": _TEXT, "kind": _TEXT, "n_columns": _COUNT, "meaning": _TEXT})
COLUMNS: Final = rows({"name": _TEXT, "type": _TEXT, "meaning": _TEXT})
ROWS: Final = many({"type": "object", "description": "Columns as /api/views/{view} says."})
SQL: Final[Schema] = {
    "type": "object",
    "properties": {
        "columns": many({"type": "string"}),
        "rows": many({"type": "array", "items": {}}),
        "is_cut": {"type": "boolean", "description": "Whether there were more rows than were asked for."},
    },
}

#: A file as an answer, and the bytes of one as a question.
FILE: Final[Schema] = {"type": "string", "contentMediaType": "application/octet-stream"}
BYTES: Final[Schema] = {
    "requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string"}}}}
}
IMPORTED: Final = row(
    {"n_rows": _COUNT, "n_unchanged": _COUNT, "dry_run": _YES},
    moves=many({"type": "object"}),
    conflicts=rows({"item_id": _TEXT, "row": _COUNT, "column": _TEXT, "exported": _TEXT, "in_sheet": _TEXT,
                    "now": _TEXT}),
)  # fmt: skip
EDITED: Final = row({"theme_id": _TEXT, "kind": _TEXT, "name": _TEXT, "into_id": _TEXT})
SET: Final = row({"moment": _TEXT, "says": _TEXT})
TAGGED: Final = many({"type": "object", "description": "As docs/tag.md says."})
_WAITING: Final = {"quarantine_id": _TEXT, "source": _TEXT, "file": _TEXT, "masked_file": _TEXT, "row": _COUNT,
                   "problem": _TEXT, "since": _DAY, "vanished_on": _DAY, "reason": _TEXT}  # fmt: skip
QUARANTINED: Final = rows(_WAITING)
QUARANTINED_ONE: Final = row({**_WAITING, "path": _TEXT})
FILES: Final = rows({"source": _TEXT, "file": _TEXT, "vanished_on": _DAY})
RELEASED: Final = row({"n_released": _COUNT, "quarantine_ids": "VARCHAR[]", "reason": _TEXT})
NIGHTS: Final = many({"type": "string", "format": "date"})
MODEL: Final = row({"is_shipped": _YES, "card": _TEXT}, scores={"type": ["object", "null"]})
REVIEW: Final = row(
    {"run_id": _TEXT, "n_answered": _COUNT},
    words=rows({"code": _TEXT, "name": _TEXT, "meaning": _TEXT}),
    items=rows({"key": _TEXT, "before": _TEXT, "text": _TEXT, "after": _TEXT, "document": _TEXT, "channel": _TEXT,
                "occurred_on": _TEXT, "speaker": _TEXT, "slice": _TEXT, "labels": "VARCHAR[]"},
               said={"type": "object"}),
)  # fmt: skip
REVIEWED: Final = row({"n_answers": _COUNT, "n_marks": _COUNT, "n_unchanged": _COUNT, "n_blank": _COUNT})
_JOB: Final = {"id": _TEXT, "command": _TEXT, "state": _TEXT, "queued_at": _TEXT, "started_at": _TEXT,
               "ended_at": _TEXT, "exit_code": _COUNT}  # fmt: skip
JOBS: Final = rows(_JOB, arguments={"type": "object"})
JOB: Final = row({**_JOB, "log": "VARCHAR[]", "printed": "VARCHAR[]", "files": "VARCHAR[]"},
                 arguments={"type": "object"}, answer={"description": "What it says with --json."})  # fmt: skip
COMMANDS: Final = rows({"command": _TEXT, "says": _TEXT, "needs_confirm": _YES}, arguments={"type": "object"})


def tasks(told: Sequence[Mapping[str, Any]]) -> Schema:
    """Return what OpenAPI says of the body that begins a job: each command with its own arguments."""
    each = [
        {"title": one["command"], "description": one["says"],
         "properties": {"command": {"const": one["command"]}, "arguments": one["arguments"]}}
        for one in told
    ]  # fmt: skip
    return {"requestBody": {"content": {"application/json": {"schema": {"oneOf": each}}}}}
