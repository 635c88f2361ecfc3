"""Erased words are found wherever a format hides them, and words of everybody are not taken for them."""

import gzip
import html
import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pytest

from cxnlp import privacy
from cxnlp.privacy.holding import files_in
from cxnlp.privacy.runs import runs_in, runs_of
from cxnlp.settings import Workspace, open_workspace
from tests.privacy import company

GONE = "My grandmother's \u201cpiano\u201d stool collapsed in caf\u00e9 Zo\u00eb & nobody said sorry for it."
PART = "stool collapsed in caf\u00e9 Zo\u00eb & nobody said sorry"


def parquet(path: Path) -> None:
    pl.DataFrame({"n": range(5000), "text": [f"row {n} says nothing" for n in range(4999)] + [GONE]}).write_parquet(
        path
    )


def database(path: Path) -> None:
    with duckdb.connect(path) as connection:
        connection.execute("CREATE TABLE said AS SELECT 'row ' || i AS text FROM range(100000) t(i)")
        connection.execute("INSERT INTO said VALUES ($1)", [GONE])


def structure(path: Path) -> None:
    with duckdb.connect(path) as connection:
        connection.execute("CREATE TABLE said AS SELECT {'a': [$1]} AS inner", [GONE])


def log(path: Path) -> None:
    with duckdb.connect(path) as connection:
        connection.execute("CREATE TABLE said (text VARCHAR)")
    connection = duckdb.connect(path)
    connection.execute("SET checkpoint_threshold = '1GB'")
    connection.execute("PRAGMA disable_checkpoint_on_shutdown")
    connection.execute("INSERT INTO said VALUES ($1)", [GONE])
    connection.close()
    assert path.with_name(f"{path.name}.wal").exists()


def lite(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE log (id INTEGER, message TEXT, more BLOB)")
        connection.executemany("INSERT INTO log VALUES (?, ?, ?)", [(1, "x" * 9000, None), (2, None, GONE.encode())])
    connection.close()


def packed(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", f"<si><t>{html.escape(GONE)}</t></si>")


WRITTEN: dict[str, Callable[[Path], object]] = {
    "a.txt": lambda path: path.write_text(GONE, "utf-8"),
    "shouted.log": lambda path: path.write_text(f"12:00 {PART.upper()}", "utf-8"),
    "page.html": lambda path: path.write_text(f"<p>{html.escape(GONE)}</p>", "utf-8"),
    "entities.html": lambda path: path.write_text(GONE.encode("ascii", "xmlcharrefreplace").decode(), "utf-8"),
    "lines.jsonl": lambda path: path.write_text(json.dumps({"text": GONE}), "utf-8"),
    "wrapped.csv": lambda path: path.write_text(GONE.replace(" ", "\n"), "utf-8"),
    "deep.bin": lambda path: path.write_bytes(b"\xff\x00" * 3_000_000 + PART.encode() + b"\x00" * 3_000_000),
    "border.bin": lambda path: path.write_bytes(b" " * ((4 << 20) - 20) + PART.encode() + b" " * 50),
    "p.parquet": parquet,
    "d.duckdb": database,
    "s.duckdb": structure,
    "w.duckdb": log,
    "l.db": lite,
    "z.xlsx": packed,
    "g.gz": lambda path: path.write_bytes(gzip.compress(GONE.encode())),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_words_are_found(name: str, tmp_path: Path) -> None:
    workspace = company.make(tmp_path / "larkfield")
    assert privacy.verify(workspace, [GONE]).is_clean
    (workspace.root / "deep" / "er").mkdir(parents=True)
    WRITTEN[name](workspace.root / "deep" / "er" / name)
    seen = privacy.verify(workspace, [GONE])
    assert [place.split(" ")[0].removesuffix(".wal") for place in seen.places][:1] == [f"deep/er/{name}"]


def test_the_companys_own_files_are_not_searched(tmp_path: Path) -> None:
    workspace = company.make(tmp_path / "larkfield")
    assert privacy.verify(workspace, [company.ADA_SAYS]).is_clean
    (workspace.root / "copy of notes.csv").write_text(company.ADA_SAYS, "utf-8")
    assert privacy.verify(workspace, [company.ADA_SAYS]).places == ("copy of notes.csv",)


def test_a_live_source_takes_no_folder_out_of_the_search(tmp_path: Path) -> None:
    workspace = company.make(tmp_path / "larkfield")
    with (workspace.root / "cxnlp.toml").open("a", encoding="utf-8") as config:
        config.write('[[source]]\nname = "desk"\nchannel = "letter"\nkind = "live"\nlive = { service = "feed" }\n')
    workspace = open_workspace(workspace.root)
    (workspace.root / "leftover.txt").write_text(company.ADA_SAYS, "utf-8")
    assert privacy.verify(workspace, [company.ADA_SAYS]).places == ("leftover.txt",)
    assert {Path(path).name for path in files_in(workspace)} == {"notes.csv", "posts.jsonl", "2026-10-05 thanks.txt"}


def test_half_a_database_is_searched_by_its_bytes(tmp_path: Path) -> None:
    workspace = company.make(tmp_path / "larkfield")
    database(tmp_path / "whole.duckdb")
    (workspace.root / "half.duckdb").write_bytes((tmp_path / "whole.duckdb").read_bytes()[:4096] + GONE.encode())
    assert privacy.verify(workspace, [GONE]).places == ("half.duckdb",)


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("one two three four five", 0),
        ("one two three four five six", 1),
        ("one two three [PERSON] four five six", 0),
        ("one two three four five six [EMAIL] one two three four five seven", 2),
        ("Ein ganz \u00fcbles \u00c4rgernis f\u00fcr uns alle!", 2),
    ],
)
def test_runs_do_not_cross_what_was_masked(text: str, n: int) -> None:
    assert len(set(runs_of(text))) == n


def test_short_texts_are_said_to_be_short(first_night: Workspace) -> None:
    seen = privacy.verify(first_night, ["Thank you!", "A text with quite enough words of its own to be found."])
    assert (seen.n_texts, seen.n_short, seen.is_clean) == (2, 1, True)


def test_other_words_are_not_found() -> None:
    wanted = set(runs_of(GONE))
    assert runs_in(b"My grandmother's piano stool collapsed in the kitchen and nobody said sorry", wanted) == set()
