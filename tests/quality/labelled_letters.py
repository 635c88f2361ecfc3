"""A few labelled documents of an invented parcel shop, as a colleague would write them down."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

#: A small vocabulary.
LABELS = {
    "moment": ("delivery", "staff"),
    "sentiment": ("-2", "-1", "0", "1", "2"),
    "unmeasurable": ("trust+", "trust-"),
    "warning": ("policy",),
    "signal": ("churn",),
}


def mention(text: str, words: str, sentiment: int, *labels: str, **more: Any) -> dict[str, Any]:
    """Label ``words`` of ``text``; labels are moments, unmeasurables (with sign), then warnings and signals by name."""
    start = text.index(words)
    return {"start": start, "end": start + len(words), "sentiment": sentiment, **sorted_out(labels), **more}


def sorted_out(labels: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"moments": [], "unmeasurables": [], "warnings": [], "signals": []}
    for label in labels:
        if label[-1] in "+-":
            found["unmeasurables"].append(label)
        elif label in {"policy", "handoff", "knowledge", "pressure", "resourcing"}:
            found["warnings"].append(label)
        elif label in {"churn", "crisis", "champion", "suggestion"}:
            found["signals"].append(label)
        else:
            found["moments"].append(label)
    return found


def annotation(annotator: str, sentiment: int, *labels: str) -> dict[str, Any]:
    return {"annotator": annotator, "sentiment": sentiment, **sorted_out(labels)}


def document(number: int, text: str, *mentions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": f"d{number}", "text": text, "mentions": list(mentions), **more}


LATE = "My parcel came three weeks late. The courier was rude and shouted at me."
KIND = "Nora at the counter was so kind and friendly. I will never shop anywhere else."
TWICE = "You charged me twice for one parcel. I want my money back."

LETTERS = [
    document(1, LATE, mention(LATE, "My parcel came three weeks late.", -1, "delivery", "timeliness"),
             mention(LATE, "The courier was rude and shouted at me.", -2, "staff", "friendliness-"),
             channel="letter", source="post"),
    document(2, KIND, mention(KIND, "Nora at the counter was so kind and friendly.", 2, "staff", "friendliness+"),
             mention(KIND, "I will never shop anywhere else.", 2, "loyalty", "affinity+", "champion"),
             channel="social", source="web"),
    document(3, TWICE, mention(TWICE, "You charged me twice for one parcel.", -1, "payment"),
             mention(TWICE, "I want my money back.", -1, "refund"), channel="letter", source="post"),
]  # fmt: skip


def write(path: Path, documents: Sequence[Any]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in documents), "utf-8")
    return path
