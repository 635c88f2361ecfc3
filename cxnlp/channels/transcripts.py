"""Call transcripts: one line a turn, with who speaks."""

import io
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final
from zoneinfo import ZoneInfo

import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError

from cxnlp.channels.archives import check_archive
from cxnlp.channels.dates import parse_when, when_in_name
from cxnlp.channels.files import File
from cxnlp.channels.items import Item, Unusable, unusable
from cxnlp.channels.plain import decode
from cxnlp.channels.speakers import Call, Turn, agent_name, joined, roles_of
from cxnlp.channels.spoken_json import as_text, first_of, json_calls
from cxnlp.channels.spoken_lines import flowing, with_names, written_call
from cxnlp.channels.word import read_docx
from cxnlp.settings import Source

_VOICE: Final = re.compile(r"<v(?:\.[^\s>]+)?\s+([^>]*)>")
#: Zoom names recordings by the time in Greenwich: GMT20260907-101500_Recording.transcript.vtt
_GREENWICH: Final = re.compile(r"GMT(?=20\d{6}-\d{6})")
_CASE: Final = re.compile(r"(?:case|call|ticket|ref)[-_ #]?(\d{3,})", re.IGNORECASE)

# What exports call the facts about a call, beside its words.
_ID_KEYS: Final = ("call_id", "callId", "CallId", "ContactId", "contact_id", "conversation_id", "case_number", "id")
_TIME_KEYS: Final = (
    "started_at",
    "recording_start",
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
_SEGMENT_KEYS: Final = ("segment", "customer_segment", "customerSegment", "customer_type")


def read_transcripts(source: Source, file: File) -> Iterator[Item]:
    """Yield the call in ``file``, or several where a JSON file holds a list of calls.

    Raises:
        Unusable: it is no transcript of a known form, or holds no words.
    """
    calls = list(_calls(file))
    for number, call in enumerate(calls, start=1):
        yield _item(source, file, call, number if len(calls) > 1 else None)


def _calls(file: File) -> Iterable[Call]:
    data = file.read_bytes()
    if data.startswith(b"PK\x03\x04"):
        return [written_call(_document(data))]
    text = decode(data)
    head = text.lstrip("\ufeff \n\t")[:200]
    if head.startswith("WEBVTT"):
        return [Call(_captions(text, "vtt"))]
    if head.startswith(("{", "[")) and file.suffix == ".json":
        return json_calls(text)
    if file.suffix == ".srt":
        return [Call(_captions(text, "srt"))]
    if file.suffix == ".txt":
        return [written_call(text)]
    if file.suffix in (".vtt", ".json", ".docx"):
        raise Unusable(
            f"Is no {file.suffix[1:].upper()}, though its name says so: it begins with something else. Export it again."
        )
    raise Unusable(
        f"Is a {file.suffix or 'file without suffix'}; transcripts are read from .vtt, .srt, .json (Amazon Transcribe, "
        "Whisper, Zoom, or segments with speaker and text), .docx (Teams) and .txt with a speaker before each turn. "
        "Export it as one of these."
    )


def _document(data: bytes) -> str:
    """The text of a transcript in Word, as Teams exports it."""
    if "word/document.xml" not in check_archive(io.BytesIO(data)):
        raise Unusable("Is a ZIP archive, but no .docx transcript. Unpack it, or export the transcript as .vtt.")
    return read_docx(data)


def _item(source: Source, file: File, call: Call, row: int | None) -> Item:
    turns = joined(call.turns)
    if not turns:
        return unusable("Holds no spoken words. The recording may have failed; transcribe it again.", row)
    roles = roles_of(turns, source.ours)
    zone = ZoneInfo("UTC" if _GREENWICH.search(file.name) else source.timezone)
    said_at = _fact(call, _TIME_KEYS)
    occurred_at = parse_when(said_at, day_first=source.day_first, zone=zone) or when_in_name(file.name, zone)
    return Item(
        text="\n".join(turn.text for turn in turns),
        speakers=[roles.get(turn.speaker) if turn.speaker else None for turn in turns],
        external_id=as_text(_fact(call, _ID_KEYS)) or (_case_number(file.name) if row is None else None),
        occurred_at=occurred_at,
        employee=as_text(_fact(call, _AGENT_KEYS)) or agent_name(turns, roles),
        customer=as_text(_fact(call, _CUSTOMER_KEYS)),
        location=as_text(_fact(call, _LOCATION_KEYS)),
        product=as_text(_fact(call, _PRODUCT_KEYS)),
        segment=as_text(_fact(call, _SEGMENT_KEYS)),
        row=row,
    )


def _case_number(name: str) -> str | None:
    found = _CASE.search(name.rpartition("/")[2])
    return found[1] if found else None


def _captions(text: str, form: str) -> list[Turn]:
    """The cues of WebVTT or SubRip; the speaker is in a voice tag or before a colon."""
    try:
        captions = webvtt.from_buffer(io.StringIO(text), format=form)
    except (MalformedFileError, MalformedCaptionError) as error:
        raise Unusable(f"Is a damaged .{form} file ({type(error).__name__}). Export the transcript again.") from error
    turns: list[Turn] = []
    for caption in captions.captions:
        turns += _cue_turns(caption.raw_text)
    return flowing(with_names(turns))


def _cue_turns(raw: str) -> list[Turn]:
    parts = _VOICE.split(raw)
    turns = [Turn(None, parts[0])] if parts[0].strip() else []
    turns += [Turn(name.strip(), words) for name, words in zip(parts[1::2], parts[2::2], strict=True)]
    return [Turn(turn.speaker, re.sub(r"<[^<>]*>", "", turn.text)) for turn in turns]


def _fact(call: Call, keys: tuple[str, ...]) -> Any:
    """A fact about the call, at the top of its document or under ``metadata``; of an object, its name or id."""
    value = first_of(call.facts, keys)
    about = call.facts.get("metadata") or call.facts.get("call")
    if value is None and isinstance(about, dict):
        value = first_of(about, keys)
    return first_of(value, ("name", "display_name", "id")) if isinstance(value, dict) else value
