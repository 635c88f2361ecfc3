"""Signed webhooks: the scheme's own example, and receivers that fail in every way."""

import base64
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cxnlp.notify import outbox, webhook
from cxnlp.settings import SettingsError
from tests.backlog.workspaces import item
from tests.live.server import Asked, LocalService, Reply
from tests.notify.conftest import SECRET, Company, alert, fixed

PAGE = (Path(__file__).parents[2] / "docs" / "notify.md").read_text("utf-8")


def taken(_: Asked) -> Reply:
    return Reply(status=204)


def of_the_page() -> dict[str, Any]:
    """What the code in docs/notify.md defines."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    return names


def is_signed(asked: Asked, secret: str = SECRET, **wrong: Any) -> bool:
    """What a receiver checks, in the page's words."""
    said = {"headers": asked.headers, "body": asked.body, "secret": secret} | wrong
    return bool(of_the_page()["is_ours"](**said))


def test_the_schemes_own_example() -> None:
    """https://github.com/standard-webhooks/standard-webhooks: the example that its libraries are tested with."""
    keys = webhook.keys_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "x")
    signed = webhook.signature(keys, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    "secret", ["whsec_", "whsec_c2hvcnQ=", SECRET.removeprefix("whsec_"), "whsec_" + "A" * 88, f"{SECRET} d29yZA=="]
)
def test_what_is_no_secret_is_refused_and_not_shown(secret: str) -> None:
    with pytest.raises(SettingsError, match="whsec_ and 24 to 64 random bytes") as refused:
        webhook.keys_of(secret, "the secret of hub")
    assert not [part for part in secret.split() if part.removeprefix("whsec_") and part in str(refused.value)]


def test_a_receiver_is_told_once_and_can_check_it(company: Company, service: LocalService) -> None:
    service.paths["/cx"] = taken
    company.hook(service.url + "/cx", page_url="https://reports.larkfield.example/page.html")
    company.night([item("cx-1"), item("cx-2", n_customers=2, title="Staff are rude: the tall one")], [alert("a1")])
    assert company.results() == ["sent"]
    assert company.results() == []
    (asked,) = service.asked
    assert is_signed(asked)
    assert asked.headers["content-type"] == "application/json"
    said = json.loads(asked.body)
    assert (said["type"], said["data"]["run_id"], said["data"]["n_open_items"]) == (
        "night.finished", "2026-11-02-1", 2,
    )  # fmt: skip
    first, second = said["data"]["items"]
    assert (first["event"], first["item_id"], first["n_customers"], first["fewer_than"]) == ("opened", "cx-1", 12, None)
    assert (second["title"], second["n_customers"], second["fewer_than"]) == ("Staff are rude", None, 5)
    assert said["data"]["alerts"][0] | {"name": ""} == {
        "alert_id": "a1", "kind": "rise", "name": "", "moment_name": None, "product": None, "location": "Leeds",
        "opened_on": "2026-11-02", "n_days": 7, "suggested_owner": "Logistics", "n_customers": 19, "fewer_than": None,
    }  # fmt: skip


def test_whether_a_fix_helped_is_told_to_programs(company: Company, service: LocalService) -> None:
    service.paths["/cx"] = taken
    company.hook(service.url + "/cx")
    company.send()
    company.night([fixed("cx-1"), fixed("cx-2", n_customers=2)], n=1)
    company.send()
    events = [each for each in json.loads(service.asked[-1].body)["data"]["items"] if each["event"] == "measured"]
    assert [each["fix"] for each in events] == [
        {"shipped_on": "2026-10-05", "shipped_where": None, "verdict": "verified", "verdict_on": "2026-11-01",
         "effect": effect, "effect_low": low, "effect_high": high}
        for effect, low, high in [(0.48, 0.31, 0.7), (None, None, None)]
    ]  # fmt: skip


def test_what_somebody_else_sent_or_sent_again_is_not_believed(company: Company, service: LocalService) -> None:
    service.paths["/cx"] = taken
    company.hook(service.url + "/cx")
    company.send()
    (asked,) = service.asked
    assert is_signed(asked)
    assert not is_signed(asked, body=asked.body.replace(b"Larkfield", b"Larkfielt"))
    assert not is_signed(asked, headers=asked.headers | {"webhook-id": "msg_other"})
    assert not is_signed(asked, headers=asked.headers | {"webhook-timestamp": "soon"})
    assert not is_signed(asked, now=datetime.now(UTC).timestamp() + 600)
    assert not is_signed(asked, "whsec_" + base64.b64encode(b"another key that is long enough").decode())


def test_no_quote_and_nobodys_name_leaves(company: Company, service: LocalService) -> None:
    service.paths["/cx"] = taken
    company.hook(service.url + "/cx")
    theirs = {"quote_1": "It came a week late.", "sentence": "Customers report that the porter waved at the wrong van."}
    company.night([item("cx-1", state="accepted", assigned_to="Mira Weiss", **theirs)])
    company.send()
    (asked,) = service.asked
    assert [words for words in (b"Mira", b"week late", b"porter") if words in asked.body] == []
    assert json.loads(asked.body)["data"]["items"][0]["title"] == "Parcels late cx-1"


def test_a_program_is_told_of_all_items(company: Company, service: LocalService) -> None:
    service.paths["/cx"] = taken
    company.hook(service.url + "/cx")
    company.night([item(f"cx-{n}") for n in range(25)])
    company.send()
    assert len(json.loads(service.asked[0].body)["data"]["items"]) == 25


def test_while_a_secret_changes_both_sign(company: Company, service: LocalService) -> None:
    new = "whsec_" + base64.b64encode(b"another key that is long enough").decode()
    service.paths["/cx"] = taken
    company.hook(service.url + "/cx")
    company.patch.setenv("HOOK_SECRET", f"{new} {SECRET}")
    company.send()
    assert is_signed(service.asked[0])
    assert is_signed(service.asked[0], new)


@pytest.mark.parametrize(
    ("fault", "slept"),
    [
        (Reply(status=503), [1.0]),
        (Reply(status=429, headers={"Retry-After": "7"}), [7.0]),
        (Reply(status=503, headers={"Retry-After": "3600"}), [30.0]),
    ],
)
def test_a_fault_is_tried_again_under_the_same_id(
    company: Company, service: LocalService, fault: Reply, slept: list[float]
) -> None:
    service.paths["/cx"] = taken
    service.faults["/cx"] = [fault]
    company.hook(service.url + "/cx")
    assert company.results() == ["sent"]
    first, second = service.asked
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert company.slept == slept


def test_a_connection_that_breaks_off_leaves_open_whether_it_was_told(company: Company, service: LocalService) -> None:
    def torn(_: Asked) -> Reply:
        raise ConnectionError

    service.paths["/cx"] = torn
    company.hook(service.url + "/cx")
    (outcome,) = company.send()
    assert (outcome.result, len(service.asked)) == ("unclear", 3)
    service.paths["/cx"] = taken
    assert company.results() == ["sent"]
    assert len({(asked.headers["webhook-id"], asked.body) for asked in service.asked}) == 1


@pytest.mark.parametrize(("status", "times"), [(400, 1), (404, 1), (302, 1), (500, 3)])
def test_a_refusal_waits_for_the_next_night(company: Company, service: LocalService, status: int, times: int) -> None:
    service.paths["/cx"] = lambda _: Reply(status=status, headers={"Location": "http://127.0.0.1:1/"})
    company.hook(service.url + "/cx")
    (outcome,) = company.send()
    assert (outcome.result, str(status) in outcome.words, len(service.asked)) == ("refused", True, times)
    service.paths["/cx"] = taken
    company.night([item("cx-1"), item("cx-2")], n=1)
    assert company.results() == ["sent", "sent"]
    nights = [json.loads(asked.body)["data"]["night"] for asked in service.asked[times:]]
    assert nights == ["2026-11-02", "2026-11-03"]


def test_a_receiver_that_is_away_is_told_when_it_is_back(company: Company, service: LocalService) -> None:
    company.hook("http://127.0.0.1:9/cx")
    (outcome,) = company.send()
    assert (outcome.result, outcome.words) == ("refused", "127.0.0.1 cannot be reached")
    service.paths["/cx"] = taken
    company.receivers[0]["url"] = service.url + "/cx"
    assert company.results() == ["sent"]


def test_what_was_told_when_the_process_was_killed_is_told_again_under_its_id(
    company: Company, service: LocalService
) -> None:
    class Killed(BaseException):
        pass

    def killed(asked: Asked) -> Reply:
        company.patch.setattr(outbox, "add", fail)
        return taken(asked)

    def fail(*_: object) -> None:
        raise Killed

    add = outbox.add
    service.paths["/cx"] = killed
    company.hook(service.url + "/cx")
    with pytest.raises(Killed):
        company.send()
    company.patch.setattr(outbox, "add", add)
    service.paths["/cx"] = taken
    assert company.results() == ["sent"]
    assert company.results() == []
    first, second = service.asked
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
