"""Stored text masked again, after masking was switched on or has learnt something: only what was found since changes.

Names in columns (author, customer) are not stored, so what only they gave away is not found. Placeholders stay as they
are. Offsets that counted characters of the old text are moved by `moved`.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

import polars as pl

from cxnlp.feedback import keys
from cxnlp.feedback.masking.masker import Document, mask_documents
from cxnlp.feedback.masking.spans import Placed, lines
from cxnlp.frames import EMPLOYEES, Schema
from cxnlp.settings import Privacy

#: What of ``[privacy]`` does not decide what a masked text looks like; whatever else it has or will have does.
_INDIFFERENT: Final = {
    "retention_days",
    "least_group",
    "keep_original",
    "original_key",
    "original_retention_days",
}

#: Places of the old text that a placeholder has taken, and where it stands in the new one.
REPLACED: Final[Schema] = {
    "feedback_id": pl.String(),
    "start": pl.Int64(),
    "end": pl.Int64(),
    "new_start": pl.Int64(),
    "new_end": pl.Int64(),
}

_RULES: Final = 3  # raise it when other words are masked than before: what is stored is then masked anew
_TEXTS: Final[Schema] = {"feedback_id": pl.String(), "text": pl.String()}
_WRITTEN: Final[Schema] = {"feedback_id": pl.String(), "written": pl.String()}


@dataclass(frozen=True, slots=True)
class MaskedAgain:
    """Of the texts that changed: the new ones, what was replaced (REPLACED), and employees found since (EMPLOYEES)."""

    looked_at: list[str]  # feedback_id of all texts, changed or not
    texts: pl.DataFrame  # feedback_id, text
    written: pl.DataFrame  # feedback_id, written: what changed of the words before shorthand was written out
    replaced: pl.DataFrame
    employees: pl.DataFrame


def masking_version(privacy: Privacy) -> str | None:
    """Return what names the rules that mask: with these settings; None where nothing is masked."""
    said = json.dumps([_RULES, privacy.model_dump(mode="json", exclude=_INDIFFERENT)], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:8] if privacy.mask else None


def mask_again(feedback: pl.DataFrame, *, secret: bytes, privacy: Privacy) -> MaskedAgain:
    """Mask stored texts.

    Args:
        feedback: feedback_id, text, written, channel, is_readable, product, location, is_transcript.
        secret: the workspace's key.
        privacy: as in `mask`.
    """
    rows = feedback.to_dicts()
    pseudonyms = privacy.employees == "pseudonym"
    documents = [_document(row) for row in rows]
    masked = mask_documents(documents, privacy.keep, employees=pseudonyms, patterns=privacy.patterns)
    written = _written_again(rows, masked, privacy)
    texts, replaced, employees = [], [], []
    for row, (text, placed) in zip(rows, masked, strict=True):
        if placed:
            texts.append((row["feedback_id"], text))
            replaced += [(row["feedback_id"], *place) for place in _replaced(row["text"], placed)]
            employees += [
                _employee(row["feedback_id"], each, secret) for each in placed if each.span.kind == "EMPLOYEE"
            ]
    return MaskedAgain(
        [row["feedback_id"] for row in rows],
        pl.DataFrame(texts, schema=_TEXTS, orient="row"),
        pl.DataFrame(written, schema=_WRITTEN, orient="row"),
        pl.DataFrame(replaced, schema=REPLACED, orient="row"),
        pl.DataFrame(employees, schema=EMPLOYEES) if employees else pl.DataFrame(schema=EMPLOYEES),
    )


def _written_again(
    rows: Sequence[dict[str, object]], masked: Sequence[tuple[str, list[Placed]]], privacy: Privacy
) -> list[tuple[object, str]]:  # fmt: skip
    """The words before shorthand was written out, masked by what was found in the text and by themselves."""
    pairs = [(row, found) for row, found in zip(rows, masked, strict=True) if row["written"]]
    documents = [replace(_document(row), text=_with_placeholders(row, *found)) for row, found in pairs]
    pseudonyms = privacy.employees == "pseudonym"
    done = mask_documents(documents, privacy.keep, employees=pseudonyms, patterns=privacy.patterns)
    return [
        (row["feedback_id"], written)
        for (row, _), (written, _) in zip(pairs, done, strict=True)
        if written != row["written"]
    ]


def _with_placeholders(row: dict[str, object], text: str, placed: list[Placed]) -> str:
    """The words before shorthand was written out, without those that have a placeholder in the text."""
    written = str(row["written"])
    for start, end, new_start, new_end in _replaced(str(row["text"]), placed):
        words = re.escape(str(row["text"])[start:end])
        written = re.sub(rf"(?<!\w){words}(?!\w)", text[new_start:new_end], written)
    return written


def _document(row: dict[str, object]) -> Document:
    return Document(
        text=str(row["text"]),
        by_agent=row["channel"] == "call" and not row["is_transcript"],
        is_english=bool(row["is_readable"]),
        ours=tuple(str(row[column]) for column in ("product", "location") if row[column]),
    )


def _replaced(text: str, placed: list[Placed]) -> list[tuple[int, int, int, int]]:
    """Pair each placeholder with the part of ``text`` that it stands for."""
    pairs = []
    for span, group in groupby(placed, key=lambda each: each.span):
        for (start, end), each in zip(lines(text, span), group, strict=True):
            pairs.append((start, end, each.start, each.end))
    return pairs


def _employee(feedback_id: str, placed: Placed, secret: bytes) -> dict[str, object]:
    name = keys.fold_name(placed.span.name or "")
    key = keys.keyed(secret, "employee", name)
    return {"feedback_id": feedback_id, "employee_key": key, "role": placed.span.role, "start": placed.start,
            "end": placed.end}  # fmt: skip
