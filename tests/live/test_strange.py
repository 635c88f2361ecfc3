"""One strange entry costs itself: every service, every value of an entry replaced by what nobody expects."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.live.conftest import Nights, problems
from tests.live.server import LocalService, Reply, page
from tests.live.test_mastodon import status
from tests.live.test_rest import SETTINGS, ticket
from tests.live.test_social import bluesky_post, listing, reddit_thing, review, reviews_path

STRANGE: list[Any] = [None, 7, -1e300, True, "", "\ud800", "\x00" * 9, [], [[]], {}, {"a": {}}, "9" * 400]

Services = tuple[dict[str, Any], str, Callable[[list[Any]], Reply], list[Any]]


def mastodon(url: str) -> Services:
    entries = [status(n, f"2026-10-{n:02}", f"Parcel {n}") for n in (3, 2, 1)]
    return {"service": "mastodon", "url": url, "tags": ["a"]}, "/api/v1/timelines/tag/a", page, entries


def bluesky(url: str) -> Services:
    entries = [bluesky_post(n, f"2026-10-{n:02}", f"Parcel {n}") for n in (3, 2, 1)]
    settings = {"service": "bluesky", "url": url, "searches": ["a"]}
    return settings, "/xrpc/app.bsky.feed.searchPosts", lambda found: page({"posts": found}), entries


def reddit(url: str) -> Services:
    settings = {"service": "reddit", "url": url, "login": f"{url}/login", "client": "c", "secret": "KEY",
                "user_agent": "us/1", "searches": ["a"]}  # fmt: skip
    return settings, "/search.json", lambda found: listing(*found), [reddit_thing(n) for n in (3, 2, 1)]


def appstore(url: str) -> Services:
    settings = {"service": "appstore", "url": url, "app": 123, "countries": ["gb"]}
    entries = [review(n) for n in (3, 2, 1)]
    return settings, reviews_path("gb", 1), lambda found: page({"feed": {"entry": found}}), entries


def rest(url: str) -> Services:
    return SETTINGS | {"url": url + "/t", "secret": "KEY"}, "/t", lambda found: page({"tickets": found}), [
        ticket(n) for n in (3, 2, 1)
    ]  # fmt: skip


def changed(entry: Any) -> Iterator[Any]:
    """The entry with each of its values, at any depth, replaced by strange ones, or gone; and strange ones alone."""
    yield from STRANGE
    for place in places(entry):
        for value in STRANGE:
            new = copy.deepcopy(entry)
            inner = new
            for key in place[:-1]:
                inner = inner[key]
            inner[place[-1]] = value
            yield new


def places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield (*above, key)
        yield from places(each, (*above, key))


@pytest.mark.parametrize("made", [mastodon, bluesky, reddit, appstore, rest])
def test_the_others_are_read(
    service: LocalService, monkeypatch: pytest.MonkeyPatch, made: Callable[[str], Services]
) -> None:
    monkeypatch.setenv("KEY", "key")
    settings, path, answer, entries = made(service.url)
    service.paths["/login"] = lambda _: page({"access_token": "x"})
    if made is appstore:
        service.paths[reviews_path("gb", 2)] = lambda _: page({"feed": {}})
    variants = list(changed(entries[1]))
    assert len(variants) > 100
    service.paths[path] = lambda _: answer([entries[0], *variants, entries[2]])
    first, *strange, last = Nights(settings).read()
    assert (first["problem"], last["problem"]) == (None, None)
    assert len(strange) == len(variants)
    assert len(problems(strange)) > 20
    assert all(isinstance(row["text"], str) for row in strange if row["problem"] is None)
