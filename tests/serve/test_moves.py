"""A move over the API is the command line's: journalled, published at once, refused where the item stands otherwise."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from cxnlp.backlog import moves
from cxnlp.cli.deciding import mover
from cxnlp.serve.application import make
from cxnlp.serve.gate import Policy
from cxnlp.serve.tokens import Token
from cxnlp.settings import Workspace, open_workspace
from cxnlp.warehouse import store
from tests.serve.conftest import HEADER, HERE, TOKEN


@pytest.fixture
def own(workspace: Workspace, tmp_path: Path) -> Workspace:
    return open_workspace(Path(shutil.copytree(workspace.root, tmp_path / "own", symlinks=True)))


@pytest.fixture
def client(own: Workspace) -> Iterator[TestClient]:
    app = make(own, Policy(Token(TOKEN)), move=mover(own))
    with TestClient(app, base_url=HERE, raise_server_exceptions=False) as made:
        yield made


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"move": "ship", "on": "2001-01-01"}, "found the day 2001-01-01; allowed: 2"),
        ({"move": "ship", "on": "2999-01-01"}, "ship needs the day from which customers meet it; allowed: up to 2"),
        ({"move": "snooze", "on": "2026-01-01"}, "snooze needs a day to come back; allowed: from 2"),
        ({"move": "decline"}, "decline needs words in the field Note: why, or what"),
    ],
)
def test_a_move_that_lacks_something_is_explained_by_both_doors(
    client: TestClient, caplog: pytest.LogCaptureFixture, wish: dict[str, str], words: str
) -> None:
    item = client.get("/api/backlog").json()[-1]["item_id"]
    said = wish | {"by": "Anna Kowalska"}
    refused = client.post(f"/api/backlog/{item}/moves", json=said, headers=HEADER)
    assert (refused.status_code, words in refused.json()["error"]["message"]) == (422, True)
    shown = client.post(f"/backlog/{item}", data=said | {"token": TOKEN})
    assert (shown.status_code, words in shown.text, "Anna Kowalska" in shown.text) == (422, True, True)
    assert "Kowalska" not in refused.text + caplog.text


def test_an_item_is_accepted_and_shown_as_accepted(client: TestClient, own: Workspace) -> None:
    item = client.get("/api/backlog").json()[0]
    url = f"/api/backlog/{item['item_id']}/moves"
    event = client.post(url, json={"move": "accept", "by": "ann", "due_on": "2030-01-02"}, headers=HEADER).json()
    assert (event["event"], event["owner"], event["state_after"]) == ("accepted", item["owner"], "accepted")
    assert [move.by for move in moves.read(own)] == ["ann"]
    assert client.get(f"/api/backlog/{item['item_id']}").json()["state"] == "accepted"
    refused = client.post(url, json={"move": "accept", "by": "ben"}, headers=HEADER)
    assert refused.status_code == 409
    assert "Allowed" in refused.text


def test_fifty_at_once_are_all_made_and_published_together(client: TestClient, own: Workspace) -> None:
    ids = [item["item_id"] for item in client.get("/api/backlog").json()]

    def note(number: int) -> int:
        url = f"/api/backlog/{ids[number % len(ids)]}/moves" if number else "/api/backlog/nothing/moves"
        said = {"move": "note", "by": "ann", "note": f"Note number {number}."}
        return int(client.post(url, json=said, headers=HEADER).status_code)

    with ThreadPoolExecutor(50) as colleagues:
        assert list(colleagues.map(note, range(50))) == [404] + [200] * 49
    assert len(moves.read(own)) == 49
    (newest,) = own.warehouse.glob("cx-*.duckdb")
    assert int(newest.stem.rpartition("-")[2]) < 20
    query = "SELECT count(DISTINCT note) FROM backlog_events WHERE event = 'noted'"
    assert store.query(own.database, query).item() == 49
    assert store.query(own.database, "SELECT follows IS NOT NULL FROM edition").item()
