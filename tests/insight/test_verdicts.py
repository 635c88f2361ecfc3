"""Whether a fix worked: told early where it is clear, never from what moves everything, and the same every night."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from cxnlp.insight.verdicts import COUNTS, SHIPPED, VERDICTS, verdicts

SHIPPED_ON = date(2026, 6, 1)
BEFORE, AFTER = 140, 100  # days
DAY = np.arange(-BEFORE, AFTER + 1)
CONTROLS = {"billing": 20.0, "website": 12.0, "returns": 8.0}  # reports a day
HEARD = 300


def chance(mean: Any, seed: int = 1) -> Any:
    return np.random.default_rng(seed).poisson(np.broadcast_to(mean, DAY.shape))


def rows(n: Any, control: str | None = None, heard: Any = HEARD, *, is_elsewhere: bool = False) -> pl.DataFrame:
    days = [SHIPPED_ON + timedelta(days=int(day)) for day in DAY]
    people = np.maximum(np.broadcast_to(heard, DAY.shape), n)
    return pl.DataFrame(
        {"item_id": "late parcels", "control": control, "is_elsewhere": is_elsewhere, "occurred_on": days, "n": n,
         "n_heard": people}, schema=COUNTS,
    )  # fmt: skip


def beside(times: Any = 1.0, **others: Any) -> list[pl.DataFrame]:
    """The controls, all of them ``times`` their usual rate, and one of them otherwise."""
    return [
        rows(chance(mean * times * others.get(name, 1.0), seed), name) for seed, (name, mean) in
        enumerate(CONTROLS.items(), 10)
    ]  # fmt: skip


def judged(*counts: pl.DataFrame, on: int = AFTER, precision: float | None = None, **wishes: Any) -> dict[str, Any]:
    """What a night says whose last day is ``on`` days after the fix."""
    fixes = pl.DataFrame([("late parcels", SHIPPED_ON, precision)], schema=SHIPPED, orient="row")
    found = verdicts(pl.concat(counts), fixes, last_on=SHIPPED_ON + timedelta(days=on), **wishes)
    assert found.schema == pl.Schema(VERDICTS)
    return found.row(0, named=True)


def after(times: float) -> Any:
    return np.where(DAY > 0, times, 1.0)


def days_until(found: dict[str, Any]) -> int:
    return (found["decided_on"] - SHIPPED_ON).days


def test_a_halved_problem_is_found_within_three_weeks() -> None:
    found = judged(rows(chance(14 * after(0.5))), *beside())
    assert found["verdict"] == "verified"
    assert 7 <= days_until(found) <= 21
    assert found["effect_low"] < 0.5 < found["effect_high"] < 1
    assert found["effect"] == pytest.approx(0.5, abs=0.08)
    assert found["controls"] == ["billing", "returns", "website"]


def test_what_stays_as_it_was_is_not_effective() -> None:
    found = judged(rows(chance(150)), *beside(10.0))
    assert (found["verdict"], found["note"]) == ("not_effective", "it surely fell by less than 20%")
    assert found["effect_low"] > 0.8
    assert days_until(found) >= 28


def test_what_gets_worse_is_harmful() -> None:
    found = judged(rows(chance(14 * after(2))), *beside())
    assert (found["verdict"], found["effect_low"] > 1) == ("harmful", True)
    assert days_until(found) <= 21


def test_nothing_is_said_in_the_first_week() -> None:
    assert judged(rows(chance(100 * after(0.1))), *beside(), on=6)["verdict"] == "too_early"
    assert judged(rows(chance(100 * after(0.1))), *beside(), on=7)["verdict"] == "verified"


def test_a_night_of_the_day_itself_and_of_the_days_before_it() -> None:
    for on in (-3, 0):
        found = judged(rows(chance(14)), *beside(), on=on)
        assert (found["verdict"], found["n_after"], found["effect"]) == ("too_early", 0, None)
        assert found["note"] == "no day since the fix has been heard out"
    first = judged(rows(chance(14)), *beside(), on=1)
    assert first["effect_low"] < 1 < (first["effect_high"] or 99)
    anything = judged(rows(chance(0.3)), *beside(), on=1)  # from 0 to no end
    assert anything["verdict"] == "too_early"
    assert (anything["effect"], anything["effect_low"], anything["effect_high"]) == (None, None, None)


def test_looking_back_finds_what_was_found_then_on_the_same_day() -> None:
    counts = [rows(chance(14 * after(0.5))), *beside()]
    nights = [judged(*counts, on=on) for on in range(5, 60, 3)]
    first = next(at for at, night in enumerate(nights) if night["verdict"] == "verified")
    assert {night["verdict"] for night in nights[:first]} == {"too_early"}
    assert len({(night["verdict"], night["decided_on"]) for night in nights[first:]}) == 1


def test_a_decision_stays_when_the_problem_comes_back() -> None:
    found = judged(rows(chance(np.where((DAY > 0) & (DAY < 40), 4, 14))), *beside())
    assert (found["verdict"], days_until(found) < 40) == ("verified", True)


def test_what_falls_with_everything_else_has_not_been_mended() -> None:
    item = rows(chance(14 * after(0.5)))
    assert judged(item, *beside(after(0.5)))["verdict"] != "verified"
    assert judged(item, *beside())["verdict"] == "verified"


def test_season_and_weekdays_that_all_share_are_no_effect() -> None:
    tide = (1 + 0.5 * np.cos(np.pi * DAY / 90)) * np.where(DAY % 7 == 3, 2.5, 0.75)
    assert judged(rows(chance(14 * tide)), *beside(tide))["verdict"] in {"too_early", "not_effective"}
    assert judged(rows(chance(14 * tide * after(0.5))), *beside(tide))["verdict"] == "verified"


def test_a_weekday_of_its_own_is_no_effect() -> None:
    own = np.where(DAY % 7 < 2, 3.0, 0.2)
    for on in range(7, 28):
        assert judged(rows(chance(40 * own)), *beside(), on=on)["verdict"] == "too_early"


def test_one_control_alone_cannot_decide() -> None:
    outage = {"billing": np.where((DAY > 0) & (DAY < 40), 6.0, 1.0)}
    assert judged(rows(chance(14)), *beside(**outage))["verdict"] != "verified"


def test_without_controls_it_is_compared_with_all_that_was_heard() -> None:
    half_of_all = judged(rows(chance(14 * after(0.5)), heard=300 * after(0.5)))
    assert half_of_all["verdict"] in {"too_early", "not_effective"}
    found = judged(rows(chance(14 * after(0.5))))
    assert (found["verdict"], found["controls"]) == ("verified", [])


def elsewhere(times: Any = 1.0) -> list[pl.DataFrame]:
    """The same item in other places, ``times`` as often as usual."""
    places = enumerate(("location=Elm", "location=Hull", "location=Oak"), 20)
    return [rows(chance(20 * times, seed), name, is_elsewhere=True) for seed, name in places]


def test_other_places_are_held_beside_their_own_volume() -> None:
    town = rows(chance(14 * after(0.5)), heard=300 * after(0.5))  # half of its people write no more
    assert judged(town, *elsewhere())["verdict"] in {"too_early", "not_effective"}
    assert judged(rows(chance(14 * after(0.5))), *elsewhere())["verdict"] == "verified"


def test_what_falls_elsewhere_too_has_not_been_mended_here() -> None:
    item = rows(chance(14 * after(0.5)))
    found = judged(item, *beside(), *elsewhere(after(0.5)))
    assert found["verdict"] in {"too_early", "not_effective"}
    assert found["effect_low"] < 1 < found["effect_high"]
    found = judged(item, *beside(), *elsewhere())
    assert (found["verdict"], len(found["controls"])) == ("verified", 6)


def test_what_falls_here_with_everything_else_has_not_been_mended_either() -> None:
    assert judged(rows(chance(14 * after(0.5))), *beside(after(0.5)), *elsewhere())["verdict"] != "verified"


OUTBREAK = np.where((DAY > -25) & (DAY <= 0), 3.0, 1.0)


def test_an_outbreak_may_have_ended_by_itself() -> None:
    found = judged(rows(chance(10 * OUTBREAK)), *beside())
    assert (found["verdict"], found["decided_on"]) == ("unclear", None)
    assert found["effect_high"] < 1
    assert found["note"].endswith("below what it was 12 weeks and more before that: it may have fallen by itself")
    assert judged(rows(chance(10 * OUTBREAK * after(0.4))), *beside())["verdict"] == "verified"


def test_where_it_goes_on_elsewhere_an_outbreak_has_not_ended_by_itself() -> None:
    ended, goes_on = rows(chance(10 * OUTBREAK)), np.where(DAY > -25, 3.0, 1.0)
    assert judged(ended, *beside(), *elsewhere(goes_on))["verdict"] == "verified"
    assert judged(ended, *beside(), *elsewhere(OUTBREAK))["verdict"] in {"too_early", "not_effective"}
    assert judged(ended, *beside(), *elsewhere())["verdict"] == "unclear"


def test_of_what_is_known_for_a_few_weeks_only_nobody_knows_whether_it_fell_by_itself() -> None:
    def since(first: int) -> list[pl.DataFrame]:
        counts = [rows(chance(30 * after(0.3))), *beside()]
        return [each.filter(pl.col("occurred_on") >= SHIPPED_ON - timedelta(days=first)) for each in counts]

    assert judged(*since(56))["verdict"] == "verified"
    found = judged(*since(55))
    assert found["verdict"] == "unclear"
    assert found["note"] == "it fell, but is known for 7 weeks only before that: it may have fallen by itself"


def test_silence_after_the_fix() -> None:
    found = judged(rows(np.where(DAY > 0, 0, chance(6))), *beside())
    assert (found["verdict"], found["n_after"], found["effect"], found["effect_low"]) == ("verified", 0, 0, 0)
    assert 0 < found["effect_high"] < 0.05


def test_where_nobody_was_heard_since_the_fix_nothing_is_said_of_it() -> None:
    until = [part.filter(pl.col("occurred_on") <= SHIPPED_ON) for part in (rows(chance(6)), *beside())]
    for on in (13, 182, 300):
        found = judged(*until, on=on)
        assert (found["verdict"], found["note"]) == ("too_early", "nobody has been heard since the fix")
        assert (found["effect"], found["effect_low"], found["effect_high"], found["n_after"]) == (None, None, None, 0)


def test_half_a_year_in_which_people_were_hardly_heard_is_no_failure() -> None:
    soon = SHIPPED_ON + timedelta(days=6)
    until = [part.filter(pl.col("occurred_on") <= soon) for part in (rows(chance(2)), *beside())]
    found = judged(*until, on=182)
    assert (found["verdict"], found["note"]) == ("too_early", "people were heard in 1 of 26 weeks only since the fix")


def test_few_reports_say_too_early_rather_than_anything() -> None:
    found = judged(rows(np.where(DAY % 20 == 0, 1, 0) * (DAY < 0)), *beside())
    assert (found["n_before"], found["verdict"], found["note"]) == (
        7,
        "too_early",
        "100 days since the fix do not tell yet",
    )
    assert found["effect_high"] > 1


def test_what_was_hardly_heard_before_is_not_judged() -> None:
    for counts in (rows(np.where(DAY < 0, 0, 9)), rows(chance(9)).filter(pl.col("occurred_on") > date(2026, 5, 20))):
        found = judged(counts, *[part.filter(pl.col("occurred_on") > date(2026, 5, 20)) for part in beside()])
        assert (found["verdict"], found["effect"], found["decided_on"]) == ("too_early", None, None)
    assert judged(pl.DataFrame(schema=COUNTS))["n_before"] == 0


def test_half_a_year_without_a_sign_is_not_effective() -> None:
    weeks = pl.DataFrame(
        {"item_id": "late parcels", "control": None, "is_elsewhere": False, "n": [1, 0, 0, 0] * 90,
         "n_heard": [40, 30, 35, 50] * 90,
         "occurred_on": [SHIPPED_ON + timedelta(days=day) for day in range(-140, 220)]}, schema=COUNTS,
    )  # fmt: skip
    assert judged(weeks, on=181)["verdict"] == "too_early"
    found = judged(weeks, on=182)
    assert (found["verdict"], found["note"]) == ("not_effective", "26 weeks have not shown that it fell")
    assert judged(weeks, on=219)["n_after"] == found["n_after"]


def test_false_alarms_of_the_model_stay_when_the_problem_goes() -> None:
    """One report in five is none: of those a fix that halves the rest leaves 0.6."""
    found = judged(rows(chance(40 * after(0.6))), *beside())
    netted = judged(rows(chance(40 * after(0.6))), *beside(), precision=0.8)
    assert found["effect"] == pytest.approx(0.6, abs=0.06)
    assert netted["effect"] == pytest.approx(1 - (1 - found["effect"]) / 0.8)
    assert netted["decided_on"] == found["decided_on"]
    assert judged(rows(chance(40 * after(0.6))), *beside(), precision=0.0)["effect"] == pytest.approx(
        1 - (1 - found["effect"]) / 0.5
    )


def test_the_least_improvement_is_what_the_workspace_says() -> None:
    counts = [rows(chance(150 * after(0.85))), *beside(10.0)]
    assert judged(*counts, least_improvement=0.5)["verdict"] == "verified"
    assert judged(rows(chance(150)), *beside(10.0), least_improvement=0.02)["verdict"] == "too_early"


def test_every_fix_has_a_row_in_their_order() -> None:
    other = pl.concat([rows(chance(150)), *beside(10.0)]).with_columns(item_id=pl.lit("rude agents"))
    fixes = pl.DataFrame(
        [("rude agents", SHIPPED_ON, None), ("unheard", SHIPPED_ON, None), ("late parcels", SHIPPED_ON, None)],
        schema=SHIPPED, orient="row",
    )  # fmt: skip
    counts = pl.concat([other, rows(chance(14 * after(0.4))), *beside()])
    found = verdicts(counts, fixes, last_on=SHIPPED_ON + timedelta(days=AFTER))
    assert found["item_id"].to_list() == ["rude agents", "unheard", "late parcels"]
    assert found["verdict"].to_list() == ["not_effective", "too_early", "verified"]
