"""`cxnlp teach` and `cxnlp train`: labels of your own, and heads that have learnt from your judgements."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cxnlp.cli.options import CommandError, JsonOption, WorkspaceOption
from cxnlp.cli.terminal import json_text
from cxnlp.settings import Workspace, open_workspace
from cxnlp.taxonomy import FAMILIES

if TYPE_CHECKING:
    from cxnlp.taxonomy import Family
    from cxnlp.teaching.teach import Shown, Taught
    from cxnlp.teaching.train import Trained


STORED = "the nights that follow tag what is stored again, `cxnlp retag` does it now."


def teach(
    label: Annotated[str, typer.Argument(help="Name of the label, such as parking; an unmeasurable ends with + or -.")],
    examples: Annotated[
        Path | None, typer.Option(help="About 20 examples: .csv or .jsonl (text, perhaps start, end), or .txt (lines).")
    ] = None,
    marked: Annotated[bool, typer.Option("--marked", help="Learn from the mentions marked in `cxnlp review`.")] = False,
    family: Annotated[str, typer.Option(help="moment, unmeasurable, warning or signal.")] = "moment",
    stage: Annotated[str | None, typer.Option(help="Moments: the stage of the journey, such as care.")] = None,
    definition: Annotated[str | None, typer.Option(help="One sentence that says when the label applies.")] = None,
    cue: Annotated[list[str] | None, typer.Option(help="A phrase that makes it plain; may be given again.")] = None,
    name: Annotated[str | None, typer.Option(help="The label in plain words, for pages.")] = None,
    owner: Annotated[str | None, typer.Option(help="The department that owns it.")] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Undo the teaching of this label.")] = False,
    workspace: WorkspaceOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """Teach a label of your own from about twenty examples; the next night uses it. Again with more: it learns anew."""
    from cxnlp.teaching import examples as reading
    from cxnlp.teaching import teach as teaching
    from cxnlp.teaching.words import Wish

    place, kind = open_workspace(workspace), _family(family)
    if remove:
        _removed(place, kind, label, as_json)
        return
    if examples is None and not marked:
        raise CommandError("found no examples. Name a file with --examples, or mark mentions in `cxnlp review` "
                           "and give --marked.")  # fmt: skip
    given = reading.read(examples) if examples is not None else []
    given += teaching.marked(place, label) if marked else []
    wish = Wish(kind, label, stage, definition, cue, name, owner)
    with Console(stderr=True).status("reading examples and stored mentions"):
        taught = teaching.teach(place, wish, given)
    if as_json:
        typer.echo(json_text(taught.as_dict()))
    else:
        show(taught, Console(highlight=False, soft_wrap=True))


def _family(name: str) -> "Family":
    for family in FAMILIES:
        if name == family:
            return family
    raise CommandError(f"--family: found {name!r}; allowed: {', '.join(FAMILIES)}.")


def _removed(workspace: Workspace, family: "Family", label: str, as_json: bool) -> None:
    from cxnlp.teaching.teach import remove

    version = remove(workspace, family, label)
    if as_json:
        typer.echo(json.dumps({"label": label, "version": version}))
    else:
        typer.echo(f"{label} is no longer given. The next night uses model {version}; {STORED}")


def show(taught: "Taught", console: Console) -> None:
    """Say in plain words what was learnt and what to expect of it."""
    expected = taught.calibration.expected
    console.print(f"[bold]{taught.label}[/bold] ({taught.family}) was learnt from {taught.n_examples} examples.\n")
    console.print("To expect on your mentions, by cross-validation (nobody has checked it yet):")
    table = Table("", "expected", "90 % interval", box=None)
    for what, value in (("precision", expected.precision), ("recall", expected.recall), ("F1", expected.f1)):
        table.add_row(what, f"{value[0]:.2f}", f"{value[1]:.2f} – {value[2]:.2f}")
    share = expected.share
    table.add_row("share of mentions", f"{share[0]:.1%}", f"{share[1]:.1%} – {share[2]:.1%}")
    console.print(table)
    for more in taught.more:
        console.print(f"With {more.n} examples F1 may be {more.f1[0]:.2f} ({more.f1[1]:.2f} – {more.f1[2]:.2f}).")
    if taught.n_background:
        console.print(f"\nIt would tag {taught.n_tagged} of {taught.n_background} stored mentions, such as:")
        _mentions(taught.tagged, console)
        console.print("Near the border:")
        _mentions(taught.border, console)
    else:
        console.print("\nThere are no stored mentions yet to show what it would tag: run a night, then teach again.")
    console.print(f"\nThe next `cxnlp run` uses it (model {taught.version}); {STORED}")


def _mentions(shown: "tuple[Shown, ...]", console: Console) -> None:
    for mention in shown:
        text = " ".join("".join(c if c.isprintable() else " " for c in mention.text).split())
        console.print(f"  {mention.probability:.2f}  {text}", markup=False)
    if not shown:
        console.print("  none")


def train(
    workspace: WorkspaceOption = Path(),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Train and test, change nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Retrain the heads on the shipped labels and your people's judgements; a model that is worse is not used."""
    from cxnlp.teaching.train import train as training

    place = open_workspace(workspace)
    with Console(stderr=True).status("training and testing, by documents held out"):
        trained = training(place, dry_run=dry_run)
    if as_json:
        typer.echo(json_text(trained.as_dict()))
    else:
        show_trained(trained, Console(highlight=False, soft_wrap=True), dry_run=dry_run)


def show_trained(trained: "Trained", console: Console, *, dry_run: bool) -> None:
    """Say in plain words what training brought, and which model is used from now on."""
    result = trained.comparison
    console.print(
        f"Trained on {trained.n_mentions:,} judged mentions in {trained.n_documents:,} documents ({trained.n_random:,} "
        f"drawn at random); one judgement counts as {trained.weight:g} shipped ones.\n\nOn documents held out:"
    )
    table = Table("", "before", "after", "difference, 95 %", box=None)
    for name, (before, after, low, high) in result.measures.items():
        table.add_row(name, f"{before:.3f}", f"{after:.3f}", f"{after - before:+.3f}  ({low:+.3f} … {high:+.3f})")
    console.print(table)
    console.print(f"Decisions: {result.mended} mended, {result.spoilt} spoilt (McNemar p = {result.p:.3f}).")
    console.print(f"\nThe test: {trained.rule}")
    if trained.reasons:
        console.print(f"[bold]Not promoted[/bold]: {'; '.join(trained.reasons)}. The model stays as it was.")
    elif trained.version is None or dry_run:
        console.print("It would be promoted. Nothing was changed (--dry-run).")
    else:
        place = escape(str(trained.folder))
        console.print(f"[bold]Promoted[/bold]: {trained.version}, in {place}; the former one is still there.")
        console.print(f"The next `cxnlp run` uses it; {STORED}")
