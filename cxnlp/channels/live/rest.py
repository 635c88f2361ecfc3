"""Any service that lists things as JSON, page by page: tickets, conversations, reviews, survey answers.

What is where in its answers is said in ``cxnlp.toml`` by JMESPath expressions (https://jmespath.org).
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

import jmespath
from jmespath.exceptions import JMESPathError
from pydantic import AfterValidator, Field, model_validator

from cxnlp.channels.items import Item, Unusable
from cxnlp.channels.live.failures import Refusal
from cxnlp.channels.live.service import Address, Listing, LiveSettings, Page, Visit, each, newest_first, when
from cxnlp.channels.live.web import Answer
from cxnlp.channels.markup import html_text
from cxnlp.channels.posts import finished


def _expression(text: str) -> str:
    try:
        jmespath.compile(text)
    except JMESPathError as error:
        raise ValueError(f"{text!r} is no JMESPath expression. Write one such as ticket.description") from error
    return text


Expression = Annotated[str, AfterValidator(_expression)]
Paging = Literal["none", "cursor", "next", "link", "page", "offset"]

_PARAMETER: Final[Mapping[Paging, str]] = {"cursor": "cursor", "page": "page", "offset": "offset"}
_SPELLED: Final[Mapping[str, Callable[[datetime], str]]] = {
    "iso": lambda moment: moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    "date": lambda moment: moment.astimezone(UTC).date().isoformat(),
    "unix": lambda moment: str(int(moment.timestamp())),
    "unix_ms": lambda moment: str(int(moment.timestamp()) * 1000),
}


class Rest(LiveSettings):
    """How a JSON service is asked, and where in its answers the items are.

    Expressions are looked up in each entry, ``next`` and ``more`` in the whole answer. Several ``text`` expressions are
    joined by empty lines.
    """

    url: Address
    query: dict[str, str | int] = Field(default_factory=dict)
    header: str = "Authorization"
    header_value: str = "Bearer {secret}"
    user: str | None = None  # for HTTP Basic, with the secret as its password; then `header` is not sent
    entries: Expression
    id: Expression
    occurred_at: Expression
    text: Annotated[tuple[Expression, ...], Field(min_length=1)]
    author: Expression | None = None
    customer: Expression | None = None
    employee: Expression | None = None
    product: Expression | None = None
    location: Expression | None = None
    segment: Expression | None = None
    rating: Expression | None = None
    is_ours: Expression | None = None  # true for what the company's own people wrote
    is_html: bool = False
    paging: Paging = "none"
    parameter: str | None = None  # that the cursor, page or offset is sent as; its own name when absent
    next: Expression | None = None  # where an answer holds the next cursor or address
    more: Expression | None = None  # false where an answer is the last
    first_page: Annotated[int, Field(ge=0, le=1)] = 1
    order: Literal["newest_first", "oldest_first", "any"] = "any"
    ordered_by: Expression | None = None  # the time of the order and of `since_parameter`; `occurred_at` when absent
    since_parameter: str | None = None
    since_format: Literal["iso", "date", "unix", "unix_ms"] = "iso"
    keeps_cursor: bool = False  # the paging cursor still works on the next night

    @model_validator(mode="after")
    def _paging_is_whole(self) -> "Rest":
        if self.paging in ("cursor", "next") and self.next is None:
            raise ValueError(
                f'`paging = "{self.paging}"` needs `next`: where an answer holds the next cursor or address'
            )
        if self.keeps_cursor and self.paging != "cursor":
            raise ValueError('`keeps_cursor` is for `paging = "cursor"`')
        if self.keeps_cursor and self.order == "newest_first":
            raise ValueError('`keeps_cursor` is for services that give the oldest first. Set `order = "oldest_first"`')
        if self.secret and self.user is None and "{secret}" not in self.header_value:
            raise ValueError("`header_value` has no {secret} in it, so the secret would not be sent")
        return self


@dataclass(frozen=True)
class _Place:
    """The cursor of a stream: the newest time that is stored, and the service's own cursor where it lasts."""

    at: datetime | None = None
    token: str | None = None

    @classmethod
    def of(cls, cursor: str | None) -> "_Place":
        said = json.loads(cursor) if cursor else {}
        return cls(datetime.fromisoformat(said["at"]) if said.get("at") else None, said.get("token"))

    def cursor(self) -> str:
        return json.dumps({"at": self.at.isoformat() if self.at else None, "token": self.token})


@dataclass
class _Walk:
    """The requests of one walk through the pages; ``token`` is the paging cursor of the page that comes next."""

    visit: Visit[Rest]
    start: datetime | None
    token: str | None = None
    seen: set[str] = field(default_factory=set)

    def pages(self) -> Iterator[tuple[Listing, str | None]]:
        """Yield each page, and the paging cursor behind it."""
        settings = self.visit.settings
        url, n_entries, number = settings.url, 0, settings.first_page
        while True:
            query = None if url != settings.url else self._query(n_entries, number)
            found, answer = self.visit.web.get_json(url, query)
            entries = _entries(settings, found)
            following = self._following(found, answer)
            yield _listing(self.visit, entries, answer), following
            n_entries, number = n_entries + len(entries), number + 1
            if not self._goes_on(found, entries, following):
                return
            if settings.paging in ("next", "link"):
                url = following or url
            elif settings.paging == "cursor":
                self.token = following

    def _query(self, n_entries: int, number: int) -> dict[str, str | int]:
        settings, query = self.visit.settings, dict(self.visit.settings.query)
        parameter = settings.parameter or _PARAMETER.get(settings.paging, "")
        if settings.paging == "cursor" and self.token:
            return query | {parameter: self.token}
        if self.start and settings.since_parameter:
            query[settings.since_parameter] = _SPELLED[settings.since_format](self.start)
        if settings.paging == "page":
            query[parameter] = number
        if settings.paging == "offset":
            query[parameter] = n_entries
        return query

    def _following(self, found: Any, answer: Answer) -> str | None:
        """The next cursor or address, as the answer says."""
        settings = self.visit.settings
        if settings.paging == "link":
            return answer.next_url
        value = jmespath.search(settings.next, found) if settings.next else None
        return str(value) if isinstance(value, str | int) and not isinstance(value, bool) and value != "" else None

    def _goes_on(self, found: Any, entries: list[Any], following: str | None) -> bool:
        settings = self.visit.settings
        if settings.paging == "none" or (settings.more and not jmespath.search(settings.more, found)):
            return False
        if settings.paging in ("page", "offset"):
            return bool(entries)
        if following is None or following in self.seen:  # a service that repeats itself has nothing more to say
            return False
        self.seen.add(following)
        return True


def read_rest(visit: Visit[Rest]) -> Iterator[Page]:
    """Read what is new, from the cursor on; a cursor that the service no longer knows is replaced by its time."""
    settings = visit.settings
    if settings.user is not None:
        visit.web.sign_in(settings.user, visit.secret())
    elif settings.secret:
        visit.web.headers[settings.header] = settings.header_value.replace("{secret}", visit.secret())
    place = _Place.of(visit.cursor)
    if settings.order == "newest_first":
        by_time = replace(visit, cursor=place.at.isoformat() if place.at else None)
        for page in newest_first(by_time, (listing for listing, _ in _Walk(visit, visit.read_from(place.at)).pages())):
            yield Page(page.items, _Place(datetime.fromisoformat(page.cursor)).cursor() if page.cursor else None)
        return
    try:
        yield from _in_order(visit, place, place.token if settings.keeps_cursor else None)
    except Refusal as refusal:
        if not (place.token and refusal.may_be_the_cursor):
            raise
        yield from _in_order(visit, place, None)


def _in_order(visit: Visit[Rest], place: _Place, token: str | None) -> Iterator[Page]:
    """Read from a paging cursor or a time on; where the oldest comes first, each page is a step that counts."""
    settings, newest = visit.settings, place.at
    walk = _Walk(visit, visit.read_from(place.at), token)
    last = token
    for listing, following in walk.pages():
        times = [min(at, listing.said_at) for _, at in listing.items if at is not None]
        newest = max(times + ([newest] if newest else []), default=None)
        last = following or last
        reached = _Place(newest, last if settings.keeps_cursor else None).cursor()
        items = [item for item, at in listing.items if at is None or visit.since is None or at >= visit.since]
        yield Page(items, cursor=reached if settings.order == "oldest_first" else None)
    yield Page(cursor=_Place(newest, last if settings.keeps_cursor else None).cursor())


def _entries(settings: Rest, found: Any) -> list[Any]:
    entries = jmespath.search(settings.entries, found)
    if entries is None and isinstance(found, dict):
        keys = ", ".join(key for key in list(found)[:8] if key.isascii() and key.isidentifier())
        raise Unusable(
            f"The answer has nothing at {settings.entries!r}, where `entries` says that the list is. It has: {keys}. "
            "Mend `entries` of this source."
        )
    if not isinstance(entries, list):
        raise Unusable(
            f"The answer has no list at {settings.entries!r}, where `entries` says that it is. Mend `entries` of this "
            "source."
        )
    return entries


def _listing(visit: Visit[Rest], entries: list[Any], answer: Answer) -> Listing:
    settings = visit.settings
    by = settings.ordered_by or settings.occurred_at
    items = each(entries, lambda entry: _item(visit, entry), lambda entry: jmespath.search(settings.id, entry))
    times = [_time(by, entry) for entry in entries]
    return Listing(list(zip(items, times, strict=True)), answer.said_at)


def _time(expression: str, entry: Any) -> datetime | None:
    try:
        return when(jmespath.search(expression, entry))
    except JMESPathError:
        return None


def _item(visit: Visit[Rest], entry: Any) -> Item:
    settings = visit.settings

    def value(expression: str | None) -> str | None:
        return _words(jmespath.search(expression, entry)) if expression else None

    external_id = value(settings.id)
    if external_id is None:
        raise Unusable(f"Has nothing at {settings.id!r}, where `id` says that its id is. Mend `id` of this source.")
    parts = [found for expression in settings.text if (found := value(expression))]
    text = "\n\n".join(html_text(part) if settings.is_html else part for part in parts)
    author, rating = value(settings.author), value(settings.rating)
    item = Item(
        text=text,
        external_id=external_id,
        occurred_at=_time(settings.occurred_at, entry),
        author=author,
        customer=value(settings.customer),
        employee=value(settings.employee),
        product=value(settings.product),
        location=value(settings.location),
        segment=value(settings.segment),
        rating=_number(rating),
    )
    ours = bool(settings.is_ours and jmespath.search(settings.is_ours, entry))
    return finished(visit.source, item, author, is_agent=ours)


def _words(value: Any) -> str | None:
    """Text, a number, or a list of these, one a paragraph."""
    if isinstance(value, list):
        return "\n\n".join(filter(None, map(_words, value))) or None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value).strip() or None


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
