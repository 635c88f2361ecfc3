"""The counts that the page's filters show, cut by channel, product, place and period.

Of fewer people than ``least_group`` there is no cut. Where there is such a limit, numbers are rounded to it and shares
to 5 %, so that what is left over between two cuts does not tell how few somebody belongs to.
"""

import itertools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import duckdb

from cxnlp.insight import Period
from cxnlp.report.words import channels_named, embedded, shorten

#: Products and places with a cut of their own; the others are one.
MOST: Final = 8
#: Characters of all cuts together; above, product and place cannot be chosen both.
MOST_CHARACTERS: Final = 600_000

ALL, EARLIER, LATER = "all", "earlier", "later"

_SAID: Final = Path(__file__).with_name("slices.sql").read_text("utf-8")
_COUNTED: Final = Path(__file__).with_name("slices_counted.sql").read_text("utf-8")
_NAMES: Final = """
    SELECT {column}
    FROM period
    WHERE decision = 'yes' AND speaker IS DISTINCT FROM 'agent' AND {column} IS NOT NULL
    GROUP BY {column}
    HAVING count(DISTINCT person_key) >= $least_group
    ORDER BY count(DISTINCT person_key) DESC, {column}
    LIMIT $most
"""

_Row = tuple[Any, ...]


class Slices:
    """The cuts of one page; made while `answers.reading`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, period: Period, least_group: int) -> None:
        """Count them.

        Args:
            connection: a snapshot with the temporary table ``period``.
            period: the page's weeks; their later half is a period of its own.
            least_group: of fewer people there is no cut.
        """
        bound = {"most": MOST, "least_group": least_group}
        self.mondays = period.mondays
        self.recent_from = self.mondays[len(self.mondays) // 2]
        self.products = _names(connection, "product", bound)
        self.places = _names(connection, "location", bound)
        self._least_group = least_group
        self._rows = _counted(connection, bound | {"recent_from": self.recent_from})
        self.channels = sorted({row[2] for row in self._rows if row[2] is not None})

    def of(self, row: Any) -> list[Any]:
        """Return the channel, product, place and week of a quote as the page's script compares them."""
        return [row["channel"], _number(row["product"], self.products), _number(row["location"], self.places),
                str(row["week"])]  # fmt: skip

    def data(self) -> str:
        """Return the cuts as JSON that may stand inside a script element.

        ``cells`` goes from "channel,product,place" (nothing for any) to runs of six numbers: activity, span, mentions,
        people, negative, positive; of a decision the last two are people.
        """
        pairs = self._cells(self._rows)
        text = json.dumps(pairs)
        is_full = len(text) <= MOST_CHARACTERS
        if not is_full:
            pairs = self._cells([row for row in self._rows if row[3] is None or row[4] is None])
        return embedded({
            "least": self._least_group,
            "activities": self._activities(),
            "spans": self._spans(),
            "channels": self.channels,
            "products": self.products,
            "places": self.places,
            "recentFrom": str(self.recent_from),
            "hasPairs": is_full,
            "cells": pairs,
        })  # fmt: skip

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        """Return value and words of every choice that the filters offer."""
        others = [("-1", "all others"), ("-2", "not given")]
        numbered = {
            name: [(str(number), shorten(value, 40)) for number, value in enumerate(values)]
            for name, values in (("product", self.products), ("place", self.places))
        }
        return {
            "channel": [(channel, channels_named(channel)) for channel in self.channels],
            "product": numbered["product"] + others if self.products else [],
            "place": numbered["place"] + others if self.places else [],
        }

    def _activities(self) -> list[str]:
        return sorted({row[0] for row in self._rows})

    def _spans(self) -> list[str]:
        return [ALL, EARLIER, LATER, *(str(monday) for monday in self.mondays)]

    def _cells(self, rows: Sequence[_Row]) -> dict[str, list[int]]:
        activities = {name: number for number, name in enumerate(self._activities())}
        spans = {name: number for number, name in enumerate(self._spans())}
        cells: dict[str, list[int]] = {}
        for activity, span, channel, product, place, *numbers in rows:
            key = ",".join("" if part is None else str(part) for part in (channel, product, place))
            counts = self._rounded(activity.startswith("choice "), *numbers)
            cells.setdefault(key, []).extend([activities[activity], spans[span], *counts])
        return cells

    def _rounded(
        self, is_choice: bool, n_mentions: int, n_customers: int, for_people: int, against_people: int, n_positive: int,
        n_negative: int,
    ) -> list[int]:  # fmt: skip
        of, positive, negative = (
            (n_customers, for_people, against_people) if is_choice else (n_mentions, n_positive, n_negative)
        )
        step = self._least_group
        if step <= 1:
            return [n_mentions, n_customers, negative, positive]
        mentions, customers = (step * max(1, round(n / step)) for n in (n_mentions, n_customers))
        base = customers if is_choice else mentions
        told = [round(base * round(20 * part / of) / 20) for part in (negative, positive)]
        if not is_choice:  # where nobody is on both sides
            told = within(base, *told)
        return [mentions, customers, *told]


def within(whole: int, negative: int, positive: int) -> list[int]:
    """Both parts so that they are no more than the whole, which each of them rounded by itself may be."""
    excess = max(0, negative + positive - whole)
    return [negative - excess, positive] if negative > positive else [negative, positive - excess]


def _counted(connection: duckdb.DuckDBPyConnection, bound: dict[str, Any]) -> list[_Row]:
    """Count cut by cut, so that memory holds the people of one at a time."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE said AS {_SAID}", bound)
    try:
        return [
            row
            for chosen in itertools.product((False, True), repeat=3)
            for row in connection.execute(
                _COUNTED,
                dict(zip(("by_channel", "by_product", "by_place"), chosen, strict=True))
                | {"least_group": bound["least_group"]},
            ).fetchall()
        ]
    finally:
        connection.execute("DROP TABLE temp.said")


def _names(connection: duckdb.DuckDBPyConnection, column: str, bound: dict[str, int]) -> list[str]:
    return [row[0] for row in connection.execute(_NAMES.format(column=column), bound).fetchall()]


def _number(value: str | None, known: Sequence[str]) -> int:
    if value is None:
        return -2
    return known.index(value) if value in known else -1
