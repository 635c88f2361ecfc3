"""Forget: erase in the working database, the originals, snapshots, page, backlog.csv, staging, journals and examples.

Each step takes away what the tombstones mean wherever it is found, so all of it can be done again: an erasure that was
killed is finished by the next `cxnlp forget` and by the next night. What needs the texts (teaching examples have no
ids) comes before the database, which holds them. Results are made anew as far as they knew of what was erased; what
expires is erased at the start of a night, which makes and publishes them anyway.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import duckdb
import polars as pl

from cxnlp import channels, copies, results
from cxnlp.privacy import choosing, tombstones, verifying
from cxnlp.privacy.choosing import Wish
from cxnlp.privacy.earlier import earlier_of
from cxnlp.privacy.holding import Held, held
from cxnlp.privacy.originals import originals_of
from cxnlp.privacy.services import AtService, at_services
from cxnlp.privacy.taking import Found, done, found_of, take
from cxnlp.privacy.tombstones import ErasureError
from cxnlp.privacy.verifying import Verified
from cxnlp.settings import Workspace
from cxnlp.teaching import journal
from cxnlp.warehouse import store


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
    copies: tuple[str, ...] = ()  # files that commands wrote and that may still hold it
    verified: Verified | None = None


def preview(
    workspace: Workspace, wish: Wish, *, with_files: bool = True, read_one: channels.Reader = channels.read_file
) -> Erased:
    """Say what `forget` would take; nothing is changed. The caller holds the workspace's lock."""
    secret = workspace.secret()
    with store.open_of(workspace) as connection:
        erasure = choosing.erasure_of(connection, wish, secret, datetime.now(UTC))
        found = found_of(connection, tombstones.of([erasure]), secret)
        services = _services(connection, workspace, wish, found)
    known = tombstones.of([erasure])
    files = held(workspace, known, secret, read_one) if with_files and wish.is_about_files else []
    return Erased(erasure.erasure_id, erasure.asked, erasure.n_feedback, found.n_mentions, found.namings.height,
                  sources=found.sources, held=tuple(each.place for each in files), services=services,
                  copies=tuple(copies.known(workspace)))  # fmt: skip


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
    with store.open_of(workspace) as connection:
        erasure = choosing.erasure_of(connection, wish, secret, datetime.now(UTC))
        found = found_of(connection, tombstones.of([erasure]), secret)
        services = _services(connection, workspace, wish, found)
        texts = choosing.words_of(connection, found.ids)
        last = results.last_night(workspace, connection)
        changed = results.touched(last, pl.Series(found.ids, dtype=pl.String)) if last else frozenset()
        tombstones.add(workspace, erasure)
        workspace.query_history.unlink(missing_ok=True)
        taken = take(workspace, connection, None if last is None else last.on)
        _make_anew(workspace, connection, changed)
    _publish(workspace)
    known = tombstones.of([erasure])
    files = held(workspace, known, secret, read_one) if with_files and wish.is_about_files else []
    searched = [*texts, *(each.text for each in files)] if wish.is_about_words else texts
    verified = verifying.verify(workspace, searched, keys=erasure.employees)
    n_examples = sum(taken.labels.values())
    done(workspace, erasure, n_answers=taken.n_answers, n_examples=n_examples, is_verified=verified.is_clean)
    return Erased(
        erasure.erasure_id, erasure.asked, erasure.n_feedback, found.n_mentions, found.namings.height,
        taken.n_answers, n_examples, tuple(taken.labels), found.sources,
        tuple(each.place for each in files), services, tuple(copies.known(workspace)), verified,
    )  # fmt: skip


def _services(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace, wish: Wish, found: Found
) -> tuple[AtService, ...]:
    ids = [*found.ids, *found.namings["feedback_id"].unique(maintain_order=True)]
    return at_services(connection, workspace, ids, is_about_person=wish.is_about_person)


def resume(workspace: Workspace) -> int:
    """Finish erasures that were killed; return how many. The caller holds the lock, nobody has the database open."""
    left = tombstones.pending(tombstones.read(workspace))
    if left:
        workspace.query_history.unlink(missing_ok=True)
        with store.open_of(workspace) as connection:
            last = results.last_night(workspace, connection)
            taken = take(workspace, connection, None if last is None else last.on)
            _make_anew(workspace, connection, frozenset(results.MADE))
        _publish(workspace)
        for number, erasure in enumerate(left):  # what went went for all of them: it is counted once
            n_answers, n_examples = (0, 0) if number else (taken.n_answers, sum(taken.labels.values()))
            done(workspace, erasure, n_answers=n_answers, n_examples=n_examples)
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


def _make_anew(workspace: Workspace, connection: duckdb.DuckDBPyConnection, names: frozenset[str]) -> None:
    """Make these results as of the last night."""
    last = results.last_night(workspace, connection)
    if last is not None:
        with store.transaction(connection):
            results.again(last, names)


def _publish(workspace: Workspace) -> None:
    """Write the working file anew, and publish without what was erased."""
    store.rewrite(workspace.working_database)
    earlier = earlier_of(workspace)
    with store.open_of(workspace) as connection:
        last = results.last_night(workspace, connection)
        if last is not None:
            results.sweep(workspace)
            results.page(last, results.publish(last, earlier.stays))
    earlier.refuse_others()
