"""HTML to text, with the line breaks that a browser would show."""

import re
from collections.abc import Iterator
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser

from cxnlp.channels.items import Unusable
from cxnlp.channels.plain import tidy

#: Parsing takes the square of the depth; pages that people write stay below 100.
MAX_DEPTH: Final = 3_000

_UNSEEN: Final = frozenset({"script", "style", "head", "template", "noscript", "svg", "title"})
_PARAGRAPHS: Final = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "blockquote", "pre", "section", "article"}
)
_LINES: Final = frozenset({"div", "li", "tr", "hr", "dt", "dd", "address", "header", "footer"})
_NEVER_CLOSED: Final = frozenset(
    {"br", "hr", "img", "meta", "link", "input", "p", "li", "td", "tr", "th", "col", "wbr"}
)
_LINE, _CELL, _PARAGRAPH, _BREAK = "\x01", "\x02", "\x03", "\x04"
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")

# How mail programs mark what is not the writer's own: class, id or attribute.
_QUOTE_CLASSES: Final = frozenset(
    {"gmail_quote", "gmail_quote_container", "gmail_attr", "yahoo_quoted", "moz-cite-prefix", "protonmail_quote"}
)
_SIGNATURE_CLASSES: Final = frozenset({"gmail_signature", "gmail_signature_prefix", "moz-signature"})
#: Outlook's quote has no element of its own: it starts here and goes on to the end of the message.
_QUOTE_STARTS: Final = frozenset({"divRplyFwdMsg", "appendonsend", "reply-intro"})


def html_text(html: str, *, own_words_only: bool = False) -> str:
    """Return the text of a page or fragment; ``own_words_only`` leaves out what an e-mail quotes, and signatures.

    Raises:
        Unusable: its elements are nested absurdly deep.
    """
    if _depth(html) > MAX_DEPTH:
        raise Unusable(
            f"Is HTML with more than {MAX_DEPTH:,} elements inside each other. Save it again from a browser."
        )
    root = LexborHTMLParser(html).root
    text = "".join(_signs(root, own_words_only)) if root is not None else ""
    return tidy(re.sub(r"[ \x01-\x04]*[\x01-\x04][ \x01-\x04]*", _space, text))


def _space(match: re.Match[str]) -> str:
    """The space that a browser leaves for a run of signs."""
    run = match[0].replace(" ", "")
    if _PARAGRAPH in run:
        return "\n\n"
    if _BREAK in run:
        return "\n" * (run.count(_BREAK) + run.startswith(_LINE))
    return "\n" if _LINE in run else " "


def _depth(html: str) -> int:
    """At most how many elements are open at once, if the writer closes them."""
    depth = deepest = 0
    for closing, name in _TAG.findall(html):
        if name.lower() not in _NEVER_CLOSED:
            depth += -1 if closing else 1
            deepest = max(deepest, depth)
    return deepest


def _signs(root: Any, own_words_only: bool) -> Iterator[str]:
    """Yield the words in order, and signs for the borders of lines, cells and paragraphs."""
    node = root
    while True:
        if own_words_only and node.tag[0] != "-" and node.attributes.get("id") in _QUOTE_STARTS:
            return
        yield _border(node.tag)
        if node.tag == "-text":
            yield re.sub(r"[\s\x01-\x04]+", " ", node.text_content or "")
        elif node.tag == "br":
            yield _BREAK
        elif node.child is not None and not _is_left_out(node, own_words_only):
            node = node.child
            continue
        while node.next is None:
            yield _border(node.tag)
            node = node.parent
            if node is None or node.tag in ("html", "-document"):
                return
        yield _border(node.tag)
        node = node.next


def _border(tag: str) -> str:
    if tag in _PARAGRAPHS:
        return _PARAGRAPH
    return _LINE if tag in _LINES else _CELL if tag in ("td", "th") else ""


def _is_left_out(node: Any, own_words_only: bool) -> bool:
    if node.tag in _UNSEEN or node.tag[0] == "-":
        return True
    attributes = node.attributes
    style = (attributes.get("style") or "").replace(" ", "").lower()
    if "hidden" in attributes or "display:none" in style:
        return True
    if not own_words_only:
        return False
    classes = set((attributes.get("class") or "").split())
    is_cited = node.tag == "blockquote" and attributes.get("type") == "cite"
    return is_cited or bool(classes & (_QUOTE_CLASSES | _SIGNATURE_CLASSES)) or attributes.get("id") == "Signature"
