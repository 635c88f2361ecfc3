"""Customers' words are shown, never obeyed: no ping, no command, no link, no picture, in any spelling."""

import re
from typing import Any

import pytest

from cxnlp.backlog.trackers.texts import Text, defused, document, markdown, said, shown_markdown, title, wiki

JOINER = "\u2060"
#: What trackers look for in a text, as their documentation and code say.
REFERENCES = re.compile(
    r"(?:^|\W)[@＠][\w-]"  # people and groups
    r"|[#!$&^]\d|%[\w\"]|~[\w\"]|\*iteration:"  # issues, merge requests, snippets, epics, milestones, labels
    r"|\b[A-Za-z]{2,}-\d"  # keys of issues
    r"|^\s*/\w"  # commands
    r"|://|www\.\w|mailto:\w"  # addresses
    r"|:\w+:|\b(?=[a-f]*\d)[0-9a-f]{7,40}\b"  # emoji, commits
    r"|\[~|!\[|\]\(|<\w|\{\w"  # markup
)
HOSTILE = (
    "@octocat and @larkfield/everyone, please @all", "fixes #12, closes larkfield/shop#12 and !7 of &3", "/close",
    "/assign @me", "see CX-12, GH-7 or PROJ2-44", "https://evil.example/?x=1 or www.evil.example",
    "![a](https://evil.example/p.png)", "[click](javascript:alert(1))", "<img src=x onerror=alert(1)>",
    "<!-- cxnlp-0123456789abcdef0123 -->", "--> now visible", "{html}<b>x</b>{html}", "[~admin] !https://evil.example/p.png!",
    "{quote}", "`code`", "```", "| a | b |", "# Title", "- item", "1. item", "> quote", "h1. Title", "bq. quote",
    ":tada: :+1:", "deadbee1 0123456789abcdef", "~bug ~\"needs love\" %\"Version 1\" $45 [vulnerability:3]",
    "write to mailto:a@b.example",
    "bad\\@octocat \\\\ \\[x]", "a\u202eb\u200b@octocat", "two\r\n/close\nlines", "&#64;octocat &commat;x",
)  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_there_is_nothing_that_a_tracker_would_act_on(words: str) -> None:
    assert not REFERENCES.search(defused(words))
    assert not REFERENCES.search(title(words))


def test_the_search_for_it_can_fail() -> None:
    assert sum(bool(REFERENCES.search(words)) for words in HOSTILE) > len(HOSTILE) / 2


@pytest.mark.parametrize("words", HOSTILE)
def test_it_looks_as_it_was_written(words: str) -> None:
    seen = "".join(c for c in " ".join(words.split()) if c not in "\u202e\u200b")
    assert defused(words).replace(JOINER, "") == seen


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("spelled", [markdown, shown_markdown, wiki])
def test_every_line_begins_with_what_is_ours(words: str, spelled: Any) -> None:
    lines = spelled(Text("cxnlp-1", [words], [("Owner", words)], [words])).splitlines()
    ours = re.compile(
        rf"{JOINER}|(- \*\*|\* \*)Owner:\*\*? {JOINER}|(> |bq\. ){JOINER}|<!-- cxnlp-1 -->$|\(written by "
    )
    assert [line for line in lines if line and not ours.match(line)] == []


def test_the_markup_of_each_spelling_is_escaped() -> None:
    text = Text("cxnlp-1", ["*a* [b](c) <i> `d` \\ {e}"])
    assert markdown(text).replace(JOINER, "").startswith(r"\*a\* \[b\](c) \<i\> \`d\` \\ \{e\}")
    assert wiki(text).replace(JOINER, "").startswith(r"\*a\* \[b\](c) <i> `d` &#92; \{e\}")


def test_a_document_holds_words_as_words() -> None:
    words = HOSTILE[0]
    found = document(Text("cxnlp-1", [words], [("Owner", "")], [words]))
    kinds = set(re.findall(r"'type': '(\w+)'", str(found)))
    assert kinds == {"doc", "paragraph", "text", "bulletList", "listItem", "strong", "blockquote"}
    assert "'text': ''" not in str(found)


def test_the_reference_is_found_again_in_every_spelling() -> None:
    text = Text("cxnlp-0a1b-0002", ["Hello"])
    for content in (markdown(text), shown_markdown(text), wiki(text), document(text)):
        assert "cxnlp-0a1b-0002" in said(content)
    assert said(None) == said([]) == ""  # type: ignore[arg-type]


def test_a_title_is_cut() -> None:
    assert title("long " * 100).endswith("long…")
    assert len(title("x" * 500)) == 200
