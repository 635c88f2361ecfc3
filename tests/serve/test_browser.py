"""The live view in real Chromium: from the page to the words behind an item, by mouse and keyboard, without scripts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.report.screenshots import take_served
from tests.report.test_browser import FAINT_TEXT, NO_SIDEWAYS, serious


@pytest.fixture(params=["light", "dark"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page without scripts in one of the two schemes, on which nothing may be complained about."""
    context = browser.new_context(
        java_script_enabled=False, color_scheme=request.param, viewport={"width": 1280, "height": 800}
    )
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("requestfailed", lambda failed: complaints.append(failed.url))
    yield opened
    context.close()
    assert complaints == []


def test_from_the_page_to_the_words_of_an_item(page: Page, address: str) -> None:
    page.goto(f"{address}/")
    page.get_by_role("navigation", name="Live view").get_by_role("link", name="Backlog").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Backlog"
    page.get_by_role("row").nth(1).get_by_role("link").click()
    assert page.get_by_role("heading", name="What people say").is_visible()
    page.get_by_role("link", name="in its context").first.click()
    assert page.get_by_role("heading", name="In its context").is_visible()
    page.get_by_role("table").get_by_role("link").first.click()
    assert page.get_by_role("heading", name="In numbers").is_visible()


def test_numbers_and_quotes_lead_on_where_they_are_served(browser: Browser, address: str) -> None:
    opened = browser.new_page()
    for number, told in (("#moments .num[data-set]", "In numbers"), ("#backlog .num[data-set]", "What people say")):
        opened.goto(f"{address}/")
        opened.locator(number).first.click()
        opened.locator("#quotes-count a").click()
        assert opened.get_by_role("heading", name=told).is_visible()
    opened.goto(f"{address}/")
    opened.locator("#moments .num[data-set]").first.click()
    opened.get_by_role("link", name="in its context").first.click()
    assert opened.get_by_role("heading", name="In its context").is_visible()
    opened.goto(f"{address}/")
    opened.get_by_role("link", name="Decide on").first.click()
    assert opened.get_by_role("heading", name="Move it").is_visible()
    opened.close()


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.thorough)])
def test_axe_finds_nothing_serious(browser: Browser, address: str, scheme: Literal["light", "dark"]) -> None:
    opened = browser.new_page(color_scheme=scheme)
    opened.goto(f"{address}/backlog")
    item = opened.get_by_role("row").nth(1).get_by_role("link").get_attribute("href")
    for url in (item, "/backlog", "/moments", "/moments/delivery", "/alerts", "/find?words=parcel", "/plan",
                "/archive/index.html", "/api", "/login"):  # fmt: skip
        opened.goto(f"{address}{url}")
        assert serious(opened) == [], url
    opened.close()


def test_the_documents_picture_can_be_taken_again(browser: Browser, address: str, tmp_path: Path) -> None:
    take_served(browser, address, tmp_path)
    assert int.from_bytes((tmp_path / "live.png").read_bytes()[16:20]) == 1280


def test_search_by_the_keyboard(page: Page, address: str) -> None:
    page.goto(f"{address}/find")
    page.get_by_role("searchbox").focus()
    page.keyboard.type("oversized box")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="sayings").wait_for()
    assert "box" in page.locator("blockquote").first.inner_text().lower()
    assert page.get_by_role("searchbox").input_value() == "oversized box"


@pytest.mark.parametrize("width", [360, 1280])
def test_it_fits_and_can_be_read(browser: Browser, address: str, width: int) -> None:
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
        opened = context.new_page()
        for url in ("/moments/delivery", "/backlog", "/find?words=parcel", "/plan", "/alerts"):
            opened.goto(address + url)
            assert opened.evaluate(NO_SIDEWAYS), url
            assert opened.evaluate(FAINT_TEXT) == [], url
            if scheme == "light" and url == "/backlog":
                state = opened.locator(".live-table .live-state").first
                assert state.evaluate("(cell) => getComputedStyle(cell).display") == (
                    "block" if width < 500 else "table-cell"
                )
        context.close()
