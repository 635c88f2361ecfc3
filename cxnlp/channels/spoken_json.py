"""Transcripts as JSON: Amazon Transcribe and its call analytics, Whisper, Zoom, lists of segments of other programs."""

import json
from collections.abc import Mapping
from typing import Any, Final

from cxnlp.channels.items import Unusable
from cxnlp.channels.speakers import Call, Turn
from cxnlp.channels.spoken_lines import flowing, with_names

_SEGMENT_KEYS: Final = (
    "segments",
    "turns",
    "utterances",
    "transcript",
    "messages",
    "Transcript",
    "transcription",
    "timeline",
    "results",
)
_SPEAKER_KEYS: Final = (
    "speaker",
    "speaker_name",
    "username",
    "speaker_label",
    "role",
    "ParticipantRole",
    "participant",
    "channel",
    "from",
    "name",
)
_TEXT_KEYS: Final = ("text", "transcript", "content", "Content", "words", "body")


def json_calls(text: str) -> list[Call]:
    """Return the calls of a JSON document.

    Raises:
        Unusable: damaged, or of no known form.
    """
    try:
        document = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        where = f" at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise Unusable(f"Is JSON that breaks off or is damaged{where}. Export or transcribe the call again.") from error
    if isinstance(document, list) and document and all(isinstance(each, dict) and _segments(each) for each in document):
        return [_json_call(each) for each in document]
    return [_json_call({"segments": document} if isinstance(document, list) else document)]


def _json_call(document: Any) -> Call:
    if not isinstance(document, dict):
        raise Unusable("Is JSON without a call in it. Known are Amazon Transcribe and segments with speaker and text.")
    results = document.get("results")
    if isinstance(results, dict):
        return Call(flowing(_transcribe_turns(results)), document)
    segments = _segments(document)
    if segments is None and isinstance(said := document.get("text"), str):
        return Call(flowing([Turn(None, line) for line in said.split("\n")]), document)
    if segments is None:
        raise Unusable(
            "Is JSON without segments. Known are Amazon Transcribe (results.items), Whisper, Zoom (timeline), and a "
            "list `segments` of objects with `speaker` and `text`."
        )
    turns = [Turn(_speaker(each), as_text(first_of(each, _TEXT_KEYS)) or "") for each in segments]
    return Call(flowing(with_names(turns)), document)


def _speaker(segment: Mapping[str, Any]) -> str | None:
    """The name or number of who speaks; Zoom keeps it in a list of users."""
    users = _list(segment.get("users"))
    return as_text(first_of(users[0] if users else segment, _SPEAKER_KEYS))


def _segments(document: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    for key in _SEGMENT_KEYS:
        value = document.get(key)
        if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
            return value
    return [] if any(document.get(key) == [] for key in _SEGMENT_KEYS) else None


def _transcribe_turns(results: Mapping[str, Any]) -> list[Turn]:
    """Amazon Transcribe: words and punctuation one by one, each with its speaker."""
    speaker_at = {
        item.get("start_time"): segment.get("speaker_label")
        for segment in _list(_dict(results.get("speaker_labels")).get("segments"))
        for item in _list(segment.get("items"))
    }
    turns: list[Turn] = []
    for item in _words(results):
        alternatives = _list(item.get("alternatives"))
        word = as_text(alternatives[0].get("content")) if alternatives else None
        if not word:
            continue
        if item.get("type") == "punctuation" and turns:
            turns[-1] = Turn(turns[-1].speaker, turns[-1].text + word)
            continue
        speaker = as_text(
            item.get("speaker_label") or speaker_at.get(item.get("start_time")) or item.get("channel_label")
        )
        turns.append(Turn(speaker, word))
    if turns:
        return turns
    return [
        Turn(as_text(each.get("speaker_label")), as_text(each.get("transcript")) or "")
        for each in _list(results.get("audio_segments")) or _list(results.get("transcripts"))
    ]


def _words(results: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Words and punctuation of all channels in the order in which they were said."""
    items = _list(results.get("items"))
    channels = _list(_dict(results.get("channel_labels")).get("channels"))
    if not channels or any(item.get("channel_label") for item in items):
        return items
    timed: list[tuple[float, dict[str, Any]]] = []
    for channel in channels:
        at = 0.0
        for item in _list(channel.get("items")):
            at = _seconds(item.get("start_time"), at)
            timed.append((at, item | {"channel_label": channel.get("channel_label")}))
    return [item for _, item in sorted(timed, key=lambda each: each[0])]


def _seconds(value: Any, before: float) -> float:
    """A word's time; punctuation has none and belongs to the word before it."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return before


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def first_of(entry: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    """Return the first value of ``keys`` that says something."""
    return next((entry[key] for key in keys if entry.get(key) not in (None, "")), None)


def as_text(value: Any) -> str | None:
    """Return a string or whole number as text; None for anything else."""
    if isinstance(value, str):
        return value.strip() or None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None
