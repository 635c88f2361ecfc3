"""What became of one attempt to tell somebody something."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Attempt:
    """``sent``: the receiver confirmed it. ``refused``: it was not told. ``unclear``: it may have been told or not.

    ``words`` say what happened without an address, a password or anything that was to be told.
    """

    result: Literal["sent", "refused", "unclear"]
    words: str
