"""How long a night looks for what rises, by how much is stored.

    python -m benchmarks.alerts_speed [--mentions 1000000] [--years 2]

The working database is made of numbers: four mentions a piece of feedback, each with a sentiment, 60 % with a moment
and 20 % with another label, at 40 branches and 10 products, spread evenly over the years. The night is the
stage `alerts` alone, on a warm file, in the memory that nights have.
"""

import argparse
import resource
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import duckdb

from cxnlp import insight
from cxnlp.settings import Alerts
from cxnlp.warehouse import store

NIGHT = date(2026, 11, 2)

FEEDBACK = """
INSERT INTO feedback BY NAME
SELECT
    md5(i::VARCHAR)[:16] AS feedback_id, 'post' AS source, ['letter', 'call', 'social'][(1 + i % 3)::BIGINT] AS channel,
    (DATE '2026-11-02' - INTERVAL 1 HOUR - INTERVAL 1 SECOND * (hash(i) % $seconds))::TIMESTAMPTZ AS occurred_at,
    'en' AS language, true AS is_readable, 'Words.' AS text, md5((hash(i) % $people)::VARCHAR)[:16] AS customer_key,
    'product ' || hash(i, 1) % 10 AS product, 'branch ' || hash(i, 2) % 40 AS location, 'r' AS run_id
FROM range($n) rows(i)
"""
MENTIONS = """
INSERT INTO mentions BY NAME
SELECT
    feedback_id || '.' || position AS mention_id, feedback_id, position::INTEGER AS position, 0 AS "start", 6 AS "end",
    'Words.' AS text, 'r' AS run_id
FROM feedback, range(1, 5) positions(position)
"""
TAGS = """
INSERT INTO tags BY NAME
WITH labels AS (
    SELECT family, list(id ORDER BY id) AS ids FROM taxonomy GROUP BY family
),
drawn AS (
    SELECT mention_id, hash(mention_id) AS h FROM mentions
),
tagged AS (
    SELECT mention_id, 'sentiment' AS family, ['-2', '-1', '-1', '0', '0', '1', '2'][(1 + h % 7)::BIGINT] AS label
    FROM drawn
    UNION ALL
    SELECT mention_id, family, ids[1 + (hash(h, 3) % 1000)::BIGINT % len(ids)] FROM drawn, labels
    WHERE family = 'moment' AND h % 10 < 6
    UNION ALL
    SELECT mention_id, family, ids[1 + (hash(h, 4) % 1000)::BIGINT % len(ids)] FROM drawn, labels
    WHERE family = ['unmeasurable', 'warning', 'signal'][(1 + hash(h, 5) % 3)::BIGINT] AND hash(h, 6) % 10 < 2
)
SELECT
    mention_id, family, label, CASE family WHEN 'unmeasurable' THEN '-' END AS polarity, 0.8 AS probability,
    'yes' AS decision, 'model' AS voter, 'm1' AS model_version, 't1' AS taxonomy_version, 'r' AS run_id
FROM tagged
ORDER BY mention_id
"""
RUN = """
INSERT INTO runs BY NAME
SELECT 'r' AS run_id, DATE '2026-11-02' AS night, 'loaded' AS state, TIMESTAMPTZ '2026-11-02 02:15:00Z' AS started_at,
    0 AS n_arrived, 0 AS n_stored, 0 AS n_unchanged, 0 AS n_duplicates, 0 AS n_quarantined, 0 AS n_mentions,
    0 AS n_tagged
"""


def fill(connection: duckdb.DuckDBPyConnection, n_mentions: int, years: float) -> None:
    n = n_mentions // 4
    connection.execute(RUN)
    connection.execute(FEEDBACK, {"n": n, "seconds": int(years * 365 * 86400), "people": max(1, n // 3)})
    connection.execute(MENTIONS)
    connection.execute(TAGS)
    connection.execute("CHECKPOINT")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--mentions", type=int, default=1_000_000)
    asked.add_argument("--years", type=float, default=2)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder, store.open_working(Path(folder) / "working.duckdb") as connection:
        fill(connection, given.mentions, given.years)
        seconds, worked = [], []
        for night in (NIGHT, NIGHT - timedelta(days=1), NIGHT):
            started, began = time.perf_counter(), time.process_time()
            counts = insight.daily(connection, night=night)
            rows = insight.alerts(connection, counts, night=night, run_id="r", settings=Alerts(), least_group=5)
            store.write(connection, "daily_reports", insight.everywhere(counts))
            seconds.append(time.perf_counter() - started)
            worked.append(time.process_time() - began)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{given.mentions:,} mentions of {given.years:g} years: {seconds[0]:.1f} s in the first night, later "
          f"{min(seconds):.1f} s; {worked[0]:.1f} s and {min(worked):.1f} s at work on all cores together; "
          f"{rows.height} alerts; peak memory {peak:,.0f} MB")  # fmt: skip


if __name__ == "__main__":
    main()
