"""Nights on a live source, from the wire to the published database: killed, failing, going on."""

import subprocess
import sys
import threading
from pathlib import Path

import polars as pl
import pytest

from cxnlp.cli.init import init
from cxnlp.settings import open_workspace
from cxnlp.warehouse import store
from tests.live.server import Asked, LocalService, Reply, page
from tests.live.test_rest import SETTINGS, ticket
from tests.night.conftest import environment
from tests.prefect_server import Server
from tests.privacy.company import run_night

ROOT = Path(__file__).parents[2]


def toml(service: LocalService) -> str:
    lines = [f"{key} = {str(value).lower() if isinstance(value, bool) else value!r}" for key, value in SETTINGS.items()]
    return f"""
company = "Larkfield"
[[source]]
name = "desk"
channel = "letter"
kind = "live"
[source.live]
url = "{service.url}/tickets"
paging = "next"
next = "next"
order = "oldest_first"
since_parameter = "since"
wait_seconds = 0
{chr(10).join(lines)}
"""


def start(workspace: Path, day: int, server: Server) -> "subprocess.Popen[str]":
    words = [sys.executable, "-m", "cxnlp.cli", "run", "-w", str(workspace), "--as-of", f"2026-11-{day:02}"]
    env = environment(server) | {"LARKFIELD_DESK": "key-of-ours"}
    return subprocess.Popen(words, env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(workspace: Path, day: int, server: Server) -> None:
    with start(workspace, day, server) as process:
        _, err = process.communicate(timeout=300)
    assert process.returncode == 0, err


def ask(workspace: Path, sql: str) -> pl.DataFrame:
    return store.query(workspace / "warehouse" / "cx.duckdb", sql)


class Tickets:
    """Two pages of tickets since a time; the second one waits while ``gate`` is shut."""

    def __init__(self, service: LocalService) -> None:
        self.gate, self.waiting = threading.Event(), threading.Event()
        self.tickets = [ticket(number) for number in range(1, 7)]
        self.is_down = False
        self.service = service
        service.paths["/tickets"] = self.answer

    def answer(self, asked: Asked) -> Reply:
        if self.is_down:
            return page({}, 503)
        found = [each for each in self.tickets if each["updated_at"] >= asked.query.get("since", "")]
        if "second" in asked.query:
            self.waiting.set()
            self.gate.wait(timeout=120)
            return page({"tickets": found[3:], "next": None})
        following = f"{self.service.url}/tickets?second=1&since={asked.query.get('since', '')}"
        return page({"tickets": found[:3], "next": following if len(found) > 3 else None})


@pytest.mark.thorough
def test_a_night_that_is_killed_reads_again_and_one_that_fails_goes_on_the_next_day(
    service: LocalService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Server
) -> None:
    desk = Tickets(service)
    (tmp_path / "cxnlp.toml").write_text(toml(service), "utf-8")
    workspace = tmp_path / "workspace"
    init(workspace, tmp_path / "cxnlp.toml")

    with start(workspace, 2, server) as process:
        assert desk.waiting.wait(timeout=120)
        process.kill()
    desk.gate.set()
    run(workspace, 2, server)
    stored = "SELECT external_id, text FROM feedback ORDER BY occurred_at"
    assert ask(workspace, stored)["external_id"].to_list() == ["1", "2", "3", "4", "5", "6"]

    monkeypatch.setenv("LARKFIELD_DESK", "key-of-ours")
    desk.is_down = True
    run_night(open_workspace(workspace), "2026-11-03")
    (problem,) = ask(workspace, "SELECT source, masked_file, problem FROM quarantine").rows()
    assert problem[:2] == ("desk", None)
    assert "wait_seconds" in problem[2]

    desk.is_down = False
    desk.tickets[4] = ticket(5, updated_at="2026-10-07T08:00:00Z", description="And now it smokes.")
    desk.tickets.append(ticket(7))
    service.asked.clear()
    run_night(open_workspace(workspace), "2026-11-04")
    assert service.asked[0].query["since"] == "2026-10-04T09:00:00Z"
    now = dict(ask(workspace, stored).iter_rows())
    assert list(now) == ["1", "2", "3", "4", "5", "6", "7"]
    assert "And now it smokes." in now["5"]
    assert ask(workspace, "FROM quarantine").is_empty()
    assert ask(workspace, "FROM feedback WHERE vanished_on IS NOT NULL").is_empty()
    runs = ask(workspace, "SELECT n_arrived, n_stored, n_unchanged, n_quarantined FROM runs ORDER BY night").rows()
    assert runs == [(6, 6, 0, 0), (1, 0, 0, 1), (4, 2, 2, 0)]
    files = [path for place in (workspace, server.home) for path in place.rglob("*") if path.is_file()]
    assert [path for path in files if b"key-of-ours" in path.read_bytes()] == []
