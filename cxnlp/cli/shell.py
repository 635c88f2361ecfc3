"""The shell of `cxnlp sql`: questions one after the other, with completion and history."""

import os
from pathlib import Path
from typing import Final

import typer
from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import FileHistory
from prompt_toolkit.lexers import PygmentsLexer
from pygments.lexers.sql import SqlLexer

from cxnlp.cli.completion import COMMANDS, Vocabulary, WarehouseCompleter
from cxnlp.cli.query import meaning_in
from cxnlp.cli.rows import Format, content, screen, show
from cxnlp.cli.terminal import harmless
from cxnlp.errors import CxnlpError
from cxnlp.settings import Workspace
from cxnlp.warehouse import reading

_ROWS: Final = 200  # a table on the screen; a file has them all
_WELCOME: Final = "Questions end with `;`. Tab completes, the arrows bring back what was asked, .help says more."
_NEWER: Final = "A newer night was published: .open goes on to it."


class Shell:
    """One opened snapshot and how its rows are shown."""

    def __init__(self, workspace: Workspace, form: Format = Format.table) -> None:
        """Open the workspace's published database.

        Raises:
            WarehouseError: there is none yet.
        """
        self._workspace, self.form = workspace, form
        self._open()

    def _open(self) -> None:
        self._snapshot = self._workspace.database.resolve()
        self._connection = reading.open_searchable(self._workspace.database)
        reading.teach_meaning(self._connection, meaning_in(self._workspace))
        reading.confine(self._connection)
        self.completer = WarehouseCompleter(Vocabulary.of(self._connection))

    @property
    def status(self) -> str:
        """Which night is open, and whether there is a newer one."""
        return self._snapshot.name if self.is_newest else f"{self._snapshot.name}  {_NEWER}"

    @property
    def is_newest(self) -> bool:
        """Whether no newer night was published since this one was opened."""
        return self._workspace.database.resolve() == self._snapshot

    def answer(self, line: str) -> bool:
        """Do what a line says; return whether the shell goes on."""
        asked = line.strip()
        try:
            if asked.startswith("."):
                return self._command(asked)
            if asked:
                self._ask(asked)
        except CxnlpError as error:
            screen().print("\n".join(map(harmless, str(error).split("\n"))), style="red", markup=False, highlight=False)
        return True

    def _ask(self, query: str) -> None:
        try:
            rows = reading.ask(self._connection, query)
        except (KeyboardInterrupt, RuntimeError) as error:
            if isinstance(error, RuntimeError) and "interrupted" not in str(error):  # DuckDB's word for Ctrl-C
                raise
            screen().print("Stopped.")
            return
        if self.form is not Format.table:
            typer.echo(content(rows, self.form), nl=False)
            return
        show(rows.head(_ROWS))
        if rows.height > _ROWS:
            more = "`cxnlp sql QUERY -f csv -o FILE` writes them all"
            screen().print(f"The first {_ROWS} of {rows.height:,} rows; {more}.", highlight=False)

    def _command(self, line: str) -> bool:
        name, _, rest = line.partition(" ")
        word = rest.strip().rstrip(";").strip()
        match name.rstrip(";"):
            case ".quit" | ".exit":
                return False
            case ".views":
                show(reading.relations(self._connection))
            case ".describe" if word:
                show(reading.columns_of(self._connection, word))
            case ".format" if word in (Format.table, Format.csv, Format.json):
                self.form = Format(word)
            case ".open":
                self._renew()
            case _:
                for command, meaning in COMMANDS.items():
                    screen().print(f"{command:<10} {meaning}", markup=False, highlight=False)
        return True

    def _renew(self) -> None:
        is_newer = not self.is_newest
        if is_newer:
            self._connection.close()
            self._open()
        screen().print(f"{'Opened' if is_newer else 'Open is the newest:'} {self._snapshot.name}.", highlight=False)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def is_whole(text: str) -> bool:
    """Whether Enter ends what was typed: a command, nothing at all, or a question with its semicolon."""
    typed = text.strip()
    return not typed or typed.startswith(".") or typed.endswith(";")


def session(shell: Shell, history: Path) -> "PromptSession[str]":
    """Make the prompt; what was asked is kept in ``history``, for its owner alone."""
    history.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(history, os.O_CREAT | os.O_WRONLY, 0o600))
    prompt: PromptSession[str] = PromptSession(
        history=FileHistory(str(history)),
        auto_suggest=AutoSuggestFromHistory(),
        lexer=PygmentsLexer(SqlLexer),
        bottom_toolbar=lambda: shell.status,
        complete_while_typing=True,
    )
    prompt.multiline = Condition(lambda: not is_whole(prompt.default_buffer.text))
    return prompt


def run_shell(workspace: Workspace, form: Format) -> None:
    """Ask and answer until the end.

    Raises:
        WarehouseError: nothing was published yet.
    """
    shell = Shell(workspace, form)
    prompt = session(shell, workspace.query_history)
    screen().print(_WELCOME, markup=False, highlight=False)
    try:
        while shell.answer(_line(prompt, shell)):
            if not shell.is_newest:
                screen().print(_NEWER)
    finally:
        shell.close()


def _line(prompt: "PromptSession[str]", shell: Shell) -> str:
    try:
        return prompt.prompt("cxnlp> ", completer=shell.completer)
    except KeyboardInterrupt:  # what was typed is given up, as in other shells
        return ""
    except EOFError:
        return ".quit"
