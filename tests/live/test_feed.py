"""RSS and Atom feeds, whole, unchanged, broken and hostile."""

from pathlib import Path

import pytest

from tests.live.conftest import Nights, problems, texts
from tests.live.server import Asked, LocalService, Reply

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Reviews of Larkfield</title><link>https://reviews.example/larkfield</link>
<item><title>Two stars</title><guid isPermaLink="false">r-2</guid><dc:creator>Fern</dc:creator>
<pubDate>Sat, 31 Oct 2026 10:00:00 +0100</pubDate>
<description>Short</description>
<content:encoded><![CDATA[<p>The drawer jams.</p><p>Nobody rang &amp; I waited.</p>]]></content:encoded></item>
<item><title>Five stars</title><link>https://reviews.example/r/1</link>
<pubDate>Fri, 30 Oct 2026 10:00:00 GMT</pubDate><description>Lovely &lt;b&gt;staff&lt;/b&gt;.</description></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Reviews</title><updated>2026-10-31T10:00:00Z</updated>
<entry><id>urn:r:7</id><title type="html">Sofa &amp;amp; chairs</title><updated>2026-10-30T10:00:00Z</updated>
<author><name>Fern</name></author><summary type="text">Sofa &amp; chairs came early.</summary></entry>
<entry><title>Undated, nameless</title><summary>But kind words.</summary></entry></feed>"""


def feed(text: str, kind: str = "application/rss+xml", **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(text.encode(), 200, {"Content-Type": kind} | named)


@pytest.fixture
def nights(service: LocalService) -> Nights:
    service.paths["/feed"] = lambda _: feed(RSS)
    return Nights({"service": "feed", "url": service.url + "/feed"})


def test_rss(nights: Nights) -> None:
    first, second = nights.read()
    assert first["text"] == "Two stars\n\nThe drawer jams.\n\nNobody rang & I waited."
    assert (first["external_id"], first["author"]) == ("r-2", "Fern")
    assert first["occurred_at"].isoformat() == "2026-10-31T09:00:00+00:00"
    assert (second["text"], second["external_id"]) == ("Five stars\n\nLovely staff.", "https://reviews.example/r/1")


@pytest.mark.parametrize("kind", ["application/atom+xml", "text/plain; charset=utf-8", "text/html", ""])
def test_atom_whatever_the_server_calls_it(service: LocalService, nights: Nights, kind: str) -> None:
    service.paths["/feed"] = lambda _: feed(ATOM, kind)
    first, second = nights.read()
    assert (first["text"], first["external_id"]) == ("Sofa & chairs came early.", "urn:r:7")
    assert second["text"] == "Undated, nameless\n\nBut kind words."
    assert second["occurred_at"].isoformat() == "2026-10-31T10:00:00+00:00"  # the feed's own
    assert nights.read()[1]["external_id"] == second["external_id"]


def test_a_feed_that_has_not_changed_is_not_sent_again(service: LocalService, nights: Nights) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.headers.get("if-none-match") == '"v1"':
            return Reply(b"", 304)
        return feed(RSS, ETag='"v1"', Last_Modified="Sat, 31 Oct 2026 10:00:00 GMT")

    service.paths["/feed"] = answer
    assert len(nights.read()) == 2
    assert nights.read() == []
    assert nights.read() == []
    assert [asked.headers.get("if-modified-since") for asked in service.asked] == [
        None,
        *["Sat, 31 Oct 2026 10:00:00 GMT"] * 2,
    ]


@pytest.mark.parametrize("is_announced", [True, False])
def test_half_a_feed_is_asked_for_again(service: LocalService, nights: Nights, is_announced: bool) -> None:
    cut = RSS.encode()[:-300]
    service.faults["/feed"] = [Reply(cut, is_announced=is_announced, missing=30 * is_announced)] * 2
    assert len(nights.read()) == 2
    assert nights.slept == [1, 2]


def test_a_feed_that_stays_half_is_not_taken_for_whole(service: LocalService, nights: Nights) -> None:
    service.paths["/feed"] = lambda _: feed(RSS[:-300], ETag='"v1"')
    ((file, problem),) = problems(nights.read())
    assert (file, "a feed without its end" in problem) == (None, True)
    service.paths["/feed"] = lambda asked: Reply(b"", 304) if "if-none-match" in asked.headers else feed(RSS)
    assert len(texts(nights.read())) == 2


def test_a_page_that_is_no_feed(service: LocalService, nights: Nights) -> None:
    service.paths["/feed"] = lambda _: feed("<html><body>Log in</body></html>", "text/html")
    ((file, problem),) = problems(nights.read())
    assert file == "all"
    assert problem.startswith("Is no RSS or Atom feed.")


def test_entities_are_neither_expanded_without_end_nor_read_from_disk(
    service: LocalService, nights: Nights, tmp_path: Path
) -> None:
    (tmp_path / "secret.txt").write_text("The key is under the mat.")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    bomb = RSS.replace("<rss", f'<!DOCTYPE rss [{laughs}<!ENTITY x SYSTEM "file://{tmp_path}/secret.txt">]><rss')
    service.paths["/feed"] = lambda _: feed(bomb.replace("Short", "&x;").replace("Two stars", "&l11;&x;"))
    rows = nights.read()
    assert "under the mat" not in str(rows)
    assert len(str(rows)) < 10_000


def test_a_feed_behind_a_password(service: LocalService, nights: Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEED_PASSWORD", "pass:word")
    nights.settings |= {"user": "larkfield", "secret": "FEED_PASSWORD"}
    assert len(nights.read()) == 2
    assert service.asked[0].headers["authorization"] == "Basic bGFya2ZpZWxkOnBhc3M6d29yZA=="


def test_our_own_answers_are_not_a_customers(nights: Nights) -> None:
    nights.of_source["ours"] = ["Fern"]
    assert [row["speakers"] for row in nights.read()] == [["agent"], None]
