"""The stage that gives every arrived item one shape: repaired text, ids, keyed hashes, language."""

import re
from dataclasses import dataclass

import polars as pl

from cxnlp.feedback import keys
from cxnlp.feedback.language import detect, is_readable
from cxnlp.feedback.masking.lexicon import Known, lookup
from cxnlp.feedback.repair import repair, repair_line
from cxnlp.frames import FEEDBACK, ITEMS, PLACES, QUARANTINE, Schema, conform

#: What the next stage needs besides FEEDBACK; ``author``, ``customer`` and ``employee`` are raw and never stored.
UNMASKED: Schema = FEEDBACK | {name: ITEMS[name] for name in ("speakers", "author", "customer", "employee")}

_PLACE = ("source", "file", "row")

NO_WORDS = (
    "Has no words: the text is empty or blank. Expected what the customer wrote or said. Check the text column or the "
    "file, then run again."
)
_SPEAKERS = (
    "Has {lines} lines but {speakers} speakers. A transcript needs one speaker a line; export the call again, "
    "then run again."
)


@dataclass(frozen=True, slots=True)
class Normalised:
    """What became of the items: feedback, or a row in quarantine."""

    feedback: pl.DataFrame  # columns of ``UNMASKED``, text not masked yet
    quarantine: pl.DataFrame  # QUARANTINE: what cannot be used, and why
    places: pl.DataFrame  # PLACES: where each row of ``feedback`` stands at its source


def normalise(items: pl.DataFrame, *, secret: bytes) -> Normalised:
    """Give ``items`` (ITEMS) one shape. Each row becomes one feedback row or one quarantine row, in order.

    Texts are repaired (mojibake, Unicode NFC, no invisible characters, one kind of line end, single spaces); a
    transcript's line n stays line n. ``signature``, ``duplicate_of`` and ``run_id`` stay null. An item that arrives
    twice gives two rows of one ``feedback_id``: which one stays is the warehouse's decision.
    """
    used: list[dict[str, object]] = []
    unusable: list[dict[str, object]] = []
    places: list[dict[str, object]] = []
    for item in conform(items, ITEMS).iter_rows(named=True):
        text, problem = _text(item)
        if problem is not None:
            unusable.append(_quarantined(item, problem))
        else:
            used.append(_shaped(item, text, secret))
            places.append({"feedback_id": used[-1]["feedback_id"], **{name: item[name] for name in _PLACE}})
    return Normalised(
        pl.DataFrame(used, schema=UNMASKED, orient="row") if used else pl.DataFrame(schema=UNMASKED),
        pl.DataFrame(unusable, schema=QUARANTINE) if unusable else pl.DataFrame(schema=QUARANTINE),
        pl.DataFrame(places, schema=PLACES).drop_nulls("file") if places else pl.DataFrame(schema=PLACES),
    )


def _text(item: dict[str, object]) -> tuple[str, str | None]:
    """The repaired text, or the problem with it."""
    if item["problem"] is not None:
        return "", str(item["problem"])
    raw, speakers = item["text"], item["speakers"]
    if not isinstance(raw, str):
        return "", NO_WORDS
    if isinstance(speakers, list):
        lines = raw.split("\n")
        if len(lines) != len(speakers):
            return "", _SPEAKERS.format(lines=len(lines), speakers=len(speakers))
        text = "\n".join(map(repair_line, lines))
    else:
        text = repair(raw)
    return text, None if keys.fold_text(text) else NO_WORDS


def _shaped(item: dict[str, object], text: str, secret: bytes) -> dict[str, object]:
    source, external_id = str(item["source"]), _external_id(item)
    author, customer = _clean(item["author"]), _clean(item["customer"])
    language = detect(text)
    return {
        "feedback_id": keys.feedback_id(source, external_id),
        "source": source,
        "channel": item["channel"],
        "external_id": _public_id(external_id, item, secret),
        "occurred_at": item["occurred_at"],
        "received_at": item["received_at"],
        "language": language,
        "is_readable": is_readable(language, text),
        "text": text,
        "author_key": keys.keyed(secret, "author", keys.fold_author(author)) if author else None,
        "customer_key": keys.keyed(secret, "customer", folded)
        if (folded := keys.fold_customer(customer or ""))
        else None,
        "product": _clean(item["product"]),
        "location": _clean(item["location"]),
        "segment": _clean(item["segment"]),
        "rating": item["rating"],
        "content_hash": keys.keyed(secret, "content", keys.fold_text(text), n_digits=32),
        "repost_of": keys.feedback_id(source, shared) if (shared := _clean(item["repost_of"])) else None,
        "speakers": item["speakers"],
        "author": author,
        "customer": customer,
        "employee": _clean(item["employee"]),
    }


def _clean(value: object) -> str | None:
    """A one-line column value repaired; None when nothing is left of it."""
    return (repair_line(value) or None) if isinstance(value, str) else None


def _external_id(item: dict[str, object]) -> str:
    """The id as given, or file and row where a source has none."""
    given = item["external_id"]
    if isinstance(given, str) and given.strip():
        return given.strip()
    return f"{item['file']}#{item['row']}" if item["row"] is not None else str(item["file"])


def _public_id(external_id: str, item: dict[str, object], secret: bytes) -> str:
    if not _is_personal(external_id, item):
        return external_id
    return "keyed:" + keys.keyed(secret, "external_id", external_id)


_ADDRESS_LIKE = re.compile(r"@|://|^\+\d|/u/|/users?/", re.IGNORECASE)


def _is_personal(external_id: str, item: dict[str, object]) -> bool:
    """Whether the id itself could name somebody: an address, a handle, a given name, or a name from the item."""
    if _ADDRESS_LIKE.search(external_id):
        return True
    customer = keys.fold_customer(str(item["customer"] or ""))
    if len(customer) >= 4 and customer in keys.fold_customer(external_id):
        return True
    names = " ".join(str(item[column] or "").split("@")[0] for column in ("author", "customer", "employee"))
    known = {word for word in keys.fold_name(names).split() if len(word) >= 3 and not word.isdigit()}
    words = re.findall(r"[^\W\d_]{3,}", external_id)
    return any(keys.fold_name(word) in known or _is_given_name(word) for word in words)


def _is_given_name(word: str) -> bool:
    known = lookup(word)
    return bool(known & Known.FIRST) and not known & (Known.COMMON | Known.PLACE)


def _quarantined(item: dict[str, object], problem: str) -> dict[str, object]:
    source, row = str(item["source"]), item["row"]
    file = None if item["file"] is None else str(item["file"])
    return {
        "quarantine_id": keys.quarantine_id(source, file, row if isinstance(row, int) else None, problem),
        "source": source,
        "channel": item["channel"],
        "file": file,
        "row": row,
        "problem": problem,
    }
