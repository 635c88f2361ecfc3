"""What is on the page, and what may never be: read as text, without a browser."""

import base64
import hashlib
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from cxnlp import report
from cxnlp.insight import period_of
from cxnlp.report import sections
from cxnlp.report.answers import answer, ask, reading
from cxnlp.report.quotes import QuoteBook
from cxnlp.warehouse import store
from tests.backlog.larkfield import NIGHT, said
from tests.report.conftest import HOSTILE, hostile_mentions, night_of

QUERIES = Path(report.__file__).parent / "queries"


def text_of(page: str) -> str:
    """What a reader sees, roughly: without scripts, styles and tags."""
    visible = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", page, flags=re.DOTALL)
    visible = re.sub(r'<span class="vh">.*?</span>', "", visible)
    return " ".join(re.sub(r"<[^>]+>", " ", visible).replace("\u00a0", " ").split())


@pytest.fixture(scope="module")
def page(larkfields_page: Path) -> str:
    return larkfields_page.read_text("utf-8")


@pytest.mark.parametrize(
    "words",
    [
        "Act today 5 people speak of danger or legal steps",
        "Words that stand out in them: GlowNest lamp",
        "Delivery disappoints : plastic, oversized box, Kettlewick. 14 people , steady",
        "Charges are wrong or unclear : handling fee, notice, Plus. Falling in the last four weeks",
        "From 56 letters, call notes and posts by 56 people , 7 September to 1 November: 62 mentions",
        "Nobody spoke of: The promise, Ordering and booking and Account and security.",
        "Suggested owner: Legal and safety",
        "1 early warning open, all new.",
        "In the backlog: plastic, oversized box, Kettlewick .",
        "5 wishes by 5 people",
        "Agent 7861cc 3 people , last on 14 October",
        "1 piece in Polish",
        "found a scanned page without text; expected text.",
        "Causes that customers name: hand-offs",
    ],
)
def test_the_page_says_in_words(page: str, words: str) -> None:
    assert words in text_of(page)


def test_every_number_on_it_comes_from_sql_that_anyone_may_run(larkfields_night: duckdb.DuckDBPyConnection) -> None:
    period = period_of(larkfields_night, night=NIGHT, weeks=8)
    with reading(larkfields_night, period):
        answers = ask(larkfields_night, period)
    for name, asked in answers.items():
        result = larkfields_night.execute(asked.sql)
        names = [column[0] for column in result.description]
        assert [dict(zip(names, row, strict=True)) for row in result.fetchall()] == asked.rows, name
    assert answers["moments"].rows[0]["n_negative"] == 15


def test_what_is_new_is_of_the_last_night_and_of_people_since_the_one_before(
    larkfields_night: duckdb.DuckDBPyConnection,
) -> None:
    """The night before, of 1 November, began at 02:15."""
    happened = [("grew", "night", "2026-11-01 00:00"), ("shrank", "night", "2026-11-02 00:00"),
                ("accepted", "ann", "2026-11-01 02:00"), ("started", "ann", "2026-11-01 09:00"),
                ("shipped", "jira:CX-1", "2026-11-02 01:00")]  # fmt: skip
    larkfields_night.begin()
    try:
        larkfields_night.execute("UPDATE runs SET started_at = night + INTERVAL '2 hours 15 minutes'")
        (item,) = larkfields_night.execute("SELECT min(item_id) FROM backlog").fetchall()
        for event, by, at in happened:
            larkfields_night.execute(
                'INSERT INTO backlog_events (item_id, event, "by", "at", happened_on) VALUES ($1, $2, $3, $4, $5)',
                [item[0], event, by, f"{at}:00+00", at[:10]],
            )
        rows = larkfields_night.execute((QUERIES / "events.sql").read_text("utf-8")).fetchall()
    finally:
        larkfields_night.rollback()
    assert {event for event, item_id, _ in rows if item_id == item[0]} == {"opened", "shrank", "started", "shipped"}


@pytest.mark.parametrize(
    ("least_group", "named", "counted"),
    [(5, ["ann"], (7, "fewer than five people")), (1, ["ann", "bea"], (4, "one person"))],
)
def test_colleagues_whom_few_people_praise_are_counted(
    least_group: int, named: list[str], counted: tuple[int, str]
) -> None:
    champions = [{"employee_key": "ann", "n_customers": 5}, {"employee_key": "bea", "n_customers": 2}]
    by_number = [{"n_customers": n, "n_employees": of} for n, of in ((1, 4), (2, 3), (5, 1))]
    rows: dict[str, list[dict[str, Any]]] = {"labels": [], "champions": champions, "champions_counted": by_number}
    told = sections.people(rows, QuoteBook((), NIGHT), least_group)
    assert [row["employee_key"] for row in told["champions"]] == named
    assert (told["n_of_few"], told["few"]) == counted


@pytest.mark.parametrize(
    ("run_id", "expected"), [("2026-11-01-1", (date(2026, 11, 1), date(2026, 9, 7))), ("2026-11-02-1", (None, None))]
)
def test_which_days_the_night_before_knew(
    larkfields_night: duckdb.DuckDBPyConnection, run_id: str, expected: tuple[date | None, date | None]
) -> None:
    period = period_of(larkfields_night, night=NIGHT, weeks=8)
    larkfields_night.begin()
    try:
        larkfields_night.execute("UPDATE feedback SET run_id = $1", [run_id])
        (row,) = answer(larkfields_night, "changes", period).rows
    finally:
        larkfields_night.rollback()
    assert (row["counted_to"], row["first_heard_on"]) == expected


@pytest.mark.parametrize(("night", "is_running"), [(NIGHT, False), (date(2026, 11, 4), True)])
def test_a_week_that_is_not_over_is_drawn_apart(
    larkfields_night: duckdb.DuckDBPyConnection, night: date, is_running: bool
) -> None:
    page = report.render(larkfields_night, company="Larkfield", night=night)
    charts = page.count('<svg class="columns"')
    assert page.count("<title>The week so far</title>") == (charts if is_running else 0)
    assert ("a dashed one the week so far" in page) is is_running


def test_the_queries_are_shown(page: str) -> None:
    assert page.count("How this is computed") >= 9
    assert "WITH period AS (" in page
    assert "BETWEEN DATE &#39;2026-09-07&#39; AND DATE &#39;2026-11-01&#39;" in page


def test_only_shipped_styles_and_scripts_run_and_nothing_is_fetched(page: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; ")
    assert "unsafe" not in policy[1]
    for tag in ("style", "script"):
        (content,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy[1]
    assert not re.findall(r"\sstyle=|\son\w+=|https?://|<link|<img|<iframe|@import|url\(", page)


def test_hostile_text_is_escaped_everywhere(hostile_page: Path) -> None:
    page = hostile_page.read_text("utf-8")
    assert page.count("<script") == 3
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "{{7*7}}" in page
    book = re.search(r'<script type="application/json" id="book">(.*?)</script>', page, re.DOTALL)
    assert book is not None
    assert HOSTILE in str([quote[0] for quote in json.loads(book[1])["quotes"]]).replace("\\'", "'")


def test_an_empty_warehouse(tmp_path: Path) -> None:
    with store.open_working(tmp_path / "w.duckdb") as connection:
        page = report.render(connection, company="Larkfield", night=NIGHT)
    assert "Nothing heard yet" in text_of(page)
    assert "No feedback between 7 September and 1 November" in text_of(page)
    assert "No item yet" in text_of(page)
    assert set(re.findall(r'href="#(\w+)"', page)) <= set(re.findall(r'id="(\w+)"', page))


@pytest.mark.parametrize(("least_group", "is_there"), [(12, True), (14, True), (16, False)])
def test_a_number_opens_its_quotes_however_large_the_least_group(
    larkfields_night: duckdb.DuckDBPyConnection, least_group: int, is_there: bool
) -> None:
    """Fourteen people complain of deliveries; not all of their quotes are in the page."""
    page = report.render(larkfields_night, company="Larkfield", night=NIGHT, least_group=least_group)
    assert ('data-set="moment:delivery:neg"' in page) is is_there


def test_items_that_are_not_shown_are_counted(
    larkfields_night: duckdb.DuckDBPyConnection, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    n_items = page.count('<tr id="cx-')
    monkeypatch.setattr("cxnlp.report.items._MOST_ITEMS", n_items - 2)
    words = text_of(report.render(larkfields_night, company="Larkfield", night=NIGHT))
    assert "Two items of lower priority are not shown" in words
    assert "not shown" not in text_of(page)


def test_a_single_mention(tmp_path: Path) -> None:
    mention = said("The shelf was wobbly from the start.", sentiment="-1", moments="product")
    with night_of(tmp_path / "w.duckdb", [mention]) as connection:
        words = text_of(report.render(connection, company="Larkfield", night=NIGHT))
    assert "1 mention, and no complaint that enough customers share" in words
    assert "From 1 letter, call note or post by 1 person" in words
    assert "Fewer than five mentions, too few to rank: The product itself 1 ." in words
    assert "Too little so far for a trend." in words


def test_measured_quality_is_shown_where_it_is_known(larkfields_night: duckdb.DuckDBPyConnection, page: str) -> None:
    scores = {
        "families": {"moment": {"micro_f1": [0.667, 0.649, 0.684]}, "sentiment": {"sign_accuracy": [0.81, 0.8, 0.83]}}
    }
    measured = text_of(report.render(larkfields_night, company="Larkfield", night=NIGHT, scores=scores))
    assert "Moments found and right (F1) 67 65 to 68" in measured
    assert "Feelings good, neutral or bad told apart (accuracy) 81 80 to 83" in measured
    assert "How well the model reads" not in text_of(page)


def test_a_source_that_fell_silent_is_named(tmp_path: Path) -> None:
    mention = said("It came late.", sentiment="-1", moments="delivery", day="2026-10-20")
    with night_of(tmp_path / "w.duckdb", [mention]) as connection:
        assert "20 October silent for 13 days" in text_of(report.render(connection, company="Larkfield", night=NIGHT))


def test_a_single_danger_is_the_headline(tmp_path: Path) -> None:
    mention = said("It caught fire next to the cot.", sentiment="-2", moments="product", signals="crisis")
    with night_of(tmp_path / "w.duckdb", [mention]) as connection:
        words = text_of(report.render(connection, company="Larkfield", night=NIGHT))
    assert "Act today 1 person speaks of danger or legal steps" in words


def test_a_snapshot_can_be_read_only_and_holds_the_backlog(
    larkfields_night: duckdb.DuckDBPyConnection, page: str, tmp_path: Path
) -> None:
    snapshot = store.publish(larkfields_night, tmp_path, keep=1)
    with store.open_published(snapshot) as connection:
        assert report.render(connection, company="Larkfield", night=NIGHT) == page


def test_another_night_looks_back_on_other_weeks(larkfields_night: duckdb.DuckDBPyConnection) -> None:
    words = text_of(report.render(larkfields_night, company="Larkfield", night=date(2026, 10, 18), weeks=2))
    assert "5 October to 17 October" in words


def test_writing_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    report.write("old", path)
    report.write("new £", path)
    assert path.read_text("utf-8") == "new £"
    assert list(tmp_path.iterdir()) == [path]


def test_the_fixture_is_hostile() -> None:
    assert len(hostile_mentions()) >= 8
