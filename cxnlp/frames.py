"""The columns that travel between stages, stated once.

Every stage is a pure function from frames to frames (polars). A row that cannot be used is never dropped: its
``problem`` says what was found, what was expected and how to mend it, and it ends in the ``quarantine`` table.

Offsets (``start``, ``end``, ``evidence_start``, ``evidence_end``) count characters (Unicode code points) into
``feedback.text``; ``end`` is exclusive.
"""

from typing import Final

import polars as pl

Schema = dict[str, pl.DataType]

_TIME: Final = pl.Datetime("us", "UTC")

#: One arrived thing, as it came. ``text`` is the words as found; a transcript has one line per turn and
#: ``speakers`` one entry per line ("customer", "agent" or null). ``problem`` is null for usable items.
ITEMS: Final[Schema] = {
    "source": pl.String(),  # name of the source in cxnlp.toml
    "channel": pl.String(),  # letter, call, social
    "external_id": pl.String(),  # id that the source gave, or one derived from file and row
    "occurred_at": _TIME,  # when the customer wrote or spoke
    "received_at": _TIME,  # when it reached the folder (file time)
    "text": pl.String(),
    "speakers": pl.List(pl.String()),  # null unless the text is a transcript, one line a turn
    "repost_of": pl.String(),  # external_id of the post that this one shares unchanged, as the source says
    "author": pl.String(),  # who wrote, as given (name, handle, e-mail); never stored
    "customer": pl.String(),  # customer or account number as given; never stored
    "employee": pl.String(),  # employee who served, as given; never stored
    "product": pl.String(),
    "location": pl.String(),
    "rating": pl.Float64(),  # as given, on the source's own scale
    "file": pl.String(),  # path below the source's folder
    "row": pl.Int64(),  # row, line or entry in the file, from 1; null for whole-file items
    "problem": pl.String(),
}

#: One shape for all feedback. ``text`` is masked; ``*_key`` are keyed hashes (HMAC, the workspace's secret).
FEEDBACK: Final[Schema] = {
    "feedback_id": pl.String(),  # hash of source and external id, 16 hex digits
    "source": pl.String(),
    "channel": pl.String(),
    "external_id": pl.String(),  # keyed hash where the id itself could name a person (handles, e-mail ids)
    "occurred_at": _TIME,
    "received_at": _TIME,
    "language": pl.String(),  # ISO 639-1; "und" when it cannot be told
    "is_readable": pl.Boolean(),  # False: stored, but the model does not read this language, so it has no mentions
    "text": pl.String(),
    "written": pl.String(),  # masked text before shorthand was written out; null where ``text`` is as written
    "author_key": pl.String(),
    "customer_key": pl.String(),
    "product": pl.String(),
    "location": pl.String(),
    "rating": pl.Float64(),
    "content_hash": pl.String(),  # of the normalised unmasked text, keyed; equal text, equal hash
    "signature": pl.List(pl.UInt32()),  # MinHash of word shingles of the masked text, for near duplicates
    "masking_version": pl.String(),  # hash of the rules by which the text was masked; null: not at all
    "repost_of": pl.String(),  # feedback_id of the post that the source says it shares; it need not be stored
    "duplicate_of": pl.String(),  # feedback_id of the first arrival of the same text, else null
    "vanished_on": pl.Date(),  # night on which its source was found not to hold it any more, else null
    "run_id": pl.String(),
}

#: A person of the company named in feedback: the name itself is not stored, its keyed pseudonym is.
EMPLOYEES: Final[Schema] = {
    "feedback_id": pl.String(),
    "employee_key": pl.String(),  # keyed hash of the folded name
    "role": pl.String(),  # agent, driver, counter, manager, engineer, staff
    "start": pl.Int64(),  # of the placeholder in feedback.text; null when named in a column only
    "end": pl.Int64(),
    "run_id": pl.String(),
}

#: One sentence, or one clause of a sentence.
MENTIONS: Final[Schema] = {
    "mention_id": pl.String(),  # feedback_id + "." + position
    "feedback_id": pl.String(),
    "position": pl.Int32(),  # from 1
    "start": pl.Int64(),
    "end": pl.Int64(),
    "speaker": pl.String(),  # customer, agent, or null
    "text": pl.String(),
    "run_id": pl.String(),
}

#: One judgement of one voter on one mention. Sentiment has exactly one row a mention from the model: its ``label``
#: is the strength ("-2" … "2") and ``score`` the expected value, -1 … 1.
TAGS: Final[Schema] = {
    "mention_id": pl.String(),
    "family": pl.String(),  # moment, sentiment, unmeasurable, warning, signal
    "label": pl.String(),
    "polarity": pl.String(),  # "+" or "-" for unmeasurables, else null
    "probability": pl.Float32(),  # calibrated, 0 … 1
    "score": pl.Float32(),  # sentiment only
    "decision": pl.String(),  # yes, unsure
    "evidence_start": pl.Int64(),
    "evidence_end": pl.Int64(),
    "voter": pl.String(),  # model, rule, person
    "model_version": pl.String(),
    "taxonomy_version": pl.String(),
    "precision_version": pl.String(),  # of the wishes in [tags] precision; null: the model's own thresholds
    "run_id": pl.String(),
}

#: How many numbers a mention's vector has.
VECTOR_WIDTH: Final = 384

#: A mention's meaning, to search by and to group by. Vectors can be turned back into words, more or less: they are
#: treated as the customer's masked words.
VECTORS: Final[Schema] = {
    "mention_id": pl.String(),
    "encoder_version": pl.String(),  # vectors of one encoder can be compared with each other
    "vector": pl.Array(pl.Int8(), VECTOR_WIDTH),  # length 1, times 450
}

#: What could not be used. ``problem`` never holds a customer's words.
QUARANTINE: Final[Schema] = {
    "quarantine_id": pl.String(),  # hash of source, file, row and problem
    "source": pl.String(),
    "channel": pl.String(),
    "file": pl.String(),  # never published
    "masked_file": pl.String(),  # the same without what could name a person
    "row": pl.Int64(),
    "problem": pl.String(),
    "vanished_on": pl.Date(),  # night on which the file was found to be gone, else null
    "released_at": _TIME,  # when somebody accepted that it will never be read, else null
    "released_by": pl.String(),  # never published
    "reason": pl.String(),
    "run_id": pl.String(),
}

#: Where at its source a piece of feedback stands; one that stands in two files has two rows.
PLACES: Final[Schema] = {
    "feedback_id": pl.String(),
    "source": pl.String(),
    "file": pl.String(),  # never published
    "row": pl.Int64(),
}


def conform(frame: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """Return ``frame`` with exactly the columns of ``schema``, in order; absent ones are null.

    Raises:
        polars.exceptions.PolarsError: a column holds values that its type cannot.
        ValueError: ``frame`` has a column that ``schema`` does not know.
    """
    unknown = [name for name in frame.columns if name not in schema]
    if unknown:
        raise ValueError(f"columns {unknown} are not in the schema; it knows {list(schema)}")
    if not frame.columns:
        return pl.DataFrame(schema=schema)
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in schema.items()
    )
