"""A mistake in a taxonomy file is refused: the message says where, what, what is allowed, how to mend."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cxnlp.taxonomy import SHIPPED, TaxonomyError, load

Edit = Callable[[str, str, str], Path]


@pytest.fixture
def edit(tmp_path: Path) -> Edit:
    """Copy the shipped taxonomy and replace one piece of one file."""

    def change(file: str, old: str, new: str) -> Path:
        for source in SHIPPED.glob("*.yaml"):
            shutil.copy(source, tmp_path)
        text = (tmp_path / file).read_text("utf-8")
        assert text.count(old) >= 1, f"{old!r} is not in {file}"
        (tmp_path / file).write_text(text.replace(old, new, 1), "utf-8")
        return tmp_path

    return change


def test_an_unchanged_copy_is_the_same_taxonomy(edit: Edit) -> None:
    assert load(edit("signals.yaml", "- id: churn", "- id: churn")) == load()


def test_the_version_follows_the_meaning_and_not_the_layout(edit: Edit) -> None:
    assert load(edit("signals.yaml", "- id: churn", "# a comment\n- id:   churn")).version == load().version
    changed = load(edit("signals.yaml", "Leaves, will leave, never again.", "Leaves or says so."))
    assert changed.version != load().version
    assert changed.version.startswith("1.0-")


CASES = {
    "unknown key": (
        "moments.yaml", "  near_miss: \"The table is", "  nearmiss: \"The table is", "nearmiss",
        r"found the key `nearmiss`; allowed: id, name, .*\. Rename or remove it",
    ),
    "missing key": (
        "warnings.yaml", '  name: "Hand-offs"\n', "", "- id: handoff",
        r"found no key `name` in this entry; allowed: all of id, name, .*\. Add it",
    ),
    "number instead of words": (
        "stages.yaml", '"Awareness"', "7", "name: 7", r"found int 7 as `name`; allowed: .*string.*in quotes",
    ),
    "yes and no are no words": (
        "stages.yaml", '"Awareness"', "no", "name: no", r"found bool False as `name`",
    ),
    "unquoted version": (
        "signals.yaml", 'since: "1.0"', "since: 1.0", "since: 1.0", r"found float 1\.0 as `since`",
    ),
    "the same cue under two labels": (
        "signals.yaml", '"kudos to"', '"Never again"'.lower(), '"never again"',
        r"found the cue 'never again' under `champion`, but it stands under `churn` already \(signals",
    ),
    "the same cue under both sides": (
        "unmeasurables.yaml", '"courteous"', '"rude"', '"rude"',
        r"found the cue 'rude' under `friendliness-`",
    ),
    "the same cue with a hyphen": (
        "signals.yaml", '"kudos to"', '"never-again"', '"never-again"',
        r"found the cue 'never-again' under `champion`",
    ),
    "capitals in a cue": (
        "signals.yaml", '"kudos to"', '"Kudos to"', '"Kudos to"', r"found str 'Kudos to' as `cues\.\d+`",
    ),
    "the same id twice": (
        "warnings.yaml", "- id: policy", "- id: knowledge", "- id: knowledge",
        r"found the id `knowledge` a second time \(first at warnings.yaml, line 3\)",
    ),
    "a stage that is not there": (
        "moments.yaml", "stage: buy_in", "stage: buyin", "stage: buyin",
        r"found the stage `buyin` of `price`; allowed: awareness, buy_in,",
    ),
    "an owner that is no department": (
        "moments.yaml", 'owner: "Pricing"', 'owner: "Bob"', 'owner: "Bob"',
        r"found the owner 'Bob' of `price`; allowed: Marketing, Sales",
    ),
    "a retired label that still has cues": (
        "moments.yaml", "retired: null", 'retired: "1.0"', "cues:",
        r"found cues under `promise`, retired in 1\.0; allowed: none",
    ),
    "a label from the future": (
        "moments.yaml", 'since: "1.0"', 'since: "2.0"', "retired: null",
        r"found `promise` since 2\.0, retired None; allowed: since ≤ retired ≤ 1\.0",
    ),
    "a near miss that a cue catches": (
        "signals.yaml", "near_miss: \"I asked at the paint desk", "near_miss: \"Kudos to the paint desk",
        '"kudos to"', r"found the cue 'kudos to' in the near miss of `champion`",
    ),
    "a key twice": (
        "signals.yaml", "  owner: \"Management\"\n", "  owner: \"Management\"\n  owner: \"Sales\"\n",
        '  owner: "Sales"', r"found the key `owner` a second time in one entry",
    ),
    "broken YAML": (
        "signals.yaml", "- id: churn", "- id: [churn", "", r"not valid YAML",
    ),
    "a colon without quotes": (
        "stages.yaml", '"Awareness"', "Awareness: first", "name: Awareness: first", r"not valid YAML",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_mistake_is_refused_with_file_line_and_remedy(edit: Edit, case: tuple[str, ...]) -> None:
    file, old, new, where, says = case
    folder = edit(file, old, new)
    with pytest.raises(TaxonomyError, match=says) as refused:
        load(folder)
    assert str(refused.value).startswith(file)
    if where:
        places = [number for number, line in enumerate((folder / file).read_text("utf-8").splitlines(), 1)
                  if where.strip() in line]  # fmt: skip
        assert any(f"line {place}:" in str(refused.value) for place in places), (places, str(refused.value))


def test_a_file_with_something_else_than_a_list(edit: Edit) -> None:
    folder = edit("signals.yaml", "- id: churn", "- id: churn")
    (folder / "signals.yaml").write_text("churn: yes\n")
    with pytest.raises(TaxonomyError, match=r"signals.yaml, line 1: found no list; allowed: entries"):
        load(folder)


def test_a_missing_file_and_an_empty_one(edit: Edit) -> None:
    folder = edit("signals.yaml", "- id: churn", "- id: churn")
    (folder / "signals.yaml").write_text("# nothing\n")
    with pytest.raises(TaxonomyError, match=r"signals\.yaml: empty"):
        load(folder)
    (folder / "signals.yaml").unlink()
    with pytest.raises(TaxonomyError, match=r"signals\.yaml: missing"):
        load(folder)


def test_a_retired_label_is_kept_in_the_frame_but_not_given(edit: Edit) -> None:
    folder = edit("warnings.yaml", "- id: pressure", "- id: pressure")
    text = (folder / "warnings.yaml").read_text("utf-8")
    start = text.index("- id: pressure")
    opened, closed = text.index("cues: [", start), text.index("]", start) + 1
    text = text[:opened] + "cues: []" + text[closed:]
    head, tail = text[:start], text[start:].replace("retired: null", 'retired: "1.0"', 1)
    (folder / "warnings.yaml").write_text(head + tail, "utf-8")
    taxonomy = load(folder)
    assert taxonomy.labels("warning") == ("knowledge", "policy", "handoff", "resourcing")
    assert "pressure" in taxonomy.frame()["id"]
