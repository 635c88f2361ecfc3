"""What the views promise to those who build on them: names and types of their columns, with a version.

``contract.json`` beside this module is the promise; a test compares it with the views. After a change

    python -m cxnlp.warehouse.contract

writes it anew. Where a view or a column goes, or changes its name, type or meaning, raise `CONTRACT_VERSION` first:
what others built on it breaks. Additions keep the version.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import duckdb

from cxnlp.warehouse import sql
from cxnlp.warehouse.schema import CONTRACT_VERSION, VIEWS, leave_out_private, prepare

FILE: Final = Path(__file__).with_name("contract.json")

Columns = Mapping[str, str]
Contract = Mapping[str, Columns]


def promised() -> tuple[int, Contract]:
    """Return the version of the promise, and for each view the types of its columns."""
    about = json.loads(FILE.read_text("utf-8"))
    return int(about["contract_version"]), about["views"]


def kept() -> Contract:
    """Return the views as they are, with the types of their columns."""
    with duckdb.connect() as connection:
        prepare(connection, Path(":memory:"))
        leave_out_private(connection)
        return {
            name: {
                column: kind
                for column, kind, *_ in connection.execute(f"DESCRIBE {sql.identifier(name)}").fetchall()
            }
            for name in VIEWS
        }  # fmt: skip


def broken(before: Contract, now: Contract) -> list[str]:
    """Say what of ``before`` is not there any more, or of another type, one line each."""
    return [
        f"{view}.{column}: was {kind}, is {now.get(view, {}).get(column, 'gone')}"
        for view, columns in before.items()
        for column, kind in columns.items()
        if now.get(view, {}).get(column) != kind
    ]


def main() -> None:
    """Write the promise anew."""
    about = {"contract_version": CONTRACT_VERSION, "views": kept()}
    FILE.write_text(json.dumps(about, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
