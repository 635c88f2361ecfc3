"""`cxnlp evaluate` as a person types it."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cxnlp.cli import app
from cxnlp.cli.options import CommandError
from cxnlp.quality.labelled import LabelError
from cxnlp.tags import artefacts

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


def test_a_workspaces_wish_moves_what_is_scored(labelled: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(artefacts.shipped(), tmp_path / "own"))
    about = json.loads((folder / artefacts.CARD).read_text("utf-8"))
    entry = about["families"]["moment"]
    entry["curve"] = {
        "precision": [0.95],
        "labels": {label: {"threshold": [None], "n": [0]} for label in entry["labels"]},
    }
    (folder / artefacts.CARD).write_text(json.dumps(about), "utf-8")
    config = """
company = "A"
model = "own"
tags.precision.moment = 0.9
[[source]]
name = "notes"
channel = "call"
kind = "table"
path = "calls"
"""
    (tmp_path / "cxnlp.toml").write_text(config, "utf-8")
    arguments = ["evaluate", str(labelled), "--resamples", "50", "--no-baselines", "--json"]
    free, wished = (
        json.loads(RUN.invoke(app, [*arguments, *more]).stdout) for more in ([], ["--workspace", str(tmp_path)])
    )
    assert free["families"]["moment"]["recall"][0] > wished["families"]["moment"]["recall"][0] == 0
    assert wished["decisions"]["moment"]["unsure"]["n"] > free["decisions"]["moment"]["unsure"]["n"]
    assert free["families"]["sentiment"] == wished["families"]["sentiment"]


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


@pytest.mark.parametrize(
    "arguments", [["nothing.jsonl"], ["{labelled}", "-o", "no/such/folder/a.json"], ["{labelled}", "-o", "."]]
)
def test_a_wrong_path_is_wrong_use(labelled: Path, arguments: list[str]) -> None:
    given = [argument.format(labelled=labelled) for argument in arguments]
    error = RUN.invoke(app, ["evaluate", *given]).exception
    assert isinstance(error, CommandError)
    assert error.exit_code == 2
