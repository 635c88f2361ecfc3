"""What the views of themes, wishes, champions and warning signs say about feedback that can be counted by hand."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from cxnlp.warehouse import store
from tests.warehouse.night import Piece, partition, piece, rows, run, said

Connection = duckdb.DuckDBPyConnection


def store_night(connection: Connection, folder: Path, *pieces: Piece, **more: Any) -> None:
    store.load(connection, [partition(folder / "night", *pieces, **more)], run())


def theme(
    connection: Connection, theme_id: str, ground: str, name: str | None, *members: str, state: str = "alive"
) -> None:
    """Put a theme into the tables, its members from the most typical down."""
    family, _, label = ground.partition(".") if ground != "outside" else (None, "", None)
    connection.execute(
        "INSERT INTO themes (theme_id, ground, family, label, name, is_named, is_pinned, state, born_on, n_mentions, "
        "n_looked_at) VALUES ($1, $2, $3, $4, $5, false, false, $6, DATE '2026-10-27', $7, 0)",
        [theme_id, ground, family, label, name, state, len(members)],
    )
    for place, mention_id in enumerate(members):
        connection.execute(
            "INSERT INTO theme_mentions (mention_id, ground, theme_id, similarity) VALUES ($1, $2, $3, $4)",
            [mention_id, ground, theme_id, 0.9 - place / 10],
        )


LATE = (
    piece("f1", said("The sofa came a week late.", -1, "moment:delivery"), author_key="ann", day="2026-10-26"),
    piece("f2", said("Our table came late as well.", -2, "moment:delivery"),
          said("Still it came late for us.", 0, "moment:delivery"), author_key="ben", day="2026-10-28"),
    piece("f3", said("A late lamp, but lovely.", 1, "moment:delivery"), author_key="cas", day="2026-11-03"),
)  # fmt: skip


def test_a_theme_is_counted_with_its_most_typical_quotes_of_different_people(
    connection: Connection, tmp_path: Path
) -> None:
    store_night(connection, tmp_path, *LATE)
    theme(connection, "th-1", "moment.delivery", "late", "f2.1", "f2.2", "f1.1", "f3.1")
    theme(connection, "th-2", "moment.delivery", None, state="ended")
    (found,) = connection.execute("FROM themes_all").pl().to_dicts()
    expected = {
        "ground": "moment.delivery", "label": "delivery", "theme_id": "th-1", "name": "late", "n_mentions": 4,
        "n_customers": 3, "net_sentiment": -0.25, "first_on": date(2026, 10, 26), "last_on": date(2026, 11, 3),
        "quote_1": "Our table came late as well.", "quote_2": "The sofa came a week late.",
        "quote_3": "A late lamp, but lovely.",
    }  # fmt: skip
    assert {name: found[name] for name in expected} == expected
    assert found["net_sentiment_low"] < -0.25 < found["net_sentiment_high"]


def test_a_theme_week_by_week(connection: Connection, tmp_path: Path) -> None:
    store_night(connection, tmp_path, *LATE)
    theme(connection, "th-1", "moment.delivery", "late", "f2.1", "f2.2", "f1.1", "f3.1")
    weeks = "SELECT week, theme_id, n_mentions, n_customers, net_sentiment FROM themes_by_week"
    assert rows(connection, weeks) == [
        (date(2026, 10, 26), "th-1", 3, 2, -2 / 3),
        (date(2026, 11, 2), "th-1", 1, 1, 1.0),
    ]


def test_quotes_of_a_theme_leave_duplicates_and_ended_themes_out(connection: Connection, tmp_path: Path) -> None:
    long = said("The sofa came a week late and nobody had told us anything about it.", -1, "moment:delivery")
    store_night(connection, tmp_path, piece("f1", long), piece("f2", long), LATE[2])
    theme(connection, "th-1", "outside", None, "f1.1", "f2.1")
    theme(connection, "th-2", "moment.delivery", "late", "f3.1", state="merged")
    assert rows(
        connection, "SELECT theme_id, ground, label, mention_id, sentiment, similarity FROM theme_evidence"
    ) == [("th-1", "outside", None, "f1.1", -1, 0.9)]


def test_wishes_are_ranked_by_people(connection: Connection, tmp_path: Path) -> None:
    wish = ("signal:suggestion", "moment:delivery")
    store_night(
        connection,
        tmp_path,
        piece("f1", said("Please deliver on Sundays.", 0, *wish), said("Sundays would be best!", 0, *wish),
              said("Sundays, I beg you.", 0, *wish), author_key="ann", day="2026-10-26"),
        piece("f2", said("A chat would help.", 0, "signal:suggestion"), author_key="ben", day="2026-10-27"),
        piece("f3", said("Do offer a chat.", 0, "signal:suggestion"), author_key="cas", day="2026-10-28"),
        piece("f4", said("Sell smaller pots.", 0, "signal:suggestion", "moment:product"), author_key="dan"),
        piece("f5", said("We could offer that.", 0, "signal:suggestion", speaker="agent"),
              said("Perhaps green ones?", 0, "?signal:suggestion"), author_key="eve"),
    )  # fmt: skip
    theme(connection, "th-1", "signal.suggestion", "Sundays", "f1.1", "f1.2", "f1.3")
    theme(connection, "th-2", "signal.suggestion", "chat", "f3.1", "f2.1")
    found = "SELECT wish, theme_id, moment, n_customers, n_mentions, last_on, quote_1, quote_2 FROM wishes"
    assert rows(connection, found) == [
        ("chat", "th-2", None, 2, 2, date(2026, 10, 28), "Do offer a chat.", "A chat would help."),
        ("Sundays", "th-1", "delivery", 1, 3, date(2026, 10, 26), "Please deliver on Sundays.", None),
        (None, None, "product", 1, 1, date(2026, 10, 26), "Sell smaller pots.", None),
    ]


def test_champions_among_customers_and_what_they_praise(connection: Connection, tmp_path: Path) -> None:
    store_night(
        connection,
        tmp_path,
        piece("f1", said("I tell all my friends to shop at yours, always.", 2, "signal:champion", "moment:loyalty"),
              said("Friendly!", 1, "unmeasurable:friendliness+", "moment:staff"), author_key="ann", day="2026-10-26"),
        piece("f2", said("Kind staff again.", 1, "moment:staff"), said("Late though.", -1, "moment:delivery"),
              said("I recommend you.", 1, "signal:champion"), author_key="ann", channel="social", day="2026-11-02"),
        piece("f3", said("Fine.", 1, "moment:staff"), said("Perhaps.", 1, "?signal:champion"), author_key="ben"),
    )  # fmt: skip
    assert rows(connection, "FROM champion_customers") == [
        ("ann", "staff, friendliness, loyalty", 2, "letter, social", date(2026, 10, 26), date(2026, 11, 2),
         "I tell all my friends to shop at yours, always."),
    ]  # fmt: skip


def test_what_an_employee_is_praised_for(connection: Connection, tmp_path: Path) -> None:
    employee = {"employee_key": "e1", "role": "driver", "start": 0, "end": 4}
    praise = said(
        "Your driver was kind and came early.", 2, "moment:staff", "moment:delivery", "unmeasurable:friendliness+"
    )
    store_night(
        connection, tmp_path, piece("f1", praise, employees=[employee]), piece("f2", said("Your man was rude.", -1))
    )
    found = rows(connection, "SELECT employee_key, n_mentions, praised FROM champions")
    assert found == [("e1", 1, "delivery, friendliness, staff")]


def test_warning_signs_by_where_they_are_felt_and_who_can_mend_them(connection: Connection, tmp_path: Path) -> None:
    store_night(
        connection,
        tmp_path,
        piece("f1", said("The driver did not know the way to us.", -1, "moment:delivery", "warning:knowledge"),
              author_key="ann", day="2026-10-26"),
        piece("f2", said("Two men for forty vans.", -1, "warning:resourcing", "moment:delivery"),
              said("It came.", 0, "moment:delivery"), author_key="ben", day="2026-10-27"),
        piece("f3", said("It came.", 0, "moment:delivery"), author_key="cas"),
        piece("f4", said("Rules are rules, they say.", -1, "warning:policy"), author_key="dan"),
        piece("f5", said("Not trained, I guess.", -1, "?warning:knowledge", "moment:delivery"), author_key="eve"),
    )  # fmt: skip
    found = connection.execute("FROM warning_signs").pl()
    assert found.select(
        "role", "department", "office", "warning", "mended_by", "n_customers", "n_customers_all", "moments"
    ).rows() == [
        ("moment", "Logistics", "back", "knowledge", "Human resources and training", 1, 4, "delivery"),
        ("moment", "Logistics", "back", "resourcing", "Operations", 1, 4, "delivery"),
        (
            "cause",
            "Human resources and training",
            "back",
            "knowledge",
            "Human resources and training",
            1,
            None,
            "delivery",
        ),
        ("cause", "Operations", "back", "resourcing", "Operations", 1, None, "delivery"),
        ("cause", "Process and policy", "back", "policy", "Process and policy", 1, None, None),
    ]
    first = found.row(0, named=True)
    assert (first["share"], first["best_quote"]) == (0.25, "The driver did not know the way to us.")
    assert first["share_low"] < 0.25 < first["share_high"]
