"""How well and how fast feedback is cut into mentions.

    python benchmarks/splitting.py labelled.jsonl [--half dev|test] [--documents 2000]

The file holds one labelled document a line: ``id``, ``source``, ``channel``, ``text`` and ``mentions`` with ``start``
and ``end``. Documents are halved at random (by their id): `dev` is for looking and changing, `test` for the figure.
Borders are the starts of mentions after the first; a span counts when both of its ends are right. What lies before
the first and after the last labelled mention is not counted.
"""

import argparse
import hashlib
import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from cxnlp.mentions import split

Spans = set[tuple[int, int]]


def documents(path: Path, half: str) -> list[dict]:
    def side(name: str) -> str:
        return "dev" if hashlib.sha256(name.encode()).digest()[0] % 2 else "test"

    with path.open(encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    return [document for document in found if document["mentions"] and side(document["id"]) == half]


def cut(found: list[dict]) -> dict[str, list[tuple[int, int]]]:
    frame = pl.DataFrame(
        {
            "feedback_id": [document["id"] for document in found],
            "channel": [document["channel"] for document in found],
            "text": [document["text"] for document in found],
            "is_readable": [True] * len(found),
        }
    )
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for name, start, end in split(frame).select("feedback_id", "start", "end").iter_rows():
        spans[name].append((start, end))
    return spans


def compare(document: dict, spans: list[tuple[int, int]]) -> Counter[str]:
    labelled: Spans = {(mention["start"], mention["end"]) for mention in document["mentions"]}
    first, last = min(labelled)[0], max(end for _, end in labelled)
    ours = {(start, end) for start, end in spans if start < last and end > first}
    borders = {start for start, _ in labelled if start > first}
    our_borders = {start for start, _ in ours if start > first}
    return Counter(
        borders_right=len(borders & our_borders),
        borders_found=len(our_borders),
        borders_labelled=len(borders),
        spans_right=len(labelled & ours),
        spans_found=len(ours),
        spans_labelled=len(labelled),
    )


def scores(counts: Counter[str], kind: str) -> str:
    right = counts[f"{kind}_right"]
    precision = right / max(1, counts[f"{kind}_found"])
    recall = right / max(1, counts[f"{kind}_labelled"])
    f1 = 2 * right / max(1, counts[f"{kind}_found"] + counts[f"{kind}_labelled"])
    return f"{precision:.3f} | {recall:.3f} | {f1:.3f}"


def table(found: list[dict], spans: dict[str, list[tuple[int, int]]]) -> Iterator[str]:
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for document in found:
        counts = compare(document, spans[document["id"]])
        for group in ("all", f"channel {document['channel']}", f"source {document['source']}"):
            groups[group] += counts
    yield "| | mentions | border precision | recall | F1 | span precision | recall | F1 |"
    yield "|---|---|---|---|---|---|---|---|"
    for group, counts in sorted(groups.items()):
        yield f"| {group} | {counts['spans_labelled']} | {scores(counts, 'borders')} | {scores(counts, 'spans')} |"


def speed(found: list[dict], n_documents: int) -> str:
    """Time texts of 60 words, which is what a longer post or a short letter has."""
    words = " ".join(document["text"].replace("\n", " ") for document in found).split()
    texts = [" ".join(words[60 * i : 60 * i + 60]) for i in range(min(n_documents, len(words) // 60))]
    frame = pl.DataFrame({"feedback_id": [str(i) for i in range(len(texts))], "text": texts, "is_readable": True})
    split(frame.head(64))
    began, worked = time.perf_counter(), time.process_time()
    split(frame)
    seconds, busy = time.perf_counter() - began, time.process_time() - worked
    return (
        f"{len(texts)} documents of 60 words: {len(texts) / seconds:.0f} documents/s, "
        f"{len(texts) / busy:.0f} per second of processor time"
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("labelled", type=Path)
    arguments.add_argument("--half", choices=("dev", "test"), default="test")
    arguments.add_argument("--documents", type=int, default=2_000)
    given = arguments.parse_args()
    found = documents(given.labelled, given.half)
    print(*table(found, cut(found)), sep="\n")
    print(speed(found, given.documents))


if __name__ == "__main__":
    main()
