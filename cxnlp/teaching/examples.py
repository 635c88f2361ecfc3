"""The examples that a person gives of a label: read strictly, masked as the night masks, kept for the next time."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from cxnlp.feedback.masking.masker import Document, mask_documents
from cxnlp.settings import Privacy, Workspace
from cxnlp.teaching.versions import TeachingError

LEAST: Final = 5  # examples, below which nothing can be learned or measured
MOST: Final = 5_000
_LONGEST: Final = 20_000  # characters of a text
_KINDS: Final = (
    ".csv (columns text, perhaps start and end), .jsonl (keys text, perhaps start and end) or .txt (one a line)"
)


@dataclass(frozen=True, order=True)
class Example:
    """A text and the mention in it that carries the label: ``start`` … ``end`` (exclusive), in characters."""

    text: str
    start: int
    end: int
    speaker: str | None = None


def read(path: Path) -> list[Example]:
    """Read examples from a file; one that stands there twice counts once.

    Raises:
        TeachingError: file and line, what was found, what is allowed and how to mend it, without a customer's words.
    """
    if not path.is_file():
        raise TeachingError(f"{path}: not found. Give a file: {_KINDS}.")
    readers = {".csv": _csv, ".jsonl": _jsonl, ".txt": _txt}
    if path.suffix.lower() not in readers:
        raise TeachingError(
            f"{path.name}: found the ending {path.suffix!r}; allowed: {_KINDS}. Save it as one of them."
        )
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TeachingError(f"{path.name}: not UTF-8 (byte {error.start}). Save the file as UTF-8.") from error
    found = dict.fromkeys(_example(path.name, line, row) for line, row in readers[path.suffix.lower()](path.name, text))
    if len(found) > MOST:
        raise TeachingError(f"{path.name}: found {len(found)} examples; allowed: at most {MOST}. Take some out.")
    return list(found)


def masked(examples: Iterable[Example], privacy: Privacy) -> list[Example]:
    """Replace personal data as the night does; what comes before, in and after the mention is masked by itself."""
    examples = list(examples)
    if not privacy.mask:
        return examples
    parts = [part for e in examples for part in (e.text[: e.start], e.text[e.start : e.end], e.text[e.end :])]
    documents = [Document(text=part, is_english=True) for part in parts]
    texts = iter(
        [text for text, _ in mask_documents(documents, privacy.keep, employees=True, patterns=privacy.patterns)]
    )
    found = []
    for example in examples:
        before, mention, after = next(texts), next(texts), next(texts)
        start, end = len(before), len(before) + len(mention)
        found.append(Example(before + mention + after, start, end, example.speaker))
    return list(dict.fromkeys(found))


def keep(workspace: Workspace, family: str, label: str, examples: Iterable[Example]) -> None:
    """Store masked examples, so that the label can be taught to a later model, too."""
    path = _path(workspace, family, label)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text("".join(json.dumps(asdict(e), ensure_ascii=False) + "\n" for e in examples), "utf-8")
    partial.chmod(0o600)
    partial.replace(path)


def kept(workspace: Workspace, family: str, label: str) -> list[Example]:
    """Return the stored examples of a label; none when it was not taught here."""
    path = _path(workspace, family, label)
    if not path.is_file():
        return []
    return [Example(**json.loads(line)) for line in path.read_text("utf-8").split("\n") if line.strip()]


def forget(workspace: Workspace, family: str, label: str) -> None:
    """Remove the stored examples of a label."""
    _path(workspace, family, label).unlink(missing_ok=True)


def forget_some(workspace: Workspace, is_meant: Callable[[Example], bool]) -> dict[str, int]:
    """Take single examples out of what is stored; return how many went, by label (``moment.parking``)."""
    found: dict[str, int] = {}
    for path in sorted((workspace.state / "teaching").glob("*.jsonl")):
        family, label = path.stem.split(".", 1)
        examples = kept(workspace, family, label)
        staying = [example for example in examples if not is_meant(example)]
        if len(staying) < len(examples):
            found[path.stem] = len(examples) - len(staying)
            keep(workspace, family, label, staying)
    return found


def _path(workspace: Workspace, family: str, label: str) -> Path:
    return workspace.state / "teaching" / f"{family}.{label}.jsonl"


def _csv(name: str, text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    dialect = csv.excel
    header = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), dialect=dialect, delimiter=delimiter, strict=True)
    columns = [column.strip().lower() for column in reader.fieldnames or ()]
    if "text" not in columns:
        raise TeachingError(f"{name}, line 1: found no column `text`; allowed: text, start and end. Name the column "
                            "of the examples `text`.")  # fmt: skip
    reader.fieldnames = columns
    try:
        for row in reader:
            if any(row.get(None) or ()):
                raise TeachingError(
                    f"{name}, line {reader.line_num}: found more cells than columns; allowed: {len(columns)}. "
                    "Put texts with commas or line breaks in double quotes."
                )
            yield reader.line_num, {key: row.get(key) or None for key in ("text", "start", "end")}
    except csv.Error as error:
        raise TeachingError(f"{name}, line {reader.line_num}: not valid CSV ({error}). Put texts with commas or line "
                            "breaks in double quotes.") from error  # fmt: skip


def _jsonl(name: str, text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, line in enumerate(text.split("\n"), 1):  # a JSON string may hold the other line ends of Unicode
        if line.strip():
            try:
                row = json.loads(line)
            except ValueError:
                row = None
            if not isinstance(row, dict):
                raise TeachingError(f"{name}, line {number}: no JSON object; allowed: one with `text`, perhaps `start` "
                                    "and `end`. Mend that line.")  # fmt: skip
            yield number, row


def _txt(name: str, text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    yield from ((number, {"text": line}) for number, line in enumerate(text.splitlines(), 1) if line.strip())


def _example(name: str, line: int, row: Mapping[str, Any]) -> Example:
    text, place = row.get("text"), f"{name}, line {line}"
    if not isinstance(text, str) or not text.strip():
        raise TeachingError(f"{place}: found no text; allowed: the customer's words. Fill it in, or take the line out.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise TeachingError(f"{place}: found half a character (a lone surrogate); allowed: whole Unicode characters. "
                            "Mend that text, or take the line out.")  # fmt: skip
    if len(text) > _LONGEST:
        raise TeachingError(
            f"{place}: found {len(text):,} characters; allowed: {_LONGEST:,}. Cut it around the mention."
        )
    start, end = (_number(place, key, row.get(key)) for key in ("start", "end"))
    if start is None and end is None:
        stripped = text.strip()
        return Example(stripped, 0, len(stripped))
    if start is None or end is None or not 0 <= start < end <= len(text) or not text[start:end].strip():
        raise TeachingError(f"{place}: found start {start} and end {end}; allowed: 0 ≤ start < end ≤ {len(text)}, "
                            "around words. Correct them, or leave both out where the whole text is meant.")  # fmt: skip
    return Example(text, start, end)


def _number(place: str, key: str, value: Any) -> int | None:
    if value is None or value == "":
        return None
    try:
        if isinstance(value, bool) or float(value) != int(float(value)):
            raise ValueError
        return int(float(value))
    except (TypeError, ValueError, OverflowError):
        raise TeachingError(f"{place}: found a `{key}` that is no whole number; allowed: a place, counted in "
                            "characters from 0. Correct it.") from None  # fmt: skip
