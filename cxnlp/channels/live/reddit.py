"""Reddit: posts and comments of subreddits, and posts that a search finds.

https://www.reddit.com/dev/api
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from pydantic import model_validator

from cxnlp.channels.items import Item
from cxnlp.channels.live.service import Address, Listing, LiveSettings, Page, Visit, each, newest_first, when
from cxnlp.channels.posts import read_entry

_SEARCH: Final = "search/"


class Reddit(LiveSettings):
    """``client`` is the id of a script or web app, the secret its secret; Reddit gives listings of 1,000 at most."""

    url: Address = "https://oauth.reddit.com"
    login: Address = "https://www.reddit.com/api/v1/access_token"
    client: str
    user_agent: str  # Reddit refuses those that do not say who they are: "larkfield-cx/1.0 by u/LarkfieldHelp"
    subreddits: tuple[str, ...] = ()
    searches: tuple[str, ...] = ()
    comments: bool = True

    @property
    def streams(self) -> tuple[str, ...]:
        """Posts and comments of each subreddit, and each search."""
        names = [name.removeprefix("r/") for name in self.subreddits]
        kinds = ("new", "comments") if self.comments else ("new",)
        return (
            *(f"r/{name}/{kind}" for name in names for kind in kinds),
            *(_SEARCH + words for words in self.searches),
        )

    @model_validator(mode="after")
    def _something_to_read(self) -> "Reddit":
        if not self.streams:
            raise ValueError("reads nothing. Set `subreddits` or `searches`")
        return self


def read_reddit(visit: Visit[Reddit]) -> Iterator[Page]:
    """Walk a listing, the newest first.

    Reddit's ``before`` is of no use as a cursor: it gives an empty list once the post that it names is deleted.
    """
    visit.web.headers["User-Agent"] = visit.settings.user_agent
    if "Authorization" not in visit.web.headers:
        visit.web.allow(visit.settings.login)
        account = (visit.settings.client, visit.secret())
        token = visit.web.post_json(visit.settings.login, data={"grant_type": "client_credentials"}, auth=account)
        visit.web.headers["Authorization"] = f"Bearer {token['access_token']}"
    return newest_first(visit, _pages(visit))


def _pages(visit: Visit[Reddit]) -> Iterator[Listing]:
    home = visit.settings.url.rstrip("/")
    query = {"limit": "100"}
    url = f"{home}/{visit.stream}.json"
    if visit.stream.startswith(_SEARCH):
        url, query = f"{home}/search.json", query | {"q": visit.stream.removeprefix(_SEARCH), "sort": "new"}
    after = ""
    while True:
        found, answer = visit.web.get_json(url, query | ({"after": after} if after else {}))
        entries = found["data"]["children"]
        items = each(entries, lambda entry: _item(visit, entry), lambda entry: entry["data"]["name"])
        yield Listing([(item, _at(entry)) for item, entry in zip(items, entries, strict=True)], answer.said_at)
        before, after = after, found["data"].get("after") or ""
        if not after or after == before:
            return


def _item(visit: Visit[Reddit], entry: Any) -> Item:
    return read_entry(visit.source, entry)


def _at(entry: Any) -> datetime | None:
    data = entry.get("data") if isinstance(entry, dict) else None
    return when(data.get("created_utc")) if isinstance(data, dict) else None
