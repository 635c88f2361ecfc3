"""Keeps the pages of past nights: one file a night, as many as are wanted, and the calendar before them."""

import html
import re
from datetime import date
from pathlib import Path
from typing import Final

from cxnlp.backlog import write_whole
from cxnlp.report.archive import calendar

_INDEX: Final = "index.html"
_NIGHT: Final = re.compile(r"\d{4}-\d\d-\d\d\.html")
_HEADLINE: Final = re.compile(r'<meta name="description" content="([^"]*)">')
#: Characters of a page in which its headline stands: it comes before the style.
_HEAD: Final = 4_000


def add(folder: Path, page: str, *, night: date, company: str, most: int) -> None:
    """Put a night's page into the archive and write the calendar anew; a page of the same night is replaced.

    Args:
        folder: of the archive; it is made.
        page: what `cxnlp.report.draw_wordless` gave.
        night: day that the page is for.
        company: name as it stands in ``cxnlp.toml``.
        most: pages that are kept, at least one; those of the oldest nights go.
    """
    folder.mkdir(exist_ok=True)
    write_whole(folder / f"{night}.html", page.encode("utf-8", "replace"))
    pages = _pages(folder)
    for old in pages[most:]:
        old.unlink()
    told = {date.fromisoformat(path.stem): _headline(path) for path in pages[:most]}
    write_whole(folder / _INDEX, calendar.render(told, company=company).encode("utf-8", "replace"))


def clear(folder: Path) -> None:
    """Remove the archive; whatever else lies in the folder stays."""
    if not folder.is_dir():
        return
    for path in (*_pages(folder), folder / _INDEX):
        path.unlink(missing_ok=True)
    if not any(folder.iterdir()):
        folder.rmdir()


def sweep(folder: Path) -> None:
    """Remove what a night that was killed while writing left."""
    for leftover in folder.glob(".*.html.*.part"):
        leftover.unlink(missing_ok=True)


def _pages(folder: Path) -> list[Path]:
    """Return the pages of nights, newest first."""
    return sorted((path for path in folder.iterdir() if _is_page(path)), reverse=True)


def _is_page(path: Path) -> bool:
    if not _NIGHT.fullmatch(path.name):
        return False
    try:
        date.fromisoformat(path.stem)
    except ValueError:
        return False
    return path.is_file()


def _headline(path: Path) -> str:
    with path.open(encoding="utf-8", errors="replace") as file:
        found = _HEADLINE.search(file.read(_HEAD))
    return html.unescape(found[1]) if found else ""
