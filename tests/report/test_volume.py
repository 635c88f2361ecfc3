"""The page of ten mentions, of twenty thousand and of a million: small, quick to open, and whole."""

from pathlib import Path

import pytest

from benchmarks import views
from cxnlp import backlog, report
from cxnlp.settings import Backlog
from cxnlp.warehouse import sql
from tests.backlog import larkfield
from tests.backlog.larkfield import NIGHT
from tests.report.conftest import Visitor, night_of

MOST_BYTES = 2_000_000


def page_of(folder: Path, n_mentions: int) -> str:
    """The page of a warehouse of numbers in which every text is as long as the page lets a quote be, and longer."""
    published = folder / "published.duckdb"
    views.make(folder / "working.duckdb", published, n_mentions)
    with sql.connect(published) as connection:
        connection.execute("SET memory_limit = '4GB'")
        connection.execute("UPDATE evidence SET quote = 'They said ' || quote || repeat(' and so on', 60) || '.'")
        night = {"night": NIGHT, "run_id": "2026-11-02-1", "settings": Backlog()}
        backlog.write(connection, backlog.gather(connection, **night), **night)
        return report.render(connection, company="Larkfield", night=NIGHT, least_group=5)


@pytest.mark.parametrize(
    ("n_mentions", "least_bytes"),
    [(20_000, 400_000), pytest.param(1_000_000, 800_000, marks=pytest.mark.thorough)],
)
def test_at_any_volume_it_is_small_and_opens_at_once(
    visit: Visitor, tmp_path: Path, n_mentions: int, least_bytes: int
) -> None:
    file = tmp_path / "page.html"
    report.write(page_of(tmp_path, n_mentions), file)
    assert least_bytes < file.stat().st_size < MOST_BYTES
    opened = visit(file)
    page = opened.page
    page.select_option("select[name=channel]", "call")
    assert "about" in page.locator("#filtered").inner_text()
    page.locator(".map.wide .mark[data-set]").first.click()
    assert page.locator("dialog").is_visible()
    assert opened.complaints == []
    spent = []
    for _ in range(3):
        page.reload()
        spent.append(page.evaluate("() => performance.getEntriesByType('navigation')[0].loadEventEnd"))
    assert min(spent) < 1000


def test_of_ten_mentions_it_is_whole(visit: Visitor, tmp_path: Path) -> None:
    with night_of(tmp_path / "w.duckdb", larkfield.eight_weeks()[:10]) as connection:
        report.write(report.render(connection, company="Larkfield", night=NIGHT), tmp_path / "page.html")
    opened = visit(tmp_path / "page.html", 390)
    assert opened.page.locator(".map.narrow .mark").count() > 19
    for name in (
        "journey",
        "moments",
        "trends",
        "unmeasurables",
        "warnings",
        "backlog",
        "people",
        "scorecard",
        "quality",
    ):
        assert opened.page.locator(f"#{name}").is_visible()
    assert opened.page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    assert opened.complaints == []
