"""Call transcripts: one line a turn, with who speaks."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from typing import Any, Final
from zoneinfo import ZoneInfo

import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError

from cxnlp.channels.dates import parse_when, when_in_name
from cxnlp.channels.files import File
from cxnlp.channels.items import Item, Unusable, unusable
from cxnlp.channels.plain import decode
from cxnlp.channels.speakers import Turn, agent_name, joined, roles_of
from cxnlp.settings import Source

_VOICE: Final = re.compile(r"<v(?:\.[^\s>]+)?\s+([^>]*)>")
_PREFIX: Final = re.compile(r"\s*(?:\[[\d:.]+\]\s*)?([A-Za-zÀ-ž][\w .'()/-]{0,40}?)\s*:\s+(?=\S)")
_CASE: Final = re.compile(r"(?:case|call|ticket|ref)[-_ #]?(\d{3,})", re.IGNORECASE)

# What exports call the facts about a call, beside its words.
_ID_KEYS: Final = ("call_id", "callId", "CallId", "ContactId", "contact_id", "conversation_id", "case_number", "id")
_TIME_KEYS: Final = (
    "started_at",
    "start_time",
    "startTime",
    "startedAt",
    "call_date",
    "created_at",
    "date",
    "timestamp",
)
_AGENT_KEYS: Final = ("agent", "agent_name", "agentName", "advisor", "handled_by")
_CUSTOMER_KEYS: Final = ("customer_id", "customerId", "account", "account_no", "account_number", "customer")
_LOCATION_KEYS: Final = ("location", "store", "branch", "site")
_PRODUCT_KEYS: Final = ("product", "item")
_SEGMENT_KEYS: Final = ("segments", "turns", "utterances", "transcript", "messages", "Transcript", "results")
_SPEAKER_KEYS: Final = ("speaker", "speaker_label", "role", "ParticipantRole", "participant", "channel", "from", "name")
_TEXT_KEYS: Final = ("text", "transcript", "content", "Content", "words", "body")


@dataclass(frozen=True)
class Call:
    """The turns of one call and the facts that its file tells."""

    turns: list[Turn]
    facts: Mapping[str, Any] = field(default_factory=dict)


def read_transcripts(source: Source, file: File) -> Iterator[Item]:
    """Yield the call in ``file``, or several where a JSON file holds a list of calls.

    Raises:
        Unusable: it is no transcript of a known form, or holds no words.
    """
    text = decode(file.read_bytes())
    calls = list(_calls(file, text))
    for number, call in enumerate(calls, start=1):
        yield _item(source, file, call, number if len(calls) > 1 else None)


def _calls(file: File, text: str) -> Iterable[Call]:
    head = text.lstrip("\ufeff \n\t")[:200]
    if head.startswith("WEBVTT"):
        return [Call(_captions(text, "vtt"))]
    if head.startswith(("{", "[")) and file.suffix == ".json":
        return _json_calls(text)
    if file.suffix == ".srt":
        return [Call(_captions(text, "srt"))]
    if file.suffix == ".txt":
        return [Call(_named_lines(text))]
    if file.suffix in (".vtt", ".json"):
        raise Unusable(
            f"Is no {file.suffix[1:].upper()}, though its name says so: it begins with something else. Export it again."
        )
    raise Unusable(
        f"Is a {file.suffix or 'file without suffix'}; transcripts are read from .vtt, .srt, .json (Amazon Transcribe, "
        "or segments with speaker and text) and .txt with a speaker before each line. Export it as one of these."
    )


def _item(source: Source, file: File, call: Call, row: int | None) -> Item:
    turns = joined(call.turns)
    if not turns:
        return unusable("Holds no spoken words. The recording may have failed; transcribe it again.", row)
    roles = roles_of(turns, source.ours)
    zone = ZoneInfo(source.timezone)
    said_at = _fact(call, _TIME_KEYS)
    occurred_at = parse_when(said_at, day_first=source.day_first, zone=zone) or when_in_name(file.name, zone)
    return Item(
        text="\n".join(turn.text for turn in turns),
        speakers=[roles.get(turn.speaker) if turn.speaker else None for turn in turns],
        external_id=_as_text(_fact(call, _ID_KEYS)) or (_case_number(file.name) if row is None else None),
        occurred_at=occurred_at,
        employee=_as_text(_fact(call, _AGENT_KEYS)) or agent_name(turns, roles),
        customer=_as_text(_fact(call, _CUSTOMER_KEYS)),
        location=_as_text(_fact(call, _LOCATION_KEYS)),
        product=_as_text(_fact(call, _PRODUCT_KEYS)),
        row=row,
    )


def _case_number(name: str) -> str | None:
    found = _CASE.search(name.rpartition("/")[2])
    return found[1] if found else None


def _captions(text: str, form: str) -> list[Turn]:
    """The cues of WebVTT or SubRip; the speaker is in a voice tag or before a colon."""
    try:
        captions = webvtt.from_buffer(StringIO(text), format=form)
    except (MalformedFileError, MalformedCaptionError) as error:
        raise Unusable(f"Is a damaged .{form} file ({type(error).__name__}). Export the transcript again.") from error
    turns: list[Turn] = []
    for caption in captions.captions:
        turns += _cue_turns(caption.raw_text)
    return _with_names(turns)


def _cue_turns(raw: str) -> list[Turn]:
    parts = _VOICE.split(raw)
    turns = [Turn(None, parts[0])] if parts[0].strip() else []
    turns += [Turn(name.strip(), words) for name, words in zip(parts[1::2], parts[2::2], strict=True)]
    return [Turn(turn.speaker, re.sub(r"<[^<>]*>", "", turn.text)) for turn in turns]


def _named_lines(text: str) -> list[Turn]:
    turns = _with_names([Turn(None, line) for line in text.split("\n") if line.strip()])
    n_named = sum(1 for turn in turns if turn.speaker)
    if n_named < 2:
        raise Unusable(
            'Is a text without speakers; a transcript names one before each turn ("Agent: …"). If these are notes, '
            "make them a source of kind letters."
        )
    return turns


def _with_names(turns: list[Turn]) -> list[Turn]:
    """Take "Agent:" off the turns' beginnings when the text names its speakers so; else leave all as it is."""
    lines = [Turn(turn.speaker, line) for turn in turns for line in _speech_lines(turn)]
    named = [_PREFIX.match(line.text) for line in lines]
    names = [match[1] for match in named if match]
    if not lines or len(names) < 2 or len(set(names)) > max(6, len(names) // 2) or any(turn.speaker for turn in turns):
        return turns
    result: list[Turn] = []
    for line, match in zip(lines, named, strict=True):
        if match:
            result.append(Turn(match[1], line.text[match.end() :]))
        else:  # goes on from the line before
            result.append(Turn(result[-1].speaker if result else None, line.text))
    return result


def _speech_lines(turn: Turn) -> list[str]:
    return turn.text.split("\n") if turn.speaker is None else [turn.text]


def _json_calls(text: str) -> list[Call]:
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
        return Call(_transcribe_turns(results), document)
    segments = _segments(document)
    if segments is None:
        raise Unusable(
            "Is JSON without segments. Known are Amazon Transcribe (results.items) and a list `segments` of objects "
            "with `speaker` and `text`."
        )
    turns = [Turn(_as_text(_first(each, _SPEAKER_KEYS)), _as_text(_first(each, _TEXT_KEYS)) or "") for each in segments]
    return Call(_with_names(turns), document)


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
    for item in _list(results.get("items")):
        alternatives = _list(item.get("alternatives"))
        word = _as_text(alternatives[0].get("content")) if alternatives else None
        if not word:
            continue
        if item.get("type") == "punctuation" and turns:
            turns[-1] = Turn(turns[-1].speaker, turns[-1].text + word)
            continue
        speaker = _as_text(
            item.get("speaker_label") or speaker_at.get(item.get("start_time")) or item.get("channel_label")
        )
        turns.append(Turn(speaker, word))
    if turns:
        return turns
    return [
        Turn(_as_text(each.get("speaker_label")), _as_text(each.get("transcript")) or "")
        for each in _list(results.get("audio_segments")) or _list(results.get("transcripts"))
    ]


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _first(entry: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    return next((entry[key] for key in keys if entry.get(key) not in (None, "")), None)


def _fact(call: Call, keys: tuple[str, ...]) -> Any:
    """A fact about the call, at the top of its document or under ``metadata``; of an object, its name or id."""
    value = _first(call.facts, keys)
    if value is None:
        value = _first(_dict(call.facts.get("metadata") or call.facts.get("call")), keys)
    return _first(value, ("name", "display_name", "id")) if isinstance(value, dict) else value


def _as_text(value: Any) -> str | None:
    """Return a string or whole number as text; None for anything else."""
    if isinstance(value, str):
        return value.strip() or None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None
