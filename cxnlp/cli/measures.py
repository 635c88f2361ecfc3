"""The terminal that numbers are shown on."""

import sys

from rich.console import Console

WIDE = 240  # columns, where no terminal says how many there are


def screen() -> Console:
    """The terminal as it is; lines that go elsewhere are as wide as they need."""
    return Console(highlight=False) if sys.stdout.isatty() else Console(width=WIDE, highlight=False)
