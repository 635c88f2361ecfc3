"""The table of docs/masking.md is true."""

from pathlib import Path

import pytest

from cxnlp.feedback.masking.masker import Document, mask_documents

PAGE = Path(__file__).parents[2] / "docs" / "masking.md"


def rows() -> list[list[str]]:
    table = PAGE.read_text("utf-8").split("| before | after |\n|---|---|\n")[1].split("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines()]


@pytest.mark.parametrize(("before", "after"), rows())
def test_before_and_after(before: str, after: str) -> None:
    assert mask_documents([Document(before)])[0][0] == after
