"""A workspace's own labels: read strictly beside the shipped ones, written without touching the other lines."""

from pathlib import Path

import pytest

from cxnlp.taxonomy import TaxonomyError, load
from cxnlp.taxonomy.editing import entry_in, put, remove

PARKING = {"id": "parking", "stage": "acquisition", "definition": 'Finding a "free" space: paying, leaving.'}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "taxonomy.yaml"


def test_no_file_and_only_comments_are_the_shipped_taxonomy(path: Path) -> None:
    assert load(additions=path) is load()
    path.write_text("# nothing yet\n\n", "utf-8")
    assert load(additions=path) is load()


def test_an_own_moment_stands_at_the_end_of_its_stage_and_is_filled_in(path: Path) -> None:
    put(path, "moment", PARKING | {"cues": ["car park"]})
    taxonomy = load(additions=path)
    labels = taxonomy.labels("moment")
    assert labels[labels.index("parking") - 1 :][:3] == ("delivery", "parking", "reaching_help")
    assert tuple(label for label in labels if label != "parking") == load().labels("moment")
    parking = taxonomy.moments["parking"]
    assert (parking.name, parking.worse, parking.cues) == ("Parking", "Parking disappoints", ("car park",))
    assert parking.definition == PARKING["definition"]
    assert taxonomy.version != load().version
    assert taxonomy.frame().height == load().frame().height + 1


def test_an_unmeasurable_may_have_one_side(path: Path) -> None:
    put(path, "unmeasurable", {"id": "patience", "definition_missing": "Hurried, impatient."})
    assert load(additions=path).unmeasurables["patience"].definition == "Missing: Hurried, impatient."


def test_a_second_time_updates_and_other_lines_stay(path: Path) -> None:
    path.write_text("# ours\nsignals:\n- id: refer\n  definition: Asks for a referral.  # agreed\n# end\n", "utf-8")
    put(path, "moment", PARKING)
    put(path, "signal", {"id": "press", "definition": "Names a newspaper."})
    put(path, "moment", PARKING | {"definition": "Changed."})
    text = path.read_text("utf-8")
    assert text.startswith("# ours\nsignals:\n- id: refer\n  definition: Asks for a referral.  # agreed\n- id: press\n")
    assert "# end\n" in text
    assert text.count("parking") == 1
    assert load(additions=path).moments["parking"].definition == "Changed."
    assert entry_in(path, "signal", "press") == {"id": "press", "definition": "Names a newspaper."}


def test_removing_the_last_one_leaves_a_file_that_loads(path: Path) -> None:
    put(path, "moment", PARKING)
    assert remove(path, "moment", "parking")
    assert not remove(path, "moment", "parking")
    assert load(additions=path) is load()
    assert entry_in(path, "moment", "parking") is None
    put(path, "moment", PARKING)
    assert entry_in(path, "moment", "parking") == PARKING


@pytest.mark.parametrize("word", ["on", "no", "null"])
def test_a_word_that_yaml_takes_for_something_else(path: Path, word: str) -> None:
    put(path, "signal", {"id": word, "definition": "Said so."})
    assert word in load(additions=path).signals
    assert remove(path, "signal", word)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("moment:\n  - id: parking\n", "line 1: found the key `moment`; allowed: moments, unmeasurables"),
        ("- id: parking\n", "line 1: found no keys; allowed: moments"),
        ("moments: parking\n", "line 1: found no list under `moments`"),
        ("moments:\n  - id: parking\n    definition: Parking.\n", "line 2: found no key `stage` in this entry"),
        ("signals:\n  - id: x1\n    definition: Good.\n    cue: []\n", "line 4: found the key `cue`; allowed: id"),
        ("signals:\n  - id: churn\n    definition: Again.\n", r"line 2: found the id `churn` a second time .*signals"),
        ("moments:\n  - id: p1\n    stage: buyin\n    definition: Good.\n", "line 3: found the stage `buyin`"),
        (
            "signals:\n  - id: x1\n    definition: Good.\n    cues: [never again]\n",
            "line 4: found the cue 'never again'",
        ),
        ("signals:\n  - id: x1\n    definition: Good.\n    owner: Bob\n", "line 4: found the owner 'Bob'"),
        ('signals:\n  - id: x1\n    definition: Good.\n    name: "Go\\u202Eod"\n', "line 4: "),
        ("unmeasurables:\n  - id: patience\n", "line 2: found neither `definition_shown` nor"),
    ],
)
def test_a_mistake_is_named_with_its_line(path: Path, text: str, says: str) -> None:
    path.write_text(text, "utf-8")
    with pytest.raises(TaxonomyError, match=says) as refused:
        load(additions=path)
    assert str(refused.value).startswith("taxonomy.yaml, line")


def test_what_would_not_load_is_not_written(path: Path) -> None:
    put(path, "moment", PARKING)
    before = path.read_text("utf-8")
    with pytest.raises(TaxonomyError, match="found the stage"):
        put(path, "moment", {"id": "lifts", "stage": "nowhere", "definition": "Lifts."})
    assert path.read_text("utf-8") == before
    path.write_text("signals: [{id: x1, definition: Good.}]\n", "utf-8")
    with pytest.raises(TaxonomyError, match="in brackets"):
        put(path, "signal", {"id": "x2", "definition": "Good."})
    assert sorted(file.name for file in path.parent.iterdir()) == ["taxonomy.yaml"]
