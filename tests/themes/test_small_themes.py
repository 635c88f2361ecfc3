"""A theme that somebody pinned may be of few people: what is passed on says neither how many nor what they said."""

import duckdb
import pytest

from cxnlp.answers.themes import theme, themes

SNAPSHOT = """
CREATE TABLE themes AS FROM (VALUES ('th-1', 'outside', 'alive', NULL), ('th-2', 'outside', 'alive', NULL))
    AS t(theme_id, ground, state, into_id);
CREATE TABLE themes_all AS FROM (VALUES
    ('outside', NULL, 'th-1', 'kettle, lid', false, true, 4, 3, -0.5, NULL, NULL, NULL, NULL, NULL, NULL),
    ('outside', NULL, 'th-2', 'queue, till', false, false, 9, 8, -0.2, NULL, NULL, NULL, NULL, NULL, NULL))
    AS t(ground, label, theme_id, name, is_named, is_pinned, n_mentions, n_customers, net_sentiment, born_on, first_on,
         last_on, quote_1, quote_2, quote_3);
CREATE TABLE theme_evidence AS
    SELECT 'm' || i AS mention_id, 'th-1' AS theme_id, NULL AS occurred_on, -1 AS sentiment, 'The lid broke.' AS quote,
        'p' || i AS person_key, 0.9 AS similarity
    FROM range(3) AS t(i);
CREATE TABLE theme_events AS FROM (VALUES (NULL, 'th-1', 'pinned', NULL, 4, true))
    AS t(happened_on, theme_id, event, other_id, n_mentions, is_by_person);
"""


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    made.execute(SNAPSHOT)
    return made


def test_a_pinned_theme_of_few_people_says_neither_number_nor_words(connection: duckdb.DuckDBPyConnection) -> None:
    rows = {row["theme_id"]: row for row in themes(connection, least_group=5)}
    assert [rows["th-1"][name] for name in ("name", "n_customers", "net_sentiment", "is_pinned")] == [
        None, None, None, True
    ]  # fmt: skip
    assert (rows["th-2"]["name"], rows["th-2"]["n_customers"]) == ("queue, till", 8)
    shared = theme(connection, "th-1", least_group=5)
    assert (shared["quotes"], shared["n_mentions"], shared["events"][0]["n_mentions"]) == ([], None, None)


def test_an_analyst_sees_it_whole(connection: duckdb.DuckDBPyConnection) -> None:
    whole = theme(connection, "th-1")
    assert (whole["name"], whole["n_customers"], len(whole["quotes"])) == ("kettle, lid", 3, 3)
