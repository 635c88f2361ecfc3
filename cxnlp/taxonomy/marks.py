"""YAML with line numbers: plain values, and for each of them the line it stands on."""

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from cxnlp.errors import CxnlpError

Trail = tuple[str | int, ...]


class TaxonomyError(CxnlpError):
    """The taxonomy cannot be used; the message names file and line, what was found and how to mend it."""


@dataclass(frozen=True)
class Marked:
    """Plain values read from ``file`` (dicts, lists, scalars) and the line of each, by its trail of keys."""

    file: str
    value: object
    lines: dict[Trail, int] = field(repr=False)

    def place(self, trail: Trail) -> str:
        """Return "moments.yaml, line 12" for ``trail``, or for what is nearest around it."""
        while trail and trail not in self.lines:
            trail = trail[:-1]
        return f"{self.file}, line {self.lines.get(trail, 1)}"


def read(path: Path) -> Marked:
    """Read one YAML file.

    Raises:
        TaxonomyError: the file is missing, not UTF-8, not YAML, or has a key twice in one entry.
    """
    if not path.is_file():
        raise TaxonomyError(f"{path}: missing. A taxonomy folder holds this file; copy it from the shipped one.")
    try:
        node = yaml.compose(path.read_text("utf-8"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        raise TaxonomyError(f"{path.name}: not UTF-8 (byte {error.start}). Save the file as UTF-8.") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise TaxonomyError(
            f"{path.name}, line {line}: not valid YAML ({error.problem}). Indent by two spaces and "
            "put phrases with a colon, # or quotes in double quotes."
        ) from error
    except yaml.YAMLError as error:
        raise TaxonomyError(f"{path.name}: not valid YAML ({error}). Save it as plain text.") from error
    if node is None:
        raise TaxonomyError(f"{path.name}: empty. It should hold what the shipped file of this name holds.")
    lines: dict[Trail, int] = {}
    return Marked(path.name, _plain(node, (), path.name, lines), lines)


def _plain(node: yaml.Node, trail: Trail, file: str, lines: dict[Trail, int]) -> object:
    """Return the value of ``node`` and note the lines of all that is in it."""
    lines.setdefault(trail, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*trail, position), file, lines) for position, child in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        return yaml.SafeLoader("").construct_object(node)
    mapping: dict[str, object] = {}
    for key_node, child in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if key in mapping:
            raise TaxonomyError(
                f"{file}, line {line}: found the key `{key}` a second time in one entry; allowed: "
                "once. Remove one of them."
            )
        lines[*trail, key] = line
        mapping[key] = _plain(child, (*trail, key), file, lines)
    return mapping
