"""Write an entry into a workspace's own ``taxonomy.yaml``, or take it out; all other lines stay as they are."""

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from cxnlp.taxonomy import own
from cxnlp.taxonomy.load import load
from cxnlp.taxonomy.marks import TaxonomyError, read

#: Family as tags say it → key of the file.
KEYS: Final = {"moment": "moments", "unmeasurable": "unmeasurables", "warning": "warnings", "signal": "signals"}

_PLAIN: Final = re.compile(r"[a-z][a-z0-9_]*")  # words that need no quotes, unless YAML reads them as `on` or `no`

_HEADING: Final = """\
# Labels of this workspace, beside the shipped ones: moments, unmeasurables, warnings, signals.
# Written by `cxnlp teach`; you may edit it. A mistake is refused with its line.
"""


def entry_in(path: Path, family: str, label: str) -> dict[str, Any] | None:
    """Return what a workspace's file says of a label; None when it says nothing.

    Raises:
        TaxonomyError: the file is no YAML.
    """
    if not own.says_something(path):
        return None
    found = read(path).value
    entries = found.get(KEYS[family]) or [] if isinstance(found, dict) else []
    return next((dict(entry) for entry in entries if isinstance(entry, dict) and entry.get("id") == label), None)


def put(path: Path, family: str, entry: Mapping[str, Any]) -> None:
    """Add an entry at the end of its family, or replace the one with its id.

    Raises:
        TaxonomyError: the file with the entry would not be a valid taxonomy; it is left as it was.
    """
    text = _text(path) or _HEADING
    lines, (key, entries) = text.splitlines(), _family_in(text, family)
    if entries is None:
        place = len(lines) if key is None else key.end_mark.line + 1
        heading = [f"{KEYS[family]}:"] if key is None else []
        lines[place:place] = [*heading, *_block(entry, 2)]
    else:
        _refuse_brackets(entries, path.name)
        old = _entry_of(entries, str(entry["id"]))
        first = old.start_mark.line if old else _last_line(lines, entries) + 1
        last = _last_line(lines, old) + 1 if old else first
        lines[first:last] = _block(entry, entries.start_mark.column)
    _write(path, lines)


def remove(path: Path, family: str, label: str) -> bool:
    """Take a label out; False when it was not there.

    Raises:
        TaxonomyError: the file cannot be read, or would not be a valid taxonomy without it.
    """
    text = _text(path)
    lines, (key, entries) = text.splitlines(), _family_in(text, family)
    old = _entry_of(entries, label) if entries else None
    if key is None or entries is None or old is None:
        return False
    _refuse_brackets(entries, path.name)
    first = old.start_mark.line if len(entries.value) > 1 else key.start_mark.line
    del lines[first : _last_line(lines, old) + 1]
    _write(path, lines)
    return True


def _text(path: Path) -> str:
    """What the file holds, ending with a line's end where it holds anything."""
    text = path.read_text("utf-8") if path.is_file() else ""
    return text if text.endswith("\n") or not text else text + "\n"


def _block(entry: Mapping[str, Any], indent: int) -> list[str]:
    """One key a line; words in double quotes, so that no `no` and no `1.0` is taken for something else."""
    lines = [f"{key}: {_written(key, value)}" for key, value in entry.items()]
    return [" " * indent + ("- " if line is lines[0] else "  ") + line for line in lines]


def _written(key: str, value: Any) -> str:
    if value is None:
        return "null"
    if key in ("id", "stage") and _PLAIN.fullmatch(str(value)) and yaml.safe_load(value) == value:
        return str(value)
    said: str = yaml.safe_dump(value, default_style='"', default_flow_style=True, width=10_000, allow_unicode=True)
    return said.removesuffix("...\n").strip()


def _family_in(text: str, family: str) -> tuple[yaml.Node | None, yaml.SequenceNode | None]:
    """The nodes of a family's key and of its entries; None where there is none."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    for key, child in root.value if isinstance(root, yaml.MappingNode) else ():
        if key.value == KEYS[family]:
            return key, child if isinstance(child, yaml.SequenceNode) else None
    return None, None


def _entry_of(entries: yaml.SequenceNode, label: str) -> yaml.MappingNode | None:
    for entry in entries.value:
        if isinstance(entry, yaml.MappingNode) and any(k.value == "id" and v.value == label for k, v in entry.value):
            return entry
    return None


def _refuse_brackets(entries: yaml.SequenceNode, name: str) -> None:
    for node in (entries, *entries.value):
        if node.flow_style:
            raise TaxonomyError(
                f"{name}, line {node.start_mark.line + 1}: found entries in brackets; allowed here: each starting with "
                "`- id:` and one key a line, as in the shipped files. Write them so."
            )


def _last_line(lines: list[str], node: yaml.Node) -> int:
    """The last line (from 0) on which a node has words: its end mark may lie behind comments that follow it."""
    line = node.end_mark.line - 1  # of a block: where the next begins
    while line > node.start_mark.line and (not lines[line].strip() or lines[line].lstrip().startswith("#")):
        line -= 1
    return line


def _write(path: Path, lines: list[str]) -> None:
    """Check the text as a taxonomy, then put it in place in one step."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
        trial = Path(folder) / path.name
        with trial.open("w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
            file.flush()
            os.fsync(file.fileno())
        load(additions=trial)
        trial.replace(path)
