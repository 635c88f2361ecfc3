"""Posts and reviews in the shapes that their services export."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cxnlp.channels import posts as post_module
from tests.channels.conftest import rows

One = Callable[..., dict[str, Any]]


def x(text: str, username: str = "ann", **more: Any) -> dict[str, Any]:
    return {
        "id": "21",
        "text": text,
        "created_at": "2026-10-31T16:22:54.000Z",
        "author_id": "7",
        "author": {"username": username},
    } | more


def reddit(**more: Any) -> dict[str, Any]:
    return {"name": "t3_1ou", "id": "1ou", "subreddit": "DIYUK", "author": "barry", "created_utc": 1788808324.0} | more


def toot(content: str, acct: str = "lou@mastodon.example", **more: Any) -> dict[str, Any]:
    entry = {
        "id": "117",
        "created_at": "2026-09-08T06:55:12.304Z",
        "content": content,
        "spoiler_text": "",
        "reblog": None,
    }
    return entry | {"account": {"acct": acct}} | more


def review(title: str = "So close", body: str | None = "One leg, please.", **more: Any) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "author": {"name": {"label": "Ann O"}},
        "updated": {"label": "2026-10-31T23:44:26-07:00"},
        "im:rating": {"label": "3"},
        "im:version": {"label": "5.3"},
        "id": {"label": "119"},
        "title": {"label": title},
    }
    return entry | ({"content": {"label": body}} if body else {}) | more


READ = {
    "X": (x("love &amp; boxes 📦"), ("love & boxes 📦", "21", "ann", None, "2026-10-31 16:22")),
    "a long X post": (
        x("short…", note_tweet={"text": "the whole of it"}),
        ("the whole of it", "21", "ann", None, "2026-10-31 16:22"),
    ),
    "a retweet": (x("RT @bob: melted lamp…"), ("melted lamp…", "21", "ann", None, "2026-10-31 16:22")),
    "RT in the middle": (x("see RT @bob: melted"), ("see RT @bob: melted", "21", "ann", None, "2026-10-31 16:22")),
    "X without names": (
        {k: v for k, v in x("hm").items() if k != "author"},
        ("hm", "21", "7", None, "2026-10-31 16:22"),
    ),
    "Reddit's thread": (
        reddit(title="One leg?", selftext="A &gt; B"),
        ("One leg?\n\nA > B", "t3_1ou", "barry", None, "2026-09-07 19:12"),
    ),
    "Reddit's comment": (reddit(name="t1_no7", body="Same."), ("Same.", "t1_no7", "barry", None, "2026-09-07 19:12")),
    "Reddit's listing": (
        {"kind": "t1", "data": reddit(body="Same.")},
        ("Same.", "t3_1ou", "barry", None, "2026-09-07 19:12"),
    ),
    "a Reddit title alone": (
        reddit(title="Priya!", selftext=""),
        ("Priya!", "t3_1ou", "barry", None, "2026-09-07 19:12"),
    ),
    "a gone author's words": (
        reddit(body="Same.", author="[deleted]"),
        ("Same.", "t3_1ou", None, None, "2026-09-07 19:12"),
    ),
    "Mastodon": (
        toot('<p>Ordered: <b>one</b> seed.</p><p>I &lt;3 a jar.<br><a href="x">#<span>waste</span></a></p>'),
        ("Ordered: one seed.\n\nI <3 a jar.\n#waste", "117", "lou@mastodon.example", None, "2026-09-08 06:55"),
    ),
    "a warning before a toot": (
        toot("<p>He shouted.</p>", spoiler_text="returns counter"),
        ("returns counter\n\nHe shouted.", "117", "lou@mastodon.example", None, "2026-09-08 06:55"),
    ),
    "a boost": (
        toot("", reblog=toot("<p>Check it!</p>", "eve@parents.example")),
        ("Check it!", "117", "lou@mastodon.example", None, "2026-09-08 06:55"),
    ),
    "a review": (review(), ("So close\n\nOne leg, please.", "119", "Ann O", 3.0, "2026-11-01 06:44")),
    "hostile words stay words": (
        review(body="<script>alert(1)</script> =1+1"),
        ("So close\n\n<script>alert(1)</script> =1+1", "119", "Ann O", 3.0, "2026-11-01 06:44"),
    ),
}


@pytest.mark.parametrize("case", READ)
def test_a_post_of_each_shape(one: One, case: str) -> None:
    entry, (text, external_id, author, rating, at) = READ[case]
    item = one("posts", "a.jsonl", json.dumps(entry) + "\n")
    found = (item["text"], item["external_id"], item["author"], item["rating"], f"{item['occurred_at']:%Y-%m-%d %H:%M}")
    assert found == (text, external_id, author, rating, at)
    assert (item["channel"], item["speakers"], item["row"]) == ("social", None, 1)


@pytest.mark.parametrize(
    ("entry", "ours"),
    [
        (x("@ann Thank you.\nSo sorry ^JB", "LarkfieldHelp"), ["@larkfieldhelp"]),
        (x("RT @LarkfieldHelp: Thank you.\nSo sorry ^JB"), ["LarkfieldHelp"]),
        (toot("<p>Thank you.</p><p>So sorry</p>", "help@larkfield.example"), ["larkfield.example"]),
        (toot("", reblog=toot("<p>Thank you.</p>", "larkfield@mastodon.example")), ["larkfield@mastodon.example"]),
        (reddit(body="Thank you.", author="Larkfield_UK"), ["larkfield_uk"]),
    ],
)
def test_the_companys_posts_are_the_agents_words(one: One, entry: dict[str, Any], ours: list[str]) -> None:
    item = one("posts", "a.jsonl", json.dumps(entry), ours=ours)
    assert item["speakers"] == ["agent"]
    assert "\n" not in item["text"]
    assert item["author"] is None


@pytest.mark.parametrize("entry", [x("hello", "LarkfieldHelper"), toot("<p>hello</p>", "larkfield@elsewhere.example")])
def test_a_like_sounding_account_is_not_ours(one: One, entry: dict[str, Any]) -> None:
    ours = ["LarkfieldHelp", "larkfield@mastodon.example", "larkfield.example"]
    assert one("posts", "a.jsonl", json.dumps(entry), ours=ours)["speakers"] is None


UNUSABLE = {
    '{"id": "1", "text": "cut off': "Is a line of broken JSON",
    json.dumps(reddit(body="[deleted]")): "Was removed by its author or a moderator",
    json.dumps(reddit(title="One leg?", selftext="[removed]")): "Was removed by its author or a moderator",
    json.dumps(review(body=None)): "Is a review without words",
    json.dumps(x("hello", created_at="yesterday")): "Has no date that can be read",
    json.dumps(x("")): "Has no words",
    json.dumps(toot("<p></p>")): "Has no words",
    json.dumps(
        {"message": "hi", "From Me": "secret"}
    ): "Is no post of a known shape; known are X (API v2), Reddit, Mastodon, "
    "app-store reviews (RSS entries). It has the keys message.",
    "[]": "Is no post of a known shape",
    '"words"': "Is no post of a known shape",
    "[" * 50_000: "Is a line of broken JSON",
    '{"a": ' * 50_000: "Is a line of broken JSON",
}


@pytest.mark.parametrize("line", UNUSABLE, ids=range(len(UNUSABLE)))
def test_an_unusable_line_says_why_and_the_others_are_read(tmp_path: Path, line: str) -> None:
    (tmp_path / "a.jsonl").write_text("\n".join([json.dumps(x("before")), line, "", json.dumps(x("after"))]))
    before, problem, after = rows(tmp_path, "posts")
    assert (before["text"], after["text"]) == ("before", "after")
    assert (problem["row"], after["row"]) == (2, 4)
    assert problem["problem"].startswith(UNUSABLE[line])
    assert problem["text"] is None


def test_the_first_line_may_be_the_broken_one(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "1", "te\n' + json.dumps(x("after")))
    assert [bool(row["problem"]) for row in rows(tmp_path, "posts")] == [True, False]


def test_an_endless_line_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post_module, "MAX_LINE_BYTES", 2_000)
    (tmp_path / "a.jsonl").write_text(
        "\n".join([json.dumps(x("before")), json.dumps(x("long " * 2_000)), json.dumps(x("after"))])
    )
    before, problem, after = rows(tmp_path, "posts")
    assert (before["text"], after["text"], after["row"]) == ("before", "after", 3)
    assert "Is a line of more than" in problem["problem"]


@pytest.mark.parametrize(
    "document",
    [
        [x("one"), x("two")],
        {
            "data": [{k: v for k, v in x(text).items() if k != "author"} for text in ("one", "two")],
            "includes": {"users": [{"id": "7", "username": "ann"}]},
        },
        {
            "kind": "Listing",
            "data": {"children": [{"kind": "t1", "data": reddit(body=text)} for text in ("one", "two")]},
        },
        {"feed": {"entry": [review("", "one"), review("", "two")]}},
        {"statuses": [toot("one"), toot("two")]},
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_one_document_with_all_posts(tmp_path: Path, document: Any, indent: int | None) -> None:
    (tmp_path / "a.json").write_text(json.dumps(document, indent=indent))
    found = rows(tmp_path, "posts")
    assert [row["text"] for row in found] == ["one", "two"]
    assert [row["row"] for row in found] == [1, 2]
    assert None not in {row["author"] for row in found}


def test_a_byte_order_mark_and_halves_of_signs(tmp_path: Path) -> None:
    line = json.dumps(x("half \ud83d of 😀"))
    (tmp_path / "a.jsonl").write_bytes(b"\xef\xbb\xbf" + line.encode() + b"\n")
    assert rows(tmp_path, "posts")[0]["text"] == "half ? of 😀"


def test_other_files_are_no_exports(one: One) -> None:
    assert "posts are read from .jsonl" in one("posts", "a.csv", "id,text")["problem"]
    two_lines = "\n".join([json.dumps(x("hello"))] * 2)
    assert "UTF-16" in one("posts", "b.jsonl", two_lines.encode("utf-16"))["problem"]
