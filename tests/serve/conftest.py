"""A published workspace of the eight hand-written weeks, asked in this process or through a real server."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import polars as pl
import pytest
from starlette.testclient import TestClient

from cxnlp import report
from cxnlp.cli import app as cli
from cxnlp.cli.acting import acts
from cxnlp.cli.init import init
from cxnlp.cli.ordering import commands
from cxnlp.insight.alerts import ALERTS
from cxnlp.report import archive
from cxnlp.serve.application import make
from cxnlp.serve.gate import Policy
from cxnlp.serve.tokens import Token
from cxnlp.settings import Workspace, open_workspace
from cxnlp.warehouse import store
from tests.backlog import larkfield
from tests.backlog.larkfield import NIGHT
from tests.once import once
from tests.report.conftest import HOSTILE, WARNING, night_of

TOKEN = "a-token-of-the-tests-0123456789"
HEADER = {"Authorization": f"Bearer {TOKEN}"}
HERE = "http://127.0.0.1:8765"
CONFIG = """
company = "Larkfield"
[[source]]
name = "post_room"
channel = "letter"
kind = "letters"
path = "letters"
"""


def published(root: Path) -> None:
    """Make a workspace, its night, snapshot and page; one customer writes markup, and an early warning is open."""
    (root / "config.toml").write_text(CONFIG, "utf-8")
    init(root / "workspace", root / "config.toml")
    place = open_workspace(root / "workspace")
    hostile = larkfield.said(f"{HOSTILE} my parcel came late", person="h", sentiment="-2", moments="delivery")
    with night_of(place.working_database, [*larkfield.eight_weeks(), hostile]) as connection:
        larkfield.insert(connection, "alerts", pl.DataFrame([WARNING], schema=ALERTS))
        snapshot = store.publish(connection, place.warehouse)
    with store.open_published(snapshot) as connection:
        seen = report.look(connection, company="Larkfield", night=NIGHT)
    report.write(report.draw(seen), place.page_file)
    archive.add(place.pages, report.draw_wordless(seen), night=NIGHT, company="Larkfield", most=9)


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The published workspace; nobody changes it."""
    return open_workspace(once(tmp_path_factory, "served", published) / "workspace")


@pytest.fixture(scope="session")
def client(workspace: Workspace) -> Iterator[TestClient]:
    """Asks the application as a browser of this machine does."""
    app = make(workspace, Policy(Token(TOKEN)), acts=acts(workspace), commands=commands(workspace, cli))
    with TestClient(app, base_url=HERE, raise_server_exceptions=False) as made:
        yield made


@contextmanager
def served(root: Path, *words: str) -> Iterator[str]:
    """Run `cxnlp serve` as a process of its own and give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "cxnlp.cli", "serve", "-w", str(root), "--port", str(port), *words]
    process = subprocess.Popen(command, env=os.environ | {"CXNLP_SERVE_TOKEN": TOKEN}, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                httpx.get(f"{address}/assets/live.css").raise_for_status()
                break
            except httpx.HTTPError:
                assert process.poll() is None, "the server ended"
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="session")
def running(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Workspace]]:
    """A running server, and the copy of the workspace that it serves: other nights may be published there."""
    place = copied(workspace, tmp_path_factory.mktemp("running"))
    with served(place.root) as address:
        yield address, place


@pytest.fixture(scope="session")
def address(running: tuple[str, Workspace]) -> str:
    """The address of the running server."""
    return running[0]


def copied(workspace: Workspace, to: Path) -> Workspace:
    """A copy that may be changed."""
    root = Path(shutil.copytree(workspace.root, to / "copy", symlinks=True))
    return workspace.model_copy(update={"root": root})
