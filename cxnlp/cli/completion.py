"""What the shell of `cxnlp sql` can complete: views, columns, functions and keywords, as the database names them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import duckdb
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from cxnlp.warehouse import reading

#: The shell's own commands and what they do.
COMMANDS: Final[Mapping[str, str]] = {
    ".views": "the views and tables, and what each is for",
    ".describe": "a view's columns: .describe evidence",
    ".format": "how rows are shown: .format table, csv or json",
    ".open": "go on to the newest night",
    ".help": "this list",
    ".quit": "leave (or Ctrl-D)",
}

_WORD: Final = re.compile(r"[\w.]+$")
_NAMED: Final = re.compile(r"\w+")
_AFTER_FROM: Final = re.compile(r"\b(?:from|join|describe)\s+\w*$", re.IGNORECASE)

_FUNCTIONS: Final = """
SELECT DISTINCT function_name, function_type
FROM duckdb_functions()
WHERE regexp_full_match(function_name, '[a-z]\\w*') AND schema_name IN ('main', 'pg_catalog')
"""


@dataclass(frozen=True)
class Vocabulary:
    """All names of a database, sorted."""

    relations: Mapping[str, tuple[str, ...]]  # view or table → its columns
    tables: tuple[str, ...]  # functions that stand after FROM
    functions: tuple[str, ...]
    keywords: tuple[str, ...]

    @classmethod
    def of(cls, connection: duckdb.DuckDBPyConnection) -> "Vocabulary":
        """Read the names from the database itself."""
        relations = {
            name: tuple(reading.columns_of(connection, name)["name"]) for name in reading.relations(connection)["name"]
        }
        functions = connection.execute(_FUNCTIONS).fetchall()
        keywords = connection.execute("SELECT upper(keyword_name) FROM duckdb_keywords() ORDER BY 1").fetchall()
        return cls(
            relations,
            tuple(sorted(name for name, kind in functions if kind.startswith("table"))),
            tuple(sorted(name for name, kind in functions if not kind.startswith(("table", "pragma")))),
            tuple(word for (word,) in keywords),
        )

    def suggestions(self, before: str, whole: str) -> Iterable[tuple[str, str]]:
        """Yield what may stand at the end of ``before``, with its kind, the likeliest first.

        Args:
            before: the text before the cursor.
            whole: all of it: the columns of views that it names come first.
        """
        if _AFTER_FROM.search(before):
            yield from ((name, "view") for name in self.relations)
            yield from ((name, "function") for name in self.tables)
            return
        named = [name for name in dict.fromkeys(_NAMED.findall(whole.lower())) if name in self.relations]
        for relation in named or self.relations:
            yield from ((column, relation if named else "column") for column in self.relations[relation])
        yield from ((name, "view") for name in self.relations)
        yield from ((name, "function") for name in self.functions)
        yield from ((word, "keyword") for word in self.keywords)


class WarehouseCompleter(Completer):
    """Completes commands at the start of a line, names of views after FROM, and everything elsewhere."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Yield completions of the word before the cursor."""
        before = document.text_before_cursor
        if before.startswith("."):
            yield from _matching(before, self._of_command(before))
            return
        found = _WORD.search(before)
        typed = found[0].rpartition(".")[2] if found else ""
        if typed or complete_event.completion_requested:
            yield from _matching(typed, self.vocabulary.suggestions(before, document.text))

    def _of_command(self, before: str) -> Iterable[tuple[str, str]]:
        if before.startswith(".describe "):
            return ((f".describe {name}", "view") for name in self.vocabulary.relations)
        return COMMANDS.items()


def _matching(typed: str, words: Iterable[tuple[str, str]]) -> Iterable[Completion]:
    seen = set()
    for word, kind in words:
        if word.lower().startswith(typed.lower()) and word not in seen:
            seen.add(word)
            yield Completion(word, start_position=-len(typed), display_meta=kind)
