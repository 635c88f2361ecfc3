"""What a reviewer is asked about and what comes back: one mention with everything that its judgement needs.

A label is written as a code: ``moment:delivery``, ``unmeasurable:trust-``, ``signal:crisis``, ``sentiment:-1``.
"""

import hashlib
from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

SENTIMENT: Final = "sentiment"
MARK: Final = "mark"  # the family of a reviewer's own mark; its label is a word that no taxonomy need know
SIGNED: Final = "unmeasurable"
STRENGTHS: Final = ("-2", "-1", "0", "1", "2")

_CONTEXT: Final = 240  # characters on either side

Slice = Literal["random", "uncertain"]
Share = Annotated[float, Field(ge=0, le=1)]
#: A word for marks; with a sign where an unmeasurable is meant.
MARK_PATTERN: Final = r"^[a-z][a-z0-9_]{1,39}[+-]?$"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Word(_Strict):
    """A label that can be given: its code, what it is called, and what it means."""

    code: str
    name: str
    meaning: str


class Said(_Strict):
    """What the night says about one label: the settled vote of model and rules, without people's."""

    probability: Share | None
    decision: Literal["yes", "unsure"]


class Item(_Strict):
    """One mention as it is asked about. Offsets count characters of ``document``; ``end`` is exclusive."""

    mention_id: str
    feedback_id: str
    position: int
    start: int
    end: int
    speaker: str | None
    text: str
    document: str
    channel: str
    occurred_on: str | None
    slice: Slice  # why it is asked
    draw: Share  # permanent random number of its text: the random slice takes texts in its order
    sampling_probability: Share | None  # random slice: share of customers' texts with no larger number
    labels: tuple[str, ...]  # codes that are asked about, sentiment apart; a complete judgement says yes or no to each
    said: dict[str, Said]  # what the night says, sentiment included
    run_id: str
    model_version: str | None
    taxonomy_version: str | None

    @property
    def key(self) -> str:
        """Name the mention and its words: other words in the same place have another key."""
        return f"{self.mention_id}-{hashlib.sha256(self.text.encode()).hexdigest()[:8]}"

    @property
    def edition(self) -> str:
        """Name the mention as it was asked: another night may say something else of it, or know other labels."""
        said = (f"{code} {said.decision} {said.probability}" for code, said in self.said.items())
        asked = "\n".join((self.run_id, *self.labels, *said))
        return f"{self.key}-{hashlib.sha256(asked.encode()).hexdigest()[:8]}"

    @property
    def before(self) -> str:
        """What comes before the mention in its document, at most about 240 characters."""
        piece = self.document[max(0, self.start - _CONTEXT) : self.start]
        return f"… {piece.partition(' ')[2]}" if self.start > _CONTEXT else piece

    @property
    def after(self) -> str:
        """What comes after the mention in its document, at most about 240 characters."""
        piece = self.document[self.end : self.end + _CONTEXT]
        return f"{piece.rpartition(' ')[0]} …" if len(self.document) - self.end > _CONTEXT else piece

    @property
    def suggested(self) -> tuple[str, ...]:
        """The labels that the night gives for sure, in order, without sentiment."""
        return tuple(code for code in self.labels if code in self.said and self.said[code].decision == "yes")

    @property
    def feeling(self) -> str:
        """The sentiment that the night gives; "0" where there is none."""
        return next((code.split(":")[1] for code in self.said if code.startswith(f"{SENTIMENT}:")), "0")


class Answer(_Strict):
    """One line of the journal: what one reviewer said about one mention, whole.

    ``withdrawn`` takes the reviewer's latest answer to this mention back, so that the one before it stands again;
    ``mark`` and ``unmark`` say that it is an example of the word in ``yes``, which need not be in the taxonomy.
    """

    kind: Literal["answer", "withdrawn", "mark", "unmark"]
    reviewer: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]  # keyed hash of the name
    reviewed_at: datetime
    via: Literal["screen", "sheet"] = "screen"
    is_blind: bool = False  # the reviewer did not see what the night says
    sentiment: Literal["-2", "-1", "0", "1", "2"] | None = None
    yes: tuple[str, ...] = ()
    item: Item


def plain(text: str) -> str:
    """Return ``text`` with what a terminal or a spreadsheet could obey made harmless: control, direction characters."""
    return "".join(c if c.isprintable() or c in "\n\u200d" else " " if c in "\t\r\xa0" else "\N{REPLACEMENT CHARACTER}"
                   for c in text)  # fmt: skip


def split_code(code: str) -> tuple[str, str, str | None]:
    """Return family, label and polarity: ``unmeasurable:trust-`` → unmeasurable, trust, -."""
    family, label = code.split(":", 1)
    return (family, label[:-1], label[-1]) if family == SIGNED else (family, label, None)


def code_of(family: str, label: str, polarity: str | None) -> str:
    """Return the code of a label: the other way round of `split_code`."""
    return f"{family}:{label}{polarity or ''}"
