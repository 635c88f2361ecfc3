"""How long the search takes and how large it is: a synthetic warehouse of N mentions, published as a night does.

    python -m benchmarks.find [--mentions 1000000] [--folder /tmp/find]

Words are drawn from a Zipf distribution over 40,000, vectors at random, so nothing compresses better than it would in
life. Times are medians of five, with the time of the processor beside them: that one does not depend on who else is at
work on the machine.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from cxnlp import taxonomy
from cxnlp.frames import VECTOR_WIDTH
from cxnlp.tags.questions import Questions
from cxnlp.tags.vectors import whole
from cxnlp.warehouse import fulltext, reading, sql, store
from cxnlp.warehouse.schema import leave_out_private, prepare
from cxnlp.warehouse.storing import store_views

AT_ONCE = 100_000  # mentions
PER_DOCUMENT, N_WORDS, VOCABULARY = 5, 14, 40_000
SYLLABLES = [one + two for one in "bdfgklmnprst" for two in "aeiou"]
N_TIMES = 5


def words(numbers: np.ndarray) -> list[str]:
    """Made-up words, a different one for each number."""
    size = len(SYLLABLES)
    return [SYLLABLES[n % size] + SYLLABLES[n // size % size] + SYLLABLES[n // size**2 % size] for n in numbers]


def batches(n_mentions: int, encoder_version: str) -> Iterator[dict[str, pl.DataFrame]]:
    """Feedback, mentions, tags and vectors, some at a time."""
    random = np.random.default_rng(20261102)
    vocabulary = np.array(words(np.arange(VOCABULARY)))
    for first in range(0, n_mentions, AT_ONCE):
        n = min(AT_ONCE, n_mentions - first)
        numbers = np.arange(first, first + n)
        documents, positions = numbers // PER_DOCUMENT, numbers % PER_DOCUMENT + 1
        drawn = np.minimum(random.zipf(1.15, (n, N_WORDS)) - 1, VOCABULARY - 1)
        texts = [" ".join(row) for row in vocabulary[drawn]]
        feedback_ids = [f"{document * 2654435761 % 2**64:016x}" for document in documents.tolist()]
        mention_ids = [
            f"{feedback_id}.{position}" for feedback_id, position in zip(feedback_ids, positions, strict=True)
        ]
        days = pl.Series(documents % 365).cast(pl.Int64)
        mentions = pl.DataFrame({
            "mention_id": mention_ids, "feedback_id": feedback_ids, "position": positions.astype(np.int32),
            "start": np.zeros(n, dtype=np.int64), "end": np.full(n, 80), "text": texts,
        })  # fmt: skip
        feedback = mentions.select("feedback_id", "text", day=days).unique("feedback_id", keep="first").select(
            "feedback_id", "text", source=pl.lit("post"), channel=pl.lit("letter"), language=pl.lit("en"),
            is_readable=pl.lit(True),
            occurred_at=pl.datetime(2026, 1, 1, time_zone="UTC") + pl.duration(days=pl.col("day")),
        )  # fmt: skip
        tags = pl.concat(drawn_tags(mention_ids, random))
        vectors = pl.DataFrame(
            {
                "mention_id": mention_ids,
                "encoder_version": [encoder_version] * n,
                "vector": whole(random.normal(size=(n, VECTOR_WIDTH)).astype(np.float32)),
            }
        )
        yield {"feedback": feedback, "mentions": mentions, "tags": tags, "mention_vectors": vectors}


def drawn_tags(mention_ids: list[str], random: np.random.Generator) -> Iterator[pl.DataFrame]:
    """A sentiment and a moment for each mention, an unmeasurable for every fourth, with a text that carries them."""
    n = len(mention_ids)
    unmeasurables = ["listening", "trust", "friendliness", "helpfulness"]
    for family, labels, share in (
        ("sentiment", ["-2", "-1", "0", "1", "2"], 1.0),
        ("moment", ["delivery", "staff", "payment", "refund"], 1.0),
        ("unmeasurable", unmeasurables, 0.25),
    ):
        rows = pl.DataFrame({
            "mention_id": mention_ids, "family": family, "label": np.array(labels)[random.integers(0, len(labels), n)],
            "probability": random.random(n).astype(np.float32), "decision": "yes", "voter": "model",
            "evidence_start": 0, "evidence_end": 20,
        }).filter(pl.Series(random.random(n) < share))  # fmt: skip
        feeling = pl.col("label").cast(pl.Float32, strict=False) / 2
        polarity = pl.lit("-" if family == "unmeasurable" else None, pl.String)
        yield rows.with_columns(polarity=polarity, score=feeling if family == "sentiment" else pl.lit(None, pl.Float32))


def fill(path: Path, n_mentions: int, encoder_version: str) -> None:
    """Write the tables of a published file; their views and indexes are timed apart."""
    with sql.connect(path) as connection:
        prepare(connection, path)
        leave_out_private(connection)
        store.write(connection, "taxonomy", taxonomy.load().frame())
        for frames in batches(n_mentions, encoder_version):
            for table, frame in frames.items():
                connection.register("_rows", frame)
                connection.execute(f"INSERT INTO {table} BY NAME FROM _rows")
                connection.unregister("_rows")
        connection.execute("CHECKPOINT")


def timed(what: str, work: Callable[[], object], n_times: int = 1) -> None:
    """Print how long something takes."""
    walls, processors = [], []
    for _ in range(n_times):
        wall, processor = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    print(
        f"{what:<44} {statistics.median(walls):>8.2f} s  {statistics.median(processors):>8.2f} s of processor",
        flush=True,
    )


def main() -> None:
    """Make the warehouse, then ask."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--mentions", type=int, default=1_000_000)
    options.add_argument("--folder", type=Path, default=None)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        measure(Path(folder) / "cx.duckdb", given.mentions)


def measure(path: Path, n_mentions: int) -> None:
    """Print sizes and times of a warehouse of ``n_mentions``."""
    questions = Questions()
    print(f"{n_mentions:,} mentions, DuckDB {duckdb.__version__}, Python {sys.version.split()[0]}")
    fill(path, n_mentions, questions.encoder_version)
    with sql.connect(path) as connection:
        connection.execute("SET memory_limit = '4GB'")  # one night counts fewer mentions than these at once
        store_views(connection)
        connection.execute("CHECKPOINT")
    n_bytes = path.stat().st_size
    with sql.connect(path) as connection:
        timed("publishing: the index of words", lambda: fulltext.index(connection))
        connection.execute("CHECKPOINT")
        blocks = "SELECT count(DISTINCT block_id) FROM pragma_storage_info('mention_vectors') WHERE block_id >= 0"
        of_vectors = sql.scalar(connection, blocks) * 262_144
    print(f"file without the index {n_bytes / 1e6:,.0f} MB, of which vectors {of_vectors / 1e6:,.0f} MB; "
          f"index of words {(path.stat().st_size - n_bytes) / 1e6:,.0f} MB")  # fmt: skip
    timed("the first question's vector (loads the model)", lambda: questions.read("felt ignored after a refund"))
    timed("a question's vector", lambda: questions.read("felt ignored after a refund"), N_TIMES)
    question = questions.read("felt ignored after a refund")
    rare, common = " ".join(words(np.arange(3000, 3004))), " ".join(words(np.arange(20, 24)))
    with reading.open_searchable(path) as connection:
        connection.execute("SET threads = 2")
        wishes = {
            "words and meaning": store.Wanted(rare, question),
            "words and meaning, one moment": store.Wanted(rare, question, moment="refund"),
            "words and meaning, narrow limits": store.Wanted(rare, question, moment="refund", since=date(2026, 12, 20)),
            "four rare words": store.Wanted(rare),
            "four frequent words": store.Wanted(common),
        }
        for name, wanted in wishes.items():
            timed(name, lambda wanted=wanted: store.find(connection, wanted), N_TIMES)
        (mention_id,) = connection.execute("SELECT mention_id FROM mentions LIMIT 1").fetchall()[0]
        nearest = "SELECT * FROM similar_to($1) ORDER BY nearness DESC LIMIT 20"
        timed("SQL: similar_to", lambda: connection.execute(nearest, [mention_id]).fetchall(), N_TIMES)


if __name__ == "__main__":
    main()
