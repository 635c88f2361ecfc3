"""Why a number moved between two periods."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final, get_args

import duckdb
import polars as pl

from cxnlp.answers.wrong import WrongQuestion
from cxnlp.insight import retelling
from cxnlp.insight import why as splitting
from cxnlp.insight.why import DIMENSIONS, USUAL, Asked, Number
from cxnlp.settings import Workspace

_FAMILIES: Final = ("moment", "unmeasurable", "warning", "signal")
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})")
_WEEK: Final = re.compile(r"(?:(\d{4})-)?W(\d{1,2})", re.IGNORECASE)

NUMBERS: Final[tuple[Number, ...]] = get_args(Number)

Days = tuple[date, date]


def why(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace, label: str, start: str, end: str, *,
    number: Number = "share", by: Sequence[str] = USUAL, retag: bool = True, top: int = 8,
) -> dict[str, Any]:  # fmt: skip
    """Split the change of a number into mix, rate, model and vocabulary.

    Args:
        connection: of `open_published`.
        workspace: whose; cells of fewer people than its ``privacy.least_group`` are left out.
        label: such as moments.delivery, unmeasurables.trust-, signals.churn.
        start: the earlier period, as `span` reads it.
        end: the later one.
        number: share, complaints or negative.
        by: what mix is told apart by, of `DIMENSIONS`.
        retag: tag anew what other models have tagged, for this answer only, to tell the model's part.
        top: cells at most.

    Returns:
        label, number, from, to, before, after, n_before, n_after; ``parts`` and ``cells`` as in `insight.why.Why`, each
        cell with ``mention_ids``; ``is_one``: one model speaks of both periods, or retag is off.

    Raises:
        WrongQuestion: no such label, period or dimension, nothing heard in a period, or too much to tag anew.
    """
    asked, dimensions = _asked(connection, label, start, end, number), dimensions_of(by)
    told = splitting.pieces(connection, asked)
    remodelled, retold = _renewed(workspace, connection, asked, told) if retag else (None, None)
    try:
        found = splitting.why(told, remodelled, retold, dimensions)
    except splitting.NothingHeard as error:
        name = start if error.args[0] == 0 else end
        raise WrongQuestion(f"{name}: found nothing that {label} could be counted among. Allowed: a period with "
                            "readable feedback; `cxnlp status` says how far it reaches.") from None  # fmt: skip
    is_told = pl.col("n_customers") >= workspace.settings.privacy.least_group
    cells = found.cells.filter(is_told).head(top)
    quotes = splitting.quoted(connection, asked, told, cells, dimensions)
    return {
        "label": label, "number": number, "from": asked.before, "to": asked.after, "before": found.before,
        "after": found.after, "n_before": found.n_before, "n_after": found.n_after, "is_one": remodelled is None,
        "parts": found.parts.to_dicts(),
        "cells": [cell | {"mention_ids": ids} for cell, ids in zip(cells.to_dicts(), quotes, strict=True)],
    }  # fmt: skip


def span(text: str, latest: date) -> Days:
    """Return first and last day of a period as people write it.

    A week without a year is the last one of that number that began by ``latest``.

    Raises:
        WrongQuestion: it is none.
    """
    try:
        if found := _WEEK.fullmatch(text):
            return _week(found[1], int(found[2]), latest)
        if found := _MONTH.fullmatch(text):
            first = date(int(found[1]), int(found[2]), 1)
            return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        start, _, end = text.partition("..")
        days = date.fromisoformat(start), date.fromisoformat(end or start)
    except (ValueError, OverflowError):
        raise WrongQuestion(f"{text!r} is no period. Allowed: W46, 2026-W46, 2026-11, 2026-11-02 or "
                            "2026-11-02..2026-11-08.") from None  # fmt: skip
    if days[0] > days[1]:
        raise WrongQuestion(f"{text!r} ends before it begins. Write the earlier day first.")
    return days


def dimensions_of(names: Sequence[str]) -> list[str]:
    """Return ``names``, each of `DIMENSIONS` at most once.

    Raises:
        WrongQuestion: another one, or one twice.
    """
    if unknown := [name for name in names if name not in DIMENSIONS or names.count(name) > 1]:
        given = ",".join(names)
        raise WrongQuestion(f"by {given}: found {unknown[0]!r}. Allowed: each of {', '.join(DIMENSIONS)} once.")
    return list(names)


def _week(year: str | None, week: int, latest: date) -> Days:
    years = [int(year)] if year else [latest.isocalendar().year, latest.isocalendar().year - 1]
    mondays = [date.fromisocalendar(each, week, 1) for each in years]
    monday = next((day for day in mondays if year or day <= latest), mondays[-1])
    return monday, monday + timedelta(days=6)


def _asked(connection: duckdb.DuckDBPyConnection, label: str, start: str, end: str, number: Number) -> Asked:
    family, _, name = label.partition(".")
    family, polarity = family.removesuffix("s"), name[-1:] if name.endswith(("+", "-")) else None
    known = connection.execute("SELECT id FROM taxonomy WHERE family = $1 ORDER BY id", [family]).fetchall()
    ids = [word for (word,) in known]
    if family not in _FAMILIES or (name := name.rstrip("+-")) not in ids:
        allowed = f"one of {', '.join(ids)}" if ids else f"family.label, with a family of {', '.join(_FAMILIES)}"
        raise WrongQuestion(f"{label!r} is no label. Allowed: {allowed}; such as moments.delivery.")
    if (family == "unmeasurable") != (polarity is not None):
        raise WrongQuestion(f"{label!r}: an unmeasurable is asked for with + (shown) or - (missing) at its end, such "
                            "as unmeasurables.trust-; other labels have none.")  # fmt: skip
    (latest,) = connection.execute("SELECT utc_day(max(occurred_at)) FROM feedback").fetchall()[0]
    before, after = (span(text, latest or date.max) for text in (start, end))
    if before[1] >= after[0]:
        raise WrongQuestion(f"{start} ends on {before[1]}, and {end} begins on {after[0]}. Allowed: two "
                            "periods that do not overlap, the earlier one first.")  # fmt: skip
    return Asked(family, name, polarity, before, after, number)


def _renewed(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, asked: Asked, told: pl.DataFrame
) -> tuple[pl.DataFrame | None, pl.DataFrame | None]:
    """Return the pieces as the workspace's model would tag all of them; None where one model did so already."""
    found = retelling.versions(connection, told)
    if retelling.is_one(found):
        return None, None
    from cxnlp.tags import Tagger  # loads the model's runtime, which most answers do without

    tagger = Tagger.of(workspace)
    own = pl.all_horizontal(
        pl.col(name).eq_missing(pl.lit(value, pl.String))
        for name, value in (("model_version", tagger.version), ("taxonomy_version", tagger.taxonomy_version),
                            ("precision_version", tagger.precision_version))
    )  # fmt: skip
    outdated = found.filter(~own)["feedback_id"].unique().to_list()
    limit = workspace.settings.night.retag
    if len(outdated) > limit:
        raise WrongQuestion(f"{len(outdated):,} pieces of these periods have the tags of an older model or "
                            f"vocabulary; allowed: {limit:,} (night.retag in cxnlp.toml). Run `cxnlp retag` first, or "
                            "ask without tagging anew (--no-retag), which cannot tell the model's part.")  # fmt: skip
    return retelling.retell(connection, asked, told, outdated, tagger.tag)
