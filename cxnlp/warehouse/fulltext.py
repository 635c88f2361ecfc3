"""Full-text search in published files: DuckDB's own extension, which comes as a wheel and is loaded by its path."""

from importlib import metadata
from pathlib import Path
from typing import Final

import duckdb

from cxnlp.warehouse import sql
from cxnlp.warehouse.sql import WarehouseError

_WHEEL: Final = "duckdb-extension-fts"
_FILE: Final = "fts.duckdb_extension"

#: Where the index lies: tables and a macro in a schema of their own, made by the extension.
SCHEMA: Final = "fts_main_mentions"


def load(connection: duckdb.DuckDBPyConnection) -> None:
    """Give a connection the words' stems and the making of an index; nothing is fetched from anywhere.

    Raises:
        WarehouseError: the extension is not installed, or it is of another DuckDB.
    """
    try:
        files = [file for file in metadata.files(_WHEEL) or () if file.name == _FILE]
        connection.execute(f"LOAD {sql.literal(Path(str(files[0].locate())))}")
    except (metadata.PackageNotFoundError, IndexError) as error:
        raise WarehouseError(f"{_WHEEL}: not installed. Run `pip install {_WHEEL}=={duckdb.__version__}`.") from error
    except duckdb.Error as error:
        raise WarehouseError(f"{_WHEEL}: DuckDB {duckdb.__version__} cannot load it ({sql.first_line(error)}). Run "
                             f"`pip install {_WHEEL}=={duckdb.__version__}`.") from error  # fmt: skip


def index(connection: duckdb.DuckDBPyConnection) -> None:
    """Index the mentions' words by their English stems and make `find_words`; for a file that is not written again."""
    load(connection)
    sql.run(connection, "left_out.sql")
    connection.execute(
        "PRAGMA create_fts_index('mentions', 'mention_id', 'text', stemmer = 'english', stopwords = 'left_out')"
    )
    connection.execute("DROP TABLE left_out")
    sql.run(connection, "fulltext.sql")


def is_indexed(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the file has an index; one that an older cxnlp published has none."""
    return bool(sql.scalar(connection, "SELECT count(*) FROM duckdb_schemas() WHERE schema_name = $1", [SCHEMA]))
