"""Messages that a contact form sent: one field is the customer's, the others are the form's."""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

_FIELD: Final = re.compile(
    r"^\W*(?:your )?(?P<label>(?:full |first |last )?name|e-?mail(?: address)?|(?:tele)?phone(?: number)?|subject|"
    r"order(?: number)?|"
    r"store|topic|message|comments?|feedback|enquiry|nachricht|nom|nombre|mensaje|wiadomość)\b\s*[:*]?\s+",
    re.IGNORECASE | re.MULTILINE,
)
_MESSAGE: Final = frozenset(
    {"message", "comment", "comments", "feedback", "enquiry", "nachricht", "mensaje", "wiadomość"}
)
_NAME: Final = frozenset({"name", "full name", "nom", "nombre"})
_ADDRESS: Final = re.compile(r"[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+")


@dataclass(frozen=True)
class Form:
    """What was typed into a contact form."""

    message: str
    name: str | None
    address: str | None


def read_form(text: str) -> Form | None:
    """Return the fields of a contact form's message; None when ``text`` is none.

    A form names the sender (name or e-mail) in fields of their own before the message.
    """
    fields = list(_FIELD.finditer(text[:5_000]))
    for number, field in enumerate(fields):
        if field["label"].lower() not in _MESSAGE or number == 0:
            continue
        before = {
            _label(each): _value(text, each, after)
            for each, after in pairwise(fields)
            if after.start() <= field.start()
        }
        name = next((value for label, value in before.items() if label in _NAME), None)
        address = next((match[0] for value in before.values() if (match := _ADDRESS.search(value))), None)
        if name or address:
            return Form(text[field.end() :].strip(), name or None, address)
    return None


def _label(field: re.Match[str]) -> str:
    return field["label"].lower()


def _value(text: str, field: re.Match[str], after: re.Match[str]) -> str:
    return text[field.end() : after.start()].strip().split("\n")[0]
