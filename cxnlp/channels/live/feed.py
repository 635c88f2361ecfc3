"""RSS and Atom: reviews and blog posts that a site gives as a feed. A feed that has not changed is not sent again."""

import calendar
import hashlib
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import feedparser

from cxnlp.channels.items import Item, Unusable
from cxnlp.channels.live.failures import HalfSent
from cxnlp.channels.live.service import Address, LiveSettings, Page, Visit, each, when
from cxnlp.channels.live.web import Answer
from cxnlp.channels.markup import html_text
from cxnlp.channels.posts import finished

_END: Final = re.compile(rb"</\s*(?:\w+:)?(?:rss|feed|rdf)\s*>\s*(?:<!--.*-->\s*)?$", re.IGNORECASE | re.DOTALL)
#: What a service says of a version, and how it is asked whether there is a newer one.
_VERSION: Final = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}


class Feed(LiveSettings):
    """``user`` for feeds that want one, with the secret as its password."""

    url: Address
    user: str | None = None


def read_feed(visit: Visit[Feed]) -> Iterator[Page]:
    """Read a feed when it has changed; the cursor is the version that was read."""
    settings = visit.settings
    if settings.user:
        visit.web.sign_in(settings.user, visit.secret())
    version: dict[str, str] = json.loads(visit.cursor) if visit.cursor else {}
    asked = {_VERSION[name]: value for name, value in version.items() if name in _VERSION}
    answer = visit.web.get(settings.url, headers=asked, check=_whole)
    if answer.status == 304:
        yield Page(cursor=visit.cursor)
        return
    feed = feedparser.parse(io.BytesIO(answer.body), response_headers={"content-type": _kind(answer)})
    if not feed.version and not feed.entries:
        raise Unusable("Is no RSS or Atom feed. Set `url` to the feed itself, not to the page that names it.")
    of_feed = _time(feed.feed) or when(answer.headers.get("last-modified", ""))
    items = each(feed.entries, lambda entry: _item(visit, entry, of_feed), _id)
    known = {name: answer.headers[name] for name in _VERSION if name in answer.headers}
    yield Page([item for item in items if _is_wanted(visit, item)], cursor=json.dumps(known))


def _whole(answer: Answer) -> None:
    """A feed whose end is missing was cut off on the way; feedparser would read half of it without a word."""
    if re.search(rb"<\s*(?:\w+:)?(?:rss|feed|rdf)\b", answer.body[:4096], re.IGNORECASE) and not _END.search(
        answer.body[-4096:]
    ):
        raise HalfSent("a feed without its end")


def _kind(answer: Answer) -> str:
    """The content type with its character set; text/plain and the like do not make a feed none."""
    given = answer.headers.get("content-type", "")
    return given if "xml" in given else "application/xml"


def _item(visit: Visit[Feed], entry: Any, of_feed: datetime | None) -> Item:
    parts = entry.get("content") or ([entry["summary_detail"]] if "summary_detail" in entry else [])
    body = "\n\n".join(_words(part) for part in parts)
    title = _words(entry.get("title_detail") or {})
    text = body if title and body.startswith(title) else f"{title}\n\n{body}".strip()
    author = entry.get("author") or None
    item = Item(text=text, external_id=_id(entry), occurred_at=_time(entry) or of_feed, author=author)
    return finished(visit.source, item, author)


def _words(part: Any) -> str:
    value = part.get("value") or ""
    return html_text(value) if "html" in part.get("type", "") else value.strip()


def _id(entry: Any) -> str:
    """The entry's own id or link, else a hash of it: a feed may give neither."""
    given = entry.get("id") or entry.get("link")
    if given:
        return str(given)
    words = f"{entry.get('title', '')}\x00{entry.get('summary', '')}"
    return hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _time(entry: Any) -> datetime | None:
    found = entry.get("published_parsed") or entry.get("updated_parsed")
    return datetime.fromtimestamp(calendar.timegm(found), UTC) if found else None


def _is_wanted(visit: Visit[Feed], item: Item) -> bool:
    return item.occurred_at is None or visit.since is None or item.occurred_at >= visit.since
