"""The share of customers that report something, week by week and month by month, corrected for the model's errors."""

from collections import defaultdict
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl

from cxnlp.quality.counts import Errors, Measured, share_of

#: Columns of the table ``rates``; ``tables.sql`` and docs/counts.md say what they mean.
RATES: Final[dict[str, pl.DataType]] = {
    "period": pl.String(),  # week or month
    "starts_on": pl.Date(),
    "family": pl.String(),
    "label": pl.String(),
    "polarity": pl.String(),  # + or -, unmeasurables only
    "n_feedback": pl.Int64(),
    "n_customers_all": pl.Int64(),
    "n_customers_reporting": pl.Int64(),  # customers of whom model or rules say so for sure
    "n_customers_labelled": pl.Int64(),  # customers drawn at random of whom people judged everything
    "raw_share": pl.Float64(),
    "corrected_share": pl.Float64(),
    "corrected_share_low": pl.Float64(),
    "corrected_share_high": pl.Float64(),
    "method": pl.String(),  # prediction-powered, adjusted count, raw
}

#: Columns of the table ``label_errors``.
LABEL_ERRORS: Final[dict[str, pl.DataType]] = {
    "family": pl.String(),
    "label": pl.String(),
    "polarity": pl.String(),
    "true_positives": pl.Int64(),
    "false_positives": pl.Int64(),
    "false_negatives": pl.Int64(),
    "true_negatives": pl.Int64(),
    "sensitivity": pl.Float64(),  # mean of its Jeffreys posterior
    "sensitivity_variance": pl.Float64(),
    "specificity": pl.Float64(),
    "specificity_variance": pl.Float64(),
    "model_versions": pl.String(),  # with ", " between
}

#: Of the texts of which the random slice holds anything, the share of which it must hold all. Below that the slice was
#: not drawn by whole texts, and those it happens to hold whole are short ones: no sample of all.
LEAST_WHOLE: Final = 0.8

_SQL: Final = Path(__file__).with_name("rates.sql").read_text("utf-8")
_COUNTS: Final = ("true_positives", "false_positives", "false_negatives", "true_negatives")

_Key = tuple[str, str]


def rates(connection: duckdb.DuckDBPyConnection, measured: Measured) -> pl.DataFrame:
    """Return the shares, columns `RATES`, of every week and month that anyone wrote in and every label in use.

    A period with at least 30 labelled customers is corrected by them; any other by the errors that came with the
    model and those on all labelled customers, put together; where no errors are known, it stays raw.

    Args:
        connection: the working database, or a snapshot.
        measured: the model's errors on documents; for periods that another model has tagged they say nothing.
    """
    known = [measured.model_version, *measured.earlier_versions] if measured.model_version else []
    bound = {"model_versions": known, "least_whole": LEAST_WHOLE}
    rows = connection.execute(_SQL, bound).pl().to_dicts()
    own = _own_errors(rows)
    return pl.DataFrame([_rate(row, measured, own) for row in rows], schema=RATES, orient="row")


def label_errors(measured: Measured) -> pl.DataFrame:
    """Return the model's errors as rows, columns `LABEL_ERRORS`: what views correct shares of feedback by.

    Args:
        measured: the model's errors on documents.
    """
    if measured.model_version is None:
        return pl.DataFrame(schema=LABEL_ERRORS)
    versions = ", ".join([measured.model_version, *measured.earlier_versions])
    rows = [
        {"family": family, "label": code.rstrip("+-"), "polarity": code[-1] if code[-1] in "+-" else None}
        | {name: getattr(errors, name) for name in _COUNTS}
        | _posterior("sensitivity", errors.true_positives, errors.false_negatives)
        | _posterior("specificity", errors.true_negatives, errors.false_positives)
        | {"model_versions": versions}
        for (family, code), errors in measured.errors.items()
        if errors.true_positives + errors.false_negatives
    ]
    return pl.DataFrame(rows, schema=LABEL_ERRORS)


def _posterior(name: str, yes: int, no: int) -> dict[str, float]:
    """Mean and variance of the Jeffreys posterior of a share."""
    a, b = yes + 0.5, no + 0.5
    return {name: a / (a + b), f"{name}_variance": a * b / ((a + b) ** 2 * (a + b + 1))}


def _own_errors(rows: list[dict[str, Any]]) -> dict[_Key, Errors]:
    """Add up, label by label, what people's answers say about errors."""
    found: dict[_Key, Errors] = defaultdict(Errors)
    for row in rows:
        if row["period"] == "month":  # weeks hold the same customers
            found[_key(row)] += _labelled(row)
    return found


def _rate(row: dict[str, Any], measured: Measured, own: dict[_Key, Errors]) -> dict[str, Any]:
    key = _key(row)
    labelled = _labelled(row)
    elsewhere = measured.errors.get(key, Errors()) if row["is_measured"] else Errors()
    errors = elsewhere + own[key]
    texts_each = {entry["key"]: entry["value"] for entry in row["texts_each"]}
    share = share_of(
        row["n_customers_reporting"], row["n_customers_all"], errors=errors, labelled=labelled, texts_each=texts_each
    )
    assert share is not None  # a period is there because someone wrote in it
    return {name: row.get(name) for name in RATES} | {
        "n_customers_labelled": labelled.n, "raw_share": row["n_customers_reporting"] / row["n_customers_all"],
        "corrected_share": round(share.value, 4), "corrected_share_low": round(share.low, 4),
        "corrected_share_high": round(share.high, 4), "method": share.method,
    }  # fmt: skip


def _key(row: dict[str, Any]) -> _Key:
    return row["family"], row["label"] + (row["polarity"] or "")


def _labelled(row: dict[str, Any]) -> Errors:
    return Errors(*(row[name] for name in _COUNTS)) if row["is_drawn_whole"] else Errors()
