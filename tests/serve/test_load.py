"""Ten people ask a real server at once while nights are published, and nobody is turned away."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from benchmarks.serve import load
from cxnlp.settings import Workspace
from tests.serve.test_snapshots import publish


@pytest.mark.thorough
def test_ten_users_and_two_nights(running: tuple[str, Workspace]) -> None:
    address, place = running
    are_over = threading.Event()
    with ThreadPoolExecutor() as beside:
        asking = beside.submit(
            lambda: asyncio.run(load(address, users=10, seconds=2, goes_on=lambda: not are_over.is_set()))
        )
        try:
            for night in ("Night 1", "Night 2"):
                newest = publish(place, night)
                while httpx.get(f"{address}/api/moments", timeout=60).headers["x-cxnlp-snapshot"] != newest.stem:
                    time.sleep(0.1)
        finally:
            are_over.set()
        tally = asking.result()
    assert tally.errors == {}
    assert len(tally.seconds) >= 10
