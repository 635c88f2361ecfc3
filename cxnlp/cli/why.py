"""`cxnlp why`: what moved a number between two periods."""

import re
from contextlib import closing
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from cxnlp.cli.options import CommandError, JsonOption, WorkspaceOption
from cxnlp.cli.terminal import harmless, json_text
from cxnlp.settings import Workspace, open_workspace

if TYPE_CHECKING:
    import duckdb
    import polars as pl

    from cxnlp.insight.why import Asked

_FAMILIES: Final = ("moment", "unmeasurable", "warning", "signal")
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})")
_WEEK: Final = re.compile(r"(?:(\d{4})-)?W(\d{1,2})", re.IGNORECASE)

Days = tuple[date, date]


class Number(StrEnum):
    """Which number of the label."""

    share = "share"
    complaints = "complaints"
    negative = "negative"


def command(
    label: Annotated[str, typer.Argument(help="Such as moments.delivery, unmeasurables.trust-, signals.churn.")],
    start: Annotated[str, typer.Option("--from", help="Earlier period: W46, 2026-W46, 2026-11, 2026-11-02, or "
                                       "2026-11-02..2026-11-08.")],
    end: Annotated[str, typer.Option("--to", help="Later period, in the same ways.")],
    workspace: WorkspaceOption = Path(),
    number: Annotated[Number, typer.Option(help="share: of feedback, what speaks of it; complaints: what speaks ill of "
                                           "it; negative: of its mentions, the negative ones.")] = Number.share,
    by: Annotated[str, typer.Option(help="What mix is told apart by, of channel, source, product and "
                                    "location.")] = "channel,source,product",
    retag: Annotated[bool, typer.Option("--retag/--no-retag", help="Tag what other models have tagged anew, for "
                                        "this answer only, to tell the model's part.")] = True,
    top: Annotated[int, typer.Option(min=0, help="Cells to show.")] = 8,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """Why did this number move? Splits its change into mix, rate, model and vocabulary, which add up to it.

    \b
    mix        more was heard of channels, sources or products in which it is more (or less) common
    rate       in one and the same place, more (or fewer) say it
    model      another model reads part of it; taxonomy: another vocabulary does
    duplicates what reposts and other copies would add if they were counted, which they are not

    Each with its 95 % interval and with the cells that moved it most.
    """  # noqa: D301 - typer's mark for lines that stay as they are
    import polars as pl

    from cxnlp.insight import why
    from cxnlp.warehouse import store

    place = open_workspace(workspace)
    with closing(store.open_published(place.database)) as connection:
        asked, dimensions = _asked(connection, label, start, end, number), _dimensions(by)
        told = why.pieces(connection, asked)
        remodelled, retold = _renewed(place, connection, asked, told) if retag else (None, None)
        try:
            found = why.why(told, remodelled, retold, dimensions)
        except why.NothingHeard as error:
            name = start if error.args[0] == 0 else end
            raise CommandError(f"{name}: found nothing that {label} could be counted among. Allowed: a period with "
                               "readable feedback; `cxnlp status` says how far it reaches.") from None  # fmt: skip
        is_told = pl.col("n_customers") >= place.settings.privacy.least_group
        cells = found.cells.filter(is_told).head(top)
        quotes = why.quoted(connection, asked, told, cells, dimensions)
    answer = {
        "label": label, "number": number.value, "from": asked.before, "to": asked.after, "before": found.before,
        "after": found.after, "n_before": found.n_before, "n_after": found.n_after, "parts": found.parts.to_dicts(),
        "cells": [cell | {"mention_ids": ids} for cell, ids in zip(cells.to_dicts(), quotes, strict=True)],
    }  # fmt: skip
    if as_json:
        typer.echo(json_text(answer))
    else:
        _show(answer, dimensions, is_one=remodelled is None)


def span(text: str, latest: date) -> Days:
    """Return first and last day of a period as people write it.

    A week without a year is the last one of that number that began by ``latest``.

    Raises:
        CommandError: it is none.
    """
    try:
        if found := _WEEK.fullmatch(text):
            return _week(found[1], int(found[2]), latest)
        if found := _MONTH.fullmatch(text):
            first = date(int(found[1]), int(found[2]), 1)
            return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        start, _, end = text.partition("..")
        days = date.fromisoformat(start), date.fromisoformat(end or start)
    except ValueError:
        raise CommandError(f"{text!r} is no period. Allowed: W46, 2026-W46, 2026-11, 2026-11-02 or "
                           "2026-11-02..2026-11-08.") from None  # fmt: skip
    if days[0] > days[1]:
        raise CommandError(f"{text!r} ends before it begins. Write the earlier day first.")
    return days


def _week(year: str | None, week: int, latest: date) -> Days:
    years = [int(year)] if year else [latest.isocalendar().year, latest.isocalendar().year - 1]
    mondays = [date.fromisocalendar(each, week, 1) for each in years]
    monday = next((day for day in mondays if year or day <= latest), mondays[-1])
    return monday, monday + timedelta(days=6)


def _asked(connection: "duckdb.DuckDBPyConnection", label: str, start: str, end: str, number: Number) -> "Asked":
    from cxnlp.insight.why import Asked

    family, _, name = label.partition(".")
    family, polarity = family.removesuffix("s"), name[-1:] if name.endswith(("+", "-")) else None
    known = connection.execute("SELECT id FROM taxonomy WHERE family = $1 ORDER BY id", [family]).fetchall()
    ids = [word for (word,) in known]
    if family not in _FAMILIES or (name := name.rstrip("+-")) not in ids:
        allowed = f"one of {', '.join(ids)}" if ids else f"family.label, with a family of {', '.join(_FAMILIES)}"
        raise CommandError(f"{label!r} is no label. Allowed: {allowed}; such as moments.delivery.")
    if (family == "unmeasurable") != (polarity is not None):
        raise CommandError(f"{label!r}: an unmeasurable is asked for with + (shown) or - (missing) at its end, such as "
                           "unmeasurables.trust-; other labels have none.")  # fmt: skip
    (latest,) = connection.execute("SELECT utc_day(max(occurred_at)) FROM feedback").fetchall()[0]
    before, after = (span(text, latest or date.max) for text in (start, end))
    if before[1] >= after[0]:
        raise CommandError(f"--from {start} ends on {before[1]}, and --to {end} begins on {after[0]}. Allowed: two "
                           "periods that do not overlap, the earlier one first.")  # fmt: skip
    return Asked(family, name, polarity, before, after, number.value)


def _dimensions(by: str) -> list[str]:
    from cxnlp.insight.why import DIMENSIONS

    names = [name.strip() for name in by.split(",")]
    if unknown := [name for name in names if name not in DIMENSIONS or names.count(name) > 1]:
        raise CommandError(f"--by {by}: found {unknown[0]!r}. Allowed: each of {', '.join(DIMENSIONS)} once.")
    return names


def _renewed(
    workspace: Workspace, connection: "duckdb.DuckDBPyConnection", asked: "Asked", told: "pl.DataFrame"
) -> "tuple[pl.DataFrame | None, pl.DataFrame | None]":
    """Return the pieces as the workspace's model would tag all of them; None where one model did so already."""
    import polars as pl

    from cxnlp.insight import retelling
    from cxnlp.tags import Tagger

    found = retelling.versions(connection, told)
    if retelling.is_one(found):
        return None, None
    tagger = Tagger.of(workspace)
    own = pl.all_horizontal(
        pl.col(name).eq_missing(pl.lit(value, pl.String))
        for name, value in (("model_version", tagger.version), ("taxonomy_version", tagger.taxonomy_version),
                            ("precision_version", tagger.precision_version))
    )  # fmt: skip
    outdated = found.filter(~own)["feedback_id"].unique().to_list()
    limit = workspace.settings.night.retag
    if len(outdated) > limit:
        raise CommandError(f"{len(outdated):,} pieces of these periods have the tags of an older model or vocabulary; "
                           f"allowed: {limit:,} (night.retag in cxnlp.toml). Run `cxnlp retag` first, or ask with "
                           "--no-retag, which cannot tell the model's part.")  # fmt: skip
    return retelling.retell(connection, asked, told, outdated, tagger.tag)


def _show(answer: dict[str, Any], by: list[str], *, is_one: bool) -> None:
    console = Console(highlight=False, soft_wrap=True, markup=False)
    parts = {part["part"]: part for part in answer["parts"]}
    change, duplicates = parts.pop("change"), parts.pop("duplicates")
    console.print(
        f"\n{answer['label']} ({answer['number']}): {answer['before']:.1%} of {answer['n_before']:,} → "
        f"{answer['after']:.1%} of {answer['n_after']:,}, a change of {_points(change)}"
    )
    table = Table("part", "points", "95 % interval")
    for name, part in parts.items():
        table.add_row(name, f"{part['effect'] * 100:+.2f}", f"{part['low'] * 100:+.2f} … {part['high'] * 100:+.2f}")
    console.print(table)
    if is_one:
        console.print("One model and one vocabulary have tagged both periods, or --no-retag said not to ask.")
    console.print(f"Duplicates are not counted; with them it would have moved by {_points(duplicates)} more.")
    if answer["cells"]:
        console.print("\nWhere it moved most (places of fewer people than privacy.least_group are in the parts only):")
    for cell in answer["cells"]:
        where = ", ".join(harmless(cell[name]) for name in by if cell[name] is not None)
        rates = " → ".join(_rate(cell[f"rate_{name}"], cell[f"n_{name}"]) for name in ("before", "after"))
        console.print(f"  {cell['part']}: {where}: {_points(cell)}; {rates}")
        if cell["mention_ids"]:
            console.print(f"    mentions {', '.join(cell['mention_ids'])}")


def _points(part: dict[str, Any]) -> str:
    return f"{part['effect'] * 100:+.2f} points ({part['low'] * 100:+.2f} … {part['high'] * 100:+.2f})"


def _rate(rate: float | None, n: int) -> str:
    return "nothing" if rate is None else f"{rate:.1%} of {n:,}"
