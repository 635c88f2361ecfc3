"""A mailbox on an IMAP server: read like stored e-mails, never marked as seen, never changed.

RFC 9051. The cursor is UIDVALIDITY and the highest UID that was read; when a server numbers a mailbox anew, it is read
again from `since`, and Message-IDs keep what is stored from being stored twice.
"""

import base64
import hashlib
import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from cxnlp.channels.files import MAX_FILE_BYTES, Held
from cxnlp.channels.items import Item, Unusable, unusable
from cxnlp.channels.live.failures import Unreachable
from cxnlp.channels.live.service import LiveSettings, Page, Visit
from cxnlp.channels.live.tls import said_of, trusted
from cxnlp.channels.live.waits import backoff
from cxnlp.channels.live.web import ATTEMPTS, is_loopback
from cxnlp.settings import Source

_PAGE: Final = 50  # mails
_TIMEOUT: Final = 60.0
_SIZE: Final = re.compile(rb"UID (\d+).*?RFC822\.SIZE (\d+)|RFC822\.SIZE (\d+).*?UID (\d+)", re.DOTALL)
_DATE: Final = re.compile(rb'INTERNALDATE "([^"]+)"')
_LATER: Final = re.compile(rb"UNAVAILABLE|LIMIT|INUSE|THROTTL|TRY AGAIN|TOO MANY|SERVERBUG", re.IGNORECASE)


def _mail_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("imaps", "imap") or not parts.hostname:
        raise ValueError("is no IMAP address. Allowed: imaps://host or imaps://host:port (imap:// starts TLS itself)")
    if parts.username or parts.password:
        raise ValueError("holds a user or password. Write them as `user` and `secret`")
    return url


class Inbox(LiveSettings):
    """``auth`` "xoauth2" takes the secret for an access token; "login" for a password, best one for this program."""

    url: Annotated[str, AfterValidator(_mail_address)]
    user: str
    mailboxes: Annotated[tuple[str, ...], Field(min_length=1)] = ("INBOX",)
    auth: Literal["login", "xoauth2"] = "login"

    @property
    def streams(self) -> tuple[str, ...]:
        """One a mailbox."""
        return self.mailboxes


@dataclass(frozen=True)
class _Seat:
    """Where in a mailbox the reading stands."""

    validity: int = 0
    uid: int = 0

    @classmethod
    def of(cls, cursor: str | None) -> "_Seat":
        parts = (cursor or "").split(":")
        return cls(int(parts[0]), int(parts[1])) if len(parts) == 2 else cls()

    def cursor(self) -> str:
        return f"{self.validity}:{self.uid}"


def read_inbox(visit: Visit[Inbox]) -> Iterator[Page]:
    """Read the mails with higher numbers than the last that was read; a connection that breaks is made again."""
    seat, attempt = _Seat.of(visit.cursor), 0
    while True:
        try:
            for page, reached in _pages(visit, seat):
                seat, attempt = reached, 0
                yield page
            return
        except (imaplib.IMAP4.abort, OSError, EOFError) as error:
            if untrusted := said_of(urlsplit(visit.settings.url).hostname or "", error):
                raise Unreachable(untrusted) from error
            attempt += 1
            if attempt == ATTEMPTS:
                raise Unreachable(
                    f"{urlsplit(visit.settings.url).hostname} cannot be reached or breaks off "
                    f"({type(error).__name__}), {ATTEMPTS} times in a row. What came before is stored; the next run "
                    "goes on."
                ) from error
            visit.waits.wait(backoff(attempt))


def _pages(visit: Visit[Inbox], seat: _Seat) -> Iterator[tuple[Page, _Seat]]:
    connection = _connect(visit)
    try:
        validity = _open(connection, visit.stream)
        last = seat.uid if seat.validity == validity else 0
        uids = _search(visit, connection, last)
        for start in range(0, len(uids), _PAGE):
            part = uids[start : start + _PAGE]
            items = [item for uid, size in _sizes(connection, part) for item in _mail(visit, connection, uid, size)]
            reached = _Seat(validity, part[-1])
            yield Page(items, reached.cursor()), reached
        reached = _Seat(validity, max([last, *uids]))
        yield Page(cursor=reached.cursor()), reached
    finally:
        _leave(connection)


def _connect(visit: Visit[Inbox]) -> imaplib.IMAP4:
    """Connect and sign in.

    Raises:
        Unreachable: the secret is refused or not to be had, or there is no TLS.
        imaplib.IMAP4.abort, OSError: trying again may help.
    """
    visit.secret()  # before the network is asked
    parts = urlsplit(visit.settings.url)
    host = parts.hostname or ""
    connection: imaplib.IMAP4
    if parts.scheme == "imaps":
        context = trusted(visit.settings.authority)
        connection = imaplib.IMAP4_SSL(host, parts.port or 993, ssl_context=context, timeout=_TIMEOUT)
    else:
        connection = imaplib.IMAP4(host, parts.port or 143, timeout=_TIMEOUT)
        if not is_loopback(host):  # no secret leaves in the clear
            _start_tls(connection, host, trusted(visit.settings.authority))
    _sign_in(visit, connection)
    return connection


def _start_tls(connection: imaplib.IMAP4, host: str, context: ssl.SSLContext) -> None:
    if "STARTTLS" not in connection.capabilities:
        _leave(connection)
        raise Unreachable(
            f"{host} offers no TLS, and no password is sent without. Set `url` to imaps://{host}, or to a server that "
            "knows STARTTLS."
        )
    connection.starttls(context)


def _sign_in(visit: Visit[Inbox], connection: imaplib.IMAP4) -> None:
    settings, host, secret = visit.settings, urlsplit(visit.settings.url).hostname, visit.secret()
    try:
        if settings.auth == "xoauth2":
            token = f"user={settings.user}\x01auth=Bearer {secret}\x01\x01".encode()
            connection.authenticate("XOAUTH2", lambda _: token)
        else:
            connection.login(settings.user, secret)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        _leave(connection)
        if _LATER.search(str(error).encode()):
            raise imaplib.IMAP4.abort("asks to come later") from error
        raise Unreachable(
            f"{host} refuses user or secret. Put a valid secret into the environment variable or keyring entry that "
            "`secret` names, and look at `user`; the next run reads it."
        ) from error


def _open(connection: imaplib.IMAP4, mailbox: str) -> int:
    """Open a mailbox for reading alone and return its UIDVALIDITY."""
    status, _ = connection.select(_quoted(mailbox), readonly=True)
    if status != "OK":
        raise Unusable(
            "The server has no such mailbox, or it may not be read. Set `mailboxes` to names that the server lists."
        )
    _, found = connection.response("UIDVALIDITY")
    return int(found[0]) if found and found[0] else 0


def _quoted(mailbox: str) -> str:
    """A mailbox's name as the protocol writes it: modified UTF-7, in quotes."""
    encoded = re.sub(
        "[^\x20-\x25\x27-\x7e]+|&",
        lambda run: "&-" if run[0] == "&" else "&" + _base64(run[0]) + "-",
        mailbox,
    )
    return '"' + encoded.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _base64(text: str) -> str:
    return base64.b64encode(text.encode("utf-16-be")).decode("ascii").rstrip("=").replace("/", ",")


def _search(visit: Visit[Inbox], connection: imaplib.IMAP4, last: int) -> list[int]:
    """Return the numbers above ``last``, in order."""
    wanted = ["UID", f"{last + 1}:*"]
    if last == 0 and visit.settings.since:
        wanted += ["SINCE", visit.settings.since.strftime("%d-%b-%Y")]
    found = _answered(connection.uid("SEARCH", *wanted))
    numbers = {int(number) for line in found if isinstance(line, bytes) for number in line.split()}
    return sorted(number for number in numbers if number > last)  # n:* gives the last one even where it is below n


def _sizes(connection: imaplib.IMAP4, uids: Sequence[int]) -> list[tuple[int, int]]:
    """Return number and size of those mails that are still there."""
    lines = _answered(connection.uid("FETCH", ",".join(map(str, uids)), "(UID RFC822.SIZE)"))
    found = {}
    for line in lines:
        match = _SIZE.search(line if isinstance(line, bytes) else b"")
        if match:
            uid, size = (match[1], match[2]) if match[1] else (match[4], match[3])
            found[int(uid)] = int(size)
    return [(uid, found[uid]) for uid in uids if uid in found]


def _mail(visit: Visit[Inbox], connection: imaplib.IMAP4, uid: int, size: int) -> Iterator[Item]:
    if size > MAX_FILE_BYTES:
        problem = (
            f"Is a mail of {size / 1e6:,.0f} MB; at most {MAX_FILE_BYTES / 1e6:,.0f} MB are read. Save its letter in "
            "a folder that is read."
        )
        yield replace(unusable(problem, uid), external_id=str(uid))
        return
    parts = _answered(connection.uid("FETCH", str(uid), "(UID INTERNALDATE BODY.PEEK[])"))
    whole = next((part for part in parts if isinstance(part, tuple)), None)
    if whole is None:  # deleted since
        return
    yield from _items(visit, uid, whole[1], _received(whole[0], parts))


def _items(visit: Visit[Inbox], uid: int, data: bytes, received_at: datetime) -> Iterator[Item]:
    """Read a mail as a stored one is read; its number is the ``row`` of all that is in it."""
    name = hashlib.blake2b(data, digest_size=8).hexdigest() + ".eml"
    mail = Held(Path(name), name, len(data), int(received_at.timestamp()) * 1_000_000_000, data=data)
    for item in visit.read_file(_of_letters(visit.source), mail):
        yield replace(
            item,
            external_id=item.external_id or (str(uid) if item.problem else name),
            occurred_at=item.occurred_at or received_at,
            received_at=received_at,
            row=uid,
        )


def _of_letters(source: Source) -> Source:
    """The source as the reader of stored mails knows one."""
    told = source.model_dump(exclude_unset=True, exclude={"live"})
    return Source.model_validate(told | {"kind": "letters", "path": "."})


def _received(head: bytes, parts: Sequence[object]) -> datetime:
    """When the server received a mail: before its bytes in the answer, or behind them."""
    found = _DATE.search(head + b" ".join(part for part in parts if isinstance(part, bytes)))
    if found is None:
        raise imaplib.IMAP4.abort("an answer without INTERNALDATE")
    return parsedate_to_datetime(found[1].decode("ascii", "replace")).astimezone(UTC)


def _answered(answer: tuple[str, list[object]]) -> list[object]:
    status, data = answer
    if status != "OK":
        said = b" ".join(part for part in data if isinstance(part, bytes))
        if _LATER.search(said):
            raise imaplib.IMAP4.abort("asks to come later")
        raise Unusable("The server refuses to list or give the mails of this mailbox. Look at the account's rights.")
    return data


def _leave(connection: imaplib.IMAP4) -> None:
    try:
        connection.logout()
    except (imaplib.IMAP4.error, OSError):
        connection.shutdown()
