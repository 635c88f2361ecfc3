"""What a status there means here, and which moves follow; each move is one that `states.py` allows."""

from datetime import UTC, date, datetime

import pytest

from cxnlp.backlog.states import ALLOWED, STATES, STEPS
from cxnlp.backlog.trackers import back
from cxnlp.backlog.trackers.desk import Issue, Stage, meaning

AT = datetime(2026, 11, 23, 3, tzinfo=UTC)
MEANINGS = ("open", "accepted", "in_progress", "shipped", "closed", "declined")


def issue(stage: Stage, status: str = "X", *labels: str, ended_on: date | None = None) -> Issue:
    return Issue("1", "CX-1", "u", (status,), stage, labels, ended_on)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("means", MEANINGS)
def test_moves_are_allowed_and_lead_there(state: str, means: str) -> None:
    now = state
    for move in back.moves("i1", state, means, issue("open"), "jira:CX-1", AT):
        assert move.move in ALLOWED[now]
        now = STEPS[move.move].to or now
    ways = {"open": {"new", "accepted", "in_progress", "snoozed", "quiet"}, "accepted": {"accepted", "in_progress"},
            "in_progress": {"in_progress"}, "shipped": {"shipped", "verified", "closed"}, "closed": {"closed"},
            "declined": {"declined"}}  # fmt: skip
    assert now in ways[means] | {"merged"}


def test_the_day_of_shipping_is_theirs_but_not_ahead_of_us() -> None:
    (move,) = back.moves("i1", "accepted", "shipped", issue("done", ended_on=date(2026, 11, 20)), "jira:CX-1", AT)
    assert (move.on, move.by) == (date(2026, 11, 20), "jira:CX-1")
    (move,) = back.moves("i1", "accepted", "shipped", issue("done", ended_on=date(2027, 1, 1)), "jira:CX-1", AT)
    assert move.on == AT.date()


@pytest.mark.parametrize(
    ("found", "means"),
    [
        (issue("open"), "open"),
        (issue("started"), "in_progress"),
        (issue("done"), "shipped"),
        (issue("dropped"), "declined"),
        (issue("done", "Ready for release"), "in_progress"),
        (issue("open", "open", "Doing"), "in_progress"),
        (issue("done", "closed", "doing"), "shipped"),
        (issue("done", "closed", "wontfix"), "declined"),
        (issue("done", "closed", "other"), "shipped"),
    ],
)
def test_statuses_and_labels_mean_what_the_settings_say(found: Issue, means: str) -> None:
    states = {"ready for release": "in_progress", "doing": "in_progress", "WontFix": "declined"}
    assert meaning(found, states) == means
