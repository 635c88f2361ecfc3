"""`cxnlp why`: what moved a number between two periods."""

from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from cxnlp.cli.options import JsonOption, WorkspaceOption
from cxnlp.cli.terminal import harmless, json_text
from cxnlp.settings import open_workspace


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
    from cxnlp.answers.why import why
    from cxnlp.warehouse import store

    place, dimensions = open_workspace(workspace), [name.strip() for name in by.split(",")]
    with closing(store.open_published(place.database)) as connection:
        answer = why(
            connection, place, label, start, end, number=number.value, by=dimensions, retag=retag, top=top
        )  # fmt: skip
    if as_json:
        typer.echo(json_text(answer))
    else:
        _show(answer, dimensions)


def _show(answer: dict[str, Any], by: list[str]) -> None:
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
    if answer["is_one"]:
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
