"""E-mails: who wrote when, and the words that are the writer's own."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import errors, message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr, parsedate_to_datetime
from typing import Final

from cxnlp.channels import winmail
from cxnlp.channels.attachments import Attachment, attachments_of, is_file, is_winmail
from cxnlp.channels.forwards import Forward, read_forward
from cxnlp.channels.items import Unusable
from cxnlp.channels.markup import html_text
from cxnlp.channels.plain import declared_encoding, decode, tidy, unwrap
from cxnlp.channels.replies import own_words
from cxnlp.channels.sealed import ENCRYPTED, clear_words, signed_content

_MAX_PARTS: Final = 200
MAX_NESTED: Final = 3
TOO_DEEP: Final = f"Is a mail inside a mail, more than {MAX_NESTED} deep. Save it on its own."
_SEALED: Final = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
#: A covering note is this short and speaks of what is attached.
_NOTE_WORDS: Final = 60
_ATTACHED: Final = re.compile(
    r"attach|enclos|\bencl\b|see (?:the|my) letter|anhang|anbei|beigef|pi[eè]ce jointe|ci-joint|"
    r"adjunt|za[łl][ąa]czni|za[łl][ąa]cz|atodi|amgae",
    re.IGNORECASE,
)
_SEEMS_MAIL: Final = re.compile(
    rb"^(?:message-id|mime-version|received|return-path|delivered-to|dkim-signature):", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True)
class Refused:
    """An attached mail that cannot be read, and why; ``number`` counts the attached mails from 1."""

    number: int
    address: str
    problem: str


@dataclass(frozen=True)
class Mail:
    """One e-mail. ``text`` is what its writer wrote: no quotes, no signature, no disclaimer.

    ``letters`` are attached files of the kinds that letters have, and ``mails`` attached mails; they are its writer's
    words where the text is no more than a note to cover them; ``refused`` are attached mails that cannot be read.
    ``forward`` is the mail inside one that was passed on.
    """

    text: str
    message_id: str | None
    sent_at: datetime | None
    author: str | None
    address: str
    letters: tuple[Attachment, ...] = ()
    mails: tuple["Mail", ...] = ()
    refused: tuple[Refused, ...] = ()
    forward: Forward | None = None
    recipients: tuple[str, ...] = ()
    is_covering_note: bool = False

    @property
    def is_passed_on(self) -> bool:
        """True when its sender added no word to the mail inside."""
        return self.forward is not None and self.text == self.forward.text


def is_mail(data: bytes) -> bool:
    """True for bytes that begin like a stored e-mail."""
    head = data[:4000].partition(b"\n\n")[0].partition(b"\r\n\r\n")[0]
    return bool(_SEEMS_MAIL.search(head)) and bool(re.match(rb"(?:From |[\w-]+:)", head))


def read_mail(data: bytes) -> Mail:
    """Read a stored e-mail (.eml).

    Raises:
        Unusable: it has no header, is nested absurdly, or its words cannot be got at.
    """
    message = message_from_bytes(data, policy=policy.default)
    if not message.keys():
        raise Unusable(
            "Is no e-mail: it has no header (From, Date, Subject). Save it again as .eml from the mail program."
        )
    return _mail(message, 0)


def composed(
    plain: str,
    pages: Sequence[str],
    *,
    author: str,
    message_id: str,
    subject: str,
    sent_at: datetime | None,
    letters: tuple[Attachment, ...],
    mails: tuple[Mail, ...],
    refused: tuple[Refused, ...],
    recipients: tuple[str, ...],
) -> Mail:
    """Return the mail whose text stands in ``plain`` or, where that holds no words, in the HTML ``pages``.

    Raises:
        Unusable: the pages are nested absurdly deep.
    """
    name, address = parseaddr(author) if "@" in author else (author, "")
    text, whole = _own_words(plain, pages)
    return Mail(
        text=text,
        message_id=message_id.strip().strip("<>") or None,
        sent_at=sent_at,
        author=(f"{name} <{address}>" if name and address else address or name) or None,
        address=address.lower(),
        letters=letters,
        mails=mails,
        refused=refused,
        forward=read_forward(whole, subject),
        recipients=recipients,
        is_covering_note=_is_covering_note(text),
    )


def sent_at_of(date: str) -> datetime | None:
    """Return the moment that a Date header names, in UTC; None when it names none."""
    try:
        sent_at = parsedate_to_datetime(date)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if not 1990 <= sent_at.year < 2100:
        return None
    return (sent_at if sent_at.tzinfo else sent_at.replace(tzinfo=UTC)).astimezone(UTC)


def addresses_of(recipients: str) -> tuple[str, ...]:
    """Return the addresses in a To header, in small letters."""
    return tuple(address.lower() for _, address in getaddresses([recipients]) if address)


def _mail(message: EmailMessage, depth: int) -> Mail:
    if message.get_content_type() == "multipart/encrypted":
        raise Unusable(ENCRYPTED)
    if message.get_content_type() in _SEALED and _opened(message) is None:
        raise Unusable(ENCRYPTED)
    parts = list(_parts(message))
    if any(is_winmail(part) for part in parts) and not any(_has_words(part) for part in parts):
        raise Unusable(winmail.WITHOUT_WORDS)
    shown = [part for part in parts if not is_file(part)]
    inner = [part.get_payload() for part in parts if part.get_content_type() == "message/rfc822"]
    mails, refused = _inner_mails(inner, depth)
    return composed(
        clear_words("\n\n".join(decode(_content(part)) for part in shown if part.get_content_type() == "text/plain")),
        [_page(part) for part in shown if part.get_content_type() == "text/html"],
        author=_header(message, "From") or "",
        message_id=_header(message, "Message-ID") or "",
        subject=_header(message, "Subject") or "",
        sent_at=sent_at_of(_header(message, "Date") or ""),
        letters=tuple(attachments_of(parts)),
        mails=mails,
        refused=refused,
        recipients=addresses_of(_header(message, "To") or ""),
    )


def _inner_mails(payloads: Sequence[object], depth: int) -> tuple[tuple[Mail, ...], tuple[Refused, ...]]:
    """The attached mails: those that can be read, and those that cannot."""
    mails, refused = [], []
    for number, payload in enumerate(payloads, start=1):
        message = payload[0] if isinstance(payload, list) and payload else None
        address = (_header(message, "From") or "") if isinstance(message, EmailMessage) else ""
        try:
            if not isinstance(message, EmailMessage):
                raise Unusable("Is empty or damaged. Save the mail inside on its own.")
            if depth >= MAX_NESTED:
                raise Unusable(TOO_DEEP)
            mails.append(_mail(message, depth + 1))
        except Unusable as error:
            refused.append(Refused(number, parseaddr(address)[1].lower(), str(error)))
    return tuple(mails), tuple(refused)


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """The leaves of a message; an attached message is one, as it is somebody else's mail."""
    waiting, n_seen = [message], 0
    while waiting:
        part = waiting.pop(0)
        n_seen += 1
        if n_seen > _MAX_PARTS:
            raise Unusable(f"Has more than {_MAX_PARTS} parts; no letter has. Save the one that matters on its own.")
        inner = part.get_payload() if part.is_multipart() else None
        if isinstance(inner, list) and part.get_content_type() != "message/rfc822":
            waiting = [each for each in inner if isinstance(each, EmailMessage)] + waiting
        elif (opened := _opened(part)) is not None:
            waiting = [opened, *waiting]
        else:
            yield part


def _opened(part: EmailMessage) -> EmailMessage | None:
    """What is in a part that is signed so that it must be opened to be read; None for every other part."""
    if part.get_content_type() not in _SEALED:
        return None
    payload = part.get_payload(decode=True)
    content = signed_content(payload) if isinstance(payload, bytes) else None
    return None if content is None else message_from_bytes(content, policy=policy.default)


def _has_words(part: EmailMessage) -> bool:
    is_text = part.get_content_maintype() == "text" and not is_file(part)
    return (is_text and bool(_content(part).strip())) or any(attachments_of([part]))


def _header(message: EmailMessage, name: str) -> str | None:
    """Return a header as text; None when it is absent or so malformed that the parser gives up."""
    try:
        value = message[name]
    except (ValueError, IndexError, TypeError, AttributeError, OverflowError, errors.MessageError):
        return None
    return None if value is None else str(value)


def _own_words(plain: str, pages: Sequence[str]) -> tuple[str, str]:
    """The writer's words, and all that the mail shows; from HTML where there is no plain text worth the name."""
    if words := own_words(plain):
        return tidy(unwrap(words)), plain
    whole = "\n\n".join(html_text(page) for page in pages)
    own = "\n\n".join(html_text(page, own_words_only=True) for page in pages)
    return tidy(own_words(own) or own_words(whole) or whole), whole


def _content(part: EmailMessage) -> bytes:
    """The bytes of a part, in UTF-8 where its declared character set is known and right."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    try:
        return data.decode(part.get_content_charset() or "utf-8").encode("utf-8")
    except (LookupError, UnicodeError):
        return data


def _page(part: EmailMessage) -> str:
    content = _content(part)
    return decode(content, declared_encoding(content))


def _is_covering_note(text: str) -> bool:
    words = text.split()
    return not words or (len(words) <= _NOTE_WORDS and bool(_ATTACHED.search(text)))
