"""How well themes hold: nights on tweets to airlines, a day's tweets a night.

    python -m benchmarks.themes airline_tweets.parquet [--folder /tmp/tweets]

Reads tweets (``source_row_id``, ``text``, ``tweet_created``, ``negativereason``: 10,162 of nine days in February 2015),
tags them once into the folder, then runs the themes night by night and prints for each night which share of the
mentions that had a theme the day before still has it, and of all mentions known the day before (one that was alone and
joins a new theme moves, too); then the same nights once more, which must give the same bytes; then how near the members
of a theme are to each other, and how much the themes agree with themes found in all days at once. Prints no words.
"""

import argparse
import tempfile
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import polars as pl
from sklearn.metrics import adjusted_mutual_info_score

from cxnlp import mentions as splitting
from cxnlp.frames import FEEDBACK, MENTIONS, TAGS, VECTORS, conform
from cxnlp.insight import themes
from cxnlp.insight.themes.directions import SCALE, Middle, directions
from cxnlp.tags import Tagger
from cxnlp.warehouse import store

TABLES: Final = {"feedback": FEEDBACK, "mentions": MENTIONS, "tags": TAGS, "mention_vectors": VECTORS}
LEAST_GROUP: Final = 5

_BEFORE: Final = "SELECT mention_id, ground, theme_id FROM theme_mentions"
_ALL: Final = """
SELECT ground, mention_id, theme_id, vector, text
FROM theme_mentions JOIN mention_vectors USING (mention_id) JOIN mentions USING (mention_id)
WHERE NOT is_waiting
ORDER BY ground, mention_id
"""


def tagged(tweets: Path, folder: Path) -> dict[str, pl.DataFrame]:
    """The tweets as rows of the warehouse's tables, tagged once."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "mention_vectors.parquet").is_file():
        for name, frame in _tag(pl.read_parquet(tweets)).items():
            frame.write_parquet(folder / f"{name}.parquet")
    return {name: pl.read_parquet(folder / f"{name}.parquet") for name in TABLES}


def _tag(tweets: pl.DataFrame) -> dict[str, pl.DataFrame]:
    feedback = conform(
        tweets.filter(pl.col("tweet_created").str.contains(r"^2015-02-\d\d "))
        .unique("source_row_id", keep="first", maintain_order=True)
        .select(
            pl.col("source_row_id").alias("feedback_id"),
            pl.col("tweet_created").str.slice(0, 19).str.to_datetime(time_zone="UTC").alias("occurred_at"),
            "text", pl.lit("x").alias("source"), pl.lit("social").alias("channel"), pl.lit("en").alias("language"),
            pl.lit(value=True).alias("is_readable"),
        ),
        FEEDBACK,
    )  # fmt: skip
    mentions = splitting.split(feedback)
    judged = Tagger.load().judge(feedback, mentions)
    return {"feedback": feedback, "mentions": mentions, "tags": judged.tags, "mention_vectors": judged.vectors}


def nights(frames: dict[str, pl.DataFrame], *, by_day: bool = True) -> duckdb.DuckDBPyConnection:
    """Run the themes on a fresh warehouse, a day's tweets a night (or all in one); print what each night moved."""
    connection = store.open_working(":memory:")
    days = frames["feedback"]["occurred_at"].dt.date()
    for number, day in enumerate(sorted(days.unique()) if by_day else [days.max()], 1):
        assert isinstance(day, date)
        some = frames["feedback"].filter(days == day if by_day else pl.lit(value=True))
        insert(connection, frames, some["feedback_id"])
        before = {row[:2]: row[2] for row in connection.execute(_BEFORE).fetchall()}
        started = time.process_time()
        themes.grow(connection, night=day, run_id=f"{day}-1", least_group=LEAST_GROUP)
        seconds = time.process_time() - started
        after = {row[:2]: row[2] for row in connection.execute(_BEFORE).fetchall()}
        happened = Counter(row[0] for row in connection.execute(
            "SELECT event FROM theme_events WHERE happened_on = $1", [day]).fetchall())  # fmt: skip
        print(
            f"{number}  {day}  {_kept(before, after)}  {seconds:5.1f} s of CPU  {dict(sorted(happened.items()))}",
            flush=True,
        )
    return connection


def insert(connection: duckdb.DuckDBPyConnection, frames: dict[str, pl.DataFrame], feedback_ids: pl.Series) -> None:
    """Store these tweets with their mentions, tags and vectors."""
    ids = feedback_ids.implode()
    mentions = frames["mentions"].filter(pl.col("feedback_id").is_in(ids))
    of_mention = pl.col("mention_id").is_in(mentions["mention_id"].implode())
    rows = {
        "feedback": frames["feedback"].filter(pl.col("feedback_id").is_in(ids)),
        "mentions": mentions,
        "tags": frames["tags"].filter(of_mention),
        "mention_vectors": frames["mention_vectors"].filter(of_mention),
    }
    for table, frame in rows.items():
        connection.register("_rows", frame)
        connection.execute(f"INSERT INTO {table} BY NAME FROM _rows")
        connection.unregister("_rows")
    connection.execute("INSERT INTO uncounted SELECT unnest($1)", [feedback_ids.to_list()])


def _kept(before: dict[Any, Any], after: dict[Any, Any]) -> str:
    had = [key for key in before if before[key] is not None]
    same = [sum(before[key] == after.get(key) for key in keys) for keys in (had, list(before))]
    shares = [f"{n / len(keys):7.2%}" if keys else "      -" for n, keys in zip(same, (had, before), strict=True)]
    covered = sum(theme is not None for theme in after.values()) / max(len(after), 1)
    return f"kept {shares[0]} of {len(had):6,}  all {shares[1]} of {len(before):6,}  in a theme {covered:5.1%}"


def contents(connection: duckdb.DuckDBPyConnection) -> list[list[tuple[Any, ...]]]:
    """All rows that themes are made of."""
    tables = ("themes", "theme_mentions", "theme_grounds", "theme_events")
    return [connection.execute(f"FROM {table} ORDER BY ALL").fetchall() for table in tables]


def compare(connection: duckdb.DuckDBPyConnection, at_once: duckdb.DuckDBPyConnection) -> None:
    """Print cohesion, and agreement with themes of all days at once, averaged over grounds by their mentions."""
    one, other = (each.execute(_ALL).pl() for each in (connection, at_once))
    both = one.join(other.select("ground", "mention_id", at_once="theme_id"), on=["ground", "mention_id"])
    cohesion, agreement, weights = [], [], []
    for (_,), rows in both.group_by("ground", maintain_order=True):
        vectors, texts = rows["vector"].to_numpy(), rows["text"].to_list()
        pointing = directions(vectors, texts, Middle.of(vectors, texts, [None] * rows.height))
        themed = rows.filter(pl.col("theme_id").is_not_null() & pl.col("at_once").is_not_null())
        if themed.height < 100:
            continue
        cohesion.append([_cohesion(pointing, rows[name]) for name in ("theme_id", "at_once")])
        agreement.append(adjusted_mutual_info_score(themed["theme_id"].to_list(), themed["at_once"].to_list()))
        weights.append(themed.height)
    nightly, whole = np.average(cohesion, axis=0, weights=weights)
    print(
        f"mean cosine within themes, seen from the ground's middle: {nightly:.3f} night by night, {whole:.3f} at once"
    )
    print(f"agreement of the two (adjusted mutual information): {np.average(agreement, weights=weights):.3f}")


def _cohesion(pointing: np.ndarray[Any, Any], labels: pl.Series) -> float:
    total, n = 0.0, 0
    for label in labels.drop_nulls().unique():
        own = pointing[(labels == label).fill_null(value=False).to_numpy()].astype(np.float64) / SCALE
        square = float(np.square(own.sum(axis=0)).sum())
        total += (square - len(own)) / max(len(own) - 1, 1)
        n += len(own)
    return total / max(n, 1)


def main() -> None:
    """Run it as the command line asks."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("tweets", type=Path)
    asked.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "cxnlp-tweets")
    given = asked.parse_args()
    frames = tagged(given.tweets, given.folder)
    print(f"{frames['feedback'].height:,} tweets, {frames['mentions'].height:,} mentions")
    first = nights(frames)
    print("once more:")
    print("the same bytes" if contents(first) == contents(nights(frames)) else "OTHER ROWS")
    print("all days in one night:")
    compare(first, nights(frames, by_day=False))


if __name__ == "__main__":
    main()
