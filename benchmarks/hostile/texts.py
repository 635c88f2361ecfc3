"""Lines without end, depth, deceiving signs, mails and numbers made to do harm."""

import json
import zlib
from collections.abc import Iterator

from benchmarks.hostile import WORDS, Input
from benchmarks.hostile.formats import docx, odt, xlsx


def long_lines(n_bytes: int) -> Iterator[Input]:
    line = b"late " * (n_bytes // 5)
    post = {"id": "1", "text": WORDS, "author_id": "2", "created_at": "2026-09-07T10:00:00Z"}
    yield "letters", "line.txt", line
    yield "letters", "line.html", b"<html><p>" + line
    yield "letters", "line.eml", b"Message-ID: <a@b>\nFrom: a@b.example\nSubject: " + line + b"\n\n" + WORDS.encode()
    yield "letters", "line.rtf", b"{\\rtf1 " + line + b"}"
    yield "table", "line.csv", b"id,date,notes\n1,2026-09-07," + line
    yield "table", "line-quoted.csv", b'id,date,notes\n1,2026-09-07,"' + line
    yield "table", "line-cells.csv", b"id,date,notes\n1,2026-09-07" + b",x" * (n_bytes // 2)
    yield "table", "line-quotes.csv", b"id,date,notes\n" + b'"' * n_bytes
    yield "transcripts", "line.vtt", b"WEBVTT\n\n00:00.000 --> 00:01.000\n" + line
    yield "transcripts", "line.srt", b"1\n00:00:00,000 --> 00:00:01,000\n" + line
    yield "transcripts", "line.txt", b"Agent: " + line
    yield (
        "posts",
        "line.jsonl",
        json.dumps(post).encode()
        + b"\n"
        + json.dumps(post | {"text": line.decode()}).encode()
        + b"\n"
        + json.dumps(post | {"id": "3"}).encode(),
    )
    yield "posts", "line-spaces.jsonl", b" " * n_bytes + json.dumps(post).encode()
    yield "posts", "line.json", b"[" + line


def depths() -> Iterator[Input]:
    for depth in (500, 100_000):
        yield "posts", f"deep-list-{depth}.json", b"[" * depth + b"]" * depth
        yield "posts", f"deep-object-{depth}.jsonl", b'{"data":' * depth + b"1" + b"}" * depth + b"\n"
        yield "transcripts", f"deep-{depth}.json", b'{"segments":[' * depth + b"]}" * depth
        yield "letters", f"deep-{depth}.html", b"<div>" * depth + WORDS.encode()
        yield "letters", f"deep-inline-{depth}.html", b"<p><b>" * depth + WORDS.encode()
        yield "letters", f"deep-{depth}.docx", docx(b"<w:tbl><w:tr><w:tc>" * depth + b"</w:tc></w:tr></w:tbl>" * depth)
        yield "letters", f"deep-{depth}.odt", odt(b"<text:span>" * depth + b"x" + b"</text:span>" * depth)
        yield "letters", f"deep-{depth}.rtf", b"{\\rtf1 " + b"{" * depth + b"x" + b"}" * depth
        parts = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth // 20))
        yield "letters", f"deep-{depth}.eml", b"From: a@b.example\nMIME-Version: 1.0\n" + parts + b"\n" + WORDS.encode()
        quoted = b"\n".join(b">" * n + b" " + WORDS.encode() for n in range(min(depth, 3_000)))
        yield (
            "letters",
            f"quoted-{depth}.eml",
            b"Message-ID: <q@b>\nFrom: a@b.example\n\n" + WORDS.encode() + b"\n" + quoted,
        )


def signs() -> Iterator[Input]:
    tricks = {
        "nul": "\x00".join(WORDS),
        "nuls": "\x00" * 100_000,
        "rtl": "\u202e" + WORDS + "\u202c\u2066\u2069",
        "zero-width": "\u200b\u200c\u200d\u2060\ufeff".join(WORDS),
        "combining": "a" + "\u0300" * 50_000,
        "surrogates": WORDS + "\\ud800 \\udfff",
        "terminal": f"\x1b]0;gone\x07\x1b[2J{WORDS}\x9b31m",
        "controls": "".join(map(chr, range(32))) + WORDS,
        "private": "\ue000\U000f0000\ufffe\uffff" * 1_000 + WORDS,
        "emoji": "👩‍👩‍👧‍👦" * 5_000,
        "formula": f"=HYPERLINK(\"http://x\",\"{WORDS}\")",
        "markup": f"<img src=x onerror=alert(1)>{WORDS}</script><script>alert(1)</script>",
        "sql": f"'); DROP TABLE feedback; -- {WORDS}",
        "template": "{{ 7 * 7 }} {% for x in y %} ${7*7} #{7*7} %s %n {0}",
        "spaces": WORDS + " " * 100_000 + "x",
        "dots": "." * 100_000 + "x",
        "ats": "a@" * 50_000,
        "digits": "4" * 100_000,
        "spaced-digits": "4 " * 50_000,
        "brackets": "[PERSON]" * 5_000,
        "capitals": "Aa " * 30_000,
        "no-space": "late" * 45_000,
    }  # fmt: skip
    for name, text in tricks.items():
        yield "letters", f"{name}.txt", text.encode("utf-8", "surrogatepass")
        cell = text.replace('"', '""')
        yield "table", f"{name}.csv", f'id,date,notes\n1,2026-09-07,"{cell}"\n'.encode("utf-8", "surrogatepass")
        yield "transcripts", f"{name}.vtt", f"WEBVTT\n\n00:00.000 --> 00:01.000\n<v Agent>{text}\n".encode()
        post = {"id": f"{name}", "text": text, "author_id": text[:200], "created_at": "2026-09-07T10:00:00Z"}
        yield "posts", f"{name}.jsonl", json.dumps(post).replace("\\\\ud", "\\ud").encode() + b"\n"
    yield "letters", "utf-16.txt", WORDS.encode("utf-16")[:-1]
    yield "letters", "utf-32.txt", WORDS.encode("utf-32")
    yield "letters", "not-utf-8.txt", b"\xff\xfe\xfd\xc0\x80" * 200 + WORDS.encode()
    yield "letters", "random.txt", bytes((n * 7919 + n // 251) % 256 for n in range(100_000))


def mails() -> Iterator[Input]:
    head = b"Message-ID: <m@b.example>\nFrom: a@b.example\nMIME-Version: 1.0\n"
    body = WORDS.encode()
    yield (
        "letters",
        "parts.eml",
        head + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 5_000 + b"--b--\n",
    )
    yield "letters", "headers.eml", b"X: y\n" * 200_000 + b"\n" + body
    yield "letters", "folded.eml", head + b"Subject: a\n" + b" b\n" * 200_000 + b"\n" + body
    yield "letters", "to-many.eml", head + b"To: " + b"a@b.example, " * 50_000 + b"\n\n" + body
    yield "letters", "from-deep.eml", b"Message-ID: <m@b>\nFrom: " + b"(" * 50_000 + b"a@b.example\n\n" + body
    yield (
        "letters",
        "from-words.eml",
        b"Message-ID: <m@b>\nFrom: " + b"=?utf-8?q?=?=" * 20_000 + b" <a@b.example>\n\n" + body,
    )
    yield "letters", "charset.eml", head + b'Content-Type: text/plain; charset="../../etc/passwd\x00"\n\n' + body
    yield (
        "letters",
        "codec.eml",
        head + b"Content-Type: text/plain; charset=zlib_codec\n\n" + zlib.compress(bytes(10_000_000)),
    )
    yield "letters", "base64.eml", head + b"Content-Transfer-Encoding: base64\n\n" + b"=" * 1_000_000
    yield (
        "letters",
        "uu.eml",
        head + b"Content-Transfer-Encoding: x-uuencode\n\nbegin 666 ../../escaped\n" + b"M" * 100_000,
    )
    yield "letters", "boundary.eml", head + b'Content-Type: multipart/mixed; boundary=""\n\n--\n\n' * 500
    yield (
        "letters",
        "continued-name.eml",
        head + b"".join(b"Content-Disposition: attachment; filename*%d=a\n" % n for n in range(3_000)) + b"\n" + body,
    )
    yield "letters", "attached-path.eml", head + (
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSee attached.\n--b\n"
        b"Content-Disposition: attachment; filename=\"../../escaped.txt\"\n\n" + body + b"\n--b--\n")  # fmt: skip
    yield (
        "letters",
        "box.mbox",
        (b"From a@b.example Mon Sep  7 10:00:00 2026\n" + head + b"\n" + body + b"\n\n") * 50 + b"From " * 9_999,
    )


def numbers() -> Iterator[Input]:
    post = '{"id": %s, "text": "%s", "author_id": "2", "created_at": %s}\n'
    for name, number in (("large", "9" * 10_000), ("float", "1e400"), ("nan", "NaN"), ("negative", "-1e308")):
        yield "posts", f"number-{name}.jsonl", (post % (number, WORDS, number)).encode()
        yield (
            "transcripts",
            f"number-{name}.json",
            f'{{"segments": [{{"speaker": {number}, "text": "{WORDS}"}}], "date": {number}}}'.encode(),
        )
    for name, when in (("last", "9999-12-31T23:59:59-12:00"), ("first", "0001-01-01T00:00:00+14:00"),
                       ("year", "2026-99-99"), ("long", "2026" * 5_000),
                       ("zone", "2026-09-07T10:00:00+99:99")):  # fmt: skip
        yield "posts", f"date-{name}.jsonl", (post % ('"1"', WORDS, json.dumps(when))).encode()
        yield "table", f"date-{name}.csv", f"id,date,notes\n1,{when},{WORDS}\n".encode()
        yield "letters", f"date-{name}.eml", f"Message-ID: <d@b>\nFrom: a@b.example\nDate: {when}\n\n{WORDS}\n".encode()
    yield "transcripts", "times.vtt", b"WEBVTT\n\n99999999999:99:99.999 --> 00:00.000\n" + WORDS.encode()
    yield "transcripts", "backwards.srt", b"-1\n00:00:09,000 --> 00:00:00,000\n" + WORDS.encode()
    yield "table", "columns.csv", b",".join(b"notes" for _ in range(100_000)) + b"\n" + b"x," * 100_000
    yield "table", "rows.csv", b"id,date,notes\n" + b"\n," * 50_000
    yield (
        "table",
        "shared.xlsx",
        xlsx(b'<row r="1"><c r="A1" t="s"><v>99999999</v></c></row>', shared=b"<si><t>x</t></si>"),
    )
