"""Mastodon and what speaks its API: public posts with a hashtag, and posts that mention the account.

https://docs.joinmastodon.org/methods/timelines/#tag, https://docs.joinmastodon.org/methods/notifications/
"""

from collections.abc import Iterator
from typing import Any, Final

from pydantic import model_validator

from cxnlp.channels.items import Item
from cxnlp.channels.live.service import Address, Listing, LiveSettings, Page, Visit, each, newest_first, when
from cxnlp.channels.posts import read_entry

_MENTIONS: Final = "mentions"
_TAG: Final = "tag/"


class Mastodon(LiveSettings):
    """``tags`` without #; ``mentions`` needs a secret: an access token with read:notifications."""

    url: Address
    tags: tuple[str, ...] = ()
    mentions: bool = False

    @property
    def streams(self) -> tuple[str, ...]:
        """One a tag, and the mentions."""
        return (*(_TAG + tag.removeprefix("#") for tag in self.tags), *([_MENTIONS] if self.mentions else ()))

    @model_validator(mode="after")
    def _something_to_read(self) -> "Mastodon":
        if not self.streams:
            raise ValueError("reads nothing. Set `tags`, or `mentions = true`")
        return self


def read_mastodon(visit: Visit[Mastodon]) -> Iterator[Page]:
    """Read a hashtag's timeline or the notifications, the newest first."""
    if visit.settings.secret:
        visit.web.headers["Authorization"] = f"Bearer {visit.secret()}"
    return newest_first(visit, _pages(visit))


def _pages(visit: Visit[Mastodon]) -> Iterator[Listing]:
    home = visit.settings.url.rstrip("/")
    query: list[tuple[str, str]] | None = [("limit", "40")]
    url: str | None = f"{home}/api/v1/timelines/{visit.stream}"
    if visit.stream == _MENTIONS:
        url, query = f"{home}/api/v1/notifications", [("limit", "40"), ("types[]", "mention")]
    while url:
        entries, answer = visit.web.get_json(url, query)
        posts = [_post(entry) for entry in entries]
        items = each(posts, lambda post: _item(visit, post), lambda post: post["id"])
        yield Listing([(item, _at(post)) for item, post in zip(items, posts, strict=True)], answer.said_at)
        url, query = answer.next_url, None


def _post(entry: Any) -> Any:
    """A notification holds the post in ``status``."""
    return entry.get("status") if isinstance(entry, dict) and "status" in entry else entry


def _item(visit: Visit[Mastodon], post: Any) -> Item:
    return read_entry(visit.source, post)


def _at(post: Any) -> Any:
    return when(post.get("created_at")) if isinstance(post, dict) else None
