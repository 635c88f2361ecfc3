"""What a night of themes costs, by how much is stored.

    python -m benchmarks.themes_speed [--mentions 100000] [--nightly 2000] [--folder /tmp/themes]

makes a warehouse of numbers and ids (`synthetic.sql`) with vectors around invented subjects, lets themes grow once on
all of it, and then on three nights with `--nightly` new mentions each: seconds of both processors together, and the
most memory that the process has used so far. A warehouse that is in the folder already is used again.
"""

import argparse
import resource
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import polars as pl

from cxnlp.frames import VECTOR_WIDTH, VECTORS
from cxnlp.insight import daily, everywhere, themes
from cxnlp.tags.vectors import frame, whole
from cxnlp.warehouse import store

SYNTHETIC: Final = Path(__file__).with_name("synthetic.sql")
NIGHT: Final = date(2026, 11, 2)
LEAST_GROUP: Final = 5
N_SUBJECTS: Final = 400
_AT_ONCE: Final = 50_000

#: Pieces of the last day once more, as others wrote them tonight.
_TABLES: Final = {
    "feedback": "SELECT * REPLACE (feedback_id || $1 AS feedback_id, NULL AS duplicate_of, NULL AS customer_key, "
    "occurred_at + INTERVAL 1 DAY * $2 AS occurred_at) FROM feedback SEMI JOIN again USING (feedback_id)",
    "mentions": "SELECT * REPLACE (feedback_id || $1 || '.' || position AS mention_id, "
    "feedback_id || $1 AS feedback_id) FROM mentions SEMI JOIN again USING (feedback_id)",
    "tags": "SELECT * REPLACE (replace(mention_id, '.', $1 || '.') AS mention_id) FROM tags "
    "SEMI JOIN (FROM mentions SEMI JOIN again USING (feedback_id)) USING (mention_id)",
}
_AGAIN: Final = """
CREATE OR REPLACE TEMP TABLE again AS
SELECT feedback_id FROM feedback JOIN mentions USING (feedback_id)
WHERE feedback_id NOT LIKE '%n%'
ORDER BY hash(mention_id, $1) LIMIT $2
"""


def make(path: Path, n_mentions: int) -> None:
    """Write the warehouse, with vectors."""
    with store.open_working(path) as connection:
        connection.execute("SET memory_limit = '8GB'")
        for statement in connection.extract_statements(SYNTHETIC.read_text("utf-8")):
            connection.execute(statement, dict.fromkeys(statement.named_parameters, n_mentions) or None)
        connection.execute("UPDATE mentions SET text = 'one more ' || text")
        add_vectors(connection)


def add_vectors(connection: duckdb.DuckDBPyConnection) -> None:
    """Give a vector to each mention that has none: two in three speak of one of the subjects, the rest of nothing."""
    query = "SELECT mention_id, hash(mention_id) AS number FROM mentions ANTI JOIN mention_vectors USING (mention_id)"
    drawn = np.random.default_rng(7)
    subjects = drawn.normal(size=(N_SUBJECTS, VECTOR_WIDTH)) / VECTOR_WIDTH**0.5
    common = drawn.normal(size=VECTOR_WIDTH) / VECTOR_WIDTH**0.5
    missing = connection.execute(query).pl()
    for some in missing.iter_slices(_AT_ONCE):
        numbers = some["number"].to_numpy()
        vectors = common + drawn.normal(size=(some.height, VECTOR_WIDTH)) / VECTOR_WIDTH**0.5
        vectors += np.where(numbers % 3 > 0, 1.1, 0)[:, None] * subjects[numbers % N_SUBJECTS]
        rows = frame(some["mention_id"].to_list(), whole(vectors.astype(np.float32)), "e1")
        assert rows.schema == pl.Schema(VECTORS)
        connection.register("_vectors", rows)
        connection.execute("INSERT INTO mention_vectors BY NAME FROM _vectors")
        connection.unregister("_vectors")


def arrive(connection: duckdb.DuckDBPyConnection, night: int, n_mentions: int) -> None:
    """Store new mentions; the table uncounted notes their feedback, as the stage `load` does."""
    connection.execute(_AGAIN, [night, n_mentions * 10 // 42])
    for table, query in _TABLES.items():
        values = [f"n{night}", night] if table == "feedback" else [f"n{night}"]
        connection.execute(f"INSERT INTO {table} BY NAME {query}", values)
    connection.execute("INSERT INTO uncounted SELECT feedback_id || $1 FROM again", [f"n{night}"])
    add_vectors(connection)


def measured(connection: duckdb.DuckDBPyConnection, night: date) -> str:
    """Let themes grow, and count what early warnings watch; return what it cost."""
    parts = []
    for name, work in (("themes", _grow), ("daily", _count)):
        started = time.process_time()
        work(connection, night)
        parts.append(f"{name} {time.process_time() - started:6.1f} s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"{'  '.join(parts)}  memory {peak:,.0f} MB"


def _grow(connection: duckdb.DuckDBPyConnection, night: date) -> None:
    with store.transaction(connection):
        themes.grow(connection, night=night, run_id=f"{night}-1", least_group=LEAST_GROUP)


def _count(connection: duckdb.DuckDBPyConnection, night: date) -> None:
    with store.transaction(connection):
        store.write(connection, "daily_reports", everywhere(daily(connection, night=night)))


def main() -> None:
    """Run it as the command line asks."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--mentions", type=int, default=100_000)
    asked.add_argument("--nightly", type=int, default=2_000)
    asked.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "cxnlp-themes")
    given = asked.parse_args()
    path = given.folder / f"{given.mentions}.duckdb"
    if not path.is_file():
        given.folder.mkdir(parents=True, exist_ok=True)
        make(path, given.mentions)
    with store.open_working(path) as connection:
        (n_before,) = connection.execute("SELECT count(*) FROM mentions").fetchall()[0]
        print(f"{n_before:,} mentions\nfirst night   {measured(connection, NIGHT)}", flush=True)
        for number in range(1, 4):
            arrive(connection, number, given.nightly)
            (n_after,) = connection.execute("SELECT count(*) FROM mentions").fetchall()[0]
            cost = measured(connection, NIGHT + timedelta(days=number))
            print(f"{n_after - n_before:,} more mentions  {cost}", flush=True)
            n_before = n_after


if __name__ == "__main__":
    main()
