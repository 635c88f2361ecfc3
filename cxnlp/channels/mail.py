"""E-mails: who wrote when, and the words that are the writer's own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import errors, message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from typing import Final

from cxnlp.channels.items import Unusable
from cxnlp.channels.markup import html_text
from cxnlp.channels.plain import decode, tidy, unwrap
from cxnlp.channels.replies import own_words

_MAX_PARTS: Final = 200
_LETTER_SUFFIXES: Final = (".docx", ".pdf", ".txt", ".html", ".htm")
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
class Attachment:
    """A file that came with an e-mail and may be a letter itself; ``number`` counts the attached files from 1."""

    number: int
    name: str
    data: bytes


@dataclass(frozen=True)
class Mail:
    """One e-mail. ``text`` is what its writer wrote: no quotes, no signature, no disclaimer.

    ``letters`` are attachments that hold the letter itself, where the text is only a note to cover them.
    """

    text: str
    message_id: str | None
    sent_at: datetime | None
    author: str | None
    address: str
    letters: tuple[Attachment, ...]


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
    parts = list(_parts(message))
    name, address = parseaddr(_header(message, "From") or "")
    attachments = tuple(_attachments(parts))
    text = _body(parts)
    return Mail(
        text=text,
        message_id=(_header(message, "Message-ID") or "").strip().strip("<>") or None,
        sent_at=_sent_at(message),
        author=(f"{name} <{address}>" if name and address else address or name) or None,
        address=address.lower(),
        letters=attachments if _is_covering_note(text) else (),
    )


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """The leaves of a message, but not what is inside an attached message: that is somebody else's mail."""
    waiting, n_seen = [message], 0
    while waiting:
        part = waiting.pop(0)
        n_seen += 1
        if n_seen > _MAX_PARTS:
            raise Unusable(f"Has more than {_MAX_PARTS} parts; no letter has. Save the one that matters on its own.")
        inner = part.get_payload() if part.is_multipart() else None
        if part.get_content_type() == "message/rfc822":
            continue
        if isinstance(inner, list):
            waiting = [each for each in inner if isinstance(each, EmailMessage)] + waiting
        else:
            yield part


def _header(message: EmailMessage, name: str) -> str | None:
    """Return a header as text; None when it is absent or so malformed that the parser gives up."""
    try:
        value = message[name]
    except (ValueError, IndexError, TypeError, AttributeError, errors.MessageError):
        return None
    return None if value is None else str(value)


def _sent_at(message: EmailMessage) -> datetime | None:
    try:
        sent_at = parsedate_to_datetime(_header(message, "Date") or "")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if not 1990 <= sent_at.year < 2100:
        return None
    return (sent_at if sent_at.tzinfo else sent_at.replace(tzinfo=UTC)).astimezone(UTC)


def _is_file(part: EmailMessage) -> bool:
    return part.get_content_disposition() == "attachment" or bool(_file_name(part))


def _file_name(part: EmailMessage) -> str:
    try:
        return part.get_filename() or ""
    except (ValueError, TypeError, IndexError, AttributeError, LookupError, errors.MessageError):
        return ""


def _body(parts: list[EmailMessage]) -> str:
    """The writer's words: from the plain part, or from the HTML part where there is no plain one worth the name."""
    shown = [part for part in parts if not _is_file(part)]
    plain = "\n\n".join(decode(_content(part)) for part in shown if part.get_content_type() == "text/plain")
    if words := own_words(plain):
        return tidy(unwrap(words))
    pages = [decode(_content(part)) for part in shown if part.get_content_type() == "text/html"]
    own = "\n\n".join(html_text(page, own_words_only=True) for page in pages)
    return tidy(own_words(own) or "\n\n".join(html_text(page) for page in pages))


def _content(part: EmailMessage) -> bytes:
    """The bytes of a part, in UTF-8 where its declared character set is known and right."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    try:
        return data.decode(part.get_content_charset() or "utf-8").encode("utf-8")
    except (LookupError, UnicodeError):
        return data


def _attachments(parts: list[EmailMessage]) -> Iterator[Attachment]:
    files = [part for part in parts if _is_file(part)]
    for number, part in enumerate(files, start=1):
        name = _file_name(part)
        if name.lower().endswith(_LETTER_SUFFIXES):
            payload = part.get_payload(decode=True)
            yield Attachment(number, name, payload if isinstance(payload, bytes) else b"")


def _is_covering_note(text: str) -> bool:
    words = text.split()
    return not words or (len(words) <= _NOTE_WORDS and bool(_ATTACHED.search(text)))
