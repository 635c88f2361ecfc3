"""A model with a prior from invented documents, and invented examples of a label that no model knows: parking."""

import csv
import json
import re
import shutil
from pathlib import Path
from typing import Any

from cxnlp.quality.counts import Errors
from cxnlp.tags import artefacts
from pipelines.learning.prior import write_prior

SAMPLE = Path(__file__).parents[2] / "data" / "sample" / "calls"

PARKING = [
    "The car park was full and I drove round for half an hour.",
    "There was nowhere to park near the store.",
    "I was charged three pounds for parking just to collect a lamp.",
    "The parking spaces are far too narrow for a family car.",
    "Your car park barrier would not open and we were stuck.",
    "Parking is free for two hours, which is lovely.",
    "I got a parking fine although I had a valid ticket.",
    "Disabled bays were taken by vans.",
    "Please mark the parking bays again, the lines have worn off.",
    "The multi-storey car park is dark and smells.",
    "We could not find a space for the car and went home again.",
    "The parking meter took my coins and gave no ticket.",
    "Someone scratched my car in your car park.",
    "There are no charging points in the parking lot.",
    "The parking attendant was kind and found us a spot.",
    "I had to walk ten minutes because your parking lot was closed.",
    "Why is there no parking for bicycles in front of the shop?",
    "The exit of the car park is dangerous at night.",
    "Plenty of parking right outside the door.",
    "My parking ticket was not validated, so I paid eight pounds to leave.",
]

#: Text, labels by the keys of labelled files.
SAID: list[tuple[str, int, dict[str, list[str]]]] = [
    ("My parcel still has not arrived.", -1, {"moments": ["delivery"]}),
    ("The courier left the box in the rain.", -1, {"moments": ["delivery"]}),
    ("The waiter was rude to us.", -1, {"moments": ["staff"], "unmeasurables": ["friendliness-"]}),
    ("The lady at the desk was very kind.", 1, {"moments": ["staff"], "unmeasurables": ["friendliness+"]}),
    ("I was charged twice.", -1, {"moments": ["payment"]}),
    ("The app crashes all the time.", -1, {"moments": ["digital"]}),
    ("I want my money back.", -1, {"moments": ["refund"]}),
    ("The soup was cold.", -1, {"moments": ["product"]}),
    ("The lamp works perfectly.", 1, {"moments": ["product"]}),
    ("I will never shop here again.", -2, {"moments": ["loyalty"], "signals": ["churn"]}),
    ("I recommend you to all my friends.", 2, {"moments": ["loyalty"], "signals": ["champion"]}),
    ("They lied to me about the warranty.", -2, {"unmeasurables": ["trust-"]}),
    ("Nobody answered my letters.", -1, {"moments": ["reaching_help"], "unmeasurables": ["listening-"]}),
    ("The hall was filthy.", -1, {"moments": ["place"]}),
    ("Great value for money.", 1, {"moments": ["price"]}),
    ("I bought it on Monday.", 0, {}),
    ("Thank you for reading this.", 0, {}),
    ("My sister came along.", 0, {}),
]
OTHERS = [text for text, _, _ in SAID]
DELIVERIES = Errors(60, 20, 40, 380)


def labelled() -> list[dict[str, Any]]:
    """Each sentence as a document of the training file's shape; those at large count as carrying nothing."""
    empty: dict[str, list[str]] = {"moments": [], "unmeasurables": [], "warnings": [], "signals": []}
    return [
        {"id": f"d{n}", "text": text,
         "mentions": [{"start": 0, "end": len(text), "sentiment": feeling, **empty, **labels}]}
        for n, (text, feeling, labels) in enumerate([*SAID, *((text, 0, {}) for text in at_large())])
    ]  # fmt: skip


def at_large(n_sentences: int = 400) -> list[str]:
    """Sentences of the sample company's call notes."""
    with (SAMPLE / "crm_notes_2026-09.csv").open(encoding="cp1252", newline="") as file:
        notes = [row["Case Notes"] or "" for row in csv.DictReader(file)]
    return [part.strip() for note in notes for part in re.split(r"(?<=[.!?])\s", note) if len(part) > 10][:n_sentences]


def model_with_prior(folder: Path) -> Path:
    """Copy the shipped model and give it a prior from `labelled`, and measured errors of one label."""
    shutil.copytree(artefacts.shipped(), folder)
    write_prior(folder, labelled(), threads=1)
    about = json.loads((folder / artefacts.CARD).read_text("utf-8"))
    errors = {"format": 1, "model_version": about["version"], "families": {"moment": {"delivery": vars(DELIVERIES)}}}
    (folder / "errors.json").write_text(json.dumps(errors), "utf-8")
    about["files"] |= {name: artefacts.sha256(folder / name) for name in ("prior.npz", "errors.json")}
    (folder / artefacts.CARD).write_text(json.dumps(about), "utf-8")
    return folder
