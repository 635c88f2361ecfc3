"""A wished precision moves the threshold of yes to where the model's curve reaches it."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from cxnlp.quality.calibration import PRECISIONS
from cxnlp.settings import SettingsError
from cxnlp.tags import Tagger, artefacts
from cxnlp.tags.precision import aims

LABELS = {"moment": ("price", "staff"), "unmeasurable": ("trust+", "trust-"), "sentiment": ("0",)}

TEXT = "My parcel came three weeks late, and the courier was rude and shouted at me."


@pytest.mark.parametrize(
    ("wished", "expected"),
    [
        ({}, {}),
        ({"moment": 0.8}, {("moment", "price"): 0.8, ("moment", "staff"): 0.8}),
        ({"moment": 0.8, "moment.staff": 0.6}, {("moment", "price"): 0.8, ("moment", "staff"): 0.6}),
        ({"unmeasurable.trust": 0.7}, {("unmeasurable", "trust+"): 0.7, ("unmeasurable", "trust-"): 0.7}),
        ({"unmeasurable.trust": 0.7, "unmeasurable.trust-": 0.9},
         {("unmeasurable", "trust+"): 0.7, ("unmeasurable", "trust-"): 0.9}),
    ],
)  # fmt: skip
def test_what_is_named_more_closely_counts(wished: dict[str, float], expected: dict[Any, float]) -> None:
    assert aims(LABELS, wished) == expected


@pytest.mark.parametrize("name", ["moment.prize", "signal", "sentiment", "unmeasurable.trust?"])
def test_an_unknown_name_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match=r"\[tags\] precision: .* is not known to the model; allowed: "):
        aims(LABELS, {name: 0.8})


def with_curve(folder: Path, thresholds: dict[str, list[float | None]]) -> Path:
    """A copy of the shipped model whose moments have these thresholds, the others none."""
    Path(shutil.copytree(artefacts.shipped(), folder))
    about = json.loads((folder / artefacts.CARD).read_text("utf-8"))
    for family, entry in about["families"].items():
        entry.pop("curve", None)
        if family != "sentiment":
            rows = {name: {"threshold": row, "n": [9] * len(row)} for name, row in thresholds.items()
                    if name in entry["labels"]}  # fmt: skip
            entry["curve"] = {"precision": list(PRECISIONS), "labels": rows}
    (folder / artefacts.CARD).write_text(json.dumps(about), "utf-8")
    return folder


def said(tagger: Tagger) -> dict[str, tuple[str, float]]:
    (read,) = tagger.read([TEXT], [[(0, len(TEXT), None)]])
    return {vote.label: (vote.decision, vote.probability) for vote in read.model if vote.family == "moment"}


def test_thresholds_follow_the_curve(tmp_path: Path) -> None:
    plain = said(Tagger.load(threads=1))
    _, probability = plain["delivery"]
    just, above = probability - 0.001, min(0.999, probability + 0.001)
    row: list[float | None] = [just if wanted <= 0.8 else above if wanted <= 0.9 else None for wanted in PRECISIONS]
    folder = with_curve(tmp_path / "model", {"delivery": row})
    decisions = {
        wanted: said(Tagger.load(folder, 1, precision={"moment.delivery": wanted}))["delivery"][0]
        for wanted in (0.5, 0.78, 0.8, 0.82, 0.9, 0.95)
    }
    assert decisions == {0.5: "yes", 0.78: "yes", 0.8: "yes", 0.82: "unsure", 0.9: "unsure", 0.95: "unsure"}
    others = said(Tagger.load(folder, 1, precision={"moment.delivery": 0.95}))
    assert {name: vote for name, vote in others.items() if name != "delivery"} == {
        name: vote for name, vote in plain.items() if name != "delivery"
    }


def test_a_precision_that_was_never_reached_is_named_and_gives_no_yes(tmp_path: Path) -> None:
    never: list[float | None] = [None] * len(PRECISIONS)
    tagger = Tagger.load(with_curve(tmp_path / "model", {"delivery": never}), 1, precision={"moment.delivery": 0.5})
    assert said(tagger)["delivery"][0] == "unsure"
    assert (tagger.unreached, tagger.uncurved) == (["moment.delivery"], [])


def test_a_low_wish_says_yes_earlier(tmp_path: Path) -> None:
    tagger = Tagger.load(threads=1)
    silent = next(label for label in tagger.labels["moment"] if label not in said(tagger))
    early = with_curve(tmp_path / "model", {silent: [0.0] * len(PRECISIONS)})
    assert said(Tagger.load(early, 1, precision={f"moment.{silent}": 0.5}))[silent][0] == "yes"


def test_a_label_that_was_added_later_keeps_its_own_thresholds(tmp_path: Path) -> None:
    folder = with_curve(tmp_path / "model", {"price": [0.4] * len(PRECISIONS)})
    tagger = Tagger.load(folder, 1, precision={"moment.delivery": 0.95, "moment.price": 0.95})
    assert said(tagger)["delivery"] == said(Tagger.load(threads=1))["delivery"]
    assert (tagger.unreached, tagger.uncurved) == ([], ["moment.delivery"])


def test_a_model_without_curves_stays_as_it_is(tmp_path: Path) -> None:
    folder = with_curve(tmp_path / "model", {})
    about = json.loads((folder / artefacts.CARD).read_text("utf-8"))
    for entry in about["families"].values():
        entry.pop("curve", None)
    (folder / artefacts.CARD).write_text(json.dumps(about), "utf-8")
    tagger = Tagger.load(folder, 1, precision={"moment": 0.95})
    assert said(tagger) == said(Tagger.load(threads=1))
    assert (tagger.unreached, tagger.uncurved) == ([], ["moment"])


def test_a_rule_that_is_less_precise_than_wished_is_unsure() -> None:
    text = "My lawyer will be in touch, and so will the newspapers."
    decisions = []
    for wished in (None, 0.95):
        tagger = Tagger.load(threads=1, precision={} if wished is None else {"signal.crisis": wished})
        (read,) = tagger.read([text], [[(0, len(text), None)]])
        decisions += [(vote.probability, vote.decision) for vote in read.rules if vote.label == "crisis"]
    (share, plain), (_, strict) = decisions
    assert plain == "yes"
    assert strict == ("yes" if share >= 0.95 else "unsure")


def test_a_damaged_curve_is_refused(tmp_path: Path) -> None:
    folder = with_curve(tmp_path / "model", {"delivery": [0.5]})
    with pytest.raises(artefacts.ModelError, match=r"model\.json: does not fit"):
        artefacts.read(folder)
