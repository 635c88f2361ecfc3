"""What a file says is read whole, whatever its format packs."""

from pathlib import Path

import duckdb

from cxnlp.privacy.contents import pieces


def test_tables_of_every_schema_are_searched(tmp_path: Path) -> None:
    path = tmp_path / "a.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE SCHEMA aside")
        connection.execute("CREATE TABLE aside.terms AS SELECT 'the first secret' AS term")
        connection.execute("CREATE TABLE terms AS SELECT 'the second secret' AS term")
        connection.execute("CREATE TABLE z AS SELECT 'the third secret' AS term")
    found = b"\n".join(content for place, content in pieces(path) if place)
    assert all(word in found for word in (b"the first secret", b"the second secret", b"the third secret"))
