"""The journal of answers, and what it says when it is read back."""

import os
import subprocess
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pytest

from cxnlp.settings import Workspace
from cxnlp.teaching import journal
from cxnlp.teaching.answers import REVIEWS, frame, judged_places, reviews
from cxnlp.teaching.items import Answer, code_of, split_code
from tests.teaching.reviewed import ANN, BEN, answer, item


def said(rows: pl.DataFrame, decision: str = "yes") -> set[tuple[str, str, str, str | None]]:
    """Who gave which label to which mention."""
    kept = rows.filter((pl.col("decision") == decision) & (pl.col("family") != "sentiment"))
    return set(kept.select("reviewer", "mention_id", "label", "polarity").iter_rows())


def test_nothing_was_answered_yet(workspace: Workspace) -> None:
    assert reviews(workspace).is_empty()
    assert reviews(workspace).schema == pl.Schema(REVIEWS)


def test_an_answer_is_a_judgement_of_every_label(workspace: Workspace) -> None:
    journal.add_answers(workspace, [answer(item(), "moment:staff", "unmeasurable:trust-")])
    rows = reviews(workspace)
    assert rows.schema == pl.Schema(REVIEWS)
    labels = rows.filter(pl.col("family") != "sentiment")
    columns = labels.select("family", "label", "polarity", "decision", "model_decision", "model_probability")
    assert columns.rows() == [
        ("moment", "delivery", None, "no", "yes", 0.7),
        ("moment", "staff", None, "yes", "no", None),
        ("unmeasurable", "trust", "+", "no", "no", None),
        ("unmeasurable", "trust", "-", "yes", "no", None),
        ("signal", "churn", None, "no", "unsure", 0.3),
    ]
    feelings = rows.filter(pl.col("family") == "sentiment").select("label", "decision", "model_decision").rows()
    others = [(strength, "no", "no") for strength in ("0", "1", "2")]
    assert feelings == [("-2", "no", "no"), ("-1", "yes", "yes"), *others]
    assert rows["document"][0][rows["start"][0] : rows["end"][0]] == rows["text"][0]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param([answer(item(), "moment:staff"), answer(item(), "moment:delivery", minute=1)],
                     {(ANN, "f1.2", "delivery", None)}, id="the later answer of a person counts"),
        pytest.param([answer(item(), "moment:staff"), answer(item(), "moment:delivery", minute=1, reviewer=BEN)],
                     {(ANN, "f1.2", "staff", None), (BEN, "f1.2", "delivery", None)}, id="two people are kept apart"),
        pytest.param([answer(item(), "moment:staff"), answer(item(), kind="withdrawn", minute=1)],
                     set(), id="taken back"),
        pytest.param([answer(item(), "moment:staff"), answer(item(), kind="withdrawn", minute=1, reviewer=BEN)],
                     {(ANN, "f1.2", "staff", None)}, id="nobody takes back what another said"),
        pytest.param([answer(item(), "moment:staff"), answer(item(), kind="withdrawn", minute=1),
                      answer(item(), "signal:churn", minute=2)],
                     {(ANN, "f1.2", "churn", None)}, id="taken back and answered again"),
        pytest.param([answer(item(), "moment:staff"), answer(item(), "signal:churn", minute=1),
                      answer(item(), kind="withdrawn", minute=2)],
                     {(ANN, "f1.2", "staff", None)}, id="the one before stands again"),
        pytest.param([answer(item(), "moment:staff"), answer(item(text="They came."), "signal:churn", minute=1)],
                     {(ANN, "f1.2", "staff", None), (ANN, "f1.2", "churn", None)}, id="other words, another mention"),
        pytest.param([answer(item(), "mark:parking", kind="mark")], {(ANN, "f1.2", "parking", None)}, id="a mark"),
        pytest.param([answer(item(), "mark:parking", kind="mark"),
                      answer(item(), "mark:parking", kind="unmark", minute=1)], set(), id="no mark any more"),
    ],
)  # fmt: skip
def test_which_answer_counts(lines: list[Answer], expected: set[tuple[str, str, str, str | None]]) -> None:
    assert said(frame(lines)) == expected


def test_a_mark_is_in_no_slice() -> None:
    (row,) = frame([answer(item(), "mark:trust-", kind="mark")]).to_dicts()
    assert (row["family"], row["label"], row["slice"], row["model_decision"]) == ("mark", "trust-", "marked", None)


def test_what_is_taken_back_is_still_known_as_judged() -> None:
    lines = [answer(item()), answer(item(), kind="withdrawn"), answer(item("f9.1", "Fine."), "mark:x1", kind="mark")]
    assert judged_places(lines).rows() == [("f1", 2, "It never came.")]


def slices(*lines: Answer) -> dict[str, tuple[str, float | None]]:
    rows = frame(lines).filter(pl.col("label") == "staff")
    columns = rows.select("mention_id", "slice", "sampling_probability")
    return {name: (which, share) for name, which, share in columns.iter_rows()}


def drawn(name: str, draw: float, share: float | None = None) -> Answer:
    which = "uncertain" if share is None else "random"
    return answer(item(name, slice=which, draw=draw, sampling_probability=share))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param([drawn("f1.1", 0.2)], {"f1.1": ("uncertain", None)}, id="asked because uncertain"),
        pytest.param([drawn("f1.1", 0.04, 0.05), drawn("f2.1", 0.07, 0.1)],
                     {"f1.1": ("random", 0.1), "f2.1": ("random", 0.1)}, id="the slice grew: all weigh the same"),
        pytest.param([drawn("f1.1", 0.02), drawn("f2.1", 0.3), drawn("f3.1", 0.05, 0.06)],
                     {"f1.1": ("random", 0.06), "f2.1": ("uncertain", None), "f3.1": ("random", 0.06)},
                     id="answered as uncertain, and later passed by the random slice"),
        pytest.param([drawn("f1.1", 0.07, 0.1), drawn("f2.1", 0.02, 0.03)],
                     {"f1.1": ("random", 0.1), "f2.1": ("random", 0.03)}, id="new feedback, a slice just begun"),
    ],
)  # fmt: skip
def test_the_random_slice_is_a_random_sample(
    lines: list[Answer], expected: dict[str, tuple[str, float | None]]
) -> None:
    assert slices(*lines) == expected


def test_a_torn_line_never_counts_and_goes(workspace: Workspace) -> None:
    journal.add_answers(workspace, [answer(item("f1.1"), "moment:staff")])
    path = journal.folder(workspace) / journal.ANSWERS
    whole = path.read_bytes()
    path.write_bytes(whole + whole[: len(whole) // 2])
    assert said(reviews(workspace)) == {(ANN, "f1.1", "staff", None)}
    journal.add_answers(workspace, [answer(item("f2.1"), "moment:delivery", minute=1)])
    assert said(reviews(workspace)) == {(ANN, "f1.1", "staff", None), (ANN, "f2.1", "delivery", None)}
    assert path.stat().st_mode & 0o077 == 0


def test_a_torn_first_line(workspace: Workspace) -> None:
    path = journal.folder(workspace) / journal.ANSWERS
    path.write_bytes(b'{"kind":"ans' * 10_000)
    assert reviews(workspace).is_empty()
    journal.add_answers(workspace, [answer(item())])
    assert path.read_bytes().count(b"\n") == 1


@pytest.mark.parametrize("damage", [b"\n", b"no JSON about the angry Mr Brook\n", b'{"kind": "guess"}\n'])
def test_a_damaged_line_is_named_without_its_words(workspace: Workspace, damage: bytes) -> None:
    journal.add_answers(workspace, [answer(item())])
    path = journal.folder(workspace) / journal.ANSWERS
    path.write_bytes(path.read_bytes() + damage)
    with pytest.raises(journal.ReviewError, match=r"answers\.jsonl, line 2: found a damaged entry") as caught:
        reviews(workspace)
    assert "Brook" not in "".join(traceback.format_exception(caught.value))  # a night's log shows causes, too


KILLED = """
import os, sys
sys.path.insert(0, {root!r})
from pathlib import Path
from cxnlp.settings import Settings, Source, Workspace
from cxnlp.teaching import journal
from tests.teaching.reviewed import answer, item
source = Source(name="notes", channel="call", kind="table", path=Path("calls"))
workspace = Workspace(root=Path({folder!r}), settings=Settings(company="A", source=(source,)))
for n in range(1, 100):
    journal.add_answers(workspace, [answer(item(f"f1.{{n}}"), "moment:staff")])
    if n == 7:
        os.kill(os.getpid(), 9)
"""


def test_a_kill_loses_nothing_that_was_answered(workspace: Workspace) -> None:
    code = KILLED.format(root=str(Path(__file__).parents[2]), folder=str(workspace.root))
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -9
    assert reviews(workspace)["mention_id"].unique().sort().to_list() == [f"f1.{n}" for n in range(1, 8)]


def test_two_reviewers_at_once(workspace: Workspace) -> None:
    def give(reviewer: str) -> None:
        for n in range(1, 21):
            journal.add_answers(workspace, [answer(item(f"f{n}.1"), "moment:staff", reviewer=reviewer)])

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(give, (ANN, BEN)))
    assert len(said(reviews(workspace))) == 40


def test_a_full_disk_stores_nothing_of_it(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    journal.add_answers(workspace, [answer(item("f1.1"))])
    write = os.write

    def half(handle: int, content: memoryview) -> int:
        if len(content) < 3_000:
            raise OSError(28, "No space left on device")
        return write(handle, content[: len(content) // 2])

    monkeypatch.setattr(os, "write", half)
    with pytest.raises(OSError, match="No space left"):
        journal.add_answers(workspace, [answer(item(f"f{n}.1")) for n in range(2, 12)])
    assert reviews(workspace)["mention_id"].unique().to_list() == ["f1.1"]
    assert (journal.folder(workspace) / journal.ANSWERS).read_bytes().endswith(b"}\n")


@pytest.mark.parametrize("code", ["moment:delivery", "unmeasurable:trust-", "sentiment:-2", "mark:queue+"])
def test_codes_come_back(code: str) -> None:
    family, label, polarity = split_code(code)
    assert code_of(family, label, polarity) == code
