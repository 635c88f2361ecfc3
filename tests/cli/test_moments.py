"""`cxnlp moments` and `cxnlp scorecard`: what they show is what the views say; owners, targets and lists are kept."""

import json
import shutil
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest
from typer.testing import CliRunner

from cxnlp import taxonomy
from cxnlp.cli import app
from cxnlp.errors import CxnlpError
from cxnlp.settings import open_workspace
from cxnlp.taxonomy import TaxonomyError
from cxnlp.warehouse import store
from tests.once import once
from tests.post_room import made
from tests.warehouse.night import partition, run
from tests.warehouse.test_diagnostics import PIECES


@pytest.fixture(scope="session")
def after_a_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after one night. Copy it."""

    def make(folder: Path) -> None:
        place = made(folder)
        with store.open_of(place) as connection:
            store.load(connection, [partition(folder / "a", *PIECES)], run())
            store.count(connection)
            store.publish(connection, place.warehouse)

    return once(tmp_path_factory, "moments_command", make) / "workspace"


@pytest.fixture
def root(after_a_night: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(after_a_night, tmp_path / "workspace", symlinks=True))


def ask(root: Path, *words: str, code: int = 0) -> str:
    """What a command says; its error is raised."""
    result = CliRunner().invoke(app, [*words, "-w", str(root)], catch_exceptions=True)
    if isinstance(result.exception, CxnlpError):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.output


def asked(root: Path, moment: str = "delivery") -> dict[str, Any]:
    rows = json.loads(ask(root, "moments", "--json"))
    return next(row for row in rows if row["moment"] == moment)


def test_the_numbers_are_those_of_the_view(root: Path) -> None:
    with store.open_published(open_workspace(root).database) as connection:
        view = connection.sql("FROM moment_diagnostics WHERE moment = 'delivery'").pl().to_dicts()[0]
    shown = asked(root)
    told = {name: None if name in shown["few"] else value for name, value in view.items()}
    assert {name: shown[name] for name in view} == json.loads(json.dumps(told, default=str))
    table = ask(root, "moments")
    line = next(line for line in table.splitlines() if "(delivery)" in line)
    cells = [cell.strip() for cell in line.split("│")[3:-1]]
    assert cells[:12] == ["8", "6", "89%", "-75", "12%", "25%", "+0", "0.50", "few", "few", "0%", "few"]


def test_one_moment_says_all_of_it(root: Path) -> None:
    told = ask(root, "moments", "delivery")
    for words in ("It comes whole, when and where you said", "Resolution: who says no more of it and does not leave",
                  "few", "friendliness", "no fix is recorded"):  # fmt: skip
        assert words.lower() in told.lower()
    found = json.loads(ask(root, "moments", "delivery", "--json"))
    assert len(found["rates"]) == 25


def test_few_people_are_not_shown(root: Path) -> None:
    product = asked(root, "product")
    assert product["is_hidden"]
    assert product["n_mentions"] is None
    assert product["net_sentiment"] is None
    assert "Too few people" in ask(root, "moments", "product")
    assert not asked(root, "promise")["is_hidden"]


def test_an_unknown_moment_is_refused_with_the_known_ones(root: Path) -> None:
    for words in (["moments", "parking"], ["moments", "set", "parking", "--owner", "Jo"]):
        with pytest.raises(CxnlpError, match=r"no moment called 'parking'; there is: .*promise"):
            ask(root, *words)


def test_owner_and_targets_are_kept_and_shown(root: Path) -> None:
    ask(root, "moments", "set", "delivery", "--owner", "Jo of the vans", "--target", "net_sentiment=0.2",
        "--target", "strong_negative_share=0.3", "--critical")  # fmt: skip
    ask(root, "moments", "set", "delivery", "--fixed-on", "2026-10-05", "--fix", "Stronger boxes")
    found = asked(root)
    assert (found["owner"], found["is_critical"], found["fixed_on"]) == ("Jo of the vans", True, "2026-10-05")
    assert {target["metric"]: target["is_met"] for target in found["targets"]} == {
        "strong_negative_share": True, "net_sentiment": False
    }  # fmt: skip
    line = next(line for line in ask(root, "moments").splitlines() if "(delivery)" in line)
    assert "! Delivery" in line
    assert "-75 ✗" in line
    assert "12% ✓" in line
    assert "owner: Jo of the vans" in (root / "moments.yaml").read_text("utf-8")
    ask(root, "moments", "set", "delivery", "--target", "strong_negative_share=")
    assert [target["metric"] for target in asked(root)["targets"]] == ["net_sentiment"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--target", "joy=1"], "found a target for `joy`; allowed: n_mentions"),
        (["--target", "churn_share=low"], "allowed: a number's id, =, and a value"),
        (["--owner", "x" * 61], "`owner`: String should have at most 60 characters"),
        (["--fix", "New vans"], "a fix needs its day"),
    ],
)
def test_what_cannot_be_kept_is_refused(root: Path, words: list[str], message: str) -> None:
    with pytest.raises(CxnlpError, match=message):
        ask(root, "moments", "set", "delivery", *words)
    assert not (root / "moments.yaml").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("parking:\n  owner: Jo\n", r"moments.yaml, line 1: found the moment `parking`"),
        ("delivery:\n  owner: Jo\n  target: 3\n", r"moments.yaml, line 3: found 3 as `target`"),
        ("delivery:\n  targets:\n    joy: 3\n", r"moments.yaml, line 2: found a target for `joy`"),
        ("delivery:\n  targets:\n    n_crises: 3\n", r"`n_crises`, which is called `n_customers_crisis` now; allowed"),
        ("- delivery\n", r"moments.yaml, line 1: found no keys"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "moments.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(TaxonomyError, match=message):
        taxonomy.read_plans(path, taxonomy.load().moments)


ROWS: list[list[Any]] = [
    [
        "Moment of truth",
        "Stage",
        "Description",
        "Customer's expectation",
        "Owner",
        "Critical",
        "net_sentiment",
        "Votes",
    ],
    ["Delivery and collection", "", "", "It is at my door on the day.", "Jo", "yes", 0.3, 12],
    ["Parking a bike", "Acquisition", "Finding a stand for a bicycle.", "", "=1+1", "", "", 2],
    ["price", "", "", "", "", "perhaps", "", 1],
    ["Singing", "Chorus", "Songs.", "", "", "", "", 0],
    ["", "", "", "Lonely.", "", "", "", 0],
    ["staff", "", "", "", "", "", "many", 3],
    ["Delivery", "Use", "", "", "", "", "", 3],
]
PROBLEMS = [
    "row 4: found 'perhaps' as critical; allowed: yes or no",
    "row 5: the moment 'Singing' is new and its stage is 'Chorus'; allowed: awareness",
    "row 6: found no moment",
    "row 7: found 'many' as target of `net_sentiment`; allowed: a number",
    "row 8: found the moment 'delivery' a second time",
]


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_a_list_from_a_workshop(root: Path, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"workshop.{ending}"
    if ending == "xlsx":
        book = openpyxl.Workbook()
        for row in ROWS:
            book.active.append([f"'{cell}" if cell == "=1+1" else cell for cell in row])
        book.save(path)
    else:
        path.write_text("\n".join(";".join(map(str, row)) for row in ROWS), "utf-8")
    told = json.loads(ask(root, "moments", "import", str(path), "--json", code=1))
    assert (told["moments"], told["new"]) == (["delivery", "parking_a_bike"], ["parking_a_bike"])
    assert [found.startswith(wanted) for found, wanted in zip(told["problems"], PROBLEMS, strict=True)] == [True] * 5
    delivery, parking = asked(root), asked(root, "parking_a_bike")
    assert (delivery["owner"], delivery["expectation"]) == ("Jo", "It is at my door on the day.")
    assert delivery["targets"][0]["target"] == 0.3
    assert (parking["stage"], parking["name"], parking["n_mentions"]) == ("acquisition", "Parking a bike", 0)


@pytest.mark.parametrize("n_done", [*(pytest.param(n, marks=pytest.mark.thorough) for n in (0, 1, 2)), 3])
def test_an_import_that_is_killed_leaves_each_file_old_or_new(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_done: int
) -> None:
    """Files change by being renamed into place; the kill comes before the first, the second … such step."""
    path = tmp_path / "workshop.csv"
    path.write_text("moment;stage;description;owner\n"
                    "delivery;;;Jo\nparking;Acquisition;Finding a space.;Max\nsinging;Share;Songs.;Ida\n")  # fmt: skip
    ask(root, "moments", "set", "delivery", "--owner", "Ann")
    before, steps, replace = (root / "moments.yaml").read_bytes(), iter(range(9)), Path.replace

    def killed(here: Path, there: Path) -> Path:
        if there.name in ("taxonomy.yaml", "moments.yaml") and next(steps) == n_done:
            raise KeyboardInterrupt
        return replace(here, there)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed)
        CliRunner().invoke(app, ["moments", "import", str(path), "-w", str(root)])
    assert next(steps) == n_done + 1
    assert (root / "moments.yaml").read_bytes() == before
    own = set(taxonomy.load(additions=root / "taxonomy.yaml").moments) - set(taxonomy.load().moments)
    assert own == (set() if n_done < 3 else {"parking", "singing"})
    ask(root, "moments", "import", str(path))
    assert [asked(root, moment)["owner"] for moment in ("delivery", "parking", "singing")] == ["Jo", "Max", "Ida"]


def test_a_spreadsheet_without_moments_is_refused(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(CxnlpError, match=r"list\.csv, row 1: found no column of moments"):
        ask(root, "moments", "import", str(path))
    (tmp_path / "list.xlsx").write_bytes(b"PK no workbook")
    with pytest.raises(CxnlpError, match=r"list\.xlsx: cannot be read as a workbook"):
        ask(root, "moments", "import", str(tmp_path / "list.xlsx"))


def test_the_scorecard_says_what_feedback_cannot(root: Path) -> None:
    told = ask(root, "scorecard")
    assert told.count("feedback cannot tell") == 3
    assert "What we promise is what customers get." in told
    rows = json.loads(ask(root, "scorecard", "--json"))
    core = next(row for row in rows if row["statement"] == "the_core_works")
    assert (core["n_customers_for"], core["n_customers_against"], core["answer"]) == (2, 6, "undecided")
    few = next(row for row in rows if row["statement"] == "people_are_kind")
    assert few["is_hidden"]
    assert few["balance"] is None
