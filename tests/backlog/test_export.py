"""The CSV opens in a spreadsheet as text, computes nothing, and is whole or not there."""

import csv
import os
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from cxnlp import backlog
from cxnlp.backlog.export import HEADERS


def one(**values: Any) -> pl.DataFrame:
    return pl.DataFrame([dict.fromkeys(backlog.BACKLOG) | {"n_customers": 9} | values], schema=backlog.BACKLOG)


def cells(items: pl.DataFrame, path: Path) -> list[dict[str, str]]:
    backlog.export_csv(items, path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ('=HYPERLINK("http://example.org","x")', '\'=HYPERLINK("http://example.org","x")'),
        ("+44 is not a number", "'+44 is not a number"),
        ("-2 stars", "'-2 stars"),
        ("@larkfield", "'@larkfield"),
        ("  =1+1", "'=1+1"),
        ("\t=1+1", "'=1+1"),
        ("\r=1+1", "'=1+1"),
        ("＝1+1", "'＝1+1"),
        ("＠you", "'＠you"),
        ("−5", "'−5"),
        ("\u202e=1+1", "'=1+1"),
        ("\ufeff=1+1", "'=1+1"),
        ("\u200b =1+1", "'=1+1"),
        ("\x9b31mred\u061c", "31mred"),
        ("नमस्\u200dते", "नमस्\u200dते"),
        ("12345678e9", "'12345678e9"),
        ("0042", "'0042"),
        ("a = b", "a = b"),
        ("two\nlines\r\nof text", "two lines of text"),
        ('He said "no", twice; then left', 'He said "no", twice; then left'),
        ("Ünïcode – 🙂", "Ünïcode – 🙂"),
        ("", ""),
    ],
)
def test_text_stays_text(quote: str, expected: str, tmp_path: Path) -> None:
    assert cells(one(quote_1=quote, title=quote), tmp_path / "b.csv")[0]["Quote 1"] == expected
    assert cells(one(quote_1=quote, title=quote), tmp_path / "b.csv")[0]["What customers report"] == expected


def test_numbers_and_days_stay_numbers_and_days(tmp_path: Path) -> None:
    row = cells(
        one(net_sentiment=-0.4, priority=57.6884, n_customers=41, opened_on=date(2026, 11, 2)), tmp_path / "b.csv"
    )[0]
    assert (row["Net sentiment (-1 to 1)"], row["Priority (0-100)"], row["Customers"]) == ("-0.4", "57.688", "41")
    assert (row["Item since"], row["Stage"]) == ("2026-11-02", "")


def test_every_column_has_a_plain_header(tmp_path: Path) -> None:
    assert set(HEADERS) == set(backlog.BACKLOG) - {"polarity", "ready_on", "n_customers_since"}
    backlog.export_csv(one(), tmp_path / "b.csv")
    assert (tmp_path / "b.csv").read_bytes().startswith(b'\xef\xbb\xbf"Item",')


@pytest.mark.parametrize(("kind", "mention"), [("moment", None), ("crisis", "f1.1")])
def test_of_a_small_group_nothing_says_what_they_said(kind: str, mention: str | None) -> None:
    ids = {f"quote_{n}_mention_id": f"f{n}.1" for n in range(1, 6)}
    said = {"missing": "trust", "warnings": "too few drivers", "sentence": "It was wet.", "quote_1": "Wet.", **ids}
    item = {"item_id": "cx-1", "kind": kind, "title": "Late: van", "n_customers": 4, "priority": 57.6884, **said}
    told = backlog.shared(item, 5)
    assert {name: told[name] for name in said if told[name] is not None} == (
        {"quote_1_mention_id": mention} if mention else {}
    )
    assert (told["n_customers"], told["title"], told["priority"]) == ("<5", "Late", 58.0)
    assert backlog.shared(item, 4) == item


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "b.csv"
    backlog.export_csv(one(title="yesterday"), path)
    before = path.read_bytes()

    def fail(_: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        backlog.export_csv(one(title="today"), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
