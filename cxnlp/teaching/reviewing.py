"""One reviewer at work: the answer to the mention at hand, stored as soon as it is given."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from cxnlp.feedback.keys import keyed
from cxnlp.settings import Workspace
from cxnlp.teaching import journal
from cxnlp.teaching.items import MARK, MARK_PATTERN, Answer, Item
from cxnlp.teaching.journal import ReviewError


def reviewer_key(name: str, secret: bytes) -> str:
    """Return the keyed hash that stands for a reviewer: 16 hex digits, the same for ``Ann  Brook`` and ``ann brook``.

    Who answered matters for keeping reviewers apart, not for naming them: nobody's agreement with others should be read
    off a database that many open. It is not the key that a customer's praise of the same person has.

    Raises:
        ReviewError: the name is empty.
    """
    folded = " ".join(name.casefold().split())
    if not folded:
        raise ReviewError("--reviewer: found no name; allowed: any word that tells you from other reviewers.")
    return keyed(secret, "reviewer", folded)


@dataclass
class Desk:
    """The mentions in front of a reviewer, and the draft of the answer to the one at hand.

    Attributes:
        items: what is asked, in order.
        is_blind: do not suggest what the night says.
        at: place of the mention at hand; the number of items when all are done.
        yes: labels of the draft.
        sentiment: of the draft; None until the reviewer (or a suggestion) sets it.
        marks: the reviewer's own words for the mention at hand.
    """

    workspace: Workspace
    reviewer: str
    items: Sequence[Item]
    is_blind: bool = False
    at: int = 0
    n_answered: int = 0
    n_skipped: int = 0
    yes: set[str] = field(default_factory=set)
    sentiment: str | None = None
    marks: set[str] = field(default_factory=set)
    _given: list[tuple[int, Answer | None]] = field(default_factory=list)  # place, answer (None: skipped)
    _marked: dict[str, set[str]] = field(default_factory=dict)  # key of an item → its marks

    def __post_init__(self) -> None:
        self._lay_out()

    @property
    def item(self) -> Item | None:
        """The mention at hand; None when all are done."""
        return self.items[self.at] if self.at < len(self.items) else None

    def toggle(self, code: str) -> None:
        """Put a label into the draft or take it out."""
        self.yes ^= {code}

    def feel(self, strength: str) -> None:
        """Set the sentiment of the draft."""
        self.sentiment = strength

    def accept(self) -> bool:
        """Store the draft as the answer and go on; False when no sentiment is set yet.

        Raises:
            OSError: the journal cannot be written; the draft stays.
        """
        item = self.item
        if item is None or self.sentiment is None:
            return False
        answer = self._line("answer", item, [code for code in item.labels if code in self.yes], self.sentiment)
        journal.add_answers(self.workspace, [answer])
        self._given.append((self.at, answer))
        self.n_answered += 1
        self._go(self.at + 1)
        return True

    def skip(self) -> None:
        """Leave this mention for another day."""
        if self.item is not None:
            self._given.append((self.at, None))
            self.n_skipped += 1
            self._go(self.at + 1)

    def undo(self) -> bool:
        """Go back to the mention before; its answer is taken back and is the draft again. False at the beginning."""
        if not self._given:
            return False
        at, answer = self._given[-1]
        if answer is not None:
            journal.add_answers(self.workspace, [self._line("withdrawn", answer.item)])
        self._given.pop()
        self._go(at)
        if answer is None:
            self.n_skipped -= 1
        else:
            self.n_answered -= 1
            self.yes, self.sentiment = set(answer.yes), answer.sentiment
        return True

    def mark(self, word: str) -> None:
        """Store that this mention is an example of ``word``, which need not be a label; a second time takes it back.

        Raises:
            ReviewError: the word cannot be a label.
        """
        if not re.fullmatch(MARK_PATTERN, word):
            raise ReviewError(f"found {len(word)} characters; allowed: small letters, digits and _, such as parking.")
        if self.item is not None:
            kind: Literal["mark", "unmark"] = "unmark" if word in self.marks else "mark"
            journal.add_answers(self.workspace, [self._line(kind, self.item, [f"{MARK}:{word}"])])
            self.marks ^= {word}

    def _go(self, at: int) -> None:
        self.at = at
        self._lay_out()

    def _lay_out(self) -> None:
        """Begin a draft with what the night says, unless the reviewer wants to judge blind."""
        self.yes, self.sentiment = set(), None
        self.marks = self._marked.setdefault(self.item.key, set()) if self.item is not None else set()
        if self.item is not None and not self.is_blind:
            self.yes, self.sentiment = set(self.item.suggested), self.item.feeling

    def _line(
        self, kind: Literal["answer", "withdrawn", "mark", "unmark"], item: Item, yes: Iterable[str] = (),
        sentiment: str | None = None,
    ) -> Answer:  # fmt: skip
        return Answer.model_validate(
            {"kind": kind, "reviewer": self.reviewer, "reviewed_at": datetime.now(UTC), "is_blind": self.is_blind,
             "sentiment": sentiment, "yes": tuple(yes), "item": item}
        )  # fmt: skip
