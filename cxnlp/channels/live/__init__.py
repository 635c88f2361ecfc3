"""Feedback that is fetched rather than delivered: live services in, the same items frames out.

To add a service: one module with its settings and one function ``(visit) -> Iterator[Page]``, and one line in
``SERVICES``. Nothing that is fetched is written down before it is masked. Where to go on is in the ledger, stored in
the same transaction as the items.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

import polars as pl
from pydantic import ValidationError

from cxnlp.channels import Batch, Reader, read_file
from cxnlp.channels.items import Unusable
from cxnlp.channels.live.appstore import AppStore, read_appstore
from cxnlp.channels.live.bluesky import Bluesky, read_bluesky
from cxnlp.channels.live.failures import Unreachable
from cxnlp.channels.live.feed import Feed, read_feed
from cxnlp.channels.live.gathering import Gathered
from cxnlp.channels.live.inbox import Inbox, read_inbox
from cxnlp.channels.live.mastodon import Mastodon, read_mastodon
from cxnlp.channels.live.reddit import Reddit, read_reddit
from cxnlp.channels.live.rest import Rest, read_rest
from cxnlp.channels.live.secret import secret_of
from cxnlp.channels.live.service import LiveSettings, Page, Service, Visit
from cxnlp.channels.live.sql import Sql, read_sql
from cxnlp.channels.live.waits import Waits
from cxnlp.channels.live.web import Web
from cxnlp.settings import SettingsError, Source

__all__ = ["SERVICES", "look", "read", "settings_of"]

#: The services that ``[source.live]`` may name.
SERVICES: Final[Mapping[str, Service[Any]]] = {
    "mastodon": Service(Mastodon, read_mastodon),
    "bluesky": Service(Bluesky, read_bluesky),
    "reddit": Service(Reddit, read_reddit),
    "appstore": Service(AppStore, read_appstore),
    "feed": Service(Feed, read_feed),
    "imap": Service(Inbox, read_inbox),
    "rest": Service(Rest, read_rest),
    "sql": Service(Sql, read_sql),
}

#: `look` waits this long for a service that is busy.
_LOOK_SECONDS: Final = 10


def settings_of(source: Source) -> LiveSettings:
    """Return what ``[source.live]`` of ``source`` says.

    Raises:
        SettingsError: it names no service that is known, or says something that the service does not understand.
    """
    name = source.live.get("service")
    service = SERVICES.get(name) if isinstance(name, str) else None
    if service is None:
        raise SettingsError(
            f"source {source.name!r}: [source.live] names no service that is known. Allowed as `service`: "
            f"{', '.join(SERVICES)}."
        )
    try:
        settings: LiveSettings = service.settings.model_validate(dict(source.live))
    except ValidationError as error:
        wrong = "; ".join(
            f"`{'.'.join(map(str, problem['loc'])) or 'the table'}`: {problem['msg']}" for problem in error.errors()
        )
        raise SettingsError(
            f"source {source.name!r}, [source.live]: {wrong}. docs/live.md shows what {name} understands."
        ) from None
    return settings


def read(
    source: Source,
    seen: pl.DataFrame,
    batch: int,
    *,
    read_one: Reader = read_file,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Batch]:
    """Yield what is new at a live source, at most ``batch`` rows at a time and in the order of the service.

    A stream's ledger row comes after its last item and holds where to go on. What goes wrong becomes a row with a
    ``problem``: of an item, of a stream (``file`` is its name), or of the whole source (``file`` is null); what was
    read before it counts.

    Args:
        source: one of kind "live".
        seen: its ledger (``FILES``).
        batch: rows.
        read_one: what reads a stored file that came over the wire, such as a mail; `read_file` in another process.
        sleep: waits so many seconds.

    Raises:
        SettingsError: `settings_of` does.
    """
    settings = settings_of(source)
    gathered = Gathered(source, seen)
    waits = Waits(settings.wait_seconds, sleep)
    try:
        web = Web(waits, authority=settings.authority)
    except Unreachable as error:
        gathered.refuse(str(error), whole_source=True)
        yield gathered.batch()
        return
    try:
        for stream in settings.streams:
            visit: Visit[Any] = Visit(
                source, settings, stream, gathered.cursor(stream), web, waits, partial(secret_of, settings.secret),
                read_one,
            )  # fmt: skip
            gathered.start(stream)
            try:
                for page in _pages(visit):
                    for item in page.items:
                        gathered.add(item)
                        if gathered.n_rows >= batch:
                            yield gathered.batch()
                    gathered.reach(page.cursor)
            except Unreachable as error:
                gathered.refuse(str(error), whole_source=True)
                gathered.finish()
                break
            except Unusable as error:
                gathered.refuse(str(error))
            except Exception as error:  # one strange service must not end the night
                gathered.refuse(_strange(error))
            gathered.finish()
    finally:
        web.close()
    yield gathered.batch()


def _pages(visit: Visit[Any]) -> Iterator[Page]:
    """Yield a stream's pages, not without end."""
    if url := getattr(visit.settings, "url", None):
        visit.web.allow(url)
    most = visit.settings.most_pages
    for number, page in enumerate(SERVICES[visit.settings.service].read(visit), start=1):
        if number > most + (not page.items):  # one more may move the cursor
            raise Unusable(
                f"Has more than {most:,} pages that are new. What was read is stored, and the next run begins again; "
                "raise `most_pages`, or set `since` to a later day."
            )
        yield page


def look(source: Source, *, read_one: Reader = read_file) -> Iterator[tuple[str, int, str | None]]:
    """Ask the service for the first page of each stream; yield the stream, how many items that has, and what is wrong.

    Args:
        source: one of kind "live".
        read_one: as of `read`.

    Raises:
        SettingsError: `settings_of` does.
    """
    settings = settings_of(source)
    waits = Waits(_LOOK_SECONDS)
    secret = partial(secret_of, settings.secret)
    try:
        web = Web(waits, authority=settings.authority)
    except Unreachable as error:
        yield settings.streams[0], 0, str(error)
        return
    try:
        for stream in settings.streams:
            try:
                pages = _pages(Visit(source, settings, stream, None, web, waits, secret, read_one))
                yield stream, len(next(pages, Page()).items), None
            except (Unusable, Unreachable) as error:
                yield stream, 0, str(error)
            except Exception as error:
                yield stream, 0, _strange(error)
    finally:
        web.close()


def _strange(error: Exception) -> str:
    return (
        f"Could not be read: {type(error).__name__}. The service's answers are not built as it documents; look whether "
        "`url` is right, and report this if it is."
    )
