"""Drivers: which moments and soft qualities move ratings, champions and leaving customers, and by how much."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import polars as pl

from cxnlp.insight.effects import Effects, Estimate, effects

#: Columns of the table ``effects``; ``tables.sql`` and docs/drivers.md say what they mean.
EFFECTS: Final[dict[str, pl.DataType]] = {
    "outcome": pl.String(),  # rating, champion, churn
    "family": pl.String(),  # moment, unmeasurable
    "label": pl.String(),
    "n_customers": pl.Int64(),
    "n_customers_all": pl.Int64(),
    "feeling": pl.Float64(),
    "effect": pl.Float64(),
    "effect_low": pl.Float64(),
    "effect_high": pl.Float64(),
    "is_driver": pl.Boolean(),
    "explained_share": pl.Float64(),
    "explained_share_low": pl.Float64(),
    "explained_share_high": pl.Float64(),
    "impact": pl.Float64(),
    "impact_low": pl.Float64(),
    "impact_high": pl.Float64(),
}

#: In points from 0 to 100: where a rating stands on its scale; a hundred for whoever recommends, or leaves.
OUTCOMES: Final = ("rating", "champion", "churn")

#: Recommending and never returning, love and hate for the company: an outcome in other words, no cause of it.
LEFT_OUT: Final = ("affinity", "loyalty")

#: Fewer people say nothing about a cause, or about an outcome.
LEAST_CUSTOMERS: Final = 20
#: People an estimated cause: with fewer, the least mentioned causes are left out.
CUSTOMERS_A_CAUSE: Final = 10

_SQL: Final = Path(__file__).with_name("drivers.sql").read_text("utf-8")
_CAUSE: Final = ("family", "label")


def drivers(
    connection: duckdb.DuckDBPyConnection, *, night: date, days: int, least_group: int = 1
) -> pl.DataFrame:  # fmt: skip
    """Return what moves each outcome, columns `EFFECTS`, from the feedback of the ``days`` up to ``night``.

    Args:
        connection: the working database, or a snapshot.
        night: the last day that counts.
        days: how many days count.
        least_group: causes of which fewer people speak are left out, as are those of fewer than `LEAST_CUSTOMERS`.
    """
    bound = {"night": night, "days": days, "left_out": list(LEFT_OUT)}
    return moved(connection.execute(_SQL, bound).pl(), least_customers=max(least_group, LEAST_CUSTOMERS))


def moved(documents: pl.DataFrame, *, least_customers: int = LEAST_CUSTOMERS) -> pl.DataFrame:
    """Return what moves each outcome, columns `EFFECTS`; no rows for an outcome of which too little is known.

    Args:
        documents: one row a document: ``person_key``, ``source``, ``n_mentions``, ``feelings`` (a list of structs
            ``family``, ``label``, ``feeling`` from -1 to 1) and the `OUTCOMES`, null where unknown.
        least_customers: causes of which fewer people speak are left out; an outcome is, too, unless as many people have
            it above its mean, and below.
    """
    rows = [row for outcome in OUTCOMES for row in _rows(outcome, documents, least_customers)]
    return pl.DataFrame(rows, schema=EFFECTS, orient="row")


def _rows(outcome: str, documents: pl.DataFrame, least_customers: int) -> Iterator[dict[str, Any]]:
    known = documents.drop_nulls(outcome)
    if not _is_varied(known, outcome, least_customers):
        return
    n_all = known["person_key"].n_unique()
    causes = _causes(known, least_customers).head(n_all // CUSTOMERS_A_CAUSE)
    if causes.is_empty():
        return
    found = _estimate(known, outcome, causes)
    for at, cause in enumerate(causes.iter_rows(named=True)):
        yield {
            "outcome": outcome, **cause, "n_customers_all": n_all, "is_driver": bool(found.is_driver[at]),
            **_named("effect", found.effect, at), **_named("explained_share", found.explained_share, at),
            **_named("impact", found.impact, at),
        }  # fmt: skip


def _is_varied(known: pl.DataFrame, outcome: str, least_customers: int) -> bool:
    """Tell whether enough people have the outcome above its mean, and below it."""
    value = pl.col(outcome)
    sides = known.select(
        pl.col("person_key").filter(value > value.mean()).n_unique().alias("above"),
        pl.col("person_key").filter(value < value.mean()).n_unique().alias("below"),
    )
    return bool(min(sides.row(0)) >= least_customers)


def _causes(known: pl.DataFrame, least_customers: int) -> pl.DataFrame:
    """Return the causes with people and mean feeling, those of most people first."""
    return (
        _felt(known)
        .group_by(_CAUSE)
        .agg(pl.col("person_key").n_unique().cast(pl.Int64).alias("n_customers"), pl.col("feeling").mean().round(4))
        .filter(pl.col("n_customers") >= least_customers)
        .sort(["n_customers", *_CAUSE], descending=[True, False, False])
    )


def _felt(known: pl.DataFrame) -> pl.DataFrame:
    """One row per document (``at``) and cause that it speaks of."""
    return known.with_row_index("at").explode("feelings", empty_as_null=False).unnest("feelings")


def _estimate(known: pl.DataFrame, outcome: str, causes: pl.DataFrame) -> Effects:
    """Lay the causes side by side, sources and the length of documents held equal."""
    places = causes.select(_CAUSE).with_row_index("cause")
    felt = _felt(known).join(places, on=_CAUSE)
    feelings = np.full((known.height, causes.height), np.nan)
    feelings[felt["at"].to_numpy(), felt["cause"].to_numpy()] = felt["feeling"].to_numpy()
    length = known.select(pl.col("n_mentions").log1p()).to_numpy()
    sources = known.select("source").to_dummies().to_numpy()
    return effects(
        known[outcome].to_numpy(), feelings, controls=np.column_stack([length, sources]),
        person=known["person_key"].rank("dense").cast(pl.Int64).to_numpy(),
        kind=causes["family"].rank("dense").cast(pl.Int64).to_numpy(),
    )  # fmt: skip


def _named(name: str, estimate: Estimate, at: int) -> dict[str, float]:
    columns = {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
    return {column: round(float(of[at]), 4) for column, of in columns.items()}
