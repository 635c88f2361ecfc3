"""`cxnlp backlog explain`: the sum and what it rests on, for people and for machines."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from cxnlp import backlog
from cxnlp.answers.wrong import WrongQuestion
from cxnlp.cli.backlog_explain import explain_item
from cxnlp.settings import open_workspace
from cxnlp.warehouse import store
from tests.backlog import larkfield
from tests.backlog.larkfield import NIGHT
from tests.post_room import made

VALUES = """
[backlog]
currency = "GBP"
value_per_customer = 100
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after Larkfield's eight weeks."""
    folder = tmp_path_factory.mktemp("explain")
    place = made(folder, VALUES)
    with larkfield.warehouse(place.working_database, larkfield.eight_weeks()) as connection:
        settings = place.settings.backlog
        on = {"night": NIGHT, "run_id": "r", "settings": settings}
        backlog.write(connection, backlog.gather(connection, **on), **on)
        connection.execute("UPDATE backlog SET reach = NULL WHERE label = 'payment'")
        store.publish(connection, place.warehouse, keep=1)
    return folder / "workspace"


def ask(root: Path, *words: str) -> Result:
    app = typer.Typer()
    app.command("explain")(explain_item)
    return CliRunner().invoke(app, [*words, "-w", str(root)], env={"COLUMNS": "200"})


def id_of(root: Path, label: str) -> str:
    with store.open_published(open_workspace(root).database) as connection:
        (row,) = connection.execute("SELECT item_id FROM backlog WHERE label = $1", [label]).fetchall()
    return str(row[0])


def test_machines_get_the_sum(root: Path) -> None:
    found = json.loads(ask(root, id_of(root, "delivery"), "--json").output)
    assert [part["part"] for part in found["parts"]] == ["reach", "severity", "direction", "service", "revenue"]
    assert round(sum(part["points"] for part in found["parts"]), 2) == found["priority"]
    assert found["priority"] == found["priority_of_last_night"]


def test_people_get_a_table_and_what_it_rests_on(root: Path) -> None:
    shown = ask(root, id_of(root, "delivery")[3:7]).output
    for words in ("Delivery disappoints", "how many speak of it", "14 of", "Revenue at risk: GBP", "Taken for granted",
                  "Left out, as [backlog] of cxnlp.toml gives no cost_per_contact."):  # fmt: skip
        assert words in shown


def test_weights_that_changed_since_are_said(root: Path) -> None:
    config = root / "cxnlp.toml"
    before = config.read_text("utf-8")
    try:
        config.write_text(before + "weights = { reach = 0.9 }\n", "utf-8")
        assert "cxnlp.toml has changed since" in ask(root, id_of(root, "delivery")).output
    finally:
        config.write_text(before, "utf-8")


@pytest.mark.parametrize(
    ("item", "said"), [("zz", "not found"), ("cx-", "that begin so"), ("payment", "computed by an older")]
)
def test_what_cannot_be_explained_is_said(root: Path, item: str, said: str) -> None:
    error = ask(root, id_of(root, item) if item == "payment" else item).exception
    assert isinstance(error, WrongQuestion)
    assert said in str(error)
