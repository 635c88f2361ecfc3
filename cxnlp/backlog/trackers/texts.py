"""What is said in a tracker, and its three spellings: Markdown, Jira's wiki, and Atlassian's documents (ADF).

Everything in a `Text` is meant literally; half of it are customers' words, which may try to ping somebody, run a
command, or load a picture. Two lines of defence: `defused` breaks whatever a tracker might look for, before or after
its markup is read, by a joiner that nobody sees; then each spelling escapes its own markup.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cxnlp.backlog.export import one_line

#: Word joiner: has no width, breaks no line, and is part of no name, number or address.
_JOINER: Final = "\u2060"

#: What opens a reference or a command: @user, #12, !12, ~label, $12, %milestone, &epic, ^alert, :emoji:, [[, {macro},
#: /close, scheme://.
_SIGILS: Final = re.compile(r"([@＠#＃!$%&~^/:\[\]{(<`*|])(?=\S)")
#: An issue's key (CX-12, GH-12), a bare web address, a commit's hash.
_KEY: Final = re.compile(r"(?<=[A-Za-z_])-(?=\d)|(?<=[A-Za-z_]\d)-(?=\d)")
_WWW: Final = re.compile(r"\b(www)(?=\.)", re.IGNORECASE)
_HASH: Final = re.compile(r"(?=[a-f]*\d)[0-9a-f]{7,}", re.IGNORECASE)

_MARKDOWN: Final = re.compile(r"([\\`*_\[\]<>#|~$&!@{}])")
_WIKI: Final = re.compile(r"[\\{}\[\]!*_\-+^~?|#@]")
_LONGEST_TITLE: Final = 200


@dataclass(frozen=True)
class Text:
    """Plain words, in the order of paragraphs, facts, quotes; ``ref`` tells this text from all others.

    Of ``facts``, the names are ours.
    """

    ref: str
    paragraphs: Sequence[str] = ()
    facts: Sequence[tuple[str, str]] = ()
    quotes: Sequence[str] = ()


def defused(text: str) -> str:
    """Return ``text`` on one line, looking the same, with nothing in it that a tracker would act on."""
    line = one_line(text).replace(_JOINER, "")
    for pattern in (_SIGILS, _WWW):
        line = pattern.sub(rf"\1{_JOINER}", line)
    line = _HASH.sub(lambda found: _JOINER.join(re.findall(".{1,4}", found[0])), line)
    return _KEY.sub(f"-{_JOINER}", line)


def title(text: str) -> str:
    """Return a title: plain in every tracker, but for what is looked up in it."""
    line = defused(text)
    return line if len(line) <= _LONGEST_TITLE else line[: _LONGEST_TITLE - 1].rstrip() + "…"


def markdown(text: Text) -> str:
    """Spell it for GitHub and GitLab, which hide a comment: that is where the reference is."""
    return f"{_markdown(text)}\n\n<!-- {text.ref} -->"


def shown_markdown(text: Text) -> str:
    """Spell it for a Markdown without comments: the reference is its last line."""
    return f"{_markdown(text)}\n\n{_reference(text)}"


def _markdown(text: Text) -> str:
    def line(words: str) -> str:
        # a line that begins with the joiner begins no list, heading or command
        return _JOINER + _MARKDOWN.sub(r"\\\1", defused(words))

    facts = "\n".join(f"- **{name}:** {line(value)}" for name, value in text.facts)
    return "\n\n".join(filter(None, [*map(line, text.paragraphs), facts, *(f"> {line(q)}" for q in text.quotes)]))


def wiki(text: Text) -> str:
    """Spell it for Jira Server."""

    def line(words: str) -> str:
        # two backslashes would be a line break
        return _JOINER + _WIKI.sub(lambda sign: "&#92;" if sign[0] == "\\" else f"\\{sign[0]}", defused(words))

    parts = [*map(line, text.paragraphs)]
    parts += ["\n".join(f"* *{name}:* {line(value)}" for name, value in text.facts)] if text.facts else []
    return "\n\n".join([*parts, *(f"bq. {line(q)}" for q in text.quotes), _reference(text)])


def document(text: Text) -> dict[str, Any]:
    """Spell it for Jira Cloud, where text is text and nothing else."""

    def paragraph(words: str) -> dict[str, Any]:
        return {"type": "paragraph", "content": [{"type": "text", "text": defused(words) or _JOINER}]}

    def fact(name: str, value: str) -> dict[str, Any]:
        strong = {"type": "text", "text": f"{defused(name)}: ", "marks": [{"type": "strong"}]}
        plain = {"type": "text", "text": defused(value) or _JOINER}
        return {"type": "listItem", "content": [{"type": "paragraph", "content": [strong, plain]}]}

    content = [paragraph(words) for words in text.paragraphs]
    if text.facts:
        content.append({"type": "bulletList", "content": [fact(*each) for each in text.facts]})
    content += [{"type": "blockquote", "content": [paragraph(quote)]} for quote in text.quotes]
    last = {"type": "paragraph", "content": [{"type": "text", "text": _reference(text)}]}
    return {"type": "doc", "version": 1, "content": [*content, last]}


def _reference(text: Text) -> str:
    """The line that `said` finds again."""
    return f"(written by cxnlp, reference {text.ref})"


def said(content: str | Mapping[str, Any] | None) -> str:
    """Return all words of a text as a tracker gives it back, Markdown, wiki or document, to look for a reference."""
    if content is None or isinstance(content, str):
        return content or ""
    return " ".join(_words(content))


def _words(node: Any) -> list[str]:
    if isinstance(node, list):
        return [word for each in node for word in _words(each)]
    if not isinstance(node, dict):
        return []
    own = [node["text"]] if isinstance(node.get("text"), str) else []
    return own + _words(node.get("content"))
