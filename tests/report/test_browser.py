"""The page in real Chromium: it works, keeps to itself, fits, can be read by anyone, and prints."""

import re
from itertools import pairwise
from pathlib import Path

import duckdb
import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from cxnlp.report import printing
from tests.report.conftest import HOSTILE, WARNING, Visit, Visitor
from tests.report.screenshots import take

#: Contrast of every visible text with what is behind it, by the formula of WCAG 2.2; large text needs 3, other 4.5.
FAINT_TEXT = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data; };
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (node) => { for (let n = node; n; n = n.parentElement) {
    const c = rgba(getComputedStyle(n).backgroundColor); if (c[3] > 250) return c; } return rgba("white"); };
  const faint = [];
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || node.closest("svg, script, style") || !node.checkVisibility()) continue;
    const style = getComputedStyle(node), size = parseFloat(style.fontSize);
    const [a, b] = [light(rgba(style.color)), light(behind(node))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    if (ratio < (large ? 3 : 4.5)) faint.push(`${ratio.toFixed(1)} ${node.tagName}.${node.className}`);
  }
  return faint; }"""

NO_SIDEWAYS = "() => document.documentElement.scrollWidth <= window.innerWidth"


def quiet(visit: Visit) -> None:
    """Nothing was complained about and nothing asked for but the file itself."""
    assert visit.complaints == []
    assert [url for url in visit.requests if not url.startswith("file:")] == []
    assert len(visit.requests) == 1


@pytest.mark.parametrize(
    ("width", "scheme"), [(360, "light"), (360, "dark"), (768, "light"), (1280, "dark"), (2560, "light")]
)
def test_it_opens_quietly_and_fits(visit: Visitor, larkfields_page: Path, width: int, scheme: str) -> None:
    seen = visit(larkfields_page, width, scheme)
    assert seen.page.evaluate(NO_SIDEWAYS)
    seen.page.evaluate("() => document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    assert seen.page.evaluate(NO_SIDEWAYS)
    quiet(seen)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_can_be_read(visit: Visitor, larkfields_page: Path, scheme: str) -> None:
    seen = visit(larkfields_page, 1280, scheme)
    assert seen.page.evaluate(FAINT_TEXT) == []
    seen.page.locator("#moments .num").first.click()
    assert seen.page.evaluate(FAINT_TEXT) == []


def test_dark_is_dark(visit: Visitor, larkfields_page: Path) -> None:
    background = "() => getComputedStyle(document.body).backgroundColor"
    colours = [visit(larkfields_page, 1280, scheme).page.evaluate(background) for scheme in ("light", "dark")]
    light, dark = (sum(int(part) for part in re.findall(r"\d+", colour)[:3]) for colour in colours)
    assert light > 700
    assert dark < 120


def test_every_number_opens_its_quotes(visit: Visitor, larkfields_page: Path) -> None:
    seen = visit(larkfields_page)
    opened = seen.page.evaluate(
        """() => { const dialog = document.querySelector('dialog'), numbers = {};
        for (const button of document.querySelectorAll('[data-set]')) {
          button.dispatchEvent(new MouseEvent('click', { bubbles: true }));
          numbers[button.dataset.set] = dialog.querySelectorAll('#quotes-list blockquote p').length;
          dialog.close();
        }
        return numbers; }"""
    )
    assert len(opened) > 60
    assert "alert:al-1" in opened
    assert {key: n for key, n in opened.items() if not 1 <= n <= 10} == {}
    quiet(seen)


def test_every_number_opens_sql_that_runs(
    visit: Visitor, larkfields_page: Path, larkfields_night: duckdb.DuckDBPyConnection
) -> None:
    """The headline's, the clocks', the scorecard's, the sources' and the warnings', too; of quotes three a section."""
    seen = visit(larkfields_page)
    opened = seen.page.evaluate(
        """() => { const dialog = document.querySelector('dialog'), queries = {};
        dialog.showModal = () => {};  // what is in it is all the same without drawing it a thousand times
        for (const number of document.querySelectorAll('.num')) {
          number.dispatchEvent(new MouseEvent('click', { bubbles: true }));
          const sql = (id) => document.getElementById(id).textContent;
          const section = number.closest('section').id || 'lead';
          const found = (queries[section] ??= { how: new Set(), quotes: [] });
          found.how.add(sql('quotes-how'));
          if (number.dataset.set && found.quotes.length < 3) found.quotes.push(sql('quotes-sql'));
          dialog.close();
        }
        for (const [name, { how, quotes }] of Object.entries(queries)) queries[name] = [...how, ...quotes];
        return queries; }"""
    )
    assert set(opened) == {"lead", "journey", "moments", "trends", "unmeasurables", "warnings", "backlog", "people",
                           "scorecard", "quality"}  # fmt: skip
    for query in {query for queries in opened.values() for query in queries}:
        assert larkfields_night.execute(query).fetchone() is not None, query
    quiet(seen)


def test_a_warning_opens_as_many_people_as_it_counts(
    visit: Visitor, larkfields_page: Path, larkfields_night: duckdb.DuckDBPyConnection
) -> None:
    page = visit(larkfields_page).page
    page.locator("#warnings .num[data-set]").first.click()
    assert page.locator("#quotes-count").inner_text() == f"{WARNING['n_customers']} people"
    query = page.locator("#quotes-sql").evaluate("(node) => node.textContent").replace("quote, context", "person_key")
    people = {row[2] for row in larkfields_night.execute(query).fetchall()}
    assert len(people) == WARNING["n_customers"]


def test_a_number_opens_what_it_counts(visit: Visitor, larkfields_page: Path) -> None:
    page = visit(larkfields_page).page
    page.get_by_role("button", name="15, Delivery and collection, negative").click()
    dialog = page.get_by_role("dialog", name="Delivery and collection: negative")
    assert dialog.get_by_text("10 of 15 mentions, the strongest").is_visible()
    first = dialog.locator("li").first
    assert "Oversized box number four" in first.inner_text()
    assert "very bad" in first.inner_text()
    assert "27 October · post · Kettlewick" in first.inner_text().replace("\u00a0", " ")
    dialog.get_by_text("Find all of them").click()
    assert "family = 'moment' AND label = 'delivery' AND sentiment < 0" in dialog.locator("#quotes-sql").inner_text()
    dialog.get_by_role("button", name="Close").click()
    assert not page.locator("dialog").is_visible()


def test_the_keyboard_is_enough(visit: Visitor, larkfields_page: Path) -> None:
    page = visit(larkfields_page).page
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.textContent") == "Skip to the morning's headline"
    button = page.locator("#moments .num").first
    button.focus()
    assert page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.press("Enter")
    assert page.locator("dialog").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("dialog").is_visible()
    assert button.evaluate("(node) => node === document.activeElement")


def test_a_screen_reader_finds_its_way(visit: Visitor, larkfields_page: Path) -> None:
    page = visit(larkfields_page).page
    assert (
        page.get_by_role("main").count()
        == page.get_by_role("banner").count()
        == page.get_by_role("contentinfo").count()
        == 1
    )
    assert page.get_by_role("navigation", name="Sections").count() == 1
    assert page.get_by_role("heading", level=1).count() == 1
    assert page.get_by_role("region").count() >= 8
    assert page.evaluate(
        "() => [...document.querySelectorAll('table')].every((t) => t.caption && t.caption.textContent.trim())"
    )
    assert page.evaluate(
        "() => [...document.querySelectorAll('svg:not(.map)')].every((s) => s.getAttribute('aria-hidden') === 'true')"
    )
    assert page.evaluate("() => [...document.querySelectorAll('button')].every((b) => b.textContent.trim())")
    assert page.get_by_role("group", name="Journey map: Awareness, Buy-in").count() == 1
    assert (
        page.get_by_role("button", name="Delivery and collection, −76 · 16 people, needs improvement, urgent").count()
        == 1
    )
    levels = page.evaluate("() => [...document.querySelectorAll('main :is(h1,h2,h3)')].map((h) => +h.tagName[1])")
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = page.evaluate("() => [...document.querySelectorAll('[id]')].map((n) => n.id)")
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("width", [360, 1280])
def test_hostile_text_stays_text(visit: Visitor, hostile_page: Path, width: int) -> None:
    seen = visit(hostile_page, width)
    assert seen.page.evaluate(NO_SIDEWAYS)
    assert seen.page.title().startswith("<script>alert(1)</script>")
    for button in seen.page.locator("#moments .neg [data-set]").all():
        button.click()
        assert HOSTILE[:25] in seen.page.locator("#quotes-list").inner_text()
        assert seen.page.evaluate("() => document.querySelector('dialog .sheet').scrollWidth <= innerWidth")
        seen.page.keyboard.press("Escape")
    assert seen.page.locator("script").count() == 3
    assert seen.page.locator("img, iframe, link, object").count() == 0
    quiet(seen)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(visit: Visitor, larkfields_page: Path, scheme: str) -> None:
    page = visit(larkfields_page, 1280, scheme).page
    page.evaluate("() => document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    page.select_option("select[name=channel]", "social")
    assert serious(page) == []
    page.locator("#moments .num").first.click()
    assert serious(page) == []


def serious(page: Page) -> list[tuple[str, str]]:
    """Rule and place of what axe-core calls serious or critical."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [(each["id"], str(node["target"])) for each in found if each["impact"] in ("serious", "critical")
            for node in each["nodes"]]  # fmt: skip


def test_axe_can_complain(visit: Visitor, larkfields_page: Path) -> None:
    page = visit(larkfields_page).page
    page.evaluate("() => document.querySelector('main').replaceChildren(document.querySelector('select'))")
    assert [rule for rule, _ in serious(page)] == ["select-name"]


def test_no_line_begins_with_the_sign_behind_a_number(visit: Visitor, larkfields_page: Path) -> None:
    page = visit(larkfields_page).page
    assert page.locator(".together").count() > 5
    loose = page.evaluate("""() => [...document.querySelectorAll(".num")]
      .filter((number) => /^[.,;:]/.test(number.nextSibling?.data ?? ""))
      .filter((number) => getComputedStyle(number.parentElement).whiteSpace !== "nowrap")
      .map((number) => number.parentElement.textContent)""")
    assert loose == []


def test_a_turned_direction_ends_with_its_quote(visit: Visitor, hostile_page: Path) -> None:
    page = visit(hostile_page).page
    assert page.evaluate(
        "() => [...document.querySelectorAll('.quote p')].every((p) => getComputedStyle(p).unicodeBidi === 'isolate')"
    )


def test_on_paper_what_is_folded_is_counted_and_the_map_lies_whole_on_its_side(
    visit: Visitor, larkfields_page: Path, tmp_path: Path
) -> None:
    seen = visit(larkfields_page)
    headings = seen.page.locator("h2, h3").all_inner_texts()
    seen.page.pdf(path=str(tmp_path / "page.pdf"), format="A4", prefer_css_page_size=True)
    with pypdfium2.PdfDocument(tmp_path / "page.pdf") as document:
        sizes = [page.get_size() for page in document]
        texts = [page.get_textpage().get_text_bounded() for page in document]
    text = " ".join(" ".join(texts).split())
    assert 4 <= len(texts) <= 8
    assert "speak of danger or legal steps" in text
    assert "Four more quotes in the page" in text
    assert "Oversized box number four this month" not in text  # a quote that is folded on the screen
    assert "How this is computed" not in text
    assert not {each.strip().splitlines()[-1] for each in texts} & set(headings)  # none alone at a page's end
    (on_its_side,) = [n for n, (width, height) in enumerate(sizes) if width > height]
    stages = ("Awareness", "Buy-in", "Acquisition", "Care", "Use", "Share")
    assert all(words in texts[on_its_side] for words in (*stages, "Behind the scenes", "Tell others?"))
    quiet(seen)


def test_a_picture_for_chat_says_whose_it_is_and_of_which_day(visit: Visitor, larkfields_page: Path) -> None:
    page = visit(larkfields_page).page
    page.evaluate(printing.AS_PICTURES)
    feet = [page.locator(f"{part} .origin").first.inner_text() for part in (".lead", "#journey", "#warnings")]
    assert feet == ["Larkfield · as of Monday 2\xa0November 2026"] * 3
    item = page.locator("#backlog tbody tr").first
    assert item.locator(".origin").inner_text() == f"{feet[0]} · {item.get_attribute('id')}"


def test_it_opens_within_a_second(visit: Visitor, larkfields_page: Path) -> None:
    page = visit(larkfields_page).page
    spent = []
    for _ in range(5):  # whatever else the machine does, it does not do it five times
        spent.append(page.evaluate("() => performance.getEntriesByType('navigation')[0].loadEventEnd"))
        page.reload()
    assert min(spent) < 1000


def test_the_documents_pictures_can_be_taken_again(browser: Browser, larkfields_page: Path, tmp_path: Path) -> None:
    take(browser, larkfields_page, tmp_path)
    pictures = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(pictures) == {"page.png", "journey.png"}
    assert all(int.from_bytes(picture[16:20]) == 1280 for picture in pictures.values())
