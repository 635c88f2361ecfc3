"""What may be asked to be done to an item of the backlog, and who does it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, field_validator

from cxnlp.backlog import places

Kind = Literal["accept", "start", "ship", "decline", "snooze", "close", "reopen", "note", "assign"]

By = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]
Term = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]
Note = Annotated[str, StringConstraints(max_length=500, strip_whitespace=True)]


def _terms(given: object) -> object:
    """The terms of a form's one field; what is no text is taken as it is."""
    return places.read(given) if isinstance(given, str) else given


class Wish(BaseModel):
    """A move as somebody asks for it; whether it is allowed depends on the item's state."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    move: Annotated[Kind, Field(description="What to do.")]
    by: Annotated[By, Field(description="Who does it: a name that colleagues know.")]
    owner: Annotated[By | None, Field(description="accept, assign: who answers for it.")] = None
    due_on: Annotated[date | None, Field(description="accept, assign: until when.")] = None
    on: Annotated[date | None, Field(description="ship: the day it went live; snooze: until when.")] = None
    where: Annotated[
        Sequence[Term] | None,
        BeforeValidator(_terms),
        Field(
            max_length=20,
            description='ship: places, such as ["location=Saltwell"] (or channel, product, segment). [] is everywhere, '
            "and so is nothing unless it corrects what is shipped.",
        ),
    ] = None
    note: Annotated[Note | None, Field(description="What, or why; masked like feedback.")] = None

    @field_validator("by", "owner", "note")
    @classmethod
    def _prints(cls, text: str | None) -> str | None:
        if text is not None and not text.isprintable():
            raise ValueError("has signs that do not print; allowed: one line of text")
        return text


#: Makes a move of an item and returns the event that it became. Raises MoveRefused where the item's state does not
#: allow it, MoveWrong where it is no move, a CxnlpError of exit code 3 while a night is at work.
Mover = Callable[[str, Wish], Mapping[str, Any]]
