"""`cxnlp alerts` and `cxnlp why`: what they say, and what docs/alerts.md and docs/why.md show."""

import json
import re
import shlex
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from cxnlp.answers.why import span
from cxnlp.answers.wrong import WrongQuestion
from cxnlp.cli import app
from cxnlp.cli.init import init
from cxnlp.cli.morning import alert_line
from cxnlp.insight import ALERTS
from cxnlp.settings import open_workspace
from cxnlp.warehouse import store
from tests.post_room import CONFIG, made
from tests.warehouse.night import Piece, partition, piece, run, said

DOCS = Path(__file__).parents[2] / "docs"
HOSTILE = "\x1b[31mElm\n"
ALERT: dict[str, Any] = {
    "alert_id": "al-1", "kind": "rise", "family": "moment", "label": "delivery", "product": "bench",
    "location": HOSTILE, "opened_on": date(2026, 11, 18), "last_on": date(2026, 11, 20), "n_days": 2,
    "n_reports": 21, "n_customers": 18,
    "expected_reports": 6.25, "ratio": 3.36, "p_value": 1e-7, "quote_1_mention_id": "b0.1",
}  # fmt: skip


def letters(name: str, day: str, n: int, n_late: int) -> list[Piece]:
    late = said(
        "The parcel came two days late, and nobody told us anything.", -1, "moment:delivery", "unmeasurable:trust-"
    )
    nice = said("A lovely green bench.", 1, "moment:product")
    return [piece(f"{name}{k}", late if k < n_late else nice, day=day, author_key=f"{name}{k}") for k in range(n)]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with letters of two weeks, 46 and 47, of which more and more are late, and two open alerts."""
    folder = tmp_path_factory.mktemp("signals")
    place = made(folder)
    crisis = {"alert_id": "al-2", "kind": "crisis", "family": "signal", "label": "crisis", "n_reports": 1}
    closed = ALERT | {"alert_id": "al-3", "closed_on": date(2026, 11, 20)}
    rows = [
        ALERT,
        dict.fromkeys(ALERT) | ALERT | dict.fromkeys(("location", "expected_reports", "p_value")) | crisis,
        closed,
    ]
    with store.open_working(place.working_database) as connection:
        pieces = [*letters("a", "2026-11-11", 12, 2), *letters("b", "2026-11-18", 12, 6)]
        distinct = [each.but(content_hash=each.feedback_id, signature=None) for each in pieces]
        store.load(connection, [partition(folder / "a", *distinct)], run())
        store.write(connection, "alerts", pl.DataFrame(rows, schema=ALERTS))
        store.publish(connection, place.warehouse)
    return folder / "workspace"


def ask(root: Path, *words: str) -> str:
    result = CliRunner().invoke(app, [*words, "-w", str(root)], catch_exceptions=True)
    if isinstance(result.exception, WrongQuestion):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def answer(root: Path, *words: str) -> dict[str, Any]:
    return dict(json.loads(ask(root, "why", *words, "--json")))


def test_open_alerts_are_told_dangers_first(root: Path) -> None:
    told = ask(root, "alerts")
    assert told.index("al-2") < told.index("al-1")
    assert "al-3" not in told
    assert (
        "(bench, �[31mElm�): 21 reports by 18 people in 2 days where 6.2 were to be expected, since 2026-11-18" in told
    )
    assert "“The parcel came two days late, and nobody told us anything.”" in told
    assert told.endswith("2 open.\n")
    assert [row["alert_id"] for row in json.loads(ask(root, "alerts", "--json"))] == ["al-2", "al-1"]


def test_a_line_says_what_where_and_beside_what() -> None:
    row = ALERT | {
        "name": "Customers leave",
        "moment": "delivery",
        "moment_name": "Delivery",
        "location": None,
        "n_days": 1,
    }
    assert alert_line(row) == (
        "Customers leave, beside Delivery (bench): 21 reports by 18 people in one day where 6.2 were to be expected, "
        "since 2026-11-18"
    )


def test_why_says_what_moved_it(root: Path) -> None:
    told = ask(root, "why", "moments.delivery", "--from", "W46", "--to", "W47", "--by", "channel")
    assert "16.7% of 12 → 50.0% of 12, a change of +33.33 points" in told
    assert re.search(r"│ rate +│ \+33\.33", told)
    assert "mentions b" in told
    found = answer(root, "moments.delivery", "--from", "W46", "--to", "W47")
    parts = {part["part"]: part["effect"] for part in found["parts"]}
    assert parts["rate"] == pytest.approx(parts["change"]) == pytest.approx(1 / 3)
    assert (found["from"], found["to"]) == (["2026-11-09", "2026-11-15"], ["2026-11-16", "2026-11-22"])


def test_small_places_are_in_the_parts_only(root: Path) -> None:
    config = root / "cxnlp.toml"
    before = config.read_text("utf-8")
    config.write_text(before + "\n[privacy]\nleast_group = 25\n", "utf-8")
    assert answer(root, "moments.delivery", "--from", "W46", "--to", "W47")["cells"] == []
    config.write_text(before, "utf-8")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("W46", (2026, 11, 9), (2026, 11, 15)),
        ("w52", (2025, 12, 22), (2025, 12, 28)),
        ("2024-W01", (2024, 1, 1), (2024, 1, 7)),
        ("2026-02", (2026, 2, 1), (2026, 2, 28)),
        ("2026-11-02", (2026, 11, 2), (2026, 11, 2)),
        ("2026-11-02..2026-11-08", (2026, 11, 2), (2026, 11, 8)),
    ],
)
def test_periods_as_people_write_them(text: str, first: tuple[int, ...], last: tuple[int, ...]) -> None:
    assert span(text, date(2026, 11, 20)) == (date(*first), date(*last))


@pytest.mark.parametrize(
    ("words", "said_of_it"),
    [
        ("moments.delivery --from W54 --to W47", "no period"),
        ("moments.delivery --from 2026-11-08..2026-11-02 --to W47", "ends before it begins"),
        ("moments.delivery --from W47 --to W46", "do not overlap"),
        ("moments.delivery --from W40 --to W47", "W40: found nothing"),
        ("moments.parcels --from W46 --to W47", "one of .*delivery"),
        ("delivery --from W46 --to W47", "a family of moment, unmeasurable"),
        ("unmeasurables.trust --from W46 --to W47", "unmeasurables.trust-"),
        ("moments.delivery --from W46 --to W47 --by channel,rating", "'rating'"),
    ],
)
def test_what_cannot_be_asked_is_explained(root: Path, words: str, said_of_it: str) -> None:
    with pytest.raises(WrongQuestion, match=said_of_it):
        ask(root, "why", *words.split())


@pytest.mark.parametrize("page", ["alerts.md"])
def test_what_the_pages_show_works(root: Path, page: str) -> None:
    text = (DOCS / page).read_text("utf-8")
    commands = [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    assert commands
    for line in commands:
        words = shlex.split(line, comments=True)
        if words[:2] == ["python", "-m"]:
            assert (DOCS.parent / f"{words[2].replace('.', '/')}.py").is_file()
        else:
            assert ask(root, *words[1:])
    for query in re.findall(r"```sql\n(.*?)```", text, re.DOTALL):
        assert store.query(open_workspace(root).database, query).height >= 1
    for block in re.findall(r"```toml\n(.*?)```", text, re.DOTALL):
        config = root.parent / "shown.toml"
        config.write_text(f"{CONFIG}\n{block}", "utf-8")
        assert init(root.parent / "shown", config)


def test_what_other_models_tagged_is_tagged_anew_for_the_answer(root: Path) -> None:
    """Of the earlier week an older model has tagged all; the model in use tells both weeks alike."""
    place = open_workspace(root)
    with store.open_working(place.working_database) as connection:
        connection.execute("UPDATE tags SET model_version = 'older' WHERE mention_id LIKE 'a%'")
        store.publish(connection, place.warehouse)
    found = answer(root, "moments.delivery", "--from", "W46", "--to", "W47")
    parts = {part["part"]: part["effect"] for part in found["parts"]}
    named = [name for name in parts if name not in ("change", "duplicates")]
    assert sum(parts[name] for name in named) == pytest.approx(parts["change"])
    kept = answer(root, "moments.delivery", "--from", "W46", "--to", "W47", "--no-retag")
    assert {part["part"]: part["effect"] for part in kept["parts"]}["rate"] == pytest.approx(1 / 3)
