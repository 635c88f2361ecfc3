"""Ids and keyed hashes: who and what a row is, without saying so.

Every key is an HMAC-SHA256 under the workspace's secret, cut to 64 bits (16 hex digits), in a namespace of its own:
the same words as an author and as a customer number give unrelated keys. A secret that was rotated has several parts,
oldest first; a key goes through all of them, so that stored keys can follow a rotation without what they stand for.
"""

import hashlib
import hmac
import re
import unicodedata
from typing import Literal

Namespace = Literal["author", "customer", "employee", "external_id", "content", "reviewer", "erased"]

_PART = 32  # bytes of one part of a secret

_TITLE = re.compile(r"^(?:mrs?|ms|miss|mx|dr|prof|sir|lady|rev)\b\.?\s*")


def keyed(secret: bytes, namespace: Namespace, folded: str, *, n_digits: int = 16) -> str:
    """Return the key of an already folded value, ``n_digits`` hex digits.

    With a secret of several parts the key of one part is what the next one keys: ``keyed(a + b, …, x)`` is
    ``keyed(b, …, keyed(a, …, x))``.
    """
    value = folded
    for start in range(0, max(len(secret), 1), _PART):
        message = f"{namespace}\x00{value}".encode("utf-8", "surrogatepass")
        value = hmac.digest(secret[start : start + _PART], message, "sha256").hex()[:n_digits]
    return value


def feedback_id(source: str, external_id: str) -> str:
    """Return 16 hex digits that name one item of one source; two sources that reuse an id do not collide.

    The hash is not keyed, so that an id outlives a change of the secret.
    """
    message = f"{len(source)}:{source}{external_id}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(message).hexdigest()[:16]


def quarantine_id(source: str, file: str | None, row: int | None, problem: str) -> str:
    """Return 16 hex digits that name one unusable thing; the same find on the next night has the same id."""
    message = "\x00".join((source, file or "", "" if row is None else str(row), problem))
    return hashlib.sha256(message.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def fold_author(author: str) -> str:
    """``Jane  WHITLOCK`` and ``jane whitlock``, ``@JaneW`` and ``janew``, ``Jane <j@x.org>`` and ``J@X.ORG`` meet."""
    text = unicodedata.normalize("NFKC", author).casefold().strip()
    if address := re.search(r"[^\s<>@,;]+@[^\s<>@,;]+", text):
        return address.group()
    return " ".join(text.lstrip("@").split())


def fold_customer(customer: str) -> str:
    """Letters and digits alone: ``AC 123-45`` and ``ac12345`` meet."""
    text = unicodedata.normalize("NFKC", customer).casefold()
    return "".join(character for character in text if character.isalnum())


def fold_name(name: str) -> str:
    """Return a name without case, accents, titles and punctuation: ``Ms Zoë O'Neil-Day`` → ``zoe oneil day``."""
    decomposed = unicodedata.normalize("NFKD", name).casefold().replace("’", "'").replace("'", "")
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    words = re.sub(r"[\W_]+", " ", _TITLE.sub("", plain.strip())).split()
    return " ".join(words)


def name_forms(folded: str) -> tuple[str, ...]:
    """Return the ways in which feedback may name somebody: ``priya nair``, ``priya``, ``nair``, ``p nair``."""
    words = folded.split()
    if len(words) < 2:
        return tuple(words)
    return tuple(dict.fromkeys((folded, words[0], words[-1], f"{words[0][0]} {words[-1]}")))


def fold_text(text: str) -> str:
    """Return what stays of a text when case, spacing and punctuation do not count; a leading ``RT @name:`` is dropped.

    Text without a letter or digit (emoji) is returned without its spaces.
    """
    body = re.sub(r"^\s*RT\s+@\w+:?\s*", "", text)
    folded = unicodedata.normalize("NFKC", body).casefold()
    return "".join(re.findall(r"[^\W_]+", folded)) or "".join(body.split())
