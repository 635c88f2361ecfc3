"""The style of a page that allows no other: style sheets in the page itself, named by their hash."""

import base64
import hashlib
from pathlib import Path
from typing import Final, NamedTuple

from markupsafe import Markup

#: Of the links to the rest of the live view, which `cxnlp serve` puts into pages that it serves.
WAY_ON: Final = Path(__file__).with_name("way_on.css")


class Style(NamedTuple):
    """What stands in a page's style element, and what the page's Content-Security-Policy calls it."""

    text: Markup
    hash: str


def style_of(*sheets: Path) -> Style:
    """Return the style of shipped ``sheets``, one after the other."""
    text = "\n" + "\n".join(sheet.read_text("utf-8").strip() for sheet in sheets) + "\n"
    return Style(Markup(text), hash_of(text))  # noqa: S704 - shipped files


def hash_of(text: str) -> str:
    """Return what a Content-Security-Policy calls a style or script that stands in the page."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
