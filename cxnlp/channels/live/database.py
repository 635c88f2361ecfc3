"""A connection to a company's database: read only, encrypted over the network, told apart by what is wrong with it."""

import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import sqlalchemy as sa
from sqlalchemy import event, exc

from cxnlp.channels import sqlite
from cxnlp.channels.columns import Row
from cxnlp.channels.items import Unusable
from cxnlp.channels.live.failures import Unreachable
from cxnlp.channels.live.service import Visit
from cxnlp.channels.live.tls import said_of, trusted
from cxnlp.channels.live.waits import Waits, backoff
from cxnlp.channels.live.web import ATTEMPTS, is_loopback

if TYPE_CHECKING:
    from cxnlp.channels.live.sql import Sql

T = TypeVar("T")

_DRIVERS: Final = {
    "postgres": "postgresql+pg8000",
    "postgresql": "postgresql+pg8000",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
}
_SHAPE: Final = "Allowed: postgresql://user:password@host:5432/name or mysql://user:password@host:3306/name"
_READ_ONLY: Final = {
    "postgresql": "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
    "mysql": "SET SESSION TRANSACTION READ ONLY",
    "mariadb": "SET SESSION TRANSACTION READ ONLY",
}
_SECONDS: Final = 600
#: SQLSTATE classes and MySQL numbers: a wrong user, password or database, which asking again does not mend …
_REFUSALS: Final = ("28", "3D", "1045", "1044", "1049")
#: … and a table or column that is not to be seen.
_NOT_ALLOWED: Final = ("42", "1142", "1143", "1146", "1054")


@dataclass(frozen=True)
class Found:
    """The columns of a table, without those of bytes, and its primary key; nothing where there is no such table."""

    names: tuple[str, ...] = ()
    key: tuple[str, ...] = ()


@dataclass(frozen=True)
class Database:
    """An open database; what fails for a moment is asked again."""

    engine: sa.Engine
    waits: Waits

    def rows(self, query: sa.Select[Any]) -> list[Row]:
        """Return all rows of a query that is limited."""

        def ask() -> list[Row]:
            with self.engine.connect() as connection:
                return [list(row) for row in connection.execute(query)]

        return _patiently(ask, self.waits)

    def columns(self, name: str, schema: str | None) -> Found:
        """Return what the database says about a table or view."""

        def ask() -> Found:
            inspector = sa.inspect(self.engine)
            try:
                columns = inspector.get_columns(name, schema)
            except exc.NoSuchTableError:
                return Found()
            names = tuple(each["name"] for each in columns if not isinstance(each["type"], sa.LargeBinary))
            return Found(names, tuple(inspector.get_pk_constraint(name, schema)["constrained_columns"]))

        return _patiently(ask, self.waits)


@contextmanager
def opened(visit: "Visit[Sql]") -> Iterator[Database]:
    """Give the database of a source.

    Raises:
        Unreachable: its address is not to be had or not one, its driver is not installed, or it does not answer.
    """
    file = visit.settings.file
    engine = _of_file(file) if file else _of_address(visit.secret(), visit.settings)
    try:
        yield Database(engine, visit.waits)
    finally:
        engine.dispose()


def _of_file(file: Path) -> sa.Engine:
    if not file.is_file():
        raise Unreachable(f"{file} is not there. Set `file` to an SQLite database that this user may read.")
    return sa.create_engine("sqlite://", creator=lambda: sqlite.connect(str(file)), poolclass=sa.NullPool)


def _of_address(address: str, settings: "Sql") -> sa.Engine:
    """Make the engine; errors never show the address, which holds the password."""
    try:
        url = sa.make_url(address)
        url = url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))
        kind = url.get_backend_name()
        if kind == "sqlite":
            raise Unreachable("The secret is the address of an SQLite file. Write the file's path as `file` instead.")
        engine = sa.create_engine(
            url, connect_args=_arguments(url, settings), poolclass=sa.NullPool, hide_parameters=True
        )
    except (exc.NoSuchModuleError, ImportError) as error:
        raise Unreachable("The driver of this database is not installed. For PostgreSQL and MySQL install cxnlp with "
                          "the extra `sql`; for others a driver of SQLAlchemy's.") from error  # fmt: skip
    except (exc.ArgumentError, ValueError) as error:
        raise Unreachable(f"The secret is no database address. {_SHAPE}; signs such as @ or / in the password are "
                          "written %40 and %2F.") from error  # fmt: skip
    if kind in _READ_ONLY:
        event.listen(engine, "connect", _read_only(_READ_ONLY[kind]))
    return engine


def _read_only(statement: str) -> Callable[[Any, Any], None]:
    def tell(connection: Any, _: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(statement)
        cursor.close()
        connection.commit()

    return tell


def _arguments(url: sa.URL, settings: "Sql") -> Mapping[str, Any]:
    wanted = settings.tls or ("off" if is_loopback(url.host or "localhost") else "verify")
    context = trusted(settings.authority) if wanted == "verify" else None
    if wanted == "require":
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if url.get_driver_name() == "pg8000":
        return {"timeout": _SECONDS, "ssl_context": context or False}
    if url.get_driver_name() == "pymysql":
        return {"connect_timeout": 60, "read_timeout": _SECONDS} | (
            {"ssl": context} if context else {"ssl_disabled": True}
        )
    return {}


def _patiently(ask: Callable[[], T], waits: Waits) -> T:
    """Ask again when the connection breaks off.

    Raises:
        Unreachable: it breaks off again and again, or the database refuses the user.
        Unusable: the database refuses this question.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return ask()
        except (exc.DBAPIError, OSError) as error:
            if untrusted := said_of("The database", error):
                raise Unreachable(untrusted) from error
            code = _code(error)
            if code.startswith(_NOT_ALLOWED) or isinstance(error, exc.ProgrammingError | exc.DataError):
                raise Unusable(
                    f"The database refuses to show this table ({_kind(error)} {code}). Allow its user to read it "
                    "(GRANT SELECT), or look at `tables`, `cursor` and `columns`."
                ) from error
            if attempt == ATTEMPTS or code.startswith(_REFUSALS) or type(error) is exc.DatabaseError:
                raise Unreachable(
                    f"The database cannot be reached, is damaged, or refuses the user ({_kind(error)} {code}). Look at "
                    "the address, the network, the user and `tls`. What came before is stored; the next run goes on."
                ) from error
            waits.wait(backoff(attempt))
    raise AssertionError


def _kind(error: Exception) -> str:
    return type(getattr(error, "orig", None) or error).__name__


def _code(error: Exception) -> str:
    """The database's number for an error; never its text, which may hold anything."""
    cause = getattr(error, "orig", None) or error
    arguments: Sequence[Any] = getattr(cause, "args", ())
    said = arguments[0] if arguments else None
    code = said.get("C") if isinstance(said, dict) else said if isinstance(said, int) else None
    return str(code or "without a number")
