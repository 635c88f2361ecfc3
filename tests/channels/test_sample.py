"""The sample company's files, read whole and held against the keys that were written with them."""

import re
import tomllib
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from cxnlp.channels import columns_of, no_files, ocr, read
from cxnlp.settings import Settings

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
KEYS = {
    "letters": ("letters",),
    "calls": ("crm_notes", "complaints_log", "transcripts"),
    "posts": ("x", "reddit", "mastodon", "app_store"),
}


def sources() -> list[tuple[Any, Path]]:
    settings = Settings.model_validate(tomllib.loads((SAMPLE / "cxnlp.toml").read_text()))
    return [
        (source, SAMPLE.joinpath(*source.path.parts[source.path.parts.index("sample") + 1 :]))
        for source in settings.sources
    ]


@pytest.fixture(scope="module")
def items() -> pl.DataFrame:
    read_all = [batch.items for source, folder in sources() for batch in read(source, folder, no_files(), 100)]
    return pl.concat(read_all)


def key(folder: str) -> pl.DataFrame:
    return pl.read_csv(SAMPLE / "contents" / f"{folder}.csv", infer_schema=False)


@pytest.mark.parametrize("folder", KEYS)
def test_each_usable_piece_is_read_on_its_day_and_each_other_is_accounted_for(items: pl.DataFrame, folder: str) -> None:
    found = items.filter(pl.col("source").is_in(KEYS[folder])).with_columns(
        pl.when(pl.col("source") == "transcripts")
        .then("transcripts/" + pl.col("file"))
        .otherwise("file")
        .alias("file"),
        pl.col("occurred_at").dt.convert_time_zone("Europe/London").dt.date().cast(pl.String).alias("day"),
    )
    by = ["file"] if folder == "letters" else ["file", "external_id"]
    is_scan = pl.col("file").str.contains("scan")
    expected = key(folder).filter(pl.lit(ocr.is_installed()) | ~is_scan)
    usable = expected.filter(pl.col("usable") == "yes")
    words = found.filter(pl.col("text").is_not_null())
    joined = usable.join(words, on=by, how="left")
    assert joined.filter(pl.col("text").is_null()).select(by).rows() == []
    assert joined.filter(pl.col("day") != pl.col("date")).select(*by, "date", "day").rows() == []
    agents = words.filter(pl.col("speakers").list.eval(pl.element() == "agent").list.all())
    customers = words.join(agents, on=by, how="anti")
    assert (
        customers.join(usable, on=by, how="anti").filter(pl.lit(ocr.is_installed()) | ~is_scan).select(by).rows() == []
    )
    others = expected.filter(pl.col("usable") != "yes").height
    problems = found.filter(pl.col("problem").is_not_null() & (pl.lit(ocr.is_installed()) | ~is_scan)).height
    assert problems + (agents.height if folder == "posts" else 0) == others


def test_problems_are_sentences_without_customers_words(items: pl.DataFrame) -> None:
    problems = items.filter(pl.col("problem").is_not_null())["problem"].to_list()
    assert len(problems) >= 14
    for problem in problems:
        assert re.match(r"[A-Z].*[.)]$", problem)
        assert not re.search(r"Larkfield(?!')|lamp|sofa|Priya", problem)


def test_every_call_has_a_customer_and_a_named_agent(items: pl.DataFrame) -> None:
    calls = items.filter(pl.col("source") == "transcripts", pl.col("text").is_not_null())
    assert calls.height == 28
    for call in calls.iter_rows(named=True):
        assert set(call["speakers"]) == {"agent", "customer"}, call["file"]
        assert len(call["speakers"]) == len(call["text"].split("\n"))
        assert re.fullmatch(r"[A-Z][a-z]+(?: [A-Z][a-z]+)?", call["employee"] or ""), call["file"]


def test_letters_hold_the_writers_words_only(items: pl.DataFrame) -> None:
    mails = items.filter(pl.col("file").str.ends_with(".eml"), pl.col("text").is_not_null())
    unwanted = r"(?m)^>|wrote:|schrieb |a écrit|Original Message|Sent from my|Get Outlook|^--|intended solely|^Subject:"
    assert mails.filter(pl.col("text").str.contains(unwanted))["file"].to_list() == []


def test_paragraphs_are_whole(items: pl.DataFrame) -> None:
    """No long line ends in the middle of a sentence that goes on in the next; one writer uses no full stops."""
    letters = items.filter(pl.col("source") == "letters", pl.col("text").is_not_null())
    broken = letters.filter(pl.col("text").str.contains(r"[^\n]{45}[a-z,]{3}\n+[a-z]{2}"))["file"].to_list()
    assert broken == ["2026-10-08_letter_0103.txt"]


def test_the_newsletter_in_two_columns_is_read_down_and_then_down(items: pl.DataFrame) -> None:
    (text,) = items.filter(pl.col("file").str.contains("0075"))["text"].to_list()
    order = [
        "to thank you in print",
        "They stayed for the pasties.",
        "an end to the embarrassment.",
        "Netting is up",
        "Come to the harvest",
    ]
    places = [text.index(words) for words in order]
    assert places == sorted(places)


def test_the_tables_columns_are_found_by_their_names() -> None:
    tables = {
        table.file: table
        for source, folder in sources()
        if source.kind == "table"
        for table in columns_of(source, folder)
    }
    assert tables["complaints_log.xlsx"].headers["text"] == "What the customer told us"
    assert {
        headers["external_id"]
        for file, headers in ((t.file, t.headers) for t in tables.values())
        if file.endswith(".csv")
    } == {"Case Number"}
    assert {how for table in tables.values() for how in table.how.values()} == {"name"}
