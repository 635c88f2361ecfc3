"""`cxnlp moments`: the fifteen diagnostics of every moment of truth; its owner, targets and fixes."""

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from typer.core import TyperGroup

from cxnlp.answers.measures import number, spread
from cxnlp.cli.measures import screen
from cxnlp.cli.options import CommandError, JsonOption, WorkspaceOption
from cxnlp.cli.terminal import harmless, json_text
from cxnlp.settings import Workspace, open_workspace, parse_day

if TYPE_CHECKING:
    from cxnlp.answers.moments import Moments, Targets
    from cxnlp.taxonomy import Plan


class MomentsGroup(TyperGroup):
    """`cxnlp moments delivery` shows a moment: a word that is no subcommand is the name of one."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Take an unknown first word for a moment."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            args = ["show", *args]
        return super().resolve_command(ctx, args)


app = typer.Typer(cls=MomentsGroup, rich_markup_mode="rich")

MomentArgument = Annotated[str, typer.Argument(help="Id of the moment, such as delivery.")]


@app.callback(invoke_without_command=True)
def moments(context: typer.Context, workspace: WorkspaceOption = Path(), as_json: JsonOption = False) -> None:
    """The moments of truth, each in fifteen numbers of the last eight weeks; `cxnlp moments delivery` explains one.

    A target that is met has ✓, one that is missed ✗. Of fewer people than privacy.least_group nothing is shown.
    """
    if context.invoked_subcommand is not None:
        context.obj = workspace
        return
    place = open_workspace(workspace)
    found = _read(place)
    if as_json:
        typer.echo(json_text(found.listed()))
        return
    _show_all(found.rows, found.targets)


@app.command("show", hidden=True)
def show(
    context: typer.Context, moment: MomentArgument, workspace: WorkspaceOption = Path(), as_json: JsonOption = False
) -> None:
    """One moment in depth: what it is, its fifteen numbers with intervals, the eight soft skills, targets."""
    place = _workspace(context, workspace)
    found = _read(place)
    if as_json:
        typer.echo(json_text(found.one(moment)))
        return
    row = found.row(moment)
    _show_one(row, found.targets, found.shares(row))


@app.command("set")
def set_moment(
    context: typer.Context,
    moment: MomentArgument,
    owner: Annotated[str | None, typer.Option("--owner", help="Who answers for it.")] = None,
    target: Annotated[list[str] | None, typer.Option(
        "--target", help="A number and what is wanted of it, such as net_sentiment=0.2; no value: none.")] = None,
    critical: Annotated[bool | None, typer.Option(
        "--critical/--not-critical", help="Whether customers stay or leave by it.")] = None,
    expectation: Annotated[str | None, typer.Option("--expectation", help="What the customer expects.")] = None,
    interaction: Annotated[str | None, typer.Option("--interaction", help="The method of interaction.")] = None,
    fixed_on: Annotated[str | None, typer.Option(
        "--fixed-on", help="Day from which customers meet a fix, such as 2026-10-05.")] = None,
    fix: Annotated[str | None, typer.Option("--fix", help="What was fixed, with --fixed-on.")] = None,
    workspace: WorkspaceOption = Path(),
) -> None:  # fmt: skip
    """Say who owns a moment, what is wanted of it, and what was fixed. Kept in moments.yaml, which you may edit."""
    place = _workspace(context, workspace)
    given = {"owner": owner, "critical": critical, "expectation": expectation, "interaction": interaction}
    told = change(place, moment, given, targets=target or [], fixed_on=fixed_on, fix=fix)
    _console().print(f"{place.moments_file}: {moment} is written. {told}")


def change(
    place: Workspace, moment: str, given: Mapping[str, Any], *, targets: Sequence[str] = (),
    fixed_on: str | None = None, fix: str | None = None,
) -> str:  # fmt: skip
    """Write what is wanted of a moment into moments.yaml, publish where no night is at work, and say which it was.

    Args:
        place: whose.
        moment: its id.
        given: owner, critical, expectation, interaction; None leaves what stands.
        targets: such as ``net_sentiment=0.2``; without a value a target goes.
        fixed_on: day from which customers meet a fix.
        fix: what was fixed.

    Raises:
        CommandError: there is no such moment, or something given is not allowed.
        TaxonomyError: the file holds a mistake.
    """
    from cxnlp import taxonomy

    vocabulary = taxonomy.load(additions=place.taxonomy_file)
    plans = dict(taxonomy.read_plans(place.moments_file, vocabulary.moments).plans)
    if moment not in vocabulary.moments:
        raise CommandError(f"no moment called {moment!r}; there is: {', '.join(vocabulary.moments)}.")
    if fix is not None and fixed_on is None:
        raise CommandError("a fix needs its day: --fixed-on 2026-10-05.")
    said = plans.get(moment, taxonomy.Plan()).model_dump()
    said |= {key: value for key, value in given.items() if value is not None}
    said["targets"] = _targets(said["targets"], targets)
    if fixed_on is not None:
        kept = [old for old in said["fixes"] if str(old["on"]) != fixed_on]
        said["fixes"] = [*kept, {"on": parse_day(fixed_on), "what": fix}]
    try:
        plans[moment] = taxonomy.checked(said)
    except ValidationError as error:
        problem = error.errors()[0]
        raise CommandError(f"`{problem['loc'][0]}`: {problem['msg']}.") from error
    taxonomy.write_plans(place.moments_file, plans)
    return _published(place)


@app.command("import")
def import_list(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Spreadsheet of a workshop (.xlsx, .ods, .csv), one row a moment.")],
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """Take over a company's own list of moments. Rows that cannot be used are named with what is wrong; exit code 1.

    Columns: moment (id or name), description, interaction, expectation, owner, critical, targets by their id; a moment
    that is new needs a stage and a description, and is found in feedback once `cxnlp teach` has examples of it.
    """
    from cxnlp import taxonomy
    from cxnlp.insight import workshop

    place = _workspace(context, workspace)
    vocabulary = taxonomy.load(additions=place.taxonomy_file)
    found = workshop.read(file, vocabulary)
    old = taxonomy.read_plans(place.moments_file, vocabulary.moments).plans
    _add_moments(place, found.added)
    plans = {**old, **{moment: _merged(old.get(moment), plan) for moment, plan in found.plans.items()}}
    if found.plans:
        taxonomy.write_plans(place.moments_file, plans)
    told = _published(place) if found.plans else "Nothing was taken over."
    if as_json:
        new = [entry["id"] for entry in found.added]
        typer.echo(json_text({"moments": list(found.plans), "new": new, "problems": found.problems}))
    else:
        console = _console()
        console.print(f"{len(found.plans):,} moment(s) taken over, {len(found.added):,} of them new. {told}")
        for problem in found.problems:
            console.print(f"{harmless(file.name)}, {harmless(problem)}")
    if found.problems:
        raise typer.Exit(1)


def _add_moments(place: Workspace, entries: list[dict[str, str]]) -> None:
    """Put new moments into the workspace's taxonomy, all of them or none."""
    from cxnlp.taxonomy import editing

    if not entries:
        return
    with tempfile.TemporaryDirectory(dir=place.root, prefix=".taxonomy.") as folder:
        trial = Path(folder) / place.taxonomy_file.name
        if place.taxonomy_file.is_file():
            shutil.copyfile(place.taxonomy_file, trial)
        for entry in entries:
            editing.put(trial, "moment", entry)
        trial.replace(place.taxonomy_file)


def _merged(old: "Plan | None", new: "Plan") -> "Plan":
    """What the sheet leaves empty stays as it was."""
    if old is None:
        return new
    said = new.model_dump(exclude_defaults=True)
    return old.model_copy(update=said | {"targets": {**old.targets, **new.targets}, "fixes": old.fixes})


def _targets(known: dict[str, float], given: Sequence[str]) -> dict[str, float]:
    targets = dict(known)
    for words in given:
        metric, is_pair, value = words.partition("=")
        if is_pair and not value.strip():
            targets.pop(metric, None)
            continue
        try:
            targets[metric] = float(value)
        except ValueError:
            raise CommandError(
                f"--target {words!r}: allowed: a number's id, =, and a value: net_sentiment=0.2."
            ) from None
    return targets


def _published(place: Workspace) -> str:
    """Bring the published database up to date where that can be done now; say what happened."""
    from cxnlp.settings import SettingsError
    from cxnlp.warehouse import store
    from pipelines.alone import NightRunning, between_nights

    with suppress(NightRunning, SettingsError), between_nights(place, publishes=True, decides=True) as connection:
        store.publish(connection, place.warehouse, keep=place.settings.night.snapshots)
        return "`cxnlp moments` shows it."
    return "It counts from the next night on."


def _read(place: Workspace) -> "Moments":
    from cxnlp.answers.moments import moments
    from cxnlp.warehouse import store

    with store.open_published(place.database) as connection:
        return moments(connection, place.settings.privacy.least_group)


def _show_all(rows: list[dict[str, Any]], targets: "Targets") -> None:
    from cxnlp.taxonomy import diagnostics

    table = Table("moment", "owner", title="Moments of truth, the last eight weeks (! critical)", title_justify="left")
    for each in diagnostics():
        table.add_column(each.short, justify="right")
    for row in rows:
        name = f"{'! ' if row['is_critical'] else ''}{row['name']} ({row['moment']})"
        cells = [number(each, row) + _mark(targets.get((row["moment"], each.id))) for each in diagnostics()]
        table.add_row(*(escape(harmless(cell)) for cell in (name, row["owner"], *cells)))
    screen().print(table)
    for each in diagnostics():
        if each.note:
            _console().print(f"{each.short}: {each.note}.")


def _mark(target: dict[str, Any] | None) -> str:
    if target is None or target["is_met"] is None:
        return ""
    return " ✓" if target["is_met"] else " ✗"


def _show_one(row: dict[str, Any], targets: "Targets", shares: list[dict[str, Any]]) -> None:
    from cxnlp.taxonomy import diagnostics

    console = _console()
    critical = ", critical" if row["is_critical"] else ""
    console.print(f"{harmless(row['name'])} ({row['moment']}, {row['stage']}{critical})", style="bold")
    for key in ("description", "interaction", "expectation", "owner"):
        if row[key]:
            console.print(f"  {key:12} {harmless(row[key])}")
    if row["is_hidden"]:
        console.print("\nToo few people spoke of it in the last eight weeks to show anything (privacy.least_group).")
        return
    table = Table("number", "value", "95 % interval", "target", title="")
    for each in diagnostics():
        target = targets.get((row["moment"], each.id))
        wanted = f"{target['direction']} {target['target']:g}{_mark(target)}" if target else ""
        table.add_row(each.name, number(each, row), spread(each, row), wanted)
    console.print(table)
    for each in diagnostics():
        if each.note:
            console.print(f"{each.name}: {each.note}.")
    if row["fix_effect_missing"]:
        console.print(f"Effect of the last fix: {harmless(row['fix_effect_missing'])}.")
    soft = Table(
        "soft skill", "shown", "missing", title="Of the feedback that speaks of it, corrected", title_justify="left"
    )
    for shown, missing in _pairs(shares):
        soft.add_row(escape(harmless(shown["name"])), _share(shown), _share(missing))
    console.print(soft)


def _pairs(shares: list[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    plus = {each["label"]: each for each in shares if each["polarity"] == "+"}
    minus = {each["label"]: each for each in shares if each["polarity"] == "-"}
    return [(plus[label], minus[label]) for label in plus]


def _share(rate: dict[str, Any]) -> str:
    if rate["corrected_share"] is None:
        return "few"
    low, high = rate["corrected_share_low"], rate["corrected_share_high"]
    return f"{rate['corrected_share']:.0%} ({low:.0%} … {high:.0%})"


def _workspace(context: typer.Context, workspace: Path) -> Workspace:
    """The workspace named after the subcommand, or before it."""
    return open_workspace(context.obj if workspace == Path() and context.obj else workspace)


def _console() -> Console:
    return Console(highlight=False, soft_wrap=True, markup=False)
