"""Write the hostile inputs to a folder, read them as a night does, and say what became of each."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from benchmarks.hostile import KINDS, Input, documents, texts
from benchmarks.hostile.formats import docx, odt, pdf, stream, xlsx
from benchmarks.hostile.mutations import damaged
from benchmarks.hostile.tricks import place_tricks
from cxnlp import channels
from cxnlp.channels.files import File
from cxnlp.channels.items import Item
from cxnlp.settings import Source
from pipelines.readers import Readers
from tests.channels.made import doc
from tests.channels.test_sealed import BER, package, sealed, winmail

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
CHANNELS = {"letters": "letter", "table": "call", "transcripts": "call", "posts": "social"}


@dataclass
class Account:
    """What became of the inputs. ``lost`` are files that left no trace: there must be none."""

    n_files: int = 0
    n_items: int = 0
    n_problems: int = 0
    n_processes: int = 0
    seconds: float = 0.0
    slowest: list[tuple[float, str]] = field(default_factory=list)
    problems: Counter[str] = field(default_factory=Counter)
    stopped: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)  # in the ledger with no item at all: a table of headers only
    lost: list[str] = field(default_factory=list)


def source(kind: str, path: Path = Path()) -> Source:
    """A source that reads everything of its kind."""
    return Source.model_validate({"name": kind, "channel": CHANNELS[kind], "kind": kind, "path": path})


def write(folder: Path, *, n: int, seed: int, line_bytes: int, every: int = 1) -> int:
    """Write ``n`` inputs below ``folder``, the known tricks first (each ``every``-th of them); return how many."""
    n_written = place_tricks(folder)
    handmade = chain(*(make() for make in _makers(line_bytes)))
    chosen = (trick for number, trick in enumerate(handmade) if number % every == 0)
    n_written += sum(_put(folder, each) for each in chosen)
    rest = max(n - n_written, 0)
    return n_written + sum(_put(folder, each) for each in damaged(SAMPLE, list(_whole_ones()), rest, seed))


def _makers(line_bytes: int) -> list[Callable[[], Iterator[Input]]]:
    return [
        documents.archives,
        documents.entities,
        documents.pdfs,
        lambda: texts.long_lines(line_bytes),
        texts.depths,
        texts.signs,
        texts.mails,
        texts.numbers,
    ]


def _whole_ones() -> Iterator[Input]:
    """Whole files of formats that the sample has none of, to be damaged."""
    words = b"Dear Larkfield, the sofa came late and nobody rang. I am very disappointed."
    text = stream(b"BT /F 10 Tf 50 700 Td (%s) Tj ET" % words)
    head = b"Message-ID: <w@b.example>\nFrom: a@b.example\nDate: Mon, 7 Sep 2026 10:00:00 +0000\n"
    yield "letters", "whole.eml", head + b"\n" + words
    yield "letters", "whole.mbox", b"From a@b.example Mon Sep  7 10:00:00 2026\n" + head + b"\n" + words + b"\n"
    yield "letters", "whole.html", b"<html><body><h1>Letter</h1><p>%s</p><ul><li>late</ul></body></html>" % words
    yield "letters", "whole.rtf", b"{\\rtf1\\ansi{\\fonttbl\\f0 Times;}\\f0\\b %s\\b0\\par \\u8364?5}" % words
    yield "letters", "whole.odt", odt(b"<text:p>%s</text:p>" % words)
    yield "letters", "whole.docx", docx(b"<w:p><w:r><w:t>%s</w:t></w:r></w:p>" % words)
    yield "letters", "whole.doc", doc(f"{words.decode()}\r" * 8, "\u20ac \x13 PAGE \x14three\x15\r")
    yield "letters", "whole-signed.eml", sealed(BER).as_bytes()
    yield "letters", "whole-winmail.eml", package("See the attached.", winmail(("letter.txt", words)))
    yield "letters", "whole.pdf", pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 5 0 R >> >> "
        b"/Contents 4 0 R >>",
        text, b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
    )  # fmt: skip
    cells = b"".join(b'<c r="%s" t="inlineStr"><is><t>%s</t></is></c>' % pair
                     for pair in ((b"A1", b"date"), (b"B1", b"notes")))  # fmt: skip
    said = (
        b'<c r="A2" t="inlineStr"><is><t>2026-09-07</t></is></c><c r="B2" t="inlineStr"><is><t>%s</t></is></c>' % words
    )
    yield "table", "whole.xlsx", xlsx(b'<row r="1">%s</row><row r="2">%s</row>' % (cells, said))
    yield "table", "whole.tsv", b"id\tdate\tnotes\n1\t2026-09-07\t" + words + b"\n"
    cues = (b"1\n00:00:01,000 --> 00:00:04,000\nAgent: Larkfield, Tom speaking.\n\n",
            b"2\n00:00:05,000 --> 00:00:09,000\nCaller: It came late.\n")  # fmt: skip
    yield "transcripts", "whole.srt", b"".join(cues)


def _put(folder: Path, made: Input) -> int:
    kind, name, data = made
    path = folder / kind / name
    if path.exists() or path.is_symlink():
        return 0
    path.write_bytes(data)
    return 1


def account(folder: Path, *, item_seconds: float, item_megabytes: int) -> Account:
    """Read all inputs below ``folder`` and account for each."""
    done = Account()
    started = time.perf_counter()
    with closing(Readers(item_seconds, item_megabytes)) as readers:
        for kind in KINDS:
            _read(folder / kind, kind, readers, done)
        done.n_processes = readers.n_started
    done.seconds = time.perf_counter() - started
    done.slowest = sorted(done.slowest, reverse=True)[:10]
    return done


def _read(folder: Path, kind: str, readers: Readers, done: Account) -> None:
    asked = source(kind)

    def timed(source: Source, file: File) -> Iterator[Item]:
        started = time.perf_counter()
        yield from readers.read_file(source, file)
        done.slowest.append((round(time.perf_counter() - started, 1), f"{kind}/{file.name}"))

    left = {file.name for file in channels.files_of(asked, folder)}
    done.n_files += len(left)
    for batch in channels.read(asked, folder, channels.no_files(), 1_000, read_one=timed):
        done.n_items += batch.items.height
        problems = batch.items.filter(batch.items["problem"].is_not_null())
        done.n_problems += problems.height
        done.problems.update(str(problem)[:60] for problem in problems["problem"])
        stopped = problems.filter(problems["problem"].str.contains("reading it was stopped"))
        done.stopped += [f"{kind}/{name}" for name in stopped["file"]]
        done.silent += [f"{kind}/{name}" for name in batch.files.filter(batch.files["n_items"] == 0)["file"]]
        left -= set(batch.files["file"])
    done.lost += [f"{kind}/{name}" for name in sorted(left)]
