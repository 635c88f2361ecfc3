import shutil
from pathlib import Path

import pytest

from cxnlp.settings import Workspace, open_workspace
from tests.once import once
from tests.privacy import company


@pytest.fixture(scope="session")
def first_night(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The company after its first night. Read only: tests that change it take `workspace`."""
    made = once(tmp_path_factory, "company", lambda folder: company.run_night(company.make(folder / "larkfield")))
    return open_workspace(made / "larkfield")


@pytest.fixture
def workspace(first_night: Workspace, tmp_path: Path) -> Workspace:
    """A copy of the company after its first night, file times included."""
    root = tmp_path / "larkfield"
    shutil.copytree(first_night.root, root, symlinks=True, ignore=shutil.ignore_patterns("*.lock"))
    return open_workspace(root)
