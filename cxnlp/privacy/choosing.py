"""What a request is about, as keys: names and numbers are hashed at once and go no further."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import duckdb
import polars as pl

from cxnlp.feedback import keys
from cxnlp.privacy.tombstones import Erasure, ErasureError, of
from cxnlp.warehouse import store

#: A shorter text ("Thank you!") is many people's: its words are nobody's.
LEAST_WORDS: Final = 8

_ID: Final = re.compile(r"[0-9a-f]{16}")
_NAMES: Final = """
SELECT DISTINCT name
FROM (
    SELECT unnest([feedback_id, external_id, customer_key, author_key]) AS name
    FROM feedback WHERE feedback_id IN (SELECT unnest($1))
    UNION ALL
    SELECT employee_key FROM employees WHERE feedback_id IN (SELECT unnest($1))
)
WHERE name <> ''
"""
_WORDS: Final = """
SELECT unnest(list_filter([text, written], lambda words: words IS NOT NULL)) FROM feedback
WHERE feedback_id IN (SELECT unnest($1))
"""


@dataclass(frozen=True)
class Wish:
    """What is to be erased or shown: a person, single pieces of feedback, or all of a source, all before a day.

    A source and a day together mean what that source gave before that day; the others stand alone. Of an employee the
    pseudonyms are meant, and no feedback: that is its writers'.
    """

    customer: str | None = None  # customer or account number, as the source writes it
    author: str | None = None  # name, handle or e-mail address, as the source writes it
    employee: str | None = None  # name of somebody of the company, as feedback or a column writes it
    feedback_ids: tuple[str, ...] = ()
    source: str | None = None
    before: date | None = None
    is_past_only: bool = False  # what this person writes from now on is read again

    def __post_init__(self) -> None:
        given = [bool(self.customer), bool(self.author), bool(self.employee), bool(self.feedback_ids),
                 bool(self.source or self.before)]  # fmt: skip
        if sum(given) != 1:
            raise ErasureError(f"found {sum(given)} of --customer, --author, --employee, --feedback and "
                               "--source/--before; allowed: one of them (--source and --before may go together)."
                               )  # fmt: skip
        if wrong := [name for name in self.feedback_ids if not _ID.fullmatch(name)]:
            raise ErasureError(f"--feedback {wrong[0]!r}: no feedback_id; allowed: 16 hex digits, as in the table "
                               "feedback.")  # fmt: skip
        folds = ((self.customer, keys.fold_customer), (self.author, keys.fold_author), (self.employee, keys.fold_name))
        if any(name and not fold(name) for name, fold in folds):
            raise ErasureError("found a name without a letter or digit; allowed: one as the source writes it.")

    @property
    def asked(self) -> str:
        """The kind of request, without whom it is about."""
        if self.customer:
            return "customer"
        if self.author:
            return "author"
        if self.employee:
            return "employee"
        if self.feedback_ids:
            return "feedback"
        parts = [f"source {self.source}" if self.source else "", f"before {self.before}" if self.before else ""]
        return " ".join(filter(None, parts))

    @property
    def is_about_words(self) -> bool:
        """Whether copies of the same words go, too: not where age or origin is the reason, or words are not meant."""
        return bool(self.customer or self.author or self.feedback_ids)

    @property
    def is_about_person(self) -> bool:
        """Whether somebody is meant, who may be known elsewhere, too."""
        return bool(self.customer or self.author or self.employee)

    @property
    def is_about_files(self) -> bool:
        """Whether the company's own files are looked into for what they still hold."""
        return self.is_about_words or bool(self.employee)

    def customer_key(self, secret: bytes) -> str | None:
        """The customer's key."""
        return keys.keyed(secret, "customer", keys.fold_customer(self.customer)) if self.customer else None

    def author_key(self, secret: bytes) -> str | None:
        """The author's key."""
        return keys.keyed(secret, "author", keys.fold_author(self.author)) if self.author else None

    def employee_keys(self, secret: bytes) -> tuple[str, ...]:
        """The employee's keys: by full name, first name, family name, initial; others of that name share some."""
        forms = keys.name_forms(keys.fold_name(self.employee)) if self.employee else ()
        return tuple(keys.keyed(secret, "employee", form) for form in forms)

    def chosen(self, identities: pl.DataFrame, secret: bytes) -> pl.Series:
        """Return the feedback_ids of the stored feedback that is meant by itself, copies apart."""
        condition = pl.lit(not self.employee)
        if self.customer:
            condition &= pl.col("customer_key") == self.customer_key(secret)
        if self.author:
            condition &= pl.col("author_key") == self.author_key(secret)
        if self.feedback_ids:
            condition &= pl.col("feedback_id").is_in(self.feedback_ids)
        if self.source:
            condition &= pl.col("source") == self.source
        if self.before:
            condition &= pl.col("occurred_at").dt.date() < self.before
        return identities.filter(condition)["feedback_id"]


def erasure_of(connection: duckdb.DuckDBPyConnection, wish: Wish, secret: bytes, now: datetime) -> Erasure:
    """Return the erasure that a wish asks for, with the copies and reposts of what it means."""
    identities = store.identities(connection)
    chosen = wish.chosen(identities, secret)
    persons = {
        "customers": tuple(filter(None, [wish.customer_key(secret)])),
        "authors": tuple(filter(None, [wish.author_key(secret)])),
        "employees": wish.employee_keys(secret),
        "until": now if wish.is_past_only else None,
    }
    named = chosen.to_list() + [name for name in wish.feedback_ids if name not in set(chosen)]
    erasure = begun(connection, wish.asked, named, secret, now, is_about_words=wish.is_about_words)
    erasure = erasure.model_copy(update=persons | {"n_feedback": chosen.len()})
    if wish.employee:
        n_namings = of([erasure]).forgotten(store.namings(connection)).height
        return erasure.model_copy(update={"n_namings": n_namings})
    if not wish.is_about_words:
        return erasure
    while True:  # a repost may be shared again, and a copy's copies have other ids
        found = identities.filter(of([erasure]).meant(identities, secret))["feedback_id"]
        names = {*found, *wish.feedback_ids}
        if found.len() == erasure.n_feedback and len(names) == len(erasure.feedback):
            return erasure
        wider = begun(connection, wish.asked, sorted(names), secret, now, is_about_words=True)
        wider = wider.model_copy(update=persons | {"n_feedback": found.len(), "erasure_id": erasure.erasure_id})
        erasure = wider


def begun(
    connection: duckdb.DuckDBPyConnection, asked: str, feedback_ids: Sequence[str], secret: bytes, now: datetime, *,
    is_about_words: bool,
) -> Erasure:  # fmt: skip
    """Return the line that begins an erasure of these pieces of feedback."""
    contents: list[str] = []
    if is_about_words:
        hashes = connection.execute(
            "SELECT DISTINCT content_hash FROM feedback WHERE feedback_id IN (SELECT unnest($1)) "
            r"AND content_hash IS NOT NULL AND len(string_split_regex(trim(text), '\s+')) >= $2 ORDER BY 1",
            [list(feedback_ids), LEAST_WORDS],
        ).fetchall()
        contents = [content for (content,) in hashes]
    return Erasure(
        erasure_id=uuid.uuid4().hex[:12], state="begun", at=now, asked=asked, n_feedback=len(feedback_ids),
        feedback=tuple(keys.keyed(secret, "erased", name) for name in feedback_ids), contents=tuple(contents),
    )  # fmt: skip


def names_of(connection: duckdb.DuckDBPyConnection, feedback_ids: Sequence[str]) -> list[str]:
    """Return what a question may call these pieces of feedback or their writers by: ids, and keys of persons."""
    return [name for (name,) in connection.execute(_NAMES, [list(feedback_ids)]).fetchall()]


def words_of(connection: duckdb.DuckDBPyConnection, feedback_ids: Sequence[str]) -> list[str]:
    """Return the stored (masked) texts of these pieces of feedback, with shorthand written out and as it was."""
    return [words for (words,) in connection.execute(_WORDS, [list(feedback_ids)]).fetchall()]
