from pathlib import Path

import pytest

from cxnlp.settings import Workspace
from tests.teaching.classroom import model_with_prior
from tests.teaching.workspaces import LETTERS, published


@pytest.fixture(scope="session")
def larkfield(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A published workspace of sixteen letters that nobody has reviewed; tests that answer take `workspace`."""
    return published(tmp_path_factory.mktemp("reviewed") / "larkfield", *LETTERS)


@pytest.fixture
def workspace(larkfield: Workspace, tmp_path: Path) -> Workspace:
    """The same night in a workspace of the test's own, with the same published database."""
    (tmp_path / ".cxnlp").mkdir(mode=0o700)
    (tmp_path / "cxnlp.toml").write_bytes((larkfield.root / "cxnlp.toml").read_bytes())
    (tmp_path / ".cxnlp" / "secret").write_text("0123456789abcdef" * 4 + "\n", "ascii")
    (tmp_path / ".cxnlp" / "secret").chmod(0o600)
    (tmp_path / "warehouse").symlink_to(larkfield.warehouse)
    return larkfield.model_copy(update={"root": tmp_path})


@pytest.fixture(scope="session")
def school(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped model with a prior from invented documents; read only."""
    return model_with_prior(tmp_path_factory.mktemp("school") / "minilm")
