"""Encrypted DuckDB files: AES-256-GCM under a key that is nowhere near the file.

DuckDB reads them by itself. To write them it wants OpenSSL, which comes as its extension httpfs; the extra
``originals`` installs that as a wheel, and it is loaded by its path: nothing is fetched.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import duckdb

from cxnlp.warehouse import sql
from cxnlp.warehouse.sql import WarehouseError

_WHEEL: Final = "duckdb_extension_httpfs"
_MAGIC: Final = b"DUCK"
_HEAD: Final = 28  # bytes: checksum 8, magic 4, version 8, flags 8; the lowest flag says that the rest is encrypted


class WrongKeyError(WarehouseError):
    """The key does not fit the file, or the file is none that a key opens."""


def extension() -> Path:
    """Return the file of the extension that writes encrypted files.

    Raises:
        WarehouseError: it is not installed, or for another DuckDB.
    """
    spec = find_spec(_WHEEL)
    places = spec.submodule_search_locations if spec is not None else None
    version = f"v{duckdb.__version__}"
    for place in places or ():
        file = Path(place) / "extensions" / version / "httpfs.duckdb_extension"
        if file.is_file():
            return file
    found = "is installed for another DuckDB" if places else "is not installed"
    raise WarehouseError(f"duckdb-extension-httpfs, which encrypts originals, {found}; expected: the one for DuckDB "
                         f"{duckdb.__version__}. Install the extra `originals`.")  # fmt: skip


def is_encrypted(path: Path) -> bool:
    """Whether a file says that it is an encrypted DuckDB database."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    return head[8:12] == _MAGIC and len(head) == _HEAD and bool(head[20] & 1)


def fits(path: Path, key: str | None) -> bool:
    """Whether the key opens the file."""
    if key is None or not path.is_file():
        return False
    with opened(writes=False) as connection:
        try:
            attach(connection, path, "locked", key)
        except WarehouseError:
            return False
    return True


@contextmanager
def opened(*, writes: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection to nothing yet that never spills to the disk and never reaches for the network.

    Args:
        writes: whether files that are attached to it will be written.

    Raises:
        WarehouseError: they will be, and the extension is not installed.
    """
    with sql.connect(":memory:") as connection:
        connection.execute("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false")
        connection.execute("SET TimeZone = 'UTC'")
        if writes:
            connection.execute(f"LOAD {sql.literal(extension())}")
        yield connection


def attach(connection: duckdb.DuckDBPyConnection, file: Path, name: str, key: str, *, writes: bool = False) -> None:
    """Attach an encrypted file as ``name``; one that is to be written is made where it is not there.

    Raises:
        WrongKeyError: the key does not fit, or the file is no encrypted database.
        WarehouseError: another process has it open.
    """
    options = "ENCRYPTION_KEY $1" if writes else "ENCRYPTION_KEY $1, READ_ONLY"
    try:
        connection.execute(f"ATTACH {sql.literal(file)} AS {sql.identifier(name)} ({options})", [key])
    except (duckdb.InvalidInputException, duckdb.CatalogException) as error:
        raise WrongKeyError(f"{file}: this key does not open it. Allowed: the key that it was written with; without "
                            "that, nobody reads it any more.") from error  # fmt: skip
    except duckdb.IOException as error:
        if "lock" in str(error).lower():
            raise WarehouseError(f"{file}: another process has it open. Wait until that has ended.") from error
        raise WrongKeyError(f"{file}: is damaged or no encrypted DuckDB database. Restore it from your backup, or "
                            "remove it: the nights make a new one.") from error  # fmt: skip
