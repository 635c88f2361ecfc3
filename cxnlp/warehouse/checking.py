"""Ask every check for its offenders."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import duckdb

from cxnlp.warehouse import sql
from cxnlp.warehouse.sql import WarehouseError

_N_EXAMPLES: Final = 3


@dataclass(frozen=True)
class Offence:
    """A check that found rows."""

    check: str  # name of the file in checks/
    expected: str  # the sentence that the rows break
    n_rows: int
    examples: tuple[str, ...]  # ids of the first offenders; never a customer's words

    def __str__(self) -> str:
        return f"{self.check}: {self.n_rows} row(s), such as {', '.join(self.examples)}. Expected: {self.expected}"


def check(connection: duckdb.DuckDBPyConnection, *, without: Collection[str] = ()) -> list[Offence]:
    """Run ``checks/*.sql`` and return those that found offenders; an empty list is a pass.

    Args:
        connection: an open warehouse.
        without: names of checks to leave out, such as ``personal_data`` where a workspace does not mask.

    Raises:
        WarehouseError: ``without`` names a check that is not there.
    """
    names = sql.names("checks")
    if unknown := sorted(set(without) - set(names)):
        raise WarehouseError(f"no checks {unknown}; there are {', '.join(names)}.")
    found = (_offence(connection, name) for name in names if name not in without)
    return [offence for offence in found if offence is not None]


def _offence(connection: duckdb.DuckDBPyConnection, name: str) -> Offence | None:
    result = sql.run(connection, f"checks/{name}.sql")
    examples = [str(row[0]) for row in result.fetchmany(_N_EXAMPLES)]
    n_rows = len(examples)
    while rows := result.fetchmany(10_000):
        n_rows += len(rows)
    if not n_rows:
        return None
    return Offence(name, expectation(name), n_rows, tuple(sorted(examples)))


def expectation(name: str) -> str:
    """Return the sentence at the head of a check."""
    head = sql.text(f"checks/{name}.sql").split("\n\n", 1)[0]
    return " ".join(line.removeprefix("--").strip() for line in head.splitlines())
