"""What is older than its source is kept leaves every night, everywhere, and does not come in any more."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from cxnlp.privacy import ErasureError, limits_of, tombstones
from cxnlp.privacy.earlier import earlier_of
from cxnlp.settings import Settings, Workspace, open_workspace
from pipelines import stages
from pipelines.alone import between_nights
from pipelines.night import Night, begin
from pipelines.stages import retain
from tests.privacy import company
from tests.privacy.company import ask, bytes_of, run_night, texts

SOURCE = {"name": "notes", "channel": "call", "kind": "table", "path": "x"}


def settings(general: int | None, own: int | None) -> Settings:
    source = SOURCE | ({} if own is None else {"retention_days": own})
    privacy = {} if general is None else {"retention_days": general}
    return Settings.model_validate({"company": "Larkfield", "source": [source], "privacy": privacy})


@pytest.mark.parametrize(
    ("general", "own", "expected"),
    [
        (None, None, [False, False, False, False]),
        (30, None, [True, False, True, False]),
        (None, 30, [True, False, False, False]),
        (365, 30, [True, False, False, False]),
        (30, 365, [False, False, True, False]),
        (61, None, [True, False, True, False]),
        (62, None, [False, False, False, False]),
    ],
)
def test_days_of_all_and_of_one_source(general: int | None, own: int | None, expected: list[bool]) -> None:
    old, new = datetime(2026, 9, 1, 23, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)
    rows = pl.DataFrame({"source": ["notes", "notes", "gone", "gone"], "occurred_at": [old, new, old, new]})
    limits = limits_of(settings(general, own), date(2026, 11, 2))
    assert limits.expired(rows).to_list() == expected
    assert bool(limits) is (general is not None or own is not None)


def staged(night: Night) -> Path:
    """Finish the night's first partition."""
    partition = stages.read.fn(night)
    assert partition is not None
    for step in (stages.normalise, stages.mask, stages.split):
        partition = step.fn(night, partition)
    stages.keep.fn(night, partition)
    return night.staged[-1]


def keep(workspace: Workspace, days: int) -> Workspace:
    config = workspace.root / "cxnlp.toml"
    text = config.read_text("utf-8").replace('files = "*.csv"\n', f'files = "*.csv"\nretention_days = {days}\n')
    config.write_text(text, "utf-8")
    return workspace


@pytest.mark.thorough
def test_what_is_stored_leaves_with_the_night(workspace: Workspace) -> None:
    assert b"flickers" in bytes_of(workspace)
    workspace.query_history.write_text("+FROM moments;\n", "utf-8")
    run_night(keep(workspace, 180))
    assert workspace.query_history.exists()
    assert [path.name[-11:] for path in workspace.warehouse.glob("cx-*.duckdb")] == ["0002.duckdb"]  # published once
    assert "flickers" not in texts(workspace)
    assert "sideboard" in texts(workspace)
    assert b"flickers" not in bytes_of(workspace)
    assert ask(workspace, "SELECT asked, n_feedback FROM erasures") == [("retention", 1)]
    assert [line.state for line in tombstones.read(workspace)] == ["begun", "done"]
    assert run_night(workspace)
    assert len(tombstones.read(workspace)) == 2


def test_what_is_too_old_does_not_come_in(workspace: Workspace) -> None:
    keep(workspace, 180)
    company.write_notes(workspace.root, "late.csv", ("K0", "02/02/2026", "AC-1", "Gus Reed", "Old and late to arrive."))
    run_id = run_night(workspace)
    assert "late to arrive" not in texts(workspace)
    assert ask(workspace, f"SELECT n_arrived, n_erased FROM runs WHERE run_id = '{run_id}'") == [(1, 1)]


@pytest.mark.thorough
def test_a_question_that_quotes_what_expires_goes_too(workspace: Workspace) -> None:
    keep(workspace, 180)
    said = "+FROM mentions WHERE text = 'An old story: my lamp flickers whenever the heating comes on at night.';\n"
    workspace.query_history.write_text(said, "utf-8")
    with begin(open_workspace(workspace.root), as_of=date.fromisoformat(company.NIGHT)) as night:
        retain(night)
    assert not workspace.query_history.exists()
    assert [line.state for line in tombstones.read(workspace)] == ["begun"]
    with between_nights(open_workspace(workspace.root), publishes=True):  # as the next night
        assert [line.state for line in tombstones.read(workspace)] == ["begun", "done"]
    assert b"flickers" not in bytes_of(workspace)


def test_a_colleagues_copy_beside_the_snapshots_is_theirs(workspace: Workspace) -> None:
    copy = workspace.warehouse / "cx-copy.duckdb"
    shutil.copy(workspace.database, copy)
    earlier_of(workspace).refuse_others()
    older = workspace.warehouse / "cx-2026-11-01-1-0001.duckdb"
    older.touch()
    with pytest.raises(ErasureError, match="0001"):
        earlier_of(workspace).refuse_others()
    assert copy.exists()


@pytest.mark.parametrize("column", ["feedback_id", "external_id", "customer_key"])
def test_a_question_that_names_what_expires_goes_too(workspace: Workspace, column: str) -> None:
    ((name,),) = ask(workspace, f"SELECT {column} FROM feedback WHERE text LIKE '%flickers%'")
    keep(workspace, 180).query_history.write_text(f"+FROM feedback WHERE {column} = '{name}';\n", "utf-8")
    with begin(open_workspace(workspace.root), as_of=date.fromisoformat(company.NIGHT)) as night:
        retain(night)
    assert not workspace.query_history.exists()


@pytest.mark.thorough
def test_what_a_killed_night_has_finished_is_not_lost(workspace: Workspace) -> None:
    keep(workspace, 180)
    company.write_notes(workspace.root, "more.csv", ("K6", "01/11/2026", "AC-2", "Gus Reed", "A lamp came in time."))
    with begin(open_workspace(workspace.root), as_of=date.fromisoformat(company.NIGHT)) as night:
        retain(night)
        folder = staged(night)
    unfinished = folder.with_suffix(".part")
    unfinished.mkdir()
    shutil.copy(folder / "feedback.parquet", unfinished)
    assert tombstones.pending(tombstones.read(workspace))
    with begin(open_workspace(workspace.root), as_of=date.fromisoformat("2026-11-03")) as night:
        assert not tombstones.pending(tombstones.read(workspace))
        retain(night)
        assert list(night.workspace.staging.iterdir()) == [folder]
        partition = stages.read.fn(night)
        assert partition is not None
        assert night.is_staged(partition)
        assert night.staged == [folder]


def test_what_has_grown_too_old_in_staging_is_not_loaded(workspace: Workspace) -> None:
    company.write_notes(workspace.root, "more.csv", ("K6", "01/02/2026", "AC-2", "Gus Reed", "A lamp came in time."))
    with begin(open_workspace(workspace.root), as_of=date.fromisoformat(company.NIGHT)) as night:
        folder = staged(night)
    assert folder.is_dir()
    with begin(open_workspace(keep(workspace, 180).root), as_of=date.fromisoformat(company.NIGHT)) as night:
        retain(night)
        assert not folder.exists()


@pytest.mark.thorough
def test_each_day_takes_its_own(workspace: Workspace) -> None:
    run_night(keep(workspace, 30), "2026-11-02")
    assert ask(workspace, "SELECT count(*) FROM feedback WHERE source = 'notes'") == [(3,)]
    run_night(workspace, "2026-11-13")
    assert ask(workspace, "SELECT count(*) FROM feedback WHERE source = 'notes'") == [(1,)]
    run_night(workspace, "2026-11-20")
    assert ask(workspace, "SELECT count(*) FROM feedback WHERE source = 'notes'") == [(0,)]
    assert ask(workspace, "SELECT count(*) FROM feedback") == [(3,)]
