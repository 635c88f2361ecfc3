"""``[[notify]]``: what cxnlp.toml may say, and that it never holds a password."""

from typing import Any

import pytest
from pydantic import ValidationError

from cxnlp.settings import Notify, Settings
from tests.notify.conftest import SECRET, Company

PEOPLE = {"name": "team", "kind": "apprise", "url": "env:TEAM"}
HOOK = {"name": "hub", "kind": "webhook", "url": "https://hub.larkfield.example/cx", "secret": "file:/etc/cxnlp/hub"}


@pytest.mark.parametrize(
    "said",
    [
        PEOPLE,
        HOOK,
        HOOK | {"url": "keyring:hub"},
        HOOK | {"url": "http://127.0.0.1:8080/cx"},
        PEOPLE | {"only_changes": True, "page_url": "https://reports.larkfield.example"},
    ],
)
def test_what_may_be_said(said: dict[str, Any]) -> None:
    assert Notify.model_validate(said).name in ("team", "hub")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (PEOPLE | {"url": "mailtos://me:password@mail.example.org"}, "because it holds passwords"),
        (PEOPLE | {"secret": "env:X"}, "are for kind webhook"),
        (HOOK | {"secret": None}, "needs `secret`"),
        (HOOK | {"secret": "whsec_abc"}, "secret"),
        (HOOK | {"url": "http://hub.larkfield.example/cx"}, "http is for this machine alone"),
        (HOOK | {"url": "https://[broken"}, "is an https address"),
        (PEOPLE | {"name": "The Team"}, "name"),
        (PEOPLE | {"kind": "pigeon"}, "kind"),
    ],
)
def test_what_may_not_be_said(said: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Notify.model_validate(said)


def test_two_receivers_of_one_name_are_refused() -> None:
    source = {"name": "post", "channel": "letter", "kind": "letters", "path": "letters"}
    with pytest.raises(ValidationError, match="used twice"):
        Settings.model_validate({"company": "A", "source": [source], "notify": [PEOPLE, PEOPLE]})


def test_an_address_that_is_kept_elsewhere_must_be_safe_too(company: Company) -> None:
    from cxnlp import notify

    company.hook("env:HUB_URL")
    company.patch.setenv("HUB_URL", "http://hub.larkfield.example/cx")
    (outcome,) = company.send()
    assert "allowed: https://…" in outcome.words
    company.patch.setenv("HUB_URL", "https://hub.larkfield.example/cx")
    ((_, prepare),) = notify.prepared(company.workspace)
    assert prepare() == "a webhook, signed with 1 key"
    company.patch.setenv("HOOK_SECRET", f"{SECRET} {SECRET}")
    ((_, prepare),) = notify.prepared(company.workspace)
    assert prepare() == "a webhook, signed with 2 keys"
