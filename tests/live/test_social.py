"""Bluesky, Reddit and the App Store, as their interfaces send things."""

import base64
import json
from typing import Any

import pytest

from tests.live.conftest import Nights, problems, texts
from tests.live.server import Asked, LocalService, Reply, page

# --- Bluesky ---------------------------------------------------------------------------------------------------------

SEARCH = "/xrpc/app.bsky.feed.searchPosts"


def bluesky_post(number: int, day: str, words: str, created: str | None = None) -> dict[str, Any]:
    return {
        "uri": f"at://did:plc:abcdefghijklmnop/app.bsky.feed.post/3kpost{number}",
        "cid": f"bafyrei{number}",
        "author": {"did": "did:plc:abcdefghijklmnop", "handle": "fern.bsky.example", "displayName": "Fern"},
        "record": {
            "$type": "app.bsky.feed.post",
            "createdAt": created or f"{day}T08:59:58.123Z",
            "langs": ["en"],
            "text": words,
        },
        "replyCount": 0,
        "indexedAt": f"{day}T09:00:00.000Z",
        "labels": [],
    }


class Search:
    """Posts newest first, two a page; the cursor is an offset, as the service's is."""

    def __init__(self, service: LocalService, posts: list[dict[str, Any]]) -> None:
        self.posts = posts
        service.paths[SEARCH] = self.answer

    def answer(self, asked: Asked) -> Reply:
        if asked.query["sort"] != "latest":
            return page({"error": "InvalidRequest"}, 400)
        start = int(asked.query.get("cursor", "0"))
        found = sorted(self.posts, key=lambda post: post["indexedAt"], reverse=True)
        answer: dict[str, Any] = {"posts": found[start : start + 2], "hitsTotal": len(found)}
        return page(answer | ({"cursor": str(start + 2)} if start + 2 < len(found) else {}))


def test_bluesky_signs_in_and_reads_what_is_new(service: LocalService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LARKFIELD_BLUESKY", "app-password")
    service.paths["/xrpc/com.atproto.server.createSession"] = lambda asked: (
        page({"accessJwt": "jwt-of-tonight", "refreshJwt": "x", "handle": "larkfield.example"})
        if json.loads(asked.body) == {"identifier": "larkfield.example", "password": "app-password"}
        else page({"error": "AuthenticationRequired"}, 401)
    )
    search = Search(service, [bluesky_post(n, f"2026-10-{n:02}", f"Sofa {n} wobbles") for n in range(1, 8)])
    nights = Nights({
        "service": "bluesky", "url": service.url, "searches": ["larkfield", "#larkfield"],
        "user": "larkfield.example", "secret": "LARKFIELD_BLUESKY",
    })  # fmt: skip
    rows = nights.read()
    assert len(rows) == 14
    assert len([asked for asked in service.asked if asked.method == "POST"]) == 1
    assert all(a.headers["authorization"] == "Bearer jwt-of-tonight" for a in service.asked if a.method == "GET")
    assert rows[0]["external_id"].endswith("/3kpost7")
    assert rows[0]["author"] == "fern.bsky.example"
    search.posts.append(bluesky_post(8, "2026-10-08", "And the eighth"))
    service.asked.clear()
    assert texts(nights.read())[0] == "And the eighth"
    assert len(service.queries(SEARCH)) == 6  # pages up to the overlap, and one more to know that it is passed


def test_bluesky_writers_choose_their_time_freely_but_not_in_the_future(service: LocalService) -> None:
    Search(
        service,
        [
            bluesky_post(1, "2026-10-01", "Ahead", created="2031-01-01T00:00:00Z"),
            bluesky_post(2, "2026-10-02", "Long ago", created="2026-09-01T00:00:00Z"),
            bluesky_post(3, "2026-10-03", "No time") | {"record": {"text": "No time"}},
        ],
    )
    rows = Nights({"service": "bluesky", "url": service.url, "searches": ["larkfield"]}).read()
    assert [row["occurred_at"].date().isoformat() for row in rows] == ["2026-10-03", "2026-09-01", "2026-10-01"]


# --- Reddit ----------------------------------------------------------------------------------------------------------

LOGIN = "/api/v1/access_token"
NEW = "/r/larkfield/new.json"


def reddit_thing(number: int, kind: str = "t3", **columns: Any) -> dict[str, Any]:
    words = (
        {"title": f"Delivery {number}", "selftext": "It was late &amp; wet."} if kind == "t3" else {"body": "Mine too."}
    )
    data = {"name": f"{kind}_a{number}", "id": f"a{number}", "subreddit": "larkfield", "author": "fixit-fern",
            "created_utc": 1_790_000_000.0 + 86_400 * number, "edited": False}  # fmt: skip
    return {"kind": kind, "data": data | words | columns}


def listing(*things: dict[str, Any], after: str | None = None, **headers: str) -> Reply:
    document = {"kind": "Listing", "data": {"after": after, "before": None, "dist": len(things), "children": things}}
    return page(document, **headers)


@pytest.fixture
def reddit(service: LocalService, monkeypatch: pytest.MonkeyPatch) -> Nights:
    monkeypatch.setenv("LARKFIELD_REDDIT", "client-secret")
    account = "Basic " + base64.b64encode(b"client-id:client-secret").decode()
    service.paths[LOGIN] = lambda asked: (
        page({"access_token": "tonight", "token_type": "bearer", "expires_in": 86_400})
        if asked.headers["authorization"] == account and asked.body == b"grant_type=client_credentials"
        else page({"error": 401}, 401)
    )
    return Nights({
        "service": "reddit", "url": service.url, "login": service.url + LOGIN, "client": "client-id",
        "secret": "LARKFIELD_REDDIT", "user_agent": "larkfield-cx/1.0", "subreddits": ["r/larkfield"],
    })  # fmt: skip


def test_reddit_reads_posts_and_comments(service: LocalService, reddit: Nights) -> None:
    service.paths[NEW] = lambda asked: (
        listing(reddit_thing(1)) if asked.query.get("after") == "t3_a2" else listing(reddit_thing(2), after="t3_a2")
    )
    service.paths["/r/larkfield/comments.json"] = lambda _: listing(reddit_thing(3, "t1"), {"kind": "more"})
    rows = reddit.read()
    assert texts(rows) == ["Delivery 2\n\nIt was late & wet.", "Delivery 1\n\nIt was late & wet.", "Mine too."]
    assert [row["external_id"] for row in rows[:3]] == ["t3_a2", "t3_a1", "t1_a3"]
    assert len(problems(rows)) == 1
    assert {asked.headers["user-agent"] for asked in service.asked} == {"larkfield-cx/1.0"}
    assert {asked.headers["authorization"] for asked in service.asked[1:]} == {"Bearer tonight"}


def test_reddit_waits_when_its_limit_is_used_up(service: LocalService, reddit: Nights) -> None:
    reddit.settings |= {"comments": False}
    limit = {"x_ratelimit_remaining": "0.0", "x_ratelimit_reset": "211", "x_ratelimit_used": "100"}
    service.paths[NEW] = lambda asked: (
        listing(reddit_thing(1)) if "after" in asked.query else listing(reddit_thing(2), after="t3_a2", **limit)
    )
    assert len(reddit.read()) == 2
    assert reddit.slept == [211]


def test_reddit_a_deleted_newest_post_hides_nothing(service: LocalService, reddit: Nights) -> None:
    """A listing ``before`` a post that is gone is empty for ever; so the walk is by time."""
    reddit.settings |= {"comments": False}
    things = [reddit_thing(3), reddit_thing(2), reddit_thing(1)]
    service.paths[NEW] = lambda asked: listing() if "before" in asked.query else listing(*things)
    assert len(reddit.read()) == 3
    things[:1] = [reddit_thing(5), reddit_thing(4)]
    assert [row["external_id"] for row in reddit.read()] == ["t3_a5", "t3_a4", "t3_a2", "t3_a1"]


def test_reddit_search(service: LocalService, reddit: Nights) -> None:
    reddit.settings |= {"subreddits": [], "searches": ["larkfield sofa"]}
    service.paths["/search.json"] = lambda _: listing(reddit_thing(1))
    assert len(reddit.read()) == 1
    (query,) = service.queries("/search.json")
    assert query == {"limit": "100", "q": "larkfield sofa", "sort": "new"}


def test_reddit_a_wrong_secret(service: LocalService, reddit: Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LARKFIELD_REDDIT", "of-last-year")
    ((file, problem),) = problems(reddit.read())
    assert file is None
    assert "refuses the secret (401)" in problem
    assert "of-last-year" not in problem


def test_reddit_a_private_subreddit_costs_itself(service: LocalService, reddit: Nights) -> None:
    reddit.settings |= {"comments": False, "subreddits": ["hidden", "larkfield"]}
    service.paths["/r/hidden/new.json"] = lambda _: page({"reason": "private", "error": 403}, 403)
    service.paths[NEW] = lambda _: listing(reddit_thing(1))
    rows = reddit.read()
    assert len(texts(rows)) == 1
    assert [file for file, _ in problems(rows)] == ["r/hidden/new"]


# --- App Store -------------------------------------------------------------------------------------------------------


def review(number: int, words: str = "Crashes at the till", rating: str = "1") -> dict[str, Any]:
    return {
        "author": {"uri": {"label": "https://itunes.example/reviews/id7"}, "name": {"label": "Fern"}, "label": ""},
        "updated": {"label": f"2026-10-{number:02}T09:00:00-07:00"},
        "im:rating": {"label": rating},
        "im:version": {"label": "5.3.2"},
        "id": {"label": str(11_946_000_000 + number)},
        "title": {"label": f"Review {number}"},
        "content": {"label": words, "attributes": {"type": "text"}},
        "im:voteSum": {"label": "0"},
    }


def reviews_path(country: str, number: int) -> str:
    return f"/{country}/rss/customerreviews/page={number}/id=123/sortby=mostrecent/json"


APP = {"im:name": {"label": "Larkfield"}, "id": {"label": "https://itunes.example/app/id123"}, "title": {"label": "L"}}


@pytest.fixture
def store(service: LocalService) -> Nights:
    for country in ("gb", "ie"):
        for number in range(1, 11):
            service.paths[reviews_path(country, number)] = lambda _: page({"feed": {"author": {}, "title": {}}})
    return Nights({"service": "appstore", "url": service.url, "app": 123, "countries": ["gb", "ie"]})


def test_appstore_reads_pages_until_they_are_empty(service: LocalService, store: Nights) -> None:
    service.paths[reviews_path("gb", 1)] = lambda _: page({"feed": {"entry": [APP, review(20), review(19)]}})
    service.paths[reviews_path("gb", 2)] = lambda _: page({"feed": {"entry": review(18)}})  # one only: no list
    service.paths[reviews_path("ie", 1)] = lambda _: page({"feed": {"entry": []}})
    rows = store.read()
    assert texts(rows) == [f"Review {number}\n\nCrashes at the till" for number in (20, 19, 18)]
    assert [row["file"] for row in rows] == ["gb"] * 3
    assert {row["rating"] for row in rows} == {1.0}
    service.asked.clear()
    service.paths[reviews_path("gb", 1)] = lambda _: page({"feed": {"entry": [review(21), review(20)]}})
    assert [row["external_id"] for row in store.read()] == ["11946000021", "11946000020", "11946000018"]


def test_appstore_stops_where_the_last_night_began(service: LocalService, store: Nights) -> None:
    for number in range(1, 11):
        service.paths[reviews_path("gb", number)] = lambda _, n=number: page({"feed": {"entry": [review(21 - n)]}})
    assert len(store.read()) == 10
    service.asked.clear()
    assert len(store.read()) == 3
    assert len([asked for asked in service.asked if asked.path.startswith("/gb/")]) == 4


def test_appstore_a_page_that_is_no_feed(service: LocalService, store: Nights) -> None:
    service.paths[reviews_path("gb", 1)] = lambda _: page(["no feed"])
    service.paths[reviews_path("ie", 1)] = lambda _: page({"feed": {"entry": [review(20)]}})
    rows = store.read()
    assert len(texts(rows)) == 1
    assert problems(rows)[0][0] == "gb"
    assert problems(rows)[0][1].startswith("Could not be read: TypeError. The service's answers are not built as")
