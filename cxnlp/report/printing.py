"""The page as a PDF and as pictures for chat: a headless Chromium opens the file, and nothing else.

Needs the extra `print` (playwright) and a Chromium: the system's, or playwright's own.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cxnlp.backlog import write_whole
from cxnlp.errors import CxnlpError

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserType, Page

_PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome")
#: Of a Chromium that asks nobody for anything.
_FLAGS: Final = ("--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                 "--disable-sync")  # fmt: skip
#: Pixels of a card's width. The map is laid out as wide; what is read as text at half of it, so that it can be read.
_WIDTH: Final = 1_200
_SHARPNESS: Final = 2
#: Pixels of the page that a card has above and below its part.
_MARGIN: Final = 12
#: Items that get a card.
_MOST_ITEMS: Final = 3
#: Name of a card → what of the page it shows.
_TEXTS: Final = {
    "headline": ".lead",
    "warnings": "#warnings",
    **{f"item-{n}": f"#backlog > table.backlog > tbody > tr:nth-child({n})" for n in range(1, _MOST_ITEMS + 1)},
}
_MAP: Final = {"journey": "#journey"}
#: Makes of a page what can be taken as pictures: what cannot be pressed there goes, and what says that one could;
#: each part says whose it is and of which day.
AS_PICTURES: Final = """() => {
  const [company, edition] = [document.querySelector(".brand bdi"), document.querySelector(".edition")];
  for (const part of document.querySelectorAll(".lead, #journey, #warnings, #backlog tbody th")) {
    const foot = part.appendChild(document.createElement("p"));
    foot.className = "note origin";
    const origin = [company.textContent, `as of ${edition.textContent}`, part.closest("tr")?.id];
    foot.textContent = origin.filter(Boolean).join(" · ");
    if (part.matches("section")) [part.style.border, part.style.paddingBlock] = ["0", "0.5rem"];
  }
  for (const each of document.querySelectorAll("main details, main .link")) each.hidden = true;
  for (const each of document.querySelectorAll("main .num, main a")) each.style.textDecoration = "none";
}"""


class PrintError(CxnlpError):
    """There is nothing to print with."""


def pdf(page_file: Path, to: Path) -> None:
    """Write the page as A4 to ``to``; the file is replaced as a whole.

    Raises:
        PrintError: playwright or a Chromium is missing, or does not start.
    """
    with _browser() as browser, _opened(browser, page_file, _WIDTH) as page:
        content = page.pdf(format="A4", print_background=True, prefer_css_page_size=True)
    write_whole(to, content)


def cards(page_file: Path, folder: Path) -> list[Path]:
    """Write headline.png, journey.png, warnings.png and item-1.png to item-3.png, and return those that there are.

    Pictures are light, and double as sharp as a screen. What the page has not, such as a third item, gets no picture;
    one of an earlier page goes.

    Raises:
        PrintError: playwright or a Chromium is missing, or does not start.
    """
    pictures: dict[str, bytes] = {}
    with _browser() as browser:
        for parts, width in ((_TEXTS, _WIDTH // _SHARPNESS), (_MAP, _WIDTH)):
            with _opened(browser, page_file, width) as page:
                page.evaluate(AS_PICTURES)
                shown = {name: _picture(page, selector, width) for name, selector in parts.items()}
            pictures |= {name: picture for name, picture in shown.items() if picture}
    for name in {*_TEXTS, *_MAP} - set(pictures):
        (folder / f"{name}.png").unlink(missing_ok=True)
    for name, picture in pictures.items():
        write_whole(folder / f"{name}.png", picture)
    return [folder / f"{name}.png" for name in pictures]


def _picture(page: "Page", selector: str, width: int) -> bytes | None:
    """A part of the page from its left border to its right one; None where it is not there."""
    part = page.locator(selector).first
    box = part.bounding_box() if part.count() else None
    if box is None:
        return None
    top = max(0.0, box["y"] - _MARGIN)
    height = box["y"] + box["height"] + _MARGIN - top
    return page.screenshot(clip={"x": 0, "y": top, "width": width, "height": height}, full_page=True)


@contextmanager
def _opened(browser: "Browser", page_file: Path, width: int) -> Iterator["Page"]:
    """The page in a window ``width`` pixels wide, which has no network."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        device_scale_factor=_SHARPNESS,
        color_scheme="light",
        offline=True,
    )
    try:
        page = context.new_page()
        page.goto(page_file.resolve().as_uri())
        yield page
    finally:
        context.close()


@contextmanager
def _browser() -> Iterator["Browser"]:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise PrintError("printing needs playwright, which is not installed. Install the extra: pip install "
                         "'cxnlp[print]'.") from error  # fmt: skip
    with sync_playwright() as playwright:
        browser = _started(playwright.chromium)
        try:
            yield browser
        finally:
            browser.close()


def _started(chromium: "BrowserType") -> "Browser":
    from playwright.sync_api import Error

    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    try:
        return chromium.launch(executable_path=program, args=list(_FLAGS))
    except Error as error:
        missing = f"found none of {', '.join(_PROGRAMS)}, nor playwright's own"
        found = f"{program} does not start" if program else missing
        raise PrintError(f"printing needs a Chromium: {found}. Install one (Debian: apt-get install chromium), or run "
                         "`playwright install chromium`.") from error  # fmt: skip
