"""What docs/live.md shows works as it stands there."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from cxnlp.channels import live
from cxnlp.channels.live.service import Service
from cxnlp.settings import Source
from tests.live.conftest import Nights, problems, texts
from tests.live.server import Asked, LocalService, Reply, page
from tests.live.test_rest import Desk, ticket

PAGE = (Path(__file__).parents[2] / "docs" / "live.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


SOURCES: dict[str, dict[str, Any]] = {
    source["name"]: source for block in blocks("toml") for source in tomllib.loads(block)["source"]
}


@pytest.mark.parametrize("name", SOURCES)
def test_the_settings_are_allowed(name: str) -> None:
    assert live.settings_of(Source.model_validate(SOURCES[name])).secret


def test_the_table_names_every_service_and_its_keys() -> None:
    rows = dict(re.findall(r"^\| (\w+) \| .* \| (.*) \|$", PAGE, re.MULTILINE))
    del rows["service"]
    assert list(rows) == list(live.SERVICES)
    for name, keys in rows.items():
        known = live.SERVICES[name].settings.model_fields
        assert name == "rest" or {key for key in re.findall(r"`(\w+)`", keys) if key not in ("login", "xoauth2")} <= {
            *known
        }


def test_zendesk(service: LocalService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LARKFIELD_ZENDESK", "key")
    source = SOURCES["zendesk"]
    desk = Desk(service, "cursor", [ticket(number) for number in range(1, 10)])
    nights = Nights(source["live"] | {"url": service.url + "/api/tickets"}, {"channel": source["channel"]})
    assert texts(nights.read())[0] == "Ticket 1\n\n<p>The heater<br>smells.</p>"
    assert service.asked[0].query["start_time"] == "1788220800"
    desk.tickets.append(ticket(10))
    assert len(nights.read()) == 1


def test_intercom(service: LocalService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LARKFIELD_INTERCOM", "key")

    def conversation(number: int, by: str) -> dict[str, Any]:
        at = 1_790_000_000 + number
        author = {"type": by, "id": "7", "email": "fern@mail.example"}
        source = {"type": "conversation", "subject": "", "body": "<p>It smells.</p>", "author": author}
        return {"id": str(number), "created_at": at, "updated_at": at, "source": source}

    def answer(asked: Asked) -> Reply:
        is_second = asked.query.get("starting_after") == "two"
        found = [conversation(1, "admin") if is_second else conversation(2, "lead")]
        following = None if is_second else {"starting_after": "two", "per_page": 1}
        return page({"type": "conversation.list", "conversations": found, "pages": {"next": following}})

    service.paths["/conversations"] = answer
    source = SOURCES["intercom"]
    rows = Nights(source["live"] | {"url": service.url + "/conversations"}).read()
    assert [(row["text"], row["speakers"]) for row in rows] == [("It smells.", None), ("It smells.", ["agent"])]
    assert service.asked[0].query == {"per_page": "150", "sort": "updated_at", "order": "desc"}


def test_the_new_service_reads(service: LocalService, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = blocks("python")
    assert len(code.splitlines()) <= 35
    namespace: dict[str, Any] = {"__name__": "guestbook"}
    exec(code, namespace)
    added = Service(namespace["Guestbook"], namespace["read_guestbook"])
    monkeypatch.setitem(live.SERVICES, "guestbook", added)  # type: ignore[arg-type]
    monkeypatch.setenv("GUESTBOOK", "key")
    entries = [
        {"id": f"e{n}", "words": f"Lovely soup {n}", "at": f"2026-10-{n:02}", "guest": "Fern"} for n in range(9, 0, -1)
    ]
    entries[4] = {"id": "e5", "words": None}
    service.paths["/books/lobby"] = lambda asked: (
        page(entries[5:]) if "more" in asked.query else page(entries[:5], Link='</books/lobby?more=1>; rel="next"')
    )
    nights = Nights({"service": "guestbook", "url": service.url, "books": ["lobby", "garden"], "secret": "GUESTBOOK"})
    rows = nights.read()
    assert texts(rows) == [f"Lovely soup {n}" for n in (9, 8, 7, 6, 4, 3, 2, 1)]
    assert [file for file, _ in problems(rows)] == ["lobby#e5", "garden"]
    assert service.asked[0].headers["x-key"] == "key"
    service.asked.clear()
    assert len(texts(nights.read())) == 3
