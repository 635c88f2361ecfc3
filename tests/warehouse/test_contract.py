"""What views promise is kept: who takes a column away or changes its type must raise the version."""

import pytest

from cxnlp.warehouse import contract, schema, store

AFTER_ADDITIONS = "run: python -m cxnlp.warehouse.contract"


def test_the_promise_is_kept() -> None:
    version, before = contract.promised()
    now = contract.kept()
    broken = contract.broken(before, now)
    assert not broken or version < schema.CONTRACT_VERSION, (
        f"what others built on these breaks: {broken}. Put them back, or raise CONTRACT_VERSION in "
        f"cxnlp/warehouse/schema.py, say so in docs/warehouse.md and {AFTER_ADDITIONS}"
    )
    assert before == now, f"there are new views or columns; {AFTER_ADDITIONS}"
    assert version == schema.CONTRACT_VERSION, AFTER_ADDITIONS


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ({"moments": {"moment": "VARCHAR", "n": "BIGINT"}}, []),
        ({"moments": {"moment": "VARCHAR", "n": "BIGINT", "more": "DATE"}, "other": {"a": "DATE"}}, []),
        ({"moments": {"moment": "VARCHAR"}}, ["moments.n: was BIGINT, is gone"]),
        ({"moments": {"moment": "VARCHAR", "n": "DOUBLE"}}, ["moments.n: was BIGINT, is DOUBLE"]),
        ({}, ["moments.moment: was VARCHAR, is gone", "moments.n: was BIGINT, is gone"]),
    ],
)
def test_what_breaks_a_promise(now: contract.Contract, expected: list[str]) -> None:
    assert contract.broken({"moments": {"moment": "VARCHAR", "n": "BIGINT"}}, now) == expected


def test_the_database_says_its_version() -> None:
    with store.open_working(":memory:") as connection:
        found = connection.execute("SELECT contract_version FROM edition").fetchall()
    assert found == [(schema.CONTRACT_VERSION,)]
