"""What the API does at once is what the commands do; what takes long is a job of the very command line."""

import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from starlette.testclient import TestClient

from cxnlp.cli import app
from cxnlp.cli.acting import acts
from cxnlp.cli.deciding import mover
from cxnlp.cli.ordering import commands
from cxnlp.serve.application import make
from cxnlp.serve.gate import Policy
from cxnlp.serve.tokens import Token
from cxnlp.settings import Workspace
from cxnlp.teaching import journal
from tests.serve.conftest import HEADER, HERE, TOKEN, copied


@pytest.fixture(scope="module")
def own(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace that these tests change, each another part of it."""
    return copied(workspace, tmp_path_factory.mktemp("acts"))


@pytest.fixture(scope="module")
def asking(own: Workspace) -> Iterator[TestClient]:
    made = make(own, Policy(Token(TOKEN)), move=mover(own), acts=acts(own), commands=commands(own, app))
    with TestClient(made, base_url=HERE, raise_server_exceptions=False, headers=HEADER) as client:
        yield client


def said(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, response.text
    return response.json()


def test_the_backlog_goes_out_as_a_sheet_and_comes_back(asking: TestClient) -> None:
    sheet = asking.get("/api/backlog/export")
    book = openpyxl.load_workbook(io.BytesIO(sheet.content))
    table = book.worksheets[0]
    columns = {cell.value: cell.column for cell in table[1]}
    table.cell(2, columns["Owner"]).value = "Ann"
    item = table.cell(2, columns["Item"]).value
    edited = io.BytesIO()
    book.save(edited)
    url = "/api/backlog/import"
    dry = said(asking.post(url, content=edited.getvalue(), params={"dry_run": True}))
    assert [(move["item_id"], move["move"], move["owner"]) for move in dry["moves"]] == [(item, "assign", "Ann")]
    assert said(asking.get(f"/api/backlog/{item}"))["assigned_to"] is None
    done = said(asking.post(url, content=edited.getvalue()))
    assert (len(done["moves"]), done["conflicts"]) == (1, [])
    assert said(asking.get(f"/api/backlog/{item}"))["assigned_to"] == "Ann"
    table.cell(2, columns["Owner"]).value = "Ben"
    book.save(later := io.BytesIO())
    (conflict,) = said(asking.post(url, content=later.getvalue()))["conflicts"]
    assert (conflict["in_sheet"], conflict["now"]) == ("Ben", "Ann")
    assert "not a whole archive" in said(asking.post(url, content=b"no sheet"), 422)["error"]["message"]
    assert asking.get("/api/backlog/export", params={"format": "md"}).text.startswith("#")


def test_a_moment_gets_an_owner_and_a_target(asking: TestClient, own: Workspace) -> None:
    wish = {"owner": "Head of logistics", "targets": {"net_sentiment": 0.2}, "fixed_on": "2026-10-05", "fix": "Boxes"}
    assert said(asking.post("/api/moments/delivery", json=wish))["moment"] == "delivery"
    found = said(asking.get("/api/moments/delivery"))
    assert (found["owner"], found["targets"][0]["target"]) == ("Head of logistics", 0.2)
    said(asking.post("/api/moments/delivery", json={"targets": {"net_sentiment": None}}))
    assert "net_sentiment" not in own.moments_file.read_text("utf-8")
    assert "no moment" in said(asking.post("/api/moments/nothing", json={}), 422)["error"]["message"]
    assert "needs its day" in said(asking.post("/api/moments/delivery", json={"fix": "x"}), 422)["error"]["message"]


def test_people_judge_mentions_over_the_api(asking: TestClient, own: Workspace) -> None:
    url = "/api/review"
    first, second = said(asking.get(url, params={"reviewer": "ann", "limit": 2}))["items"][:2]
    second_feeling = next((code.split(":")[1] for code in second["said"] if code.startswith("sentiment")), "0")
    answers = [{"key": first["key"], "sentiment": -2, "labels": {"moment": ["delivery"]}, "marks": ["parking"]},
               {"key": second["key"], "agree": True}]  # fmt: skip
    wrong = said(asking.post(url, json={"reviewer": "ann", "answers": [{**answers[0], "labels": {"moment": ["no"]}}]}),
                 422)  # fmt: skip
    assert "row 1: column `moment`" in wrong["error"]["message"]
    done = said(asking.post(url, json={"reviewer": "ann", "answers": answers}))
    assert (done["n_answers"], done["n_marks"]) == (2, 1)
    assert ["-2", second_feeling] == [line.sentiment for line in journal.answers(own) if line.kind == "answer"]
    again = said(asking.get(url, params={"reviewer": "ann", "limit": 2, "blind": True}))
    assert not {first["text"], second["text"]} & {item["text"] for item in again["items"]}
    assert not any("said" in item for item in again["items"])


def test_the_quarantine_is_listed_and_let_go(asking: TestClient) -> None:
    assert said(asking.get("/api/quarantine")) == []
    assert "no source called" in said(asking.get("/api/quarantine", params={"source": "x"}), 422)["error"]["message"]
    assert said(asking.get("/api/quarantine/abcd"), 404)
    assert said(asking.post("/api/quarantine/retry", json={"all": True})) == []
    assert "in one way" in said(asking.post("/api/quarantine/retry", json={}), 422)["error"]["message"]
    done = said(asking.post("/api/quarantine/release", json={"all": True, "reason": "an old form", "by": "ann"}))
    assert (done["n_released"], done["reason"]) == (0, "an old form")


@pytest.mark.parametrize(
    ("wish", "status"),
    [({"edit": "pin"}, 404), ({"edit": "merge"}, 422), ({"edit": "pin", "name": "x y"}, 422), ({"edit": "split"}, 422)],
)
def test_an_edit_of_a_theme_is_checked(asking: TestClient, wish: dict[str, str], status: int) -> None:
    said(asking.post("/api/themes/abcdef/edits", json=wish), status)


def test_files_of_the_night(asking: TestClient, own: Workspace) -> None:
    assert asking.get("/api/page").content == own.page_file.read_bytes()
    assert b"<html" in asking.get("/api/plan.html").content
    assert asking.get("/api/plan.xlsx").content[:2] == b"PK"
    own.pages.mkdir(exist_ok=True)
    (own.pages / "2026-10-01.html").write_text("<p>that night", "utf-8")
    (own.pages / "index.html").write_text("", "utf-8")
    assert said(asking.get("/api/pages"))[-1] == "2026-10-01"
    assert asking.get("/api/pages/2026-10-01").text == "<p>that night"
    others = [asking.get(f"/api/pages/{name}").status_code for name in ("2026-10-02", "index", "%2e%2e")]
    assert others == [404, 422, 422]
    model = said(asking.get("/api/model"))
    assert model["card"].startswith("# Model card")
    assert model["scores"]["families"]["moment"]["micro_f1"]


def test_a_text_is_tagged_and_not_stored(asking: TestClient) -> None:
    texts = [{"id": 1, "text": "My parcel never arrived. I want my money back."}, {"id": 2}]
    good, bad = said(asking.post("/api/tag", json={"documents": texts}))
    assert "delivery" in {tag["label"] for mention in good["mentions"] for tag in mention["moments"]}
    assert "`text`" in bad["problem"]


def test_a_job_is_the_very_command(asking: TestClient) -> None:
    names = {each["command"] for each in said(asking.get("/api/jobs/commands"))}
    assert {"run", "forget", "backlog sync"} <= names
    staff = {"names": {"name": "staff.txt", "text": "Kim Demo\n"}}
    begun = asking.post("/api/jobs?wait=60", json={"command": "recognise", "arguments": staff})
    job = said(begun)
    assert (job["state"], job["exit_code"], job["arguments"]) == ("done", 0, {"names": "staff.txt"})
    assert job["answer"][0].keys() == {"name", "employee_key"}
    assert said(asking.get(begun.headers["location"])) == job
    assert [each["id"] for each in said(asking.get("/api/jobs"))] == [job["id"]]
    wrong = said(asking.post("/api/jobs", json={"command": "run", "arguments": {"as_off": "x"}}), 422)
    assert "Allowed: as_of" in wrong["error"]["message"]
    assert said(asking.delete(f"/api/jobs/{job['id']}"))["state"] == "done"
    said(asking.get(f"/api/jobs/{job['id']}"), 404)


@pytest.mark.parametrize(
    "question",
    ["GET /api/jobs", "POST /api/jobs", "DELETE /api/jobs/x", "GET /api/quarantine", "GET /api/review",
     "POST /api/moments/delivery", "POST /api/backlog/import", "GET /api/backlog/export", "POST /api/tag"],
)  # fmt: skip
def test_none_of_it_without_the_token(asking: TestClient, question: str) -> None:
    method, _, url = question.partition(" ")
    response = asking.request(method, url, headers={"Authorization": ""}, json={} if method == "POST" else None)
    assert said(response, 401)["error"]["code"] == "no_token"


def test_whoever_has_the_token_may_send_a_file(asking: TestClient) -> None:
    large = b"x" * 70_000
    assert said(asking.post("/api/backlog/import", content=large), 422)
    assert said(asking.post("/api/backlog/import", content=large, headers={"Authorization": ""}), 413)
    assert said(asking.post("/api/tag", content=large), 413)
