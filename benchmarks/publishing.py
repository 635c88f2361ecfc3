"""How long it takes until readers see a night, and until they see what somebody decided between nights.

    python -m benchmarks.publishing 10000 [1000000] [--folder /tmp/publishing] [--times 5]

makes a working file of numbers and ids (`synthetic.sql`) with texts and vectors of the usual size and a backlog of 200
items, publishes it whole, and then, each so many times, after a move of the backlog, after a theme was renamed and
after a moment got another owner: the median by the clock, and in seconds of both processors together, which say more on
a machine that does other things, too. Opening the working file, which stands before each of them on the command line,
is told apart. A working file that is in the folder already is used again; remove it after a change of tables.
"""

import argparse
import shutil
import statistics
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TypeVar

from benchmarks.views import fill, timed
from cxnlp.warehouse import store

T = TypeVar("T")
Seconds = tuple[float, float]

#: Twelve words a mention, and one of a thousand vectors: as large as those of customers, and as hard to compress.
FILLING: Final = """
UPDATE mentions SET text = (
    SELECT string_agg(format('{:x}', hash(mention_id, n) % 40000), ' ') FROM range(12) AS words(n)
);
CREATE TEMP TABLE some_vectors AS
SELECT number, list(CAST(hash(number, n) % 100 AS TINYINT) ORDER BY n)::TINYINT[384] AS vector
FROM range(1000) AS numbers(number), range(384) AS widths(n)
GROUP BY number;
INSERT INTO mention_vectors
SELECT mention_id, 'synthetic', vector FROM mentions JOIN some_vectors ON number = hash(mention_id) % 1000;
DROP TABLE some_vectors;
INSERT INTO backlog (item_id, kind, label, stage, title, state, opened_on, n_customers, priority, owner)
SELECT format('{:016x}', hash(number)), 'moment', 'delivery', 'acquisition', 'Item ' || number, 'new',
    DATE '2026-10-26', number, number / 2, 'Logistics'
FROM range(200) AS numbers(number);
INSERT INTO backlog_evidence
SELECT format('{:016x}', hash(hash(mention_id) % 200)), mention_id FROM mentions WHERE hash(mention_id) % 10 = 0;
"""

#: What somebody decides; $1 makes each time another.
DECISIONS: Final = {
    "a move of the backlog": (
        "UPDATE backlog SET state = 'accepted', assigned_to = $1 WHERE title = 'Item 7'",
        "INSERT INTO backlog_events BY NAME SELECT item_id, now() AS at, current_date AS happened_on, "
        "'accepted' AS event, 'new' AS state_before, 'accepted' AS state_after, $1 AS by FROM backlog "
        "WHERE title = 'Item 7'",
    ),
    "a theme's new name": ("UPDATE themes SET name = $1, is_named = true WHERE theme_id = 'theme 7'",),
    "a moment's new owner": ("UPDATE taxonomy SET owner = $1 WHERE id = 'delivery'",),
}


def make(working: Path, n_mentions: int) -> None:
    """Write the working file and count it, with more memory than a night has."""
    with store.open_working(working) as connection:
        connection.execute("SET memory_limit = '8GB'")
        fill(connection, n_mentions)
        connection.execute(FILLING)
        store.count(connection)


def measure(working: Path, folder: Path, times: int) -> None:
    """Publish whole, then each of `DECISIONS`, and tell how long it took."""
    shutil.rmtree(folder, ignore_errors=True)
    with store.open_working(working) as connection:
        snapshot, whole = _timed(lambda: store.publish(connection, folder))
    print(f"{snapshot.stat().st_size / 2**20:,.0f} MB; seconds by the clock, of processors, part of the whole's")
    _tell("all of it", whole, whole)
    for what, statements in DECISIONS.items():
        takes = [_decide(working, folder, statements, f"{what} {number}") for number in range(times)]
        _tell(what, _median([published for _, published in takes]), whole)
        _tell("  opening the working file for it", _median([opened for opened, _ in takes]), whole)


def _decide(working: Path, folder: Path, statements: Sequence[str], value: str) -> tuple[Seconds, Seconds]:
    connection, opened = _timed(lambda: store.open_working(working, decides=True))
    with connection:
        for statement in statements:
            connection.execute(statement, [value])
        _, published = _timed(lambda: store.publish(connection, folder))
    return opened, published


def _timed(work: Callable[[], T]) -> tuple[T, Seconds]:
    results: list[T] = []
    seconds = timed(lambda: results.append(work()))
    return results[0], seconds


def _median(takes: Sequence[Seconds]) -> Seconds:
    by_clock, of_processors = zip(*takes, strict=True)
    return statistics.median(by_clock), statistics.median(of_processors)


def _tell(what: str, seconds: Seconds, whole: Seconds) -> None:
    print(f"{seconds[0]:8.2f} {seconds[1]:8.2f} {seconds[1] / whole[1]:8.1%}  {what}", flush=True)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("n_mentions", type=int, nargs="+")
    asked.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "cxnlp-publishing")
    asked.add_argument("--times", type=int, default=5)
    given = asked.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    for n_mentions in given.n_mentions:
        working = given.folder / f"{n_mentions}.duckdb"
        if not working.is_file():
            make(working, n_mentions)
        print(f"{n_mentions:,} mentions")
        measure(working, given.folder / f"{n_mentions}-warehouse", given.times)


if __name__ == "__main__":
    main()
