"""What people who left a ground had made common there, in names and in weights of words, goes with them."""

from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl

from cxnlp.warehouse import store
from tests.themes.sayings import keep, sayings
from tests.themes.test_growing import FIRST, grow
from tests.warehouse.night import rows

Connection = duckdb.DuckDBPyConnection


def test_a_name_goes_when_those_who_made_its_word_common_leave_the_ground(
    connection: Connection, tmp_path: Path
) -> None:
    """Ten of no theme write Hoover as five of the theme do; when the ten are gone, the five are too few."""
    also = [replace(saying, text=f"{saying.text} Hoover, too.") for saying in sayings("", 10)]
    five = [replace(saying, text=f"{saying.text} Ask Hoover.") for saying in sayings("rain", 5)]
    keep(connection, tmp_path, [*five, *FIRST[5:], *also, *sayings("", 20, first=30)])
    grow(connection, least_group=8)
    connection.execute("UPDATE themes SET name = 'Hoover' WHERE n_mentions = 20")
    grow(connection, 2, least_group=8)
    assert rows(connection, "SELECT name FROM themes WHERE n_mentions = 20") == [("Hoover",)]
    store.erase(connection, pl.Series([saying.feedback_id for saying in also]))
    grow(connection, 3, least_group=8)
    ((name,),) = rows(connection, "SELECT name FROM themes WHERE n_mentions = 20")
    assert "Hoover" not in name


def test_a_stem_that_too_few_people_say_is_not_kept(connection: Connection, tmp_path: Path) -> None:
    """One person's Quibble is never kept; six people's Hoover goes with two of them, and sums with it."""
    six = [replace(saying, text=f"{saying.text} Hoover, too.") for saying in sayings("horn", 6)]
    one = [replace(saying, text="Ask Quibble about my trombone.", person="ann") for saying in sayings("", 4)]
    keep(connection, tmp_path, [*FIRST[:20], *six, *FIRST[26:35], *one, *sayings("", 30, first=4)])
    grow(connection)
    words = "SELECT unnest(words) FROM theme_grounds"
    known = {word for (word,) in rows(connection, words)}
    assert {"hoove", "parce"} <= known
    assert "quibb" not in known
    store.erase(connection, pl.Series(["horn000", "horn001"]))
    grow(connection, 2)
    assert {word for (word,) in rows(connection, words)} == known - {"hoove"}
    sums = rows(connection, "SELECT vector_sum FROM themes ORDER BY ALL")
    connection.execute("UPDATE themes SET vector_sum = NULL")  # made anew from all
    grow(connection, 3)
    assert rows(connection, "SELECT vector_sum FROM themes ORDER BY ALL") == sums


def test_a_ground_of_which_too_little_is_left_keeps_no_words(connection: Connection, tmp_path: Path) -> None:
    keep(connection, tmp_path, FIRST)
    grow(connection)
    store.erase(connection, pl.Series([saying.feedback_id for saying in FIRST[2:]]))
    grow(connection, 2)
    grow(connection, 3)
    assert rows(connection, "FROM theme_grounds WHERE len(words) > 0") == []
