"""Office files, archives and PDFs made to do harm."""

import gzip
import io
import json
import zipfile
import zlib
from collections.abc import Iterator

from benchmarks.hostile import WORDS, Input
from benchmarks.hostile.formats import docx, odt, pdf, row, stream, xlsx, zipped, zipped_parts


def _said(text: bytes) -> bytes:
    return b"<w:p><w:r><w:t>%s</w:t></w:r></w:p>" % text


def archives() -> Iterator[Input]:
    zeros = bytes(30_000_000)
    bomb = zipped(a=zeros)
    for _ in range(4):
        bomb = zipped(**{f"part{n}__x.zip": bomb for n in range(8)})
    lying = bytearray(zipped(word__document_xml=zeros, a=b"x"))
    while (place := lying.find(len(zeros).to_bytes(4, "little"))) >= 0:
        lying[place : place + 4] = (100).to_bytes(4, "little")
    evil = {"../../escaped.txt": WORDS.encode(), "/tmp/cxnlp-escaped.txt": WORDS.encode(),
            "..\\..\\escaped.txt": WORDS.encode(), "C:\\escaped.txt": WORDS.encode(), "a/../../b.txt": b"x",
            "two\nlines.txt": WORDS.encode(), "a\x00b.txt": WORDS.encode()}  # fmt: skip
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = 0o120777 << 16
    linked = io.BytesIO()
    with zipfile.ZipFile(linked, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    for suffix in ("zip", "docx", "odt", "xlsx", "ods"):
        kind = "table" if suffix in ("xlsx", "ods") else "letters"
        yield kind, f"bomb.{suffix}", zipped(word__document_xml=zeros, content_xml=zeros, xl__workbook_xml=zeros)
        yield kind, f"nested.{suffix}", bomb
        yield kind, f"lying.{suffix}", bytes(lying)
        yield kind, f"traversal.{suffix}", zipped_parts(evil)
        yield kind, f"link-inside.{suffix}", linked.getvalue()
        yield kind, f"many.{suffix}", zipped_parts({f"{n}.txt": b"x" for n in range(20_000)})
        yield kind, f"itself-again.{suffix}", zipped_parts({"a.txt": b"x"}) * 50
    yield "letters", "traversal-inside.docx", docx(_said(b"x"), **{"..__..__escaped.txt": b"x"})
    yield "letters", "balloon.docx", docx(b"<w:p/>" * 4_000_000)
    yield "letters", "balloon.odt", odt(b"<text:p/>" * 4_000_000)
    yield "letters", "spaces.odt", odt(b'<text:p>a<text:s text:c="2000000000"/>b</text:p>')
    yield "letters", "gzip.txt", gzip.compress(bytes(10_000_000))
    yield "table", "balloon.xlsx", xlsx(row(1, b"id", b"date", b"notes") + b"".join(
        row(n, b"1", b"2026-09-07", b"late") for n in range(2, 200_000)))  # fmt: skip
    yield (
        "table",
        "far.xlsx",
        xlsx(row(1, b"id", b"date", b"notes") + b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    )
    yield "table", "repeated.ods", zipped(content_xml=b'<table:table-row table:number-rows-repeated="2000000000"/>')


def entities() -> Iterator[Input]:
    laughs = b'<!DOCTYPE d [<!ENTITY l0 "ha">%s]>' % b"".join(
        b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12)
    )
    quadratic = b'<!DOCTYPE d [<!ENTITY q "%s">]>' % (b"a" * 100_000)
    outside = b'<!DOCTYPE d [<!ENTITY q SYSTEM "file:///etc/passwd">]>'
    network = b'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/evil.dtd"><!-- -->'
    parameter = b'<!DOCTYPE d [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>'
    recursive = b'<!DOCTYPE d [<!ENTITY q "&r;"><!ENTITY r "&q;">]>'
    for name, before, use in (("laughs", laughs, b"&l11;"), ("quadratic", quadratic, b"&q;" * 20_000),
                              ("outside", outside, b"&q;"), ("network", network, b"x"), ("parameter", parameter, b"x"),
                              ("recursive", recursive, b"&q;")):  # fmt: skip
        yield "letters", f"{name}.docx", docx(_said(use), before)
        yield "letters", f"{name}.odt", odt(b"<text:p>%s</text:p>" % use, before)
        yield "letters", f"{name}.html", b"%s<html><body>%s %s</body></html>" % (before, WORDS.encode(), use)
        yield (
            "table",
            f"{name}.xlsx",
            xlsx(row(1, b"id", b"date", b"notes") + row(2, b"1", b"2026-09-07", use), before),
        )
        yield "posts", f"{name}.jsonl", json.dumps({"id": "1", "content": (before + use).decode(), "account": {},
                                                    "created_at": "2026-09-07T10:00:00Z"}).encode() + b"\n"  # fmt: skip


def pdfs() -> Iterator[Input]:
    catalog = b"<< /Type /Catalog /Pages 2 0 R >>"
    one = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 5 0 R >> "
        b"/XObject << /X 6 0 R >> >> /Contents 4 0 R >>"
    )
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>"
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >>"
    text = stream(b"BT /F 10 Tf 50 700 Td (%s) Tj ET" % WORDS.encode())
    flood = zlib.compress(b"BT /F 10 Tf 1 0 Td (late ) Tj ET\n" * 2_000_000)
    yield "letters", "pages-loop.pdf", pdf(catalog, b"<< /Type /Pages /Count 1 /Kids [2 0 R] >>")
    yield (
        "letters",
        "pages-many.pdf",
        pdf(catalog, b"<< /Type /Pages /Count 2147483647 /Kids [3 0 R] >>", page, text, font),
    )
    yield (
        "letters",
        "kids-many.pdf",
        pdf(catalog, b"<< /Type /Pages /Count 90000 /Kids [%s] >>" % (b"3 0 R " * 90_000), page, text, font),
    )
    yield "letters", "contents-loop.pdf", pdf(catalog, one, page.replace(b"4 0 R", b"3 0 R"), text, font)
    yield "letters", "form-loop.pdf", pdf(catalog, one, page, stream(b"/X Do"), font, stream(b"/X Do " * 9, form))
    yield "letters", "previous-loop.pdf", pdf(catalog, one, page, text, font, trailer=b"/Root 1 0 R /Prev 9")
    yield "letters", "root-loop.pdf", pdf(b"1 0 R", trailer=b"/Root 1 0 R")
    yield "letters", "length-loop.pdf", pdf(catalog, one, page, b"<< /Length 4 0 R >>\nstream\nBT ET\nendstream", font)
    yield "letters", "flood.pdf", pdf(catalog, one, page, stream(flood, b"/Filter /FlateDecode"), font)
    yield (
        "letters",
        "filters.pdf",
        pdf(catalog, one, page, stream(flood, b"/Filter [%s]" % (b"/FlateDecode " * 500)), font),
    )
    yield "letters", "deep.pdf", pdf(catalog, one, page + b"[" * 200_000, text, font)
    yield "letters", "deeper.pdf", pdf(catalog, one, page, stream(b"[" * 1_000_000), font)
    yield "letters", "states.pdf", pdf(catalog, one, page, stream(b"q " * 3_000_000), font)
    yield "letters", "wide.pdf", pdf(catalog, one, page.replace(b"595 842", b"1e38 -1e38"), text, font)
    yield "letters", "far.pdf", pdf(catalog, one, page, stream(b"BT /F 1e30 Tf 1e30 1e-30 Td (x) Tj ET"), font)
    yield (
        "letters",
        "script.pdf",
        pdf(catalog.replace(b">>", b"/OpenAction << /S /JavaScript /JS (while(1){}) >> >>"), one, page, text, font),
    )
    yield "letters", "only-head.pdf", b"%PDF-1.7\n"
    yield "letters", "no-end.pdf", b"%PDF-1.7\n" + b"1 0 obj << " * 100_000
