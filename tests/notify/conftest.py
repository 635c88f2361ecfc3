"""A company that wants to be told: receivers on this machine, and mornings to tell of."""

import base64
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from cxnlp import notify
from cxnlp.notify import sending
from cxnlp.notify.changes import Morning
from cxnlp.notify.sending import Outcome
from cxnlp.settings import Settings, Workspace, make_secret
from tests.backlog.workspaces import NIGHT, item
from tests.live.server import LocalService, served
from tests.notify.mailbox import Mailbox, mailbox_served

SECRET = "whsec_" + base64.b64encode(b"a key of thirty-two bytes, so so").decode()


class Company:
    """A workspace whose published night is what a test says."""

    def __init__(self, root: Path, patch: pytest.MonkeyPatch) -> None:
        make_secret(root)
        self.root, self.patch = root, patch
        self.receivers: list[dict[str, Any]] = []
        self.least_group = 5
        self.slept: list[float] = []
        patch.setattr(sending, "_morning", lambda _: self.now)
        self.night([item("cx-1")])

    def night(
        self, items: Sequence[dict[str, Any]], alerts: Sequence[dict[str, Any]] = (), *, n: int = 0, run: int = 1,
        overdue: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """Publish the night ``n`` days after the first."""
        on = NIGHT + timedelta(days=n)
        run_of = {"run_id": f"{on}-{run}", "night": on, "n_arrived": 12, "n_stored": 11, "n_quarantined": 1}
        self.now = Morning(run_of, items, alerts, frozenset(overdue))

    def tell(self, name: str, url: str, **values: Any) -> None:
        """Add a receiver; its address is in an environment variable."""
        self.patch.setenv(f"URL_{name.upper()}", url)
        self.receivers.append({"name": name, "kind": "apprise", "url": f"env:URL_{name.upper()}"} | values)

    def hook(self, url: str, **values: Any) -> None:
        self.patch.setenv("HOOK_SECRET", SECRET)
        self.receivers.append({"name": "hub", "kind": "webhook", "url": url, "secret": "env:HOOK_SECRET"} | values)

    @property
    def workspace(self) -> Workspace:
        source = {"name": "post", "channel": "letter", "kind": "letters", "path": "letters"}
        settings = {"company": "Larkfield", "source": [source], "notify": self.receivers,
                    "privacy": {"least_group": self.least_group}}  # fmt: skip
        return Workspace(root=self.root, settings=Settings.model_validate(settings))

    def send(self) -> list[Outcome]:
        return notify.send(self.workspace, sleep=self.slept.append)

    def results(self) -> list[str]:
        return [outcome.result for outcome in self.send()]


def fixed(item_id: str, **values: Any) -> dict[str, Any]:
    """An item whose fix was measured and helped, but for what is said otherwise."""
    return item(
        item_id, **{
            "state": "verified", "shipped_on": date(2026, 10, 5), "shipped_what": "More vans",
            "shipped_where": None, "verdict": "verified",
            "verdict_note": "reported less", "verdict_on": date(2026, 11, 1), "effect": 0.48, "effect_low": 0.31,
            "effect_high": 0.7,
        } | values
    )  # fmt: skip


def alert(alert_id: str, **values: Any) -> dict[str, Any]:
    """An early warning: nineteen people of Leeds about deliveries, but for what is said otherwise."""
    return {
        "alert_id": alert_id, "kind": "rise", "name": "Deliveries disappoint", "owner": "Logistics",
        "moment_name": None, "product": None, "location": "Leeds", "opened_on": date(2026, 11, 2), "closed_on": None,
        "n_days": 7, "n_reports": 19, "expected_reports": 6.0,
    } | values  # fmt: skip


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Company:
    return Company(tmp_path, monkeypatch)


@pytest.fixture
def service() -> Iterator[LocalService]:
    with served() as local:
        yield local


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mailbox_served() as local:
        yield local
