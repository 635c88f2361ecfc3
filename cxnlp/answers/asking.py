"""One question in SQL of somebody outside: it reads, within limits, and reaches nothing but the published database.

It is asked in a process of its own, ``python -m cxnlp.answers.asking``, with limits on memory and processor time, which
cannot write a byte to any file: a text of a hundred gigabytes is one SELECT away, and DuckDB's own limit does not count
it. Question and answer are JSON on stdin and stdout.
"""

import json
import math
import os
import resource
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import duckdb

from cxnlp.answers.wrong import WrongQuestion
from cxnlp.errors import CxnlpError, is_disk_full
from cxnlp.warehouse import reading

MOST_ROWS: Final = 10_000
SECONDS: Final = 20.0

_MOST_BYTES: Final = 20_000_000
_MEMORY: Final = "1GB"  # of tables and sorts
_ADDRESSES: Final = 3_000_000_000  # bytes that the process may reserve beyond what it begins with
_CHUNK: Final = 100
_START_SECONDS: Final = 120  # on a crowded machine

#: Kinds of DuckDB's errors that speak of the question alone; others may quote what is stored.
_OF_THE_QUESTION: Final = (
    duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException, duckdb.PermissionException,
    duckdb.SyntaxException, duckdb.NotImplementedException,
)  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What a question gave: names of its columns, rows as lists of JSON's values, and whether there were more."""

    columns: list[str]
    rows: list[list[Any]]
    is_cut: bool


def ask(path: Path, query: str, *, n: int = 1_000, seconds: float = SECONDS) -> Answer:
    """Ask one SELECT.

    Args:
        path: the pointer or a snapshot.
        query: one statement that only reads.
        n: rows at most.
        seconds: after which it is stopped.

    Raises:
        WrongQuestion: it is not one SELECT, DuckDB refuses it, or it takes too much time or memory.
    """
    _refuse_others(query)
    asked = json.dumps({"path": str(path), "query": query, "n": n, "seconds": seconds})
    command = [sys.executable, "-P", "-m", "cxnlp.answers.asking"]  # -P: no modules from where it happens to be run
    try:
        done = subprocess.run(
            command, input=asked.encode(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False,
            timeout=seconds + _START_SECONDS,
        )  # fmt: skip
        said = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        raise WrongQuestion("the query took too much time or memory and was stopped. Ask for less.") from None
    if "refused" in said:
        raise WrongQuestion(said["refused"])
    return Answer(**said)


def main() -> None:
    """Answer the question on stdin."""
    answers = os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    asked = json.load(sys.stdin)
    try:
        said = _answer(Path(asked["path"]), asked["query"], asked["n"], asked["seconds"])
    except CxnlpError as error:
        said = {"refused": str(error)}
    except MemoryError:
        said = {"refused": "the query needed too much memory and was stopped. Ask for less."}
    answers.write(json.dumps(said).encode("ascii"))
    answers.flush()


def _answer(path: Path, query: str, n: int, seconds: float) -> dict[str, Any]:
    with reading.open_searchable(path) as connection:
        reading.confine(connection, _MEMORY)
        _limit_itself(seconds)
        stop = threading.Timer(seconds, connection.interrupt)
        stop.daemon = True
        stop.start()
        try:
            found = connection.execute(query)
            columns = [name for name, *_ in found.description or ()]
            rows: list[list[Any]] = []
            n_bytes = 0
            while len(rows) <= n and (more := found.fetchmany(_CHUNK)):
                plain = [[_plain(value) for value in row] for row in more]
                rows += plain
                if (n_bytes := n_bytes + len(json.dumps(plain))) > _MOST_BYTES:
                    raise WrongQuestion(f"the answer has more than {_MOST_BYTES / 1e6:.0f} MB. Ask for less.")
        except duckdb.InterruptException:
            raise WrongQuestion(f"the query took longer than {seconds:g} s and was stopped. Ask for less.") from None
        except duckdb.Error as error:
            raise WrongQuestion(f"the query was refused: {_said(error)}") from error
        finally:
            stop.cancel()
    return {"columns": columns, "rows": rows[:n], "is_cut": len(rows) > n}


def _limit_itself(seconds: float) -> None:
    """Take what this process may not have any more: files to write, memory, and in the end the processor."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    with suppress(OSError):  # a system that does not say what is reserved
        reserved = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (reserved + _ADDRESSES, reserved + _ADDRESSES))
    n_processors = os.cpu_count() or 1
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = math.ceil(used.ru_utime + used.ru_stime + seconds * n_processors)
    resource.setrlimit(resource.RLIMIT_CPU, (most, most))


def _plain(value: object) -> object:
    """Return a value as JSON has it; dates and the like as text, what is no number as null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (str, int, bool)):
        return value
    if isinstance(value, Decimal):
        return float(value)
    return json.loads(json.dumps(value, default=str))


def _refuse_others(query: str) -> None:
    try:
        statements = duckdb.extract_statements(query)
    except duckdb.Error as error:
        raise WrongQuestion(f"the query was refused: {_said(error)}") from error
    kinds = [statement.type for statement in statements]
    if kinds not in ([duckdb.StatementType.SELECT], [duckdb.StatementType.EXPLAIN]):
        found = ", ".join(kind.name for kind in kinds) or "nothing"
        raise WrongQuestion(f"the query was refused: found {found}; allowed: one SELECT, such as FROM moments_all.")


def _said(error: duckdb.Error) -> str:
    """DuckDB's words where they are about the question, else only what kind of error it was."""
    if isinstance(error, duckdb.OutOfMemoryException) or is_disk_full(error):  # nothing may be spilled
        return "it needs too much memory; ask for less"
    return str(error).split("\n", 1)[0] if isinstance(error, _OF_THE_QUESTION) else type(error).__name__


if __name__ == "__main__":
    main()
