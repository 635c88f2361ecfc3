"""The API: what it answers is what the command line says, what it cannot answer is explained."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from cxnlp.answers.moments import moments
from cxnlp.cli import app
from cxnlp.serve.application import make
from cxnlp.serve.gate import Policy
from cxnlp.serve.tokens import Token
from cxnlp.settings import Workspace
from cxnlp.warehouse import store
from tests.serve.conftest import HEADER, HERE, TOKEN, copied


def said(workspace: Workspace, *words: str) -> Any:
    """What a command answers to a machine."""
    done = CliRunner().invoke(app, [*words, "-w", str(workspace.root), "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def asked(client: TestClient, url: str, **values: Any) -> Any:
    """What the API answers."""
    response = client.get(url, params=values or None)
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize(
    ("words", "url"),
    [
        (("moments",), "/api/moments"),
        (("moments", "delivery"), "/api/moments/delivery"),
        (("scorecard",), "/api/scorecard"),
        (("alerts",), "/api/alerts"),
        (("drivers",), "/api/drivers"),
        (("plan",), "/api/plan"),
        (("themes", "list"), "/api/themes"),
        (("find", "oversized box", "--words", "-n", "3"), "/api/find?words=oversized+box&only_words=true&limit=3"),
        (("why", "moments.delivery", "--from", "2026-09", "--to", "2026-10", "--no-retag"),
         "/api/why?label=moments.delivery&from=2026-09&to=2026-10"),
    ],
)  # fmt: skip
def test_it_answers_as_the_command_line_does(
    client: TestClient, workspace: Workspace, words: tuple[str, ...], url: str
) -> None:
    assert asked(client, url) == said(workspace, *words)


def test_the_backlog_is_the_same_but_for_small_groups(client: TestClient, workspace: Workspace) -> None:
    found = asked(client, "/api/backlog?state=new&owner=e")
    told = said(workspace, "backlog", "list", "--state", "new", "--owner", "e")
    assert [row["item_id"] for row in found] == [row["item_id"] for row in told]
    small = [row["n_customers"] < 5 for row in told]
    assert 0 < sum(small) < len(small)
    assert [row["n_customers"] == "<5" and row["quote_1"] is None for row in found] == small
    assert [row for row in found if row["n_customers"] != "<5"] == [row for row in told if row["n_customers"] >= 5]
    events = asked(client, "/api/backlog/events")
    assert [row["event"] for row in events] == [row["event"] for row in said(workspace, "backlog", "log")]
    assert min(row["n_customers"] for row in events if row["n_customers"] is not None) >= 5


def test_a_priority_is_explained_but_for_small_groups(client: TestClient, workspace: Workspace) -> None:
    rows = {row["item_id"]: row for row in said(workspace, "backlog", "list")}
    found = {name: asked(client, f"/api/backlog/{name}/explain") for name in rows}
    large = next(name for name, row in rows.items() if row["n_customers"] >= 5)
    assert found[large] == said(workspace, "backlog", "explain", large)
    assert round(sum(part["points"] for part in found[large]["parts"]), 2) == found[large]["priority"]
    small = [found[name] for name, row in rows.items() if row["n_customers"] < 5]
    assert [(row["parts"], row["assumptions"], row["sentence"]) for row in small] == [([], [], None)] * len(small)
    assert not any(":" in row["title"] for row in small)


def test_status_says_the_same(client: TestClient, workspace: Workspace) -> None:
    found, told = asked(client, "/api/status"), said(workspace, "status")
    assert found.keys() == told.keys()
    assert found["sum"] == told["sum"]
    assert found["model"] == told["model"]


def test_find_reads_meaning_too(client: TestClient) -> None:
    found = asked(client, "/api/find", words="far too much packaging", moment="delivery", limit=3)
    assert found
    assert all("delivery" in row["moments"] for row in found)


def test_the_backlog_and_the_words_behind_it(client: TestClient) -> None:
    items = asked(client, "/api/backlog")
    item = next(each for each in items if each["label"] == "delivery")
    whole = asked(client, f"/api/backlog/{item['item_id']}")
    assert whole["title"] == item["title"]
    assert asked(client, f"/api/backlog/{item['item_id'][3:9]}") == whole  # its first digits are enough
    mentions = asked(client, f"/api/backlog/{item['item_id']}/evidence", limit=5)
    assert len(mentions) == 5
    assert all(row["sentiment"] < 0 for row in mentions)
    assert asked(client, "/api/backlog", state="shipped") == asked(client, "/api/backlog", overdue=True) == []
    owners = {row["owner"] for row in asked(client, "/api/backlog", owner=item["owner"])}
    assert owners == {item["owner"]}
    mention = asked(client, f"/api/evidence/{mentions[0]['mention_id']}")
    assert mention["quote"] == mentions[0]["quote"]
    assert ("moment", "delivery") in {(tag["family"], tag["label"]) for tag in mention["tags"]}


def test_of_small_groups_nobody_is_quoted(workspace: Workspace) -> None:
    strict = workspace.settings.model_copy(
        update={"privacy": workspace.settings.privacy.model_copy(update={"least_group": 1_000})}
    )
    app = make(workspace.model_copy(update={"settings": strict}), Policy(Token(TOKEN)))
    with TestClient(app, base_url=HERE) as client:
        items = asked(client, "/api/backlog")
        assert {row["n_customers"] for row in items} == {"<1000"}
        assert {row["quote_1"] for row in items} == {None}
        assert asked(client, f"/api/backlog/{items[0]['item_id']}/evidence") == []
        one, clocks = asked(client, f"/api/backlog/{items[0]['item_id']}"), asked(client, "/api/backlog/clock")["items"]
        assert (one["title"], "title" in one["clock"]) == (items[0]["title"], False)
        assert clocks
        assert not any("title" in row for row in clocks)
        assert asked(client, "/api/evidence", label="moments.delivery") == []
        assert all(row["is_hidden"] or not row["n_customers"] for row in asked(client, "/api/moments"))
        assert "Too few people" in client.get(f"/backlog/{items[0]['item_id']}").text


def test_rows_of_a_view_filtered_ordered_and_in_pages(client: TestClient) -> None:
    every = asked(client, "/api/views/evidence/rows", limit=1_000)
    late = {"occurred_on.ge": "2026-10-12", "label": "delivery", "sentiment.lt": "0", "rating.null": ""}
    some = asked(client, "/api/views/evidence/rows", **late, limit=1_000)
    assert some
    assert [row for row in every if row["label"] == "delivery" and row["sentiment"] is not None
            and row["sentiment"] < 0 and row["occurred_on"] >= "2026-10-12"] == some  # fmt: skip
    pages = [asked(client, "/api/views/evidence/rows", **late, limit=3, offset=at) for at in range(0, len(some), 3)]
    assert [row for page in pages for row in page] == some
    largest = asked(client, "/api/views/moments_all/rows", order="-n_mentions", limit=2)
    assert largest[0]["n_mentions"] >= largest[1]["n_mentions"]
    assert all("BOX" in row["quote"].upper() for row in asked(
        client, "/api/views/evidence/rows", **{"quote.contains": "BOX"}))  # fmt: skip
    names = {row["name"] for row in asked(client, "/api/views")}
    assert {"evidence", "moments_all"} <= names
    assert "feedback" not in names  # a table, not promised
    assert {row["name"] for row in asked(client, "/api/views/evidence")} == every[0].keys()


def test_pages_of_a_view_hold_each_row_once(client: TestClient) -> None:
    whole = asked(client, "/api/views/settled/rows", limit=1_000)
    assert len(whole) > 100
    keys = [list(row.values())[:4] for row in whole]
    assert keys == sorted(keys)
    pages = [asked(client, "/api/views/settled/rows", limit=97, offset=at) for at in range(0, len(whole), 97)]
    assert [row for page in pages for row in page] == whole


def test_rows_come_in_the_views_own_order(client: TestClient, workspace: Workspace) -> None:
    """The plan follows the journey, not its stages' letters; a filter and pages leave it so."""
    with store.open_published(workspace.database) as connection:
        own = [item_id for (item_id,) in connection.execute("SELECT item_id FROM plan_actions").fetchall()]
    pages = [asked(client, "/api/views/plan_actions/rows", limit=4, offset=at) for at in range(0, len(own), 4)]
    assert [row["item_id"] for page in pages for row in page] == own
    moments = asked(client, "/api/views/plan_actions/rows", kind="moment")
    assert [row["item_id"] for row in moments] == [row["item_id"] for page in pages for row in page
                                                   if row["kind"] == "moment"]  # fmt: skip
    assert list(dict.fromkeys(row["stage"] for row in moments)) == ["acquisition", "care", "use"]


def test_of_a_moment_no_number_is_of_few_people(client: TestClient, workspace: Workspace) -> None:
    found = [asked(client, f"/api/moments/{row['moment']}") for row in asked(client, "/api/moments")]
    with store.open_published(workspace.database) as connection:
        told = {row["moment"]: row for row in moments(connection, 1).rows}
        rates = moments(connection, 1).rates
    few = {(rate["moment"], rate["label"], rate["polarity"]) for rate in rates if 0 < rate["n_customers"] < 5}
    shown = [rate for row in found for rate in row["rates"]]
    hidden = [rate for rate in shown if (rate["moment"], rate["label"], rate["polarity"]) in few]
    assert 0 < len(hidden) < len(shown)
    assert {(rate["corrected_share"], rate["n_customers"], rate["n_feedback_reporting"]) for rate in hidden} == {
        (None, None, None)
    }
    for row in found:
        assert not 0 < (row["n_customers_crisis"] or 0) < 5
        assert {row[name] for name in row["few"]} <= {None}
        if not row["is_hidden"]:
            assert {name for name in told[row["moment"]] if name != "few" and row[name] is None} == {
                name for name, value in told[row["moment"]].items() if name != "few" and value is None
            } | set(row["few"])


def test_what_another_version_published_is_to_be_published_anew(workspace: Workspace, tmp_path: Path) -> None:
    place = copied(workspace, tmp_path)
    with duckdb.connect(place.database.resolve()) as older:
        for name in ("backlog_clock", "plan_actions", "scorecard"):
            views = older.execute("SELECT view_name FROM duckdb_views()").fetchall()
            older.execute(f"DROP {'VIEW' if (name,) in views else 'TABLE'} {name}")
    app = make(place, Policy(Token(TOKEN)), move=lambda item_id, wish: {})
    with TestClient(app, base_url=HERE, raise_server_exceptions=False) as client:
        for url in ("/api/backlog/cx-1/evidence", "/api/backlog/cx-1", "/api/plan", "/api/scorecard"):
            response = client.get(url)
            assert (response.status_code, "Run `cxnlp run`" in response.text) == (503, True), url
        wish = {"move": "note", "by": "ann", "note": "A word."}
        assert client.post("/api/backlog/cx-1/moves", json=wish, headers=HEADER).status_code == 503


@pytest.mark.parametrize(
    ("url", "status", "words"),
    [
        ("/api/moments/nothing", 404, "no moment called 'nothing'"),
        ("/api/backlog/nothing", 404, "'nothing': not found"),
        ("/api/backlog?state=gone", 422, "no such state. Allowed: new"),
        ("/api/evidence/nothing", 404, "no mention called"),
        ("/api/themes/nothing", 404, "not found"),
        ("/api/views/feedback", 404, "no documented view"),
        ("/api/views/sqlite_master/rows", 404, "no documented view"),
        ("/api/views/evidence/rows?limit=5000", 422, "less than or equal to 1000"),
        ("/api/views/evidence/rows?offset=-1", 422, "greater than or equal"),
        ("/api/views/evidence/rows?nothing=1", 422, "no column 'nothing'"),
        ("/api/views/evidence/rows?quote.like=x", 422, "'like' behind the dot"),
        ('/api/views/evidence/rows?quote"=1', 422, "no column"),
        ("/api/views/evidence/rows?order=quote;DROP", 422, "no column"),
        ("/api/views/evidence/rows?occurred_on=soon", 422, "does not fit its column"),
        ("/api/find?words=+", 422, "nothing to look for"),
        ("/api/find?words=x&moment=y'--", 422, "not in the warehouse"),
        ("/api/find?words=x&since=soon", 422, "since"),
        ("/api/why?label=moments.delivery&from=W46", 422, "Field required"),
        ("/api/why?label=moments.delivery&from=9999-99&to=W47", 422, "no period"),
        ("/api/why?label=x&from=W46&to=W47&retag=true", 401, "needs the token"),
        ("/api/drivers?outcome=sales", 422, "rating"),
        ("/api/evidence?label=moments.nothing", 422, "no label"),
        ("/api/nothing", 404, "Not Found"),
        ("/api/%2e%2e/%2e%2e/etc/passwd", 404, "Not Found"),
        ("/assets/%2e%2e%2fpages.py", 404, ""),
        ("/assets/..%2f..%2fcli%2fcxnlp.toml", 404, ""),
    ],
)
def test_what_cannot_be_asked_is_explained(client: TestClient, url: str, status: int, words: str) -> None:
    response = client.get(url)
    assert (response.status_code, words in response.json()["error"]["message"]) == (status, True), response.text


def test_an_error_repeats_nobodys_words(client: TestClient) -> None:
    response = client.get("/api/find", params={"words": "Mrs Kowalski of 7 Elm Street " * 60})
    assert response.status_code == 422
    assert "Kowalski" not in response.text


def test_a_browser_that_has_an_answer_gets_no_second(client: TestClient) -> None:
    first = client.get("/api/moments")
    assert first.headers["x-cxnlp-snapshot"].startswith("cx-2026-11-02-1")
    again = client.get("/api/moments", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("/api/moments/delivery", headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


def test_without_a_night_it_says_what_to_do(tmp_path: Any, workspace: Workspace) -> None:
    app = make(workspace.model_copy(update={"root": tmp_path}), Policy(Token(TOKEN)))
    with TestClient(app, base_url=HERE) as client:
        response = client.get("/api/moments")
        assert response.status_code == 503
        assert "cxnlp run" in response.json()["error"]["message"]
        assert client.get("/", headers={"Accept": "text/html"}).status_code == 404


def test_sql_needs_the_token_and_reads_only(client: TestClient) -> None:
    def ask(query: str, **more: Any) -> Any:
        return client.post("/api/sql", json={"query": query, **more}, headers=HEADER)

    assert client.post("/api/sql", json={"query": "SELECT 1"}).status_code == 401
    values = "1 AS a, 'x' AS b, 2.5 AS c, 'nan'::DOUBLE AS d, DATE '2026-11-02' AS e, [DATE '2026-11-02'] AS f"
    found = ask(f"SELECT {values} FROM moments_all", limit=2).json()
    row = [1, "x", 2.5, None, "2026-11-02", ["2026-11-02"]]
    assert found == {"columns": list("abcdef"), "rows": [row, row], "is_cut": True}
    assert (
        "refused: ConversionException" in ask("SELECT CAST(quote AS INTEGER) FROM evidence").json()["error"]["message"]
    )
    for query in ("DROP TABLE backlog", "SELECT 1; SELECT 2", "COPY (SELECT 1) TO 'x'", "ATTACH 'x'", "SET threads = 1",
                  "INSTALL httpfs", "CALL force_checkpoint()", ""):  # fmt: skip
        assert "allowed: one SELECT" in ask(query).json()["error"]["message"]
    assert ask("SELECT 1", limits=3).status_code == 422
    assert client.get("/api/sql", headers=HEADER).status_code == 405
