"""Hand-built answers: what a reviewer said about a mention, as lines of the journal."""

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from cxnlp.settings import Workspace
from cxnlp.teaching.answers import reviews
from cxnlp.teaching.items import Answer, Item, Said

LABELS = ("moment:delivery", "moment:staff", "unmeasurable:trust+", "unmeasurable:trust-", "signal:churn")
ANN, BEN = "a" * 16, "b" * 16
NINE = datetime(2026, 11, 3, 9, tzinfo=UTC)


def item(mention_id: str = "f1.2", text: str = "It never came.", **values: Any) -> Item:
    """The night took it for a delivery (0.7) and perhaps for churn (0.3), at sentiment -1."""
    feedback_id, position = mention_id.split(".")
    usual = {
        "mention_id": mention_id, "feedback_id": feedback_id, "position": int(position), "start": 7,
        "end": 7 + len(text), "speaker": None, "text": text, "document": f"Hello.\n{text}", "channel": "letter",
        "occurred_on": "2026-10-26", "slice": "uncertain", "draw": 0.5, "sampling_probability": None, "labels": LABELS,
        "said": {"moment:delivery": Said(probability=0.7, decision="yes"),
                 "signal:churn": Said(probability=0.3, decision="unsure"),
                 "sentiment:-1": Said(probability=0.6, decision="yes")},
        "run_id": "2026-11-02-1", "model_version": "m1", "taxonomy_version": "t1",
    }  # fmt: skip
    return Item.model_validate(usual | values)


def answer(about: Item, *yes: str, minute: int = 0, **values: Any) -> Answer:
    usual = {"kind": "answer", "reviewer": ANN, "reviewed_at": NINE + timedelta(minutes=minute), "sentiment": "-1"}
    return Answer.model_validate(usual | {"yes": yes, "item": about} | values)


def given(workspace: Workspace) -> dict[str, set[str]]:
    """Mention → labels and sentiment that people gave."""
    rows = reviews(workspace).filter(pl.col("decision") == "yes")
    found: dict[str, set[str]] = {}
    for name, label, polarity in rows.select("mention_id", "label", "polarity").iter_rows():
        found.setdefault(name, set()).add(f"{label}{polarity or ''}")
    return found
