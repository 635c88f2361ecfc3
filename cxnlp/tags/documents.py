"""JSON documents in, JSON documents out: the shape of docs/tag.md, which others build on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeGuard

import polars as pl

from cxnlp import mentions as splitting
from cxnlp.feedback.language import detect, is_readable
from cxnlp.frames import FEEDBACK, conform
from cxnlp.tags.decide import Vote
from cxnlp.tags.tagger import Read, Tagger, signed
from cxnlp.tags.windows import Span

_CHANNELS: Final = ("letter", "call", "social")
_SPEAKERS: Final = ("customer", "agent", None)
_FAMILIES: Final = {"moment": "moments", "unmeasurable": "unmeasurables", "warning": "warnings", "signal": "signals"}


class DocumentError(ValueError):
    """A document cannot be tagged; the message says why, without its words."""


@dataclass(frozen=True)
class _Document:
    """A document that has been checked."""

    id: str | int
    text: str
    channel: str
    spans: tuple[Span, ...] | None  # as the caller split it


def tag_documents(documents: Sequence[Mapping[str, Any]], tagger: Tagger) -> list[dict[str, Any]]:
    """Tag documents; results come in the order of ``documents``.

    Args:
        documents: each with ``id``, ``text`` and perhaps ``channel``, ``occurred_at`` and ``mentions``; spans that are
            given are used exactly, else the text is split here.
        tagger: of `Tagger.load`.

    Returns:
        For each document ``id``, ``language`` and ``mentions``, or ``id`` and ``problem`` where it cannot be used.
    """
    results: list[dict[str, Any] | None] = []
    usable: list[tuple[int, _Document]] = []
    for place, document in enumerate(documents):
        try:
            usable.append((place, _checked(document)))
            results.append(None)
        except DocumentError as error:
            results.append({"id": _id_of(document), "problem": str(error)})
    checked = [document for _, document in usable]
    languages = [detect(document.text) for document in checked]
    spans = _spans(checked, languages)
    reads = tagger.read([document.text for document in checked], spans)
    for (place, good), of_document, language, read in zip(usable, spans, languages, reads, strict=True):
        found = [_mention(good.text, span, number, read) for number, span in enumerate(of_document)]
        results[place] = {"id": good.id, "language": language, "mentions": found}
    return [result for result in results if result is not None]


def _id_of(document: object) -> Any:
    found = document.get("id") if isinstance(document, Mapping) else None
    return found if isinstance(found, str | int) and not isinstance(found, bool) else None


def _checked(document: Mapping[str, Any]) -> _Document:
    if not isinstance(document, Mapping):
        raise DocumentError(f"found {type(document).__name__}; allowed: an object with `id` and `text`.")
    name, text, channel = _id_of(document), document.get("text"), document.get("channel")
    if name is None:
        raise DocumentError(f"`id`: found {_kind(document.get('id'))}; allowed: a string or a whole number. Give one.")
    if not isinstance(text, str):
        raise DocumentError(f"`text`: found {_kind(text)}; allowed: a string. Send the document's words.")
    if channel is not None and channel not in _CHANNELS:
        raise DocumentError(f"`channel`: found something else; allowed: {', '.join(_CHANNELS)}, or leave it out.")
    given = document.get("mentions")
    if given is not None and (isinstance(given, str) or not isinstance(given, Sequence)):
        raise DocumentError(f"`mentions`: found {_kind(given)}; allowed: a list of objects with `start` and `end`.")
    spans = None if given is None else tuple(_span(mention, number, len(text)) for number, mention in enumerate(given))
    return _Document(name, text, channel or "social", spans)


def _span(mention: object, number: int, length: int) -> Span:
    if not isinstance(mention, Mapping):
        raise DocumentError(f"`mentions[{number}]`: found {_kind(mention)}; allowed: an object with `start`, `end`.")
    start, end, speaker = mention.get("start"), mention.get("end"), mention.get("speaker")
    if not _is_count(start) or not _is_count(end) or not start < end <= length:
        raise DocumentError(
            f"`mentions[{number}]`: found no place in the text; allowed: `start` and `end` are whole numbers with "
            f"0 ≤ start < end ≤ {length}, the length of the text in characters."
        )
    if speaker not in _SPEAKERS:
        raise DocumentError(f"`mentions[{number}].speaker`: found something else; allowed: customer, agent, or null.")
    return (start, end, speaker)


def _is_count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _kind(value: object) -> str:
    return "nothing" if value is None else type(value).__name__


def _spans(documents: Sequence[_Document], languages: Sequence[str]) -> list[Sequence[Span]]:
    """Take the spans that were given; split the rest."""
    open_places = [place for place, document in enumerate(documents) if document.spans is None]
    frame = conform(
        pl.DataFrame({
            "feedback_id": [str(place) for place in open_places],
            "text": [documents[place].text for place in open_places],
            "channel": [documents[place].channel for place in open_places],
            "language": [languages[place] for place in open_places],
            "is_readable": [is_readable(languages[place], documents[place].text) for place in open_places],
        }),
        FEEDBACK,
    ).with_columns(pl.lit(None, dtype=pl.List(pl.String())).alias("speakers"))  # fmt: skip
    found: dict[str, list[Span]] = {}
    for feedback_id, start, end, speaker in (
        splitting.split(frame).select("feedback_id", "start", "end", "speaker").iter_rows()
    ):
        found.setdefault(feedback_id, []).append((start, end, speaker))
    return [
        document.spans if document.spans is not None else found.get(str(place), [])
        for place, document in enumerate(documents)
    ]


def _mention(text: str, span: Span, number: int, read: Read) -> dict[str, Any]:
    start, end, speaker = span
    found: dict[str, Any] = {"start": start, "end": end, "text": text[start:end]}
    if speaker is not None:
        found["speaker"] = speaker
    votes = [vote for vote in read.model if vote.mention == number]
    feeling = next(vote for vote in votes if vote.family == "sentiment")
    found["sentiment"] = {"strength": int(feeling.label), "score": feeling.score}
    voted = [*votes, *(vote for vote in read.rules if vote.mention == number)]
    for family, key in _FAMILIES.items():
        found[key] = [_tag(vote) for vote in _settled(vote for vote in voted if vote.family == family)]
    return found


def _settled(votes: Any) -> list[Vote]:
    """Keep one vote a label: a yes before an unsure, the model before a rule; likeliest first."""
    best: dict[str, Vote] = {}
    for vote in votes:
        known = best.get(vote.label)
        if known is None or (known.decision == "unsure" and vote.decision == "yes"):
            best[vote.label] = vote
    return sorted(best.values(), key=lambda vote: (-vote.probability, vote.label))


def _tag(vote: Vote) -> dict[str, Any]:
    label, polarity = signed(vote)
    sign = {} if polarity is None else {"polarity": polarity}
    return {
        "label": label, **sign, "probability": round(vote.probability, 4), "decision": vote.decision,
        "evidence": [vote.start, vote.end],
    }  # fmt: skip
