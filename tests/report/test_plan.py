"""The action plan: what it says of the hand-written eight weeks, as a page and as a workbook."""

import io
from pathlib import Path

import duckdb
import pytest
from openpyxl import load_workbook

from cxnlp import report
from cxnlp.report import plan as planning
from cxnlp.report.plan import Plan
from cxnlp.report.plan.page import measure
from tests.backlog.larkfield import said
from tests.report.conftest import HOSTILE, hostile_mentions, night_of
from tests.report.test_page import text_of


@pytest.fixture(scope="module")
def plan(larkfields_night: duckdb.DuckDBPyConnection) -> Plan:
    return planning.read(larkfields_night, least_group=5)


def test_it_follows_the_journey_and_ends_with_what_belongs_to_no_stage(plan: Plan) -> None:
    assert [stage.name for stage in plan.stages] == ["Awareness", "Buy-in", "Acquisition", "Care", "Use", "Share", None]
    assert {row["kind"] for row in plan.stages[-1].actions}.isdisjoint({"moment"})


def test_an_action_has_owner_measure_and_target(plan: Plan) -> None:
    (acquisition,) = (stage for stage in plan.stages if stage.name == "Acquisition")
    delivery = next(row for row in acquisition.actions if row["label"] == "delivery")
    assert (delivery["n_customers"], delivery["owner"], delivery["is_owner_agreed"]) == (14, "Logistics", False)
    assert delivery["reporting_share_low"] < delivery["reporting_share"] == 14 / 56 < delivery["reporting_share_high"]
    assert (delivery["n_customers_wanted"], delivery["verdict"]) == (7, None)
    assert "Delivery and collection" in {row["name"] for row in acquisition.lacking}


def test_dangers_come_first_and_are_to_be_nobodys(tmp_path: Path) -> None:
    told = [
        said(f"The lamp number {n} caught fire.", person=f"p{n}", sentiment="-2", signals="crisis") for n in range(6)
    ]
    with night_of(tmp_path / "w.duckdb", told) as connection:
        plan = planning.read(connection, least_group=5)
    (danger,) = plan.dangers
    assert (danger["label"], danger["n_customers"], danger["n_customers_wanted"]) == ("crisis", 6, 0)
    assert plan.actions[0] == ("Before all else", danger)
    assert "crisis" not in {row["label"] for stage in plan.stages for row in stage.actions}
    page = text_of(planning.render(plan, company="Larkfield"))
    assert page.index("Before all else") < page.index("Awareness")
    assert "6 nobody" in page


def test_what_is_shipped_says_whether_it_helped(larkfields_night: duckdb.DuckDBPyConnection) -> None:
    larkfields_night.begin()
    larkfields_night.execute("UPDATE backlog SET state = 'verified', shipped_on = DATE '2026-10-01'")
    larkfields_night.execute(
        "INSERT INTO backlog_effects BY NAME SELECT item_id, shipped_on, 'verified' AS verdict, 'it fell' AS note, "
        "0.4 AS effect, 0.2 AS effect_low, 0.7 AS effect_high, 20 AS n_reports_before, 8 AS n_reports_after "
        "FROM backlog WHERE shipped_on IS NOT NULL"
    )
    found = planning.read(larkfields_night, least_group=5)
    larkfields_night.rollback()
    told = {(row["n_customers"] == "<5", row["helped"]) for _, row in found.actions}
    assert told == {(False, "it worked: it fell (0.40 times as often as without it; 0.20 to 0.70)"),
                    (True, "it worked: it fell")}  # fmt: skip
    assert "Did it help? it worked" in text_of(planning.render(found, company="Larkfield"))


def test_a_measure_says_what_it_takes_for_granted() -> None:
    assert measure("churn_share") == "churn share"
    assert measure("resolution_share").startswith("resolution share (who says no more of it")


def test_the_target_stands_while_the_measure_moves(larkfields_night: duckdb.DuckDBPyConnection) -> None:
    larkfields_night.begin()
    (item_id,) = larkfields_night.execute("SELECT item_id FROM backlog WHERE label = 'delivery'").fetchall()[0]
    larkfields_night.execute(
        'INSERT INTO backlog_events BY NAME SELECT $1 AS item_id, now() AS "at", current_date AS happened_on, '
        "'accepted' AS event, 'new' AS state_before, 'accepted' AS state_after, 'ann' AS \"by\", 40 AS n_customers",
        [item_id],
    )
    (row,) = larkfields_night.execute(
        "SELECT n_customers_wanted FROM plan_actions WHERE item_id = $1", [item_id]
    ).fetchall()
    larkfields_night.rollback()
    assert row == (20,)


def test_what_is_put_aside_is_nothing_to_work_on(larkfields_night: duckdb.DuckDBPyConnection) -> None:
    before = planning.read(larkfields_night, least_group=1).n_actions
    larkfields_night.begin()
    larkfields_night.execute("UPDATE backlog SET state = 'snoozed' WHERE label = 'delivery'")
    larkfields_night.execute("UPDATE backlog SET state = 'shipped' WHERE label = 'crisis'")
    after = planning.read(larkfields_night, least_group=1).n_actions
    larkfields_night.rollback()
    assert after == before - 2


def test_few_people_say_neither_number_nor_words(plan: Plan) -> None:
    few = [row for _, row in plan.actions if row["n_customers"] == "<5"]
    assert few
    assert {(row["reporting_share"], row["n_customers_wanted"], row["sentence"]) for row in few} == {(None, None, None)}
    assert not any(":" in row["title"] for row in few)


def test_a_moment_that_the_workspace_marked_is_critical(larkfields_night: duckdb.DuckDBPyConnection) -> None:
    larkfields_night.begin()
    larkfields_night.execute("UPDATE taxonomy SET is_critical = true WHERE id = 'delivery'")
    found = planning.read(larkfields_night, least_group=5)
    larkfields_night.rollback()
    critical = [row for stage in found.stages for row in stage.critical if row["moment"] == "delivery"]
    assert [row["critical_because"] for row in critical] == ["marked by the workspace"]


def test_the_page_says_it_and_asks_the_network_for_nothing(plan: Plan) -> None:
    page = planning.render(plan, company="Larkfield")
    assert "Delivery disappoints: plastic, oversized box" in text_of(page)
    assert "Logistics (suggested)" in text_of(page)
    assert "default-src 'none'" in page
    assert "http" not in page.replace("http-equiv", "")


def test_the_workbook_has_a_row_an_action(plan: Plan) -> None:
    book = load_workbook(io.BytesIO(planning.workbook(plan)))
    assert book.sheetnames == ["Actions", "Moments", "Targets"]
    rows = list(book["Actions"].iter_rows(values_only=True))
    assert rows[0][:4] == ("Stage", "What to fix", "As customers say it", "People")
    assert len(rows) == 1 + plan.n_actions


def test_hostile_text_is_text(tmp_path: Path) -> None:
    with night_of(tmp_path / "w.duckdb", hostile_mentions()) as connection:
        connection.execute("UPDATE backlog SET title = $1, owner = '=1+1'", [HOSTILE])
        plan = planning.read(connection, least_group=1)
    page = planning.render(plan, company=HOSTILE)
    assert "<script>" not in page
    assert "<img" not in page
    sheet = load_workbook(io.BytesIO(planning.workbook(plan)))["Actions"]
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row} <= {"s", "n", "d"}
    report.write(page, tmp_path / "plan.html")
    assert (tmp_path / "plan.html").read_text("utf-8") == page
