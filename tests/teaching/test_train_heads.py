"""Training: the prior holds where people say little, people win where they say much, and worse is not promoted."""

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from cxnlp.cli import app
from cxnlp.settings import Workspace
from cxnlp.tags import Tagger, artefacts, tag_documents
from cxnlp.teaching import comparing, journal, prior, versions
from cxnlp.teaching.comparing import MICRO, SIGN, compare
from cxnlp.teaching.fitting import Space, fit, folds_of
from cxnlp.teaching.judged import Judged, judged
from cxnlp.teaching.teach import teach
from cxnlp.teaching.train import _heads, train
from cxnlp.teaching.vectors import width
from cxnlp.teaching.versions import TeachingError
from tests.teaching.reviewed import answer, item
from tests.teaching.test_teach_label import GIVEN, WISH

GREENHOUSES = [
    "The greenhouse {} days after it was put up.", "Our greenhouse lost a pane after {} days.",
    "The greenhouse door has jammed {} times.", "A greenhouse with {} loose screws is no fun.",
]  # fmt: skip
TABLES = ["The table wobbled for {} days.", "Our table came with {} scratches.", "My lamp flickered {} times."]


@pytest.fixture(autouse=True)
def _shipped(school: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(artefacts, "shipped", lambda: school)


def reviewed(workspace: Workspace, n: int, *, is_careless: bool = False) -> None:
    """Judge n greenhouses as `place` (this company says so) and n other things as `product`.

    Or carelessly: as the model says, but every fourth by lot.
    """
    tagger, lines = Tagger.load(), []
    labels = tuple(f"moment:{label}" for label in tagger.labels["moment"])
    lot = np.random.default_rng(1)
    for number in range(2 * n):
        kind, label = (GREENHOUSES, "place") if number % 2 else (TABLES, "product")
        text = kind[number % len(kind)].format(number)
        codes = [f"moment:{label}"]
        if is_careless:
            codes = [f"moment:{lot.choice(tagger.labels['moment'])}"] if number % 4 == 0 else given(tagger, text)
        about = item(f"f{number}.1", text, document=text, start=0, end=len(text), labels=labels)
        lines.append(answer(about, *codes, minute=number))
    journal.add_answers(workspace, lines)


def given(tagger: Tagger, text: str) -> list[str]:
    """What the model is sure of."""
    (found,) = tag_documents([{"id": 1, "text": text, "mentions": [{"start": 0, "end": len(text)}]}], tagger)
    return [f"moment:{tag['label']}" for tag in found["mentions"][0]["moments"] if tag["decision"] == "yes"]


def test_a_way_of_speaking_that_people_insist_on_is_learnt_and_promoted(workspace: Workspace) -> None:
    reviewed(workspace, 60)
    before = workspace.model_folder
    trained = train(workspace)
    assert (before, trained.reasons) == (None, ())
    assert trained.comparison.measures[MICRO][1] > trained.comparison.measures[MICRO][0] + 0.1
    assert workspace.model_folder == trained.folder
    card = (versions.active_folder(workspace) / "CARD.md").read_text("utf-8")
    assert trained.version is not None
    assert trained.version in card
    assert "Test for promotion" in card
    assert not (versions.active_folder(workspace) / "scores.json").exists()
    again = train(workspace)
    assert again.comparison.measures[MICRO][0] == pytest.approx(trained.comparison.measures[MICRO][1], abs=0.05)
    assert again.version is None


@pytest.mark.thorough
def test_what_is_taught_before_and_after_training_stays(workspace: Workspace) -> None:
    teach(workspace, WISH, GIVEN)
    reviewed(workspace, 40)
    assert train(workspace).version is not None
    assert "parking" in Tagger.of(workspace).labels["moment"]
    teach(workspace, WISH, GIVEN[:12])
    new = versions.draft(versions.active_folder(workspace))
    assert new.untrained is not None
    assert new.made["trained"]["n_mentions"] == 80
    assert new.arrays["moment.weights"].shape == new.untrained["moment.weights"].shape
    assert not np.array_equal(new.arrays["moment.weights"][0], new.untrained["moment.weights"][0])


@pytest.mark.thorough
def test_careless_judgements_are_not_promoted_and_the_command_says_why(workspace: Workspace) -> None:
    reviewed(workspace, 30, is_careless=True)
    told = CliRunner().invoke(app, ["train", "-w", str(workspace.root)])
    assert told.exit_code == 0, told.output
    assert "Not promoted" in told.output
    assert "McNemar" in told.output
    assert workspace.model_folder is None


def test_a_dry_run_changes_nothing(workspace: Workspace) -> None:
    reviewed(workspace, 40)
    told = CliRunner().invoke(app, ["train", "-w", str(workspace.root), "--dry-run", "--json"])
    result = json.loads(told.stdout)
    assert (result["version"], result["reasons"], result["n_mentions"]) == (None, [], 80)
    assert not workspace.models.exists()


def test_too_few_judgements_and_a_model_without_prior(workspace: Workspace, school: Path) -> None:
    with pytest.raises(TeachingError, match="found 0 judged mentions in 0 documents; allowed: 40 in 20"):
        train(workspace)
    reviewed(workspace, 10)
    with pytest.raises(TeachingError, match="found 20 judged mentions"):
        train(workspace)


def test_several_reviewers_count_by_their_mean_and_nobody_asked_is_nothing(workspace: Workspace) -> None:
    about = item("f1.1", "It never came.", labels=("moment:delivery", "moment:staff"))
    journal.add_answers(
        workspace, [answer(about, "moment:delivery"), answer(about, "moment:staff", reviewer="b" * 16, minute=1)]
    )
    model = artefacts.read(artefacts.shipped())
    found = judged(workspace, model)
    assert found is not None
    labels = model.heads["moment"].labels
    truth = found.truth["moment"][0]
    assert [truth[labels.index(label)] for label in ("delivery", "staff")] == [0.5, 0.5]
    assert np.isnan(truth[labels.index("price")])
    assert found.reviewed_at.max() < np.datetime64(datetime.now(UTC).replace(tzinfo=None))


def space() -> tuple[Space, artefacts.Artefacts]:
    model = artefacts.read(artefacts.shipped())
    known = prior.read(model)
    assert known is not None
    return Space.of(model, _heads(versions.draft(model.folder)), known), model


def test_heads_without_people_are_the_shipped_ones_and_come_back_from_calibrated_space() -> None:
    laid, model = space()
    vectors = np.random.default_rng(0).normal(size=(5, width(model))) * 0.1
    base, coordinates = laid.place(vectors)
    moved = fit(laid, base, coordinates, np.full(base.shape, np.nan), 1.0)
    assert np.abs(moved).max() == 0
    for family, head in model.heads.items():
        weights, bias = laid.head(model, family, moved)
        assert weights == pytest.approx(head.weights, abs=1e-5)
        assert bias == pytest.approx(head.bias, abs=1e-5)


def test_more_weight_moves_further_towards_what_people_say() -> None:
    laid, model = space()
    vectors = np.random.default_rng(0).normal(size=(30, width(model))) * 0.2
    base, coordinates = laid.place(vectors)
    truth = np.full(base.shape, np.nan)
    truth[:, 3] = 1.0
    logits = [(base + coordinates @ fit(laid, base, coordinates, truth, weight))[:, 3].mean() for weight in (1, 3, 10)]
    assert base[:, 3].mean() < logits[0] < logits[1] < logits[2]


def test_folds_keep_documents_together() -> None:
    owner = np.repeat(np.arange(20), 3)
    folds = folds_of(owner, 5, seed=3)
    assert all(len(set(folds[owner == document])) == 1 for document in range(20))
    assert np.bincount(folds).tolist() == [12] * 5


def hand_made(n: int, weight: float = 1.0) -> Judged:
    truth = {"moment": np.tile([1.0, 0.0], (n, 1)), "sentiment": np.tile([0.0, 1, 0, 0, 0], (n, 1))}
    return Judged(
        np.zeros((n, 2)), truth, np.arange(n), np.full(n, weight), np.zeros(n, bool), np.array(["2026-11-03"] * n)
    )


def decided(n: int, n_right: int) -> dict[str, np.ndarray]:
    right, wrong = [1.0, 0.0], [0.0, 1.0]
    moments = np.array([right] * n_right + [wrong] * (n - n_right))
    return {"moment": moments, "sentiment": np.tile([0.0, 1, 0, 0, 0], (n, 1))}


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (20, 35, None),
        (30, 30, "no decision changes"),
        (30, 20, "micro-F1 falls from 0.750 to 0.500"),
    ],
)
def test_what_is_worse_is_refused(before: int, after: int, reason: str | None) -> None:
    result = compare(hand_made(40), decided(40, before), decided(40, after))
    assert bool(result.reasons) == (reason is not None)
    if reason is not None:
        assert any(reason in found for found in result.reasons)


def test_mcnemar_counts_decisions_and_weights_count_mentions() -> None:
    result = compare(hand_made(40), decided(40, 20), decided(40, 35))
    assert (result.mended, result.spoilt) == (30, 0)
    assert result.p < 1e-6
    heavy = hand_made(2)
    heavy.weight[1] = 9.0
    only_second = {"moment": np.array([[0.0, 1.0], [1.0, 0.0]]), "sentiment": np.tile([0.0, 1, 0, 0, 0], (2, 1))}
    measures = compare(heavy, only_second, only_second).measures
    assert measures[MICRO][0] == pytest.approx(0.9)
    assert measures[comparing.ALIKE][0] == pytest.approx(0.5)
    assert measures[SIGN][0] == 1.0
