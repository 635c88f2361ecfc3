"""Mastodon's tag timeline and mentions, as its API sends them."""

from typing import Any

import pytest

from cxnlp.settings import SettingsError
from tests.live.conftest import Nights, problems, texts
from tests.live.server import NOW, Asked, LocalService, Reply, page

TIMELINE = "/api/v1/timelines/tag/larkfield"


def status(number: int, day: str, words: str, **columns: Any) -> dict[str, Any]:
    return {
        "id": str(number),
        "created_at": f"{day}T09:00:00.000Z",
        "in_reply_to_id": None,
        "spoiler_text": "",
        "visibility": "public",
        "language": "en",
        "uri": f"https://mastodon.example/users/fern/statuses/{number}",
        "edited_at": None,
        "reblog": None,
        "content": f"<p>{words}</p>",
        "account": {"id": "7", "username": "fern", "acct": "fern@mastodon.example", "display_name": "Fern"},
    } | columns


POSTS = [status(number, f"2026-10-{number:02}", f"Parcel number {number} came late") for number in range(1, 31)]


class Timeline:
    """A tag's posts, newest first, ``size`` a page, the next page in the Link header as Mastodon sends it."""

    def __init__(self, service: LocalService, posts: list[dict[str, Any]], size: int = 5) -> None:
        self.service, self.posts, self.size = service, list(posts), size
        service.paths[TIMELINE] = self.answer

    def answer(self, asked: Asked) -> Reply:
        below = int(asked.query.get("max_id", 10**18))
        found = [post for post in sorted(self.posts, key=lambda post: -int(post["id"])) if int(post["id"]) < below]
        shown = found[: self.size]
        if len(found) <= self.size:
            return page(shown)
        following = f"{self.service.url}{TIMELINE}?limit=40&max_id={shown[-1]['id']}"
        newer = f"{self.service.url}{TIMELINE}?limit=40&min_id={shown[0]['id']}"
        return page(shown, Link=f'<{following}>; rel="next", <{newer}>; rel="prev"')


@pytest.fixture
def timeline(service: LocalService) -> Timeline:
    return Timeline(service, POSTS)


@pytest.fixture
def nights(service: LocalService) -> Nights:
    return Nights({"service": "mastodon", "url": service.url, "tags": ["#larkfield"]})


def test_everything_comes_on_the_first_night(timeline: Timeline, nights: Nights) -> None:
    rows = nights.read()
    assert sorted(row["external_id"] for row in rows) == sorted(post["id"] for post in POSTS)
    (first,) = [row for row in rows if row["external_id"] == "3"]
    assert first["text"] == "Parcel number 3 came late"
    assert first["author"] == "fern@mastodon.example"
    assert first["occurred_at"] == first["received_at"]
    assert first["occurred_at"].isoformat() == "2026-10-03T09:00:00+00:00"
    assert (first["source"], first["channel"], first["file"]) == ("live", "social", "tag/larkfield")


def test_the_next_night_reads_what_is_new_and_the_last_days_again(
    timeline: Timeline, nights: Nights, service: LocalService
) -> None:
    nights.read()
    service.asked.clear()
    timeline.posts.append(status(31, "2026-10-31", "Now it is here"))
    timeline.posts[29] = status(30, "2026-10-30", "Parcel 30 came late, and wet", edited_at="2026-10-31T10:00:00.000Z")
    rows = nights.read()
    assert texts(rows)[:2] == ["Now it is here", "Parcel 30 came late, and wet"]
    assert min(row["occurred_at"] for row in rows).day == 28
    assert len(service.asked) == 2  # the second page is older than the overlap


def test_a_night_that_was_killed_is_read_again(timeline: Timeline, nights: Nights) -> None:
    first = nights.read(is_stored=False)
    assert nights.read() == first


def test_a_walk_that_breaks_off_is_begun_again_on_the_next_night(
    timeline: Timeline, nights: Nights, service: LocalService
) -> None:
    service.paths[TIMELINE] = lambda asked: (
        page({}, 500) if asked.query.get("max_id") == "21" else timeline.answer(asked)
    )
    rows = nights.read()
    assert len(texts(rows)) == 10
    ((file, problem),) = problems(rows)
    assert file is None
    assert "127.0.0.1 answers 500, 5 times in a row" in problem
    timeline.posts.append(status(31, "2026-10-31", "Now it is here"))
    service.paths[TIMELINE] = timeline.answer
    assert len(texts(nights.read())) == 31  # nothing is skipped, though newer posts are stored


def test_a_post_dated_far_ahead_hides_nothing(timeline: Timeline, nights: Nights) -> None:
    timeline.posts.append(status(99, "2098-01-01", "Written by a wrong clock"))
    nights.read()
    timeline.posts.append(status(31, "2026-10-31", "Now it is here"))
    timeline.posts.append(status(32, "2026-10-31", "And a second one"))
    assert {"Now it is here", "And a second one"} <= set(texts(nights.read()))


def test_a_wrong_clock_of_the_service_costs_reading_not_posts(
    timeline: Timeline, nights: Nights, service: LocalService
) -> None:
    service.now = NOW.replace(year=2019)
    nights.read()
    service.now = None
    timeline.posts.append(status(31, "2026-10-31", "Now it is here"))
    assert "Now it is here" in texts(nights.read())


def test_a_lost_ledger_means_reading_again(timeline: Timeline, nights: Nights) -> None:
    first = nights.read()
    nights.ledger = nights.ledger.clear()
    assert nights.read() == first


def test_what_is_older_than_since_is_not_wanted(timeline: Timeline, nights: Nights, service: LocalService) -> None:
    nights.settings["since"] = "2026-10-24"
    assert min(row["occurred_at"] for row in nights.read()).day == 24
    assert len(service.asked) == 3


def test_other_settings_begin_anew_and_other_manners_do_not(
    timeline: Timeline, nights: Nights, service: LocalService
) -> None:
    nights.read()
    nights.settings |= {"wait_seconds": 5, "most_pages": 50}
    assert len(nights.read()) == 3
    nights.of_source["ours"] = ["fern@mastodon.example"]
    rows = nights.read()
    assert len(rows) == 30
    assert {tuple(row["speakers"]) for row in rows} == {("agent",)}


def test_mentions_need_the_token(service: LocalService, monkeypatch: pytest.MonkeyPatch) -> None:
    nights = Nights({"service": "mastodon", "url": service.url, "mentions": True, "secret": "LARKFIELD_MASTODON"})
    ((file, problem),) = problems(nights.read())
    assert file is None
    assert problem.startswith("The secret LARKFIELD_MASTODON is not to be had. Set the environment variable")
    assert service.asked == []
    monkeypatch.setenv("LARKFIELD_MASTODON", "token-of-ours")
    notification = {"id": "1", "type": "mention", "created_at": "2026-10-31T10:00:00Z", "account": {"acct": "fern"}}
    service.paths["/api/v1/notifications"] = lambda _: page([notification | {"status": POSTS[4]}])
    assert texts(nights.read()) == ["Parcel number 5 came late"]
    (asked,) = service.asked
    assert asked.headers["authorization"] == "Bearer token-of-ours"
    assert asked.query["types[]"] == "mention"


def test_a_token_that_is_refused_names_the_secret_not_its_value(
    service: LocalService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LARKFIELD_MASTODON", "token-of-ours")
    nights = Nights({"service": "mastodon", "url": service.url, "mentions": True, "secret": "LARKFIELD_MASTODON"})
    service.paths["/api/v1/notifications"] = lambda _: page({"error": "The access token is invalid"}, 401)
    ((_, problem),) = problems(nights.read())
    assert "refuses the secret (401)" in problem
    assert "token-of-ours" not in problem
    assert nights.slept == []


def test_a_tag_that_is_not_there_costs_that_tag_only(timeline: Timeline, nights: Nights) -> None:
    nights.settings["tags"] = ["nowhere", "larkfield"]
    rows = nights.read()
    assert len(texts(rows)) == 30
    ((file, problem),) = problems(rows)
    assert file == "tag/nowhere"
    assert problem.startswith("The service answered 404 for 127.0.0.1/api/v1/timelines/tag/nowhere.")


def test_a_strange_post_costs_itself_and_leaves_the_quarantine_once_it_can_be_read(
    timeline: Timeline, nights: Nights
) -> None:
    timeline.posts[29] = status(30, "2026-10-30", "x") | {"account": None}
    timeline.posts[28] = status(29, "2026-10-29", "It") | {"content": 7}
    rows = nights.read()
    assert len(texts(rows)) == 28
    assert {file for file, _ in problems(rows)} == {"tag/larkfield#30", "tag/larkfield#29"}
    assert set(nights.ledger["file"]) == {"tag/larkfield", "tag/larkfield#30", "tag/larkfield#29"}
    timeline.posts[29] = POSTS[29]
    assert "Parcel number 30 came late" in texts(nights.read())
    mended = dict(nights.ledger.select("file", "modified_ns").iter_rows())
    assert mended == {"tag/larkfield": 0, "tag/larkfield#30": 0, "tag/larkfield#29": -1}


def test_batches_are_small_and_the_cursor_comes_last(timeline: Timeline, nights: Nights) -> None:
    from cxnlp.channels import live

    batches = list(live.read(nights.source(), nights.ledger, 12))
    assert [batch.items.height for batch in batches] == [12, 12, 6]
    assert [batch.files.height for batch in batches] == [0, 0, 1]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"service": "mastodont"}, "no service that is known. Allowed as `service`: mastodon, bluesky"),
        ({"tags": []}, "reads nothing"),
        ({"tag": ["x"]}, "`tag`: Extra inputs are not permitted"),
        ({"url": "http://mastodon.example"}, "is no https address"),
        ({"url": "https://me:pass@mastodon.example"}, "holds a user or password"),
        ({"secret": "abc-123-token"}, "is no name of an environment variable"),
    ],
)
def test_wrong_settings_are_said(nights: Nights, wrong: dict[str, Any], said: str) -> None:
    nights.settings |= wrong
    with pytest.raises(SettingsError) as caught:
        nights.read()
    assert said in str(caught.value)
    assert "abc-123-token" not in str(caught.value)
    assert "pass" not in str(caught.value).replace("password", "")
