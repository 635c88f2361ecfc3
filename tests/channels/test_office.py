"""Letters as Word, OpenDocument and Rich Text keep them: what is the writer's, and what only stands in the file."""

import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from cxnlp.channels import xmlparts
from cxnlp.channels.items import Unusable
from cxnlp.channels.rtf import read_rtf
from tests.channels.conftest import rows
from tests.channels.made import archive, letter_docx, odt, saved

One = Callable[..., dict[str, Any]]
W = nsdecls("w")


def with_parts(document: bytes, **parts: bytes) -> bytes:
    """``document`` with more parts, or other ones."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(stream, "w") as new:
        added = {name.replace("__", "/") + ".xml": data for name, data in parts.items()}
        for name in old.namelist():
            if name not in added:
                new.writestr(name, old.read(name))
        for name, data in added.items():
            new.writestr(name, data)
    return stream.getvalue()


def word(*paragraphs: str, **parts: str) -> bytes:
    """A Word document of paragraphs in XML (what stands inside w:p), and more parts."""
    document = docx.Document()
    for paragraph in paragraphs:
        document.element.body.insert_element_before(parse_xml(f"<w:p {W}>{paragraph}</w:p>"), "w:sectPr")
    return with_parts(saved(document), **{name: data.encode() for name, data in parts.items()})


def test_footnotes_follow_the_paragraph_that_refers_to_them(one: One) -> None:
    notes = (
        f'<w:footnotes {W}><w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        '<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>The receipt is enclosed.</w:t></w:r></w:p>'
        "</w:footnote></w:footnotes>"
    )
    ends = (
        f'<w:endnotes {W}><w:endnote w:id="2"><w:p><w:r><w:t>Also by post.</w:t></w:r></w:p></w:endnote></w:endnotes>'
    )
    first = '<w:r><w:t>I paid twice</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:t>.</w:t></w:r>'
    second = '<w:r><w:t>I wrote in May.</w:t></w:r><w:r><w:endnoteReference w:id="2"/></w:r>'
    item = one("letters", "a.docx", word(first, second, word__footnotes=notes, word__endnotes=ends))
    assert item["text"] == "I paid twice.\nThe receipt is enclosed.\nI wrote in May.\nAlso by post."


def test_comments_and_hidden_text_are_not_feedback(one: One) -> None:
    comments = f'<w:comments {W}><w:comment w:id="0"><w:p><w:r><w:t>refuse</w:t></w:r></w:p></w:comment></w:comments>'
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>"
    shown = '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t> at all</w:t></w:r><w:r><w:commentReference w:id="0"/></w:r>'
    item = one("letters", "a.docx", word(f"<w:r><w:t>Not good</w:t></w:r>{hidden}{shown}", word__comments=comments))
    assert item["text"] == "Not good at all"


def test_moved_and_struck_out_words_count_where_they_ended(one: One) -> None:
    moved = "<w:moveFrom><w:r><w:t>late. </w:t></w:r></w:moveFrom><w:r><w:t>It came </w:t></w:r>"
    moved += "<w:moveTo><w:r><w:t>late.</w:t></w:r></w:moveTo><w:del><w:r><w:delText>Never.</w:delText></w:r></w:del>"
    assert one("letters", "a.docx", word(moved))["text"] == "It came late."


def test_a_struck_out_row_goes_and_a_table_in_a_table_is_read_once(one: One) -> None:
    document = docx.Document()
    table = document.add_table(rows=2, cols=1)
    table.cell(0, 0).add_table(rows=1, cols=2).cell(0, 0).text = "inner"
    table.cell(1, 0).text = "gone"
    table.rows[1]._tr.get_or_add_trPr().append(parse_xml(f"<w:del {W}/>"))
    assert one("letters", "a.docx", saved(document))["text"] == "inner"


def test_a_text_box_is_read_once_and_a_smiley_is_a_word(one: One) -> None:
    names = (
        f'{W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com'
        ':vml" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    )
    inner = "<w:txbxContent><w:p><w:r><w:t>Do not bend.</w:t></w:r></w:p></w:txbxContent>"
    box = f'<w:r {names}><mc:AlternateContent><mc:Choice Requires="wps"><wps:txbx>{inner}</wps:txbx></mc:Choice>'
    box += f"<mc:Fallback><w:pict><v:textbox>{inner}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    face = '<w:r><w:t xml:space="preserve">Thank you </w:t><w:sym w:font="Wingdings" w:char="F04A"/></w:r>'
    assert one("letters", "a.docx", word(box + face))["text"] == "Thank you ☺\nDo not bend."


def test_word_files_of_other_makes(tmp_path: Path) -> None:
    letter = letter_docx("It leaks.")
    with zipfile.ZipFile(io.BytesIO(letter)) as opened:
        parts = {name: opened.read(name) for name in opened.namelist()}
    transitional = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    strict = parts["word/document.xml"].replace(transitional, b"http://purl.oclc.org/ooxml/wordprocessingml/main")
    macros = parts["[Content_Types].xml"].replace(b"wordprocessingml.document.main", b"ms-word.macroEnabled.main")
    moved = {name: data for name, data in parts.items() if name != "word/document.xml"}
    moved["word/document2.xml"] = parts["word/document.xml"]
    moved["_rels/.rels"] = parts["_rels/.rels"].replace(b"word/document.xml", b"/word/document2.xml")
    (tmp_path / "a.docx").write_bytes(archive(**(parts | {"word/document.xml": strict})))
    (tmp_path / "b.docm").write_bytes(archive(**(parts | {"[Content_Types].xml": macros})))
    (tmp_path / "c.docx").write_bytes(archive(**moved))
    del parts["docProps/core.xml"]
    (tmp_path / "d.docx").write_bytes(archive(**parts))
    assert [row["text"] for row in rows(tmp_path, "letters")] == ["It leaks."] * 4


def test_a_date_that_stands_in_the_page_header_only(tmp_path: Path) -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Heron House\n5 September 2026"
    document.add_paragraph("It leaks.")
    (tmp_path / "a.docx").write_bytes(saved(document))
    (tmp_path / "b.odt").write_bytes(odt("<text:p>It leaks.</text:p>", header="<text:p>6 September 2026</text:p>"))
    found = rows(tmp_path, "letters")
    assert [row["text"] for row in found] == ["It leaks.", "It leaks."]
    assert [f"{row['occurred_at']:%d.%m.}" for row in found] == ["05.09.", "06.09."]


ODT = """<text:tracked-changes><text:changed-region><text:deletion><text:p>It was fine.</text:p></text:deletion>
</text:changed-region></text:tracked-changes>
<text:h>Complaint</text:h>
<text:p>It cost<text:s text:c="3"/>£4.99<text:line-break/>and <text:span>came <text:change-start/>late<text:change-end/>
</text:span>.<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>By a week.</text:p>
</text:note-body></text:note><office:annotation><text:p>check this</text:p></office:annotation> Again.</text:p>
<text:list><text:list-item><text:p>the box</text:p></text:list-item></text:list>
<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>Order</text:p></table:table-cell>
<table:table-cell><text:p>LF-1</text:p></table:table-cell></table:table-row></table:table-header-rows>
<table:table-row><table:table-cell><text:p>Fault</text:p></table:table-cell><table:covered-table-cell/>
<table:table-cell><text:p>Leg</text:p></table:table-cell></table:table-row></table:table>
<text:p><draw:frame><draw:text-box><text:p>Do not bend.</text:p></draw:text-box></draw:frame>Ann</text:p>"""
ODT_TEXT = (
    "Complaint\nIt cost £4.99\nand came late . Again.\nBy a week.\nthe box\nOrder: LF-1\nFault: Leg\nAnn\nDo not bend."
)


def test_an_opendocument_text(tmp_path: Path) -> None:
    whole = odt(ODT)
    (tmp_path / "a.odt").write_bytes(whole)
    with zipfile.ZipFile(io.BytesIO(whole)) as opened:
        flat = opened.read("content.xml").replace(b"document-content", b"document")
    (tmp_path / "b.fodt").write_bytes(flat)
    assert [row["text"] for row in rows(tmp_path, "letters")] == [ODT_TEXT, ODT_TEXT]


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))
UNUSABLE = {
    "locked.odt": (odt("<text:p>x</text:p>", manifest="<m><encryption-data/></m>"), "Is protected by a password"),
    "empty.odt": (archive(mimetype=b"application/vnd.oasis.opendocument.text"), "Is a .odt; letters are read"),
    "broken.odt": (archive(**{"content.xml": b"<office>"}), "no whole XML"),
    "sheet.odt": (archive(**{"content.xml": b"<office/>"}), "Is an OpenDocument file, but no text"),
    "no.odt": (b"Dear Larkfield", "Is no ODT"),
    "deep.odt": (odt("<text:span>" * 400 + "</text:span>" * 400), "no whole XML"),
    "cut.rtf": (rb"{\rtf1 Dear Larkfield, it leaks", "Is RTF that is cut off"),
    "deep.rtf": (rb"{\rtf1 " + b"{" * 2_000 + b"}" * 2_001, "1,000 groups inside each other"),
    "blank.rtf": (rb"{\rtf1 }", "Has no words"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_an_unusable_document_says_why(one: One, name: str) -> None:
    content, problem = UNUSABLE[name]
    item = one("letters", name, content)
    assert item["text"] is None
    assert problem in item["problem"]


def test_entities_are_never_expanded_nor_fetched(one: One, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("the workspace's secret")
    outside = f'<!ENTITY out SYSTEM "{(tmp_path / "secret").as_uri()}">'
    with zipfile.ZipFile(io.BytesIO(odt("<text:p>Ha &l11;&out; indeed</text:p>"))) as opened:
        content = opened.read("content.xml")
    bomb = content.replace(b"?>", f"?><!DOCTYPE d [{LAUGHS}{outside}]>".encode(), 1)
    thief = content.replace(b"?>", f"?><!DOCTYPE d [{outside}]>".encode(), 1).replace(b"&l11;", b"")
    started = time.process_time()
    assert "no whole XML" in one("letters", "a.odt", archive(**{"content.xml": bomb}))["problem"]
    assert one("letters", "b.odt", archive(**{"content.xml": thief}))["text"] == "Ha indeed"
    assert time.process_time() - started < 2


def test_a_document_that_unpacks_to_far_more_text_than_a_letter(one: One, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xmlparts, "MAX_XML_BYTES", 1_000_000)
    bomb = odt(f"<text:p>{'It leaks. ' * 200_000}</text:p>")
    assert len(bomb) < 20_000
    assert one("letters", "a.odt", bomb)["problem"].startswith("Holds 2 MB of text with its formatting; at most 1 MB")
    assert "Holds 2 MB" in one("letters", "b.docx", word(f"<w:r><w:t>{'It leaks. ' * 200_000}</w:t></w:r>"))["problem"]


RTF_HEAD = (
    rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fnil\fcharset0 Calibri;}{\f1\fnil\fcharset238 Arial CE;}"
    rb"{\f2\fnil\fcharset204 Arial Cyr;}{\f3\fnil\fcharset2 Wingdings;}{\f4\fnil\fcharset128 MS Mincho;}}"
    rb"{\*\generator Riched20;}{\colortbl;\red0\green0\blue0;}{\stylesheet{\s0 Normal;}}{\info{\author Ann Other}}"
)
RTF = {
    "paragraphs and signs": (
        rb"\pard Dear Larkfield,\par\pard It\rquote s \ldblquote new\rdblquote\emdash\~really\line next \{x\}\par",
        "Dear Larkfield,\nIt’s “new”— really\nnext {x}",
    ),
    "code pages by font": (
        rb"\'a34.99 na\'efve {\f1 za\'bf\'f3\'b3\'e6}{\f2 \'cf\'eb\'ee\'f5\'ee}{\f4 \'93\'fa}\par",
        "£4.99 naïve zażółćПлохо日",
    ),
    "Unicode with a sign for old readers": (rb"\u8364?5, \uc2\u322\'b3\'b3 and \uc0\u8364 6\par", "€5, ł and €6"),
    "a pair of surrogates": (rb"\u-10179?\u-8701?\par", "😃"),
    "a smiley of Wingdings": (rb"Thanks {\f3 J}\par", "Thanks ☺"),
    "struck out, put in, hidden": (
        rb"It was {\deleted awful}{\revised poor}{\v secret} {\deleted\plain so}\deleted no\deleted0 .\par",
        "It was poor so.",
    ),
    "a comment": (rb"Fine{\*\atnid AO}{\atnauthor Ann}{\*\annotation{\pard check}}.\par", "Fine."),
    "header, footer, picture": (
        rb"{\header Heron House}{\footer Page 1}{\pict\pngblip 89504e47}{\*\shppict{\pict 00}}Text\par",
        "Text",
    ),
    "a picture in bytes that look like RTF": (rb"{\pict\bin9 }}}}}\par}Text\par", "Text"),
    "a footnote": (rb"I paid twice{\super\chftn}{\footnote\pard{\super\chftn} See receipt.}, really.\par Ann\par",
                   "I paid twice, really.\nSee receipt.\nAnn"),
    "a table": (
        rb"\trowd\cellx1\cellx2\intbl Order\cell LF-1\cell\row"
        rb"\trowd\intbl The leg\par is off\cell Yes\cell\row\pard x\par",
        "Order: LF-1\nThe leg\nis off\nYes\nx",
    ),
    "a link": (rb'{\field{\*\fldinst HYPERLINK "https://x.example"}{\fldrslt my page}}\par', "my page"),
    "a text box": (
        rb"{\shp{\*\shpinst{\sp{\sn shapeType}{\sv 202}}{\shptxt Do not bend.\par}}{\shprslt twice}}\par",
        "Do not bend.",
    ),
    "list marks": (rb"{\listtext\tab 1.\tab}the box\par{\pntext\'b7\tab}the fee\par", "the box\nthe fee"),
    "what nobody knows": (rb"{\*\newthing of tomorrow}\unheardof5 Text\par", "Text"),
}  # fmt: skip


@pytest.mark.parametrize("case", RTF)
def test_rich_text(case: str) -> None:
    body, expected = RTF[case]
    assert read_rtf(RTF_HEAD + body + b"}after the end") == expected


def test_rich_text_of_a_mac_and_of_a_polish_office() -> None:
    assert read_rtf(rb"{\rtf1\mac caf\'8e\par}") == "café"
    assert read_rtf(rb"{\rtf1\ansi\ansicpg1250{\fonttbl{\f0\fcharset0 Arial;}}\f0\'bfle\par}") == "żle"
    assert read_rtf(rb"{\rtf1\ansicpg65001 " + "£5".encode() + rb"\par}") == "£5"
    assert read_rtf(rb"{\rtf1\ansicpg99999 \'a35\par}") == "£5"


def test_a_rich_text_letter_is_told_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "a.rtf").write_bytes(RTF_HEAD + rb"It leaks.\par}")
    (tmp_path / "b.doc").write_bytes(RTF_HEAD + rb"5 September 2026\par It leaks.\par}")  # as Word calls it by itself
    first, second = rows(tmp_path, "letters")
    assert first["text"] == "It leaks."
    assert f"{second['occurred_at']:%d.%m.}" == "05.09."


@pytest.mark.parametrize(
    "repeated", [rb"\b0", rb"\'e9", rb"{\v x}", rb"\u8364?", rb"{\footnote x}", rb"\row", rb"\par "]
)
def test_repetition_takes_time_in_proportion(repeated: bytes) -> None:
    started = time.process_time()
    read_rtf(rb"{\rtf1 " + repeated * 100_000 + b"}")
    assert time.process_time() - started < 5


def test_too_many_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cxnlp.channels.rtf._MAX_TOKENS", 1_000)
    with pytest.raises(Unusable, match="more than 1,000 marks"):
        read_rtf(rb"{\rtf1 " + rb"\b" * 2_000 + b"}")
