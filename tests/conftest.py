"""What all tests share: their order, what is made once for all of them, and one Prefect server."""

import fcntl
import os
from collections.abc import Generator
from functools import cache

import pytest
import typer.main

from tests.browser import browser
from tests.once import once
from tests.prefect_server import Server

__all__ = ["browser"]

#: The command line is the same in all tests; typer.testing, which takes this function, would build it for each command.
typer.main.get_command = cache(typer.main.get_command)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Let one worker at a time import a test file: what that compiles, packages too, the others only load."""
    if not isinstance(collector, pytest.Module):
        return (yield)
    with collector.path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        return (yield)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each worker its part of the long ones, and these first: the short ones are taken by whoever is free.

    Workers begin with equal parts of the list, from its start to its end.
    """
    n_workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    long = [item for item in items if item.get_closest_marker("slow")]
    long.sort(key=lambda item: "night" in getattr(item, "fixturenames", ()))  # all of those wait while one makes it
    short = [item for item in items if not item.get_closest_marker("slow")]
    ends = [len(short) * number // n_workers for number in range(n_workers + 1)]
    items[:] = [
        item
        for number in range(n_workers)
        for item in (*long[number::n_workers], *short[ends[number] : ends[number + 1]])
    ]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Server:
    """Prefect's server for nights that are not about it; it starts when the first test needs it."""
    from tests import prefect_server

    return prefect_server.of(once(tmp_path_factory, "prefect", prefect_server.start))
