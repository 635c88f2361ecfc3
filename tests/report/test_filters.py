"""The page's filters in real Chromium."""

from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Page

from cxnlp import report
from tests.backlog.larkfield import NIGHT
from tests.report.conftest import HOSTILE, Visitor


@pytest.fixture(scope="module")
def shared_page(larkfields_night: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the eight weeks as it may be shared: nothing of fewer than five people."""
    path = tmp_path_factory.mktemp("shared") / "page.html"
    report.write(report.render(larkfields_night, company="Larkfield", night=NIGHT, least_group=5), path)
    return path


def choose(page: Page, **choices: str) -> str:
    """Choose and return what the page says of it."""
    for name, value in choices.items():
        page.select_option(f"select[name={name}]", value)
    return page.locator("#filtered").inner_text().replace("\u00a0", " ")


def value_of(page: Page, activity: str) -> str:
    return page.locator(f".map.wide [data-activity='{activity}'] .mark-value").text_content() or ""


def seen(page: Page) -> list[str]:
    """Everything that filters change, as text and as drawing."""
    return page.evaluate("() => [...document.querySelectorAll('.map, .moments, .charts')].map((n) => n.outerHTML)")


def test_a_channel_changes_the_map_the_moments_and_the_weeks(visit: Visitor, larkfields_page: Path) -> None:
    opened = visit(larkfields_page)
    page = opened.page
    assert choose(page, channel="social") == "Posts: 17 mentions of a moment by 17 people."
    assert value_of(page, "delivery") == "▼ −100 · 6 people"
    assert "urgent" not in (page.locator(".map.wide").first.text_content() or "")
    row = page.locator(".moments tr[data-activity=delivery]")
    assert [row.locator(f".{side}").inner_text().split()[0] for side in ("neg", "pos", "who")] == ["6", "0", "6"]
    assert "Negative mentions of it" in page.locator(".chart[data-activity=delivery] .facts").inner_text()
    assert opened.complaints == []


def test_what_was_filtered_comes_back_whole(visit: Visitor, larkfields_page: Path) -> None:
    page = visit(larkfields_page).page
    before = seen(page)
    choose(page, channel="letter", span="later")
    assert seen(page) != before
    page.get_by_role("button", name="Clear", exact=True).click()
    page.wait_for_function("() => document.getElementById('filtered').textContent === ''")
    assert seen(page) == before
    assert not page.get_by_role("button", name="Clear", exact=True).is_visible()


def test_a_filtered_number_opens_its_own_quotes_and_sql(visit: Visitor, larkfields_page: Path) -> None:
    page = visit(larkfields_page).page
    choose(page, channel="social")
    page.locator(".map.wide [data-activity=delivery]").click()
    dialog = page.get_by_role("dialog")
    assert "of the quotes that this file holds, of: Posts" in dialog.inner_text()
    sources = dialog.locator("bdi").all_inner_texts()
    assert sources
    assert all(" post" in source for source in sources)
    assert dialog.locator("#quotes-sql").evaluate("(node) => node.textContent").endswith("\n  AND channel = 'social'")


@pytest.mark.parametrize(
    "choices",
    [{"product": "0"}, {"product": "-2", "place": "1"}, {"channel": "letter", "place": "0", "span": "later"}],
)
def test_the_sql_of_a_choice_runs(
    visit: Visitor, larkfields_page: Path, larkfields_night: duckdb.DuckDBPyConnection, choices: dict[str, str]
) -> None:
    page = visit(larkfields_page).page
    choose(page, **choices)
    page.locator(".map.wide .mark.moment[data-set]").first.click()
    sql = page.locator("#quotes-sql").evaluate("(node) => node.textContent")
    assert larkfields_night.execute(sql).fetchall()


@pytest.mark.parametrize(("product", "expected"), [("-1", "product NOT IN ('GlowNest')"), ("-2", "product IS NULL")])
def test_the_rest_has_its_sql_too(
    visit: Visitor, shared_page: Path, larkfields_night: duckdb.DuckDBPyConnection, product: str, expected: str
) -> None:
    page = visit(shared_page).page
    choose(page, product=product)
    page.locator(".map.wide .mark.moment[data-set]").first.click()
    sql = page.locator("#quotes-sql").evaluate("(node) => node.textContent")
    assert expected in sql
    assert larkfields_night.execute(sql).fetchall()


def test_few_people_are_never_shown(visit: Visitor, shared_page: Path) -> None:
    page = visit(shared_page).page
    assert "Numbers are rounded to 5" in choose(page, channel="call")
    assert value_of(page, "delivery") == "<5 people"
    mark = page.locator(".map.wide [data-activity=delivery]")
    assert mark.get_attribute("data-set") is None
    row = page.locator(".moments tr[data-activity=delivery]")
    assert row.locator(".who").inner_text() == "<5"
    assert row.locator("[data-set]").count() == 0
    assert "Too few people for anything to be told (fewer than 5)" in choose(page, product="0")


def test_the_keyboard_reaches_filters_and_the_map(visit: Visitor, larkfields_page: Path) -> None:
    page = visit(larkfields_page).page
    page.locator("select[name=channel]").focus()
    page.keyboard.press("ArrowDown")
    assert page.locator("#filtered").inner_text().startswith("Calls: ")
    mark = page.locator(".map.wide [data-activity=delivery]")
    mark.focus()
    assert mark.locator(".hit").evaluate("(node) => getComputedStyle(node).stroke") != "none"
    page.keyboard.press("Enter")
    assert page.locator("dialog").is_visible()
    page.keyboard.press("Escape")
    assert mark.evaluate("(node) => node === document.activeElement")


@pytest.mark.parametrize(("width", "shape"), [(390, "narrow"), (800, "middle"), (1280, "wide"), (1920, "wide")])
def test_each_screen_has_one_map(visit: Visitor, larkfields_page: Path, width: int, shape: str) -> None:
    page = visit(larkfields_page, width).page
    shown = [name for name in ("wide", "middle", "narrow") if page.locator(f".map.{name}").first.is_visible()]
    assert shown == [shape]
    small = page.evaluate(
        """() => Math.min(...[...document.querySelectorAll('.map')].filter((m) => m.checkVisibility())
        .map((m) => 12 * m.getBoundingClientRect().width / m.viewBox.baseVal.width))"""
    )
    assert small >= 11  # pixels of the smallest words
    assert page.evaluate("() => Math.max(...[...document.querySelectorAll('nav a')].map((a) => a.offsetHeight))") < 40


def test_without_scripts_the_page_is_whole_and_offers_no_filter(visit: Visitor, larkfields_page: Path) -> None:
    page = visit(larkfields_page, java_script_enabled=False).page
    assert not page.locator("#filters").is_visible()
    assert page.locator(".map.wide").is_visible()
    assert page.locator(".moments tr[data-activity=delivery] .neg").inner_text() == "15"


def test_a_hostile_product_is_a_choice_like_any_other(visit: Visitor, hostile_page: Path) -> None:
    opened = visit(hostile_page)
    page = opened.page
    assert HOSTILE[:38] in page.locator("select[name=place]").inner_text()
    assert "</script><img src=x onerror=alert(5)>" in page.locator("select[name=product]").inner_text()
    choose(page, place="0", product="0")
    page.locator(".map.wide .mark[data-set]").first.click()
    assert page.locator("#quotes-sql").evaluate("(node) => node.textContent").count("''") >= 1
    assert page.locator("img, iframe").count() == 0
    assert opened.complaints == []
