"""Social posts and reviews: exports of one JSON object a line, told apart by their shape."""

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from cxnlp.channels.dates import parse_when
from cxnlp.channels.files import MAX_FILE_BYTES, File
from cxnlp.channels.items import Item, Unusable, unusable
from cxnlp.channels.markup import html_text
from cxnlp.channels.ours import is_ours
from cxnlp.channels.plain import encoding_of
from cxnlp.settings import Source

#: A line longer than this is no post.
MAX_LINE_BYTES: Final = 5_000_000

Entry = Mapping[str, Any]
#: A post, and who wrote its words: of a repost that is not who posted it.
Written = tuple[Item, str | None]

_GONE: Final = frozenset({"[deleted]", "[removed]", "[deleted by user]", "[removed by reddit]"})
_RETWEET: Final = re.compile(r"RT @(?P<writer>\w+):\s*")
_SHAPES_READ: Final = "X (API v2), Reddit, Mastodon, app-store reviews (RSS entries)"


def read_posts(source: Source, file: File) -> Iterator[Item]:
    """Yield the posts in ``file`` in order, one line (of JSON lines) or entry (of a JSON list) after the other.

    A post of the company's own accounts (``source.ours``) comes with the speaker "agent".

    Raises:
        Unusable: the file holds no JSON at all.
    """
    if file.suffix not in (".jsonl", ".ndjson", ".json", ".txt"):
        raise Unusable(
            f"Is a {file.suffix or 'file without suffix'}; posts are read from .jsonl, .ndjson and .json. "
            "Export them so."
        )
    whole = _whole_document(file)
    entries = enumerate(whole, start=1) if whole is not None else _lines(file)
    for row, entry in entries:
        yield replace(read_entry(source, entry), row=row) if not isinstance(entry, Item) else entry


def _whole_document(file: File) -> list[Any] | None:
    """Return the entries of a file that is one JSON document; None when it is JSON lines."""
    with file.path.open("rb") as stream:
        first = stream.readline(MAX_LINE_BYTES)
    if file.n_bytes > MAX_FILE_BYTES or (_parsed(first) is not None and file.suffix != ".json"):
        return None
    try:
        document = json.loads(_decoded(file.read_bytes(), encoding_of([first])))
    except (ValueError, RecursionError):
        return None
    return list(_entries(document))


def _entries(document: Any) -> Iterator[Any]:
    """Unpack one page of an interface's answer: the list that it holds, with the authors that it names apart."""
    if isinstance(document, list):
        yield from document
        return
    for path in (("data", "children"), ("data",), ("statuses",), ("feed", "entry"), ("posts",), ("reviews",)):
        value: Any = document
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        if isinstance(value, list):
            users = {user.get("id"): user for user in _list(_dict(document.get("includes")).get("users"))}
            for entry in value:
                yield entry | {"author": users[entry["author_id"]]} if _dict(entry).get("author_id") in users else entry
            return
    yield document


def _lines(file: File) -> Iterator[tuple[int, Any]]:
    """Yield each line's number with its entry, or with the item that says why there is none."""
    with file.path.open("rb") as stream:
        encoding = encoding_of(iter(lambda: stream.read(1 << 20), b""))
    if encoding.startswith("utf-16"):
        raise Unusable("Is JSON lines in UTF-16; the standard allows UTF-8 only. Save it again as UTF-8.")
    with file.path.open("rb") as stream:
        row = 0
        while line := stream.readline(MAX_LINE_BYTES):
            row += 1
            if not line.endswith(b"\n") and len(line) == MAX_LINE_BYTES:
                yield (
                    row,
                    unusable(
                        f"Is a line of more than {MAX_LINE_BYTES / 1e6:.0f} MB; no post is so long. Export it again.",
                        row,
                    ),
                )
                while (rest := stream.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
                    pass
                continue
            if line.strip(b"\xef\xbb\xbf \t\r\n\x00"):
                entry = _parsed(line, encoding)
                yield (
                    row,
                    entry
                    if entry is not None
                    else unusable(
                        "Is a line of broken JSON. Each line must hold one whole object; export the file again.", row
                    ),
                )


def _parsed(line: bytes, encoding: str = "utf-8") -> Any:
    """Return the object on a line; None when it is broken."""
    try:
        return json.loads(_decoded(line, encoding))
    except (ValueError, RecursionError):
        return None


def _decoded(data: bytes, encoding: str) -> str:
    return data.decode(encoding, "replace").lstrip("\ufeff")


def read_entry(source: Source, entry: Any) -> Item:
    """Return the item of one post, or what is wrong with it."""
    entry = _unwrapped(entry)
    for looks_so, read in _SHAPES:
        if looks_so(entry):
            item, writer = read(entry)
            break
    else:
        return unusable(f"Is no post of a known shape; known are {_SHAPES_READ}. It has the keys {_safe_keys(entry)}.")
    return item if item.problem is not None else finished(source, item, writer)


def finished(source: Source, item: Item, writer: str | None, *, is_agent: bool = False) -> Item:
    """Return a post's item with its speaker, "agent" where ``writer`` is one of ``source.ours``; it needs a date."""
    if item.occurred_at is None:
        return unusable(
            "Has no date that can be read. A post needs the time that its service gave it; export it again."
        )
    if is_agent or is_ours(writer or "", source.ours):
        return replace(item, text=" ".join((item.text or "").split()), speakers=["agent"], author=None)
    return item


def _unwrapped(entry: Any) -> dict[str, Any]:
    """Take a Reddit listing's object out of its wrapping."""
    if isinstance(entry, dict) and entry.get("kind") in ("t1", "t3") and isinstance(entry.get("data"), dict):
        return dict(entry["data"])
    return entry if isinstance(entry, dict) else {}


def _safe_keys(entry: Entry) -> str:
    """Some keys to recognise an export by; only such as no customer wrote."""
    keys = [key for key in entry if re.fullmatch(r"[a-z_:]{1,24}", str(key))]
    return ", ".join(keys[:8]) or "(none)"


# --- X, API v2: https://docs.x.com/x-api/posts/lookup ------------------------------------------------------------


def _is_x(entry: Entry) -> bool:
    return isinstance(entry.get("text"), str) and "author_id" in entry and "id" in entry


def _x(entry: Entry) -> Written:
    text = html.unescape(_text(_dict(entry.get("note_tweet")).get("text")) or _text(entry.get("text")) or "")
    author = _text(_dict(entry.get("author")).get("username")) or _text(entry.get("author_id"))
    retweeted = _RETWEET.match(text)
    item = Item(
        text=text[retweeted.end() :] if retweeted else text,
        external_id=_text(entry.get("id")),
        occurred_at=_when(entry.get("created_at")),
        repost_of=_retweeted_id(entry),
        author=author,
    )
    return item, retweeted["writer"] if retweeted else author


def _retweeted_id(entry: Entry) -> str | None:
    """The id of the post that a retweet shares; its text may be cut, so the id tells what the words cannot."""
    references = entry.get("referenced_tweets")
    for reference in map(_dict, references if isinstance(references, list) else ()):
        if reference.get("type") == "retweeted":
            return _text(reference.get("id"))
    return None


# --- Reddit: https://www.reddit.com/dev/api ----------------------------------------------------------------------


def _is_reddit(entry: Entry) -> bool:
    return "subreddit" in entry and ("selftext" in entry or "body" in entry or "title" in entry)


def _reddit(entry: Entry) -> Written:
    title = _text(entry.get("title")) or ""
    body = _text(entry.get("selftext")) or _text(entry.get("body")) or ""
    if body.lower() in _GONE or title.lower() in _GONE:
        return unusable(
            "Was removed by its author or a moderator; nothing is left to read. Nothing needs mending."
        ), None
    author = None if entry.get("author") == "[deleted]" else _text(entry.get("author"))
    item = Item(
        text=html.unescape(f"{title}\n\n{body}".strip()),
        external_id=_text(entry.get("name")) or _text(entry.get("id")),
        occurred_at=_when(entry.get("created_utc") or entry.get("created")),
        author=author,
    )
    return item, author


# --- Mastodon: https://docs.joinmastodon.org/entities/Status ------------------------------------------------------


def _is_mastodon(entry: Entry) -> bool:
    return "content" in entry and isinstance(entry.get("account"), dict) and "created_at" in entry


def _mastodon(entry: Entry) -> Written:
    boosted = _dict(entry.get("reblog")) or entry
    warning = _text(boosted.get("spoiler_text")) or ""
    words = html_text(_text(boosted.get("content")) or "")
    item = Item(
        text=f"{warning}\n\n{words}".strip(),
        external_id=_text(entry.get("id")),
        occurred_at=_when(entry.get("created_at")),
        author=_text(_dict(entry.get("account")).get("acct")),
    )
    return item, _text(_dict(boosted.get("account")).get("acct"))


# --- App store: customer reviews as RSS entries -------------------------------------------------------------------


def _is_review(entry: Entry) -> bool:
    return isinstance(entry.get("im:rating"), dict) or (
        isinstance(entry.get("content"), dict) and "im:version" in entry
    )


def _review(entry: Entry) -> Written:
    body = _label(entry, "content")
    if not body:
        return unusable(
            "Is a review without words, only a title or stars. A review needs a text; nothing needs mending."
        ), None
    rating = _label(entry, "im:rating") or ""
    author = _text(_dict(_dict(entry.get("author")).get("name")).get("label"))
    item = Item(
        text=f"{_label(entry, 'title') or ''}\n\n{body}".strip(),
        external_id=_label(entry, "id"),
        occurred_at=_when(_label(entry, "updated")),
        author=author,
        rating=float(rating) if re.fullmatch(r"\d(?:\.\d)?", rating) else None,
    )
    return item, author


def _label(entry: Entry, key: str) -> str | None:
    return _text(_dict(entry.get(key)).get("label"))


_SHAPES: Final[tuple[tuple[Callable[[Entry], bool], Callable[[Entry], Written]], ...]] = (
    (_is_mastodon, _mastodon),
    (_is_reddit, _reddit),
    (_is_review, _review),
    (_is_x, _x),
)


def _when(value: Any) -> datetime | None:
    return parse_when(value, day_first=True, zone=ZoneInfo("UTC"))


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value.strip() or None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
