"""A night asks nothing of the network but the configured sources, and a clock that is put back loses nothing."""

import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from benchmarks import small_nights
from cxnlp.cli.init import init
from cxnlp.cli.query import summary
from cxnlp.settings import SettingsError, open_workspace
from cxnlp.warehouse import store
from pipelines.night import begin
from tests.faults.conftest import cxnlp, set_times
from tests.night.conftest import watch
from tests.prefect_server import Server
from tests.warehouse.night import NIGHT, partition, piece, run, said

LATER = "2126-11-02"  # beside which every clock has been put back

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


def test_a_day_before_the_last_night_is_refused_and_a_clock_before_it_is_not_believed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    init(tmp_path)
    place = open_workspace(tmp_path)
    with store.open_working(place.working_database) as connection:
        store.load(connection, [partition(tmp_path / "staged", piece("f1", said("The van was late.", -1)))], run())
    before = NIGHT - timedelta(days=1)
    refused = pytest.raises(SettingsError, match=f"--as-of {before}: the last night here was for {NIGHT}")
    with refused, begin(place, as_of=before):
        pass
    with begin(place, as_of=NIGHT) as night:
        assert night.run_id == f"{NIGHT}-2"
    with duckdb.connect(place.working_database) as connection:
        connection.execute("UPDATE runs SET night = $1", [LATER])
    with begin(place) as night:
        assert night.on == date.fromisoformat(LATER)
    assert f"the last night here was for {LATER}" in caplog.text


@pytest.mark.thorough
def test_a_night_without_network_and_with_its_clock_put_back_is_whole(
    workspace: Path, tmp_path: Path, server: Server
) -> None:
    small_nights.bring_more(workspace)
    set_times(workspace / "inbox" / "posts", second=0)  # 1970
    set_times(workspace / "inbox" / "calls", second=4_000_000_000)  # 2096
    with duckdb.connect(workspace / ".cxnlp" / "working.duckdb") as connection:
        connection.execute("UPDATE runs SET night = $1", [LATER])
    apart = APART if can_be_apart() else ()
    done = cxnlp("run", "-w", str(workspace), before=apart, **watch(tmp_path / "calls"))
    assert done.returncode == 0, done.stderr
    assert f"the last night here was for {LATER}: this one is for that day, too" in done.stderr
    assert not (tmp_path / "calls").exists(), (tmp_path / "calls").read_text()
    runs = summary(open_workspace(workspace))["runs"]
    newest = runs.filter(runs["run_id"].str.starts_with(LATER)).row(0, named=True)
    parts = ("n_stored", "n_unchanged", "n_duplicates", "n_quarantined")
    assert newest["n_arrived"] == sum(newest[part] for part in parts)
    assert newest["n_stored"] >= 10
    published = store.query(workspace / "warehouse" / "cx.duckdb", "SELECT text FROM feedback")["text"].to_list()
    assert [text for text in published if "not arrived" in text], "the corrected note is not the one that counts"
    assert [text for text in published if "P.S. The driver was rude" in text]
    again = cxnlp("run", "-w", str(workspace), "--json", server=server)
    assert again.returncode == 0, again.stderr
    assert summary(open_workspace(workspace))["runs"]["n_arrived"].to_list().count(0) == 1
