"""An access request is answered with everything about one person, and nothing about anybody else."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from cxnlp import privacy
from cxnlp.privacy import Wish
from cxnlp.privacy.exporting import LEFT_OUT, LEFT_OUT_OF_EMPLOYEE, ROWS, ROWS_OF_EMPLOYEE
from cxnlp.settings import Workspace
from cxnlp.warehouse import store
from cxnlp.warehouse.schema import working_tables
from tests.privacy.company import ADA, ask


def test_everything_about_one_customer(first_night: Workspace, tmp_path: Path) -> None:
    counts = privacy.export(first_night, Wish(customer=ADA), tmp_path / "answer.json")
    said = json.loads((tmp_path / "answer.json").read_text("utf-8"))
    assert counts["feedback"] == len(said["feedback"]) == 2
    assert {row["customer_key"] for row in said["feedback"]} == {said["about"]["customer_key"]}
    assert {row["feedback_id"] for row in said["mentions"]} == {row["feedback_id"] for row in said["feedback"]}
    assert len(said["tags"]) >= counts["mentions"] > 0
    assert {row["mention_id"] for row in said["evidence"]} == {row["mention_id"] for row in said["mentions"]}
    text = (tmp_path / "answer.json").read_text("utf-8")
    assert "sideboard" in text
    for other in ("Quill", "4711", "parcel", "driver", "showroom"):
        assert other not in text


def test_what_was_made_of_it_is_in_it_and_what_is_left_out_is_said(first_night: Workspace, tmp_path: Path) -> None:
    privacy.export(first_night, Wish(customer=ADA), tmp_path / "answer.json")
    said = json.loads((tmp_path / "answer.json").read_text("utf-8"))
    own = {row["feedback_id"] for row in said["feedback"]}
    for name in ("counted_feedback", "counted_labels"):
        assert {row["feedback_id"] for row in said[name]} == own
    assert {row["mention_id"].partition(".")[0] for row in said["theme_mentions"]} <= own
    assert "whose words are in the answer" in said["about"]["left_out"]["mention_vectors"]


@pytest.mark.parametrize(("rows", "left_out"), [(ROWS, LEFT_OUT), (ROWS_OF_EMPLOYEE, LEFT_OUT_OF_EMPLOYEE)])
def test_no_table_is_forgotten(rows: Mapping[str, str], left_out: Mapping[str, str]) -> None:
    assert set(rows).isdisjoint(left_out)
    assert set(working_tables()) - set(rows) == set(left_out)


def test_who_is_quoted_in_a_warning_is_told(workspace: Workspace, tmp_path: Path) -> None:
    ((mention,),) = ask(workspace, "SELECT mention_id FROM mentions WHERE text LIKE '%disgrace%' LIMIT 1")
    with store.open_of(workspace) as connection:
        connection.execute(
            "INSERT INTO alerts BY NAME SELECT 'al-1' AS alert_id, 'rise' AS kind, 'moment' AS family, "
            "'delivery' AS label, DATE '2026-11-01' AS opened_on, DATE '2026-11-01' AS last_on, 1 AS n_days, "
            "9 AS n_reports, $1 AS quote_2_mention_id",
            [mention],
        )
        store.publish(connection, workspace.warehouse)
    assert privacy.export(workspace, Wish(customer=ADA), tmp_path / "answer.json")["alerts"] == 1
    assert privacy.export(workspace, Wish(author="boxwatch"), tmp_path / "other.json")["alerts"] == 0


@pytest.mark.parametrize("wish", [Wish(customer=ADA), Wish(employee="Priya Nair")])
def test_who_is_quoted_beside_others_is_not_told_their_words(workspace: Workspace, tmp_path: Path, wish: Wish) -> None:
    ((own, feedback_id, at),) = ask(
        workspace, "SELECT mention_id, feedback_id, start FROM mentions WHERE text LIKE '%disgrace%' LIMIT 1"
    )
    ((other,),) = ask(workspace, "SELECT mention_id FROM mentions WHERE text LIKE '%parcel%' LIMIT 1")
    with store.open_of(workspace) as connection:
        for key in wish.employee_keys(workspace.secret()):
            connection.execute(
                'INSERT INTO employees BY NAME SELECT $1 AS feedback_id, $2 AS employee_key, $3 AS start, $3 AS "end"',
                [feedback_id, key, at],
            )
        connection.execute(
            "INSERT INTO backlog BY NAME SELECT 'i-1' AS item_id, 'moment' AS kind, 'delivery' AS label, "
            "'My parcel was left in the rain' AS title, 9 AS n_mentions, 'My parcel was left in the rain' AS quote_1, "
            "$1 AS quote_1_mention_id, 'which is a disgrace' AS quote_2, $2 AS quote_2_mention_id",
            [other, own],
        )
        store.publish(connection, workspace.warehouse)
    privacy.export(workspace, wish, tmp_path / "answer.json")
    text = (tmp_path / "answer.json").read_text("utf-8")
    (item,) = [row for row in json.loads(text)["backlog"] if row["item_id"] == "i-1"]
    assert (item["quote_1"], item["quote_1_mention_id"]) == (None, None)
    assert (item["quote_2"], item["quote_2_mention_id"]) == ("which is a disgrace", own)
    assert "parcel" not in text
    assert str(other) not in text


def test_an_author(first_night: Workspace, tmp_path: Path) -> None:
    assert privacy.export(first_night, Wish(author="boxwatch"), tmp_path / "answer.json")["feedback"] == 1


def test_nobody(first_night: Workspace, tmp_path: Path) -> None:
    counts = privacy.export(first_night, Wish(customer="AC-9999"), tmp_path / "answer.json")
    assert set(counts.values()) == {0}
