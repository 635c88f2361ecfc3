"""How many of the first ten that `cxnlp find` shows are what was meant, on mentions that the model never learned.

    python -m benchmarks.find_judged labelled.jsonl [--model models/minilm] [--each]

The file holds labelled documents (JSON lines, see docs/tag.md); `data/labels/split.csv` says which of them the model
was calibrated and tested on: those are searched. `find_questions.yaml` has the questions and what the mentions that are
meant carry. A question is left out when fewer than three mentions answer it. Precision at 10: of the first ten, those
that answer (of fewer than ten answers: of as many).
"""

import argparse
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from benchmarks.counts import read
from cxnlp import taxonomy
from cxnlp.frames import MENTIONS
from cxnlp.quality.labelled import KEYS
from cxnlp.tags import Tagger
from cxnlp.tags.questions import Questions
from cxnlp.warehouse import fulltext, reading, sql, store
from cxnlp.warehouse.finding import Wanted
from cxnlp.warehouse.schema import leave_out_private, prepare
from cxnlp.warehouse.storing import store_views

QUESTIONS = Path(__file__).with_name("find_questions.yaml")
FIRST, LEAST_ANSWERS = 10, 3


def labels_of(mention: dict[str, Any]) -> frozenset[str]:
    """A labelled mention's labels as questions name them."""
    named = {f"{family}:{label}" for family, key in KEYS.items() for label in mention[key]}
    feeling = {"negative"} if mention["sentiment"] < 0 else {"positive"} if mention["sentiment"] > 0 else set()
    return frozenset(named | feeling)


def fill(path: Path, documents: Sequence[dict[str, Any]], model: Path) -> None:
    """Write a published warehouse of the documents, tagged by the model."""
    feedback = pl.DataFrame({
        "feedback_id": [document["id"] for document in documents],
        "text": [document["text"] for document in documents],
        "source": "labelled", "channel": [document["channel"] for document in documents],
        "language": "en", "is_readable": True,
    })  # fmt: skip
    rows = [
        {"mention_id": mention["id"], "feedback_id": document["id"], "position": position, "start": mention["start"],
         "end": mention["end"], "speaker": mention.get("speaker"),
         "text": document["text"][mention["start"] : mention["end"]]}
        for document in documents
        for position, mention in enumerate(document["mentions"], start=1)
    ]  # fmt: skip
    mentions = pl.DataFrame(rows, schema=MENTIONS)
    judged = Tagger.load(model).judge(feedback, mentions)
    tables = {"feedback": feedback, "mentions": mentions, "tags": judged.tags, "mention_vectors": judged.vectors}
    with sql.connect(path) as connection:
        prepare(connection, path)
        leave_out_private(connection)
        store.write(connection, "taxonomy", taxonomy.load().frame())
        for table, frame in tables.items():
            connection.register("_rows", frame)
            connection.execute(f"INSERT INTO {table} BY NAME FROM _rows")
            connection.unregister("_rows")
        store_views(connection)
        fulltext.index(connection)
        connection.execute("CHECKPOINT")


def answers(means: Sequence[str], carried: dict[str, frozenset[str]], texts: dict[str, str]) -> set[str]:
    """The mentions that carry all that is meant."""
    labels = frozenset(meant for meant in means if not meant.startswith("word:"))
    starts = [re.compile(r"\b" + meant.removeprefix("word:"), re.IGNORECASE) for meant in means if meant not in labels]
    return {
        mention_id for mention_id, has in carried.items()
        if labels <= has and all(start.search(texts[mention_id]) for start in starts)
    }  # fmt: skip


def measure(path: Path, questions: Questions, documents: Sequence[dict[str, Any]], *, shows_each: bool) -> None:
    """Print mean precision of each group of questions: those of labels and those of things."""
    mentions = [(document["text"], mention) for document in documents for mention in document["mentions"]
                if mention.get("speaker") != "agent"]  # fmt: skip
    carried = {mention["id"]: labels_of(mention) for _, mention in mentions}
    texts = {mention["id"]: text[mention["start"] : mention["end"]] for text, mention in mentions}
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    with reading.open_searchable(path) as connection:
        for part, asked in yaml.safe_load(QUESTIONS.read_text("utf-8")).items():
            for each in asked:
                right = answers(each["means"], carried, texts)
                if (n := min(FIRST, len(right))) < LEAST_ANSWERS:
                    continue
                wishes = Wanted(each["asked"], n=n), Wanted(each["asked"], questions.read(each["asked"]), n=n)
                words, whole = (
                    sum(mention_id in right for mention_id in store.find(connection, wish)["mention_id"]) / n
                    for wish in wishes
                )
                kind = "things" if any(meant.startswith("word:") for meant in each["means"]) else "labels"
                found.setdefault((part, kind), []).append((words, whole))
                if shows_each:
                    print(f"{words:5.2f} {whole:5.2f}  {each['asked']}")
    for (part, kind), scores in found.items():
        means = [sum(column) / len(scores) for column in zip(*scores, strict=True)]
        print(f"{part}, {kind}, {len(scores)} questions: words alone {means[0]:.2f}, all {means[1]:.2f}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("labelled", type=Path)
    options.add_argument("--model", type=Path, default=Path("models/minilm"))
    options.add_argument("--split", type=Path, default=Path("data/labels/split.csv"))
    options.add_argument("--each", action="store_true", help="show every question")
    given = options.parse_args()
    folds = read(given.labelled, given.split)
    documents = [*folds["calibration"], *folds["test"]]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cx.duckdb"
        fill(path, documents, given.model)
        measure(path, Questions(given.model), documents, shows_each=given.each)


if __name__ == "__main__":
    main()
