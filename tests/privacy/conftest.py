import pickle
import shutil
from pathlib import Path

import pytest

from cxnlp import privacy
from cxnlp.privacy import Erased, Wish
from cxnlp.settings import Workspace, open_workspace
from tests.once import once
from tests.privacy import company
from tests.privacy import keeping as originals


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


@pytest.fixture(scope="session")
def without_ada(first_night: Workspace, tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Erased]:
    """The company after its first night and Ada's erasure, and what that said. Read only."""

    def make(folder: Path) -> None:
        root = shutil.copytree(first_night.root, folder / "larkfield", symlinks=True)
        workspace = open_workspace(root)
        workspace.query_history.write_text("+SELECT quote FROM evidence WHERE quote LIKE '%sideboard%';\n", "utf-8")
        (folder / "erased").write_bytes(pickle.dumps(privacy.forget(workspace, Wish(customer=company.ADA))))

    made = once(tmp_path_factory, "without_ada", make)
    return open_workspace(made / "larkfield"), pickle.loads((made / "erased").read_bytes())


@pytest.fixture
def left(without_ada: tuple[Workspace, Erased], tmp_path: Path) -> Workspace:
    """A copy of the company without Ada."""
    root = tmp_path / "larkfield"
    shutil.copytree(without_ada[0].root, root, symlinks=True, ignore=shutil.ignore_patterns("*.lock"))
    return open_workspace(root)


@pytest.fixture(scope="session")
def keeping_night(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The company after its first night, where it keeps originals. Read only: tests that change it take `keeping`."""
    workspace = company.make(tmp_path_factory.mktemp("keeping") / "larkfield")
    company.write_notes(workspace.root, "notes.csv", *company.NOTES, *originals.MORE_NOTES)
    originals.configure(workspace, originals.write_key(workspace))
    company.run_night(workspace)
    return workspace


@pytest.fixture
def keeping(keeping_night: Workspace, tmp_path: Path) -> Workspace:
    """A copy of the company that keeps originals, with a key file of its own."""
    root = tmp_path / "larkfield"
    shutil.copytree(keeping_night.root, root, symlinks=True, ignore=shutil.ignore_patterns("*.lock"))
    workspace = open_workspace(root)
    originals.configure(workspace, originals.write_key(workspace))
    return open_workspace(root)
