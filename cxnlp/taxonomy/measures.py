"""What is read out of the labels: the fifteen diagnostics of a moment, and the statements of the scorecard."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal, TypeVar

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from cxnlp.taxonomy.entries import Identity, Sentence, Words
from cxnlp.taxonomy.load import SHIPPED, load
from cxnlp.taxonomy.marks import TaxonomyError, read
from cxnlp.taxonomy.vocabulary import FAMILIES

#: Columns of the table ``statements``.
STATEMENTS: Final[dict[str, pl.DataType]] = {
    "question": pl.String(),
    "question_position": pl.Int32(),  # from 1
    "statement": pl.String(),
    "position": pl.Int32(),  # from 1, under its question
    "words": pl.String(),
    "cannot_tell": pl.String(),  # null where feedback can
    "family": pl.String(),
    "label": pl.String(),
    "polarity": pl.String(),
    "side": pl.String(),  # for, against, feeling
}

_SIDES: Final = ("feeling", "for", "against")
_NAMED: Final = re.compile(r"(moment|unmeasurable|warning|signal)\.([a-z][a-z0-9_]*)([+-]?)")

_Rows = TypeVar("_Rows")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Diagnostic(_Strict):
    """One of the fifteen numbers: ``id`` is its column in the view moment_diagnostics."""

    id: Identity
    name: Words
    short: Words  # for the head of a column
    unit: Literal["count", "share", "balance", "difference", "days", "each"]
    wanted: Literal["more", "less"]
    note: Sentence | None = None  # what it takes for granted, without a capital and a full stop

    @property
    def direction(self) -> str:
        """How a target of it is meant."""
        return "at least" if self.wanted == "more" else "at most"


class Statement(_Strict):
    """One statement of the scorecard and the labels that speak for or against it, such as ``unmeasurable.trust-``."""

    id: Identity
    words: Sentence
    cannot_tell: Sentence | None = None
    feeling: tuple[str, ...] = ()
    speaks_for: Annotated[tuple[str, ...], Field(alias="for")] = ()
    against: tuple[str, ...] = ()


class Question(_Strict):
    """One of the four questions."""

    id: Identity
    name: Sentence
    statements: Annotated[tuple[Statement, ...], Field(min_length=1)]


@cache
def diagnostics(path: Path = SHIPPED / "diagnostics.yaml") -> tuple[Diagnostic, ...]:
    """Return the fifteen numbers in the order in which they are shown.

    Raises:
        TaxonomyError: the file is not a list of them.
    """
    return _read(path, TypeAdapter(tuple[Diagnostic, ...]))


@cache
def scorecard(path: Path = SHIPPED / "scorecard.yaml") -> pl.DataFrame:
    """Return one row per statement and label that speaks of it, columns `STATEMENTS`.

    Raises:
        TaxonomyError: the file is not a list of questions, or a statement names a label that is not there.
    """
    questions = _read(path, TypeAdapter(tuple[Question, ...]))
    rows = [
        {"question": question.name, "question_position": number, "position": position, "statement": statement.id,
         "words": statement.words, "cannot_tell": statement.cannot_tell} | evidence
        for number, question in enumerate(questions, start=1)
        for position, statement in enumerate(question.statements, start=1)
        for evidence in _evidence(path.name, statement)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=STATEMENTS)


def _read(path: Path, model: TypeAdapter[_Rows]) -> _Rows:
    marked = read(path)
    try:
        return model.validate_python(marked.value)
    except ValidationError as error:
        problem = error.errors()[0]
        raise TaxonomyError(f"{marked.place(problem['loc'])}: {problem['msg']}. See the shipped file.") from error


def _evidence(file: str, statement: Statement) -> Iterator[dict[str, str | None]]:
    """Yield a statement's labels; one empty row where feedback cannot tell.

    Raises:
        TaxonomyError: a label is not in use, or nothing speaks of the statement and it does not say why.
    """
    named = dict(zip(_SIDES, (statement.feeling, statement.speaks_for, statement.against), strict=True))
    if bool(statement.cannot_tell) == any(named.values()):
        raise TaxonomyError(f"{file}: `{statement.id}` has found both or neither of labels and `cannot_tell`; allowed: "
                            "one of the two. Remove or add one.")  # fmt: skip
    if statement.cannot_tell:
        yield dict.fromkeys(("family", "label", "polarity", "side"))
    for side, names in named.items():
        for name in names:
            yield _label(file, statement, name) | {"side": side}


def _label(file: str, statement: Statement, name: str) -> dict[str, str | None]:
    found = _NAMED.fullmatch(name)
    family = next((known for known in FAMILIES if found and known == found[1]), None)
    if (
        not found
        or family is None
        or found[2] not in load().labels(family)
        or (family == "unmeasurable") != bool(found[3])
    ):
        raise TaxonomyError(f"{file}: `{statement.id}` names {name!r}; allowed: family, full stop and id of a label in "
                            "use, with + or - for unmeasurables. Correct it.")  # fmt: skip
    return {"family": family, "label": found[2], "polarity": found[3] or None}
