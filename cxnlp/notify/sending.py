"""Tell the receivers: queue what the published night changed, and send what is not sent, the oldest first."""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final, Literal

from filelock import FileLock, Timeout

from cxnlp.errors import CxnlpError
from cxnlp.notify import chat, outbox, webhook
from cxnlp.notify.attempt import Attempt
from cxnlp.notify.changes import Morning, message, morning
from cxnlp.notify.digest import Digest, digest, html, payload
from cxnlp.notify.outbox import Entry, Waiting
from cxnlp.settings import Notify, SettingsError, Workspace, references
from cxnlp.settings.notify import is_safe_address
from cxnlp.warehouse import store

_PATIENCE_SECONDS: Final = 30.0  # with another process that is sending
_NEW_ADDRESS: Final = "write the address there"


class AlreadySending(CxnlpError):
    """Another process is telling the receivers."""

    exit_code = 3


@dataclass(frozen=True)
class Outcome:
    """What became of a message; ``words`` say why it was not sent."""

    receiver: str
    id: str
    run_id: str
    result: Literal["sent", "refused", "unclear", "dropped"]
    words: str


@dataclass(frozen=True)
class Shown:
    """A message as it would be sent: the request of a webhook (unsigned), or title and text."""

    receiver: str
    id: str
    run_id: str
    sent_at: datetime | None
    content: dict[str, Any]


@dataclass(frozen=True)
class Receiver:
    """A receiver with its address, which is looked up where cxnlp.toml says it is."""

    workspace: Workspace
    settings: Notify

    @property
    def what(self) -> str:
        """What it is called in a message."""
        return f"[[notify]] {self.settings.name}"

    @cached_property
    def url(self) -> str:
        """Its address."""
        if not self.settings.is_url_elsewhere:
            return self.settings.url
        return references.read(
            self.settings.url, self.workspace.root, what=f"the address of {self.what}", new=_NEW_ADDRESS
        )

    @cached_property
    def keys(self) -> list[bytes]:
        """The keys of a webhook's signature."""
        what = f"the secret of {self.what}"
        secret = references.read(self.settings.secret or "", self.workspace.root, what=what, new=webhook.MAKE)
        return webhook.keys_of(secret, what)

    def prepare(self) -> str:
        """Make sure that it can be sent to, and say what it is; nothing is sent.

        Raises:
            SettingsError: its address or its secret is not to be had, or is none.
        """
        if self.settings.kind == "apprise":
            return str(chat.receiver(self.url, f"the address of {self.what}").service_name)
        if not is_safe_address(self.url):
            raise SettingsError(f"the address of {self.what}: found none that is safe; allowed: https://…, or http for "
                                "this machine alone. Mend it where it is kept.")  # fmt: skip
        n_keys = len(self.keys)
        return f"a webhook, signed with {n_keys} key{'' if n_keys == 1 else 's'}"

    def deliver(self, said: Digest, waiting: Waiting, sleep: Callable[[float], None]) -> Attempt:
        """Send one message."""
        if self.settings.kind == "apprise":
            return chat.deliver(chat.receiver(self.url, self.what), said.title, html(said))
        body = payload(said, waiting, self.settings)
        return webhook.deliver(self.url, self.keys, waiting.id, body, authority=self.settings.authority, sleep=sleep)

    def shown(self, said: Digest, waiting: Waiting) -> dict[str, Any]:
        """What would be sent."""
        if self.settings.kind == "apprise":
            return {"title": said.title, "text": chat.as_text(html(said)), "html": html(said)}
        return {"webhook-id": waiting.id, "body": payload(said, waiting, self.settings).decode("ascii")}


def prepared(workspace: Workspace) -> Iterator[tuple[str, Callable[[], str]]]:
    """Yield each receiver's name, and what says of it that it can be sent to (raises as `Receiver.prepare`)."""
    for settings in workspace.settings.notify:
        yield settings.name, Receiver(workspace, settings).prepare


def send(workspace: Workspace, *, sleep: Callable[[float], None] = time.sleep) -> list[Outcome]:
    """Tell the receivers of ``[[notify]]`` what they do not know yet; what cannot be sent now waits for the next time.

    Raises:
        AlreadySending: another process is at it.
        WarehouseError: no night has been published yet.
        OutboxError: the outbox is damaged.
    """
    if not workspace.settings.notify:
        return []
    try:
        with FileLock(workspace.state / "outbox.sending.lock", timeout=_PATIENCE_SECONDS):
            return list(_send(workspace, sleep))
    except Timeout:
        raise AlreadySending(
            "notify: another process is telling the receivers. Wait for it, then run this again."
        ) from None


def look(workspace: Workspace) -> list[Shown]:
    """Return what `send` would send; where nothing waits for a receiver, the message that it got last."""
    now = _morning(workspace)
    entries = outbox.read(workspace.outbox)
    entries += _news(workspace, now, entries)
    sent = {entry.id: entry.at for entry in entries if entry.event == "sent"}
    shown = []
    for settings in workspace.settings.notify:
        receiver = Receiver(workspace, settings)
        own = _own(entries, settings.name)
        last = outbox.last_of(entries, settings.name)
        if not own and last is not None and last.message is not None:
            own = [Waiting(last.id, last.at, last.message)]
        for waiting in own:
            content = receiver.shown(digest(waiting, now, workspace, settings), waiting)
            shown.append(Shown(settings.name, waiting.id, waiting.message.run_id, sent.get(waiting.id), content))
    return shown


def _send(workspace: Workspace, sleep: Callable[[float], None]) -> Iterator[Outcome]:
    now = _morning(workspace)
    entries = outbox.read(workspace.outbox)
    new = _news(workspace, now, entries)
    outbox.add(workspace.outbox, new)
    entries += new
    yield from _dropped(workspace, entries)
    for settings in workspace.settings.notify:
        for waiting in _own(outbox.read(workspace.outbox), settings.name):
            attempt = _attempt(Receiver(workspace, settings), waiting, now, sleep)
            yield Outcome(settings.name, waiting.id, waiting.message.run_id, attempt.result, attempt.words)
            if attempt.result != "sent":
                break  # the next ones would overtake it
    outbox.tidy(workspace.outbox)


def _attempt(receiver: Receiver, waiting: Waiting, now: Morning, sleep: Callable[[float], None]) -> Attempt:
    """Send one message, with a line in the outbox before and after."""
    path = receiver.workspace.outbox
    try:
        receiver.prepare()
    except SettingsError as error:
        return Attempt("refused", str(error))
    said = digest(waiting, now, receiver.workspace, receiver.settings)
    outbox.add(path, [Entry(event="trying", id=waiting.id, at=datetime.now(UTC))])
    attempt = receiver.deliver(said, waiting, sleep)
    if attempt.result == "sent" or (attempt.result == "refused" and not waiting.is_doubtful):
        outbox.add(path, [Entry(event=attempt.result, id=waiting.id, at=datetime.now(UTC))])
    return attempt


def _morning(workspace: Workspace) -> Morning:
    with store.open_published(workspace.database) as connection:
        return morning(connection)


def _news(workspace: Workspace, now: Morning, entries: Sequence[Entry]) -> list[Entry]:
    """What is to be queued of the published run: a message for each receiver that was not told of it.

    The first run of a day is told in any case, so that a morning without a message means that something is wrong;
    another one only if it changed something.
    """
    new = []
    for settings in workspace.settings.notify:
        queued = outbox.last_of(entries, settings.name)
        last = None if queued is None else queued.message
        if last is not None and last.run_id == now.run["run_id"]:
            continue
        told = message(settings.name, now, last)
        is_first = last is None or last.night != now.night
        if told.is_news or (is_first and not settings.only_changes):
            message_id = _id(workspace, settings.name, told.run_id)
            new.append(Entry(event="queued", id=message_id, at=datetime.now(UTC), message=told))
    return new


def _dropped(workspace: Workspace, entries: Sequence[Entry]) -> Iterator[Outcome]:
    """Drop what is too old, and what is for receivers that cxnlp.toml no longer names."""
    names = {settings.name for settings in workspace.settings.notify}
    today = datetime.now(UTC)
    for waiting in outbox.waiting(entries):
        receiver = waiting.message.receiver
        if receiver in names and not waiting.is_too_old(today.date()):
            continue
        outbox.add(workspace.outbox, [Entry(event="dropped", id=waiting.id, at=today)])
        why = f"could not be sent for {outbox.DAYS_KEPT} days" if receiver in names else "cxnlp.toml no longer names it"
        yield Outcome(receiver, waiting.id, waiting.message.run_id, "dropped", why)


def _own(entries: Sequence[Entry], receiver: str) -> list[Waiting]:
    return [each for each in outbox.waiting(entries) if each.message.receiver == receiver]


def _id(workspace: Workspace, receiver: str, run_id: str) -> str:
    """The same for the same receiver and run, and no other workspace's."""
    digested = hashlib.blake2b(f"{receiver}\n{run_id}".encode(), key=workspace.secret()[-32:], digest_size=12)
    return f"msg_{digested.hexdigest()}"
