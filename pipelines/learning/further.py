"""Further labels of our own: offsets and labels are in ``data/labels/further.jsonl``, the texts in the public sets.

A line is ``{"id", "source", "source_row_id", "channel", "domain", "set", "text_hash", "mentions"}``: a labelled
document without its text, which stands in ``<set>.parquet`` under ``source_row_id``. A mention has ``start``, ``end``
and ``sentiment``, a speaker and lists of labels only where there are any; its id is the document's with its place.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import typer

from pipelines.learning.vocabulary import KEYS


def text_hash(text: str) -> str:
    """Name a text without telling it: 16 hex digits."""
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def read(path: Path, sets: Path) -> list[dict[str, Any]]:
    """Return the documents with their texts.

    Args:
        path: the labels.
        sets: folder of the public sets, ``<set>.parquet`` with ``source_row_id`` and ``text``.

    Raises:
        typer.BadParameter: a text is not there, or is another one than was labelled.
    """
    documents = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    texts = {name: _texts(sets / f"{name}.parquet") for name in sorted({d["set"] for d in documents})}
    return list(_joined(path, documents, texts))


def _joined(path: Path, documents: list[dict[str, Any]], texts: dict[str, dict[str, str]]) -> Iterator[dict[str, Any]]:
    for line, document in enumerate(documents, 1):
        text = texts[document["set"]].get(document["source_row_id"])
        if text is None or text_hash(text) != document["text_hash"]:
            raise typer.BadParameter(
                f"{path}, line {line}: {document['set']}.parquet has {'no' if text is None else 'another'} text as "
                f"{document['source_row_id']}. Use the copy of the set that was labelled, or take the line out."
            )
        numbered = enumerate(document["mentions"], 1)
        yield document | {
            "text": text,
            "mentions": [_whole(mention, f"{document['id']}.{place}") for place, mention in numbered],
        }


def _whole(mention: dict[str, Any], name: str) -> dict[str, Any]:
    return {"id": name, "speaker": None, **{key: [] for key in KEYS.values()}, **mention}


def _texts(path: Path) -> dict[str, str]:
    rows = pl.read_parquet(path, columns=["source_row_id", "text"])
    return dict(rows.iter_rows())
