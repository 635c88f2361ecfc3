"""What is found in a mention."""

from typing import NamedTuple


class Phrase(NamedTuple):
    """A phrase cut to its bones, as somebody else would tell it but for "I" and "we"."""

    text: str  # "<refund>" stands before a noun without an article that may want one
    kind: str  # "clause" (somebody does or is something), "thing", or "wish" (a thing that is asked for)
    bare: str = ""  # a thing's noun in small letters when it stands alone in the singular: "handling fee"


class Grammar(NamedTuple):
    """What the parser sees in a mention."""

    phrases: tuple[Phrase, ...]
    counted: tuple[str, ...]  # nouns behind "a" or "another"
    alone: tuple[str, ...]  # nouns in the singular with nothing before them
