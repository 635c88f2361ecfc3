"""E-mails that Outlook stored (.msg): streams in a compound file, named by property and type."""

import codecs
import io
import struct
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email import message_from_string, policy
from typing import Final

import olefile

from cxnlp.channels.attachments import LETTER_SUFFIXES, Attachment
from cxnlp.channels.items import Unusable
from cxnlp.channels.mail import (
    MAX_NESTED,
    TOO_DEEP,
    Mail,
    Refused,
    addresses_of,
    composed,
    sent_at_of,
)
from cxnlp.channels.plain import declared_encoding, decode

# Properties of [MS-OXPROPS]; sender: SMTP address before the one that may be an Exchange name.
_SUBJECT, _BODY, _HTML, _HEADERS, _MESSAGE_ID = "0037", "1000", "1013", "007D", "1035"
_SENDER_NAME, _SENDER_ADDRESSES = "0C1A", ("5D01", "0C1F", "0065")
_CLASS, _SEALED = "001A", "ipm.note.smime"
_DATA, _LONG_NAME, _NAME = "3701", "3707", "3704"
_SENT_AT, _DELIVERED_AT, _BODY_CODE_PAGE, _CODE_PAGE = 0x0039, 0x0E06, 0x3FDE, 0x3FFD
_EPOCH: Final = datetime(1601, 1, 1, tzinfo=UTC)

Path = tuple[str, ...]


def is_msg(data: bytes) -> bool:
    """True for a compound file that holds a mail."""
    return "__properties_version1.0".encode("utf-16-le") in data


def read_msg(data: bytes) -> Mail:
    """Read a mail that Outlook stored.

    Raises:
        Unusable: it is damaged, or its words cannot be got at.
    """
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as stored:
            return _mail(stored, (), 0)
    except (OSError, struct.error, IndexError, ValueError, RecursionError) as error:
        raise Unusable("Is a damaged Outlook mail. Open it in Outlook and save it again.") from error


def _mail(stored: olefile.OleFileIO, place: Path, depth: int) -> Mail:
    numbers = _numbers(stored, place)
    code_page = _encoding(numbers.get(_CODE_PAGE))
    if _text(stored, place, _CLASS, code_page).lower().startswith(_SEALED):
        raise Unusable("Is a signed or encrypted mail as Outlook stores it: sealed. Open it in Outlook and save what "
                       "it says as .html or .txt.")  # fmt: skip
    headers = message_from_string(_text(stored, place, _HEADERS, code_page), policy=policy.compat32)
    name = _text(stored, place, _SENDER_NAME, code_page)
    addresses = [_text(stored, place, each, code_page) for each in _SENDER_ADDRESSES]
    address = next((each for each in addresses if "@" in each), "")
    submitted = numbers.get(_SENT_AT) or numbers.get(_DELIVERED_AT) or 0
    html = _bytes(stored, place, f"{_HTML}0102")
    page = decode(html, declared_encoding(html)) if html else _text(stored, place, _HTML, code_page)
    attached = [each for each in _storages(stored, place) if each.startswith("__attach")]
    mails, refused = _inner_mails(stored, [(*place, each, f"__substg1.0_{_DATA}000D") for each in attached], depth)
    return composed(
        _text(stored, place, _BODY, _encoding(numbers.get(_BODY_CODE_PAGE) or numbers.get(_CODE_PAGE))),
        [page] if page else [],
        author=f'"{name}" <{address}>' if address else name or str(headers.get("From") or ""),
        message_id=_text(stored, place, _MESSAGE_ID, code_page) or str(headers.get("Message-ID") or ""),
        subject=_text(stored, place, _SUBJECT, code_page),
        sent_at=sent_at_of(str(headers.get("Date") or "")) or _moment(submitted),
        letters=tuple(
            attachment
            for number, each in enumerate(attached, start=1)
            if (attachment := _attachment(stored, (*place, each), number, code_page))
        ),
        mails=mails,
        refused=refused,
        recipients=addresses_of(str(headers.get("To") or "")),
    )


def _inner_mails(
    stored: olefile.OleFileIO, places: Sequence[Path], depth: int
) -> tuple[tuple[Mail, ...], tuple[Refused, ...]]:
    """The attached mails: those that can be read, and those that cannot."""
    mails, refused = [], []
    inner = [place for place in places if stored.exists([*place, "__properties_version1.0"])]
    for number, place in enumerate(inner, start=1):
        try:
            if depth >= MAX_NESTED:
                raise Unusable(TOO_DEEP)
            mails.append(_mail(stored, place, depth + 1))
        except Unusable as error:
            refused.append(Refused(number, "", str(error)))
    return tuple(mails), tuple(refused)


def _attachment(stored: olefile.OleFileIO, place: Path, number: int, code_page: str) -> Attachment | None:
    name = _text(stored, place, _LONG_NAME, code_page) or _text(stored, place, _NAME, code_page)
    if not name.lower().endswith(LETTER_SUFFIXES):
        return None
    return Attachment(number, name, _bytes(stored, place, f"{_DATA}0102"))


def _storages(stored: olefile.OleFileIO, place: Path) -> list[str]:
    inside = [each for each in stored.listdir(streams=False, storages=True) if tuple(each[:-1]) == place]
    return sorted(each[-1] for each in inside)


def _numbers(stored: olefile.OleFileIO, place: Path) -> dict[int, int]:
    """The properties of fixed size, by number: times, code pages."""
    name = [*place, "__properties_version1.0"]
    data = stored.openstream(name).read() if stored.exists(name) else b""
    start = 24 if place else 32
    entries = (struct.unpack_from("<HHIQ", data, offset) for offset in range(start, len(data) - 15, 16))
    return {number: value if kind == 0x0040 else value & 0xFFFFFFFF for kind, number, _, value in entries}


def _text(stored: olefile.OleFileIO, place: Path, number: str, encoding: str) -> str:
    if data := _bytes(stored, place, f"{number}001F"):
        return data.decode("utf-16-le", "replace").strip("\x00")
    return _bytes(stored, place, f"{number}001E").decode(encoding, "replace").strip("\x00")


def _bytes(stored: olefile.OleFileIO, place: Path, name: str) -> bytes:
    path = [*place, f"__substg1.0_{name}"]
    return bytes(stored.openstream(path).read()) if stored.exists(path) else b""


def _encoding(code_page: int | None) -> str:
    name = {65001: "utf-8", 20127: "cp1252", 28591: "cp1252"}.get(code_page or 1252, f"cp{code_page or 1252}")
    try:
        codecs.lookup(name)
    except LookupError:
        return f"iso8859_{code_page - 28590}" if code_page and 28592 <= code_page <= 28606 else "cp1252"
    return name


def _moment(hundred_nanoseconds: int) -> datetime | None:
    seconds = hundred_nanoseconds / 1e7
    moment = _EPOCH + timedelta(seconds=seconds) if seconds < 2e10 else _EPOCH
    return moment.replace(microsecond=0) if 1990 <= moment.year < 2100 else None
