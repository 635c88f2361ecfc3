"""The stage that masks feedback before anything is stored."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from cxnlp.feedback import keys
from cxnlp.feedback.duplicates import signature
from cxnlp.feedback.masking.again import masking_version
from cxnlp.feedback.masking.masker import Document, mask_documents
from cxnlp.feedback.masking.spans import Placed
from cxnlp.frames import EMPLOYEES, FEEDBACK, ITEMS, conform
from cxnlp.settings import Privacy


@dataclass(frozen=True, slots=True)
class Masked:
    """``feedback``: FEEDBACK and ``speakers``, text masked, signed. ``employees``: EMPLOYEES, one row a placeholder."""

    feedback: pl.DataFrame
    employees: pl.DataFrame


def mask(feedback: pl.DataFrame, *, secret: bytes, privacy: Privacy | None = None) -> Masked:
    """Replace personal data in ``text`` by ``[KIND]`` and take the raw names out of the frame.

    Args:
        feedback: what ``normalise`` returned (columns of ``UNMASKED``).
        secret: the workspace's key; employees' keys hang on it.
        privacy: ``keep`` words survive, what fits ``patterns`` goes;
            with ``employees="mask"`` they are ``[PERSON]`` and leave no row; with
            ``mask=False`` texts stay as they are and nobody is recognised.

    Lines are neither added nor removed.
    """
    privacy = privacy or Privacy()
    rows = feedback.to_dicts()
    texts = [str(row["text"]) for row in rows]
    employees: list[dict[str, object]] = []
    if privacy.mask:
        pseudonyms = privacy.employees == "pseudonym"
        documents = [_document(row) for row in rows]
        done = mask_documents(documents, privacy.keep, employees=pseudonyms, patterns=privacy.patterns)
        for number, (text, placed) in enumerate(done):
            texts[number] = text
            if pseudonyms:
                employees += _employees(rows[number], placed, secret)
    stored = feedback.drop("author", "customer", "employee").with_columns(
        pl.Series("text", texts, pl.String),
        pl.Series("signature", signature(texts), FEEDBACK["signature"]),
        pl.lit(masking_version(privacy), pl.String).alias("masking_version"),
    )
    frame = pl.DataFrame(employees, schema=EMPLOYEES) if employees else pl.DataFrame(schema=EMPLOYEES)
    return Masked(conform(stored, FEEDBACK | {"speakers": ITEMS["speakers"]}), frame)


def mask_note(note: str, privacy: Privacy) -> str:
    """Return what a colleague wrote down, such as why an item is released, with personal data masked."""
    if not privacy.mask:
        return note
    ((text, _),) = mask_documents(
        [Document(note, by_agent=True)], privacy.keep, employees=False, patterns=privacy.patterns
    )
    return text


def recognise(names: Sequence[str], secret: bytes) -> pl.DataFrame:
    """Say which keys the people of a staff list have: for those who hold the secret.

    Returns:
        ``name``, ``employee_key``; four rows for "Priya Nair", because feedback may name her whole, as Priya, as Ms
        Nair or as P. Nair. A key with two names is shared by them.
    """
    rows = [
        (name, keys.keyed(secret, "employee", form)) for name in names for form in keys.name_forms(keys.fold_name(name))
    ]
    return pl.DataFrame(rows, schema={"name": pl.String, "employee_key": pl.String}, orient="row")


def _document(row: dict[str, object]) -> Document:
    def given(column: str) -> str | None:
        value = row[column]
        return value if isinstance(value, str) else None

    speakers = row["speakers"]
    return Document(
        text=str(row["text"]),
        author=given("author"),
        customer=given("customer"),
        employee=given("employee"),
        speakers=speakers if isinstance(speakers, list) else None,
        by_agent=row["channel"] == "call" and speakers is None,
        is_english=bool(row["is_readable"]),
        ours=tuple(value for column in ("product", "location") if (value := given(column))),
    )


def _employees(row: dict[str, object], placed: Sequence[Placed], secret: bytes) -> list[dict[str, object]]:
    found = [
        {
            "feedback_id": row["feedback_id"],
            "employee_key": keys.keyed(secret, "employee", keys.fold_name(each.span.name or "")),
            "role": each.span.role,
            "start": each.start,
            "end": each.end,
        }
        for each in placed
        if each.span.kind == "EMPLOYEE"
    ]
    column = keys.fold_name(str(row["employee"] or ""))
    key = keys.keyed(secret, "employee", column)
    if column and all(each["employee_key"] != key for each in found):
        role = "agent" if row["channel"] == "call" else "staff"
        found.append({"feedback_id": row["feedback_id"], "employee_key": key, "role": role, "start": None, "end": None})
    return found
