"""Bytes to text: encodings, and line breaks that only came from the width of a page."""

import codecs
from collections.abc import Callable
from typing import Any

import pytest

from cxnlp.channels.items import Unusable
from cxnlp.channels.plain import declared_encoding, decode, encoding_of, unwrap

WESTERN = "I was charged £4.99 for a “handling fee” – naïve café owners don’t get that."
RUSSIAN = "Я заказала лампу две недели назад, и она до сих пор не пришла. Никто не отвечает на звонки."
GREEK = "Παρήγγειλα μια λάμπα πριν από δύο εβδομάδες και δεν έχει έρθει ακόμα."
POLISH = "Proszę o zwrot pieniędzy, bardzo żałuję tego zakupu. Źle się czuję."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (WESTERN, "utf-8"),
        (WESTERN, "utf-8-sig"),
        (WESTERN, "cp1252"),
        (WESTERN, "utf-16"),
        (WESTERN, "utf-16-le"),
        (WESTERN, "utf-16-be"),
        ("¿Cómo es posible, señor? 20 m³ de cartón y ½ silla.", "cp1252"),
        ("Le cœur du problème : Noël déçu", "cp1252"),
        ("Größe und Grüße", "cp1252"),
        (POLISH, "cp1250"),
        (POLISH, "utf-8"),
        (POLISH, "iso8859_2"),
        (WESTERN, "utf-32"),
        ("I don’t see why “naïve” café owners pay £5. It’s silly.", "mac_roman"),
        ("The café charged me £5 für ein Brötchen.", "cp850"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        (RUSSIAN, "utf-8"),
        (GREEK, "cp1253"),
        ("plain ASCII", "ascii"),
        ("£", "cp1252"),
    ],
)
def test_letters_keep_their_signs(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert decode(codecs.BOM_UTF8 + b"Hello") == "Hello"
    assert decode(codecs.BOM_UTF16_BE + "Hello".encode("utf-16-be")) == "Hello"


def test_the_encoding_that_a_page_declares_counts_where_it_fits() -> None:
    page = '<html><head><meta http-equiv="Content-Type" content="text/html; charset={}"></head>Źle się czuję</html>'
    for encoding in ("iso-8859-2", "windows-1250", "utf-8"):
        data = page.format(encoding).encode(encoding)
        assert "Źle się czuję" in decode(data, declared_encoding(data))
    wrong = page.format("us-ascii").encode("utf-8")
    assert "Źle się czuję" in decode(wrong, declared_encoding(wrong))
    assert declared_encoding(b"<meta charset='latin1'>") == "cp1252"
    assert declared_encoding(b"<meta charset=x-nothing>") is None
    assert declared_encoding(b"<p>charset=utf-8</p>") is None


def test_one_broken_sign_does_not_turn_the_rest_into_mojibake() -> None:
    data = ("Très déçu, à bientôt. " * 4).encode() + b"\xff end"
    assert decode(data).startswith("Très déçu")


def test_the_encoding_shows_late_in_a_long_file() -> None:
    chunks = [b"plain " * 20_000, "£4.99 “fee”".encode("cp1252")]
    assert encoding_of(chunks) == "cp1252"
    assert encoding_of([chunks[0], "£4.99".encode()]) == "utf-8"


def test_a_sign_cut_by_the_border_of_two_chunks() -> None:
    assert encoding_of([b"caf\xc3", b"\xa9 is open"]) == "utf-8"


@pytest.mark.parametrize("data", [bytes(range(32)) * 50, b"\x00\x01\x02\x03" * 200])
def test_what_is_not_text_says_so(data: bytes) -> None:
    with pytest.raises(Unusable, match="Is not text"):
        decode(data)


def test_every_line_break_becomes_one() -> None:
    assert decode(b"a\r\nb\rc\nd") == "a\nb\nc\nd"


WRAPPED = """Dear Larkfield,

I ordered one bulb. For a lamp. It is the size of a satsuma, and yesterday
a man who was clearly embarrassed handed me a box I could have slept in. I
say this as a student in a shared house.

- the box
- eleven metres of plastic pillows, which we have measured with some care

Tomasz Reilly
Flat 2, 9 Cutler Street"""

JOINED = """Dear Larkfield,

I ordered one bulb. For a lamp. It is the size of a satsuma, and yesterday a man who was clearly embarrassed handed me \
a box I could have slept in. I say this as a student in a shared house.

- the box
- eleven metres of plastic pillows, which we have measured with some care

Tomasz Reilly
Flat 2, 9 Cutler Street"""


def test_a_paragraph_is_one_line_and_a_list_is_not() -> None:
    assert unwrap(WRAPPED) == JOINED


@pytest.mark.parametrize(
    "text",
    [
        "Short lines\nof a poem\nstay lines",
        "x" * 400 + "\n" + "y" * 400,
        "14.02 - dialled the number, and was told that my call was important\n14.20 - told again, and once "
        "more after that, "
        "by a recording\n14.31 - cut off in the middle of Spring",
        "You call it the finest service in the country, and I call it a joke.\nGeoff",
    ],
)
def test_what_is_not_wrapped_stays(text: str) -> None:
    assert unwrap(text) == text


def test_a_day_at_a_lines_start_is_no_list_but_a_numbered_list_is() -> None:
    german = "Ich verlange die Rückzahlung auf mein Konto bei der Sparkasse bis zum\n20. Oktober. Sonst kündige ich."
    assert "bis zum 20. Oktober" in unwrap(german)
    numbered = "1. the box was far too large for what was in it, as always\n2. the fee was not shown before I had paid"
    assert unwrap(numbered) == numbered


def test_a_text_file_is_read_whole(one: Callable[..., dict[str, Any]]) -> None:
    item = one("letters", "a.txt", WRAPPED.encode("utf-16"))
    assert item["text"] == JOINED
