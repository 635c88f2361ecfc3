"""Take the pictures of README.md and docs from a workspace: its page's headline and journey map, and an item, served.

python -m tests.report.screenshots demo docs
"""

import argparse
import shutil
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser import FLAGS
from tests.serve.conftest import served

#: Name of the picture → the parts of the page that it shows.
PICTURES = {"page": "header.top, .lead", "journey": "#journey"}
WIDTH = 1280


def take(browser: Browser, page: Path, folder: Path) -> None:
    """Write one PNG a picture into ``folder``."""
    view = browser.new_page(viewport={"width": WIDTH, "height": 900}, color_scheme="light")
    view.goto(page.resolve().as_uri())
    for name, selector in PICTURES.items():
        boxes = [box for part in view.locator(selector).all() if (box := part.bounding_box())]
        top, bottom = min(box["y"] for box in boxes), max(box["y"] + box["height"] for box in boxes)
        clip = {"x": 0.0, "y": top, "width": float(WIDTH), "height": bottom - top}
        view.screenshot(path=folder / f"{name}.png", clip=clip, full_page=True)
    view.close()


def take_served(browser: Browser, address: str, folder: Path) -> None:
    """Write live.png: what `cxnlp serve` at ``address`` shows of the second item of its backlog."""
    view = browser.new_page(viewport={"width": WIDTH, "height": 1000}, color_scheme="light")
    view.goto(f"{address}/backlog")
    view.get_by_role("row").nth(2).get_by_role("link").click()
    view.get_by_role("heading", level=1).wait_for()
    view.screenshot(path=folder / "live.png")
    view.close()


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("workspace", type=Path)
    asked.add_argument("folder", type=Path)
    given = asked.parse_args()
    with sync_playwright() as playwright, served(given.workspace) as at:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        take(chromium, given.workspace / "page.html", given.folder)
        take_served(chromium, at, given.folder)
        chromium.close()
