"""Calls: one line a turn, who speaks, and what the agent is called."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cxnlp.channels.speakers import Turn, agent_name, joined, roles_of
from tests.channels.conftest import rows
from tests.channels.made import archive, letter_docx

One = Callable[..., dict[str, Any]]

VOICES = """WEBVTT - contact centre

NOTE
Channel 1 agent, channel 2 customer.

1
00:00:00.400 --> 00:00:03.612
<v Agent Tom>Good morning, Larkfield, how can I help?</v>

2
00:00:03.969 --> 00:00:05.959
<v Customer>My lamp
smells of <i>burning</i>.</v>

00:00:06.000 --> 00:00:07.000
<v Customer>It's a GlowNest.</v>

00:00:07.000 --> 00:00:09.000
<v Agent Tom>Is anyone hurt?</v>
"""


def spoken(item: dict[str, Any]) -> list[tuple[str | None, str]]:
    return list(zip(item["speakers"], item["text"].split("\n"), strict=True))


def test_cues_of_one_speaker_are_one_turn(one: One) -> None:
    item = one("transcripts", "2026-09-08_1021_case-50016.vtt", VOICES)
    assert spoken(item) == [
        ("agent", "Good morning, Larkfield, how can I help?"),
        ("customer", "My lamp smells of burning. It's a GlowNest."),
        ("agent", "Is anyone hurt?"),
    ]
    assert (item["external_id"], item["employee"], item["channel"]) == ("50016", "Tom", "call")
    assert f"{item['occurred_at']:%Y-%m-%d %H:%M}" == "2026-09-08 09:21"


PREFIXED = """WEBVTT

00:00.400 --> 00:02.000
Agent: Larkfield, Gareth speaking. What's happened?

00:02.500 --> 00:04.000
Customer: It's the returns desk: they laughed.

00:04.100 --> 00:05.000
I'm seventy-four.
"""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.vtt", PREFIXED),
        (
            "a.srt",
            "1\n00:00:00,400 --> 00:00:02,000\nAgent: Larkfield, Gareth speaking. What's "
            "happened?\n\n2\n00:00:02,500 --> "
            "00:00:04,000\nCustomer: It's the returns desk: they laughed.\n\n3\n00:00:04,100 --> "
            "00:00:05,000\nI'm seventy-four.\n",
        ),
        (
            "a.txt",
            "Agent: Larkfield, Gareth speaking. What's happened?\nCustomer: It's the returns desk: they laughed.\n"
            "I'm seventy-four.\n",
        ),
        (
            "a.json",
            json.dumps(
                {
                    "segments": [
                        {"speaker": "Agent", "text": "Larkfield, Gareth speaking. What's happened?"},
                        {"speaker": "Caller", "text": "It's the returns desk: they laughed."},
                        {"speaker": "Caller", "text": "I'm seventy-four."},
                    ]
                }
            ),
        ),
    ],
)
def test_one_call_in_four_formats(one: One, name: str, content: str) -> None:
    item = one("transcripts", name, content)
    assert spoken(item) == [
        ("agent", "Larkfield, Gareth speaking. What's happened?"),
        ("customer", "It's the returns desk: they laughed. I'm seventy-four."),
    ]
    assert item["employee"] == "Gareth"


def transcribe(*words: tuple[str, str], labels_on_items: bool) -> dict[str, Any]:
    items: list[dict[str, Any]] = []
    segments = []
    for number, (speaker, word) in enumerate(words):
        if word in ".,?":
            items.append({"type": "punctuation", "alternatives": [{"content": word}]})
            continue
        time = f"{number}.0"
        items.append({"type": "pronunciation", "start_time": time, "alternatives": [{"content": word}]})
        if labels_on_items:
            items[-1]["speaker_label"] = speaker
        segments.append({"speaker_label": speaker, "items": [{"speaker_label": speaker, "start_time": time}]})
    return {
        "jobName": "j",
        "results": {"transcripts": [{"transcript": "…"}], "speaker_labels": {"segments": segments}, "items": items},
    }


@pytest.mark.parametrize("labels_on_items", [True, False])
def test_amazon_transcribe(one: One, labels_on_items: bool) -> None:
    words = [("spk_0", word) for word in ["Hello", "?"]] + [
        ("spk_1", word) for word in ["Larkfield", ",", "Priya", "speaking", "."]
    ]
    words += [("spk_0", word) for word in ["It", "melted", "."]]
    item = one("transcripts", "a.json", json.dumps(transcribe(*words, labels_on_items=labels_on_items)))
    assert spoken(item) == [("customer", "Hello?"), ("agent", "Larkfield, Priya speaking."), ("customer", "It melted.")]
    assert item["employee"] == "Priya"
    assert item["external_id"] == "a.json"


def test_amazon_transcribe_without_speakers_has_a_line_a_sentence(one: One) -> None:
    words = [("", word) for word in ["Hello", "?", "It", "melted", ",", "twice", "."]]
    call = transcribe(*words, labels_on_items=False)
    call["results"]["speaker_labels"] = {}
    call["results"]["items"][4]["type"] = "punctuation"
    assert spoken(one("transcripts", "a.json", json.dumps(call))) == [(None, "Hello?"), (None, "It melted, twice.")]


def test_amazon_transcribe_by_channels(one: One) -> None:
    def word(time: float, content: str) -> dict[str, Any]:
        return {"type": "pronunciation", "start_time": str(time), "alternatives": [{"content": content}]}

    stop = {"type": "punctuation", "alternatives": [{"content": "."}]}
    channels = [
        {"channel_label": "ch_0", "items": [word(0.1, "Larkfield,"), word(0.5, "Priya"), word(0.9, "speaking"), stop]},
        {"channel_label": "ch_1", "items": [word(2.0, "It"), word(11.5, "melted"), stop]},
    ]
    call = {"results": {"items": [], "channel_labels": {"channels": channels}}}
    assert spoken(one("transcripts", "a.json", json.dumps(call))) == [
        ("agent", "Larkfield, Priya speaking."),
        ("customer", "It melted."),
    ]


def test_amazon_call_analytics(one: One) -> None:
    said = [("AGENT", "Larkfield, how can I help?"), ("CUSTOMER", "It melted."), ("CUSTOMER", "Twice.")]
    call = {
        "JobName": "j",
        "Transcript": [
            {
                "Id": str(n),
                "ParticipantRole": role,
                "Content": words,
                "BeginOffsetMillis": n * 1000,
                "Sentiment": "NEUTRAL",
            }
            for n, (role, words) in enumerate(said)
        ],
    }
    assert spoken(one("transcripts", "a.json", json.dumps(call))) == [
        ("agent", "Larkfield, how can I help?"),
        ("customer", "It melted. Twice."),
    ]


WHISPERED = [
    (0.0, 2.4, " Hello, my lamp has melted and I would"),
    (2.4, 4.0, " like my money back."),
    (4.0, 5.0, " Please."),
]


@pytest.mark.parametrize(
    "call",
    [
        {
            "task": "transcribe",
            "language": "english",
            "text": "…",
            "segments": [
                {"id": n, "start": a, "end": b, "text": t, "tokens": [1]} for n, (a, b, t) in enumerate(WHISPERED)
            ],
        },
        {
            "systeminfo": "AVX = 1",
            "result": {"language": "en"},
            "transcription": [
                {"offsets": {"from": int(a * 1000), "to": int(b * 1000)}, "text": t} for a, b, t in WHISPERED
            ],
        },
        {"text": "Hello, my lamp has melted and I would like my money back.\nPlease."},
    ],
    ids=["whisper", "whisper.cpp", "text alone"],
)
def test_whisper_has_a_line_a_sentence(one: One, call: dict[str, Any]) -> None:
    assert spoken(one("transcripts", "a.json", json.dumps(call))) == [
        (None, "Hello, my lamp has melted and I would like my money back."),
        (None, "Please."),
    ]


def test_whisper_with_speakers(one: One) -> None:
    said = [
        ("SPEAKER_01", " Larkfield, how can I help?"),
        ("SPEAKER_00", " It's my lamp,"),
        ("SPEAKER_00", " it melted."),
    ]
    call = {"segments": [{"start": 0.0, "end": 1.0, "text": text, "speaker": name} for name, text in said]}
    assert spoken(one("transcripts", "a.json", json.dumps(call))) == [
        ("agent", "Larkfield, how can I help?"),
        ("customer", "It's my lamp, it melted."),
    ]


SAID = [
    ("Priya Nair", "Good morning, Larkfield, how can I help?"),
    ("Roy Fosdyke", "It melted at 10:30."),
    ("Priya Nair", "Oh no."),
]
HEARD = [("agent", SAID[0][1]), ("customer", SAID[1][1]), ("agent", SAID[2][1])]


def test_zoom_captions_in_the_recordings_folder(one: One) -> None:
    lines = [f"{n}\n00:00:0{n}.000 --> 00:00:0{n + 1}.000\n{name}: {text}\n" for n, (name, text) in enumerate(SAID, 1)]
    item = one("transcripts", "GMT20260907-101500_Recording.transcript.vtt", "WEBVTT\n\n" + "\n".join(lines))
    assert spoken(item) == HEARD
    assert f"{item['occurred_at']:%Y-%m-%d %H:%M}" == "2026-09-07 10:15"  # Greenwich, not the source's time zone
    assert item["employee"] == "Priya Nair"


ZOOM = {
    "saved captions": "".join(f"[{name}] 10:15:3{n}\n{text}\n\n" for n, (name, text) in enumerate(SAID)),
    "a line each": "".join(f"10:15:3{n} {name}: {text}\n" for n, (name, text) in enumerate(SAID)),
    "time in brackets": "".join(f"[00:00:3{n}] {name}: {text}\n" for n, (name, text) in enumerate(SAID)),
    "saved chat": "".join(
        f"10:15:3{n}\t From  {name}  to  Everyone:\n\t{text}\n" for n, (name, text) in enumerate(SAID)
    ),
}


@pytest.mark.parametrize("form", ZOOM)
def test_zoom_as_text(one: One, form: str) -> None:
    item = one("transcripts", "meeting_saved_closed_caption.txt", ZOOM[form])
    assert spoken(item) == HEARD


def test_zoom_timeline(one: One) -> None:
    timeline = [
        {"text": text, "ts": "00:00:01.120", "end_ts": "00:00:02.000", "users": [{"username": name, "user_id": "x"}]}
        for name, text in SAID
    ]
    call = {"recording_start": "2026-09-07T10:15:00Z", "timeline": timeline}
    item = one("transcripts", "a.json", json.dumps(call))
    assert spoken(item) == HEARD


def test_teams_captions(one: One) -> None:
    cues = [
        f"3f2b{n}/12-0\n00:00:0{n}.000 --> 00:00:0{n + 1}.000\n<v {name}>{text}</v>\n"
        for n, (name, text) in enumerate(SAID, 1)
    ]
    assert spoken(one("transcripts", "a.vtt", "WEBVTT\n\n" + "\n".join(cues))) == HEARD


TEAMS = {
    "new": [
        "Call with Larkfield-20260907_101500-Meeting Recording",
        "September 7, 2026, 9:15AM",
        "5m 32s",
        "Priya Nair started transcription",
        *[f"{name}   0:0{n}\n{text}" for n, (name, text) in enumerate(SAID)],
        "Priya Nair stopped transcription",
    ],
    "old": [
        "7 September 2026, 09:15",
        *[f"0:0:{n}.0 --> 0:0:{n}.950\n{name}\n{text}" for n, (name, text) in enumerate(SAID)],
    ],
}


@pytest.mark.parametrize("form", TEAMS)
def test_teams_in_word(one: One, form: str) -> None:
    item = one("transcripts", "call.docx", letter_docx(*TEAMS[form]))
    assert spoken(item) == HEARD
    assert f"{item['occurred_at']:%Y-%m-%d %H:%M}" == "2026-09-07 08:15"
    assert item["employee"] == "Priya Nair"


def test_facts_beside_the_words(one: One) -> None:
    call = {
        "call_id": 8841207,
        "started_at": "2026-09-11T13:20:07+01:00",
        "agent": {"name": "Denise Oakes"},
        "store": "Saltwell",
        "customer_id": "00418273",
        "segments": [{"speaker": "agent", "text": "Hello?"}],
    }
    item = one("transcripts", "a.json", json.dumps(call))
    assert [item[name] for name in ("external_id", "employee", "location", "customer")] == [
        "8841207",
        "Denise Oakes",
        "Saltwell",
        "00418273",
    ]
    assert f"{item['occurred_at']:%H:%M:%S}" == "12:20:07"


def test_a_list_of_calls_is_one_item_each(tmp_path: Path) -> None:
    calls = [{"id": str(number), "segments": [{"speaker": "agent", "text": f"call {number}"}]} for number in (1, 2)]
    (tmp_path / "a.json").write_text(json.dumps(calls))
    assert [(row["external_id"], row["row"]) for row in rows(tmp_path, "transcripts")] == [("1", 1), ("2", 2)]


ROLES = {
    "the greeting tells": (["Good morning, Larkfield, Tom speaking.", "Hi, it's my sofa."], ["agent", "customer"]),
    "the company rings back": (["Hello?", "Hello, is that Mr B? It's Priya from Larkfield."], ["customer", "agent"]),
    "the company's name comes first": (["Larkfield, this is Tom.", "I've been charged."], ["agent", "customer"]),
    "the customer gives a name": (["Hello, this is Tom Smith.", "How can I help, Mr Smith?"], ["customer", "agent"]),
    "nobody greets": (["It melted.", "Which one?"], [None, None]),
    "a later thanks for calling decides nothing": (
        ["It melted.", "Which one?", "The fox.", "Hm.", "Yes.", "No.", "Well.", "Thank you for calling."],
        [None, None],
    ),
}


@pytest.mark.parametrize("case", ROLES)
def test_numbered_speakers(case: str) -> None:
    lines, expected = ROLES[case]
    roles = roles_of([Turn(f"spk_{number % 2}", line) for number, line in enumerate(lines)])
    assert [roles.get("spk_0"), roles.get("spk_1")] == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Agent", "Customer"], ["agent", "customer"]),
        (["Priya Nair (Larkfield support)", "Ann Other"], ["agent", "customer"]),
        (["Berater", "Kundin"], ["agent", "customer"]),
        (["LarkfieldHelp", "ann"], ["agent", "customer"]),
        (["Ann", "Roy"], [None, None]),
        (["Ann", "Caller 2"], ["agent", "customer"]),
        (["Agent Tom", "Supervisor Jo", "Mrs Vance"], ["agent", "agent", "customer"]),
        (["Agent Tom", "Mr Vance", "Mrs Vance"], ["agent", None, None]),
        (["Agentha Lowe", "Customs Office"], [None, None]),
    ],
)
def test_named_speakers(names: list[str], expected: list[str | None]) -> None:
    roles = roles_of([Turn(name, "Well then.") for name in names], ours=("LarkfieldHelp",))
    assert [roles.get(name) for name in names] == expected


def test_a_colleague_who_joins_is_told_by_the_greeting() -> None:
    turns = [
        Turn("Agent Tom", "Larkfield, Tom speaking."),
        Turn("Eve", "My wardrobe."),
        Turn("Jo", "You're through to Accounts."),
    ]
    assert roles_of(turns) == {"Agent Tom": "agent", "Jo": "agent", "Eve": "customer"}


@pytest.mark.parametrize(
    ("speaker", "line", "expected"),
    [
        ("Agent Tom", "Hello", "Tom"),
        ("Priya Nair (agent)", "Hello", "Priya Nair"),
        ("agent", "Good morning, my name is Priya Nair, how can I help?", "Priya Nair"),
        ("agent", "Hi, Larkfield, Kayleigh speaking!", "Kayleigh"),
        ("agent", "Morning, thanks for calling, it's Kayleigh!", "Kayleigh"),
        ("agent", "you're through to Denise.", "Denise"),
        ("Agent 7", "Good morning, Siobhan at Larkfield.", "Siobhan"),
        ("spk_0", "I'm sorry to hear it's late.", None),
        ("agent", "it's the lamp, isn't it?", None),
    ],
)
def test_the_agents_name(speaker: str, line: str, expected: str | None) -> None:
    assert (
        agent_name([Turn("Customer", "Hello, I'm Roy from Saltwell."), Turn(speaker, line)], {speaker: "agent"})
        == expected
    )


def test_turns_without_speakers_stay_apart() -> None:
    assert joined([Turn(None, " a\nb "), Turn(None, "c"), Turn(None, " ")]) == [Turn(None, "a b"), Turn(None, "c")]


UNUSABLE = {
    "silent.vtt": ("WEBVTT\n\nNOTE\nno audio\n", "Holds no spoken words"),
    "no.vtt": ("Agent: hello", "Is no VTT"),
    "cut.json": ('{"segments": [{"speaker": "agent", "te', "breaks off or is damaged at line 1"),
    "other.json": ('{"a": 1}', "JSON without segments"),
    "number.json": ("[1, 2]", "JSON without"),
    "deep.json": ("[" * 100_000, "breaks off or is damaged"),
    "empty.json": ('{"segments": []}', "Holds no spoken words"),
    "notes.txt": ("Customer rang.\nHe was cross.", "Is a text without speakers"),
    "call.mp3": ("ID3", r"Is a .mp3; transcripts are read from"),
    "notes.docx": (letter_docx("Customer rang.", "He was cross."), "Is a text without speakers"),
    "other.docx": (archive(a=b"x"), "no .docx transcript"),
    "no.docx": (b"hello", "Is no DOCX"),
    "odd.json": ('{"results": {"items": [1, {"alternatives": []}, {"alternatives": "x"}]}}', "Holds no spoken words"),
    "odder.json": ('{"segments": [{"speaker": ["x"], "text": {"y": 1}}]}', "Holds no spoken words"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_an_unusable_transcript_says_why(one: One, name: str) -> None:
    content, problem = UNUSABLE[name]
    item = one("transcripts", name, content)
    assert item["text"] is None
    assert problem in item["problem"]


def test_a_note_that_names_facts_is_no_list_of_speakers(one: One) -> None:
    item = one("transcripts", "a.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\nThe order: it's LF-1, and the box: huge.\n")
    assert spoken(item) == [(None, "The order: it's LF-1, and the box: huge.")]
