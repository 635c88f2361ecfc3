"""Bluesky and other servers of the AT protocol: posts that a search finds.

https://docs.bsky.app/docs/api/app-bsky-feed-search-posts
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from cxnlp.channels.items import Item, Unusable
from cxnlp.channels.live.service import Address, Listing, LiveSettings, Page, Visit, each, newest_first, when
from cxnlp.channels.posts import finished


class Bluesky(LiveSettings):
    """``user`` is a handle and the secret an app password; without them ``url`` must be a server that wants none."""

    url: Address = "https://bsky.social"
    searches: Annotated[tuple[str, ...], Field(min_length=1)]
    user: str | None = None

    @property
    def streams(self) -> tuple[str, ...]:
        """One a search."""
        return self.searches


def read_bluesky(visit: Visit[Bluesky]) -> Iterator[Page]:
    """Search for posts, the newest first."""
    home = visit.settings.url.rstrip("/") + "/xrpc/"
    if visit.settings.user and "Authorization" not in visit.web.headers:
        account = {"identifier": visit.settings.user, "password": visit.secret()}
        session = visit.web.post_json(home + "com.atproto.server.createSession", json=account)
        visit.web.headers["Authorization"] = f"Bearer {session['accessJwt']}"
    return newest_first(visit, _pages(visit, home + "app.bsky.feed.searchPosts"))


def _pages(visit: Visit[Bluesky], url: str) -> Iterator[Listing]:
    cursor = ""
    while True:
        query = {"q": visit.stream, "sort": "latest", "limit": "100"} | ({"cursor": cursor} if cursor else {})
        found, answer = visit.web.get_json(url, query)
        posts = found["posts"]
        items = each(posts, lambda post: _item(visit, post), lambda post: post["uri"])
        yield Listing([(item, _at(post)) for item, post in zip(items, posts, strict=True)], answer.said_at)
        before, cursor = cursor, found.get("cursor") or ""
        if not cursor or cursor == before:
            return


def _item(visit: Visit[Bluesky], post: dict[str, Any]) -> Item:
    """Return a post's item; the writer's own clock counts only where it is not ahead of the service's."""
    record, handle = post["record"], post["author"]["handle"]
    written, seen = when(record.get("createdAt")), when(post.get("indexedAt"))
    if not isinstance(record.get("text"), str):
        raise Unusable("Is a post without a text. A post needs words; nothing needs mending.")
    item = Item(
        text=record["text"],
        external_id=post["uri"],
        occurred_at=min(written, seen) if written and seen else seen or written,
        author=handle,
    )
    return finished(visit.source, item, handle)


def _at(post: Any) -> datetime | None:
    return when(post.get("indexedAt")) if isinstance(post, dict) else None
