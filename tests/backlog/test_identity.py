"""An item is the same item night after night, whatever happens to its evidence, and people's decisions stay."""

from datetime import date, timedelta

import polars as pl

from cxnlp import backlog
from cxnlp.warehouse import store
from tests.backlog.conftest import Warehouse, item, voices, write
from tests.backlog.larkfield import NIGHT, add, said


def test_the_same_night_twice_leaves_the_same_table(warehouse: Warehouse) -> None:
    connection = warehouse(voices(3, moments="delivery"))
    write(connection, NIGHT)
    once = backlog.read(connection)
    write(connection, NIGHT)
    assert backlog.read(connection).equals(once)


def test_an_item_keeps_its_birthday_and_grows(warehouse: Warehouse) -> None:
    connection = warehouse(voices(3, moments="delivery"))
    write(connection, NIGHT)
    before = item(backlog.read(connection), "moment", "delivery")
    add(connection, [said("Nothing came again.", person="Zoe", day="2026-11-02", sentiment="-2", moments="delivery")])
    write(connection, NIGHT + timedelta(days=1))
    after = item(backlog.read(connection), "moment", "delivery")
    for name in ("item_id", "opened_on", "days_to_item", "first_feedback_on"):
        assert after[name] == before[name]
    assert (before["n_customers"], after["n_customers"]) == (3, 4)
    assert after["last_feedback_on"] == date(2026, 11, 2)
    assert after["run_id"] == "2026-11-03-1"


def test_an_item_goes_quiet_and_comes_back(warehouse: Warehouse) -> None:
    connection = warehouse(voices(3, moments="delivery"))
    write(connection, NIGHT)
    opened = item(backlog.read(connection), "moment", "delivery")
    later = NIGHT + timedelta(weeks=12)
    write(connection, later)
    quiet = item(backlog.read(connection), "moment", "delivery")
    assert quiet["state"] == "quiet"
    turned = {"state", "state_since"}
    assert {k: v for k, v in quiet.items() if k not in turned} == {k: v for k, v in opened.items() if k not in turned}
    day = str(later - timedelta(days=2))
    add(connection, [v | {"day": day} for v in voices(3, moments="delivery")])
    write(connection, later)
    back = item(backlog.read(connection), "moment", "delivery")
    assert (back["state"], back["opened_on"]) == ("new", NIGHT)


def test_what_a_person_decided_is_not_touched(warehouse: Warehouse) -> None:
    connection = warehouse(voices(3, moments="delivery"))
    write(connection, NIGHT)
    connection.execute("UPDATE backlog SET state = 'accepted'")
    write(connection, NIGHT)
    write(connection, NIGHT + timedelta(weeks=12))
    assert backlog.read(connection)["state"].to_list() == ["accepted"]


def test_the_order_of_work_puts_quiet_items_last(warehouse: Warehouse) -> None:
    connection = warehouse([*voices(3, moments="delivery"), *voices(1, signals="crisis")])
    write(connection, NIGHT)
    connection.execute("UPDATE backlog SET state = 'quiet' WHERE label = 'crisis'")
    assert backlog.read(connection)["label"].to_list() == ["delivery", "crisis"]


def test_no_items_tonight_make_all_quiet(warehouse: Warehouse) -> None:
    connection = warehouse(voices(3, moments="delivery"))
    write(connection, NIGHT)
    connection.execute("DELETE FROM tags")
    write(connection, NIGHT)
    assert backlog.read(connection)["state"].to_list() == ["quiet"]


def test_who_is_erased_leaves_no_words_in_an_item_that_is_quiet(warehouse: Warehouse) -> None:
    texts = ["Nothing ever came here.", "Our sofa arrived soaked.", "Two legs were missing!", "Thrown over a fence.",
             "Late, as every month."]  # fmt: skip
    told = [said(text, person=text, sentiment="-1", moments="delivery") for text in texts]
    connection = warehouse(told)
    write(connection, NIGHT)
    connection.execute("UPDATE backlog SET state = 'quiet', sentence = quote_5")
    (last,) = connection.execute("SELECT split_part(quote_5_mention_id, '.', 1) FROM backlog").fetchall()
    store.erase(connection, pl.Series(last))
    left = connection.execute("SELECT sentence, quote_5, quote_5_mention_id, quote_4 FROM backlog").fetchall()
    assert left[0][:3] == (None, None, None)
    assert left[0][3] is not None
