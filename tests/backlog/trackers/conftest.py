"""Workspaces with a tracker, and syncs that wait for nothing."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cxnlp.backlog import trackers
from cxnlp.backlog.states import ALLOWED, STEPS
from cxnlp.settings import Settings, Workspace, make_secret
from tests.backlog.trackers.boards import BOARDS, TOKEN, Board
from tests.live.server import served

START = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def item(number: int = 1, **values: Any) -> dict[str, Any]:
    """A row of the table ``backlog`` that somebody has accepted."""
    return {
        "item_id": f"i{number}", "kind": "moment", "label": "delivery", "stage": "receive", "state": "accepted",
        "title": "Deliveries come late: parcel, evening", "sentence": "Parcels come a day late.", "owner": "Logistics",
        "first_feedback_on": date(2026, 10, 1), "n_customers": 41, "n_mentions": 52, "n_mentions_recent": 9,
        "trend": 0.4, "trend_word": "rising", "severity": 0.6, "priority": 60.0 - number, "net_sentiment": -0.6,
        "warnings": "handover", "quote_1": "My parcel came a day late.", "quote_2": None, "quote_3": None,
    } | values  # fmt: skip


class Company:
    """A workspace with one tracker, its items, and the clock; moves change the items as `moves.make_all` would."""

    def __init__(self, root: Path, board: Board, **settings: Any) -> None:
        self.board = board
        self.root = root
        self.items = [item(1)]
        self.now = START
        self.slept: list[float] = []
        self.moves: list[trackers.Wanted] = []
        self.tracker = board.settings(**settings)
        self.others: list[dict[str, Any]] = []
        make_secret(root)

    @property
    def workspace(self) -> Workspace:
        source = {"name": "letters", "channel": "letter", "kind": "letters", "path": "inbox"}
        settings = {"company": "Larkfield", "source": [source], "tracker": [self.tracker, *self.others]}
        return Workspace(root=self.root, settings=Settings.model_validate(settings))

    @property
    def journal(self) -> Path:
        return self.root / ".cxnlp" / "reviews" / "trackers.jsonl"

    def sync(self, *, is_dry: bool = False) -> list[trackers.Done]:
        names = [settings["name"] for settings in (self.tracker, *self.others)]
        return trackers.sync(
            self.workspace, names, lambda: [dict(each) for each in self.items], self.decide, is_dry=is_dry,
            sleep=self.slept.append, now=lambda: self.now,
        )  # fmt: skip

    def later(self, minutes: float = 24 * 60, *, is_dry: bool = False) -> list[trackers.Done]:
        self.now += timedelta(minutes=minutes)
        return self.sync(is_dry=is_dry)

    def decide(self, groups: Sequence[Sequence[trackers.Wanted]]) -> list[str | None]:
        return [self._decide(group) for group in groups]

    def _decide(self, group: Sequence[trackers.Wanted]) -> str | None:
        row = next(each for each in self.items if each["item_id"] == group[0].item_id)
        state = row["state"]
        for move in group:
            if move.move not in ALLOWED[state]:
                return f"{move.move} is not allowed where it is {state}"
            state = STEPS[move.move].to or state
            row["assigned_to"] = move.owner or row.get("assigned_to")
        self.moves += group
        row |= {"state": state, "state_by": group[-1].by if state != row["state"] else row.get("state_by")}
        return None


@pytest.fixture(params=BOARDS, ids=[board.kind for board in BOARDS])
def company(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Company]:
    """A company with each of the trackers."""
    monkeypatch.setenv("LARKFIELD_TRACKER", TOKEN)
    with served() as service:
        more = {"states": {"doing": "in_progress", "wontfix": "declined"}}
        yield Company(tmp_path, request.param(service), **more)


def what(done: Sequence[trackers.Done]) -> list[str]:
    return [each.what for each in done]
