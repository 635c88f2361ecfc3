"""YAML with line numbers: plain values, and for each of them the line it stands on."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import yaml

from cxnlp.errors import CxnlpError

Trail = tuple[str | int, ...]

#: libyaml reads ten times as fast; it is not in every build.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST: Final = 20


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
        TaxonomyError: the file is missing, not UTF-8, not YAML, nested absurdly, or has a key twice in one entry.
    """
    if not path.is_file():
        raise TaxonomyError(f"{path}: missing. A taxonomy folder holds this file; copy it from the shipped one.")
    try:
        text = path.read_text("utf-8")
        _check_shape(text)
        node = yaml.compose(text, Loader=_LOADER)
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
    except RecursionError as error:
        raise TaxonomyError(f"{path.name}: nested absurdly deep; allowed: a few levels. Copy it again.") from error
    if node is None:
        raise TaxonomyError(f"{path.name}: empty. It should hold what the shipped file of this name holds.")
    lines: dict[Trail, int] = {}
    return Marked(path.name, _plain(node, (), path.name, lines), lines)


def _check_shape(text: str) -> None:
    """Refuse aliases, as nobody needs them here and a few lines of them make millions of entries, and great depth."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.AliasEvent):
            raise yaml.MarkedYAMLError(
                problem="an alias such as *name; write the value itself",
                problem_mark=event.start_mark,  # type: ignore[arg-type]
            )
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise RecursionError


def _plain(node: yaml.Node, trail: Trail, file: str, lines: dict[Trail, int]) -> object:
    """Return the value of ``node`` and note the lines of all that is in it."""
    lines.setdefault(trail, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*trail, position), file, lines) for position, child in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        return _scalar(node, trail, file)
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


def _scalar(node: yaml.Node, trail: Trail, file: str) -> object:
    try:
        return yaml.SafeLoader("").construct_object(node)
    except (ValueError, OverflowError, yaml.YAMLError) as error:
        name = trail[-1] if trail else "the file"
        raise TaxonomyError(
            f"{file}, line {node.start_mark.line + 1}: `{name}` is no value that YAML allows ({type(error).__name__}). "
            "Put it in double quotes."
        ) from error
