"""Letters: one file each, told apart by what is in them, not only by their suffix."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from cxnlp.channels import ocr
from cxnlp.channels.archives import check_archive
from cxnlp.channels.dates import when_in_head, when_in_name
from cxnlp.channels.files import File
from cxnlp.channels.forms import read_form
from cxnlp.channels.items import Item, Unusable, unusable
from cxnlp.channels.mail import Attachment, Mail, is_mail, read_mail
from cxnlp.channels.markup import html_text
from cxnlp.channels.ours import is_ours
from cxnlp.channels.pdf import read_pdf
from cxnlp.channels.plain import decode, tidy, unwrap
from cxnlp.channels.word import read_docx
from cxnlp.settings import Source

_READ: Final = ".docx, .pdf, .eml, .html, .txt (and scans as .pdf, .png, .jpg with the OCR extra)"
_TEXT_SUFFIXES: Final = ("", ".txt", ".text", ".md")
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class Letter:
    """The text of a letter, and the pages (from 1) that could not be read."""

    text: str
    unread_pages: tuple[int, ...] = ()


def read_letters(source: Source, file: File) -> Iterator[Item]:
    """Yield the letter in ``file``; an e-mail's attached letters come after the e-mail.

    Raises:
        Unusable: nothing of it can be used.
    """
    data = file.read_bytes()
    zone = ZoneInfo(source.timezone)
    if file.suffix == ".eml" or (file.suffix in _TEXT_SUFFIXES and is_mail(data)):
        yield from _mail_items(source, file, data)
        return
    letter = read_letter(file.suffix, data)
    yield Item(text=letter.text, occurred_at=_written_at(source, file.name, letter.text, zone))
    yield from _unread(letter)


def read_letter(suffix: str, data: bytes) -> Letter:
    """Return the text of one letter's bytes; ``suffix`` decides only where the bytes do not.

    Raises:
        Unusable: damaged, protected, or of a kind that is not read.
    """
    for mark, read in _BY_MARK:
        if data.startswith(mark):
            return read(data, suffix)
    head = data[:1024].lstrip().lower()
    if b"%pdf-" in head:
        return _pdf(data, suffix)
    if suffix in (".docx", ".pdf"):
        raise Unusable(
            f"Is no {suffix[1:].upper()}, though its name says so: it is damaged, cut off, or something else. "
            "Copy or export it again."
        )
    if head.startswith((b"<!doctype html", b"<html")) or suffix in (".html", ".htm"):
        return Letter(html_text(decode(data)))
    if suffix in _TEXT_SUFFIXES and not head.startswith(b"{\\rtf"):
        return Letter(tidy(unwrap(decode(data))))
    raise _unknown(suffix)


def _unknown(suffix: str) -> Unusable:
    return Unusable(f"Is a {suffix or 'file without suffix'}; letters are read from {_READ}. Save it as one of these.")


def _mail_items(source: Source, file: File, data: bytes) -> Iterator[Item]:
    mail = read_mail(data)
    zone = ZoneInfo(source.timezone)
    form = read_form(mail.text)
    if form:
        author = f"{form.name or ''} <{form.address}>".strip() if form.address else form.name
        mail = replace(mail, text=form.message, author=author, address=(form.address or "").lower())
    sent_at = mail.sent_at or when_in_name(file.name, zone)
    item = Item(text=mail.text, external_id=mail.message_id, occurred_at=sent_at, author=mail.author)
    if is_ours(mail.address, source.ours):
        yield replace(item, text=" ".join(mail.text.split()), speakers=["agent"], author=None)
        return
    if any(sign.isalnum() for sign in mail.text) or not mail.letters:
        yield item
    for attachment in mail.letters:
        yield from _attached(mail, file, attachment, sent_at)


def _attached(mail: Mail, file: File, attachment: Attachment, sent_at: datetime | None) -> Iterator[Item]:
    suffix = "." + attachment.name.rpartition(".")[2].lower()
    try:
        letter = read_letter(suffix, attachment.data)
    except Unusable as error:
        yield unusable(f"Attachment {attachment.number} ({suffix}): {error}")
        return
    external_id = f"{mail.message_id or file.name}#{attachment.number}"
    yield Item(text=letter.text, external_id=external_id, occurred_at=sent_at, author=mail.author)
    yield from _unread(letter)


def _written_at(source: Source, name: str, text: str, zone: ZoneInfo) -> datetime | None:
    return when_in_name(name, zone) or when_in_head(text, day_first=source.day_first, zone=zone)


def _unread(letter: Letter) -> Iterator[Item]:
    for page in letter.unread_pages:
        advice = "Scan it again, more clearly." if ocr.is_installed() else ocr.WITHOUT
        yield unusable(f"Page {page} has no text, only an image; the other pages were read. {advice}", row=page)


def _pdf(data: bytes, _suffix: str) -> Letter:
    pages = read_pdf(data)
    return Letter(pages.text, pages.unread)


def _archive(data: bytes, suffix: str) -> Letter:
    """Read an Office file by what it holds; of the many kinds only a Word document is a letter."""
    names = check_archive(io.BytesIO(data))
    if "word/document.xml" in names:
        return Letter(read_docx(data))
    if "xl/workbook.xml" in names:
        raise Unusable(
            "Is a spreadsheet, no letter. Put it into a folder of its own and make that a source of kind table."
        )
    if suffix == ".zip":
        raise Unusable("Is a ZIP archive. Unpack it; the letters in it are read from the folder.")
    raise _unknown(suffix)


def _old_office(data: bytes, _suffix: str) -> Letter:
    if _ENCRYPTED in data:
        raise Unusable("Is protected by a password. Only open documents are read; save it again without one.")
    raise Unusable("Is of an old Office kind (.doc, .msg). Save it as .docx, or the mail as .eml.")


def _picture(data: bytes, _suffix: str) -> Letter:
    return Letter(tidy(ocr.read_picture(data)))


#: How the bytes of a kind begin, and what reads it.
_BY_MARK: Final[tuple[tuple[bytes, Callable[[bytes, str], Letter]], ...]] = (
    (b"%PDF-", _pdf),
    (b"PK\x03\x04", _archive),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _old_office),
    (b"\x89PNG\r\n\x1a\n", _picture),
    (b"\xff\xd8\xff", _picture),
)
