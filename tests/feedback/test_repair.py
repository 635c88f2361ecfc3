import pytest

from cxnlp.feedback.repair import repair, repair_line


@pytest.mark.parametrize(
    ("arrived", "stored"),
    [
        ("The lamp doesnâ€™t work, itâ€™s Â£40", "The lamp doesn't work, it's £40"),
        ("cafe\u0301", "café"),
        ("ﬁve stars", "five stars"),
        ("one\r\ntwo\rthree\u2028four\x0bfive", "one\ntwo\nthree\nfour\nfive"),
        ("a\t b\u00a0\u2003c", "a b c"),
        ("  indented \n\n  kept lines  \n", "indented\n\nkept lines"),
        ("re\u00adfund\u200b now\ufeff", "refund now"),
        ("pay \u202e94.4£\u202c", "pay 94.4£"),
        ("null\x00 bell\x07", "null bell"),
        ("𝗡𝗲𝘃𝗲𝗿 𝘢𝘨𝘢𝘪𝘯", "Never again"),
        ("my family 👩‍👩‍👧 loves it", "my family 👩‍👩‍👧 loves it"),
        ("me\u200d&\u200dyou", "me&you"),
        ("Tom &amp; Jo", "Tom & Jo"),
        ("\ud800 lone half", "\ufffd lone half"),
    ],
)
def test_text_is_repaired(arrived: str, stored: str) -> None:
    assert repair(arrived) == stored


def test_repair_is_done_once_and_for_all() -> None:
    for text in ("Itâ€™s\u200b  fine\r\n", "ok", "a\n\n\nb", "👩‍👩‍👧 &amp;amp;"):
        assert repair(repair(text)) == repair(text)


def test_a_turn_stays_one_line() -> None:
    assert repair_line("hello\u2028there\r\nagain") == "hello there again"
