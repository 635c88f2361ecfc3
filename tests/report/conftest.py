"""Pages of several warehouses, and a real headless Chromium to look at them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import polars as pl
import pytest
from playwright.sync_api import Browser, Page

from cxnlp import backlog, report
from cxnlp.insight.alerts import ALERTS
from cxnlp.settings import Backlog
from tests.backlog import larkfield
from tests.backlog.larkfield import NIGHT, Mention

#: An early warning that is open: complaints about deliveries, wherever, in the last four weeks.
WARNING = {"alert_id": "al-1", "kind": "rise", "family": "moment", "label": "delivery", "opened_on": NIGHT,
           "last_on": NIGHT, "n_days": 28, "n_reports": 9, "n_customers": 9, "expected_reports": 2.5}  # fmt: skip
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&lt;</p></dialog>{{7*7}}"


def night_of(path: Path, mentions: Iterable[Mention]) -> duckdb.DuckDBPyConnection:
    """A warehouse of ``mentions`` after the backlog was written."""
    connection = larkfield.warehouse(path, mentions)
    on = {"night": NIGHT, "run_id": "2026-11-02-1", "settings": Backlog()}
    backlog.write(connection, backlog.gather(connection, **on), **on)
    return connection


@pytest.fixture(scope="session")
def larkfields_night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The hand-written eight weeks with their backlog, an unusable file, a duplicate, a Polish letter and a warning."""
    with night_of(tmp_path_factory.mktemp("night") / "w.duckdb", larkfield.eight_weeks()) as connection:
        larkfield.trouble(connection)
        connection.execute(
            "INSERT INTO runs BY NAME SELECT * REPLACE ('2026-11-01-1' AS run_id, night - 1 AS night) FROM runs"
        )
        larkfield.insert(connection, "alerts", pl.DataFrame([WARNING], schema=ALERTS))
        yield connection


@pytest.fixture(scope="session")
def larkfields_page(larkfields_night: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the eight weeks, as a file."""
    path = tmp_path_factory.mktemp("page") / "page.html"
    report.write(report.render(larkfields_night, company="Larkfield", night=NIGHT), path)
    return path


def hostile_mentions() -> list[Mention]:
    """Feedback in which every field tries to be markup, a formula, a direction or endless."""
    long, turned = (
        f"</script><img src=x onerror=alert(5)>{'W' * 400}",
        "\u202egnihtemos siht si\u202d \u05e9\u05dc\u05d5\u05dd",
    )
    texts = [HOSTILE, f"{long} came in a box", f"{turned} parcel", '=HYPERLINK("http://example.org")',
             "\x00\x1b[31m parcel", "</script><script>alert(3)</script>", "a\u2028b parcel",
             "Parcel 🙂 " * 60]  # fmt: skip
    return [
        larkfield.said(text, person=f"p{n}", sentiment=str(-1 - n % 2), moments="delivery,staff",
                       unmeasurables="trust-", warnings="policy", signals="crisis,suggestion", location=HOSTILE,
                       product=long)
        for n, text in enumerate(texts)
    ]  # fmt: skip


@pytest.fixture(scope="session")
def hostile_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of hostile text in every field that comes from outside."""
    folder = tmp_path_factory.mktemp("hostile")
    with night_of(folder / "w.duckdb", hostile_mentions()) as connection:
        larkfield.trouble(connection)
        connection.execute("UPDATE quarantine SET problem = $1, source = $1, file = $1, masked_file = $1", [HOSTILE])
        connection.execute("UPDATE feedback SET language = $1 WHERE NOT is_readable", [HOSTILE])
        connection.execute("UPDATE backlog SET title = $1, owner = $1, warnings = $1, quote_2 = $1", [HOSTILE])
        connection.execute("UPDATE runs SET model_version = $1", [HOSTILE])
        praise = larkfield.said("{agent:Ann} was kind", person="z", sentiment="2", moments="staff")
        larkfield.add(connection, [praise])
        connection.execute("UPDATE employees SET role = $1", [HOSTILE])
        report.write(report.render(connection, company=HOSTILE, night=NIGHT), folder / "page.html")
    return folder / "page.html"


@dataclass
class Visit:
    """An opened page, and what it tried."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


Visitor = Callable[..., Visit]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visitor]:
    """Opens a page file and records console errors and every request."""
    contexts = []

    def open_page(path: Path, width: int = 1280, scheme: str = "light", **options: object) -> Visit:
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, **options)
        contexts.append(context)
        page = context.new_page()
        seen = Visit(page)
        page.on("console", lambda message: seen.complaints.append(message.text) if message.type != "log" else None)
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (seen.complaints.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: seen.requests.append(request.url))
        page.goto(path.as_uri())
        return seen

    yield open_page
    for context in contexts:
        context.close()
