"""Early warnings that are open, and what of them may be shared."""

from typing import Any

import duckdb

from cxnlp.insight.alerts_shared import shared_alert


def open_alerts(connection: duckdb.DuckDBPyConnection, least_group: int) -> list[dict[str, Any]]:
    """Return rows of the view open_alerts, dangers first, then what rises, each as `shared_alert` gives it.

    Args:
        connection: of `open_published`.
        least_group: as ``privacy.least_group``; 1 tells all.
    """
    return [shared_alert(row, least_group) for row in connection.sql("FROM open_alerts").pl().to_dicts()]
