"""What stays of a night: its page without a customer's word, and the calendar that leads to it."""

import re
from datetime import date
from pathlib import Path

import duckdb
import pytest

from cxnlp import report
from cxnlp.privacy.runs import runs_in, runs_of
from cxnlp.report import archive, wordless
from cxnlp.report.answers import Answer
from cxnlp.report.archive import calendar
from tests.backlog.larkfield import NIGHT, eight_weeks
from tests.report.conftest import HOSTILE, Visitor
from tests.report.test_browser import NO_SIDEWAYS, quiet, serious
from tests.report.test_page import text_of


@pytest.fixture(scope="module")
def seen(larkfields_night: duckdb.DuckDBPyConnection) -> report.Look:
    return report.look(larkfields_night, company="Larkfield", night=NIGHT)


@pytest.fixture(scope="module")
def kept(seen: report.Look) -> str:
    """The page of the eight weeks as it is archived, with nobody too few to be told of."""
    return report.draw_wordless(seen)


@pytest.fixture(scope="module")
def folder(kept: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of three nights."""
    folder = tmp_path_factory.mktemp("archive") / "pages"
    for night in (date(2026, 10, 31), NIGHT, date(2026, 11, 1)):
        archive.add(folder, kept, night=night, company="Larkfield", most=400)
    return folder


def test_it_says_no_word_of_any_customer(seen: report.Look, kept: str) -> None:
    said_by_all = {run for mention in eight_weeks() for run in runs_of(re.sub(r"[{}]", "", mention["text"]))}
    assert runs_in(report.draw(seen).encode(), said_by_all)
    assert runs_in(kept.encode(), said_by_all) == set()
    quotes = {row["quote"] for row in seen.answers["quotes"].rows}
    assert [quote for quote in quotes if quote in kept] == []


@pytest.mark.parametrize("words", ["oversized box", "handling fee", "GlowNest", "7861cc", "scanned page", "<script"])
def test_terms_pseudonyms_and_reasons_are_left_out(seen: report.Look, kept: str, words: str) -> None:
    assert words in report.draw(seen)
    assert words not in kept


@pytest.mark.parametrize(
    "words",
    [
        "5 people speak of danger or legal steps",
        "Delivery disappoints . 14 people , steady",
        "From 56 letters, call notes and posts by 56 people",
        "5 wishes by 5 people",
        "1× post_room : could not be used",
        "Kept in the archive without quotes",
    ],
)
def test_its_numbers_are_those_of_the_morning(kept: str, words: str) -> None:
    assert words in text_of(kept)


def test_nothing_in_it_opens(kept: str) -> None:
    assert not re.search(r"data-set|<dialog|<blockquote|<form|<button", kept)


@pytest.mark.parametrize(("n_reports", "place"), [(4, None), (5, "Wexcombe")])
def test_of_few_people_a_warning_does_not_say_where(n_reports: int, place: str | None) -> None:
    row = {"n_reports": n_reports, "product": "Owl lamp", "location": "Wexcombe"}
    told = wordless.answers(
        {"alerts": Answer("", "", "", "", [row]), "refused": Answer("", "", "", "", [])}, least_group=5
    )
    (left,) = told["alerts"].rows
    assert (left["location"], bool(left["product"])) == (place, bool(place))


def test_each_night_is_a_link_with_its_headline(folder: Path) -> None:
    index = (folder / "index.html").read_text("utf-8")
    links = re.findall(r'<a href="([^"]+)"><time datetime="([^"]+)">\d+</time> <span>([^<]+)</span>', index)
    headline = "5 people speak of danger or legal steps"
    assert links == [(f"{night}.html", night, headline) for night in ("2026-11-01", "2026-11-02", "2026-10-31")]
    assert {path.name for path in folder.iterdir()} == {"index.html", *(href for href, _, _ in links)}


def test_the_same_night_twice_is_one_page(tmp_path: Path) -> None:
    for words in ("old", "new"):
        archive.add(tmp_path, page(words), night=NIGHT, company="Larkfield", most=3)
    assert (tmp_path / "2026-11-02.html").read_text("utf-8") == page("new")
    index = (tmp_path / "index.html").read_text("utf-8")
    assert index.count("<a ") == 1
    assert "<span>new</span>" in index


def test_the_oldest_nights_go_and_other_files_stay(tmp_path: Path) -> None:
    for name in ("notes.txt", "2026-99-99.html"):
        (tmp_path / name).write_text("ours", "utf-8")
    for number in (3, 1, 2, 4):
        archive.add(tmp_path, page("x"), night=date(2026, 11, number), company="Larkfield", most=2)
    others = {"notes.txt", "2026-99-99.html"}
    assert {path.name for path in tmp_path.iterdir()} == {"2026-11-03.html", "2026-11-04.html", "index.html", *others}
    archive.clear(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == others


def test_what_a_killed_night_left_is_swept(tmp_path: Path) -> None:
    archive.add(tmp_path, page("x"), night=NIGHT, company="Larkfield", most=2)
    (tmp_path / ".2026-11-03.html.k2j.part").write_text("half", "utf-8")
    archive.sweep(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"2026-11-02.html", "index.html"}


def test_a_month_has_whole_weeks_from_monday() -> None:
    (month,) = calendar.months({date(2026, 2, 3): ""})
    assert [len(week) for week in month.weeks] == [7] * 5
    assert month.weeks[0][6] == date(2026, 2, 1)
    assert month.weeks[-1][6] is None


@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1280, "light")])
def test_the_calendar_leads_to_the_night(visit: Visitor, folder: Path, width: int, scheme: str) -> None:
    opened = visit(folder / "index.html", width, scheme)
    assert opened.page.evaluate(NO_SIDEWAYS)
    assert serious(opened.page) == []
    quiet(opened)
    opened.page.keyboard.press("Tab")
    opened.page.keyboard.press("Enter")
    opened.page.wait_for_url("**/2026-11-01.html")
    assert opened.page.evaluate(NO_SIDEWAYS)
    opened.page.get_by_role("link", name="All nights").click()
    opened.page.wait_for_url("**/index.html")
    assert opened.complaints == []


def test_hostile_headlines_stay_text() -> None:
    index = calendar.render({NIGHT: HOSTILE}, company=HOSTILE)
    assert "<script" not in index
    assert "<img" not in index


def page(headline: str) -> str:
    """As much of a page as the calendar reads."""
    return f'<meta name="description" content="{headline}">'
