"""Read files on behalf of a process that may kill this one: ``python -m cxnlp.channels.confined SECONDS MEGABYTES``.

Requests come on stdin, one line each (`request`); for each the items go to stdout, one line each (`said`), and then
``END``. Both are JSON: whoever takes this process over by a malicious file can say items to the other one, and nothing
else. It may not write files, and each file gets ``MEGABYTES`` of memory and ``SECONDS`` of processor time an item; the
other process keeps the clock.
"""

import base64
import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from cxnlp import channels
from cxnlp.channels.files import File, Held
from cxnlp.channels.items import Item, unusable
from cxnlp.settings import Source

READY: Final = b'"ready"\n'
END: Final = b'"end"\n'
#: The end of a file, too; this process has grown too large and leaves.
LEAVING: Final = b'"leaving"\n'
#: A longer item says something absurd beside its text.
MAX_LINE_BYTES: Final = 4_000_000

_FIELDS: Final = tuple(field.name for field in fields(Item))


def request(source: Source, file: File) -> bytes:
    """Return the line that asks for the items of ``file``; one that is held in memory goes with it."""
    told = asdict(file) | {"path": str(file.path)}
    if isinstance(file, Held):
        told["data"] = base64.b64encode(file.data).decode("ascii")
    return (
        json.dumps({"source": source.model_dump(mode="json", exclude_unset=True), "file": told}).encode("ascii") + b"\n"
    )


def said(item: Item) -> bytes:
    """Return the line of one item; of one that is absurdly large, the line of its problem."""
    values = [getattr(item, name) for name in _FIELDS]
    line = json.dumps(values, default=_plain).encode("ascii") + b"\n"
    if len(line) <= MAX_LINE_BYTES:
        return line
    return said(
        unusable(
            f"Has more than {MAX_LINE_BYTES / 1e6:.0f} MB in one item's fields; only its text may be long. Export it "
            "again without the field that holds so much.",
            item.row,
        )
    )


def heard(line: bytes) -> Item:
    """Return the item of a line.

    Raises:
        ValueError: it is none; whoever sent it is not to be listened to any more.
    """
    try:
        values = dict(zip(_FIELDS, json.loads(line), strict=True))
        if values["occurred_at"] is not None:
            values["occurred_at"] = datetime.fromisoformat(values["occurred_at"])
        return Item(**values)
    except TypeError as error:
        raise ValueError("no item") from error


def main() -> None:
    """Answer requests until stdin ends."""
    seconds, megabytes = float(sys.argv[1]), int(sys.argv[2])
    answers = _own_stdout()
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    at_start = _address_space()
    answers.write(READY)
    for line in sys.stdin.buffer:
        _limit(resource.RLIMIT_AS, _address_space() + megabytes * 1_000_000)
        for item in _timed(_asked(line), seconds):
            answers.write(said(item))
        _limit(resource.RLIMIT_AS, resource.RLIM_INFINITY)
        if _address_space() > at_start + megabytes * 1_000_000:
            answers.write(LEAVING)
            return
        answers.write(END)


def _own_stdout() -> BinaryIO:
    """Return stdout, unbuffered: a line is out before the next item can do harm. Nobody else here can write to it."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    return answers


def _asked(line: bytes) -> Iterator[Item]:
    asked = json.loads(line)
    told = asked["file"] | {"path": Path(asked["file"]["path"])}
    data = told.pop("data", None)
    file = File(**told) if data is None else Held(**told, data=base64.b64decode(data))
    return channels.read_file(Source.model_validate(asked["source"]), file)


def _timed(items: Iterator[Item], seconds: float) -> Iterator[Item]:
    """Pass items on, each with processor time of its own: the last resort where nobody is left to kill this process."""
    next_limit = 0.0
    while True:
        if (now := time.monotonic()) >= next_limit:
            _limit(resource.RLIMIT_CPU, int(time.process_time() + seconds) + 2)
            next_limit = now + 1
        if (item := next(items, None)) is None:
            return
        yield item


def _limit(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _address_space() -> int:
    """Bytes that this process has reserved; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is no field of an item")


if __name__ == "__main__":
    main()
