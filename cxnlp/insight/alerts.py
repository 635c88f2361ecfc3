"""Early warnings: what rises beyond season, weekday and volume, and every danger from its first credible mention.

`alerts` gives the table of that name as it is after a night. docs/alerts.md says what is watched and how.
"""

import hashlib
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import polars as pl

from cxnlp.insight.period import period_of
from cxnlp.insight.rises import DAYS, GROUPS, PAST, Ints, Watch, rises
from cxnlp.settings import Alerts

#: Columns of the table ``alerts``; ``tables.sql`` says what they mean.
ALERTS: Final[dict[str, pl.DataType]] = {
    "alert_id": pl.String(),
    "kind": pl.String(),  # rise, crisis
    "family": pl.String(),
    "label": pl.String(),
    "polarity": pl.String(),
    "moment": pl.String(),
    "product": pl.String(),
    "location": pl.String(),
    "opened_on": pl.Date(),
    "last_on": pl.Date(),
    "closed_on": pl.Date(),
    "n_days": pl.Int64(),
    "n_reports": pl.Int64(),
    "n_customers": pl.Int64(),
    "expected_reports": pl.Float64(),
    "ratio": pl.Float64(),
    "p_value": pl.Float64(),
    "quote_1_mention_id": pl.String(),
    "quote_2_mention_id": pl.String(),
    "quote_3_mention_id": pl.String(),
    "run_id": pl.String(),
}

#: Nights without a further sign after which an alert is closed; days that a crisis counts as lately.
QUIET_NIGHTS: Final = 7

_NIGHTS_A_MONTH: Final = 365.25 / 12
_SUBJECT: Final = ("family", "label", "polarity", "moment")
_PLACE: Final = ("product", "location")
_WHERE: Final = ("moment", *_PLACE)
_SERIES: Final = (*_SUBJECT, *_PLACE)
_QUOTES: Final = tuple(name for name in ALERTS if name.startswith("quote_"))
_FOUND: Final = ("n_days", "n_reports", "n_customers", "expected_reports", "ratio", "p_value", *_QUOTES, "run_id")
_WATCHED: Final = {name: pl.String() for name in ("kind", *_SERIES)} | {"first_on": pl.Date(), "until_on": pl.Date()}
_CRISIS_DAYS: Final = 28  # what was said longer ago is history, as in alerts_crises.sql
_FOLDER: Final = Path(__file__).parent

_Row = dict[str, Any]


def alerts(
    connection: duckdb.DuckDBPyConnection, daily: pl.DataFrame, *, night: date, run_id: str, settings: Alerts,
    least_group: int,
) -> pl.DataFrame:  # fmt: skip
    """Return the table ``alerts``, columns `ALERTS`, as it is after this night; reads only.

    Args:
        connection: a database with the warehouse's views and what the table holds from earlier nights.
        daily: the counts of `cxnlp.insight.daily` for this night.
        night: day that the night is for.
        run_id: id of the run.
        settings: how many false alarms a month are allowed, and which rises are worth one.
        least_group: people below whom nothing is a rise, each counted once; a crisis needs one.
    """
    last_on = period_of(connection, night=night, weeks=1).last_on
    before = connection.execute("FROM alerts ORDER BY opened_on, alert_id").pl().to_dicts()
    standing = [row for row in before if row["closed_on"] is None]
    seen = [*_crises(connection, night, last_on), *_rises(daily, last_on, settings, least_group)]
    heard = iter(_heard(connection, [*(_of(row, last_on) for row in seen), *(_since(row) for row in standing)]))
    found = [_spoken(row, next(heard)) for row in seen]
    left = {row["alert_id"]: next(heard)["n_customers"] for row in standing}
    enough = [row for row in found if row["kind"] == "crisis" or row["n_customers"] >= least_group]
    after = carried_on([_shrunk(row, left) for row in before], enough, night=night, run_id=run_id)
    return pl.DataFrame(after, schema=ALERTS, orient="row")


def carried_on(before: list[_Row], found: list[_Row], *, night: date, run_id: str) -> list[_Row]:
    """Return the alerts after this night: those found again go on, new ones are opened, quiet ones are closed.

    What one event raises in many series is one alert, the one that is least likely to be chance. Two series are of one
    event when they are of the same label and one's place lies in the other's. While its alert stands, only a wider
    place that is less likely still opens another.

    Args:
        before: rows of the table, columns `ALERTS`.
        found: tonight's series with kind and what was found: `_SERIES`, n_days, n_reports and so on.
        night: day that the night is for.
        run_id: id of the run.
    """
    kept = [row for row in before if row["closed_on"] is not None]
    standing = {_key(row): row for row in before if row["closed_on"] is None}
    tonight = [
        standing[_key(row)] | {name: row.get(name) for name in _FOUND} | {"last_on": night, "run_id": run_id}
        for row in found
        if _key(row) in standing
    ]
    for row in sorted(found, key=_least_likely_first):
        others = [other for other in (*standing.values(), *tonight) if _is_one_event(row, other)]
        if _key(row) not in standing and all(_is_news(row, other) for other in others):
            tonight.append(_opened(row, night, run_id))
    found_again = {row["alert_id"] for row in tonight}
    quiet = [_aged(row, night) for row in standing.values() if row["alert_id"] not in found_again]
    return sorted([*kept, *quiet, *tonight], key=lambda row: (row["opened_on"], row["alert_id"]))


def watch_of(daily: pl.DataFrame, last_on: date) -> tuple[Watch, pl.DataFrame]:
    """Return the counts as arrays, and what each series is.

    The columns that say so are family, label, polarity, moment, product and location.

    Args:
        daily: occurred_on, those columns, and n_customers; family null: people heard there.
        last_on: last day of the night.
    """
    daily = daily.with_columns(age=(pl.lit(last_on) - pl.col("occurred_on")).dt.total_days())
    heard, said = daily.filter(pl.col("family").is_null()), daily.filter(pl.col("family").is_not_null())
    is_recent = pl.col("age") < DAYS
    everywhere = pl.DataFrame({name: [None] for name in _PLACE}, schema={name: pl.String() for name in _PLACE})
    places = pl.concat([everywhere, heard.filter(is_recent).select(_PLACE)]).unique(maintain_order=True)
    subjects = said.select(_SUBJECT).unique(maintain_order=True)
    series = pl.concat([subjects.join(everywhere, how="cross"), said.filter(is_recent).select(_SERIES)])
    series = _numbered(series.unique(maintain_order=True), subjects, "subject")
    series = _numbered(series, places, "place")
    is_everywhere = pl.all_horizontal(pl.col(name).is_null() for name in _PLACE)
    watch = Watch(
        reports=_counts(said.filter(is_recent), series.select(_SERIES), DAYS),
        heard=_counts(heard.filter(is_recent), places, DAYS),
        past=_counts(said.filter(is_everywhere), subjects, PAST),
        past_heard=_counts(heard.filter(is_everywhere), everywhere, PAST)[0],
        subject=series["subject"].to_numpy().astype(np.int64),
        place=series["place"].to_numpy().astype(np.int64),
        group=np.array([_group(row) for row in series.iter_rows(named=True)], dtype=np.int64),
    )
    return watch, series.select(_SERIES)


def _rises(daily: pl.DataFrame, last_on: date, settings: Alerts, least_group: int) -> list[_Row]:
    watch, series = watch_of(daily, last_on)
    budget = settings.false_alarms / _NIGHTS_A_MONTH
    found = rises(watch, false_alarms=budget, least_people=least_group, least_rise=settings.least_rise)
    return [
        series.row(row, named=True)
        | {"kind": "rise", "n_days": days, "n_reports": n, "expected_reports": round(expected, 2),
           "ratio": round(n / expected, 2), "p_value": p_value}
        for row, days, n, expected, p_value in zip(
            found.series.tolist(), found.days.tolist(), found.n.tolist(), found.expected.tolist(),
            found.p_value.tolist(), strict=True,
        )
    ]  # fmt: skip


def _crises(connection: duckdb.DuckDBPyConnection, night: date, last_on: date) -> list[_Row]:
    bounds = {"night": night, "last_on": last_on, "n_days": QUIET_NIGHTS}
    rows = connection.execute(_sql("alerts_crises"), bounds).pl().to_dicts()
    crisis = {"kind": "crisis", "family": "signal", "label": "crisis", "polarity": None, "moment": None,
              "n_days": QUIET_NIGHTS}  # fmt: skip
    return [crisis | row for row in rows]


def _heard(connection: duckdb.DuckDBPyConnection, watched: list[_Row]) -> list[_Row]:
    """Return for each series how many people speak of it in its days, and the mentions that show it best."""
    if not watched:
        return []
    numbered = pl.DataFrame(watched, schema=_WATCHED).with_row_index("number")
    days = {"first_on": numbered["first_on"].min(), "until_on": numbered["until_on"].max()}
    connection.register("watched", numbered)
    try:
        rows = connection.execute(_sql("alerts_heard"), days).fetchall()
    finally:
        connection.unregister("watched")
    heard: list[_Row] = [{"n_customers": 0} | dict.fromkeys(_QUOTES) for _ in watched]
    for number, n_customers, mention_id, rank in rows:
        heard[number] |= {"n_customers": n_customers, f"quote_{rank}_mention_id": mention_id}
    return heard


def _of(row: _Row, last_on: date) -> _Row:
    """A series of tonight with the days that count."""
    days = _CRISIS_DAYS if row["kind"] == "crisis" else row["n_days"]
    series = {name: row[name] for name in ("kind", *_SERIES)}
    return series | {"first_on": last_on - timedelta(days=days - 1), "until_on": last_on}


def _since(alert: _Row) -> _Row:
    """An open alert with the days that counted, and the one before, as the night's own day may not have."""
    series = _of(alert, alert["last_on"])
    return series | {"first_on": series["first_on"] - timedelta(days=1)}


def _spoken(row: _Row, heard: _Row) -> _Row:
    """A series of tonight with its people: of a crisis those who are credible, as they were counted."""
    n = row["n_reports"] if row["kind"] == "crisis" else min(row["n_reports"], heard["n_customers"])
    return row | heard | {"n_customers": n}


def _shrunk(alert: _Row, left: dict[str, int]) -> _Row:
    """An alert of before with no more people than are left of them."""
    n_left, n = left.get(alert["alert_id"]), alert["n_customers"]
    return alert if n_left is None else alert | {"n_customers": n_left if n is None else min(n, n_left)}


def _least_likely_first(row: _Row) -> tuple[float, int, str]:
    """Of two that are as likely, the wider one is first."""
    return row.get("p_value") or 0.0, -_width(row), str(_key(row))


def _width(row: _Row) -> int:
    return sum(row[name] is None for name in _WHERE)


def _key(row: _Row) -> tuple[str | None, ...]:
    return row["kind"], *(row[name] for name in _SERIES)


def _is_one_event(one: _Row, other: _Row) -> bool:
    """Whether two series of one label and kind have places (or moments) of which one lies in the other."""
    if one["kind"] == "crisis" or any(one[name] != other[name] for name in ("kind", "family", "label", "polarity")):
        return False
    return all(None in (one[name], other[name]) or one[name] == other[name] for name in _WHERE)


def _is_news(row: _Row, other: _Row) -> bool:
    """Whether a series tells more than another of the same event: of a wider place, and still less likely chance."""
    return _width(row) > _width(other) and bool(row["p_value"] < other["p_value"])


def _opened(row: _Row, night: date, run_id: str) -> _Row:
    digest = hashlib.blake2b(repr((*_key(row), night.isoformat())).encode(), digest_size=5).hexdigest()
    return {name: row.get(name) for name in ALERTS} | {
        "alert_id": f"al-{digest}", "opened_on": night, "last_on": night, "run_id": run_id,
    }  # fmt: skip


def _aged(row: _Row, night: date) -> _Row:
    return row | {"closed_on": night} if (night - row["last_on"]).days >= QUIET_NIGHTS else row


def _numbered(rows: pl.DataFrame, known: pl.DataFrame, name: str) -> pl.DataFrame:
    """Add the position of each row among the ``known`` ones as column ``name``."""
    return rows.join(known.with_row_index(name), on=known.columns, how="inner", nulls_equal=True, maintain_order="left")


def _counts(rows: pl.DataFrame, known: pl.DataFrame, n_days: int) -> Ints:
    """Return (known, n_days) people, the last day last."""
    counts = np.zeros((len(known), n_days), dtype=np.int64)
    found = _numbered(rows.filter(pl.col("age").is_between(0, n_days - 1)), known, "row")
    counts[found["row"].to_numpy(), n_days - 1 - found["age"].to_numpy()] = found["n_customers"].to_numpy()
    return counts


def _group(row: _Row) -> int:
    where = " and ".join(f"a {name}" for name in _PLACE if row[name] is not None)
    what = "label" if row["moment"] is None else "label and moment"
    return list(GROUPS).index(f"{what} at {where}" if where else what)


def _sql(name: str) -> str:
    return (_FOLDER / f"{name}.sql").read_text("utf-8")
