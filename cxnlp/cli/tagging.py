"""`cxnlp tag`: JSON lines (or a table) in, JSON lines with tags out; any size in flat memory."""

import json
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from cxnlp.cli.options import CommandError
from cxnlp.cli.terminal import json_text
from cxnlp.errors import CxnlpError
from cxnlp.settings import open_workspace

if TYPE_CHECKING:
    import duckdb

    from cxnlp.tags import Tagger

BATCH = 256
TABLES = (".csv", ".xlsx", ".parquet")


def tag(documents: Iterable[Mapping[str, Any]], tagger: "Tagger") -> Iterator[dict[str, Any]]:
    """Tag documents in batches; order and ids are kept, one result a document.

    A document that cannot be used gives ``{"id": …, "problem": …}`` in its place.
    """
    from cxnlp.tags import tag_documents

    stream = iter(documents)
    while batch := list(islice(stream, BATCH)):
        usable = [document for document in batch if "problem" not in document]
        tagged = iter(tag_documents(usable, tagger))
        for document in batch:
            yield dict(document) if "problem" in document else next(tagged)


def read_lines(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Parse JSON lines; a broken line gives a problem with its number, and none of its words."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            document = json.loads(line)
        except (ValueError, RecursionError):
            yield {
                "id": None,
                "problem": f"line {number}: not JSON. Allowed: one object a line with `id` and `text`.",
            }
            continue
        if isinstance(document, dict):
            document.pop("problem", None)
            yield document
        else:
            yield {
                "id": None,
                "problem": f"line {number}: not an object. Allowed: an object with `id` and `text`.",
            }


def read_table(path: Path, columns: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Read a CSV, XLSX or Parquet file row by row; ``columns`` maps id, text, channel, occurred_at to its headers.

    Raises:
        CommandError: a named column is not there.
    """
    header, rows = _rows_xlsx(path) if path.suffix.lower() == ".xlsx" else _rows_duckdb(path)
    if missing := [name for name in columns.values() if name not in header]:
        raise CommandError(
            f"{path.name}: no column {missing[0]!r}; there is: {', '.join(header)}. Name it with --id or --text."
        )
    places = {key: header.index(name) for key, name in columns.items()}
    for row in rows:
        yield {key: None if row[place] is None else str(row[place]) for key, place in places.items()}


def _rows_duckdb(path: Path) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    import duckdb

    connection = duckdb.connect()
    function = "read_parquet" if path.suffix.lower() == ".parquet" else "read_csv"
    options = "" if function == "read_parquet" else ", all_varchar => true, header => true"
    try:
        result = connection.execute(f"SELECT * FROM {function}($file{options})", {"file": str(path)})  # noqa: S608
    except duckdb.Error as error:
        raise CommandError(f"{path.name}: cannot be read as {path.suffix[1:]} ({type(error).__name__}).") from None
    return [column[0] for column in result.description], _fetched(result)


def _fetched(result: "duckdb.DuckDBPyConnection") -> Iterator[tuple[Any, ...]]:
    while rows := result.fetchmany(BATCH):
        yield from rows


def _rows_xlsx(path: Path) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).iter_rows()
    header = [str(cell) for cell in next(rows, [])]
    return header, (tuple(None if cell == "" else cell for cell in row) for row in rows)


@contextmanager
def _output(path: Path | None) -> Iterator[IO[str]]:
    """Stdout, or a file that appears whole or not at all."""
    if path is None:
        yield sys.stdout
        return
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            yield file
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def command(
    file: Annotated[str, typer.Argument(help="JSON lines, .csv, .xlsx or .parquet; - is standard input (JSON lines).")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write here instead of standard output.")
    ] = None,
    text_column: Annotated[str, typer.Option("--text", help="Header of the text in a table.")] = "text",
    id_column: Annotated[str, typer.Option("--id", help="Header of the id in a table.")] = "id",
    channel_column: Annotated[str | None, typer.Option("--channel", help="Header of the channel in a table.")] = None,
    date_column: Annotated[str | None, typer.Option("--occurred-at", help="Header of the date in a table.")] = None,
    model: Annotated[Path | None, typer.Option(help="Folder of a model; the shipped one when absent.")] = None,
    workspace: Annotated[
        Path | None,
        typer.Option("--workspace", "-w", help="Tag as this workspace's nights do: its model, labels and precision."),
    ] = None,
) -> None:
    """Tag documents: JSON lines in, JSON lines out, in the format of docs/tag.md."""
    from cxnlp.tags import Tagger

    if file != "-" and not Path(file).is_file():
        raise CommandError(
            f"{file}: not found. Give a file of JSON lines, .csv, .xlsx or .parquet, or - for standard input."
        )
    if output is not None and not output.parent.is_dir():
        raise CommandError(f"{output}: its folder is not there. Make it, or name another file.")
    columns = {"id": id_column, "text": text_column, "channel": channel_column, "occurred_at": date_column}
    given = {key: header for key, header in columns.items() if header is not None}
    if model and workspace:
        raise CommandError("--model and --workspace: found both; allowed: one of them.")
    tagger = Tagger.of(open_workspace(workspace)) if workspace else Tagger.load(model)
    n_problems = 0
    with _output(output) as out:
        for result in tag(_documents(file, given), tagger):
            n_problems += "problem" in result
            out.write(json_text(result) + "\n")
    if n_problems:
        raise CxnlpError(f"{n_problems} document(s) could not be tagged; their lines say `problem` and why.")


def _documents(file: str, columns: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    if file == "-":
        if isinstance(sys.stdin, TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8", errors="replace")
        yield from read_lines(sys.stdin)
    elif Path(file).suffix.lower() in TABLES:
        yield from read_table(Path(file), columns)
    else:
        with Path(file).open(encoding="utf-8", errors="replace") as lines:
            yield from read_lines(lines)
