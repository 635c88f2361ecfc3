"""Letters: one a file or many in a container, told apart by what is in them, not only by their suffix."""

import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from cxnlp.channels import ocr, winmail
from cxnlp.channels.archives import check_archive
from cxnlp.channels.attachments import Attachment
from cxnlp.channels.containers import Entry, entries_of, maildir_place
from cxnlp.channels.dates import parse_when, when_in_head, when_in_name
from cxnlp.channels.files import File
from cxnlp.channels.forms import read_form
from cxnlp.channels.items import Item, Unusable, unusable
from cxnlp.channels.mail import Mail, is_mail, read_mail
from cxnlp.channels.markup import html_text
from cxnlp.channels.old_word import is_doc, read_doc
from cxnlp.channels.opendocument import odt_head, read_odt
from cxnlp.channels.ours import is_ours
from cxnlp.channels.outlook import is_msg, read_msg
from cxnlp.channels.pdf import read_pdf
from cxnlp.channels.plain import declared_encoding, decode, tidy, unwrap
from cxnlp.channels.rtf import read_rtf
from cxnlp.channels.word import docx_head, read_docx
from cxnlp.settings import Source

_READ: Final = (
    ".docx, .doc, .odt, .rtf, .pdf, .eml, .msg, .mbox, .html, .txt and .zip of these (and scans as .pdf, .png, .jpg "
    "with the OCR extra)"
)
_TEXT_SUFFIXES: Final = ("", ".txt", ".text", ".md")
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class Letter:
    """The text of a letter, the pages (number from 1, why) that could not be read, and what its page header says."""

    text: str
    unread_pages: tuple[tuple[int, str], ...] = ()
    head: str = ""


def read_letters(source: Source, file: File) -> Iterator[Item]:
    """Yield the letter in ``file``, or the letters; what came attached to an e-mail comes after it.

    In a container (ZIP, MBOX) an entry that cannot be used costs that entry only, and its number is the ``row``.

    Raises:
        Unusable: nothing of it can be used, or nothing from some entry on.
    """
    entries = entries_of(file)
    if entries is None:
        yield from _items(source, Entry(file.name, file.read_bytes()))
        return
    n_items = 0
    for entry in entries:
        if entry.row is None:
            yield from _items(source, entry)
            return
        for item in _safely(source, entry):
            n_items += 1
            yield item
    if not n_items:
        raise Unusable("Is an archive or mailbox without any letter. Pack letters into it, or take it away.")


def _safely(source: Source, entry: Entry) -> Iterator[Item]:
    """The items of a container's entry; whatever is wrong with it becomes an item with a problem."""
    if entry.problem is not None:
        yield unusable(_said_of(entry, entry.problem), entry.row)
        return
    try:
        yield from _items(source, entry)
    except Unusable as error:
        yield unusable(_said_of(entry, str(error)), entry.row)
    except Exception as error:  # one strange entry must not cost the others
        problem = f"Could not be read: {type(error).__name__}. It is damaged or of an unknown make; export it again."
        yield unusable(_said_of(entry, problem), entry.row)


def _said_of(entry: Entry, problem: str) -> str:
    kind = "" if entry.is_mail or len(entry.suffix) > 6 else entry.suffix
    return f"Entry {entry.row}{f' ({kind})' if kind else ''}: {problem}"


def _items(source: Source, entry: Entry) -> Iterator[Item]:
    mail = _mail_in(entry)
    if mail is not None:
        yield from _mail_items(source, entry, mail)
        return
    letter = read_letter(entry.suffix, entry.data)
    zone = ZoneInfo(source.timezone)
    written_at = (
        when_in_name(entry.name, zone)
        or when_in_head(letter.text, day_first=source.day_first, zone=zone)
        or when_in_head(letter.head, day_first=source.day_first, zone=zone)
        or _stamp(entry, zone)
    )
    yield Item(text=letter.text, external_id=entry.place, occurred_at=written_at, row=entry.row)
    yield from _unread(letter, entry)


def _mail_in(entry: Entry) -> Mail | None:
    """The e-mail that ``entry`` is; None for another kind of letter."""
    if entry.data.startswith(_OLD_OFFICE):
        return read_msg(entry.data) if is_msg(entry.data) and _ENCRYPTED not in entry.data else None
    if entry.is_mail or entry.suffix == ".eml":
        return read_mail(entry.data)
    may_be_mail = entry.suffix in _TEXT_SUFFIXES or maildir_place(entry.name) is not None
    return read_mail(entry.data) if may_be_mail and is_mail(entry.data) else None


def _stamp(entry: Entry, zone: ZoneInfo) -> datetime | None:
    return entry.stamp.replace(tzinfo=zone).astimezone(UTC) if entry.stamp else None


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
    if suffix in (".docx", ".docm", ".odt", ".pdf"):
        raise Unusable(
            f"Is no {suffix[1:].upper()}, though its name says so: it is damaged, cut off, or something else. "
            "Copy or export it again."
        )
    if head.startswith(b"{\\rtf"):
        return Letter(read_rtf(data))
    if b"<office:document" in head:
        return Letter(read_odt(data), head=odt_head(data))
    if head.startswith((b"<!doctype html", b"<html")) or suffix in (".html", ".htm"):
        return Letter(html_text(decode(data, declared_encoding(data))))
    if suffix in _TEXT_SUFFIXES:
        return Letter(tidy(unwrap(decode(data))))
    raise _unknown(suffix)


def _unknown(suffix: str) -> Unusable:
    return Unusable(f"Is a {suffix or 'file without suffix'}; letters are read from {_READ}. Save it as one of these.")


def _mail_items(source: Source, entry: Entry, mail: Mail, place: str | None = None) -> Iterator[Item]:
    """The writer's mail, then the letters and mails that came attached where its text only covers them.

    A mail passed on inside the company, or without a word, is its first writer's.
    """
    place = mail.message_id or place or _place(entry, mail)
    is_company = is_ours(mail.address, source.ours)
    written = _typed(_first_written(source, mail) if is_company or mail.is_passed_on else mail)
    by_company = is_ours(written.address, source.ours)
    is_internal = is_company and all(is_ours(address, source.ours) for address in mail.recipients)
    covers = mail.is_covering_note or is_company
    mails = [each for each in mail.mails if not is_ours(each.address, source.ours)] if covers else []
    refused = [each for each in mail.refused if not is_ours(each.address, source.ours)] if covers else []
    letters = mail.letters if mail.is_covering_note and (is_internal or not by_company) else ()
    item = Item(
        text=written.text,
        external_id=place,
        occurred_at=written.sent_at or when_in_name(entry.name, ZoneInfo(source.timezone)),
        author=written.author,
        row=entry.row,
    )
    if by_company and not (mails or letters or refused):
        yield replace(item, text=" ".join(written.text.split()), speakers=["agent"], author=None)
    elif not by_company and (any(sign.isalnum() for sign in written.text) or not (mails or letters or refused)):
        yield item
    for number, inner in enumerate(mails, start=1):
        yield from _mail_items(source, entry, inner, f"{place or entry.name}#mail{number}")
    for each in refused:
        yield unusable(_said_inside(entry, f"Attached mail {each.number}: {each.problem}"), entry.row)
    for attachment in letters:
        yield from _attached(replace(item, author=None) if by_company else item, entry, attachment)


def _place(entry: Entry, mail: Mail) -> str | None:
    """The identity of a mail without a Message-ID; in a mailbox its content, as its number changes."""
    if not entry.is_mail:
        return entry.place or maildir_place(entry.name)
    content = "\0".join((mail.author or "", str(mail.sent_at), mail.text))
    return f"{entry.name}#{hashlib.blake2b(content.encode('utf-8', 'replace'), digest_size=8).hexdigest()}"


def _first_written(source: Source, mail: Mail) -> Mail:
    """What was passed on, by who wrote it; ``mail`` itself where nothing was."""
    if mail.forward is None:
        return mail
    forward = mail.forward
    sent_at = parse_when(forward.sent, day_first=source.day_first, zone=ZoneInfo(source.timezone))
    return replace(
        mail,
        text=forward.text,
        author=forward.author,
        address=forward.address,
        sent_at=sent_at or mail.sent_at,
    )


def _typed(mail: Mail) -> Mail:
    """What was typed into a contact form, by who typed it; ``mail`` itself where it is none."""
    form = read_form(mail.text)
    if form is None:
        return mail
    author = f"{form.name or ''} <{form.address}>".strip() if form.address else form.name
    return replace(mail, text=form.message, author=author, address=(form.address or "").lower())


def _attached(item: Item, entry: Entry, attachment: Attachment) -> Iterator[Item]:
    suffix = "." + attachment.name.rpartition(".")[2].lower()
    try:
        letter = read_letter(suffix, attachment.data)
    except Unusable as error:
        yield unusable(_said_inside(entry, f"Attachment {attachment.mark} ({suffix}): {error}"), entry.row)
        return
    yield replace(item, text=letter.text, external_id=f"{item.external_id or entry.name}#{attachment.mark}")
    yield from _unread(letter, entry)


def _said_inside(entry: Entry, problem: str) -> str:
    return problem if entry.row is None else f"Entry {entry.row}, {problem[0].lower()}{problem[1:]}"


def _unread(letter: Letter, entry: Entry) -> Iterator[Item]:
    advice = "Scan it again, more clearly." if ocr.is_installed() else ocr.WITHOUT
    for page, why in letter.unread_pages:
        problem = f"Page {page} {why}; the other pages were read. {advice}"
        yield unusable(problem, page) if entry.row is None else unusable(_said_of(entry, problem), entry.row)


def _pdf(data: bytes, _suffix: str) -> Letter:
    pages = read_pdf(data)
    return Letter(pages.text, pages.unread)


def _archive(data: bytes, suffix: str) -> Letter:
    """Read an Office file by what it holds; of the many kinds only a Word document is a letter."""
    names = check_archive(io.BytesIO(data))
    if any(name.startswith("word/") for name in names):
        return Letter(read_docx(data), head=docx_head(data))
    if "content.xml" in names:
        return Letter(read_odt(data), head=odt_head(data))
    if "xl/workbook.xml" in names:
        raise Unusable(
            "Is a spreadsheet, no letter. Put it into a folder of its own and make that a source of kind table."
        )
    if suffix == ".zip":
        raise Unusable("Is an archive in an e-mail. Save it into the source's folder; letters in it are read there.")
    raise _unknown(suffix)


def _old_office(data: bytes, _suffix: str) -> Letter:
    if _ENCRYPTED in data:
        raise Unusable("Is protected by a password. Only open documents are read; save it again without one.")
    if is_doc(data):
        return Letter(read_doc(data))
    raise Unusable("Is of an old Office kind, or a damaged mail (.msg). Save it as .docx, or the mail as .eml.")


def _winmail(_data: bytes, _suffix: str) -> Letter:
    raise Unusable(winmail.DAMAGED)


def _picture(data: bytes, _suffix: str) -> Letter:
    return Letter(tidy(ocr.read_picture(data)))


#: How the bytes of a kind begin, and what reads it.
_BY_MARK: Final[tuple[tuple[bytes, Callable[[bytes, str], Letter]], ...]] = (
    (b"%PDF-", _pdf),
    (b"PK\x03\x04", _archive),
    (_OLD_OFFICE, _old_office),
    (winmail.MARK, _winmail),
    (b"\x89PNG\r\n\x1a\n", _picture),
    (b"\xff\xd8\xff", _picture),
)
