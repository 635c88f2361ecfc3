"""Who reads, who waits for it, whom nobody is kept waiting for, and what the log says when something fails."""

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import duckdb
import httpx
import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from cxnlp.serve import live as serving
from cxnlp.serve.application import make
from cxnlp.serve.gate import Policy
from cxnlp.serve.live import Live
from cxnlp.serve.snapshots import N_CURSORS, Busy, Snapshots
from cxnlp.serve.tokens import Token
from cxnlp.settings import Workspace
from tests.serve.conftest import HEADER, HERE, TOKEN


@pytest.fixture
def live(workspace: Workspace) -> Iterator[Live]:
    made = Live(workspace, Snapshots(workspace.database), "x")
    yield made
    made.snapshots.close()


def asked(number: int) -> Request:
    return Request({"type": "http", "path": "/api/find", "query_string": b"words=%d" % number, "headers": []})


class Slow:
    """An answer that waits until it may be given."""

    def __init__(self) -> None:
        self.may_go = threading.Event()
        self.n_begun = 0

    def __call__(self, _: duckdb.DuckDBPyConnection) -> int:
        self.n_begun += 1
        self.may_go.wait(20)
        return 1


def test_who_left_is_not_worked_for_and_too_many_are_told_so(live: Live) -> None:
    slow = Slow()

    async def day() -> None:
        waiting = [asyncio.create_task(live.answer(asked(number), slow)) for number in range(64)]
        while slow.n_begun < N_CURSORS:
            await asyncio.sleep(0.01)
        with pytest.raises(Busy, match="too many ask at once"):
            await live.answer(asked(64), slow)
        same = asyncio.create_task(live.answer(asked(63), slow))  # asks nothing new
        await asyncio.sleep(0)
        for task in waiting:
            task.cancel()
        await asyncio.wait(waiting)
        slow.may_go.set()
        assert (await same).body == b"1"
        assert (await live.answer(asked(65), slow)).body == b"1"

    asyncio.run(day())
    assert slow.n_begun == N_CURSORS + 2


def test_whose_turn_comes_too_late_is_told_so(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "_PATIENCE_SECONDS", 0.05)
    slow = Slow()

    async def day() -> None:
        busy = [asyncio.create_task(live.ask(slow)) for _ in range(N_CURSORS)]
        late = asyncio.create_task(live.ask(slow))
        await asyncio.sleep(0.2)
        slow.may_go.set()
        await asyncio.wait(busy)
        with pytest.raises(Busy):
            await late

    asyncio.run(day())
    assert slow.n_begun == N_CURSORS


def test_moves_do_not_hold_up_those_who_read(workspace: Workspace) -> None:
    may_go = threading.Event()

    def move(item_id: str, wish: Any) -> dict[str, Any]:
        may_go.wait(20)
        return {"item_id": item_id}

    async def day() -> None:
        transport = httpx.ASGITransport(make(workspace, Policy(Token(TOKEN)), move=move))
        async with httpx.AsyncClient(transport=transport, base_url=HERE, timeout=30) as client:
            item = (await client.get("/api/backlog")).json()[0]["item_id"]
            url, wish = f"/api/backlog/{item}/moves", {"move": "note", "by": "ann", "note": "A word."}
            moving = [asyncio.create_task(client.post(url, json=wish, headers=HEADER)) for _ in range(50)]
            await asyncio.sleep(0.5)
            async with asyncio.timeout(5):
                assert (await client.get("/api/views")).status_code == 200
            may_go.set()
            assert {response.status_code for response in await asyncio.gather(*moving)} == {200}

    asyncio.run(day())


def test_the_servers_log_hears_nothing_of_what_was_asked(
    workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(item_id: str, wish: Any) -> dict[str, Any]:
        raise ValueError(f"what is {wish.note}?")

    app = make(workspace, Policy(Token(TOKEN)), move=fail)
    with TestClient(app, base_url=HERE) as client:  # raises what the server would log
        item = client.get("/api/backlog").json()[0]["item_id"]
        wish = {"move": "note", "by": "ann", "note": "Ring Anna Kowalska"}
        response = client.post(f"/api/backlog/{item}/moves", json=wish, headers=HEADER)
    assert response.status_code == 500
    assert "ValueError in fail" in caplog.text
    assert "Kowalska" not in caplog.text + response.text
