"""Tag the public reviews and tweets, for `benchmarks.validation`: the night's own way from text to tags.

    python -m benchmarks.validation_tags skytrax_reviews sets/ tags.parquet [--labels labelled.jsonl] [--all]

Documents that the model was trained on are left out unless `--all` is given; `benchmarks.validation` leaves them out
anyway. Needs nothing but `cxnlp.mentions` and `cxnlp.tags`, so that it also runs over the code of an earlier model:

    git archive f049fdd cxnlp models data/labels | tar -x -C /tmp/minilm-1
    PYTHONPATH=/tmp/minilm-1 python benchmarks/validation_tags.py skytrax_reviews sets/ tags.parquet \
        --labels labelled.jsonl --data /tmp/minilm-1
"""

import argparse
import csv
import json
from pathlib import Path

import polars as pl

from cxnlp.mentions import split
from cxnlp.tags import Tagger

AT_ONCE = 200


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("set", choices=["skytrax_reviews", "airline_tweets"])
    asked.add_argument("sets", type=Path, help="folder of the public sets")
    asked.add_argument("output", type=Path)
    asked.add_argument("--labels", type=Path, required=True, help="the first labelled documents, JSON lines")
    asked.add_argument("--data", type=Path, default=Path(), help="root of the project that the model comes from")
    asked.add_argument("--all", action="store_true", help="also documents that the model was trained on")
    given = asked.parse_args()
    folds = folds_of(given.labels, given.data)
    texts = pl.read_parquet(given.sets / f"{given.set}.parquet").select("source_row_id", "text")
    texts = texts.with_columns(fold=pl.col("source_row_id").replace_strict(folds, default="none"))
    if not given.all:
        texts = texts.filter(pl.col("fold") != "train")
    feedback = texts.select(
        pl.col("source_row_id").alias("feedback_id"),
        "text",
        pl.lit(value=True).alias("is_readable"),
        pl.lit("social" if given.set == "airline_tweets" else "letter").alias("channel"),
        "fold",
    )
    tagger = Tagger.load(given.data / "models/minilm")
    parts = [tagged(part, tagger) for part in feedback.sample(fraction=1, shuffle=True, seed=1).iter_slices(AT_ONCE)]
    pl.concat(parts).write_parquet(given.output)


def folds_of(labels: Path, data: Path) -> dict[str, str]:
    """Return the fold of each document that has labels; those of `further.jsonl` were all trained on."""
    with (data / "data/labels/split.csv").open(newline="", encoding="utf-8") as file:
        fold_of = {row["id"]: row["fold"] for row in csv.DictReader(file)}
    folds = {document["source_row_id"]: fold_of.get(document["id"], "train") for document in documents(labels)}
    further = data / "data/labels/further.jsonl"
    if further.is_file():
        folds |= {document["source_row_id"]: "train" for document in documents(further)}
    return folds


def documents(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def tagged(feedback: pl.DataFrame, tagger: Tagger) -> pl.DataFrame:
    """One row per mention and vote; mentions have a sentiment row at least."""
    mentions = split(feedback)
    tags = tagger.tag(feedback, mentions)
    names = mentions.select("mention_id", "feedback_id", "position")
    return (
        names.join(tags, on="mention_id", maintain_order="left")
        .join(feedback.select("feedback_id", "fold"), on="feedback_id", maintain_order="left")
        .select("feedback_id", "fold", "position", "family", "label", "polarity", "probability", "score", "decision",
                "voter", "model_version")
    )  # fmt: skip


if __name__ == "__main__":
    main()
