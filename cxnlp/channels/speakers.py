"""Who speaks in a call: the customer or the company's agent, and what the agent is called."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any, Final, Literal

import yaml

from cxnlp.channels.ours import is_ours

Role = Literal["customer", "agent"]

#: The greeting that gives an agent away is among the first turns.
_OPENING_TURNS: Final = 6
_WORD: Final = r"(?-i:[A-ZÀ-Ž][\w'’-]+)"
_SIGN: Final = re.compile(r"[\W\d_]+")


@dataclass(frozen=True)
class Turn:
    """What one speaker said before the next one spoke; ``speaker`` is the name in the file, None when it has none."""

    speaker: str | None
    text: str


@dataclass(frozen=True)
class Call:
    """The turns of one call and the facts that its file tells."""

    turns: list[Turn]
    facts: Mapping[str, Any] = field(default_factory=dict)


def joined(turns: Sequence[Turn]) -> list[Turn]:
    """Join consecutive turns of one speaker and make each text a single line."""
    result: list[Turn] = []
    for turn in turns:
        text = " ".join(turn.text.split())
        if not text:
            continue
        if result and result[-1].speaker == turn.speaker and turn.speaker is not None:
            result[-1] = Turn(turn.speaker, f"{result[-1].text} {text}")
        else:
            result.append(Turn(turn.speaker, text))
    return result


def roles_of(turns: Sequence[Turn], ours: tuple[str, ...] = ()) -> dict[str, Role]:
    """Return the role of each speaker that can be told; the others are missing.

    In this order: the name says it ("Agent Tom", "Caller", a handle of ``ours``); the speaker opens as companies do
    ("thank you for calling …"); of two speakers one is known, so the other is the other.
    """
    names = list(dict.fromkeys(turn.speaker for turn in turns if turn.speaker))
    roles: dict[str, Role] = {name: role for name in names if (role := _role_by_name(name, ours))}
    for name in _openers(turns):
        if name not in roles and ("agent" not in roles.values() or len(names) > 2):
            roles[name] = "agent"
    unknown = [name for name in names if name not in roles]
    known = set(roles.values())
    if len(unknown) == 1 and len(known) == 1:
        roles[unknown[0]] = "customer" if known == {"agent"} else "agent"
    return roles


def agent_name(turns: Sequence[Turn], roles: Mapping[str, Role]) -> str | None:
    """Return the name of the first agent: from the file's name for the speaker, or from how the agent opens."""
    for turn in turns:
        if turn.speaker and roles.get(turn.speaker) == "agent":
            name = _proper_name(turn.speaker)
            if name:
                return name
            break
    opening = [turn for turn in turns[:_OPENING_TURNS] if turn.speaker and roles.get(turn.speaker) == "agent"]
    for turn in opening[:2]:
        for pattern in _words().introductions:
            if match := pattern.search(turn.text):
                return match["name"]
    return None


def _role_by_name(name: str, ours: tuple[str, ...]) -> Role | None:
    words = set(_SIGN.sub(" ", name).casefold().split())
    if is_ours(name, ours) or words & _words().agent:
        return "agent"
    return "customer" if words & _words().customer else None


def _openers(turns: Sequence[Turn]) -> list[str]:
    """Speakers whose own first turn is a company's greeting; only the call's first turns count."""
    first: dict[str, str] = {}
    for turn in turns[:_OPENING_TURNS]:
        if turn.speaker:
            first.setdefault(turn.speaker, turn.text)
    return [name for name, text in first.items() if any(pattern.search(text) for pattern in _words().greetings)]


def _proper_name(name: str) -> str | None:
    """Return what is a person's name in "Agent Tom", "Priya Nair (Larkfield support)", "agent"; None for the last."""
    name = re.sub(r"\(.*?\)|\[.*?\]", " ", name)
    known = _words().agent | _words().customer | _words().nameless
    words = [word for word in re.split(r"[\s:_/–]+|-(?=\W)", name) if word.strip(".,-")]
    kept = [
        word.strip(",")
        for word in words
        if word.casefold().strip(".,-") not in known and not any(map(str.isdigit, word))
    ]
    return " ".join(kept) or None


@dataclass(frozen=True)
class _Words:
    agent: frozenset[str]
    customer: frozenset[str]
    nameless: frozenset[str]
    greetings: tuple[re.Pattern[str], ...]
    introductions: tuple[re.Pattern[str], ...]


@lru_cache(maxsize=1)
def _words() -> _Words:
    data = yaml.safe_load(resources.files("cxnlp.channels").joinpath("speakers.yaml").read_text("utf-8"))
    return _Words(
        agent=frozenset(word.casefold() for word in data["agent"]),
        customer=frozenset(word.casefold() for word in data["customer"]),
        nameless=frozenset(word.casefold() for word in data["nameless"]),
        greetings=_patterns(data["greetings"]),
        introductions=_patterns(data["introductions"]),
    )


def _patterns(patterns: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    named = [
        pattern.replace("NAME", f"(?P<name>{_WORD}(?: {_WORD})?)").replace("COMPANY", _WORD) for pattern in patterns
    ]
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in named)
