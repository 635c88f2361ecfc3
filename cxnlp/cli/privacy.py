"""`cxnlp forget`, `cxnlp export` and `cxnlp secret rotate`: what a person may ask for, and a new key."""

import json
import sys
from collections.abc import Sequence
from contextlib import closing, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cxnlp.cli.options import CommandError, JsonOption, WorkspaceOption
from cxnlp.settings import Workspace, open_workspace, parse_day

if TYPE_CHECKING:
    from cxnlp.privacy import Erased, Verified, Wish

N_SHOWN = 20  # places

CustomerOption = Annotated[
    str | None, typer.Option(help="Customer or account number, as the source writes it; - reads it from the input.")
]
AuthorOption = Annotated[
    str | None, typer.Option(help="Name, handle or e-mail address, as the source writes it; - reads it from the input.")
]
EmployeeOption = Annotated[
    str | None, typer.Option(help="Name of somebody of the company, as feedback says it; - reads it from the input.")
]

FeedbackOption = Annotated[
    list[str] | None, typer.Option(help="feedback_id of one letter, call or post; may be given again.")
]

secret = typer.Typer(help="The workspace's secret: the key of every pseudonym.", no_args_is_help=True)


def forget(
    workspace: WorkspaceOption = Path(),
    customer: CustomerOption = None,
    author: AuthorOption = None,
    employee: EmployeeOption = None,
    feedback: FeedbackOption = None,
    source: Annotated[str | None, typer.Option(help="All that this source gave so far.")] = None,
    before: Annotated[str | None, typer.Option(help="All that was written before this day.")] = None,
    past_only: Annotated[
        bool, typer.Option("--past-only", help="Read again what this person writes, or is named in, from now on.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be erased; change nothing.")] = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Erase nothing: search every byte for what was erased before.")
    ] = False,
    files: Annotated[
        bool, typer.Option("--files/--no-files", help="Look into the sources for files that still hold it.")
    ] = True,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Erase feedback everywhere in the workspace, for ever, and search every byte for it.

    The databases, page, backlog.csv, staging, reviewers' answers and teaching examples forget it; a keyed hash keeps it
    from coming back. Your own files are yours: those that still hold it are named. Of an employee the pseudonyms go,
    with whatever they open; what customers wrote stays, and says [EMPLOYEE] as before.
    """
    from cxnlp import privacy
    from pipelines.alone import alone
    from pipelines.readers import Readers

    place = open_workspace(workspace)
    with alone(place), closing(Readers.of(place)) as readers:
        if verify:
            _tell_verified(privacy.verify_sources(place, readers.read_file), as_json)
            return
        wish = _wish(customer, author, employee, feedback, source, before, past_only=past_only)
        if dry_run or not yes:
            seen = privacy.preview(place, wish, with_files=files, read_one=readers.read_file)
            if dry_run:
                _tell(seen, as_json, would="Would erase")
                return
            _confirm(seen)
        done = privacy.forget(place, wish, with_files=files, read_one=readers.read_file)
    _tell(done, as_json, issues=_issues(place))
    if done.verified is not None and not done.verified.is_clean:
        raise typer.Exit(1)


def export(
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write, such as answer.json.")],
    workspace: WorkspaceOption = Path(),
    customer: CustomerOption = None,
    author: AuthorOption = None,
    employee: EmployeeOption = None,
    feedback: FeedbackOption = None,
    originals: Annotated[
        bool, typer.Option("--originals", help="Add the words in front of the mask, where the workspace keeps them.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Answer "what do you store about me?": everything about a customer, author or employee, masked as it is stored.

    An employee gets the sentences that name them, without who wrote them. With --originals also unmasked, where
    `[privacy] keep_original` keeps them: names of others stand in there, too.
    """
    from cxnlp import copies, privacy
    from pipelines.alone import alone

    place = open_workspace(workspace)
    if employee and originals:
        raise CommandError(
            "--originals: is not given out about an employee; allowed: --customer, --author or --feedback. What "
            "customers wrote names them in front of the mask."
        )
    wish = _wish(customer, author, employee, feedback)
    with alone(place) if originals else nullcontext():
        counts = privacy.export(place, wish, output, with_originals=originals)
    copies.note(place, output)
    if as_json:
        typer.echo(json.dumps({"file": str(output), **counts}))
        return
    for name, n in counts.items():
        typer.echo(f"{name}: {n:,}")
    typer.echo(f"written: {output}")


@secret.callback()
def about() -> None:
    """The workspace's secret: the key of every pseudonym."""


@secret.command()
def rotate(
    workspace: WorkspaceOption = Path(),
    originals: Annotated[
        str | None,
        typer.Option(
            help="Leave the secret; encrypt the kept originals anew with the key that this names: env:NAME, "
            "keyring:NAME or file:/path.",
            metavar="KEY",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Give the workspace a new secret; every stored key follows, so that people keep being recognised.

    Who has the old secret alone can then no longer tell whose row is whose. Copies of the database from before keep
    their old keys. Back the new file up: it holds the old part and the new one, and both are needed.
    """
    from cxnlp import privacy
    from pipelines.alone import alone

    place = open_workspace(workspace)
    with alone(place):
        if originals is not None:
            _tell_new_key(privacy.rotate_originals(place, originals), originals, as_json)
            return
        n_parts = privacy.rotate(place)
    if as_json:
        typer.echo(json.dumps({"n_parts": n_parts}))
    else:
        typer.echo(f"The secret has {n_parts} parts now, and all stored keys follow. Back up {place.state / 'secret'}.")


def _tell_new_key(n_originals: int, reference: str, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"n_originals": n_originals}))
        return
    typer.echo(
        f"{n_originals:,} originals are encrypted with the key in {reference} now. Write original_key = "
        f"{json.dumps(reference)} into cxnlp.toml, or put the new key where the old one was, before the next night."
    )


def _wish(
    customer: str | None, author: str | None, employee: str | None, feedback: list[str] | None = None,
    source: str | None = None, before: str | None = None, *, past_only: bool = False,
) -> "Wish":  # fmt: skip
    """What is meant; a name on the command line stays in the shell's history, one that is piped in does not."""
    from cxnlp.privacy import ErasureError, Wish

    given = [sys.stdin.readline().strip() if name == "-" else name for name in (customer, author, employee)]
    try:
        return Wish(
            customer=given[0], author=given[1], employee=given[2], feedback_ids=tuple(feedback or ()), source=source,
            before=None if before is None else parse_day(before), is_past_only=past_only,
        )  # fmt: skip
    except ErasureError as error:
        raise CommandError(str(error)) from None


def _confirm(seen: "Erased") -> None:
    if not sys.stdin.isatty():
        raise CommandError("nobody is there to be asked. Add --yes to erase, or --dry-run to see what would go.")
    question = f"Erase {seen.n_feedback:,} pieces of feedback with {seen.n_mentions:,} mentions, for ever?"
    if seen.asked == "employee":
        question = f"Forget who is meant in {seen.n_namings:,} places, for ever? The feedback stays."
    typer.confirm(question, abort=True)


def _say(text: str) -> None:
    """Write a line in which names of files cannot steer the terminal."""
    typer.echo("".join(c if c.isprintable() else "�" for c in text))


def _issues(workspace: Workspace) -> Sequence[str]:
    """The trackers' issues that may still quote what was erased."""
    if not workspace.settings.trackers:
        return ()
    from cxnlp.backlog import trackers
    from cxnlp.warehouse import store

    with store.open_published(workspace.database) as connection:
        known = trackers.behind(workspace, trackers.read_items(connection))
    return [f"{issue['tracker']} {issue['key']} {issue['url']}" for issue in known]


def _tell(erased: "Erased", as_json: bool, *, would: str = "Erased", issues: Sequence[str] = ()) -> None:
    if as_json:
        typer.echo(json.dumps({**asdict(erased), "issues": list(issues)}, default=str))
        return
    of = ", ".join(f"{source} {n:,}" for source, n in erased.sources.items()) or "none is stored"
    if erased.asked == "employee":
        _say(f"{would} who is meant in {erased.n_namings:,} places of feedback ({of}); the feedback stays.")
    else:
        _say(f"{would} {erased.n_feedback:,} pieces of feedback ({of}) with {erased.n_mentions:,} mentions.")
    if erased.n_answers or erased.n_examples:
        _say(f"Reviewers' answers: {erased.n_answers:,}. Teaching examples: {erased.n_examples:,}.")
    if erased.labels:
        _say(f"Teach these anew, to leave out what was learnt from it: {', '.join(erased.labels)}.")
    if erased.held:
        _say("Your own files still hold it; cxnlp leaves them alone, and what they hold of it out:")
        places = (f"{p.source}: {p.file}" + (f", row {p.row}" if p.row is not None else "") for p in erased.held)
        _list(list(places))
    if erased.copies:
        _say("These were written before and may still hold it. Remove them, and have them written anew:")
        _list(erased.copies)
    if issues:
        _say("Issues in trackers may still quote it. `cxnlp backlog sync` takes it out of them; a tracker may keep "
             "earlier versions of a comment:")  # fmt: skip
        _list(list(issues))
    if erased.services:
        _say("Live services were not asked to delete anything, and may hold more. Look there, too:")
        for each in erased.services:
            pieces = [piece.words() for piece in each.pieces]
            more = f" … and {len(pieces) - N_SHOWN:,} more" if len(pieces) > N_SHOWN else ""
            known = ", ".join(pieces[:N_SHOWN]) + more if pieces else "nothing from there was stored"
            _say(f"  {each.source} ({each.url or each.service}): {known}")
    if erased.verified is not None:
        _tell_search(erased.verified)


def _tell_verified(verified: "Verified", as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(asdict(verified) | {"is_clean": verified.is_clean}))
    else:
        _tell_search(verified)
    if not verified.is_clean:
        raise typer.Exit(1)


def _tell_search(verified: "Verified") -> None:
    what = f"{verified.n_runs:,} runs of words" + (f" and {verified.n_keys:,} keys" if verified.n_keys else "")
    searched = f"{what} in {verified.n_files:,} files ({verified.n_bytes / 1e6:,.1f} MB)"
    if verified.places:
        _say(f"NOT GONE: searched for {searched}; found some in:")
        _list(verified.places)
    else:
        _say(f"{'Verified' if verified.is_clean else 'Not verified'}: searched for {searched}; found none.")
    if verified.locked:
        _say("Could not look into these, whose key ([privacy] original_key) is not to be had or does not fit:")
        _list(verified.locked)
    if verified.n_short:
        _say(
            f"{verified.n_short:,} of {verified.n_texts:,} texts have no words of their own that could be searched for."
        )


def _list(lines: Sequence[str]) -> None:
    for line in lines[:N_SHOWN]:
        _say(f"  {line}")
    if len(lines) > N_SHOWN:
        _say(f"  … and {len(lines) - N_SHOWN:,} more; --json lists them all.")
