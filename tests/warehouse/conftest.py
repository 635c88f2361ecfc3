from collections.abc import Iterator

import duckdb
import pytest

from cxnlp import taxonomy
from cxnlp.warehouse import store


@pytest.fixture(scope="session")
def shared() -> Iterator[duckdb.DuckDBPyConnection]:
    with store.open_working(":memory:") as connection:
        yield connection


@pytest.fixture
def connection(shared: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty working warehouse in memory: one for all tests, emptied for each, as making one takes longer."""
    for (table,) in shared.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal").fetchall():
        if table not in ("edition", "taxonomy"):
            shared.execute(f"DELETE FROM {table}")
    yield shared
    shared.execute("SET TimeZone = 'UTC'")
    if shared.execute("SELECT count(*) FROM taxonomy").fetchall() != [(36,)]:
        store.write(shared, "taxonomy", taxonomy.load().frame())
