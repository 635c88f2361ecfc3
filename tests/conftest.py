"""What all tests share: their order, and one Prefect server."""

import pytest

from tests.once import once
from tests.prefect_server import Server


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long ones first: whichever worker is free takes the short ones, and none ends long after the others."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Server:
    """Prefect's server for nights that are not about it; it starts when the first test needs it."""
    from tests import prefect_server

    return prefect_server.of(once(tmp_path_factory, "prefect", prefect_server.start))
