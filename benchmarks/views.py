"""How long every view takes on a published warehouse of so many mentions, and what a night's counting costs on it.

    python -m benchmarks.views 1000000 [10000000] [--folder /tmp/views] [--nightly 2000]

makes a warehouse of numbers and ids (`synthetic.sql`), counts it once (`cxnlp.warehouse.counting`), publishes it (but
for the index of words), and times each view and a few groupings on what was published, with two threads: the median of
five, once as wall-clock seconds and once as seconds of both processors together, which say more on a machine that does
other things, too. `--nightly` pieces, drawn at random, are then counted again, as a night does whose feedback they are.
A warehouse that is in the folder already is used again; remove it after a change of tables, counting or stored views.
Rows are counted, not fetched, except for row-by-row views, of which one page is read, as an analyst does.
"""

import argparse
import functools
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl

from cxnlp.insight import label_errors
from cxnlp.quality.counts import Errors, Measured
from cxnlp.warehouse import counting, publishing, schema, sql, store, storing

SYNTHETIC = Path(__file__).with_name("synthetic.sql")

#: Views with a row for each mention or piece: a page of them, as one looks at quotes.
PAGES = {
    "evidence": "SELECT quote FROM evidence WHERE label = 'delivery' AND sentiment < 0 LIMIT 50",
    "settled": "FROM settled WHERE label = 'delivery' LIMIT 50",
    "theme_evidence": "SELECT quote FROM theme_evidence WHERE theme_id = 'theme 7' ORDER BY similarity DESC LIMIT 50",
    "journeys": "FROM journeys WHERE is_churn LIMIT 50",
}
GROUPINGS = (
    "FROM counts_by('moment', 'week', 'product, location')",
    "FROM counts_by('moment', 'month', 'channel, product, location, segment')",
    "FROM unmeasurables_by('week', 'location')",
)


def fill(connection: duckdb.DuckDBPyConnection, n_mentions: int) -> None:
    """Fill an empty working file with numbers and ids; it is counted in larger parts than a night's."""
    for statement in connection.extract_statements(SYNTHETIC.read_text("utf-8")):
        connection.execute(statement, dict.fromkeys(statement.named_parameters, n_mentions) or None)
    counting._BUCKET = 800_000


def make(working: Path, published: Path, n_mentions: int) -> None:
    """Write the warehouse of numbers, count it and publish it, with more memory than a night has."""
    with store.open_working(working) as connection:
        connection.execute("SET memory_limit = '8GB'")
        fill(connection, n_mentions)
        _told("counted for the first time", lambda: store.count(connection))
        words = connection.execute("SELECT family, id FROM taxonomy").fetchall()
        signs = {"unmeasurable": ("+", "-")}
        codes = [(family, label + sign) for family, label in words for sign in signs.get(family, ("",))]
        errors = dict.fromkeys(codes, Errors(80, 20, 20, 900))
        store.write(connection, "label_errors", label_errors(Measured("synthetic", errors)))
        _told("published", lambda: _publish(connection, published))


def _publish(connection: duckdb.DuckDBPyConnection, published: Path) -> None:
    with duckdb.connect(published) as fresh:
        schema.prepare(fresh, published)
        schema.leave_out_private(fresh)
    publishing._copy_rows(connection, published)
    with duckdb.connect(published) as fresh:
        fresh.execute("SET memory_limit = '8GB'")
        storing.store_views(fresh)


def _told(what: str, work: Callable[[], object]) -> None:
    seconds, processor = timed(work)
    print(f"{seconds:8.1f} {processor:8.1f}  {what}", flush=True)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return seconds by the clock and seconds of all processors."""
    started, busy = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - started, time.process_time() - busy


def measure(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return for each view the median seconds of five; the first reading, which fills the memory, is not among them."""
    rows = []
    for name in (*schema.VIEWS, *GROUPINGS):
        query = PAGES.get(name, f"SELECT max(hash(COLUMNS(*))) FROM ({_from(name)})")  # every column is worked out
        takes = [timed(functools.partial(_answer, connection, query)) for _ in range(6)][1:]
        rows.append((name, *(round(statistics.median(each), 3) for each in zip(*takes, strict=True))))
        print(f"{rows[-1][1]:8.3f} {rows[-1][2]:8.3f}  {name}", flush=True)
    return pl.DataFrame(rows, schema=["view", "seconds", "processor_seconds"], orient="row")


def _answer(connection: duckdb.DuckDBPyConnection, query: str) -> None:
    connection.execute(query).fetchall()


def _from(name: str) -> str:
    return name if name.startswith("FROM") else f"FROM {name}"


def nightly(connection: duckdb.DuckDBPyConnection, n_pieces: int) -> None:
    """Count so many pieces again, as after a night that brought them."""
    connection.execute(
        "INSERT INTO uncounted SELECT feedback_id FROM feedback ORDER BY hash(feedback_id) LIMIT $1", [n_pieces]
    )
    store.count(connection)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("n_mentions", type=int, nargs="+")
    asked.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "cxnlp-views")
    asked.add_argument("--nightly", type=int, default=2_000)
    given = asked.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    for n_mentions in given.n_mentions:
        working, published = (given.folder / f"{n_mentions}-{kind}.duckdb" for kind in ("working", "published"))
        print(f"{n_mentions} mentions: seconds by the clock, seconds of processors")
        if not published.is_file():
            make(working, published, n_mentions)
        with sql.connect(published, read_only=True) as connection:
            connection.execute("SET threads = 2")
            connection.execute("SET memory_limit = '4GB'")
            measure(connection)
        with store.open_working(working) as connection:
            _told(f"{given.nightly} pieces counted again", lambda: nightly(connection, given.nightly))


if __name__ == "__main__":
    main()
