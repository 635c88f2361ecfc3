"""`cxnlp themes`: what it shows, what it decides, and that a night keeps to it."""

import json
from datetime import date
from typing import Any

import pytest
from typer.testing import CliRunner

from cxnlp.cli import app
from cxnlp.cli.acting import acts
from cxnlp.errors import CxnlpError
from cxnlp.insight import themes
from cxnlp.serve.acts import ThemeEdit
from cxnlp.settings import Workspace
from cxnlp.warehouse import store
from tests.post_room import made
from tests.themes.sayings import keep, sayings


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with two themes about deliveries; each test leaves them as it likes."""
    folder = tmp_path_factory.mktemp("themes")
    place = made(folder)
    with store.open_working(place.working_database) as connection:
        keep(connection, folder, sayings("rain", 20) + sayings("horn", 15) + sayings("", 30))
        themes.grow(connection, night=date(2026, 11, 2), run_id="2026-11-02-1", least_group=5)
        store.publish(connection, place.warehouse)
    return place


def ask(place: Workspace, *words: str) -> str:
    """What `cxnlp themes` says; its error is raised."""
    result = CliRunner().invoke(app, ["themes", *words, "-w", str(place.root)], catch_exceptions=True)
    if isinstance(result.exception, CxnlpError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def is_copied(place: Workspace) -> bool:
    """Whether the decision alone was published."""
    return bool(store.query(place.database, "SELECT follows IS NOT NULL FROM edition").item())


def listed(place: Workspace, ground: str = "delivery") -> list[dict[str, Any]]:
    return list(json.loads(ask(place, "list", ground, "--json")))


def test_themes_are_listed_shown_named_merged_and_kept(place: Workspace) -> None:
    rain, horn = listed(place)
    assert (rain["n_customers"], horn["n_customers"], rain["ground"]) == (20, 15, "moment.delivery")
    assert rain["theme_id"] in ask(place, "list")
    shown = ask(place, "show", rain["theme_id"][:9])
    assert "The parcel stood in the rain" in shown
    assert "born (20 mentions)" in shown

    ask(place, "rename", rain["theme_id"], "Left in the rain")
    ask(place, "pin", horn["theme_id"])
    assert (listed(place)[0]["name"], listed(place)[0]["is_pinned"]) == ("Left in the rain", False)
    assert listed(place)[1]["is_pinned"]
    ask(place, "unpin", horn["theme_id"])
    assert not listed(place)[1]["is_pinned"]

    assert is_copied(place)

    ask(place, "merge", horn["theme_id"], rain["theme_id"])
    (kept,) = listed(place)
    assert not is_copied(place)
    assert (kept["theme_id"], kept["n_customers"], kept["is_pinned"]) == (rain["theme_id"], 35, True)
    assert "merged" in ask(place, "show", horn["theme_id"])

    wanted = themes.edits.wishes(themes.edits.read(place))
    with store.open_working(place.working_database) as connection:
        themes.grow(connection, night=date(2026, 11, 3), run_id="2026-11-03-1", least_group=5, wanted=wanted)
        assert connection.execute("SELECT name, n_mentions FROM themes WHERE state = 'alive'").fetchall() == [
            ("Left in the rain", 35)
        ]


def test_of_few_people_neither_numbers_nor_words_are_told(place: Workspace) -> None:
    usual = (place.root / "cxnlp.toml").read_text("utf-8")
    (place.root / "cxnlp.toml").write_text(f"{usual}\n[privacy]\nleast_group = 40\n", "utf-8")
    try:
        row = listed(place)[0]
        told = ask(place, "list") + ask(place, "show", row["theme_id"])
    finally:
        (place.root / "cxnlp.toml").write_text(usual, "utf-8")
    assert (row["n_customers"], row["net_sentiment"]) == (None, None)
    assert f"{row['theme_id']}     <40 people" in told
    assert "n_customers          <40" in told
    assert "The parcel stood in the rain" not in told


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["list", "moon"], "found none on 'moon'"),
        (["show", "th-zz"], "not found"),
        (["show", "th-"], "begin so|not found"),
        (["rename", "RAIN", "x"], "2 to 60 characters"),
        (["rename", "RAIN", "x" * 61], "2 to 60 characters"),
        *((["rename", "RAIN", f"Left{sign}out"], "does not print") for sign in "\x1b\u202e\u200b\u00ad\ue000"),
        (["merge", "RAIN", "RAIN"], "two different themes"),
    ],
)
def test_what_cannot_be_done_is_said(place: Workspace, words: list[str], message: str) -> None:
    rain = listed(place)[0]["theme_id"]
    with pytest.raises(CxnlpError, match=message):
        ask(place, *(rain if word == "RAIN" else word for word in words))


def test_whoever_asks_over_the_api_decides_the_same(place: Workspace) -> None:
    rain, edit = listed(place)[0]["theme_id"], acts(place).edit_theme
    named = edit(rain[:9], ThemeEdit(edit="rename", name="  Soaked   parcels "))
    assert (named["theme_id"], named["name"], listed(place)[0]["name"]) == (rain, "Soaked parcels", "Soaked parcels")
    edit(rain, ThemeEdit(edit="pin"))
    assert listed(place)[0]["is_pinned"]
    edit(rain, ThemeEdit(edit="unpin"))
    edit(rain, ThemeEdit(edit="rename"))  # the night names it again
    assert themes.edits.read(place)[-1].name is None


def test_a_name_is_masked_and_harmless(place: Workspace) -> None:
    rain = listed(place)[0]["theme_id"]
    ask(place, "rename", rain, "ask jane@example.com about it")
    assert listed(place)[0]["name"] == "ask [EMAIL] about it"


def test_forgetting_takes_mentions_out_of_the_journal(place: Workspace) -> None:
    rain = listed(place)[0]["theme_id"]
    ask(place, "pin", rain)
    themes.edits.forget(place, lambda feedback_id: feedback_id.startswith("rain"))
    left = {name for edit in themes.edits.read(place) for name in edit.mentions}
    assert not any(name.startswith("rain") for name in left)
    assert themes.edits.read(place)[-1].theme_id == rain
