"""Forget: erase in the working database, the originals, snapshots, page, backlog.csv, staging, journals and examples.

Each step takes away what the tombstones mean wherever it is found, so all of it can be done again: an erasure that was
killed is finished by the next `cxnlp forget` and by the next night. What needs the texts (teaching examples have no
ids) comes before the database, which holds them.
"""

import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final

import duckdb
import polars as pl

from cxnlp import channels
from cxnlp.feedback.keys import fold_text
from cxnlp.insight.themes import edits
from cxnlp.privacy import choosing, results, tombstones, verifying
from cxnlp.privacy.choosing import Wish
from cxnlp.privacy.holding import Held, held
from cxnlp.privacy.originals import originals_of
from cxnlp.privacy.retention import limits_of
from cxnlp.privacy.services import AtService, at_services
from cxnlp.privacy.tombstones import Erasure, ErasureError, Tombstones
from cxnlp.privacy.verifying import Verified
from cxnlp.settings import Workspace
from cxnlp.teaching import examples, journal
from cxnlp.teaching.examples import Example
from cxnlp.warehouse import store

#: A shorter example says nothing of its own, unless it is the whole of what was erased.
_LEAST_SIGNS: Final = 24


@dataclass(frozen=True)
class Erased:
    """What an erasure took, what still holds it, and what the search for it found."""

    erasure_id: str
    asked: str
    n_feedback: int
    n_mentions: int = 0
    n_namings: int = 0  # places where feedback names the employee who was forgotten; the feedback stays
    n_answers: int = 0  # reviewers' answers and marks
    n_examples: int = 0  # teaching examples
    labels: tuple[str, ...] = ()  # taught with such examples; teach them again to leave what was learnt of them out
    sources: Mapping[str, int] = field(default_factory=dict)  # source → pieces of feedback
    held: tuple[Held, ...] = ()  # the company's own files that still hold it
    services: tuple[AtService, ...] = ()  # live sources that may still hold it; nothing is deleted there
    verified: Verified | None = None


@dataclass(frozen=True)
class _Found:
    ids: list[str]
    n_mentions: int
    namings: pl.DataFrame
    sources: Mapping[str, int]  # pieces of feedback, or such as name the employee


@dataclass(frozen=True)
class _Taken:
    n_answers: int
    labels: Mapping[str, int]


def preview(
    workspace: Workspace, wish: Wish, *, with_files: bool = True, read_one: channels.Reader = channels.read_file
) -> Erased:
    """Say what `forget` would take; nothing is changed. The caller holds the workspace's lock."""
    secret = workspace.secret()
    with open_database(workspace) as connection:
        erasure = choosing.erasure_of(connection, wish, secret, datetime.now(UTC))
        found = _found(connection, tombstones.of([erasure]), secret)
        services = _services(connection, workspace, wish, found)
    known = tombstones.of([erasure])
    files = held(workspace, known, secret, read_one) if with_files and wish.is_about_files else []
    return Erased(erasure.erasure_id, erasure.asked, erasure.n_feedback, found.n_mentions, found.namings.height,
                  sources=found.sources, held=tuple(each.place for each in files), services=services)  # fmt: skip


def forget(
    workspace: Workspace, wish: Wish, *, with_files: bool = True, read_one: channels.Reader = channels.read_file
) -> Erased:
    """Erase what ``wish`` means, for ever, and search every byte of the workspace for it. The caller holds the lock.

    Args:
        workspace: whose night is not running.
        wish: what to erase.
        with_files: read the sources again to say which of the company's files still hold it; persons and single pieces
            of feedback only.
        read_one: what reads one of these files, such as `channels.read_file` in a process that can be killed.

    Raises:
        ErasureError: the journal of erasures is damaged, or an old snapshot cannot be removed; repeat it then.
        SettingsError: originals are kept and their key is not to be had; nothing was erased.
    """
    originals_of(workspace)
    resume(workspace)
    secret = workspace.secret()
    with open_database(workspace) as connection:
        erasure = choosing.erasure_of(connection, wish, secret, datetime.now(UTC))
        found = _found(connection, tombstones.of([erasure]), secret)
        services = _services(connection, workspace, wish, found)
        texts = choosing.words_of(connection, found.ids)
    tombstones.add(workspace, erasure)
    taken = _carry_out(workspace, secret)
    known = tombstones.of([erasure])
    files = held(workspace, known, secret, read_one) if with_files and wish.is_about_files else []
    searched = [*texts, *(each.text for each in files)] if wish.is_about_words else texts
    verified = verifying.verify(workspace, searched, keys=erasure.employees)
    n_examples = sum(taken.labels.values())
    _done(workspace, erasure, n_answers=taken.n_answers, n_examples=n_examples, is_verified=verified.is_clean)
    return Erased(
        erasure.erasure_id, erasure.asked, erasure.n_feedback, found.n_mentions, found.namings.height,
        taken.n_answers, n_examples, tuple(taken.labels), found.sources,
        tuple(each.place for each in files), services, verified,
    )  # fmt: skip


def _services(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace, wish: Wish, found: _Found
) -> tuple[AtService, ...]:
    ids = [*found.ids, *found.namings["feedback_id"].unique(maintain_order=True)]
    return at_services(connection, workspace, ids, is_about_person=wish.is_about_person)


def expire(workspace: Workspace, on: date) -> int:
    """Erase what is older than it may be kept on the day ``on``; return how many pieces of feedback.

    The caller holds the workspace's lock, and nobody has the working database open.
    """
    limits, secret, now = limits_of(workspace.settings, on), workspace.secret(), datetime.now(UTC)
    if not limits or not workspace.working_database.is_file():
        return 0
    with open_database(workspace) as connection:
        identities = store.identities(connection)
        old = identities.filter(limits.expired(identities))["feedback_id"].to_list()
        if not old:
            return 0
        erasure = choosing.begun(connection, "retention", old, secret, now, is_about_words=False)
    tombstones.add(workspace, erasure)
    taken = _carry_out(workspace, secret)
    _done(workspace, erasure, n_answers=taken.n_answers, n_examples=sum(taken.labels.values()))
    return len(old)


def resume(workspace: Workspace) -> int:
    """Finish erasures that were killed; return how many. The caller holds the lock, nobody has the database open."""
    left = tombstones.pending(tombstones.read(workspace))
    if left:
        taken = _carry_out(workspace, workspace.secret())
        for number, erasure in enumerate(left):  # what went went for all of them: it is counted once
            n_answers, n_examples = (0, 0) if number else (taken.n_answers, sum(taken.labels.values()))
            _done(workspace, erasure, n_answers=n_answers, n_examples=n_examples)
    return len(left)


def verify_sources(workspace: Workspace, read_one: channels.Reader = channels.read_file) -> Verified:
    """Search every byte for what was ever erased, in the words that the sources' files still have.

    Raises:
        ErasureError: nothing was erased yet, or none of it is in the sources any more.
    """
    known = tombstones.tombstones_of(workspace)
    if not known:
        raise ErasureError("--verify: nothing was erased yet. Name what to erase, such as --customer.")
    texts = [each.text for each in held(workspace, known.of_feedback, workspace.secret(), read_one)]
    keys = [key for key, until in known.employees.items() if until is None]
    if not texts and not keys:
        raise ErasureError("--verify: found nothing to search for: no file of the sources holds what was erased, and "
                           "nothing else does. `cxnlp forget` searches as it erases.")  # fmt: skip
    return verifying.verify(workspace, texts, keys=keys)


def settle(workspace: Workspace, connection: duckdb.DuckDBPyConnection) -> None:
    """Bring the table ``erasures`` up to date, and take late answers about erased feedback out of the journals."""
    lines = tombstones.read(workspace)
    known, secret = tombstones.of(lines), workspace.secret()
    if known:
        journal.forget(workspace, lambda item: known.is_meant(item.feedback_id, secret))
    store.write(connection, "erasures", tombstones.audit(lines))


def _carry_out(workspace: Workspace, secret: bytes) -> _Taken:
    """Take away what the tombstones mean, everywhere; done twice, the second time changes nothing."""
    originals = originals_of(workspace)
    lines = tombstones.read(workspace)
    known = tombstones.of(lines)
    workspace.query_history.unlink(missing_ok=True)
    n_answers = journal.forget(workspace, lambda item: known.is_meant(item.feedback_id, secret))
    edits.forget(workspace, lambda feedback_id: known.is_meant(feedback_id, secret))
    with open_database(workspace) as connection:
        found = _found(connection, known, secret)
        labels = examples.forget_some(workspace, _is_of(choosing.words_of(connection, found.ids)))
        with store.transaction(connection):
            store.erase(connection, pl.Series(found.ids, dtype=pl.String))
            store.erase_namings(connection, found.namings)
            store.write(connection, "erasures", tombstones.audit(lines))
            results.recount(connection, workspace)
        last = results.last_run(connection)
        if originals is not None and last is not None:
            originals.settle(store.identities(connection), last[1])
    shutil.rmtree(workspace.staging, ignore_errors=True)
    workspace.staging.mkdir(mode=0o700, exist_ok=True)
    store.rewrite(workspace.working_database)
    with open_database(workspace) as connection:
        results.publish(connection, workspace)
    _refuse_old_snapshots(workspace)
    return _Taken(n_answers, labels)


def _is_of(texts: Iterable[str]) -> Callable[[Example], bool]:
    """Whether an example's words are those of one of the texts, or a part of it, or hold it."""
    folded = [fold_text(text) for text in texts]

    def is_meant(example: Example) -> bool:
        own, mention = fold_text(example.text), fold_text(example.text[example.start : example.end])
        return any(
            own == text
            or (len(own) >= _LEAST_SIGNS and own in text)
            or (len(text) >= _LEAST_SIGNS and text in own)
            or (len(mention) >= _LEAST_SIGNS and mention in text)
            for text in folded
        )

    return is_meant


def _found(connection: duckdb.DuckDBPyConnection, known: Tombstones, secret: bytes) -> _Found:
    """Look for stored feedback, and namings of employees, that tombstones mean."""
    identities = store.identities(connection)
    meant = identities.filter(known.meant(identities, secret))
    ids: list[str] = meant["feedback_id"].to_list()
    (n_mentions,) = connection.execute(
        "SELECT count(*) FROM mentions WHERE feedback_id IN (SELECT unnest($1))", [ids]
    ).fetchall()[0]
    namings = known.forgotten(store.namings(connection))
    pieces = pl.concat([each.select("feedback_id", "source") for each in (meant, namings)]).unique()
    return _Found(ids, int(n_mentions), namings, dict(pieces.group_by("source").len().sort("source").iter_rows()))


def open_database(workspace: Workspace) -> duckdb.DuckDBPyConnection:
    """Open the working database with the workspace's own labels in it."""
    return store.open_of(workspace)


def _done(workspace: Workspace, erasure: Erasure, **counts: int | bool | None) -> None:
    update = {"state": "done", "at": datetime.now(UTC), "feedback": (), "contents": (), "customers": (), "authors": (),
              "employees": (), "until": None}  # fmt: skip
    tombstones.add(workspace, erasure.model_copy(update=update | counts))


def _refuse_old_snapshots(workspace: Workspace) -> None:
    if not workspace.warehouse.is_dir():
        return
    current = workspace.database.resolve().name
    kept = [path.name for path in workspace.warehouse.glob("cx-*.duckdb") if path.name != current]
    if kept and workspace.database.is_symlink():
        raise ErasureError(f"{workspace.warehouse / kept[0]}: an older snapshot could not be removed; allowed: none "
                           "after an erasure. Close what has it open and run `cxnlp forget` again.")  # fmt: skip
