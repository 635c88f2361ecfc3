"""Workspaces whose published database holds a given backlog."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from cxnlp.cli.init import init
from cxnlp.settings import Workspace, open_workspace
from cxnlp.warehouse import store
from tests.once import once

NIGHT = date(2026, 11, 2)

CONFIG = """
company = "Larkfield"
[[source]]
name = "post"
channel = "letter"
kind = "letters"
path = "letters"
"""


def item(item_id: str, **values: Any) -> dict[str, Any]:
    """A row of the table backlog: a new item of twelve people, but for what is said otherwise."""
    return {
        "item_id": item_id, "kind": "moment", "label": "delivery", "polarity": "-", "title": f"Parcels late {item_id}",
        "state": "new", "opened_on": date(2026, 10, 26), "first_feedback_on": date(2026, 10, 20),
        "last_feedback_on": date(2026, 11, 1), "days_to_item": 6, "n_mentions": 15, "n_customers": 12,
        "n_mentions_recent": 4, "trend": 0.5, "trend_word": "rising", "severity": 0.44, "priority": 57.7,
        "net_sentiment": -0.4, "warnings": "too few drivers", "owner": "Logistics", "quote_1": "It came a week late.",
        "quote_1_mention_id": "f1.1", "quote_2": None, "quote_3": None, "run_id": "2026-11-02-1",
    } | values  # fmt: skip


def made(folder: Path, items: Iterable[Mapping[str, Any]], config: str = CONFIG) -> Workspace:
    """A workspace with these items, published as of its first night."""
    folder.mkdir(exist_ok=True)
    (folder / "config.toml").write_text(config, "utf-8")
    init(folder / "workspace", folder / "config.toml")
    place = open_workspace(folder / "workspace")
    publish(place, items)
    return place


def office(factory: pytest.TempPathFactory) -> Path:
    """The root of a workspace with three items, made once for all tests; they copy it."""
    items = [
        item("cx-0000000001"),
        item("cx-0000000002", state="accepted", assigned_to="Mira", due_on=date(2026, 11, 30)),
        item("cx-0000000003", state="declined"),
    ]
    return once(factory, "office", lambda folder: made(folder, items)) / "workspace"


def publish(
    place: Workspace, items: Iterable[Mapping[str, Any]], *, run_id: str = "2026-11-02-1", night: date = NIGHT,
    alerts: Iterable[Mapping[str, Any]] = (),
) -> None:  # fmt: skip
    """A night that leaves these items and early warnings."""
    run = {"run_id": run_id, "night": night, "state": "loaded", "n_arrived": 12, "n_stored": 11, "n_unchanged": 0,
           "n_duplicates": 0, "n_quarantined": 1, "n_mentions": 30, "n_tagged": 30,
           "started_at": datetime.now(UTC)}  # fmt: skip
    with store.open_working(place.working_database) as connection:
        for table in ("backlog", "backlog_targets", "alerts"):
            connection.execute(f"DELETE FROM {table}")
        targets = {"item_within_nights": 1, "accepted_within_days": 5}
        for table, rows in {
            "runs": [run], "backlog": list(items), "backlog_targets": [targets], "alerts": list(alerts)
        }.items():  # fmt: skip
            _insert(connection, table, rows)
        store.publish(connection, place.warehouse)


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[Mapping[str, Any]]) -> None:
    if rows:
        connection.register("arriving", pl.DataFrame(rows, infer_schema_length=None))
        connection.execute(f"INSERT INTO {table} BY NAME FROM arriving")
        connection.unregister("arriving")
