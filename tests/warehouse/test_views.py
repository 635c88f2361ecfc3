"""What each view says about a few pieces of feedback that can be counted by hand."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from cxnlp.warehouse import store
from cxnlp.warehouse.schema import VIEWS
from tests.warehouse.night import Piece, partition, piece, refused, rows, run, said

Connection = duckdb.DuckDBPyConnection


def store_night(connection: Connection, folder: Path, *pieces: Piece, **more: Any) -> None:
    store.load(connection, [partition(folder / "night", *pieces, **more)], run())
    store.count(connection)


def vote(connection: Connection, mention_id: str, tag: str, voter: str, decision: str = "yes", p: float = 1.0) -> None:
    """Add one vote, written as ``family:label`` with the polarity of unmeasurables at its end."""
    family, label = tag.split(":")
    polarity = label[-1] if family == "unmeasurable" else None
    label = label if family == "sentiment" else label.rstrip("+-")
    connection.execute(
        "INSERT INTO tags (mention_id, family, label, polarity, probability, decision, voter) VALUES ($1, $2, $3, $4, "
        "$5, $6, $7)",
        [mention_id, family, label, polarity, p, decision, voter],
    )


MODEL = said("They lied to me about the price.", -1, "moment:price", "unmeasurable:trust-", "?warning:policy")


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        pytest.param(
            [],
            {("moment", "price", None, "yes", "model"), ("unmeasurable", "trust", "-", "yes", "model"),
             ("warning", "policy", None, "unsure", "model"), ("sentiment", "-1", None, "yes", "model")},
            id="the model alone",
        ),
        pytest.param(
            [("moment:advice", "rule", "yes")],
            {("moment", "advice", None, "yes", "rule"), ("moment", "price", None, "yes", "model")},
            id="a rule's yes beats silence",
        ),
        pytest.param([("warning:policy", "rule", "yes")], {("warning", "policy", None, "yes", "rule")},
                     id="a rule's yes beats unsure"),
        pytest.param([("moment:price", "rule", "yes")], {("moment", "price", None, "yes", "model")},
                     id="both sure: the model speaks"),
        pytest.param([("moment:price", "rule", "unsure"), ("moment:staff", "rule", "unsure")],
                     {("moment", "price", None, "yes", "model"), ("moment", "staff", None, "unsure", "rule")},
                     id="an unsure rule is heard where the model is silent"),
        pytest.param([("unmeasurable:trust+", "rule", "yes")],
                     {("unmeasurable", "trust", "-", "yes", "model"), ("unmeasurable", "trust", "+", "yes", "rule")},
                     id="other polarity is another tag"),
        pytest.param([("moment:price", "person", "no"), ("moment:price", "rule", "yes")], set(),
                     id="a person's no takes it away"),
        pytest.param([("moment:staff", "person", "yes")],
                     {("moment", "staff", None, "yes", "person"), ("moment", "price", None, "yes", "model")},
                     id="a person judges one label"),
        pytest.param([("unmeasurable:trust+", "person", "yes"), ("unmeasurable:trust-", "rule", "yes")],
                     {("unmeasurable", "trust", "+", "yes", "person")}, id="a person settles both polarities"),
        pytest.param([("sentiment:-2", "person", "yes")], {("sentiment", "-2", None, "yes", "person")},
                     id="a person settles the sentiment"),
        pytest.param([("sentiment:-2", "person", "yes"), ("sentiment:2", "person", "unsure")],
                     {("sentiment", "-2", None, "yes", "person")}, id="two persons: the sure one"),
    ],
)  # fmt: skip
def test_how_votes_settle(
    connection: Connection, tmp_path: Path, votes: list[tuple[str, str, str]], expected: set[tuple[Any, ...]]
) -> None:
    store_night(connection, tmp_path, piece("f1", MODEL))
    for tag, voter, decision in votes:
        vote(connection, "f1.1", tag, voter, decision)
    families = {tag.split(":")[0] for tag, *_ in votes} or {"moment", "unmeasurable", "warning", "sentiment"}
    settled = rows(connection, "SELECT family, label, polarity, decision, voter FROM settled WHERE mention_id = 'f1.1'")
    assert len(settled) == len(set(settled))
    assert {row for row in settled if row[0] in families} == expected


def test_the_settled_row_is_the_winners(connection: Connection, tmp_path: Path) -> None:
    store_night(connection, tmp_path, piece("f1", MODEL))
    vote(connection, "f1.1", "warning:policy", "rule", p=0.875)
    found = "SELECT voter, probability, evidence_start FROM settled WHERE family IN ('warning', 'moment') ORDER BY 1"
    assert rows(connection, found) == [("model", 0.75, 0), ("rule", 0.875, None)]


def test_duplicates_are_in_no_view(connection: Connection, tmp_path: Path) -> None:
    long = said("They lied to me about the price of the bench and of the table.", -1, "moment:price", "signal:champion")
    copies = [piece(name, long, employees=[{"employee_key": "e", "role": "staff", "start": 0, "end": 4}])
              for name in ("f1", "f2")]  # fmt: skip
    store_night(connection, tmp_path, *copies)
    assert rows(connection, "SELECT DISTINCT mention_id FROM settled") == [("f1.1",)]
    assert rows(connection, "SELECT DISTINCT mention_id FROM evidence") == [("f1.1",)]
    assert rows(connection, "SELECT n_mentions, n_feedback FROM moments_all") == [(1, 1)]
    assert rows(connection, "SELECT n_feedback, n_duplicates FROM freshness") == [(1, 1)]


def test_evidence_has_one_row_per_mention_and_tag(connection: Connection, tmp_path: Path) -> None:
    store_night(
        connection,
        tmp_path,
        piece(
            "f1",
            said("Good morning."),
            said("The van was late again.", -1, "moment:delivery", "?warning:resourcing"),
            said("Sorry about that.", 0, "moment:resolution", speaker="agent"),
            customer_key="c1", author_key="a1", source="calls", channel="call", external_id="x9", product="bench",
            location="Elm Street", rating=2.0,
        ),
        piece("f2", said("Lovely bench!", 2, "moment:product"), author_key="a2", day="2026-11-01"),
        piece("f3", said("Hm."), day="2026-11-02"),
    )  # fmt: skip
    found = connection.execute("FROM evidence ORDER BY mention_id, family, label").pl()
    assert found.select("mention_id", "stage", "family", "label", "decision", "sentiment", "speaker").rows() == [
        ("f1.1", None, None, None, None, 0, None),
        ("f1.2", "acquisition", "moment", "delivery", "yes", -1, None),
        ("f1.2", None, "warning", "resourcing", "unsure", -1, None),
        ("f1.3", "care", "moment", "resolution", "yes", 0, "agent"),
        ("f2.1", "use", "moment", "product", "yes", 2, None),
        ("f3.1", None, None, None, None, 0, None),
    ]
    assert found["person_key"].to_list() == ["c1", "c1", "c1", "c1", "a2", "f3"]
    assert found["week"].unique().sort().to_list() == [date(2026, 10, 26), date(2026, 11, 2)]
    late = found.row(1, named=True)
    assert late["quote"] == late["evidence"] == "The van was late again."
    assert late["context"] == "Good morning.\nThe van was late again.\nSorry about that."
    assert late["occurred_on"] == date(2026, 10, 26)
    assert late["sentiment_score"] == -0.5
    given = {"source": "calls", "channel": "call", "external_id": "x9", "product": "bench", "location": "Elm Street",
             "rating": 2.0, "language": "en", "probability": 0.75, "voter": "model", "polarity": None}  # fmt: skip
    assert {name: late[name] for name in given} == given


def test_a_persons_sentiment_has_a_score(connection: Connection, tmp_path: Path) -> None:
    store_night(connection, tmp_path, piece("f1", MODEL))
    vote(connection, "f1.1", "sentiment:-2", "person")
    assert rows(connection, "SELECT DISTINCT sentiment, sentiment_score FROM evidence") == [(-2, -1.0)]


@pytest.mark.parametrize(
    ("text", "quote", "expected"),
    [
        ("One. Two. Three. Four.", "Three.", "Two. Three. Four."),
        ("One.", "One.", "One."),
        ("I like it, but it broke. Sad.", "but it broke.", "I like it, but it broke. Sad."),
        ("Hello!\nMy café is cold.\nBye", "My café is cold.", "Hello!\nMy café is cold.\nBye"),
        ("word " * 100 + "end. Quote here. " + "more " * 100, "Quote here.",
         "… " + "word " * 46 + "end. Quote here. " + "more " * 47 + "…"),
    ],
)  # fmt: skip
def test_the_context_is_the_quote_between_its_neighbours(
    connection: Connection, text: str, quote: str, expected: str
) -> None:
    start = text.index(quote)
    query = "SELECT trim(concat(sentence_before($1, $2), $3, sentence_after($1, $4)))"
    (context,) = connection.execute(query, [text, start, quote, start + len(quote)]).fetchall()[0]
    assert context == expected


NIGHTS = (
    piece("f1", said("Never came.", -2, "moment:delivery"), said("Still nothing.", -1, "moment:delivery"),
          author_key="ann", day="2026-10-26"),
    piece("f2", said("Came early, well packed.", 1, "moment:delivery", "moment:product"), author_key="ben",
          day="2026-10-28"),
    piece("f3", said("It came.", 0, "moment:delivery"), said("Came broken?", -1, "?moment:delivery"),
          author_key="ann", day="2026-11-01"),
    piece("f4", said("We deliver tomorrow.", 1, "moment:delivery", speaker="agent"),
          said("Hm, paid twice.", -1, "moment:payment", "moment:delivery", speaker="customer"),
          author_key="cas", day="2026-11-02"),
    piece("f5", said("Dzień dobry."), is_readable=False, day="2026-11-02"),
    piece("f6", said("Hello."), day="2026-11-03"),
)  # fmt: skip


def test_moments_count_by_week(connection: Connection, tmp_path: Path) -> None:
    store_night(connection, tmp_path, *NIGHTS)
    found = connection.execute("FROM moments WHERE moment = 'delivery'").pl().to_dicts()
    first, second = found
    assert (first["stage"], first["name"]) == ("acquisition", "Delivery and collection")
    assert (first["week"], second["week"]) == (date(2026, 10, 26), date(2026, 11, 2))
    assert {name: first[name] for name in first if name.startswith("n_")} == {
        "n_mentions": 4, "n_customers": 2, "n_positive": 1, "n_negative": 2, "n_strong_negative": 1,
        "n_feedback": 3, "n_feedback_reporting": 3,
    }  # fmt: skip
    assert (first["net_sentiment"], first["negative_share"], first["strong_negative_share"]) == (-0.25, 0.5, 0.25)
    assert (second["n_mentions"], second["n_customers"], second["n_feedback"]) == (1, 1, 2)
    assert {row[0] for row in rows(connection, "SELECT moment FROM moments")} == {"delivery", "payment", "product"}


def test_moments_all_count_everything(connection: Connection, tmp_path: Path) -> None:
    store_night(connection, tmp_path, *NIGHTS)
    found = {row["moment"]: row for row in connection.execute("FROM moments_all").pl().to_dicts()}
    delivery = found["delivery"]
    assert (delivery["n_mentions"], delivery["n_customers"], delivery["n_feedback"]) == (5, 3, 5)
    assert (delivery["n_positive"], delivery["n_negative"]) == (1, 3)
    assert (delivery["first_on"], delivery["last_on"]) == (date(2026, 10, 26), date(2026, 11, 2))
    assert delivery["net_sentiment"] == pytest.approx(-0.4)
    assert list(found) == ["delivery", "payment", "product"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # Wilson: Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29
        ("wilson_low(81, 263)", 0.2553),
        ("wilson_high(81, 263)", 0.3662),
        ("wilson_low(15, 148)", 0.0624),
        ("wilson_high(15, 148)", 0.1605),
        ("wilson_low(0, 20)", 0.0),
        ("wilson_high(0, 20)", 0.1611),
        ("wilson_low(1, 29)", 0.0061),
        ("wilson_high(1, 29)", 0.1718),
        ("wilson_high(7, 7)", 1.0),
        ("wilson_low(0, 0)", None),
        # Bonett & Price: a = 7/16, b = 3/16 by hand: 0.25 ± 1.96 √((0.625 - 0.0625)/16)
        ("net_low(6, 2, 14)", -0.1175),
        ("net_high(6, 2, 14)", 0.6175),
        ("net_high(50, 0, 50)", 1.0),
        ("net_low(0, 3, 3)", -1.0),
        ("net_low(0, 0, 0)", None),
        # counts of a large warehouse
        ("wilson_low(4000000, 9000000)", 0.44412),
        ("net_high(4000000, 3000000, 9000000)", 0.11168),
    ],
)
def test_intervals(connection: Connection, expression: str, expected: float | None) -> None:
    (value,) = connection.execute(f"SELECT {expression}").fetchall()[0]
    assert value == (None if expected is None else pytest.approx(expected, abs=5e-5))


def test_views_use_the_intervals_of_their_counts(connection: Connection, tmp_path: Path) -> None:
    store_night(connection, tmp_path, *NIGHTS)
    ends = "net_sentiment_low, net_sentiment_high, negative_share_low, negative_share_high"
    macros = "net_low(1, 3, 5), net_high(1, 3, 5), wilson_low(3, 5), wilson_high(3, 5)"
    assert rows(connection, f"SELECT {ends} FROM moments_all WHERE moment = 'delivery'") == rows(
        connection, f"SELECT {macros}"
    )
    assert rows(connection, "SELECT count(*) FROM moments_all WHERE net_sentiment NOT BETWEEN net_sentiment_low AND "
                            "net_sentiment_high OR negative_share NOT BETWEEN negative_share_low AND "
                            "negative_share_high") == [(0,)]  # fmt: skip


def test_abacus_counts_a_mention_once_a_stage(connection: Connection, tmp_path: Path) -> None:
    store_night(connection, tmp_path, *NIGHTS)
    found = {row["stage"]: row for row in connection.execute("FROM abacus").pl().to_dicts()}
    assert list(found) == ["awareness", "buy_in", "acquisition", "care", "use", "share"]
    acquisition = found["acquisition"]
    assert (acquisition["name"], acquisition["n_mentions"], acquisition["n_customers"]) == ("Acquisition", 5, 3)
    assert acquisition["net_sentiment"] == pytest.approx(-0.4)
    assert (found["use"]["n_mentions"], found["use"]["net_sentiment"]) == (1, 1.0)
    assert (found["care"]["n_mentions"], found["care"]["net_sentiment"]) == (0, None)


SOFT = (
    piece("f1", said("Rude!", -1, "unmeasurable:friendliness-"), said("Ignored me.", -1, "unmeasurable:listening-"),
          author_key="ann"),
    piece("f2", said("Kind.", 1, "unmeasurable:friendliness+"), author_key="ben", day="2026-10-27"),
    piece("f3", said("So kind.", 2, "unmeasurable:friendliness+"), said("Nice?", 1, "?unmeasurable:friendliness+"),
          said("I am sorry.", 0, "unmeasurable:defusing+", speaker="agent"), author_key="ben", day="2026-11-04"),
)  # fmt: skip


def test_unmeasurables_are_balances(connection: Connection, tmp_path: Path) -> None:
    store_night(connection, tmp_path, *SOFT)
    counts = "SELECT unmeasurable, week, n_shown, n_missing, n_customers, balance FROM unmeasurables"
    assert rows(connection, counts) == [
        ("friendliness", date(2026, 10, 26), 1, 1, 2, 0.0),
        ("friendliness", date(2026, 11, 2), 1, 0, 1, 1.0),
        ("listening", date(2026, 10, 26), 0, 1, 1, -1.0),
    ]
    friendly = connection.execute("FROM unmeasurables_all WHERE unmeasurable = 'friendliness'").pl().to_dicts()[0]
    assert (friendly["n_shown"], friendly["n_missing"], friendly["n_customers"]) == (2, 1, 2)
    assert friendly["balance"] == pytest.approx(1 / 3)
    ends = rows(connection, "SELECT 2 * wilson_low(2, 3) - 1, 2 * wilson_high(2, 3) - 1")
    assert [(friendly["balance_low"], friendly["balance_high"])] == ends


@pytest.mark.parametrize(
    ("view", "family", "label"), [("warnings", "warning", "policy"), ("signals", "signal", "churn")]
)
def test_warnings_and_signals_count_by_week(
    connection: Connection, tmp_path: Path, view: str, family: str, label: str
) -> None:
    tag = f"{family}:{label}"
    store_night(
        connection,
        tmp_path,
        piece("f1", said("That is it.", -2, tag), said("I mean it.", -2, tag), author_key="ann"),
        piece("f2", said("Perhaps.", -1, f"?{tag}"), said("We note it.", 0, tag, speaker="agent")),
        piece("f3", said("Enough.", -1, tag), day="2026-11-03"),
    )
    counts = f"SELECT label, week, n_mentions, n_customers FROM {view}"
    assert rows(connection, counts) == [(label, date(2026, 10, 26), 2, 1), (label, date(2026, 11, 2), 1, 1)]


def test_champions_are_praised_by_customers(connection: Connection, tmp_path: Path) -> None:
    def named(start: int | None, key: str = "e1", role: str = "driver") -> dict[str, Any]:
        return {"employee_key": key, "role": role, "start": start, "end": None if start is None else start + 10}

    store_night(
        connection,
        tmp_path,
        piece("f1", said("[EMPLOYEE] was wonderful.", 2), said("Good van.", 1), employees=[named(0)], author_key="ann"),
        piece("f2", said("Ask [EMPLOYEE], very good.", 1), employees=[named(4)], author_key="ben", day="2026-10-30"),
        piece("f3", said("[EMPLOYEE] shouted.", -1), employees=[named(0)], author_key="cas"),
        piece("f4", said("[EMPLOYEE] here, hello.", 1, speaker="agent"), employees=[named(0, "e2")]),
        piece("f5", said("Staff were kind.", 1, "moment:staff"), said("Nice shop.", 1, "moment:place"),
              employees=[named(None, "e3", "agent")]),
        piece("f6", said("Nice shop.", 1, "moment:place"), employees=[named(None, "e4")]),
    )  # fmt: skip
    assert rows(connection, "FROM champions") == [
        ("e1", "driver", 2, 2, date(2026, 10, 26), date(2026, 10, 30), "[EMPLOYEE] was wonderful.", None),
        ("e3", "agent", 1, 1, date(2026, 10, 26), date(2026, 10, 26), "Staff were kind.", "staff"),
    ]


def test_freshness_names_every_source(connection: Connection, tmp_path: Path) -> None:
    store_night(
        connection,
        tmp_path,
        piece("f1", said("One."), received_at=None),
        piece("f2", said("Two."), day="2026-10-30"),
        quarantine=[refused("q1"), refused("q2", source="calls")],
    )
    found = "SELECT source, CAST(last_occurred_at AS DATE), n_feedback, n_duplicates, n_quarantined FROM freshness"
    assert rows(connection, found) == [("calls", None, 0, 0, 1), ("post", date(2026, 10, 30), 2, 0, 1)]


def test_weeks_do_not_depend_on_the_readers_time_zone(connection: Connection, tmp_path: Path) -> None:
    store_night(connection, tmp_path, *NIGHTS)
    expected = rows(connection, "FROM moments")
    connection.execute("SET TimeZone = 'Pacific/Auckland'")
    assert rows(connection, "FROM moments") == expected


def test_views_answer_on_an_empty_warehouse(connection: Connection) -> None:
    store.write(connection, "taxonomy", pl.DataFrame(schema={"family": pl.String(), "id": pl.String()}))
    views = rows(connection, "SELECT view_name FROM duckdb_views() WHERE NOT internal")
    assert len(views) == len(VIEWS)
    assert {name for (name,) in views if rows(connection, f"FROM {name}")} == {"backlog_states"}  # a list of its own
