"""The reviewers' journal: JSON lines that are only ever added to, each on the disk before the call returns.

``.cxnlp/reviews/answers.jsonl`` is what people said, and the one place that it is kept: databases are made anew from
it. ``.cxnlp/reviews/asked.jsonl`` is what was put into sheets, so that a sheet can be taken back.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final, TypeVar

from filelock import FileLock
from pydantic import BaseModel, ValidationError

from cxnlp.errors import CxnlpError
from cxnlp.settings import Workspace
from cxnlp.teaching.items import Answer, Item

ANSWERS: Final = "answers.jsonl"
ASKED: Final = "asked.jsonl"
_Line = TypeVar("_Line", bound=BaseModel)


class ReviewError(CxnlpError):
    """A review cannot be stored or read; the message says where, what was found, what is allowed and how to mend it."""


class SheetError(ReviewError):
    """A sheet is not where it should be, or cannot be one: wrong use."""

    exit_code = 2


def folder(workspace: Workspace) -> Path:
    """Where a workspace's reviews are; made when it is not there."""
    place = workspace.state / "reviews"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def add_answers(workspace: Workspace, answers: Iterable[Answer]) -> None:
    """Store answers; when this returns, they are on the disk. A line torn by a kill never counts.

    Raises:
        OSError: the disk is full or cannot be written; none of them is stored.
    """
    add_lines(folder(workspace) / ANSWERS, answers)


def add_asked(workspace: Workspace, items: Iterable[Item]) -> None:
    """Remember what a sheet asks."""
    add_lines(folder(workspace) / ASKED, items)


def remember_asked(workspace: Workspace, items: Iterable[Item]) -> None:
    """Remember what is asked unless it was asked just so before."""
    known = asked(workspace)
    add_asked(workspace, [item for item in items if known.get(item.edition) != item])


def answers(workspace: Workspace) -> list[Answer]:
    """Return every line of the journal, in the order of writing; none when nothing was ever answered.

    Raises:
        ReviewError: a line is damaged.
    """
    return list(read_lines(workspace.state / "reviews" / ANSWERS, Answer))


def asked(workspace: Workspace) -> dict[str, Item]:
    """Return what sheets asked, by the item's edition, and by its key, which is all that sheets of old have.

    Of one asked twice the later counts.

    Raises:
        ReviewError: a line is damaged.
    """
    items = list(read_lines(workspace.state / "reviews" / ASKED, Item))
    return {item.key: item for item in items} | {item.edition: item for item in items}


def forget(workspace: Workspace, is_meant: Callable[[Item], bool]) -> int:
    """Take the lines about some mentions out of both journals; return how many answers and marks went.

    Raises:
        ReviewError: a line is damaged.
    """
    n_answers = change_answers(workspace, lambda line: None if is_meant(line.item) else line)
    change_lines(workspace.state / "reviews" / ASKED, Item, lambda item: None if is_meant(item) else item)
    return n_answers


def change_answers(workspace: Workspace, changed: Callable[[Answer], Answer | None]) -> int:
    """Write the journal of answers anew as ``changed`` says, None taking a line out; return how many lines changed.

    Raises:
        ReviewError: a line is damaged.
    """
    return change_lines(workspace.state / "reviews" / ANSWERS, Answer, changed)


def change_lines(path: Path, kind: type[_Line], changed: Callable[[_Line], _Line | None]) -> int:
    """Write a journal anew as ``changed`` says, in one step; return how many lines changed, None taking a line out.

    Where nothing changes, the file stays as it is.

    Raises:
        ReviewError: a line is damaged.
    """
    if not path.is_file():
        return 0
    with FileLock(path.with_suffix(".lock")):
        lines = list(read_lines(path, kind))
        new = [changed(line) for line in lines]
        n_changed = sum(line != other for line, other in zip(lines, new, strict=True))
        partial = path.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        if n_changed:
            partial.touch(0o600)
            append(partial, [line for line in new if line is not None])
            partial.replace(path)
    return n_changed


def add_lines(path: Path, lines: Iterable[BaseModel]) -> None:
    """Add lines to a journal, one writer at a time; when this returns, they are on the disk, all or none."""
    lines = list(lines)
    if not lines:
        return
    with FileLock(path.with_suffix(".lock")):
        append(path, lines)


def append(path: Path, lines: Iterable[BaseModel]) -> None:
    """Add lines to a file of JSON lines; when this returns, they are on the disk, all or none.

    Raises:
        OSError: the disk is full or cannot be written.
    """
    content = "".join(f"{line.model_dump_json()}\n" for line in lines).encode("utf-8", "surrogatepass")
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+b", buffering=0) as file:
        _drop_torn_line(file.fileno())
        end = file.seek(0, os.SEEK_END)
        try:
            _write(file.fileno(), content)
            os.fsync(file.fileno())
        except OSError:
            os.ftruncate(file.fileno(), end)
            raise


def _write(handle: int, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _drop_torn_line(handle: int) -> None:
    """Cut off what a kill left after the last line end."""
    end = os.fstat(handle).st_size
    place = end
    while place:
        start = max(0, place - 65_536)
        block = os.pread(handle, place - start, start)
        if (found := block.rfind(b"\n")) >= 0:
            place = start + found + 1
            break
        place = start
    if place < end:
        os.ftruncate(handle, place)


def read_lines(path: Path, kind: type[_Line]) -> Iterator[_Line]:
    """Yield the whole lines of a journal; the rest after the last line end was never stored.

    Raises:
        ReviewError: a line is damaged.
    """
    if not path.is_file():
        return
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.endswith(b"\n"):
                return
            try:
                yield kind.model_validate_json(line)
            except ValidationError as error:
                where = ".".join(str(part) for part in error.errors(include_input=False)[0]["loc"]) or "the line"
                raise ReviewError(
                    f"{path}, line {number}: found a damaged entry ({where}); allowed: lines as cxnlp "
                    "writes them. Restore the file from your backup, or remove that line: what it says is then lost."
                ) from None  # the cause holds what a customer wrote, and a night's log shows causes
