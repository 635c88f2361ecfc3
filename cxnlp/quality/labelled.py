"""Labelled documents, JSON lines, read strictly: what is not understood is said by file and line, never guessed.

A mention carries its labels itself, or several people's under ``annotations``; then their majority is the reference
and stands where the mention's own labels would (docs/evaluate.md).
"""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeGuard

from cxnlp.errors import CxnlpError
from cxnlp.taxonomy import Taxonomy

Document = Mapping[str, Any]
Labels = Mapping[str, tuple[str, ...]]  # family → labels in order; unmeasurables with their sign

#: Where a mention keeps the labels of each family that has any number of them.
KEYS: Final = {"moment": "moments", "unmeasurable": "unmeasurables", "warning": "warnings", "signal": "signals"}
STRENGTHS: Final = ("-2", "-1", "0", "1", "2")
CHANNELS: Final = ("letter", "call", "social")

_SPEAKERS: Final = ("customer", "agent", None)
_SHOWN: Final = 10  # problems named in one error


class LabelError(CxnlpError):
    """A labelled file cannot be used; the message names its lines, what was found, what is allowed."""


def vocabulary(taxonomy: Taxonomy) -> dict[str, tuple[str, ...]]:
    """Return the labels that a file may use, family by family."""
    return {
        "moment": taxonomy.labels("moment"),
        "sentiment": STRENGTHS,
        "unmeasurable": tuple(name + sign for name in taxonomy.labels("unmeasurable") for sign in "+-"),
        "warning": taxonomy.labels("warning"),
        "signal": taxonomy.labels("signal"),
    }


def read(path: Path, labels: Labels) -> list[Document]:
    """Read a file of labelled documents.

    Args:
        path: JSON lines; blank lines are skipped, unknown keys allowed.
        labels: of `vocabulary`.

    Returns:
        The documents with all that stood there; where people's ``annotations`` stand, the mention's own ``sentiment``
        and label lists are their majority.

    Raises:
        LabelError: a line that is not understood, an id used twice, or nothing labelled at all; up to ten at once.
    """
    found: list[Document] = []
    problems: list[str] = []
    seen: dict[tuple[str, str | int], int] = {}
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                document = _document(line, labels)
                _only_once(document, seen, number)
                found.append(document)
            except ValueError as error:
                problems.append(f"line {number}: {error}")
    if problems:
        more = f"\n… and {len(problems) - _SHOWN} more lines" if len(problems) > _SHOWN else ""
        raise LabelError(f"{path.name}: {len(problems)} of its lines cannot be used. The format is in "
                         "docs/evaluate.md.\n" + "\n".join(problems[:_SHOWN]) + more)  # fmt: skip
    if not any(document["mentions"] for document in found):
        raise LabelError(f"{path.name}: found no labelled mention. Give at least one document with `mentions`.")
    return found


def _document(line: bytes, labels: Labels) -> Document:
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("not JSON; allowed: one object a line.") from None
    if not isinstance(document, dict):
        raise ValueError(f"found {_kind(document)}; allowed: an object with `id`, `text` and `mentions`.")
    name, text, mentions = document.get("id"), document.get("text"), document.get("mentions")
    if isinstance(name, bool) or not isinstance(name, str | int):
        raise ValueError(f"`id`: found {_kind(name)}; allowed: a string or a whole number.")
    if not isinstance(text, str):
        raise ValueError(f"`text`: found {_kind(text)}; allowed: a string.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("`text`: found half a character (a lone surrogate); allowed: whole Unicode characters.")
    if not isinstance(mentions, list):
        raise ValueError(f"`mentions`: found {_kind(mentions)}; allowed: a list, empty where nothing is labelled.")
    if document.get("channel") not in (*CHANNELS, None):
        raise ValueError(f"`channel`: found something else; allowed: {', '.join(CHANNELS)}, or leave it out.")
    if not isinstance(source := document.get("source", ""), str):
        raise ValueError(f"`source`: found {_kind(source)}; allowed: a string, or leave it out.")
    if not source.isprintable():
        raise ValueError("`source`: found characters that cannot be printed; allowed: a name on one line.")
    checked = [_mention(mention, f"`mentions[{number}]`", len(text), labels) for number, mention in enumerate(mentions)]
    return document | {"mentions": checked}


def _mention(mention: object, place: str, length: int, labels: Labels) -> dict[str, Any]:
    if not isinstance(mention, dict):
        raise ValueError(f"{place}: found {_kind(mention)}; allowed: an object.")
    start, end = mention.get("start"), mention.get("end")
    if not _is_whole(start) or not _is_whole(end) or not 0 <= start < end <= length:
        raise ValueError(f"{place}: `start` and `end` are no place in the text; allowed: whole numbers with 0 ≤ start "
                         f"< end ≤ {length}, the length of the text in characters.")  # fmt: skip
    if mention.get("speaker") not in _SPEAKERS:
        raise ValueError(f"{place}.speaker: found something else; allowed: customer, agent, or null.")
    given = mention.get("annotations")
    if given is None:
        _check_labels(mention, place, labels)
        return mention
    if not isinstance(given, list) or not given:
        raise ValueError(f"{place}.annotations: found {_kind(given)}; allowed: a list with one entry a person.")
    for number, annotation in enumerate(given):
        _check_annotation(annotation, f"{place}.annotations[{number}]", labels)
    twice = [name for name, n in Counter(annotation["annotator"] for annotation in given).items() if n > 1]
    if twice:
        raise ValueError(f"{place}.annotations: one annotator stands there twice; give each person one entry.")
    return mention | majority(given)


def _check_annotation(annotation: object, place: str, labels: Labels) -> None:
    if not isinstance(annotation, dict):
        raise ValueError(f"{place}: found {_kind(annotation)}; allowed: an object.")
    if not isinstance(annotation.get("annotator"), str) or not annotation["annotator"]:
        raise ValueError(f"{place}.annotator: found {_kind(annotation.get('annotator'))}; allowed: a person's code.")
    if not annotation["annotator"].isprintable():
        raise ValueError(f"{place}.annotator: found characters that cannot be printed; allowed: a person's code.")
    _check_labels(annotation, place, labels)


def _check_labels(given: Mapping[str, Any], place: str, labels: Labels) -> None:
    strength = given.get("sentiment")
    if not _is_whole(strength) or str(strength) not in STRENGTHS:
        found = strength if _is_whole(strength) else _kind(strength)
        raise ValueError(f"{place}.sentiment: found {found}; allowed: a whole number from -2 to 2.")
    for family, key in KEYS.items():
        if not isinstance(given.get(key), list):
            raise ValueError(f"{place}.{key}: found {_kind(given.get(key))}; allowed: a list, empty where there is "
                             "none.")  # fmt: skip
        for label in given[key]:
            if label not in labels[family]:
                raise ValueError(f"{place}.{key}: found {_named(label)}; allowed: {', '.join(labels[family])}.")


def majority(annotations: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Settle several people's labels of one mention.

    A label counts when at least half of them gave it. The strength is the commonest; of equally common ones the one
    nearest to their mean, then the milder, then the negative.
    """
    strengths = [int(annotation["sentiment"]) for annotation in annotations]
    mean = sum(strengths) / len(strengths)
    chosen = min(set(strengths), key=lambda value: (-strengths.count(value), abs(value - mean), abs(value), value))
    settled: dict[str, Any] = {"sentiment": chosen}
    for key in KEYS.values():
        votes = Counter(label for annotation in annotations for label in dict.fromkeys(annotation[key]))
        settled[key] = [label for label, n in votes.items() if 2 * n >= len(annotations)]
    return settled


def _only_once(document: Document, seen: dict[tuple[str, str | int], int], number: int) -> None:
    """Refuse an id of a document, or of a mention that has one, that stood there before."""
    names = [("id", document["id"]), *(("mention id", m["id"]) for m in document["mentions"] if "id" in m)]
    for what, name in names:
        if isinstance(name, bool) or not isinstance(name, str | int):
            raise ValueError(f"a {what}: found {_kind(name)}; allowed: a string or a whole number.")
        if (what, name) in seen:
            raise ValueError(f"its {what} {_named(name)} stands in line {seen[what, name]}, too; give each its own.")
        seen[what, name] = number


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _named(value: object) -> str:
    """A value that looks like a label or an id is shown; anything else could be a customer's words."""
    if isinstance(value, int) or (isinstance(value, str) and re.fullmatch(r"[\w.:/-]{1,40}[+-]?", value)):
        return repr(value)
    return "something else" if isinstance(value, str) else _kind(value)


def _kind(value: object) -> str:
    return "nothing" if value is None else type(value).__name__
