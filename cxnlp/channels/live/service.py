"""What a live source is made of: its settings, the pages it gives, and how each stands to the night before."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Final, Generic, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from cxnlp.channels.dates import parse_when
from cxnlp.channels.files import File
from cxnlp.channels.items import Item, Unusable, unusable
from cxnlp.channels.live.waits import Waits
from cxnlp.channels.live.web import Web, is_loopback
from cxnlp.settings import Source

_UTC: Final = ZoneInfo("UTC")


def _name_of_secret(name: str) -> str:
    if not name.replace("_", "").isalnum() or name != name.upper() or not name[:1].isalpha() or len(name) > 60:
        raise ValueError(
            "is no name of an environment variable. Allowed: capitals, digits and _, such as LARKFIELD_ZENDESK; the "
            "secret itself stands in that variable or in the keyring, never in cxnlp.toml"
        )
    return name


def _whole_path(path: Path) -> Path:
    if not path.is_absolute():
        raise ValueError("is no whole path. Allowed: one such as /etc/ssl/larkfield-ca.pem")
    return path


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise ValueError("holds a user or password. Write them as `user` and `secret`")
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))):
        raise ValueError("is no https address. Allowed: https://… (http only for this machine itself)")
    return url


#: Where a service is: https, or http on this machine.
Address = Annotated[str, AfterValidator(_address)]


class LiveSettings(BaseModel):
    """What every service understands in ``[source.live]``; a service adds its own keys and refuses others."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    service: str
    secret: Annotated[str, AfterValidator(_name_of_secret)] | None = None  # the name of it, not the secret
    authority: Annotated[Path, AfterValidator(_whole_path)] | None = None  # certificates to trust besides the usual
    since: date | None = None  # nothing that is older
    overlap_days: Annotated[float, Field(ge=0, le=60)] = 2  # read again each night, for what came late or was edited
    most_pages: Annotated[int, Field(ge=1, le=100_000)] = 1_000  # of one stream in one night
    wait_seconds: Annotated[int, Field(ge=0, le=21_600)] = 900  # for rate limits and faults, of all streams together

    @property
    def streams(self) -> tuple[str, ...]:
        """What is read one after the other, each with a cursor of its own: tags, mailboxes or countries."""
        return ("all",)


S = TypeVar("S", bound=LiveSettings)


@dataclass(frozen=True)
class Page:
    """Some items of a stream, in any order.

    ``cursor`` says where the next night goes on once this page and those before it are stored; None where it is not
    to move yet.
    """

    items: Sequence[Item] = ()
    cursor: str | None = None


@dataclass(frozen=True)
class Visit(Generic[S]):
    """One stream of one source, tonight."""

    source: Source
    settings: S
    stream: str
    cursor: str | None  # what the last stored page said; None: read from `settings.since`, or from the beginning
    web: Web
    waits: Waits
    secret: Callable[[], str]  # raises `Unreachable` where it is not to be had
    read_file: Callable[[Source, File], Iterator[Item]]  # reads one file of another kind of source, such as a letter

    @property
    def since(self) -> datetime | None:
        """The first moment that is wanted."""
        return datetime.combine(self.settings.since, time(), UTC) if self.settings.since else None

    def read_from(self, newest: datetime | None) -> datetime | None:
        """Return the moment to read from when ``newest`` was the newest thing that is stored; None: everything."""
        again = newest - timedelta(days=self.settings.overlap_days) if newest else None
        return max((moment for moment in (self.since, again) if moment), default=None)


@dataclass(frozen=True)
class Service(Generic[S]):
    """How a kind of service is set up and read."""

    settings: type[S]
    read: Callable[[Visit[S]], Iterator[Page]]


@dataclass(frozen=True)
class Listing:
    """One page of a service that lists the newest first: items, each with the time that it is listed by."""

    items: Sequence[tuple[Item, datetime | None]]
    said_at: datetime = field(default_factory=lambda: datetime.now(UTC))  # by the service's clock


def newest_first(visit: Visit[Any], pages: Iterable[Listing]) -> Iterator[Page]:
    """Walk back in time to where the last night began, less the overlap; only then the cursor moves.

    A walk that is cut off is so repeated from the top. The cursor is the newest time seen, but never later than the
    service's own clock: one piece dated 2099 must not hide all that follows it.
    """
    before = datetime.fromisoformat(visit.cursor) if visit.cursor else None
    start = visit.read_from(before)
    newest = before
    for page in pages:
        times = [at for _, at in page.items if at is not None]
        yield Page([item for item, at in page.items if at is None or start is None or at >= start])
        newest = max([min(at, page.said_at) for at in times] + ([newest] if newest else []), default=None)
        if start is not None and times and max(times) < start:
            break
    yield Page(cursor=newest.isoformat() if newest else None)


def each(entries: Iterable[Any], read: Callable[[Any], Item], name: Callable[[Any], object]) -> list[Item]:
    """Read every entry of a page; one that cannot be read becomes a problem of its own, never of the page."""
    return [_one(entry, read, name) for entry in entries]


def _one(entry: Any, read: Callable[[Any], Item], name: Callable[[Any], object]) -> Item:
    try:
        item = _typed(read(entry))
    except Unusable as error:
        item = unusable(str(error))
    except Exception as error:  # one strange entry must not end the night
        item = unusable(
            f"Could not be read ({type(error).__name__}): it is not built as its service documents. Report this if "
            "the service shows it well."
        )
    return item if item.external_id else replace(item, external_id=_named(entry, name))


def _typed(item: Item) -> Item:
    """Return ``item``, whose words must be text: services send anything.

    Raises:
        TypeError: they are not.
    """
    words = (
        item.text, item.external_id, item.author, item.customer, item.employee, item.product, item.location,
        item.segment,
    )  # fmt: skip
    if not all(isinstance(word, str | None) for word in words):
        raise TypeError
    return item


def _named(entry: Any, name: Callable[[Any], object]) -> str | None:
    try:
        found = name(entry)
    except Exception:
        return None
    return str(found) if isinstance(found, str | int) and found != "" else None


def when(value: object) -> datetime | None:
    """Read a service's time: ISO, RFC 822, seconds or milliseconds since 1970; None when it is none."""
    return parse_when(value, day_first=True, zone=_UTC)
