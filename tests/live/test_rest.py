"""Ticket services described in cxnlp.toml: ways of paging, cursors that last, answers that surprise."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cxnlp.settings import SettingsError
from tests.live.conftest import Nights, problems, texts
from tests.live.server import NOW, Asked, LocalService, Reply, page

TICKETS = "/api/tickets"


def ticket(number: int, day: str | None = None, **columns: Any) -> dict[str, Any]:
    at = f"{day or f'2026-10-{number:02}'}T09:00:00Z"
    return {
        "id": number,
        "created_at": at,
        "updated_at": at,
        "subject": f"Ticket {number}",
        "description": "<p>The heater<br>smells.</p>",
        "requester": {"name": "Fern", "account": f"AC-{number}"},
        "messages": [{"from": "customer", "text": "Still smells."}, {"from": "agent", "text": "Sorry."}],
        "score": "2",
    } | columns


class Desk:
    """Tickets in the order of their last change, paged in any of the ways that services have."""

    def __init__(self, service: LocalService, paging: str, tickets: list[dict[str, Any]], size: int = 4) -> None:
        self.service, self.paging, self.tickets, self.size = service, paging, tickets, size
        self.unknown_cursor_status: int | None = None
        service.paths[TICKETS] = getattr(self, paging)

    def found(self, asked: Asked) -> list[dict[str, Any]]:
        since = asked.query.get("updated_after", "")
        return sorted((t for t in self.tickets if t["updated_at"] >= since), key=lambda t: (t["updated_at"], t["id"]))

    def page(self, asked: Asked) -> Reply:
        start = (int(asked.query["page"]) - 1) * self.size
        return page({"tickets": self.found(asked)[start : start + self.size]})

    def offset(self, asked: Asked) -> Reply:
        start = int(asked.query["start"])
        return page({"tickets": self.found(asked)[start : start + self.size]})

    def link(self, asked: Asked) -> Reply:
        start = int(asked.query.get("at", "0"))
        shown = self.found(asked)[start : start + self.size]
        if start + self.size >= len(self.found(asked)):
            return page({"tickets": shown})
        since = asked.query.get("updated_after", "")
        return page({"tickets": shown}, Link=f'<{TICKETS}?at={start + self.size}&updated_after={since}>; rel="next"')

    def next(self, asked: Asked) -> Reply:
        start = int(asked.query.get("at", "0"))
        shown = self.found(asked)[start : start + self.size]
        following = f"{self.service.url}{TICKETS}?at={start + self.size}" if len(shown) == self.size else None
        return page({"tickets": shown, "pages": {"next": following}})

    def cursor(self, asked: Asked) -> Reply:
        """As Zendesk's incremental export: the cursor behind the last page still works tomorrow."""
        cursor = asked.query.get("cursor", "c0")
        if self.unknown_cursor_status and "cursor" in asked.query and cursor != "c0":
            return page({"error": "InvalidCursor"}, self.unknown_cursor_status)
        found = self.found(asked) if "cursor" not in asked.query else self.found(Asked("GET", "", {}, {}, b""))
        start = int(cursor[1:])
        shown = found[start : start + self.size]
        end = start + len(shown) >= len(found)
        return page({"tickets": shown, "after_cursor": f"c{start + len(shown)}", "end_of_stream": end})


SETTINGS = {
    "service": "rest", "secret": "LARKFIELD_DESK", "entries": "tickets", "id": "id", "occurred_at": "created_at",
    "ordered_by": "updated_at", "text": ["subject", "description", "messages[?from=='customer'].text"],
    "author": "requester.name", "customer": "requester.account", "rating": "score", "is_html": True,
}  # fmt: skip


@pytest.fixture
def nights(service: LocalService, monkeypatch: pytest.MonkeyPatch) -> Nights:
    monkeypatch.setenv("LARKFIELD_DESK", "key-of-ours")
    return Nights(SETTINGS | {"url": service.url + TICKETS}, {"channel": "letter"})


def many(n: int) -> list[dict[str, Any]]:
    return [ticket(number) for number in range(1, n + 1)]


WAYS: dict[str, dict[str, Any]] = {
    "page": {"paging": "page"},
    "offset": {"paging": "offset", "parameter": "start"},
    "link": {"paging": "link"},
    "next": {"paging": "next", "next": "pages.next"},
    "cursor": {"paging": "cursor", "next": "after_cursor", "more": "!end_of_stream"},
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("n", [0, 3, 4, 10])
def test_every_way_of_paging_reads_all_once(service: LocalService, nights: Nights, way: str, n: int) -> None:
    Desk(service, way, many(n))
    nights.settings |= WAYS[way]
    rows = nights.read()
    assert [row["external_id"] for row in rows] == [str(number) for number in range(1, n + 1)]
    assert {asked.headers["authorization"] for asked in service.asked} == {"Bearer key-of-ours"}


def test_an_entry_becomes_an_item(service: LocalService, nights: Nights) -> None:
    Desk(service, "page", many(1))
    nights.settings |= WAYS["page"]
    (row,) = nights.read()
    assert row["text"] == "Ticket 1\n\nThe heater\nsmells.\n\nStill smells."
    assert (row["author"], row["customer"], row["rating"]) == ("Fern", "AC-1", 2.0)
    assert row["occurred_at"].isoformat() == "2026-10-01T09:00:00+00:00"


@pytest.mark.parametrize("way", ["page", "offset", "link"])
def test_the_next_night_asks_from_the_last_change_on(service: LocalService, nights: Nights, way: str) -> None:
    desk = Desk(service, way, many(10))
    nights.settings |= WAYS[way] | {"since_parameter": "updated_after"}
    assert len(nights.read()) == 10
    assert "updated_after" not in service.asked[0].query
    service.asked.clear()
    desk.tickets[2] = ticket(3, updated_at="2026-10-12T09:00:00Z", description="And now it smokes.")
    rows = nights.read()
    assert service.asked[0].query["updated_after"] == "2026-10-08T09:00:00Z"
    assert [row["external_id"] for row in rows] == ["8", "9", "10", "3"]
    assert "And now it smokes." in rows[-1]["text"]


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        ("iso", "2026-10-08T09:00:00Z"),
        ("date", "2026-10-08"),
        ("unix", str(int(datetime(2026, 10, 8, 9, tzinfo=UTC).timestamp()))),
        ("unix_ms", f"{int(datetime(2026, 10, 8, 9, tzinfo=UTC).timestamp())}000"),
    ],
)
def test_times_are_spelled_as_the_service_wants(
    service: LocalService, nights: Nights, spelling: str, expected: str
) -> None:
    service.paths[TICKETS] = lambda _: page({"tickets": many(10)})
    nights.settings |= {"since_parameter": "start_time", "since_format": spelling}
    nights.read()
    nights.read()
    assert service.asked[1].query["start_time"] == expected


def test_the_first_night_asks_from_since_on(service: LocalService, nights: Nights) -> None:
    Desk(service, "page", many(10))
    nights.settings |= WAYS["page"] | {"since_parameter": "updated_after", "since": "2026-10-09"}
    assert [row["external_id"] for row in nights.read()] == ["9", "10"]


def lasting(nights: Nights) -> None:
    nights.settings |= WAYS["cursor"]
    nights.settings |= {"keeps_cursor": True, "order": "oldest_first", "since_parameter": "updated_after"}


def test_a_cursor_that_lasts_is_gone_on_from(service: LocalService, nights: Nights) -> None:
    desk = Desk(service, "cursor", many(10))
    lasting(nights)
    nights.read()
    service.asked.clear()
    assert nights.read() == []
    assert [asked.query["cursor"] for asked in service.asked] == ["c10"]
    desk.tickets.append(ticket(11))
    assert texts(nights.read())[0].startswith("Ticket 11")


@pytest.mark.parametrize("status", [400, 404, 410, 422])
def test_a_cursor_that_the_service_has_lost_is_replaced_by_its_time(
    service: LocalService, nights: Nights, status: int
) -> None:
    desk = Desk(service, "cursor", many(10), size=20)
    lasting(nights)
    nights.read()
    desk.unknown_cursor_status = status
    desk.tickets.append(ticket(11))
    service.asked.clear()
    assert [row["external_id"] for row in nights.read()] == ["8", "9", "10", "11"]
    assert [dict(asked.query) for asked in service.asked] == [
        {"cursor": "c10"},
        {"updated_after": "2026-10-08T09:00:00Z"},
    ]


def test_a_refusal_that_is_not_about_the_cursor_is_said(service: LocalService, nights: Nights) -> None:
    service.paths[TICKETS] = lambda _: page({}, 400)
    lasting(nights)
    ((file, problem),) = problems(nights.read())
    assert (file, "answered 400" in problem) == ("all", True)


def test_oldest_first_keeps_what_it_has_when_it_breaks_off(service: LocalService, nights: Nights) -> None:
    desk = Desk(service, "cursor", many(10))
    lasting(nights)
    service.paths[TICKETS] = lambda asked: page({}, 500) if asked.query.get("cursor") == "c8" else desk.cursor(asked)
    assert len(texts(nights.read())) == 8
    service.paths[TICKETS] = desk.cursor
    assert [row["external_id"] for row in nights.read()] == ["9", "10"]


def test_any_order_goes_nowhere_until_all_is_read(service: LocalService, nights: Nights) -> None:
    desk = Desk(service, "page", many(10))
    nights.settings |= WAYS["page"] | {"since_parameter": "updated_after"}
    service.paths[TICKETS] = lambda asked: page({}, 500) if asked.query["page"] == "3" else desk.page(asked)
    assert len(texts(nights.read())) == 8
    service.paths[TICKETS] = desk.page
    assert len(nights.read()) == 10


def test_newest_first_stops_where_the_last_night_began(service: LocalService, nights: Nights) -> None:
    found = many(20)[::-1]
    service.paths[TICKETS] = lambda asked: page(
        {"tickets": found[(n := int(asked.query["page"]) - 1) * 4 :][:4]} | {"n": n}
    )
    nights.settings |= WAYS["page"] | {"order": "newest_first"}
    assert len(nights.read()) == 20
    service.asked.clear()
    found.insert(0, ticket(21))
    assert [row["external_id"] for row in nights.read()] == ["21", "20", "19", "18"]
    assert len(service.asked) == 2


def test_a_ticket_dated_far_ahead_hides_nothing(service: LocalService, nights: Nights) -> None:
    desk = Desk(service, "page", [*many(3), ticket(99, "2098-01-01")])
    nights.settings |= WAYS["page"] | {"since_parameter": "updated_after"}
    nights.read()
    service.asked.clear()
    desk.tickets.append(ticket(4, (NOW - timedelta(days=1)).date().isoformat()))
    assert {"4", "99"} <= {row["external_id"] for row in nights.read()}
    assert service.asked[0].query["updated_after"] == "2026-10-31T02:00:00Z"  # the service's own time, less two days


def test_a_service_that_always_has_another_page_is_left(service: LocalService, nights: Nights) -> None:
    service.paths[TICKETS] = lambda asked: page({"tickets": many(1)})
    nights.settings |= WAYS["page"] | {"most_pages": 5}
    rows = nights.read()
    assert len(service.asked) <= 6
    ((file, problem),) = problems(rows)
    assert (file, problem.startswith("Has more than 5 pages that are new.")) == ("all", True)


def test_a_service_that_repeats_its_cursor_is_at_its_end(service: LocalService, nights: Nights) -> None:
    service.paths[TICKETS] = lambda asked: page({"tickets": many(2), "after_cursor": "same"})
    nights.settings |= {"paging": "cursor", "next": "after_cursor"}
    assert len(nights.read()) == 4
    assert len(service.asked) == 2


def test_the_next_page_lies_on_no_other_host(service: LocalService, nights: Nights) -> None:
    service.paths[TICKETS] = lambda _: page({"tickets": many(1), "pages": {"next": "https://collector.example/t"}})
    nights.settings |= WAYS["next"]
    rows = nights.read()
    assert len(texts(rows)) == 1
    assert "leads to another host, collector.example." in problems(rows)[0][1]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"id": None}, "Has nothing at 'id', where `id` says that its id is."),
        ({"created_at": "yesterday"}, "Has no date that can be read."),
        ({"subject": None, "description": None, "messages": []}, "Has no words."),
        ({"description": "<b>" * 4_000}, "Is HTML with more than"),
    ],
)
def test_a_strange_ticket_costs_itself(service: LocalService, nights: Nights, entry: dict[str, Any], said: str) -> None:
    service.paths[TICKETS] = lambda _: page({"tickets": [ticket(1), ticket(2) | entry, "no ticket", ticket(3)]})
    rows = nights.read()
    assert [row["external_id"] for row in rows if row["problem"] is None] == ["1", "3"]
    assert said in problems(rows)[0][1]
    assert len(problems(rows)) == 2


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"items": []}, "The answer has nothing at 'tickets', where `entries` says that the list is. It has: items."),
        ({"tickets": {"1": {}}}, "The answer has no list at 'tickets'"),
        ([1, 2], "The answer has no list at 'tickets'"),
        ("words", "The answer has no list at 'tickets'"),
    ],
)
def test_an_answer_of_another_shape_is_said(service: LocalService, nights: Nights, answer: Any, said: str) -> None:
    service.paths[TICKETS] = lambda _: page(answer)
    ((file, problem),) = problems(nights.read())
    assert file == "all"
    assert said in problem


def test_the_companys_own_words_are_marked(service: LocalService, nights: Nights) -> None:
    service.paths[TICKETS] = lambda _: page({"tickets": [ticket(1, by="agent"), ticket(2, by="customer")]})
    nights.settings |= {"is_ours": "by=='agent'"}
    assert [row["speakers"] for row in nights.read()] == [["agent"], None]


def test_ids_that_name_somebody_do_not_reach_the_quarantine(service: LocalService, nights: Nights) -> None:
    service.paths[TICKETS] = lambda _: page({"tickets": [ticket(1, id="fern@example.org", created_at=None)]})
    ((file, _),) = problems(nights.read())
    assert file is not None
    assert "fern" not in file


def test_basic_and_other_headers(service: LocalService, nights: Nights) -> None:
    service.paths[TICKETS] = lambda _: page({"tickets": []})
    nights.settings |= {"user": "fern@larkfield.example/token"}
    nights.read()
    assert service.asked[-1].headers["authorization"].startswith("Basic ")
    del nights.settings["user"]
    nights.settings |= {"header": "X-Api-Key", "header_value": "{secret}"}
    nights.read()
    assert service.asked[-1].headers["x-api-key"] == "key-of-ours"
    assert "authorization" not in service.asked[-1].headers


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": ["subject["]}, "is no JMESPath expression"),
        ({"paging": "cursor"}, "needs `next`"),
        ({"keeps_cursor": True}, "`keeps_cursor` is for"),
        ({"header_value": "Bearer"}, "has no {secret} in it"),
        ({"text": []}, "`text`"),
        ({"url": "ftp://desk.example"}, "is no https address"),
    ],
)
def test_wrong_settings_are_said(nights: Nights, wrong: dict[str, Any], said: str) -> None:
    nights.settings |= wrong
    with pytest.raises(SettingsError, match=r"\[source\.live\]") as caught:
        nights.read()
    assert said in str(caught.value)
