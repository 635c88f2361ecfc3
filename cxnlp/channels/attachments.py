"""Files that came with an e-mail and may be letters themselves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import errors
from email.message import EmailMessage
from typing import Final

from cxnlp.channels import winmail
from cxnlp.channels.items import Unusable

LETTER_SUFFIXES: Final = (".docx", ".docm", ".doc", ".odt", ".rtf", ".pdf", ".txt", ".html", ".htm")
#: For attachments without a name.
_SUFFIX_OF_TYPE: Final = {
    "application/pdf": ".pdf",
    "application/msword": ".doc",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}


@dataclass(frozen=True)
class Attachment:
    """A file that came with an e-mail and may be a letter itself; ``number`` counts the attached files from 1.

    ``place`` counts the files in one attached package, where that holds several.
    """

    number: int
    name: str
    data: bytes
    place: int | None = None

    @property
    def mark(self) -> str:
        """Which of the attached files it is: 2, or 2.1 in a package."""
        return f"{self.number}" if self.place is None else f"{self.number}.{self.place}"


def attachments_of(parts: Sequence[EmailMessage]) -> Iterator[Attachment]:
    """Yield the attached files of the kinds that letters have, also those in Outlook's own package."""
    files = [part for part in parts if is_file(part) or is_winmail(part)]
    for number, part in enumerate(files, start=1):
        name = _file_name(part) or _SUFFIX_OF_TYPE.get(part.get_content_type(), "")
        payload = part.get_payload(decode=True)
        data = payload if isinstance(payload, bytes) else b""
        if is_winmail(part):
            yield from _packed(number, data)
        elif name.lower().endswith(LETTER_SUFFIXES):
            yield Attachment(number, name, data)


def is_file(part: EmailMessage) -> bool:
    """Whether a part is attached, and no text of the mail itself."""
    return part.get_content_disposition() == "attachment" or bool(_file_name(part))


def _file_name(part: EmailMessage) -> str:
    try:
        return part.get_filename() or ""
    except (ValueError, TypeError, IndexError, AttributeError, LookupError, errors.MessageError):
        return ""


def is_winmail(part: EmailMessage) -> bool:
    """Whether a part is Outlook's own package of attachments."""
    return part.get_content_type() in winmail.TYPES or _file_name(part).lower() == winmail.NAME


def _packed(number: int, data: bytes) -> Iterator[Attachment]:
    """The letters in Outlook's own package; the package itself, to be named as unusable, where it is damaged."""
    try:
        files = winmail.files_in(data)
    except Unusable:
        files = [(winmail.NAME, data)]
    for place, (name, content) in enumerate(files, start=1):
        if name == winmail.NAME or name.lower().endswith(LETTER_SUFFIXES):
            yield Attachment(number, name, content, place if len(files) > 1 else None)
