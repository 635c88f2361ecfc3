"""What people decide is published at once: in a copy of the newest snapshot, which then is as if all were published."""

import shutil
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest

from cxnlp import backlog
from cxnlp.insight.themes.edits import Wishes, apply
from cxnlp.settings import Backlog
from cxnlp.warehouse import publishing, republishing, schema, store, storing
from tests.backlog import larkfield
from tests.once import once
from tests.warehouse.night import rows

NOTED = ("INSERT INTO backlog_events BY NAME SELECT item_id, '{event}' AS event, 'Ann' AS \"by\", 'Ask Bo.' AS note, "
         "TIMESTAMPTZ '2026-11-03 09:00:00+00' AS \"at\", DATE '2026-11-03' AS happened_on, 'new' AS state_before, "
         "n_customers FROM backlog WHERE label = 'delivery'; ")  # fmt: skip

#: What a person may decide, and a view that says so.
DECISIONS = [
    pytest.param(NOTED.format(event="accepted") + "UPDATE backlog SET state = 'accepted', assigned_to = 'Ops', "
                 "accepted_on = DATE '2026-11-03' WHERE label = 'delivery'; DELETE FROM backlog_effects",
                 "plan_actions", id="a move"),
    pytest.param("UPDATE taxonomy SET owner = 'Zoe' WHERE id = 'delivery'", "moment_diagnostics", id="an owner",
                 marks=pytest.mark.thorough),
    *(pytest.param(*decision, marks=pytest.mark.thorough, id=name) for name, decision in {
        "a note": (NOTED.format(event="noted"), "backlog_events"),
        "a theme's name": ("UPDATE themes SET name = 'the boxes', is_named = true", "theme_evidence"),
        "a critical moment": ("UPDATE taxonomy SET is_critical = true WHERE id = 'delivery'", "plan_moments"),
        "a target": ("INSERT INTO targets VALUES ('delivery', 'net_sentiment', 'at least', 0.2)", "moment_targets"),
        "a fix": ("INSERT INTO fixes VALUES ('delivery', DATE '2026-10-05', 'Two vans')", "fix_effects"),
    }.items()),
]  # fmt: skip


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A night's working file and what was published of it, with all views as tables, as in a large one."""

    def make(folder: Path) -> None:
        with larkfield.warehouse(folder / "working.duckdb", larkfield.eight_weeks()) as connection:
            on: Any = {"night": larkfield.NIGHT, "run_id": "2026-11-02-1", "settings": Backlog()}
            backlog.write(connection, backlog.gather(connection, **on), **on)
            connection.execute("INSERT INTO backlog_effects BY NAME SELECT item_id, DATE '2026-10-05' AS shipped_on, "
                               "'too_early' AS verdict, '' AS note, 0 AS n_reports_before, 0 AS n_reports_after "
                               "FROM backlog WHERE label = 'delivery'")  # fmt: skip
            theme = "'t1' AS theme_id, 'moment.delivery' AS ground"
            connection.execute(f"INSERT INTO themes BY NAME SELECT {theme}, 'moment' AS family, 'delivery' AS label, "
                               "'box' AS name, 'alive' AS state, false AS is_named, false AS is_pinned, "
                               "DATE '2026-10-01' AS born_on, 0 AS n_mentions, 0 AS n_looked_at")  # fmt: skip
            connection.execute("INSERT INTO themes BY NAME SELECT * REPLACE ('t2' AS theme_id) FROM themes")
            connection.execute(f"INSERT INTO theme_mentions BY NAME SELECT mention_id, {theme} FROM mentions LIMIT 40")
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(publishing, "store_views", partial(storing.store_views, large=0))
                store.publish(connection, folder / "warehouse")

    return once(tmp_path_factory, "decided", make)


@pytest.fixture
def folder(published: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(published, tmp_path / "own", symlinks=True))


@pytest.fixture
def followed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of snapshots that were written behind another one."""
    names: list[str] = []
    write = republishing.write
    monkeypatch.setattr(publishing.republishing, "write", lambda *given, **named: (names.append(given[1].name),
                                                                                   write(*given, **named)))  # fmt: skip
    return names


def decide(folder: Path, statements: str, *, decides: bool = True) -> Path:
    with store.open_working(folder / "working.duckdb", decides=decides) as connection:
        connection.execute(statements)
        return store.publish(connection, folder / "warehouse", keep=2)


def contents(snapshot: Path) -> dict[str, object]:
    """The rows of each table and view, and all that the file says of tables and columns."""
    with store.open_published(snapshot) as reader:
        names = {*schema.published_tables(), *schema.VIEWS} - {"edition"}
        found: dict[str, object] = {name: sorted(map(repr, rows(reader, f"FROM {name}"))) for name in names}
        about = (
            "table_name, column_name, column_index, data_type, comment FROM duckdb_columns() WHERE schema_name = 'main'"
        )
        found["columns"] = rows(reader, f"SELECT {about} ORDER BY ALL")
        found["tables"] = rows(reader, "SELECT table_name, comment FROM duckdb_tables() ORDER BY ALL")
        found["edition"] = rows(reader, "SELECT * EXCLUDE (follows) FROM edition")
        return found


@pytest.mark.parametrize(("statements", "view"), DECISIONS)
def test_a_decision_is_published_as_if_all_were_published(
    folder: Path, followed: list[str], monkeypatch: pytest.MonkeyPatch, statements: str, view: str
) -> None:
    before = contents(folder / "warehouse" / "cx.duckdb")
    monkeypatch.setattr(publishing, "store_views", partial(storing.store_views, large=0))
    with store.open_working(folder / "working.duckdb", decides=True) as connection:
        connection.execute(statements)
        quick = contents(store.publish(connection, folder / "warehouse"))
        assert len(followed) == 1
        whole = contents(store.publish(connection, folder / "elsewhere"))
        assert len(followed) == 1
    assert quick[view] != before[view]
    for name, found in whole.items():
        assert quick[name] == found, name


def test_many_decisions_follow_one_another_and_take_no_nights_place(folder: Path, followed: list[str]) -> None:
    earlier = folder / "warehouse" / "cx-2026-11-01-1-0000.duckdb"
    shutil.copy(folder / "warehouse" / "cx-2026-11-02-1-0001.duckdb", earlier)
    for number in range(3):
        decide(folder, f"UPDATE backlog SET assigned_to = 'Ops {number}'")
    assert decide(folder, "SELECT 1").name == "cx-2026-11-02-1-0004.duckdb"
    names = sorted(path.name for path in (folder / "warehouse").iterdir())
    assert names == [earlier.name, "cx-2026-11-02-1-0004.duckdb", "cx.duckdb"]
    assert len(followed) == 3
    owners = store.query(folder / "warehouse" / "cx.duckdb", "SELECT DISTINCT assigned_to FROM backlog")
    assert owners.to_series().to_list() == ["Ops 2"]


def change(folder: Path) -> None:
    with store.open_working(folder / "working.duckdb") as connection:
        connection.execute("UPDATE feedback SET product = 'another'")


def damage(warehouse: Path) -> None:
    newest = next(warehouse.glob("cx-*.duckdb"))
    newest.chmod(0o644)
    newest.write_bytes(newest.read_bytes()[:5000])


def older(warehouse: Path) -> None:
    newest = next(warehouse.glob("cx-*.duckdb"))
    newest.chmod(0o644)
    with duckdb.connect(newest) as connection:
        connection.execute("UPDATE edition SET fingerprint = 'of a backup'")


@pytest.mark.parametrize(
    "unpublished",
    [
        pytest.param(change, id="something else was stored and not published"),
        pytest.param(lambda folder: damage(folder / "warehouse"), id="the newest snapshot is damaged"),
        pytest.param(lambda folder: shutil.rmtree(folder / "warehouse"), id="no snapshot is left"),
        pytest.param(lambda folder: older(folder / "warehouse"), id="the newest is not the one that was published"),
    ],
)
def test_all_is_published_where_more_may_have_changed(folder: Path, followed: list[str], unpublished: Any) -> None:
    unpublished(folder)
    snapshot = decide(folder, "UPDATE backlog SET assigned_to = 'Ops'")
    assert followed == []
    with store.open_published(snapshot) as reader, store.open_working(folder / "working.duckdb") as working:
        for table in ("feedback", "backlog"):
            columns = ", ".join(schema.published_tables()[table])
            query = f"SELECT {columns} FROM {table} ORDER BY ALL"
            assert rows(reader, query) == rows(working, query)


def test_who_changes_more_than_was_promised_publishes_all(folder: Path, followed: list[str]) -> None:
    decide(folder, "DELETE FROM employees; UPDATE backlog SET assigned_to = 'Ops'")
    assert followed == []


def test_a_merge_that_was_killed_before_it_was_done_comes_with_the_next_decision(
    folder: Path, followed: list[str]
) -> None:
    wanted = Wishes({"t2": "the van"}, frozenset(), [("t1", "t2")], {}, frozenset({"t1", "t2"}))
    with store.open_working(folder / "working.duckdb", decides=True) as connection:
        apply(connection, wanted, night=larkfield.NIGHT, run_id=None)
        store.publish(connection, folder / "warehouse")
    assert followed == []
    own = "SELECT DISTINCT theme_id FROM theme_mentions"
    assert store.query(folder / "warehouse" / "cx.duckdb", own).rows() == [("t2",)]


def test_a_copy_that_differs_is_not_published(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(republishing, "_replace", lambda *_: {})
    with pytest.raises(store.WarehouseError, match="the copy differs from the working file and was not published"):
        decide(folder, "UPDATE backlog SET assigned_to = 'Ops'")
    assert store.query(folder / "warehouse" / "cx.duckdb", "SELECT count(assigned_to) FROM backlog").item() == 0


def test_where_the_kernel_copies_nothing_the_file_is_copied(
    folder: Path, followed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise OSError("not between these file systems")

    monkeypatch.setattr("os.copy_file_range", refuse)
    assert store.open_published(decide(folder, "UPDATE backlog SET assigned_to = 'Ops'")).close() is None
    assert len(followed) == 1


def test_nothing_of_what_was_erased_comes_along(folder: Path, followed: list[str]) -> None:
    for name in ("Mr Quillfeather", "nobody"):
        copied = decide(folder, f"UPDATE themes SET name = '{name} and the box'")
    assert b"Quillfeather" in copied.read_bytes()
    with store.open_working(folder / "working.duckdb") as connection:  # as an erasure that finds nothing
        store.publish(connection, folder / "warehouse", stays=lambda _: False)
    snapshot = decide(folder, "UPDATE backlog SET assigned_to = 'Ops'")
    assert len(followed) == 3
    assert b"Quillfeather" not in snapshot.read_bytes()
