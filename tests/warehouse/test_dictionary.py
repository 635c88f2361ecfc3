"""docs/warehouse.md: its queries run, and its dictionary is that of the database."""

import re
from pathlib import Path

import duckdb
import pytest

from cxnlp.warehouse import dictionary, schema, store
from cxnlp.warehouse.comments import copy_comments
from tests.warehouse.night import partition, piece, refused, run, said

PAGE = Path(__file__).parents[2] / "docs" / "warehouse.md"
QUERIES = re.findall(r"```sql\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published warehouse in which every query of the page finds something."""
    folder = tmp_path_factory.mktemp("page")
    letters = [
        piece(f"f{n}", said("Late again, never again.", -1, "moment:delivery", "moment:payment", "signal:churn"),
              said("A rude driver.", -2, "unmeasurable:friendliness-"), location="Elm Street")
        for n in range(10)
    ]  # fmt: skip
    with store.open_working(folder / "working.duckdb") as connection:
        store.load(connection, [partition(folder / "a", *letters, quarantine=[refused("q1")])], run())
        store.publish(connection, folder / "warehouse")
    return folder / "warehouse" / "cx.duckdb"


def test_there_are_eight() -> None:
    assert len(QUERIES) == 8


@pytest.mark.parametrize("query", QUERIES, ids=range(1, len(QUERIES) + 1))
def test_a_query_of_the_page_runs(published: Path, query: str) -> None:
    assert store.query(published, query).height >= 1


def test_the_page_is_up_to_date() -> None:
    page = PAGE.read_text("utf-8")
    assert dictionary.renewed(page, dictionary.markdown(dictionary.of_published())) == page, (
        "run: python -m cxnlp.warehouse.dictionary docs/warehouse.md"
    )


def test_the_dictionary_is_that_of_a_published_file(published: Path) -> None:
    text = dictionary.markdown(dictionary.of_published())
    with store.open_published(published) as connection:
        columns = connection.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND schema_name = 'main'"
        ).fetchall()
    sections = {part.split("\n", 1)[0]: part for part in text.split("### ")[1:]}
    assert {table for table, _ in columns} == set(sections)
    assert all(f"| `{column}` |" in sections[table] for table, column in columns)
    assert set(sections).isdisjoint(schema.PRIVATE_TABLES)


def test_a_table_says_what_its_view_says_and_no_more() -> None:
    with duckdb.connect() as connection:
        connection.execute("CREATE VIEW said AS SELECT 1 AS n, 2 AS m; CREATE TABLE stored AS FROM said")
        connection.execute("COMMENT ON COLUMN said.n IS 'How many.'")
        copy_comments(connection, "said", "stored")
        tables = connection.execute("SELECT comment FROM duckdb_tables()").fetchall()
        columns = connection.execute(
            "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'stored' ORDER BY column_index"
        ).fetchall()
    assert (tables, columns) == ([(None,)], [("n", "How many."), ("m", None)])


def test_a_new_comment_is_seen() -> None:
    with duckdb.connect() as connection:
        schema.prepare(connection, Path(":memory:"))
        schema.leave_out_private(connection)
        connection.execute("COMMENT ON COLUMN tags.voter IS 'model | rule'")
        assert "| `voter` | VARCHAR | model \\| rule |" in dictionary.markdown(dictionary.read(connection))


def test_a_page_without_a_mark_is_refused() -> None:
    with pytest.raises(ValueError, match="the page has no line"):
        dictionary.renewed("# Something else", "text")
