"""A night asks nothing of the network but the configured sources, and a clock that is put back loses nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import small_nights
from cxnlp.cli.query import summary
from cxnlp.settings import open_workspace
from cxnlp.warehouse import store
from tests.faults.conftest import cxnlp, set_times
from tests.night.conftest import watch
from tests.prefect_server import Server

EARLIER = "2026-10-20"  # before the first night

#: Starts what follows it where there is no network at all but the machine's own loopback.
APART = (
    "unshare", "-rn", sys.executable, "-c",
    "import fcntl, os, socket, struct, sys\n"
    "with socket.socket() as s: fcntl.ioctl(s, 0x8914, struct.pack('16sh14x', b'lo', 0x41))\n"
    "os.execvp(sys.argv[1], sys.argv[1:])\n",
)  # fmt: skip


def can_be_apart() -> bool:
    try:
        return subprocess.run([*APART, "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def test_the_watch_sees_and_refuses(tmp_path: Path) -> None:
    code = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=5)"
    environment = os.environ | watch(tmp_path / "calls")
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert "a watched night asked for 192.0.2.1" in done.stderr
    assert "192.0.2.1" in (tmp_path / "calls").read_text()


@pytest.mark.thorough
def test_a_night_without_network_and_with_its_clock_put_back_is_whole(
    workspace: Path, tmp_path: Path, server: Server
) -> None:
    small_nights.bring_more(workspace)
    set_times(workspace / "inbox" / "posts", second=0)  # 1970
    set_times(workspace / "inbox" / "calls", second=4_000_000_000)  # 2096
    apart = APART if can_be_apart() else ()
    done = cxnlp("run", "-w", str(workspace), "--as-of", EARLIER, before=apart, **watch(tmp_path / "calls"))
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "calls").exists(), (tmp_path / "calls").read_text()
    runs = summary(open_workspace(workspace))["runs"]
    newest = runs.filter(runs["run_id"].str.starts_with(EARLIER)).row(0, named=True)
    parts = ("n_stored", "n_unchanged", "n_duplicates", "n_quarantined")
    assert newest["n_arrived"] == sum(newest[part] for part in parts)
    assert newest["n_stored"] >= 10
    published = store.query(workspace / "warehouse" / "cx.duckdb", "SELECT text FROM feedback")["text"].to_list()
    assert [text for text in published if "not arrived" in text], "the corrected note is not the one that counts"
    assert [text for text in published if "P.S. The driver was rude" in text]
    again = cxnlp("run", "-w", str(workspace), "--as-of", EARLIER, "--json", server=server)
    assert again.returncode == 0, again.stderr
    assert summary(open_workspace(workspace))["runs"]["n_arrived"].to_list().count(0) == 1
