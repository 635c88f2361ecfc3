"""Feedback as it arrives: files of many formats in, items frames out.

To add a kind of source: one module with one function ``(source, file) -> Iterator[Item]``, and one line in ``READERS``.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl

import cxnlp
from cxnlp.channels import ocr
from cxnlp.channels.files import File, files_of
from cxnlp.channels.items import Item, Unusable, checked, frame, unusable
from cxnlp.channels.letters import read_letters
from cxnlp.channels.posts import read_posts
from cxnlp.channels.tables import read_table, table_columns
from cxnlp.channels.transcripts import read_transcripts
from cxnlp.frames import Schema
from cxnlp.settings import Source

__all__ = [
    "FILES",
    "READERS",
    "Batch",
    "Table",
    "columns_of",
    "files_of",
    "no_files",
    "read",
    "read_file",
]

Reader = Callable[[Source, File], Iterator[Item]]

#: The kinds of source that ``cxnlp.toml`` may name, and what reads one file of each.
READERS: Final[Mapping[str, Reader]] = {
    "letters": read_letters,
    "table": read_table,
    "transcripts": read_transcripts,
    "posts": read_posts,
}

#: The ledger: which files were read, and as which version; of live sources, which streams were, and how far.
FILES: Final[Schema] = {
    "source": pl.String(),
    "file": pl.String(),  # path below the source's folder, signs that do not print escaped
    "n_bytes": pl.Int64(),
    "modified_ns": pl.Int64(),  # file time; negative where a problem was found, see ``_stamp``
    "n_items": pl.Int64(),  # usable or not
    "cursor": pl.String(),  # of a live source's stream: where the next night goes on, see ``channels.live``
}


@dataclass(frozen=True)
class Batch:
    """Some of what arrived."""

    items: pl.DataFrame  # frames.ITEMS
    files: pl.DataFrame  # FILES, of the files that are complete with this batch


@dataclass(frozen=True)
class Table:
    """How one table is read: the header that each item column comes from and why, or what is wrong with the table."""

    file: str
    sheet: str | None = None  # None for CSV
    headers: Mapping[str, str] = field(default_factory=dict)
    how: Mapping[str, str] = field(default_factory=dict)  # given, name, content
    problem: str | None = None

    def words(self) -> str:
        """Say it in one line."""
        place = f"sheet {self.sheet!r}: " if self.sheet else ""
        reasons = {"given": "given", "name": "by its name", "content": "by its content"}
        return place + ", ".join(
            f"{column} from {header!r} ({reasons[self.how[column]]})" for column, header in self.headers.items()
        )


def read(
    source: Source,
    folder: Path,
    seen: pl.DataFrame,
    batch: int,
    *,
    read_one: Reader | None = None,
    limits: str = "",
) -> Iterator[Batch]:
    """Yield what is new in ``folder``, at most ``batch`` rows at a time, sorted by file and row.

    Args:
        source: what to read and how.
        folder: where it is.
        seen: the ledger (``FILES``): a file with the same size and time is not opened again. A file with a problem is
            opened again once the source's settings, the OCR extra, ``limits`` or this version of cxnlp have changed.
        batch: rows; a large table comes in several batches, its ledger row with the last.
        read_one: what reads one file, such as `read_file` in another process; `read_file` when absent.
        limits: what ``read_one`` allows a file, in words.

    Raises:
        SettingsError: the folder is missing or may not be read.
    """
    known = dict(zip(seen["file"], zip(seen["n_bytes"], seen["modified_ns"], strict=True), strict=True))
    arrived: list[tuple[File, Item]] = []
    finished: list[dict[str, object]] = []
    for file in files_of(source, folder):
        if known.get(file.name) in [
            (file.n_bytes, _stamp(source, file, is_clean, limits)) for is_clean in (True, False)
        ]:
            continue
        n_items, is_clean = 0, True
        for item in (read_one or read_file)(source, file):
            if len(arrived) >= batch:
                yield _batch(source, arrived, finished)
                arrived, finished = [], []
            arrived.append((file, item))
            n_items += 1
            is_clean &= item.problem is None
        finished.append(
            {
                "source": source.name,
                "file": file.name,
                "n_bytes": file.n_bytes,
                "modified_ns": _stamp(source, file, is_clean, limits),
                "n_items": n_items,
                "cursor": None,
            }
        )
        if len(arrived) >= batch:
            yield _batch(source, arrived, finished)
            arrived, finished = [], []
    if arrived or finished:
        yield _batch(source, arrived, finished)


def read_file(source: Source, file: File) -> Iterator[Item]:
    """Yield the items of one file; whatever is wrong with it becomes an item with a ``problem``, never an error."""
    if file.problem is not None:
        yield unusable(file.problem)
        return
    n_read = 0
    try:
        for item in READERS[source.kind](source, file):
            yield checked(item)
            n_read += 1
    except Unusable as error:
        yield unusable(str(error))
    except OSError as error:
        yield unusable(f"Cannot be opened ({type(error).__name__}: {error.strerror}). Check its rights and the disk.")
    except MemoryError:
        yield unusable(
            "Could not be read: MemoryError. It needs more memory than a file gets (`night.item_megabytes` in "
            "cxnlp.toml). Split it, or raise that."
        )
    except Exception as error:  # one strange file must not end the night
        place = f" after {n_read} items" if n_read else ""
        yield unusable(
            f"Could not be read{place}: {type(error).__name__}. It is damaged or of an unknown make; export it again, "
            "and report this if it opens elsewhere."
        )


def columns_of(source: Source, folder: Path) -> Iterator[Table]:
    """Yield how each table of ``source`` would be read, before any is.

    Raises:
        SettingsError: the folder is missing or may not be read.
    """
    for file in files_of(source, folder):
        try:
            if file.problem is not None:
                raise Unusable(file.problem)
            for sheet, columns in table_columns(source, file):
                headers = {column: columns.header[position] for column, position in columns.position.items()}
                yield Table(file.name, sheet, headers, columns.how)
        except (Unusable, OSError) as error:
            yield Table(file.name, problem=str(error))


def no_files() -> pl.DataFrame:
    """Return an empty ledger (``FILES``)."""
    return pl.DataFrame(schema=FILES)


def _batch(source: Source, arrived: Sequence[tuple[File, Item]], finished: Sequence[Mapping[str, object]]) -> Batch:
    return Batch(frame(source, arrived), pl.DataFrame(list(finished), schema=FILES))


def _stamp(source: Source, file: File, is_clean: bool, limits: str) -> int:
    """Return the ledger's mark for a file: its time or, where it has a problem, a negative hash of what may mend it."""
    if is_clean:
        return file.modified_ns
    circumstances = (file.modified_ns, source.model_dump_json(), ocr.is_installed(), cxnlp.__version__, limits)
    digest = hashlib.blake2b(repr(circumstances).encode(), digest_size=8).digest()
    return -(int.from_bytes(digest) >> 2) - 1
