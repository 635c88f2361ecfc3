"""Files made for the tests: the smallest ones that are still whole."""

import io
import itertools
import struct
import zipfile
from email.message import EmailMessage

import docx
import openpyxl
from docx.document import Document

Line = tuple[float, float, str]


def pdf(
    *pages: list[Line],
    image: bool = False,
    stamp: str = "",
    is_protected: bool = False,
    size: tuple[int, int] = (595, 842),
) -> bytes:
    """A PDF with ``(x, y from below, text)`` on each page.

    ``image`` adds a page that is only a grey picture, with ``stamp`` below it.
    """
    bodies: list[bytes] = []

    def add(body: bytes) -> int:
        bodies.append(body)
        return len(bodies)

    catalog, tree = add(b""), add(b"")
    font = add(b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>")
    kids = []
    for lines in pages:
        drawn = b"\n".join(b"BT /F1 10 Tf %g %g Td (%s) Tj ET" % (x, y, _escaped(text)) for x, y, text in lines)
        content = add(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
        kids.append(add(_page(tree, size, b"/Font << /F1 %d 0 R >>" % font, content)))
    if image:
        pixels = bytes([120] * 64)
        picture = add(
            b"<< /Type /XObject /Subtype /Image /Width 8 /Height 8 /ColorSpace /DeviceGray /BitsPerComponent 8 "
            b"/Length 64 >>"
            b"\nstream\n" + pixels + b"\nendstream"
        )
        drawn = b"q 500 0 0 700 50 100 cm /I Do Q BT /F1 10 Tf 60 60 Td (%s) Tj ET" % _escaped(stamp)
        content = add(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
        used = b"/XObject << /I %d 0 R >> /Font << /F1 %d 0 R >>" % (picture, font)
        kids.append(add(_page(tree, size, used, content)))
    bodies[catalog - 1] = b"<< /Type /Catalog /Pages %d 0 R >>" % tree
    references = b" ".join(b"%d 0 R" % kid for kid in kids)
    bodies[tree - 1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), references)
    if not is_protected:
        return _assembled(bodies)
    owner, user = b"41" * 32, b"42" * 32  # no password gives these, so every reader asks for one
    lock = add(b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" % (owner, user))
    return _assembled(bodies, b"/Encrypt %d 0 R /ID [<43> <43>] " % lock)


def _escaped(text: str) -> bytes:
    return text.encode("cp1252").replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")


def _page(tree: int, size: tuple[int, int], resources: bytes, content: int) -> bytes:
    return b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %d %d] /Resources << %s >> /Contents %d 0 R >>" % (
        tree,
        *size,
        resources,
        content,
    )


def _assembled(bodies: list[bytes], trailer: bytes = b"") -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer\n<< %s/Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (trailer, len(bodies) + 1, start)


def filled_form(value: str) -> bytes:
    """A PDF form with one field, as a browser fills it in: the value without a picture of it; a note and a link."""
    drawn = b"BT /F1 10 Tf 60 700 Td (Your complaint:) Tj ET"
    field = (
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (c) /V (%s) /DA (/F1 10 Tf 0 g) /F 4 /Rect [60 600 500 630] >>"
    )
    return _assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] /DR << /Font << /F1 5 0 R >> >> >> >>",
            b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 5 0 R >> >> "
            b"/Contents 6 0 R /Annots [4 0 R 7 0 R 8 0 R] >>",
            field % _escaped(value),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
            b"<< /Type /Annot /Subtype /Text /Contents (check this) /Rect [10 10 20 20] >>",
            b"<< /Type /Annot /Subtype /Link /Rect [10 10 20 20] /A << /S /URI /URI (https://x.example) >> >>",
        ]
    )


def column(x: float, top: float, *lines: str) -> list[Line]:
    """Lines below one another, 14 points apart."""
    return [(x, top - 14 * number, text) for number, text in enumerate(lines)]


def saved(document: Document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def letter_docx(*paragraphs: str) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    return saved(document)


def xlsx(**sheets: list[list[object]]) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, table in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in table:
            sheet.append(row)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def ods(**sheets: str) -> bytes:
    """An .ods workbook whose sheets are given as the XML of their rows."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    tables = "".join(f'<table:table table:name="{name}">{rows}</table:table>' for name, rows in sheets.items())
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>{tables}</office:spreadsheet>"
        "</office:body></office:document-content>"
    )
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    parts = {"content.xml": content.encode(), "META-INF/manifest.xml": manifest.encode()}
    return archive(mimetype=kind, **parts)


def ods_row(*cells: str, dates: tuple[int, ...] = ()) -> str:
    """One row of an .ods sheet; ``dates`` are the positions of cells that hold an ISO date."""
    kinds = ['date" office:date-value="' + cell if number in dates else "string" for number, cell in enumerate(cells)]
    written = [
        f'<table:table-cell office:value-type="{kind}"><text:p>{cell}</text:p></table:table-cell>'
        for kind, cell in zip(kinds, cells, strict=True)
    ]
    return f"<table:table-row>{''.join(written)}</table:table-row>"


def archive(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in parts.items():
            opened.writestr(name.replace("__", "/"), data)
    return stream.getvalue()


def mail(text: str | None = "Hello", html: str | None = None, **headers: str) -> EmailMessage:
    message = EmailMessage()
    values = {
        "From": "Ann Other <ann@example.org>",
        "Date": "Mon, 14 Sep 2026 10:11:12 +0100",
        "Subject": "Order",
        "Message-ID": "<m1@example.org>",
    }
    for name, value in (values | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        message[name] = value
    if text is not None:
        message.set_content(text)
        if html is not None:
            message.add_alternative(html, subtype="html")
    elif html is not None:
        message.set_content(html, subtype="html")
    return message


_ODF = "urn:oasis:names:tc:opendocument:xmlns:"


def odt(body: str, *, header: str = "", manifest: str = "<manifest/>") -> bytes:
    """An OpenDocument text with ``body`` in its office:text, and ``header`` on its pages."""
    names = " ".join(f'xmlns:{name}="{_ODF}{name}:1.0"' for name in ("office", "text", "table", "style"))
    names += f' xmlns:draw="{_ODF}drawing:1.0"'
    content = f"<office:document-content {names}><office:body><office:text>{body}</office:text></office:body>"
    styles = f"<office:document-styles {names}><style:header>{header}</style:header></office:document-styles>"
    return archive(
        mimetype=b"application/vnd.oasis.opendocument.text",
        **{
            "content.xml": f"<?xml version='1.0'?>{content}</office:document-content>".encode(),
            "styles.xml": styles.encode(),
            "META-INF__manifest.xml": manifest.encode(),
        },
    )


Storage = dict[str, "bytes | Storage"]


def msg(properties: dict[str, str | bytes | int], *attached: Storage, is_inner: bool = False) -> Storage:
    """What an Outlook mail holds: texts and bytes as streams, numbers and times in the list of properties."""
    storage: Storage = {}
    fixed = b""
    for name, value in properties.items():
        if isinstance(value, int):
            kind = 0x0040 if value > 0xFFFFFFFF else 0x0003
            fixed += struct.pack("<HHIQ", kind, int(name, 16), 6, value)
        else:
            is_text = isinstance(value, str)
            data = value.encode("utf-16-le") if isinstance(value, str) else value
            storage[f"__substg1.0_{name}{'001F' if is_text else ''}"] = data
    storage["__properties_version1.0"] = bytes(24 if is_inner else 32) + fixed
    return storage | {f"__attach_version1.0_#{number:08X}": each for number, each in enumerate(attached)}


def doc(*pieces: str, counts: tuple[int, ...] = (), flags: int = 0, version: int = 0x00C1) -> bytes:
    """A document of Word 97, as [MS-DOC] lays it out: header, pieces and their table; cp1252 has one byte a sign.

    ``counts``: characters of body, footnotes, headers, nothing, comments, endnotes, boxes, header boxes.
    """
    head = bytearray(0x400)
    struct.pack_into("<HH", head, 0, 0xA5EC, version)
    struct.pack_into("<H", head, 0x0A, 0x0200 | flags)
    counts = counts or (sum(map(len, pieces)),)
    struct.pack_into(f"<{len(counts)}I", head, 0x4C, *counts)
    text, places, borders = b"", b"", [0]
    for piece in pieces:
        is_narrow = piece.encode("cp1252", "ignore").decode("cp1252") == piece
        at = len(head) + len(text)
        places += struct.pack("<HIH", 0, (at * 2) | 1 << 30 if is_narrow else at, 0)
        text += piece.encode("cp1252" if is_narrow else "utf-16-le")
        borders.append(borders[-1] + len(piece))
    table = struct.pack(f"<{len(borders)}I", *borders) + places
    clx = b"\x01\x03\x00abc" + b"\x02" + struct.pack("<I", len(table)) + table
    struct.pack_into("<II", head, 0x1A2, 16, len(clx))
    return compound({"WordDocument": bytes(head) + text, "1Table": bytes(16) + clx})


def compound(root: Storage) -> bytes:
    """A compound file (OLE, version 3) with ``root`` in it: header, sectors, one list of them."""
    entries: list[bytearray] = []
    small, sectors, table = b"", b"", []
    small_table: list[int] = []

    def chain(data: bytes) -> int:
        nonlocal sectors
        start, n_sectors = len(table), -(-len(data) // 512)
        table.extend([*range(start + 1, start + n_sectors), 0xFFFFFFFE] if n_sectors else [])
        sectors += data.ljust(512 * n_sectors, b"\0")
        return start if n_sectors else 0xFFFFFFFE

    def add(name: str, kind: int, content: "bytes | Storage") -> int:
        nonlocal small
        number = len(entries)
        entries.append(bytearray(128))
        start, size, child = 0, 0, 0xFFFFFFFF
        if isinstance(content, dict):
            numbers = [add(each, 2 if isinstance(inner, bytes) else 1, inner) for each, inner in content.items()]
            for before, after in itertools.pairwise(numbers):  # a tree that is a list
                entries[before][72:76] = struct.pack("<I", after)
            child = numbers[0] if numbers else child
        elif len(content) >= 4096:
            start, size = chain(content), len(content)
        else:
            start, size, n_small = len(small_table), len(content), -(-len(content) // 64)
            small_table.extend([*range(start + 1, start + n_small), 0xFFFFFFFE] if n_small else [])
            small += content.ljust(64 * n_small, b"\0")
        title = (name + "\0").encode("utf-16-le")
        entries[number][:] = title.ljust(64, b"\0") + struct.pack("<HBB", len(title), kind, 1) + b"\xff" * 8
        entries[number] += struct.pack("<I", child) + bytes(36) + struct.pack("<IQ", start, size)
        return number

    add("Root Entry", 5, root)
    entries[0][116:128] = struct.pack("<IQ", chain(small), len(small))
    directory = chain(b"".join(bytes(entry) for entry in entries))
    small_start = chain(struct.pack(f"<{len(small_table)}I", *small_table).ljust(512, b"\xff"))
    n_table = next(n for n in range(1, 100) if n * 128 >= len(table) + n)
    first = len(table)
    table += [0xFFFFFFFD] * n_table
    sectors += struct.pack(f"<{len(table)}I", *table).ljust(512 * n_table, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIIII", 0, n_table, directory, 0, 4096, small_start, 1, 0xFFFFFFFE, 0, first)
    return header + struct.pack("<108I", *range(first + 1, first + n_table), *[0xFFFFFFFF] * (109 - n_table)) + sectors
