"""What changes at the source between two nights, and what settings change for what is stored."""

from pathlib import Path

import polars as pl
import pytest

from cxnlp.cli.init import init
from cxnlp.cli.query import summary
from cxnlp.settings import open_workspace
from cxnlp.warehouse import store
from tests.night.conftest import run_night
from tests.once import once
from tests.prefect_server import Server

pytestmark = pytest.mark.thorough

CONFIG = """
company = "Larkfield"
[[source]]
name = "notes"
channel = "call"
kind = "table"
path = "notes"
[[source]]
name = "letters"
channel = "letter"
kind = "letters"
path = "letters"
[privacy]
mask = false
"""

FIRST = """Case,Date,Notes
C1,2026-10-20,"The parcel never came. I am Jane Whitlock, write to jane.w@example.org about it."
C2,2026-10-21,"The engineer was friendly and mended the boiler at once."
C3,2026-10-22,"I was charged twice for the same order."
C4,not a day,"The shop was closed when I came."
"""
SECOND = "\n".join(
    line.replace("mended the boiler at once", "broke the boiler") for line in FIRST.splitlines() if line[:2] != "C3"
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, server: Server) -> Path:
    """A workspace after two nights: a row corrected, a row and a file gone, masking and precision switched on."""
    return once(tmp_path_factory, "change", lambda folder: _two_nights(folder, server)) / "workspace"


def _two_nights(folder: Path, server: Server) -> None:
    (folder / "config.toml").write_text(CONFIG, "utf-8")
    root = folder / "workspace"
    init(root, folder / "config.toml")
    notes, letters = root / "notes", root / "letters"
    notes.mkdir()
    letters.mkdir()
    (notes / "notes.csv").write_text(FIRST, "utf-8")
    (letters / "2026-10-20_letter.txt").write_text("My invoice was wrong again.\n", "utf-8")
    (letters / "complaint_jane_whitlock.pdf").write_bytes(b"")
    run_night(root, server=server)
    (notes / "notes.csv").write_text(SECOND, "utf-8")
    (letters / "2026-10-20_letter.txt").unlink()
    config = root / "cxnlp.toml"
    text = config.read_text("utf-8").replace("mask = false", "mask = true")
    config.write_text(text + "[tags]\nprecision = { moment = 0.9 }\n", "utf-8")
    run_night(root, server=server)


def ask(workspace: Path, sql: str) -> list[tuple[object, ...]]:
    frame: pl.DataFrame = store.query(workspace / "warehouse" / "cx.duckdb", sql)
    return frame.rows()


def test_what_left_its_source_is_marked(workspace: Path) -> None:
    gone = "SELECT external_id FROM feedback WHERE vanished_on = DATE '2026-11-02' ORDER BY 1"
    assert ask(workspace, gone) == [("2026-10-20_letter.txt",), ("C3",)]
    assert ask(workspace, "SELECT count(*) FROM feedback") == [(4,)]


def test_only_the_corrected_one_is_stored_again(workspace: Path) -> None:
    assert ask(workspace, "SELECT external_id, run_id FROM feedback WHERE source = 'notes' ORDER BY 1") == [
        ("C1", "2026-11-02-1"),
        ("C2", "2026-11-02-2"),
        ("C3", "2026-11-02-1"),
    ]


def test_every_night_adds_up(workspace: Path) -> None:
    runs = summary(open_workspace(workspace))["runs"].select("n_arrived", "n_stored", "n_unchanged", "n_quarantined",
                                                              "n_missing").rows()  # fmt: skip
    assert runs == [(3, 1, 1, 1, 0), (6, 4, 0, 2, 0)]


def test_masking_switched_on_later_applies_to_what_is_stored(workspace: Path) -> None:
    ((text,),) = ask(workspace, "SELECT text FROM feedback WHERE external_id = 'C1'")
    assert text == "The parcel never came. I am [PERSON], write to [EMAIL] about it."
    assert ask(workspace, "SELECT count(DISTINCT masking_version), count(*) FROM feedback") == [(1, 4)]
    newest = (workspace / "warehouse" / "cx.duckdb").resolve().read_bytes()
    assert b"Whitlock" not in newest
    assert b"whitlock" not in newest  # nor the name of the file in quarantine


def test_precision_wished_later_applies_to_what_is_stored(workspace: Path) -> None:
    ((versions, model),) = ask(
        workspace,
        "SELECT count(DISTINCT precision_version), count(*) FILTER (model_version IS NULL) FROM tags",
    )
    assert (versions, model) == (1, 0)
    assert summary(open_workspace(workspace))["model"]["n_outdated"].to_list() == [0]
