"""Apple's App Store: the newest customer reviews of an app, by country (at most 500 each).

https://itunes.apple.com/gb/rss/customerreviews/page=1/id=…/sortby=mostrecent/json
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import Field

from cxnlp.channels.items import Item
from cxnlp.channels.live.service import Address, Listing, LiveSettings, Page, Visit, each, newest_first, when
from cxnlp.channels.posts import read_entry

_PAGES: Final = 10  # the service refuses more

Country = Annotated[str, Field(pattern="^[a-z]{2}$")]


class AppStore(LiveSettings):
    """``app`` is the number in the app's store address; ``countries`` such as gb, ie."""

    url: Address = "https://itunes.apple.com"
    app: Annotated[int, Field(gt=0)]
    countries: Annotated[tuple[Country, ...], Field(min_length=1)]

    @property
    def streams(self) -> tuple[str, ...]:
        """One a country."""
        return self.countries


def read_appstore(visit: Visit[AppStore]) -> Iterator[Page]:
    """Read a country's reviews, the newest first."""
    return newest_first(visit, _pages(visit))


def _pages(visit: Visit[AppStore]) -> Iterator[Listing]:
    settings = visit.settings
    for number in range(1, _PAGES + 1):
        path = f"/{visit.stream}/rss/customerreviews/page={number}/id={settings.app}/sortby=mostrecent/json"
        found, answer = visit.web.get_json(settings.url.rstrip("/") + path)
        reviews = _reviews(found)
        if not reviews:
            return
        items = each(reviews, lambda review: _item(visit, review), lambda review: review["id"]["label"])
        yield Listing([(item, _at(review)) for item, review in zip(items, reviews, strict=True)], answer.said_at)


def _reviews(document: Any) -> list[Any]:
    """The reviews of a page: a list, one object where there is only one, or nothing; some hold the app, too."""
    entry = document["feed"].get("entry") or []
    entries = entry if isinstance(entry, list) else [entry]
    return [
        found for found in entries if not (isinstance(found, dict) and "im:name" in found and "im:rating" not in found)
    ]


def _item(visit: Visit[AppStore], review: Any) -> Item:
    return read_entry(visit.source, review)


def _at(review: Any) -> datetime | None:
    updated = review.get("updated") if isinstance(review, dict) else None
    return when(updated.get("label")) if isinstance(updated, dict) else None
