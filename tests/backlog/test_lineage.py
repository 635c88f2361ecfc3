"""Themes merge and split, people come and go: what the items' log tells of it, and who takes over an item's work."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from cxnlp.backlog.events import EVENTS
from cxnlp.backlog.items import BACKLOG
from cxnlp.backlog.lineage import HEIRS, INHERITED, Lineage, Tonight, trace

NIGHT = Tonight(date(2026, 11, 3), "2026-11-03-1", least_group=5)
ITEMS: dict[str, pl.DataType] = {**BACKLOG, **INHERITED}
ACCEPTED = {"state": "accepted", "assigned_to": "Logistics", "due_on": date(2026, 11, 20),
            "accepted_on": date(2026, 11, 2)}  # fmt: skip


def item(name: str, n_customers: int = 10, **columns: Any) -> dict[str, Any]:
    """An item of delivery: "box" is that of the theme "th-box", "rest" that of no theme."""
    theme = None if name == "rest" else f"th-{name}"
    usual = {"kind": "moment", "label": "delivery", "polarity": "-", "state": "new", "theme_id": theme}
    return {"item_id": name, "n_customers": n_customers} | usual | columns


def traced(
    before: list[dict[str, Any]],
    found: list[dict[str, Any]],
    theme_events: list[tuple[str, str, str | None]] | None = None,
    counted: dict[str, int] | None = None,
) -> Lineage:
    """What is told of these items; a theme's event is (theme, event, other theme)."""
    happened = pl.DataFrame(theme_events or [], orient="row",
                            schema={name: pl.String() for name in ("theme_id", "event", "other_id")})  # fmt: skip
    counts = pl.DataFrame({"item_id": list(counted or {}), "n_customers": list((counted or {}).values())},
                          schema={"item_id": pl.String(), "n_customers": pl.Int64()})  # fmt: skip
    return trace(pl.DataFrame(before, schema=ITEMS), pl.DataFrame(found, schema=ITEMS), happened, counts, NIGHT)


def told(lineage: Lineage) -> list[tuple[str, ...]]:
    return list(lineage.events.select("item_id", "event", "other_id", "state_before", "state_after").iter_rows())


BOX_INTO_VAN = [("th-box", "merged", "th-van")]


def test_the_item_of_a_theme_that_is_gone_goes_into_the_kept_ones() -> None:
    lineage = traced([item("box"), item("van")], [item("van", 18)], BOX_INTO_VAN)
    assert told(lineage) == [("box", "merged", "van", "new", "merged")]
    assert lineage.heirs.is_empty()
    (event,) = lineage.events.to_dicts()
    assert event["at"] == datetime(2026, 11, 3, tzinfo=UTC)
    assert (event["happened_on"], event["by"], event["run_id"]) == (NIGHT.night, "night", "2026-11-03-1")


def test_merging_is_told_once() -> None:
    assert told(traced([item("box", state="merged"), item("van")], [item("van")], BOX_INTO_VAN)) == []


@pytest.mark.parametrize(
    ("theme_events", "kept"),
    [
        pytest.param([*BOX_INTO_VAN, ("th-van", "merged", "th-rain")], "rain", id="one after the other"),
        pytest.param([("th-van", "merged", "th-rain"), ("th-box", "merged", "th-van")], "rain", id="into one gone"),
        pytest.param([("th-box", "born", None), ("th-box", "merged", "th-rain")], "rain", id="born before"),
    ],
)
def test_merges_are_followed_to_the_theme_that_lives(
    theme_events: list[tuple[str, str, str | None]], kept: str
) -> None:
    assert ("box", "merged", kept, "new", "merged") in told(traced([item("box")], [item("rain")], theme_events))


def test_without_an_item_of_the_kept_theme_nothing_merges() -> None:
    assert told(traced([item("box")], [item("rest")], BOX_INTO_VAN)) == []


def test_a_kept_item_that_is_quiet_tonight_takes_the_other_in() -> None:
    before = [item("box", **ACCEPTED), item("van", state="quiet")]
    lineage = traced(before, [], BOX_INTO_VAN)
    assert ("box", "merged", "van", "accepted", "merged") in told(lineage)
    assert lineage.heirs["item_id"].to_list() == ["van"]


@pytest.mark.parametrize("kept", [pytest.param([item("van")], id="known"), pytest.param([], id="new tonight")])
def test_work_that_somebody_took_on_goes_with_the_mentions(kept: list[dict[str, Any]]) -> None:
    lineage = traced([item("box", **ACCEPTED), *kept], [item("van", 12)], BOX_INTO_VAN)
    assert lineage.heirs.schema == pl.Schema(HEIRS)
    (heir,) = lineage.heirs.to_dicts()
    assert heir == dict.fromkeys(HEIRS) | ACCEPTED | {"item_id": "van", "from_id": "box"}
    assert told(lineage) == [
        ("box", "merged", "van", "accepted", "merged"),
        ("van", "merged", "box", "new", "accepted"),
    ]
    assert lineage.events["owner"].to_list() == ["Logistics", "Logistics"]


@pytest.mark.parametrize("state", ["accepted", "in_progress", "shipped"])
def test_the_kept_items_own_work_stands(state: str) -> None:
    before = [item("box", **ACCEPTED), item("van", state=state)]
    assert traced(before, [item("van")], BOX_INTO_VAN).heirs.is_empty()


@pytest.mark.parametrize("kept", ["declined", "closed", "snoozed", "verified", "not_effective"])
def test_work_does_not_end_because_the_kept_item_was_put_aside_or_its_fix_is_judged(kept: str) -> None:
    lineage = traced([item("box", **ACCEPTED), item("van", state=kept)], [item("van")], BOX_INTO_VAN)
    assert lineage.heirs.select("item_id", "from_id", "state", "assigned_to").rows() == [
        ("van", "box", "accepted", "Logistics")
    ]
    assert ("van", "merged", "box", kept, "accepted") in told(lineage)


@pytest.mark.parametrize(("gone", "kept"), [("declined", "closed"), ("snoozed", "declined"), ("declined", "snoozed")])
def test_of_two_that_were_put_aside_the_kept_ones_decision_stands(gone: str, kept: str) -> None:
    before = [item("box", state=gone), item("van", state=kept)]
    assert traced(before, [item("van")], BOX_INTO_VAN).heirs.is_empty()


def test_a_snooze_goes_along_with_its_day() -> None:
    day = date(2026, 12, 1)
    lineage = traced([item("box", state="snoozed", snoozed_until=day), item("van")], [item("van", 40)], BOX_INTO_VAN)
    assert lineage.heirs.select("item_id", "state", "snoozed_until").rows() == [("van", "snoozed", day)]
    days = lineage.events.filter(event="merged").select("item_id", "snoozed_until")
    assert days.rows() == [("box", day), ("van", day)]


@pytest.mark.parametrize(("n_customers", "heirs"), [(19, [("van", "declined")]), (20, [])])
def test_a_decline_goes_along_unless_twice_as_many_people_speak(n_customers: int, heirs: list[Any]) -> None:
    lineage = traced([item("box", state="declined")], [item("van", n_customers)], BOX_INTO_VAN)
    assert lineage.heirs.select("item_id", "state").rows() == heirs


def test_what_is_over_is_not_handed_on() -> None:
    for state in ("new", "quiet", "closed", "verified", "not_effective"):
        assert traced([item("box", state=state), item("van")], [item("van")], BOX_INTO_VAN).heirs.is_empty()


def test_of_several_the_one_that_is_furthest_along_hands_on() -> None:
    before = [item("box", state="in_progress"), item("bag", **ACCEPTED), item("cup", state="shipped"),
              item("lid", state="declined"), item("van")]  # fmt: skip
    merges = [(f"th-{name}", "merged", "th-van") for name in ("box", "bag", "cup", "lid")]
    lineage = traced(before, [item("van")], merges)
    assert lineage.heirs.select("item_id", "from_id", "state").rows() == [("van", "cup", "shipped")]


def test_a_new_item_says_which_it_split_off() -> None:
    lineage = traced([item("box", 30)], [item("box", 20), item("van")], [("th-van", "split", "th-box")])
    assert told(lineage) == [("van", "split", "box", "new", "new")]
    assert told(traced([item("box"), item("van")], [item("box"), item("van")], [("th-van", "split", "th-box")])) == []


def test_a_new_item_of_a_new_theme_did_not_split() -> None:
    assert told(traced([item("box")], [item("box"), item("van")], [("th-van", "born", None)])) == []


@pytest.mark.parametrize(
    ("then", "now", "event"),
    [
        pytest.param(10, 20, "grew", id="twice as many"),
        pytest.param(10, 19, None, id="not quite"),
        pytest.param(20, 10, "shrank", id="half as many"),
        pytest.param(20, 11, None, id="nearly half"),
        pytest.param(4, 8, None, id="twice as many, but four people"),
        pytest.param(5, 10, "grew", id="twice as many, five people"),
        pytest.param(8, 4, None, id="half as many, but four people"),
    ],
)
def test_an_item_grows_and_shrinks(then: int, now: int, event: str | None) -> None:
    lineage = traced([item("rest", 12)], [item("rest", now)], counted={"rest": then})
    assert lineage.events["event"].to_list() == ([event] if event else [])
    assert lineage.events.schema == pl.Schema(EVENTS)
    if event:
        assert lineage.events["n_customers"].to_list() == [now]


def test_growth_is_counted_from_the_last_event_and_without_one_from_the_night_before() -> None:
    assert traced([item("rest", 19)], [item("rest", 20)], counted={"rest": 10}).events["event"].to_list() == ["grew"]
    assert traced([item("rest", 20)], [item("rest", 21)], counted={"rest": 20}).events.is_empty()
    assert traced([item("rest", 10)], [item("rest", 20)]).events["event"].to_list() == ["grew"]


def test_a_new_item_has_not_grown() -> None:
    assert traced([], [item("rest", 50)]).events.is_empty()
