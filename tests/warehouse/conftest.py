from collections.abc import Iterator

import duckdb
import pytest

from cxnlp.warehouse import store


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty working warehouse in memory."""
    with store.open_working(":memory:") as connection:
        yield connection
