"""The first screen: what a morning begins with, and what it may not say."""

from datetime import date, timedelta
from typing import Any

import pytest

from cxnlp.insight import Period
from cxnlp.report import story
from tests.backlog.larkfield import NIGHT

PERIOD = Period(NIGHT, date(2026, 9, 7), date(2026, 11, 1))
TOTALS = {"n_mentions": 62}


def item(**columns: object) -> dict[str, Any]:
    usual = {"kind": "signal", "label": "crisis", "title": "Harm is at hand: GlowNest", "terms": "GlowNest",
             "phrase": "Harm is at hand", "n_customers": 23, "n_mentions": 25, "moves": "steady", "owner": "Legal",
             "quotes": [], "set": None, "trend_word": "steady", "last_feedback_on": NIGHT}  # fmt: skip
    return usual | columns


def moment(label: str, **columns: object) -> dict[str, Any]:
    usual = {"label": label, "name": label, "need": 0.0, "joy": 0.0, "low": -0.4, "n_negative": 9, "worse": "hurts",
             "neg": None}  # fmt: skip
    return usual | columns


def morning(*items: dict[str, Any], moments: tuple[dict[str, Any], ...] = (), silent_days: int = 1) -> dict[str, Any]:
    return story.headline(items, moments, TOTALS, PERIOD, NIGHT - timedelta(days=silent_days))


def test_the_headline_gives_nobodys_number_to_a_word() -> None:
    told = morning(item())
    assert told["text"] == "23 people speak of danger or legal steps"
    assert "Words that stand out in them: GlowNest." in told["deck"]


@pytest.mark.parametrize(
    ("silent_days", "expected"), [(1, "Act today"), (7, "Act today"), (22, "No feedback since 11\u00a0October")]
)
def test_a_morning_without_feedback_says_so_first(silent_days: int, expected: str) -> None:
    assert morning(item(), silent_days=silent_days)["eyebrow"] == expected


def test_what_was_said_long_ago_is_neither_an_alarm_nor_a_headline() -> None:
    weeks_ago = morning(item(last_feedback_on=NIGHT - timedelta(days=29)))
    assert (weeks_ago["eyebrow"], weeks_ago["is_alarm"]) == ("This morning", False)
    assert "danger" in weeks_ago["text"]
    assert "danger" not in morning(item(last_feedback_on=date(2026, 9, 6)))["text"]


def test_what_is_praised_most_may_hurt_and_what_works_best_does_not() -> None:
    staff, store = moment("staff", need=9.0, joy=3.0, n_positive=57), moment("store", joy=4.0, n_positive=16)
    told = morning(moments=(staff, store))
    assert ([row["label"] for row in told["works"]], told["is_well"]) == (["staff", "store"], False)
    told = morning(moments=(staff, store, moment("app", need=1.0, joy=1.0, low=0.1)))
    assert ([row["label"] for row in told["works"]], told["is_well"]) == (["app"], True)
    assert len(told["hurts"]) == 1


@pytest.mark.parametrize(
    ("n_mentions", "expected"), [((9, 60), "89 people"), ((9, 49), "150 complaints"), (("<5",), "150 complaints")]
)
def test_a_small_item_does_not_stand_for_its_moment(n_mentions: tuple[int | str, ...], expected: str) -> None:
    items = [
        item(kind="moment", label="resolution", n_mentions=n, n_customers=89 if n == 60 else 7, sentence=None)
        for n in n_mentions
    ]
    (told,) = morning(*items, moments=(moment("resolution", need=90.0, n_negative=150),))["hurts"]
    assert told["n"] == expected
