"""A label taught from twenty examples is given from then on, with evidence; the others do not move by a bit."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from cxnlp import taxonomy
from cxnlp.cli import app
from cxnlp.quality.counts import read_errors
from cxnlp.settings import Workspace
from cxnlp.tags import Tagger, artefacts, tag_documents
from cxnlp.taxonomy import TaxonomyError
from cxnlp.teaching import examples, journal, versions
from cxnlp.teaching.examples import Example
from cxnlp.teaching.teach import Taught, marked, remove, teach
from cxnlp.teaching.versions import TeachingError
from cxnlp.teaching.words import Wish
from cxnlp.warehouse import store
from tests.teaching.classroom import DELIVERIES, OTHERS, PARKING
from tests.teaching.reviewed import answer, item

WISH = Wish("moment", "parking", stage="acquisition", definition="Finding, paying and leaving a parking space.")
GIVEN = [Example(text, 0, len(text)) for text in PARKING]


@pytest.fixture(autouse=True)
def _shipped(school: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(artefacts, "shipped", lambda: school)


@pytest.fixture(scope="module")
def lesson(larkfield: Workspace, school: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Taught]:
    """A workspace that was taught parking; read only."""
    root = tmp_path_factory.mktemp("lesson")
    (root / ".cxnlp").mkdir()
    (root / "warehouse").symlink_to(larkfield.warehouse)
    workspace = larkfield.model_copy(update={"root": root})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(artefacts, "shipped", lambda: school)
        return workspace, teach(workspace, WISH, GIVEN)


@pytest.fixture
def taught(workspace: Workspace) -> Taught:
    return teach(workspace, WISH, GIVEN)


def said(tagger: Tagger, *texts: str) -> list[dict[str, Any]]:
    mentions = [[{"start": 0, "end": len(text)}] for text in texts]
    asked = [{"id": n, "text": t, "mentions": m} for n, (t, m) in enumerate(zip(texts, mentions, strict=True))]
    return [document["mentions"][0] for document in tag_documents(asked, tagger)]


def moments(tagger: Tagger, text: str) -> set[str]:
    (mention,) = said(tagger, text)
    return {tag["label"] for tag in mention["moments"] if tag["decision"] == "yes"}


def test_new_sentences_get_it_and_near_misses_do_not(lesson: tuple[Workspace, Taught]) -> None:
    workspace, taught = lesson
    tagger = Tagger.of(workspace)
    assert tagger.version == taught.version
    for text in ("Your car park has too few spaces.", "I could not park anywhere near the shop."):
        assert "parking" in moments(tagger, text), text
    for text in ("The garden table wobbles.", "I paid three pounds for the lamp.", "My parcel is late."):
        assert "parking" not in moments(tagger, text), text


def test_evidence_lies_in_the_mention(lesson: tuple[Workspace, Taught]) -> None:
    workspace, _ = lesson
    text = "It was a nice day, but the car park was full."
    (mention,) = said(Tagger.of(workspace), text)
    (tag,) = [tag for tag in mention["moments"] if tag["label"] == "parking"]
    assert "park" in text[slice(*tag["evidence"])]


def test_other_labels_do_not_move_by_a_bit(lesson: tuple[Workspace, Taught]) -> None:
    workspace, taught = lesson
    texts = [*PARKING, *OTHERS, " ".join(OTHERS * 6)]
    before, after = said(Tagger.load(), *texts), said(Tagger.of(workspace), *texts)
    for mention in after:
        mention["moments"] = [tag for tag in mention["moments"] if tag["label"] != "parking"]
    assert before == after
    old, new = artefacts.read(artefacts.shipped()), artefacts.read(taught.folder)
    for family, head in old.heads.items():
        n = len(head.labels)
        assert new.heads[family].labels[:n] == head.labels
        for name in ("weights", "bias", "slope", "offset", "yes", "unsure"):
            assert (getattr(new.heads[family], name)[:n] == getattr(head, name)).all(), (family, name)


def test_the_word_is_in_the_taxonomy_and_what_to_expect_is_sane(lesson: tuple[Workspace, Taught]) -> None:
    workspace, taught = lesson
    known = taxonomy.load(additions=workspace.taxonomy_file)
    assert known.moments["parking"].definition == WISH.definition
    expected = taught.calibration.expected
    for value, low, high in (expected.precision, expected.recall, expected.f1, expected.share):
        assert 0 <= low <= value <= high <= 1
    assert expected.recall[0] > 0.3
    assert [more.n for more in taught.more] == [40, 80]
    assert all(more.f1[0] >= expected.f1[0] for more in taught.more)
    assert len(taught.border) == 3
    assert "parking" in (taught.folder / "CARD.md").read_text("utf-8")
    assert taught.version in (taught.folder / "CARD.md").read_text("utf-8")


def test_the_same_examples_give_the_same_model_and_more_examples_another(workspace: Workspace, taught: Taught) -> None:
    assert teach(workspace, WISH, GIVEN).version == taught.version
    again = teach(workspace, Wish("moment", "parking"), GIVEN[:15])
    assert again.version != taught.version
    assert taught.folder.is_dir()
    assert artefacts.read(again.folder).heads["moment"].labels.count("parking") == 1
    assert taxonomy.load(additions=workspace.taxonomy_file).moments["parking"].definition == WISH.definition


def test_a_soft_quality_has_a_sign(workspace: Workspace) -> None:
    teach(workspace, Wish("unmeasurable", "patience-", definition="Hurried, impatient."), GIVEN)
    assert "patience-" in Tagger.of(workspace).labels["unmeasurable"]
    assert taxonomy.load(additions=workspace.taxonomy_file).labels("unmeasurable")[-1] == "patience"


def test_removing_undoes_it(workspace: Workspace, taught: Taught) -> None:
    assert remove(workspace, "moment", "parking") == artefacts.read(artefacts.shipped()).version
    assert workspace.model_folder is None
    assert taxonomy.load(additions=workspace.taxonomy_file) is taxonomy.load()
    assert examples.kept(workspace, "moment", "parking") == []
    with pytest.raises(TeachingError, match="parking: not taught here; allowed: none was taught yet"):
        remove(workspace, "moment", "parking")
    assert teach(workspace, WISH, GIVEN).version == taught.version


def test_a_second_label_stays_when_the_first_is_removed(workspace: Workspace, taught: Taught) -> None:
    teach(workspace, replace(WISH, label="lots"), GIVEN[:10])
    remove(workspace, "moment", "parking")
    assert "parking" not in Tagger.of(workspace).labels["moment"]
    assert "lots" in Tagger.of(workspace).labels["moment"]


def test_a_word_that_people_used_is_retired_and_not_forgotten(workspace: Workspace, taught: Taught) -> None:
    journal.add_answers(workspace, [answer(item(labels=("moment:parking",)), "moment:parking")])
    remove(workspace, "moment", "parking")
    known = taxonomy.load(additions=workspace.taxonomy_file)
    assert "parking" not in known.labels("moment")
    assert "parking" in known.frame().filter(pl.col("retired").is_not_null())["id"]
    teach(workspace, Wish("moment", "parking"), GIVEN)
    assert "parking" in taxonomy.load(additions=workspace.taxonomy_file).labels("moment")


def test_marked_mentions_are_examples(workspace: Workspace) -> None:
    marks = [item(f"f{n}.1", text) for n, text in enumerate(PARKING)]
    journal.add_answers(workspace, [answer(each, "mark:parking", kind="mark", sentiment=None) for each in marks])
    found = marked(workspace, "parking")
    assert [example.text[example.start : example.end] for example in found] == PARKING
    assert teach(workspace, WISH, found).n_examples == 20


def test_two_do_not_teach_at_once(workspace: Workspace) -> None:
    with versions.changing(workspace), pytest.raises(versions.ModelBusy, match="Wait for it to end"):
        teach(workspace, WISH, GIVEN)


@pytest.mark.parametrize(
    ("wish", "given", "says"),
    [
        (WISH, GIVEN[:4], "parking: found 4 different examples; allowed: 5 or more"),
        (WISH, GIVEN[:4] * 9, "found 4 different examples"),
        (replace(WISH, label="delivery"), GIVEN, "delivery: a shipped label; allowed: a new name"),
        (replace(WISH, family="signal", label="delivery"), GIVEN, "delivery: a shipped label; allowed: a new name"),
        (replace(WISH, label="Car Park"), GIVEN, "Car Park: no name for a label here"),
        (replace(WISH, family="unmeasurable", label="patience"), GIVEN, r"such as patience\+"),
        (replace(WISH, stage=None), GIVEN, "parking: found no stage; allowed: awareness, buy_in"),
        (replace(WISH, definition=None), GIVEN, "parking: found no definition"),
    ],
)
def test_what_cannot_be_taught_changes_nothing(
    workspace: Workspace, wish: Wish, given: list[Example], says: str
) -> None:
    with pytest.raises(TeachingError, match=says):
        teach(workspace, wish, given)
    assert not workspace.taxonomy_file.exists()
    assert not workspace.models.exists()


def test_a_wrong_stage_or_cue_is_refused_before_anything_is_learnt(workspace: Workspace) -> None:
    with pytest.raises(TaxonomyError, match="found the stage `nowhere`"):
        teach(workspace, replace(WISH, stage="nowhere"), GIVEN)
    with pytest.raises(TaxonomyError, match="Car Park"):
        teach(workspace, replace(WISH, cues=["Car Park"]), GIVEN)
    assert not workspace.models.exists()


def test_a_model_of_the_users_own_is_left_alone(workspace: Workspace) -> None:
    own = workspace.model_copy(update={"settings": workspace.settings.model_copy(update={"model": "mine"})})
    with pytest.raises(TeachingError, match='found model = "mine"; allowed here: "shipped"'):
        teach(own, WISH, GIVEN)


def test_the_night_stores_the_new_label(lesson: tuple[Workspace, Taught]) -> None:
    workspace, taught = lesson
    text = "The car park was full again."
    feedback = pl.DataFrame({"feedback_id": ["f"], "text": [text]})
    mentions = pl.DataFrame(
        {"mention_id": ["f.1"], "feedback_id": ["f"], "start": [0], "end": [len(text)], "speaker": [None]}
    )
    tags = Tagger.of(workspace).tag(feedback, mentions)
    assert tags.filter(pl.col("label") == "parking")["model_version"].to_list() == [taught.version]
    words = taxonomy.load(additions=workspace.taxonomy_file)
    with store.open_working(":memory:", words.frame()) as connection:
        connection.register("_tags", tags)
        connection.execute("INSERT INTO tags BY NAME FROM _tags")
        assert [str(found) for found in store.check(connection) if found.check == "taxonomy_words"] == []


def test_the_other_labels_errors_hold_before_and_after(lesson: tuple[Workspace, Taught], school: Path) -> None:
    found = read_errors(lesson[1].folder)
    assert found.errors == {("moment", "delivery"): DELIVERIES}
    assert (found.model_version, found.earlier_versions) == (lesson[1].version, (artefacts.read(school).version,))


def test_the_command(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "parking.txt").write_text("\n".join(PARKING), "utf-8")
    asked = ["teach", "parking", "-w", str(workspace.root), "--examples", str(tmp_path / "parking.txt"),
             "--stage", "acquisition", "--definition", "Parking."]  # fmt: skip
    told = CliRunner().invoke(app, asked)
    assert told.exit_code == 0, told.output
    assert "learnt from 20 examples" in told.output
    assert "90 % interval" in told.output
    result = json.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)
    assert (result["label"], result["n_examples"]) == ("parking", 20)
    assert versions.active_folder(workspace).name == result["version"]
    assert CliRunner().invoke(app, ["teach", "parking", "-w", str(workspace.root), "--remove"]).exit_code == 0
    assert workspace.model_folder is None
