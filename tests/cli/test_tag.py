"""`cxnlp tag`: the stable interface, on the trained model."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from typer.testing import CliRunner

from cxnlp.cli import app
from cxnlp.cli.init import init
from cxnlp.cli.tagging import read_lines

TEXT = "The driver was so kind, but the app crashed three times."


def tag(file: Path | str, *options: str, stdin: str | None = None) -> list[dict[str, Any]]:
    """Run the command and return its lines."""
    done = CliRunner().invoke(app, ["tag", str(file), *options], input=stdin, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_document_gives_the_documented_shape(tmp_path: Path) -> None:
    (result,) = tag("-", stdin=json.dumps({"id": 7, "text": TEXT, "channel": "social"}) + "\n")
    assert (result["id"], result["language"]) == (7, "en")
    for mention in result["mentions"]:
        assert set(mention) >= {"start", "end", "text", "sentiment", "moments", "unmeasurables", "warnings", "signals"}
        assert mention["text"] == TEXT[mention["start"] : mention["end"]]
        assert mention["sentiment"]["strength"] in range(-2, 3)
        assert -1 <= mention["sentiment"]["score"] <= 1
        for found in mention["moments"]:
            assert set(found) >= {"label", "probability", "decision", "evidence"}
            assert mention["start"] <= found["evidence"][0] < found["evidence"][1] <= mention["end"]
    kind, crashed = result["mentions"]
    assert kind["sentiment"]["strength"] > 0 > crashed["sentiment"]["strength"]
    assert "digital" in [found["label"] for found in crashed["moments"]]


def test_ids_and_order_are_kept_over_batches(tmp_path: Path) -> None:
    file = tmp_path / "documents.jsonl"
    file.write_text("".join(json.dumps({"id": f"d{n}", "text": f"Order {n} came late."}) + "\n" for n in range(300)))
    tag(file, "-o", str(tmp_path / "out.jsonl"))
    ids = [json.loads(line)["id"] for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert ids == [f"d{n}" for n in range(300)]


def test_mentions_of_the_caller_are_used_as_they_are() -> None:
    given = [{"start": 0, "end": 22, "speaker": "customer"}, {"start": 24, "end": 56}]
    (result,) = tag("-", stdin=json.dumps({"id": "a", "text": TEXT, "mentions": given}))
    assert [(m["start"], m["end"], m.get("speaker")) for m in result["mentions"]] == [
        (0, 22, "customer"),
        (24, 56, None),
    ]


def test_a_broken_line_keeps_its_place_and_no_words() -> None:
    lines = [json.dumps({"id": "a", "text": TEXT}), '{"id": "b", "text": "secret wor', json.dumps({"id": "c"})]
    done = CliRunner().invoke(app, ["tag", "-"], input="\n".join(lines))
    first, second, third = (json.loads(line) for line in done.stdout.splitlines())
    assert done.exit_code == 1
    assert first["mentions"]
    assert "line 2" in second["problem"]
    assert "secret" not in second["problem"]
    assert third["id"] == "c"
    assert "text" in third["problem"]


@pytest.mark.parametrize(
    ("line", "said"),
    [("[1, 2]", "not an object"), ('{"id": 1', "not JSON"), ("[" * 100_000, "not JSON")],
)
def test_lines_that_are_no_documents(line: str, said: str) -> None:
    (document,) = read_lines([line])
    assert said in document["problem"]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_tables(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"notes{suffix}"
    frame = pl.DataFrame({"Case": ["1", "2"], "Notes": [TEXT, "Was kept on hold for an hour."]})
    if suffix == ".csv":
        frame.write_csv(file)
    elif suffix == ".parquet":
        frame.write_parquet(file)
    else:
        book = openpyxl.Workbook()
        for row in [frame.columns, *frame.rows()]:
            book.active.append(row)
        book.save(file)
    results = tag(file, "--id", "Case", "--text", "Notes")
    assert [result["id"] for result in results] == ["1", "2"]
    assert "reaching_help" in [found["label"] for found in results[1]["mentions"][0]["moments"]]


def test_a_table_without_the_column(tmp_path: Path) -> None:
    file = tmp_path / "notes.csv"
    file.write_text("Case,Notes\n1,hello\n")
    done = CliRunner().invoke(app, ["tag", str(file)])
    assert done.exit_code != 0
    assert "no column 'id'; there is: Case, Notes" in str(done.exception)


def test_a_workspace_tags_as_its_nights_do(tmp_path: Path) -> None:
    init(tmp_path / "workspace")
    config = tmp_path / "workspace" / "cxnlp.toml"
    config.write_text(config.read_text("utf-8") + '\n[tags.precision]\n"moment.price" = 0.95\n', "utf-8")
    file = tmp_path / "in.jsonl"
    text = "It took a while to find somebody who could tell me about the fee, which was higher than I thought."
    file.write_text(json.dumps({"id": 1, "text": text}), "utf-8")
    (usual,), (wished,) = tag(file), tag(file, "-w", str(tmp_path / "workspace"))
    one, other = (price(document) for document in (usual, wished))
    assert (one["decision"], other["decision"]) == ("yes", "unsure")
    assert one["probability"] == other["probability"]


def price(document: dict[str, Any]) -> dict[str, Any]:
    (found,) = [tag for mention in document["mentions"] for tag in mention["moments"] if tag["label"] == "price"]
    return dict(found)


def test_what_breaks_is_one_sentence_and_no_traceback(tmp_path: Path) -> None:
    broken = tmp_path / "notes.xlsx"
    broken.write_bytes(b"no workbook")
    done = subprocess.run(
        [sys.executable, "-m", "cxnlp.cli", "tag", str(broken)], check=False, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("cxnlp: ")


def test_bytes_that_are_no_utf_8_do_not_stop_the_stream() -> None:
    lines = b'{"id": 1, "text": "The caf\xe9 was lovely."}\n{"id": 2, "text": "The queue was endless."}\n'
    done = subprocess.run(
        [sys.executable, "-m", "cxnlp.cli", "tag", "-"], check=False, input=lines, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [1, 2]
