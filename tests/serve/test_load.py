"""Ten people ask a real server at once while nights are published, and nobody is turned away."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.serve import load
from cxnlp.settings import Workspace
from tests.serve.conftest import served
from tests.serve.test_snapshots import copied, publish


def test_ten_users_and_two_nights(workspace: Workspace, tmp_path: Path) -> None:
    place = copied(workspace, tmp_path)
    with served(place.root) as address, ThreadPoolExecutor() as beside:
        asking = beside.submit(lambda: asyncio.run(load(address, users=10, seconds=4)))
        for night in ("Night 1", "Night 2"):
            time.sleep(0.5)
            publish(place, night)
        tally = asking.result()
    assert tally.errors == {}
    assert len(tally.seconds) > 30
    assert len(tally.snapshots) >= 2
