"""The glossary of call notes' shorthand: ``shorthand.yaml`` beside this file, and a workspace's own.

::

    always:
      cust: customer
    beside:
      adv: advised
    never: [w/]
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

import yaml

from cxnlp.errors import CxnlpError

SHIPPED: Final = Path(__file__).with_name("shorthand.yaml")
_SECTIONS: Final = ("always", "beside")
_LONGEST: Final = 60
_SHORT: Final = re.compile(r"[^\W_][\w'&/.-]{0,18}[\w/]|[^\W_]")


class GlossaryError(CxnlpError):
    """A glossary cannot be used; the message names file and line, what was found and what is allowed."""

    exit_code = 2


@dataclass(frozen=True)
class Glossary:
    """What each short word means: ``always``, or only ``beside`` other shorthand."""

    always: Mapping[str, str]
    beside: Mapping[str, str]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds the short words, in any case, in a text of small letters with straight apostrophes."""
        tails: dict[str, list[str]] = {}
        for word in sorted(
            {word.lower() for word in (*self.always, *self.beside)}, key=lambda word: (-len(word), word)
        ):
            tails.setdefault(word[0], []).append(re.escape(word[1:]))
        choice = "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in tails.items()) or r"(?!)"
        return re.compile(rf"(?<![\w@#&'-])(?:{choice})(?:(?<=/)|(?!\w|[-.@&]\w))")

    @cached_property
    def version(self) -> str:
        """Eight hex digits that change when the glossary says something else."""
        said = repr((sorted(self.always.items()), sorted(self.beside.items())))
        return hashlib.sha256(said.encode()).hexdigest()[:8]


def load_glossary(additions: Path | None = None) -> Glossary:
    """Read the shipped glossary, with a workspace's own ``shorthand.yaml`` over it where there is one.

    Raises:
        GlossaryError: file and line, what was found, what is allowed and how to mend it.
    """
    if additions is None or not additions.is_file():
        return _shipped()
    shipped, own = _shipped(), _read(additions)
    given = {*own["always"], *own["beside"], *own["never"]}
    kept = {name: {k: v for k, v in getattr(shipped, name).items() if k not in given} for name in _SECTIONS}
    return Glossary(kept["always"] | own["always"], kept["beside"] | own["beside"])


@cache
def _shipped() -> Glossary:
    sections = _read(SHIPPED)
    return Glossary(sections["always"], sections["beside"])


def _read(path: Path) -> dict[str, dict[str, str]]:
    """The sections of one file: short word → meaning; in ``never`` the meaning is empty."""
    sections: dict[str, dict[str, str]] = {"always": {}, "beside": {}, "never": {}}
    root = _composed(path)
    if root is None:
        return sections
    seen: set[str] = set()
    for key, node in _pairs(path, root, "sections"):
        if key.value not in sections:
            raise _wrong(path, key, f"found the section `{key.value}`; allowed: {', '.join(sections)}. Rename it")
        is_list = key.value == "never"
        pairs = [(each, each) for each in _entries(path, node)] if is_list else _pairs(path, node, "words")
        for word, meaning in pairs:
            _check(path, word, meaning, seen)
            sections[key.value][word.value] = "" if is_list else meaning.value
    return sections


def _composed(path: Path) -> yaml.Node | None:
    try:
        return yaml.compose(path.read_text("utf-8-sig"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        raise GlossaryError(f"{path}: not UTF-8 (byte {error.start}). Save the file as UTF-8.") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise GlossaryError(f"{path}, line {line}: not valid YAML ({error.problem}). Write one `short: long` a line, "
                            "indented by two spaces below its section.") from error  # fmt: skip
    except (yaml.YAMLError, RecursionError) as error:
        raise GlossaryError(f"{path}: not valid YAML ({type(error).__name__}). Save it as plain text.") from error


def _pairs(path: Path, node: yaml.Node, of_what: str) -> list[tuple[yaml.Node, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        return list(node.value)
    if isinstance(node, yaml.ScalarNode) and node.value == "":  # a section with nothing below it
        return []
    raise _wrong(path, node, f"found no {of_what}; allowed: one `short: long` a line. See the shipped file")


def _entries(path: Path, node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.SequenceNode):
        return list(node.value)
    raise _wrong(path, node, "found no list below `never`; allowed: a list such as [w/, cx]. Put the words in brackets")


def _check(path: Path, word: yaml.Node, meaning: yaml.Node, seen: set[str]) -> None:
    if not isinstance(word, yaml.ScalarNode) or not _SHORT.fullmatch(word.value):
        raise _wrong(path, word, "found no short word; allowed: one word of at most 20 letters, digits and ' & / . -, "
                     "as cust or w/o. Take out spaces and other signs")  # fmt: skip
    if not isinstance(meaning, yaml.ScalarNode) or not re.fullmatch(
        rf"[^\s\[\]](?:[^\n\[\]]{{0,{_LONGEST}}}[^\s\[\]])?", meaning.value
    ):
        raise _wrong(path, meaning, f"found no meaning of `{word.value}`; allowed: one line of at most {_LONGEST} "
                     "characters without square brackets. Write it behind the colon")  # fmt: skip
    if word.value in seen:
        raise _wrong(path, word, f"found `{word.value}` a second time; allowed: once. Remove one of them")
    seen.add(word.value)


def _wrong(path: Path, node: yaml.Node, what: str) -> GlossaryError:
    return GlossaryError(f"{path}, line {node.start_mark.line + 1}: {what}.")
