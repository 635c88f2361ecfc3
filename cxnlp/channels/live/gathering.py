"""What a live source gave tonight, as batches of the same shape that a folder's files give."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import polars as pl

import cxnlp
from cxnlp.channels import FILES, Batch, ocr
from cxnlp.channels.files import File, printable
from cxnlp.channels.items import Item, checked, frame, unusable
from cxnlp.settings import Source

#: Settings that decide how a service is asked, not what an item is: to change them leaves the cursor good.
_MANNERS: Final = frozenset({"secret", "authority", "overlap_days", "most_pages", "wait_seconds"})
#: An id that names nobody and can be looked up at the service.
_PLAIN_ID: Final = re.compile(r"(?=.*\d)[A-Za-z0-9_]{1,40}")
_START: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Gathered:
    """Items and ledger rows of one source, stream by stream.

    The ledger has a row a stream (``file`` is its name, ``cursor`` where to go on and what that holds for), and one a
    piece that could not be used (``modified_ns`` -1), so that it leaves the quarantine once it can.
    """

    def __init__(self, source: Source, seen: pl.DataFrame) -> None:
        self._source = source
        self._cursors: Mapping[str, str | None] = dict(seen.select("file", "cursor").iter_rows())
        self._refused = set(seen.filter(pl.col("modified_ns") < 0)["file"])
        self._refused_now: set[str] = set()
        self._arrived: list[tuple[File, Item]] = []
        self._ledger: dict[str, dict[str, object]] = {}
        self._stream, self._n_items = "", 0
        self._reached: str | None = None

    @property
    def n_rows(self) -> int:
        """Rows that wait for the next batch."""
        return len(self._arrived)

    def cursor(self, stream: str) -> str | None:
        """Return where to go on; None when it is not known, or what it was reached with has changed.

        New settings make other items of the same posts, so all is read again; a new version of cxnlp, too, where
        something could not be used.
        """
        name = printable(stream)
        mark: dict[str, Any] = json.loads(self._cursors.get(name) or "{}")
        has_refused = any(file.startswith(f"{name}#") for file in self._refused)
        if mark.get("settings") != _settings_hash(self._source):
            return None
        return None if has_refused and mark.get("reader") != _reader_hash() else mark.get("cursor")

    def start(self, stream: str) -> None:
        """Begin with a stream."""
        self._stream, self._reached, self._n_items = stream, self.cursor(stream), 0

    def reach(self, cursor: str | None) -> None:
        """Note where the next night goes on once everything so far is stored."""
        self._reached = cursor or self._reached

    def add(self, item: Item) -> None:
        """Add an item of the stream, or its problem."""
        self._n_items += 1
        known = replace(checked(item), external_id=item.external_id)
        file = printable(self._stream)
        piece = f"{file}#{_plain_id(item.external_id) if item.row is None else item.row}"
        if known.problem is not None:
            file = piece
            self._refused_now.add(piece)
            self._note(piece, -1, 1)
        elif piece in self._refused and piece not in self._refused_now:
            self._note(piece, 0, 1)
        self._arrived.append((_file(file, known), known))

    def refuse(self, problem: str, *, whole_source: bool = False) -> None:
        """Add what is wrong with the stream, or with the whole source."""
        self._n_items += not whole_source
        item = unusable(problem)
        self._arrived.append((_file("" if whole_source else printable(self._stream), item), item))

    def finish(self) -> None:
        """End the stream: its ledger row goes with what is there."""
        mark = {"settings": _settings_hash(self._source), "reader": _reader_hash(), "cursor": self._reached}
        self._note(printable(self._stream), 0, self._n_items, json.dumps(mark))

    def batch(self) -> Batch:
        """Hand over what has come together, and begin anew."""
        items = frame(self._source, self._arrived)
        items = items.with_columns(file=pl.when(pl.col("file") != "").then("file"))
        files = pl.DataFrame(list(self._ledger.values()), schema=FILES)
        self._arrived, self._ledger = [], {}
        return Batch(items, files)

    def _note(self, file: str, modified_ns: int, n_items: int, cursor: str | None = None) -> None:
        row = {"source": self._source.name, "file": file, "n_bytes": 0, "modified_ns": modified_ns}
        self._ledger[file] = row | {"n_items": n_items, "cursor": cursor}


def _file(name: str, item: Item) -> File:
    """The file that an item stands in for; what has no time of its own gets the first of all."""
    at = item.received_at or item.occurred_at or _START
    return File(Path(name), name, 0, int(at.timestamp() * 1_000_000) * 1_000)


def _plain_id(external_id: str | None) -> str:
    """The piece's id at its service, or a hash where that could name somebody."""
    text = external_id or ""
    tail = text.rpartition("/")[2]
    if _PLAIN_ID.fullmatch(tail):
        return tail
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def _settings_hash(source: Source) -> str:
    said = source.model_dump(mode="json")
    said["live"] = {key: value for key, value in said["live"].items() if key not in _MANNERS}
    return hashlib.blake2b(json.dumps(said, sort_keys=True).encode(), digest_size=6).hexdigest()


def _reader_hash() -> str:
    return hashlib.blake2b(repr((cxnlp.__version__, ocr.is_installed())).encode(), digest_size=6).hexdigest()
