"""Why a number moved between two periods: who was heard, what they say, and which model and vocabulary count.

docs/why.md says what the parts mean; `cxnlp.insight.splitting` has the formula.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal

import duckdb
import numpy as np
import polars as pl

from cxnlp.insight.splitting import Floats, Ints, Parts, split

#: What a piece of feedback may be told apart by, in this order unless another is asked for.
DIMENSIONS: Final = ("channel", "source", "product", "location")
USUAL: Final = ("channel", "source", "product")

#: share: of pieces of feedback, those that speak of the label. complaints: those that speak of it and feel bad there.
#: negative: of the label's mentions, those that feel bad.
Number = Literal["share", "complaints", "negative"]

_FOLDER: Final = Path(__file__).parent
_DRAWS: Final = 400
_SEED: Final = 20
_ON_DRAWS: Final = 50  # at a time


@dataclass(frozen=True)
class Asked:
    """Which number, and between which periods (first and last day, both included)."""

    family: str
    label: str
    polarity: str | None
    before: tuple[date, date]
    after: tuple[date, date]
    number: Number = "share"

    @property
    def values(self) -> dict[str, object]:
        """For binding in SQL."""
        return {
            "family": self.family, "label": self.label, "polarity": self.polarity, "number": self.number,
            "before_first": self.before[0], "before_last": self.before[1],
            "after_first": self.after[0], "after_last": self.after[1],
        }  # fmt: skip


@dataclass(frozen=True)
class Why:
    """A change and its parts, which add up to it.

    Attributes:
        before: the number in the first period; ``after`` in the second; both without duplicates, as the views count.
        parts: part, effect, low, high (95 %): the change itself, then ``mix by channel`` and so on, ``rate``, ``model``
            and ``taxonomy``, which add up to it, and last ``duplicates``: what counting duplicates would add.
        cells: part, the dimensions (null: all of it), effect, low, high, n_customers, n_before, rate_before,
            n_after, rate_after; the largest effects first. Effects of one part add up to the part.
    """

    before: float
    after: float
    n_before: int
    n_after: int
    parts: pl.DataFrame
    cells: pl.DataFrame


class NothingHeard(ValueError):
    """A period has nothing that the number could be a share of; the message names the period (0 or 1)."""


def pieces(connection: duckdb.DuckDBPyConnection, asked: Asked) -> pl.DataFrame:
    """Return what arrived in both periods and what it says of the label; `why.sql` says the columns."""
    return connection.execute(_sql("why"), asked.values).pl()


def why(
    told: pl.DataFrame, remodelled: pl.DataFrame | None = None, retold: pl.DataFrame | None = None,
    by: Sequence[str] = USUAL,
) -> Why:  # fmt: skip
    """Split the change of a number.

    Mix and rate are those of ``retold``, in which one model and one vocabulary speak of both periods. The part
    ``model`` is what changes with the model's votes alone (told less remodelled), ``taxonomy`` what changes when the
    rules' votes follow.

    Args:
        told: columns of `pieces`, as the warehouse counts.
        remodelled: the same pieces with one model's votes; ``told`` when None.
        retold: the same pieces with one model's and one vocabulary's votes; ``remodelled`` when None.
        by: dimensions of mix, of `DIMENSIONS`.

    Raises:
        NothingHeard: nothing in one of the periods.
    """
    remodelled = told if remodelled is None else remodelled
    retold = remodelled if retold is None else retold
    originals = retold.filter(~pl.col("is_duplicate"))
    cells, levels = _cells(originals, by)
    people = pl.concat([told.select("person_key"), retold.select("person_key")]).unique().sort("person_key")
    measures = _Measures(told, remodelled, originals, cells, people)
    for name in ("told", "remodelled", "retold"):
        for period, n in enumerate(measures.counts(name)):
            if not n:
                raise NothingHeard(period)
    once = _effects(measures, None, levels)
    draws = [_effects(measures, weights, levels) for weights in _weights(len(people))]
    drawn = {name: np.concatenate([each[name] for each in draws]) for name in once}
    before, after = measures.rates("told")
    return Why(
        before, after, *measures.counts("told"), _parts(once, drawn, by),
        _cell_table(once, drawn, cells, levels, by, originals),
    )  # fmt: skip


def quoted(connection: duckdb.DuckDBPyConnection, asked: Asked, told: pl.DataFrame, cells: pl.DataFrame,
           by: Sequence[str] = USUAL) -> list[list[str]]:  # fmt: skip
    """Return for each of ``cells`` at most three mentions of the later period that show it best."""
    if cells.is_empty():
        return []
    later = told.filter(~pl.col("is_duplicate"), pl.col("period") == 1)
    found = []
    for number, cell in enumerate(cells.iter_rows(named=True)):
        inside = later.filter(pl.all_horizontal(_given(name) == cell[name] for name in by if cell[name] is not None))
        found.append(inside.select("feedback_id", cell=pl.lit(number)))
    connection.register("pieces", pl.concat(found))
    try:
        values = {name: asked.values[name] for name in ("family", "label", "polarity", "number")}
        rows = connection.execute(_sql("why_quotes"), values).fetchall()
    finally:
        connection.unregister("pieces")
    return [[mention_id for cell, mention_id in rows if cell == number] for number in range(len(cells))]


def _cells(rows: pl.DataFrame, by: Sequence[str]) -> tuple[pl.DataFrame, list[Ints]]:
    """Return the cells that occur, with ``not given`` for null, and for each level the group of each cell."""
    cells = rows.select(_given(name) for name in by).unique().sort(by)
    levels = []
    for depth in range(1, len(by) + 1):
        groups = cells.select(by[:depth]).unique(maintain_order=True).with_row_index("group")
        levels.append(cells.join(groups, on=by[:depth], maintain_order="left")["group"].to_numpy().astype(np.int64))
    return cells, levels


def _given(name: str) -> pl.Expr:
    return pl.col(name).fill_null("not given")


class _Measures:
    """Sums by person, so that people can be drawn anew."""

    def __init__(
        self, told: pl.DataFrame, remodelled: pl.DataFrame, originals: pl.DataFrame, cells: pl.DataFrame,
        people: pl.DataFrame,
    ) -> None:  # fmt: skip
        numbered = people.with_row_index("person")
        everything = pl.DataFrame({"all": ["all"]})
        self._n_cells = len(cells)
        self._sums = {
            "arrived": _by_person(told, everything, numbered),
            "told": _by_person(told.filter(~pl.col("is_duplicate")), everything, numbered),
            "remodelled": _by_person(remodelled.filter(~pl.col("is_duplicate")), everything, numbered),
            "retold": _by_person(originals, everything, numbered),
            "cells": _by_person(originals, cells, numbered),
        }

    def of_all(self, weights: Floats | None) -> dict[str, tuple[Floats, Floats]]:
        """Return n and n_yes, each (batch, 2, cells), of every measure; each person counts by his weight."""
        return {name: tuple(_weighed(part, weights) for part in parts)  # type: ignore[misc]
                for name, parts in self._sums.items()}  # fmt: skip

    def rates(self, name: str) -> tuple[float, float]:
        """Return the number of both periods."""
        n, n_yes = self.of_all(None)[name]
        first, second = (n_yes / n)[0, :, 0]
        return float(first), float(second)

    def counts(self, name: str) -> tuple[int, int]:
        """Return what the number of both periods is a share of."""
        first, second = self.of_all(None)[name][0][0, :, 0]
        return int(first), int(second)


def _by_person(rows: pl.DataFrame, cells: pl.DataFrame, people: pl.DataFrame) -> tuple[Any, Any]:
    """Return n and n_yes as sparse (people, 2 · cells)."""
    from scipy import sparse  # here, as most commands need none of it

    by = cells.columns
    given = rows.with_columns(_given(name) if name in rows.columns else pl.lit(name).alias(name) for name in by)
    found = given.join(cells.with_row_index("cell"), on=by).join(people, on="person_key")
    column = found["period"].to_numpy() * len(cells) + found["cell"].to_numpy()
    shape = (len(people), 2 * len(cells))
    place = (found["person"].to_numpy(), column)
    return tuple(
        sparse.csr_array((found[name].to_numpy().astype(float), place), shape=shape) for name in ("n", "n_yes")
    )


def _weighed(sums: Any, weights: Floats | None) -> Floats:
    flat = np.asarray(sums.sum(axis=0))[None, :] if weights is None else np.asarray((sums.T @ weights.T).T)
    return flat.reshape(len(flat), 2, -1).astype(np.float64)


def _weights(n_people: int) -> list[Floats]:
    """Return weights of people, (draws, people) each: a bootstrap that counts each person Poisson(1) times."""
    chance = np.random.default_rng(_SEED)
    return [chance.poisson(1, (_ON_DRAWS, n_people)).astype(np.float64) for _ in range(_DRAWS // _ON_DRAWS)]


def _effects(measures: _Measures, weights: Floats | None, levels: Sequence[Ints]) -> dict[str, Floats]:
    """Return every effect, (batch, how many there are of it)."""
    sums = measures.of_all(weights)
    change = {name: _change(*sums[name]) for name in ("arrived", "told", "remodelled", "retold")}
    parts: Parts = split(*sums["cells"], levels)
    return {
        "change": change["told"], **{f"mix {at}": each for at, each in enumerate(parts.mix)}, "rate": parts.rate,
        "model": change["told"] - change["remodelled"], "taxonomy": change["remodelled"] - change["retold"],
        "duplicates": change["arrived"] - change["told"],
    }  # fmt: skip


def _change(n: Floats, n_yes: Floats) -> Floats:
    rates = np.divide(n_yes, n, out=np.zeros_like(n), where=n != 0)[:, :, 0]
    return np.asarray(rates[:, 1:] - rates[:, :1], dtype=np.float64)


def _parts(once: Mapping[str, Floats], drawn: Mapping[str, Floats], by: Sequence[str]) -> pl.DataFrame:
    names = {"change": "change"} | {f"mix {at}": f"mix by {name}" for at, name in enumerate(by)}
    names |= {name: name for name in ("rate", "model", "taxonomy", "duplicates")}
    rows = [
        {"part": said, "effect": float(once[name].sum()), **_interval(drawn[name].sum(axis=1))}
        for name, said in names.items()
    ]
    return pl.DataFrame(rows)


def _interval(draws: Floats) -> dict[str, float]:
    low, high = np.quantile(draws, [0.025, 0.975])
    return {"low": float(low), "high": float(high)}


def _cell_table(
    once: Mapping[str, Floats], drawn: Mapping[str, Floats], cells: pl.DataFrame, levels: Sequence[Ints],
    by: Sequence[str], originals: pl.DataFrame,
) -> pl.DataFrame:  # fmt: skip
    rows: list[dict[str, Any]] = []
    whole = np.arange(len(cells))
    for name, part, depth, groups in (
        *((f"mix {at}", f"mix by {by[at]}", at + 1, groups) for at, groups in enumerate(levels)),
        ("rate", "rate", len(by), whole),
    ):
        _, first = np.unique(groups, return_index=True)
        for group, cell in enumerate(first):
            where = {each: cells[each][int(cell)] if at < depth else None for at, each in enumerate(by)}
            effect = {"effect": float(once[name][0, group]), **_interval(drawn[name][:, group])}
            rows.append({"part": part} | where | effect | _numbers(originals, where))
    return pl.DataFrame(rows).sort(pl.col("effect").abs(), "part", *by, descending=[True, *[False] * (len(by) + 1)])


def _numbers(originals: pl.DataFrame, where: Mapping[str, str | None]) -> dict[str, float | int | None]:
    """Return counts and rates of one cell in both periods."""
    inside = originals.filter(pl.all_horizontal(_given(name) == value for name, value in where.items()
                                                if value is not None))  # fmt: skip
    found: dict[str, float | int | None] = {"n_customers": inside["person_key"].n_unique()}
    for period, name in enumerate(("before", "after")):
        n, n_yes = inside.filter(pl.col("period") == period).select(pl.col("n", "n_yes").sum()).row(0)
        found |= {f"n_{name}": int(n), f"rate_{name}": n_yes / n if n else None}
    return found


def _sql(name: str) -> str:
    return (_FOLDER / f"{name}.sql").read_text("utf-8")
