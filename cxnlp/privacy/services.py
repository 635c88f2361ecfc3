"""Which live services may still hold what was erased, and by which ids it is found there; nothing is deleted there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import duckdb

from cxnlp.channels import live
from cxnlp.settings import SettingsError, Source, Workspace

_KEYED: Final = "keyed:"
_PIECES: Final = """
SELECT DISTINCT source, places.file, places."row", feedback.external_id
FROM feedback LEFT JOIN places USING (feedback_id, source)
WHERE feedback_id IN (SELECT unnest($1)) AND source IN (SELECT unnest($2))
ORDER BY ALL
"""


@dataclass(frozen=True, order=True)
class Piece:
    """One piece of feedback at its service, as far as it is known."""

    stream: str | None  # tag, mailbox, table …
    row: int | None  # number of a mail in its mailbox
    external_id: str | None  # None where it could name somebody and only a hash of it was kept

    def words(self) -> str:
        """The piece in a line."""
        if self.external_id is not None:
            return self.external_id
        place = self.stream or "a stream that is not known any more"
        return f"one in {place} (its id was not kept)" if self.row is None else f"{place}, number {self.row}"


@dataclass(frozen=True, order=True)
class AtService:
    """A live source that was not asked to delete anything, and what it gave of what was erased."""

    source: str
    service: str
    url: str | None  # None where the address is a secret, or the service's own
    pieces: tuple[Piece, ...]  # empty: nothing from there was stored, and it may hold some all the same


def at_services(
    connection: duckdb.DuckDBPyConnection, workspace: Workspace, feedback_ids: Sequence[str], *, is_about_person: bool
) -> tuple[AtService, ...]:
    """Return the live sources that may hold something of this feedback, before it is erased; sorted.

    Args:
        connection: the open working file.
        workspace: its settings name the sources.
        feedback_ids: what is to be erased.
        is_about_person: services of which nothing is stored are named, too: they may know the person.
    """
    sources = {source.name: source for source in workspace.settings.sources if source.kind == "live"}
    pieces: dict[str, list[Piece]] = {name: [] for name in sources}
    rows = connection.execute(_PIECES, [list(feedback_ids), list(sources)]).fetchall()
    for name, stream, row, external_id in rows:
        pieces[name].append(Piece(stream, row, None if external_id.startswith(_KEYED) else external_id))
    return tuple(
        AtService(name, str(source.live.get("service")), _url(source), tuple(pieces[name]))
        for name, source in sorted(sources.items())
        if pieces[name] or is_about_person
    )


def _url(source: Source) -> str | None:
    try:
        settings = live.settings_of(source)
    except SettingsError:
        return None
    url = getattr(settings, "url", None)
    return url if isinstance(url, str) else None
