"""Files made for the tests: the smallest ones that are still whole."""

import io
import zipfile
from email.message import EmailMessage

import docx
import openpyxl
from docx.document import Document

Line = tuple[float, float, str]


def pdf(
    *pages: list[Line], image: bool = False, is_protected: bool = False, size: tuple[int, int] = (595, 842)
) -> bytes:
    """A PDF with ``(x, y from below, text)`` on each page; ``image`` adds a page that is only a grey picture."""
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
        drawn = b"q 400 0 0 400 50 200 cm /I Do Q"
        content = add(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
        kids.append(add(_page(tree, size, b"/XObject << /I %d 0 R >>" % picture, content)))
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
