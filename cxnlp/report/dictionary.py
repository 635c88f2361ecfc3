"""The data dictionary as a page of its own: one HTML file that asks the network for nothing and runs nothing."""

from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cxnlp.report.styles import style_of
from cxnlp.warehouse.dictionary import Dictionary

_FOLDER: Final = Path(__file__).with_name("page")


def render(dictionary: Dictionary, *, company: str, snapshot: str) -> str:
    """Return the dictionary as one HTML text; everything in it is escaped, and only its own style is allowed.

    Args:
        dictionary: of `cxnlp.warehouse.dictionary.read`.
        company: name as it stands in ``cxnlp.toml``.
        snapshot: name of the file that it describes.
    """
    style = style_of(_FOLDER / "dictionary.css")
    environment = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("dictionary.html.j2").render(
        dictionary=dictionary,
        company=company,
        snapshot=snapshot,
        style=style.text,
        style_hash=style.hash,
    )
