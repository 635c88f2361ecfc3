"""Damaged copies of whole files: cut off, bits turned, pieces moved, numbers blown up, parts of archives too."""

import io
import random
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.hostile import Input
from benchmarks.hostile.formats import zipped_parts

Damage = Callable[[random.Random, bytes], bytes]

#: Where the whole files of each kind of source are, below the sample.
SAMPLE = (("letters", "letters"), ("table", "calls"), ("transcripts", "calls/transcripts"), ("posts", "posts"))
_STRANGE = [
    "\x00",
    "\u202e",
    "\u200b",
    "\ufeff",
    "\x1b[2J",
    "\ud800",
    "\x1a",
    "\u2028",
    "\x85",
    "<!--",
    '"',
    "\\",
    "]]>",
]
_LONGEST = 300_000  # of a sample's file; longer ones are cut, so that five thousand copies stay small


def damaged(sample: Path, more: Sequence[Input], n: int, seed: int) -> Iterator[Input]:
    """Yield ``n`` damaged copies of the sample's files and of ``more``."""
    whole = [*_whole(sample), *more]
    for number in range(n):
        turn = random.Random(f"{seed}-{number}")
        kind, name, data = whole[turn.randrange(len(whole))]
        damage = turn.choice(_DAMAGES)
        for _ in range(turn.choice((1, 1, 1, 2, 5))):
            data = damage(turn, data)
        stem, _, suffix = name.rpartition(".")
        if turn.random() < 0.05:
            suffix = turn.choice(
                ("docx", "pdf", "eml", "html", "txt", "csv", "xlsx", "vtt", "srt", "json", "jsonl", "")
            )
        yield kind, f"{number:05d} {damage.__name__} {stem[:40]}.{suffix}", data


def _whole(sample: Path) -> Iterator[Input]:
    for kind, folder in SAMPLE:
        for path in sorted((sample / folder).iterdir()):
            if path.is_file():
                yield kind, path.name, path.read_bytes()[:_LONGEST]


def truncated(turn: random.Random, data: bytes) -> bytes:
    """The file up to somewhere."""
    return data[: turn.randrange(len(data) + 1)]


def beheaded(turn: random.Random, data: bytes) -> bytes:
    """The file from somewhere on."""
    return data[turn.randrange(len(data) + 1) :]


def flipped(turn: random.Random, data: bytes) -> bytes:
    """Some bytes are others."""
    out = bytearray(data)
    for _ in range(turn.choice((1, 4, 32)) if out else 0):
        out[turn.randrange(len(out))] = turn.randrange(256)
    return bytes(out)


def repeated(turn: random.Random, data: bytes) -> bytes:
    """A piece comes many times."""
    start = turn.randrange(len(data) + 1)
    end = min(start + turn.randrange(1, 2_000), len(data))
    return data[:start] + data[start:end] * turn.choice((2, 50, 300)) + data[end:]


def moved(turn: random.Random, data: bytes) -> bytes:
    """Two pieces have changed places."""
    one, two, three = sorted(turn.randrange(len(data) + 1) for _ in range(3))
    return data[:one] + data[two:three] + data[one:two] + data[three:]


def inflated(turn: random.Random, data: bytes) -> bytes:
    """Some numbers are absurd."""
    absurd = [b"99999999999999999999", b"-1", b"0", b"4294967296", b"1e999", b"2147483647"]
    return re.sub(rb"\d+", lambda number: turn.choice(absurd) if turn.random() < 0.05 else number[0], data)


def sprinkled(turn: random.Random, data: bytes) -> bytes:
    """Strange signs stand between the others."""
    for _ in range(turn.choice((1, 10, 100))):
        place = turn.randrange(len(data) + 1)
        data = data[:place] + turn.choice(_STRANGE).encode("utf-8", "surrogatepass") + data[place:]
    return data


def zeroed(turn: random.Random, data: bytes) -> bytes:
    """A piece is NULs, as after a power cut."""
    start = turn.randrange(len(data) + 1)
    n_bytes = min(turn.choice((1, 512, 4_096)), len(data) - start)
    return data[:start] + bytes(n_bytes) + data[start + n_bytes :]


def damaged_inside(turn: random.Random, data: bytes) -> bytes:
    """The same within one part of an archive, packed again so that its checksums are right; else to the whole."""
    damage = turn.choice((truncated, flipped, repeated, moved, inflated, sprinkled))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return damage(turn, data)
    if not parts:
        return data
    name = turn.choice(sorted(parts))
    return zipped_parts(parts | {name: damage(turn, parts[name])})


_DAMAGES: Sequence[Damage] = (
    truncated, beheaded, flipped, repeated, moved, inflated, sprinkled, zeroed, damaged_inside, damaged_inside,
)  # fmt: skip
