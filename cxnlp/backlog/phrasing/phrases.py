"""Short phrases of what customers say, cut out of their sentences by grammar: who does what, and what is wrong.

They are told in the third person: who speaks is one of "they", who is spoken to is "the company".
"""

import re
from typing import TYPE_CHECKING, Final

from cxnlp.backlog.phrasing import lists
from cxnlp.backlog.phrasing.clauses import clauses
from cxnlp.backlog.phrasing.said import Grammar
from cxnlp.backlog.phrasing.things import is_quoted, things
from cxnlp.feedback.masking.lexicon import Known, lookup

if TYPE_CHECKING:
    from spacy.tokens import Doc

_MOST_WORDS: Final = 13
_ADDRESSED: Final = re.compile(r"^(?:[.\s]*@\w+[,:]?\s+)+|(?:\s+[@#]\w+)+\s*$")
_NET: Final = re.compile(r"https?://\S+|[@#](?=\w)|&\w+;|[^\w\s.,;:!?'\"“”()\[\]£$€%&/-]")
_JOINED_NOT: Final = re.compile(r"(?i)\b(ca|could|did|do|does|had|has|have|is|was|were|wo|would)nt\b")
_AMOUNT: Final = re.compile(r"[£$€]\s?\d(?:[\d.,]*\d)?(?:k|m)?\b")
_LOUD: Final = re.compile(r"(?<!\[)\b[A-Z]{4,}\b")
_PAID: Final = re.compile(
    r"(?i)\b((?:charged?|costs?|had|lost|owed?|paid|pay|refunded|taken?|took)(?: (?:me|us))? )"
    + _AMOUNT.pattern + r"(?! [a-z]+ (?:charge|cost|fee)|[\s\"“]+(?:handling|fee|charge))"
)  # fmt: skip


def phrases(doc: "Doc") -> Grammar:
    """Return what is said in a parsed mention, clause by clause and thing by thing."""
    found = [clause for verb in doc if not is_quoted(verb) for clause in clauses(verb)]
    nouns = [noun for noun in doc if noun.tag_ in lists.NOUNS and noun.dep_ not in {"compound", "npadvmod"}]
    found += [thing for noun in nouns if not is_quoted(noun) for thing in things(noun)]
    kept = dict.fromkeys(one for one in found if 1 < len(one.text.split()) <= _MOST_WORDS)
    before = {noun: [child for child in noun.children if child.i < noun.i] for noun in nouns if noun.tag_ == "NN"}
    return Grammar(
        tuple(kept),
        tuple(noun.lower_ for noun, left in before.items()
              if any(one.lower_ in {"a", "an", "another", "each", "every"} for one in left)),
        tuple(noun.lower_ for noun, left in before.items() if not any(one.dep_ in {"det", "poss"} for one in left)),
    )  # fmt: skip


def _calm(found: re.Match[str]) -> str:
    return found[0].lower() if lookup(found[0].lower()) == Known.COMMON else found[0]


def plain(saying: str) -> str:
    """Return a masked saying as the parser should see it: without signs of the net, an amount paid is "money".

    Another amount is 0, so that it is seen where a phrase needs it. Everyday words that are shouted are in small
    letters, so that they are no names.
    """
    saying = _LOUD.sub(_calm, saying)
    line = _ADDRESSED.sub("", saying.replace("’", "'").replace("‘", "'"))
    line = _NET.sub("", _PAID.sub(r"\1money", _JOINED_NOT.sub(r"\1n't", line)))
    return " ".join(_AMOUNT.sub("0", line).split())
