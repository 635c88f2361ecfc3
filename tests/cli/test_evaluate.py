"""`cxnlp evaluate` as a person types it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cxnlp.cli import app
from cxnlp.cli.options import CommandError
from cxnlp.quality.labelled import LabelError

from ..quality.labelled_letters import LETTERS, annotation, write

RUN = CliRunner()


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    return write(tmp_path / "labelled.jsonl", LETTERS)


def test_tables_for_people_and_json_in_a_file(labelled: Path, tmp_path: Path) -> None:
    out = tmp_path / "scores.json"
    result = RUN.invoke(app, ["evaluate", str(labelled), "--resamples", "50", "-o", str(out)], env={"COLUMNS": "160"})
    assert result.exit_code == 0, result.output
    for words in ("3 documents, 6 mentions", "this model", "VADER", "delivery", "By channel", "Expected calibration"):
        assert words in result.output
    assert json.loads(out.read_text("utf-8"))["n_mentions"] == 6
    assert "came three weeks late" not in result.output + out.read_text("utf-8")


def test_json_for_machines(labelled: Path) -> None:
    result = RUN.invoke(app, ["evaluate", str(labelled), "--resamples", "50", "--no-baselines", "--json"])
    found = json.loads(result.stdout)
    assert "baselines" not in found
    assert found["resamples"] == 50


def test_several_peoples_labels_show_their_agreement(tmp_path: Path) -> None:
    people = [annotation("ann", -1, "delivery"), annotation("bo", -1, "delivery", "timeliness")]
    text = "The parcel came late."
    documents = [
        {"id": n, "text": text, "mentions": [{"start": 0, "end": len(text), "annotations": people}]} for n in range(4)
    ]
    path = write(tmp_path / "a.jsonl", documents)
    result = RUN.invoke(app, ["evaluate", str(path), "--resamples", "50", "--no-baselines"], env={"COLUMNS": "160"})
    assert "Krippendorff's alpha" in result.output
    assert "Agreement with each person" in result.output


def test_names_are_shown_as_they_are(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [LETTERS[0] | {"source": "[bold]shop"}])
    result = RUN.invoke(app, ["evaluate", str(path), "--resamples", "50", "--no-baselines"])
    assert "[bold]shop" in result.output
    assert "…" not in result.output  # no interval is cut short, however narrow the screen


def test_a_wrong_line_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [LETTERS[0], LETTERS[0]])
    error = RUN.invoke(app, ["evaluate", str(path)]).exception
    assert isinstance(error, LabelError)
    assert (error.exit_code, "line 2: its id 'd1' stands in line 1" in str(error)) == (1, True)


@pytest.mark.parametrize("arguments", [["nothing.jsonl"], ["{labelled}", "-o", "no/such/folder/a.json"]])
def test_a_wrong_path_is_wrong_use(labelled: Path, arguments: list[str]) -> None:
    given = [argument.format(labelled=labelled) for argument in arguments]
    error = RUN.invoke(app, ["evaluate", *given]).exception
    assert isinstance(error, CommandError)
    assert error.exit_code == 2
