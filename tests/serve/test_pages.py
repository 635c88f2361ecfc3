"""The live view's pages: what they show, whom they refuse, and moves by a form."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from markupsafe import escape
from starlette.testclient import TestClient

from cxnlp.backlog.moves import MoveRefused
from cxnlp.cli.init import init
from cxnlp.errors import CxnlpError
from cxnlp.serve.application import make
from cxnlp.serve.gate import Policy
from cxnlp.serve.moves import Wish
from cxnlp.serve.tokens import Token
from cxnlp.settings import Workspace, open_workspace
from tests.report.conftest import HOSTILE
from tests.serve.conftest import HEADER, HERE, TOKEN

BROWSER = {"Accept": "text/html"}


class Night(CxnlpError):
    """A night is at work."""

    exit_code = 3


@pytest.fixture
def moved() -> list[tuple[str, Wish]]:
    """The moves that were made."""
    return []


@pytest.fixture
def mover(workspace: Workspace, moved: list[tuple[str, Wish]]) -> Iterator[TestClient]:
    """A server on which an item may be accepted or snoozed."""

    def move(item_id: str, wish: Wish) -> dict[str, Any]:
        if wish.move == "close":
            raise MoveRefused("it is new; allowed: accept, snooze.")
        if wish.move == "reopen":
            raise Night("a night is already running here.")
        moved.append((item_id, wish))
        return {"item_id": item_id, "event": "accepted", "by": wish.by, "due_on": wish.due_on}

    app = make(workspace, Policy(Token(TOKEN)), move=move)
    with TestClient(app, base_url=HERE, raise_server_exceptions=False, follow_redirects=False) as made:
        yield made


def first_item(client: TestClient) -> str:
    return str(client.get("/api/backlog").json()[0]["item_id"])


def test_the_page_is_the_nights_own_with_a_way_on(client: TestClient, workspace: Workspace) -> None:
    page = client.get("/")
    body = page.text
    way_on = body[body.index("<nav", body.index("<body")) : body.index("</nav>") + 6]
    assert re.findall('href="([^"]+)"', way_on) == [
        "/", "/backlog", "/plan", "/moments", "/alerts", "/find", "/archive/index.html", "/api",
    ]  # fmt: skip
    assert "What was decided since stands in the backlog" in way_on
    assert "decided since" not in client.get("/plan").text
    own = body.replace(way_on, "").replace("<body data-served>", "<body>")
    assert own.split() == workspace.page_file.read_text("utf-8").split()
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


def test_past_nights_and_the_plan_are_served_with_the_way_on(client: TestClient) -> None:
    assert client.get("/archive", follow_redirects=False).headers["location"] == "/archive/index.html"
    calendar = client.get("/archive/index.html").text
    (night,) = re.findall('<td class="told[^"]*"><a href="([^"]+)"', calendar)
    archived = client.get(f"/archive/{night}").text
    plan = client.get("/plan").text
    assert "Kept in the archive without quotes" in archived
    assert "to work on, stage by stage" in plan
    for page in (calendar, archived, plan):
        assert '<a href="/backlog">' in page
        assert "nav.top a {" in page  # its links look as elsewhere
        assert "<script" not in page
    for missing in ("2020-01-01.html", "..%2Fcxnlp.toml", "cxnlp.toml", ".secret"):
        assert client.get(f"/archive/{missing}", headers=BROWSER).status_code == 404


@pytest.mark.parametrize(
    "url", ["/moments", "/moments/delivery", "/backlog", "/find", "/find?words=parcel", "/alerts", "/api"]
)
def test_nothing_runs_on_a_page_and_nothing_is_fetched(client: TestClient, url: str) -> None:
    page = client.get(url, headers=BROWSER)
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "<script" not in page.text
    assert " style=" not in page.text
    links = re.findall('(?:href|src|action)="([^"]+)"', page.text)
    assert all(link.startswith(("/", "#main")) for link in links)


@pytest.mark.parametrize("url", ["/", "/plan", "/backlog", "/archive/index.html", "/health", "/api/status", "/nothing"])
def test_head_says_what_get_says_without_its_body(client: TestClient, url: str) -> None:
    head, get = client.head(url), client.get(url)
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert head.headers["content-type"] == get.headers["content-type"]


def test_the_styles_that_a_page_names_are_there(client: TestClient) -> None:
    page = client.get("/backlog", headers=BROWSER).text
    named = re.findall('rel="stylesheet" href="([^"]+)"', page)
    assert named == ["/assets/page.css", "/assets/live.css"]
    for url in named:
        style = client.get(url)
        assert (style.status_code, style.headers["content-type"]) == (200, "text/css; charset=utf-8")
        assert style.text.count("{") == style.text.count("}") > 10


def test_what_a_customer_wrote_is_text(client: TestClient) -> None:
    for url in ("/moments/delivery", f"/find?words={HOSTILE}", "/find?words=my+parcel+came+late"):
        page = client.get(url, headers=BROWSER)
        assert page.status_code == 200
        assert "&lt;script&gt;alert(1)" in page.text
        assert "<script" not in page.text
        assert "onerror=alert(2)&gt;" in page.text


def test_a_number_says_what_it_takes_for_granted(client: TestClient) -> None:
    page = client.get("/moments/delivery", headers=BROWSER).text
    assert 'Resolution <span class="live-note">who says no more of it and does not leave' in page


def test_errors_are_pages_for_people(client: TestClient) -> None:
    missing = client.get("/moments/nothing", headers=BROWSER)
    assert missing.status_code == 404
    assert "Not there" in missing.text
    assert "no moment called" in missing.text
    assert client.get("/evidence/nothing", headers=BROWSER).status_code == 404
    assert client.get("/find?words=x&since=soon", headers=BROWSER).status_code == 422


def test_an_early_warning_leads_to_its_item(client: TestClient) -> None:
    (item,) = re.findall('href="(/backlog/cx-[^"]+)"', client.get("/alerts", headers=BROWSER).text)
    assert "<h1>Delivery disappoints" in client.get(item, headers=BROWSER).text


def test_an_items_heading_is_its_title(client: TestClient) -> None:
    """A sentence is of some of its people; the title is of all."""
    item = client.get(f"/api/backlog/{first_item(client)}").json()
    page = client.get(f"/backlog/{item['item_id']}", headers=BROWSER).text
    assert re.findall("<h1>(.*?)</h1>", page) == [escape(item["title"])]
    assert f">{escape(item['title'])}</a>" in client.get("/backlog", headers=BROWSER).text


def test_the_backlog_shows_what_it_is_asked_for(client: TestClient) -> None:
    items = client.get("/api/backlog").json()
    for query, n in (("", len(items)), ("?show=aside", 0), ("?show=overdue", 0), ("?owner=nobody+at+all", 0)):
        page = client.get(f"/backlog{query}", headers=BROWSER).text
        assert page.count('<th scope="row">') == n, query
    assert '<span class="sub">suggested</span>' in client.get("/backlog", headers=BROWSER).text
    assert client.get("/backlog?show=mine", headers=BROWSER).status_code == 422


def test_an_item_says_why_it_has_its_priority(client: TestClient) -> None:
    name = first_item(client)
    parts = client.get(f"/api/backlog/{name}/explain").json()["parts"]
    page = client.get(f"/backlog/{name}", headers=BROWSER).text
    assert parts
    assert [part["part"] for part in parts] == re.findall(r'<tr><th scope="row">(\w+)</th>', page)
    assert " likely)" in page


def test_where_nobody_moves_items_nothing_can_be_changed(client: TestClient) -> None:
    item = first_item(client)
    assert "<form" not in client.get(f"/backlog/{item}", headers=BROWSER).text
    assert client.post(f"/backlog/{item}", data={"move": "accept"}).status_code == 405
    assert client.post(f"/api/backlog/{item}/moves", json={}, headers=HEADER).status_code == 404


def test_a_move_over_the_api(mover: TestClient, moved: list[tuple[str, Wish]]) -> None:
    item = first_item(mover)
    wish = {"move": "accept", "by": "ann", "owner": "Logistics", "due_on": "2026-11-20"}
    url = f"/api/backlog/{item[:8]}/moves"
    assert mover.post(url, json=wish).status_code == 401
    assert moved == []
    event = mover.post(url, json=wish, headers=HEADER)
    assert event.json() == {"item_id": item, "event": "accepted", "by": "ann", "due_on": "2026-11-20"}
    assert moved == [(item, Wish(move="accept", by="ann", owner="Logistics", due_on=date(2026, 11, 20)))]
    for wrong, status in (
        ({"move": "close", "by": "ann"}, 409),
        ({"move": "reopen", "by": "ann"}, 503),
        ({"move": "burn", "by": "ann"}, 422),
        ({"move": "note", "by": "ann", "note": "two\nlines"}, 422),
        ({"move": "note", "by": ""}, 422),
        ({"move": "note", "by": "ann", "at": "2026-11-02"}, 422),
    ):
        assert mover.post(url, json=wrong, headers=HEADER).status_code == status
    assert mover.post("/api/backlog/nothing/moves", json=wish, headers=HEADER).status_code == 404
    assert len(moved) == 1
    paths = mover.get("/openapi.json").json()["paths"]
    assert paths["/api/backlog/{item}/moves"]["post"]["security"] == [{"token": []}]


def test_a_move_by_a_form_asks_for_the_token(mover: TestClient, moved: list[tuple[str, Wish]]) -> None:
    item = first_item(mover)
    page = mover.get(f"/backlog/{item}", headers=BROWSER).text
    assert re.findall('type="radio" name="move" value="([^"]+)"', page) == [
        "accept",
        "start",
        "ship",
        "decline",
        "snooze",
        "note",
        "assign",
    ]
    given = {"move": "accept", "by": "ann", "owner": "", "due_on": "2026-11-20", "on": "", "note": ""}
    refused = mover.post(f"/backlog/{item}", data=given | {"token": "not this one"}, headers=BROWSER)
    assert (refused.status_code, "This is not the token." in refused.text, 'value="ann"' in refused.text) == (
        401,
        True,
        True,
    )
    assert "not this one" not in refused.text
    assert moved == []
    made = mover.post(f"/backlog/{item}", data=given | {"token": TOKEN}, headers=BROWSER | {"Origin": HERE})
    assert (made.status_code, made.headers["location"]) == (303, f"/backlog/{item}")
    assert moved == [(item, Wish(move="accept", by="ann", due_on=date(2026, 11, 20)))]
    somewhere = {"move": "ship", "on": "2026-11-01", "where": "location=Hull; location=Elm", "token": TOKEN}
    mover.post(f"/backlog/{item}", data=given | somewhere, headers=BROWSER | {"Origin": HERE})
    assert moved.pop()[1].where == ("location=Hull", "location=Elm")
    foreign = mover.post(f"/backlog/{item}", data=given | {"token": TOKEN}, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403
    for more, words in (
        ({"move": "close"}, "allowed: accept, snooze"),
        ({"due_on": "soon"}, "due_on"),
        ({"by": ""}, "by"),
    ):
        told = mover.post(f"/backlog/{item}", data=given | {"token": TOKEN} | more, headers=BROWSER)
        assert told.status_code in (409, 422)
        assert words in told.text
    assert len(moved) == 1


def test_without_a_night_it_is_not_ready(tmp_path: Path) -> None:
    init(tmp_path)
    with TestClient(make(open_workspace(tmp_path), Policy(Token(TOKEN), is_open=False)), base_url=HERE) as client:
        told = client.get("/health")
    assert (told.status_code, told.json()["error"]["code"]) == (503, "not_ready")
    assert str(tmp_path) not in told.text


@pytest.mark.parametrize("is_secure", [True, False])  # False: a proxy speaks TLS, and http to the server
def test_from_elsewhere_a_browser_logs_in_to_read(workspace: Workspace, is_secure: bool) -> None:
    app = make(workspace, Policy(Token(TOKEN), is_open=False, names=frozenset({"cx.example"}), is_secure=is_secure))
    with TestClient(app, base_url=f"http{'s' * is_secure}://cx.example", follow_redirects=False) as client:
        assert client.get("/", headers=BROWSER).headers["location"] == "/login"
        assert client.head("/").status_code == 401
        assert client.get("/health").json() == {"status": "ok"}
        assert client.post("/login", data={"token": "a guess"}).status_code == 401
        done = client.post("/login", data={"token": TOKEN}, headers={"Origin": "https://cx.example"})
        cookie = done.headers["set-cookie"].lower()
        assert all(word in cookie for word in ("httponly", "samesite=strict", "secure"))
        assert TOKEN not in cookie
        marked = {"Cookie": done.headers["set-cookie"].partition(";")[0]}
        client.cookies.clear()
        assert client.get("/moments", headers=BROWSER | marked).status_code == 200
        assert client.get("/api/moments", headers=marked).status_code == 200
        assert client.post("/api/sql", json={"query": "SELECT 1"}, headers=marked).status_code == 401  # it only reads
        ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
        spoken = {"Accept": "application/json, text/event-stream"}
        assert client.post("/mcp", json=ping, headers=HEADER | spoken).status_code == 200
        assert client.post("/mcp", json=ping, headers=HEADER | spoken | {"Host": "evil.example"}).status_code == 421
