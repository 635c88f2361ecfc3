"""What is older than it may be kept is erased at the start of a night, which publishes without it at its end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import duckdb

from cxnlp.privacy import choosing, staged, tombstones
from cxnlp.privacy.earlier import Earlier, earlier_of
from cxnlp.privacy.retention import limits_of
from cxnlp.privacy.runs import runs_in, runs_of
from cxnlp.privacy.taking import BY_AGE, Taken, done, take
from cxnlp.privacy.tombstones import Erasure
from cxnlp.settings import Workspace
from cxnlp.warehouse import store


@dataclass(frozen=True)
class Expiry:
    """What a night took that was too old to be kept; pending until the night has published without it."""

    workspace: Workspace
    erasure: Erasure
    earlier: Earlier  # snapshots
    taken: Taken

    def finish(self) -> None:
        """Note that nothing holds it any more.

        Raises:
            ErasureError: an old snapshot that holds it cannot be removed.
        """
        self.earlier.refuse_others()
        done(self.workspace, self.erasure, n_answers=self.taken.n_answers, n_examples=sum(self.taken.labels.values()))


def expire(workspace: Workspace, connection: duckdb.DuckDBPyConnection, on: date) -> Expiry | None:
    """Erase what is older than it may be kept on the day ``on``; None where nothing is.

    The working file is to be written anew and published without it, and then `Expiry.finish` called. A night that ends
    before leaves that to `resume`. The caller holds the workspace's lock.
    """
    limits = limits_of(workspace.settings, on)
    if not limits:
        return None
    staged.let_go(workspace, limits.expired)
    identities = store.identities(connection)
    old = identities.filter(limits.expired(identities))["feedback_id"].to_list()
    if not old:
        return None
    now, secret = datetime.now(UTC), workspace.secret()
    erasure = choosing.begun(connection, BY_AGE, old, secret, now, is_about_words=False)
    tombstones.add(workspace, erasure)
    _forget_questions(workspace, choosing.names_of(connection, old), choosing.words_of(connection, old))
    return Expiry(workspace, erasure, earlier_of(workspace), take(workspace, connection, on))


def _forget_questions(workspace: Workspace, names: Iterable[str], texts: Iterable[str]) -> None:
    """Remove the history of questions where it quotes or names what expires; questions outlive other feedback."""
    if not workspace.query_history.is_file():
        return
    content = workspace.query_history.read_bytes()
    wanted = {run for text in texts for run in runs_of(text)}
    if runs_in(content, wanted) or any(name.encode() in content for name in names):
        workspace.query_history.unlink(missing_ok=True)
