"""Items: built from the views every night, kept in the table ``backlog`` under the same id as long as they live."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from cxnlp.backlog.crowns import CROWNS, crowns
from cxnlp.backlog.priority import explain, total
from cxnlp.backlog.quotes import N_QUOTES, best_quotes
from cxnlp.backlog.sentences import Reader, sentences
from cxnlp.backlog.states import OPEN
from cxnlp.backlog.terms import distinctive_terms
from cxnlp.backlog.titles import kept, spoken, title
from cxnlp.backlog.voices import Item
from cxnlp.insight import period_of
from cxnlp.settings import Backlog
from cxnlp.warehouse.sql import WarehouseError

#: What `build` computes of the table ``backlog`` (docs/backlog.md says how); `states.STANDING` are its other columns.
BACKLOG: Final[dict[str, pl.DataType]] = {
    "item_id": pl.String(),  # hash of kind, label, polarity and theme: the same every night
    "kind": pl.String(),  # moment, unmeasurable, warning, signal
    "label": pl.String(),
    "polarity": pl.String(),  # "-" for moments and unmeasurables, else null
    "stage": pl.String(),  # moments only
    "title": pl.String(),  # plain words
    "state": pl.String(),  # new, quiet, or what a person set
    "opened_on": pl.Date(),  # night on which it first appeared
    "first_feedback_on": pl.Date(),
    "last_feedback_on": pl.Date(),
    "days_to_item": pl.Int32(),  # from first feedback to opened_on
    "n_mentions": pl.Int64(),
    "n_customers": pl.Int64(),
    "n_mentions_recent": pl.Int64(),  # mentions of the last 14 days
    "trend": pl.Float64(),  # change of the share of feedback that speaks of it, last 4 weeks on 4 before
    "trend_word": pl.String(),  # rising, falling, steady, new
    "severity": pl.Float64(),  # 0 … 1
    "priority": pl.Float64(),  # 0 … 100
    "net_sentiment": pl.Float64(),  # -1 … 1
    "warnings": pl.String(),  # the two causes most often said along with it, most frequent first
    "owner": pl.String(),
    "quote_1": pl.String(),
    "quote_2": pl.String(),
    "quote_3": pl.String(),
    "quote_1_mention_id": pl.String(),
    "quote_2_mention_id": pl.String(),
    "quote_3_mention_id": pl.String(),
    "run_id": pl.String(),
    "sentence": pl.String(),  # what customers experience, in their words
    "net_sentiment_low": pl.Float64(),
    "net_sentiment_high": pl.Float64(),
    "missing": pl.String(),  # the up to three unmeasurables that are missing in its mentions most often
    "n_customers_all": pl.Int64(),  # people heard in the period
    "reach": pl.Float64(),  # 0 … 1, as the priority takes it
    "direction": pl.Float64(),  # 0 … 1, likewise
    **CROWNS,
    "quote_4": pl.String(),
    "quote_5": pl.String(),
    "quote_4_mention_id": pl.String(),
    "quote_5_mention_id": pl.String(),
    "theme_id": pl.String(),  # moments and wishes; null: what no theme of enough customers says
    # its life (states.py has the columns that people decide)
    "ready_on": pl.Date(),  # of a new item: day on which enough people's feedback had arrived; `write` keeps it
    "n_customers_since": pl.Int64(),  # people of the period who spoke of it after the day of its state
}

#: Columns of the table ``backlog_evidence``.
EVIDENCE: Final[dict[str, pl.DataType]] = {"item_id": pl.String(), "mention_id": pl.String()}

_FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True)
class Gathered:
    """What a night finds: items, columns `BACKLOG`, the most urgent first, and their mentions, columns `EVIDENCE`."""

    items: pl.DataFrame
    evidence: pl.DataFrame


def gather(
    connection: duckdb.DuckDBPyConnection,
    *,
    night: date,
    run_id: str,
    settings: Backlog,
    least_group: int = 5,
    reader: Reader | None = None,
) -> Gathered:
    """Return tonight's items and the mentions of the period that speak for each.

    Nothing is stored: the views are read, the working table ``heard`` is temporary. ``opened_on`` is the night and
    ``state`` "new" for all; `write` gives back what an item had before.

    Args:
        connection: a database with the warehouse's views, the working one or a snapshot.
        night: day that the night is for.
        run_id: id of the run that computes the items.
        settings: how many customers make an item, over how many weeks, what they are worth, and what weighs how much.
        least_group: a theme of fewer people becomes no item of its own: page and exports could not say what it is. A
            name or rare word of fewer is in no sentence.
        reader: how the model reads phrases that stand alone; without it no item has a sentence.
    """
    period = period_of(connection, night=night, weeks=settings.weeks)
    bounds: dict[str, object] = {"first_on": period.first_on, "last_on": period.last_on}
    least: dict[str, object] = {"least_customers": settings.least_customers}
    apart = {"least_people": max(settings.least_customers, least_group)}
    connection.execute("CREATE OR REPLACE TEMP TABLE heard AS " + _sql("heard"), bounds)
    try:
        connection.execute(_sql("heard_themes"), least | apart)
        items = connection.execute(_sql("items"), {"night": night, "last_on": period.last_on} | least).pl()
        waiting = connection.execute(_sql("waiting"), {"night": night} | least).pl()
        items = items.join(waiting, on="item_id", how="left", maintain_order="left")
        items = items.with_columns(pl.col("n_customers_since").fill_null(0))
        sayings = connection.execute(_sql("words")).pl()
        worded = _worded(connection, items, sayings, bounds, least_group, reader)
        worth = crowns(connection.execute(_sql("crowns"), bounds).pl(), settings)
        evidence = connection.execute(_sql("evidence")).pl()
    finally:
        connection.execute("DROP TABLE temp.heard")
    whole = (
        items.join(worded, on="item_id", how="left", maintain_order="left")
        .join(worth, on="item_id", how="left", maintain_order="left")
        .with_columns(state=pl.lit("new"), opened_on=pl.lit(period.night), run_id=pl.lit(run_id))
    )
    own = evidence.join(items, on="item_id", how="semi", maintain_order="left").select(list(EVIDENCE))
    return Gathered(_in_order(whole, settings), own)


def build(
    connection: duckdb.DuckDBPyConnection, *, night: date, run_id: str, settings: Backlog, least_group: int = 5
) -> pl.DataFrame:
    """Return tonight's items as `gather` does, without their mentions."""
    return gather(connection, night=night, run_id=run_id, settings=settings, least_group=least_group).items


def write_evidence(connection: duckdb.DuckDBPyConnection, evidence: pl.DataFrame) -> None:
    """Bring the table ``backlog_evidence`` up to tonight's ``evidence`` (columns `EVIDENCE`), after `write`.

    An item that was not built tonight keeps the mentions of the last night on which it was, but for those that speak
    for another item of its label now; so a merged one has none. Rows that stay are not touched.
    """
    connection.register("tonight", evidence)
    try:
        for statement in connection.extract_statements(_sql("write_evidence")):
            connection.execute(statement)
    finally:
        connection.unregister("tonight")


def read(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return the table ``backlog``, most urgent first, what nobody has to work on last, with the verdicts on fixes.

    Columns besides the table's: ``label_name`` and ``stage_name``, the taxonomy's words; `helped.MEASURED`, as
    docs/effects.md explains them: all are null where no night has measured a fix, ``verdict_on`` also where it is too
    early to tell.
    """
    return published(connection, _sql("read"), {"open": list(OPEN)})


def published(
    connection: duckdb.DuckDBPyConnection, query: str, values: dict[str, object] | None = None
) -> pl.DataFrame:
    """Return the rows of a query of the backlog's tables in a published database.

    Raises:
        WarehouseError: an older cxnlp published it, without some of these tables.
    """
    try:
        return connection.execute(query, values).pl()
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise WarehouseError("this database was published by an older cxnlp, whose backlog had less to say. Run "
                             "`cxnlp run`, which publishes it anew.") from error  # fmt: skip


def _sql(name: str) -> str:
    return (_FOLDER / f"{name}.sql").read_text("utf-8")


def _in_order(items: pl.DataFrame, settings: Backlog) -> pl.DataFrame:
    """The items with their priority, the most urgent first."""
    points = [total(explain(row, settings)) for row in items.iter_rows(named=True)]
    return (
        items.with_columns(priority=pl.Series(points, dtype=pl.Float64()))
        .sort(["priority", "item_id"], descending=[True, False])
        .select(pl.col(name).cast(dtype) for name, dtype in BACKLOG.items())
    )


def _worded(
    connection: duckdb.DuckDBPyConnection,
    items: pl.DataFrame,
    sayings: pl.DataFrame,
    bounds: dict[str, object],
    least_group: int,
    reader: Reader | None,
) -> pl.DataFrame:
    """What SQL cannot say of each item: title, sentence and quotes."""
    rows = {row["item_id"]: row for row in items.iter_rows(named=True)}
    terms = distinctive_terms(sayings, {item_id: spoken(row) for item_id, row in rows.items()})
    stay = _kept(connection, rows, sayings)
    titles = {item_id: title(row, terms[item_id], stay.get(item_id, [])) for item_id, row in rows.items()}
    shown = {item_id: words for item_id, (_, words) in titles.items() if rows[item_id]["theme_id"] is not None}
    told = {}
    if reader is not None:
        about = {item_id: Item(row["kind"], row["label"], row["polarity"]) for item_id, row in rows.items()}
        told = sentences(sayings, _meanings(connection, sayings), about, least_group, reader)
    sources = {item_id: sentence.mention_ids for item_id, sentence in told.items()}
    known = {"sources": [mention_id for ids in sources.values() for mention_id in ids]}
    quotes = best_quotes(connection.execute(_sql("candidates"), bounds | known).pl(), shown, sources)
    worded = [
        {"item_id": item_id, "title": words, "sentence": told[item_id].text if item_id in told else None}
        | _quote_columns(quotes.get(item_id, []))
        for item_id, (words, _) in titles.items()
    ]
    names = ["item_id", "title", "sentence", *_quote_columns([])]
    return pl.DataFrame(worded, schema=dict.fromkeys(names, pl.String()))


def _kept(
    connection: duckdb.DuckDBPyConnection, rows: Mapping[str, Mapping[str, object]], sayings: pl.DataFrame
) -> dict[str, list[str]]:
    """What stays of the titles of items that somebody decided about."""
    decided = dict(connection.execute(_sql("decided")).fetchall())
    said = sayings.explode("item_ids").filter(pl.col("item_ids").is_in(list(decided)))
    quotes = dict(said.group_by("item_ids").agg("quote").iter_rows())
    return {item_id: kept(rows[item_id], before, quotes.get(item_id, ()))
            for item_id, before in decided.items() if item_id in rows}  # fmt: skip


def _meanings(connection: duckdb.DuckDBPyConnection, sayings: pl.DataFrame) -> pl.DataFrame:
    connection.register("sayings", sayings.select("mention_id", "item_ids"))
    try:
        return connection.execute(_sql("meanings")).pl()
    finally:
        connection.unregister("sayings")


def _quote_columns(quotes: list[tuple[str, str]]) -> dict[str, str | None]:
    columns: dict[str, str | None] = {}
    for number in range(1, N_QUOTES + 1):
        mention_id, quote = quotes[number - 1] if number <= len(quotes) else (None, None)
        columns |= {f"quote_{number}": quote, f"quote_{number}_mention_id": mention_id}
    return columns
