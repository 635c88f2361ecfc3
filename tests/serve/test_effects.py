"""Whether a fix helped is told wherever an item is: by the command, the API and its page."""

import json
import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from cxnlp.answers import backlog
from cxnlp.cli import app
from cxnlp.serve.application import make
from cxnlp.serve.gate import Policy
from cxnlp.serve.tokens import Token
from cxnlp.settings import Workspace
from cxnlp.warehouse import store
from tests.serve.conftest import HERE, TOKEN, copied

SHIPPED = "UPDATE backlog SET state = 'shipped', shipped_on = DATE '2026-10-01' WHERE label = 'delivery'"
MEASURED = """
INSERT INTO backlog_effects BY NAME
SELECT
    item_id, shipped_on, 'verified' AS verdict, 'reported less' AS note, DATE '2026-10-20' AS decided_on, 0.5 AS effect,
    0.25 AS effect_low, 0.75 AS effect_high, 12 AS n_reports_before, 6 AS n_reports_after,
    ['moment.payment'] AS controls
FROM backlog WHERE label = 'delivery'
"""


@pytest.fixture(scope="module")
def place(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace whose nights have verified a fix of delivery."""
    place = copied(workspace, tmp_path_factory.mktemp("effects"))
    with store.open_working(place.working_database) as connection:
        connection.execute(SHIPPED)
        connection.execute(MEASURED)
        store.publish(connection, place.warehouse)
    return place


@pytest.fixture(scope="module")
def asking(place: Workspace) -> Iterator[TestClient]:
    with TestClient(make(place, Policy(Token(TOKEN))), base_url=HERE) as client:
        yield client


def test_it_is_told_in_three_places(place: Workspace, asking: TestClient) -> None:
    rows = asking.get("/api/backlog", params={"all": True}).json()
    (fixed,) = (row["item_id"] for row in rows if row["label"] == "delivery")
    effect = asking.get(f"/api/backlog/{fixed}").json()["effect"]
    assert (effect["verdict"], effect["effect"], effect["controls"]) == ("verified", 0.5, ["moment.payment"])
    show = ["backlog", "show", fixed, "-w", str(place.root)]
    assert json.loads(CliRunner().invoke(app, [*show, "--json"]).output)["effect"] == effect
    told = r"^The fix +it worked: reported less \(0.50 times as often as without it; 0.25 to 0.75\)$"
    assert re.search(told, CliRunner().invoke(app, show).output, re.MULTILINE)
    assert (
        "Verified: reported less. Reports are 0.50 times what they would be without it (0.25 to 0.75)."
        in asking.get(f"/backlog/{fixed}").text
    )
    other = next(row["item_id"] for row in rows if row["label"] != "delivery")
    assert asking.get(f"/api/backlog/{other}").json()["effect"] is None
    assert "Did the fix help?" not in asking.get(f"/backlog/{other}").text


def test_of_a_small_group_it_has_no_numbers(place: Workspace) -> None:
    with store.open_published(place.database) as connection:
        (row,) = (row for row in backlog.items(connection, 1) if row["label"] == "delivery")
        effect = backlog.item(connection, row["item_id"], row["n_customers"] + 1)["effect"]
    assert (effect["verdict"], effect["note"]) == ("verified", "reported less")
    assert {effect[name] for name in effect if name.startswith(("effect", "n_"))} == {None}
