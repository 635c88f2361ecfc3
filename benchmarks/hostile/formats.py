"""Documents of every format from their parts, whole or not."""

import io
import zipfile


def zipped(**parts: bytes) -> bytes:
    """A ZIP archive of ``parts``; ``__`` in a name is a slash."""
    return zipped_parts({name.replace("__", "/"): data for name, data in parts.items()})


def zipped_parts(parts: dict[str, bytes]) -> bytes:
    """A ZIP archive of ``parts`` by their names."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


_TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default '
    b'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default '
    b'Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType='
    b'"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    b'Target="%s"/></Relationships>'
)
_WORD = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(body: bytes, before: bytes = b"", **more: bytes) -> bytes:
    """A Word document with ``body`` (XML) in it and ``before`` its root element."""
    document = b'<?xml version="1.0"?>%s<w:document %s><w:body>%s</w:body></w:document>' % (before, _WORD, body)
    parts = {"[Content_Types].xml": _TYPES, "_rels/.rels": _RELATIONS % b"word/document.xml",
             "word/document.xml": document}  # fmt: skip
    return zipped_parts(parts | {name.replace("__", "/"): data for name, data in more.items()})


def odt(body: bytes, before: bytes = b"") -> bytes:
    """An OpenDocument text with ``body`` (XML) in it."""
    content = (
        b'<?xml version="1.0"?>%s<office:document-content '
        b'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        b' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>%s</office:text>'
        b"</office:body></office:document-content>" % (before, body)
    )
    return zipped_parts({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content})


def xlsx(sheet: bytes, before: bytes = b"", shared: bytes = b"") -> bytes:
    """A workbook with ``sheet`` (XML rows) in it."""
    main = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    office = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    book = (
        b'<?xml version="1.0"?><workbook %s xmlns:r="%s"><sheets><sheet name="A" sheetId="1" r:id="s"/></sheets>'
        b"</workbook>"
    )
    links = (
        b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="s" Type="%s/worksheet" Target="worksheets/sheet1.xml"/>'
        b'<Relationship Id="t" Type="%s/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    )
    return zipped_parts(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _RELATIONS % b"xl/workbook.xml",
            "xl/workbook.xml": book % (main, office),
            "xl/_rels/workbook.xml.rels": links % (office, office),
            "xl/sharedStrings.xml": b'<?xml version="1.0"?>%s<sst %s>%s</sst>' % (before, main, shared),
            "xl/worksheets/sheet1.xml": b'<?xml version="1.0"?>%s<worksheet %s><sheetData>%s</sheetData></worksheet>'
            % (before, main, sheet),
        }
    )


def row(number: int, *cells: bytes) -> bytes:
    """The XML of one row of cells."""
    filled = b"".join(b'<c r="%c%d" t="inlineStr"><is><t>%s</t></is></c>' % (65 + n, number, cell)
                      for n, cell in enumerate(cells))  # fmt: skip
    return b'<row r="%d">%s</row>' % (number, filled)


def pdf(*objects: bytes, trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A PDF of ``objects``, numbered from 1, with a whole cross-reference table."""
    out, places = b"%PDF-1.5\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % p for p in places)
    return out + b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)


def stream(data: bytes, more: bytes = b"") -> bytes:
    """A stream object of a PDF."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), more, data)
