"""What the night writes of one ground."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl

from cxnlp.insight.themes.growing import Event, Growing, Theme

_STORE: Final = (Path(__file__).parent / "store.sql").read_text("utf-8")

_JOINED: Final = {"mention_id": pl.String(), "theme_id": pl.String(), "similarity": pl.Float64()}
_NOW: Final = {
    "theme_id": pl.String(),
    "n_mentions": pl.Int64(),
    "n_summed": pl.Int64(),
    "n_looked_at": pl.Int64(),
    "vector_sum": pl.List(pl.Int32()),
}
_GONE: Final = {"theme_id": pl.String(), "state": pl.String(), "into_id": pl.String()}
_HAPPENED: Final = {"theme_id": pl.String(), "event": pl.String(), "other_id": pl.String(), "n_mentions": pl.Int64()}


def store(
    connection: duckdb.DuckDBPyConnection, growing: Growing, *, looked_at: Iterable[str] = (), night: date, run_id: str
) -> None:
    """Write what was done to a ground since it was last written; ``looked_at`` may have joined nothing."""
    alone = [(name, None, None) for name in looked_at if name not in growing.joined]
    joined = [(name, *where) for name, where in growing.joined.items()]
    frames = {
        "theme_joined": pl.DataFrame(joined + alone, schema=_JOINED, orient="row"),
        "theme_now": pl.DataFrame([_now(theme) for theme in growing.changed()], schema=_NOW, orient="row"),
        "theme_gone": pl.DataFrame(_gone(growing), schema=_GONE, orient="row"),
        "theme_happened": pl.DataFrame([_happened(event) for event in growing.events], schema=_HAPPENED, orient="row"),
    }
    bound: Mapping[str, Any] = {"ground": growing.ground, "night": night, "run_id": run_id}
    for name, frame in frames.items():
        connection.register(name, frame)
    try:
        for statement in connection.extract_statements(_STORE):
            connection.execute(statement, {name: bound[name] for name in statement.named_parameters} or None)
    finally:
        for name in frames:
            connection.unregister(name)
    growing.written()


def _now(theme: Theme) -> tuple[object, ...]:
    return theme.theme_id, theme.n_mentions, theme.n_summed, theme.n_looked_at, theme.vector_sum.tolist()


def _gone(growing: Growing) -> list[tuple[str, str, str | None]]:
    merged = [(name, "merged", into) for name, into in growing.moved.items()]
    return merged + [(event.theme_id, "ended", None) for event in growing.events if event.event == "ended"]


def _happened(event: Event) -> tuple[object, ...]:
    return event.theme_id, event.event, event.other_id, event.n_mentions
