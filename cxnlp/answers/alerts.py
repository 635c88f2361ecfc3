"""Early warnings that are open."""

from typing import Any

import duckdb


def open_alerts(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Rows of the view open_alerts: dangers first, then what rises."""
    return connection.sql("FROM open_alerts").pl().to_dicts()
