"""The reviewer's screen, driven by keys."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from rich.text import Text
from textual.widgets import Static

from cxnlp.cli.review_board import mention, moved, rows_of
from cxnlp.cli.review_screen import ReviewScreen
from cxnlp.settings import Workspace
from cxnlp.teaching import journal
from cxnlp.teaching.items import Word
from cxnlp.teaching.reviewing import Desk, reviewer_key
from tests.teaching.reviewed import ANN, LABELS, given, item

WORDS = [Word(code=code, name=code, meaning="What it covers.") for code in LABELS]
ITEMS = [item("f1.2", "It never came."), item("f2.1", "[red]Thanks[/red] a lot \x1b[2J", said={}), item("f3.1", "Bye.")]

SEEN: dict[str, str] = {}  # what stood in each part of the screen after the last key


def press(workspace: Workspace, *keys: str, is_blind: bool = False, size: tuple[int, int] = (80, 24)) -> ReviewScreen:
    """Open the screen on `ITEMS`, press keys, and leave it as it is then (as a kill would)."""

    async def drive() -> ReviewScreen:
        screen = ReviewScreen(Desk(workspace, ANN, ITEMS, is_blind), WORDS)
        async with screen.run_test(size=size) as pilot:
            await pilot.press(*keys)
            await pilot.pause()
            SEEN.clear()
            if screen.desk.item is not None:
                SEEN.update({part.id or "": str(part.visual) for part in screen.query(Static)})
        return screen

    with ThreadPoolExecutor(1) as thread:  # the browser of other tests keeps a loop running in this one
        return thread.submit(lambda: asyncio.run(drive())).result()


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        pytest.param(["enter"], {"f1.2": {"-1", "delivery"}}, id="accept what is suggested for sure"),
        pytest.param(["space", "enter"], {"f1.2": {"-1"}}, id="the cursor is on the first suggestion: off"),
        pytest.param(["tab", "space", "enter"], {"f1.2": {"-1", "delivery", "churn"}}, id="the unsure suggestion: on"),
        pytest.param(["right", "space", "enter"], {"f1.2": {"-1", "delivery", "staff"}}, id="a label beside it"),
        pytest.param(["down", "right", "space", "1", "enter"], {"f1.2": {"-2", "delivery", "trust-"}}, id="below"),
        pytest.param(["slash", *"trust-", "enter", "space", "5", "enter"], {"f1.2": {"2", "delivery", "trust-"}},
                     id="found by its letters"),
        pytest.param(["slash", *"zzz", "enter", "enter"], {"f1.2": {"-1", "delivery"}}, id="no such letters"),
        pytest.param(["slash", *"q", "escape", "enter"], {"f1.2": {"-1", "delivery"}}, id="never mind"),
        pytest.param(["s", "enter"], {"f2.1": {"0"}}, id="skipped"),
        pytest.param(["enter", "enter", "u", "u", "space", "3", "enter"], {"f1.2": {"0"}}, id="two steps back"),
        pytest.param(["s", "u", "enter"], {"f1.2": {"-1", "delivery"}}, id="a skip taken back"),
        pytest.param(["u", "enter"], {"f1.2": {"-1", "delivery"}}, id="nothing to undo"),
        pytest.param(["m", *"parking", "enter"], {"f1.2": {"parking"}}, id="a mark is stored at once"),
        pytest.param(["m", *"parking", "enter", "m", *"parking", "enter"], {}, id="a mark taken back"),
        pytest.param(["m", *"parking", "enter", "s", "u", "m", *"parking", "enter"], {}, id="a mark taken back later"),
        pytest.param(["m", *"Car park", "enter"], {}, id="no word for a mark"),
        pytest.param(["space", "4"], {}, id="nothing is stored before it is accepted"),
        pytest.param(["enter", "enter", "enter"], {"f1.2": {"-1", "delivery"}, "f2.1": {"0"},
                     "f3.1": {"-1", "delivery"}}, id="to the end"),
    ],
)  # fmt: skip
def test_keys(workspace: Workspace, keys: list[str], expected: dict[str, set[str]]) -> None:
    press(workspace, *keys)
    assert given(workspace) == expected


def test_who_judges_blind_sees_no_suggestion_and_must_say_how_it_feels(workspace: Workspace) -> None:
    press(workspace, "enter", is_blind=True)
    assert given(workspace) == {}
    assert "%" not in SEEN["board"]
    press(workspace, "2", "enter", is_blind=True)
    assert given(workspace) == {"f1.2": {"-1"}}
    assert {line.is_blind for line in journal.answers(workspace)} == {True}


def test_what_stands_there(workspace: Workspace) -> None:
    press(workspace, "tab", size=(100, 30))
    assert "■ delivery 70%" in SEEN["board"]
    assert "□ churn 30%" in SEEN["board"]
    assert "churn (signal:churn): What it covers." in SEEN["meaning"]
    assert "It never came." in SEEN["text"]
    assert "1 of 3" in SEEN["progress"]


def test_the_whole_document_when_asked(workspace: Workspace) -> None:
    press(workspace, "d", "pagedown", "pageup")
    assert "Hello.\nIt never came." in SEEN["text"]
    press(workspace, "d", "d")
    assert "Hello. It never came." in SEEN["text"]


@pytest.mark.parametrize("size", [(24, 10), (80, 24), (200, 60)])
def test_any_size_of_terminal(workspace: Workspace, size: tuple[int, int]) -> None:
    press(workspace, "down", "up", "left", "right", "enter", size=size)
    assert given(workspace) == {"f1.2": {"-1", "delivery"}}


def test_a_customers_words_are_shown_not_obeyed() -> None:
    text = mention(ITEMS[1])
    assert isinstance(text, Text)
    assert "[red]Thanks[/red] a lot �[2J" in text.plain


def test_a_full_disk_stops_the_screen_and_says_so(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journal, "add_answers", full)
    screen = press(workspace, "enter")
    assert isinstance(screen.failure, OSError)
    assert screen.desk.n_answered == 0


def test_labels_in_rows() -> None:
    assert rows_of(LABELS, 2) == [["moment:delivery", "moment:staff"], ["unmeasurable:trust+", "unmeasurable:trust-"],
                                  ["signal:churn"]]  # fmt: skip
    assert len(rows_of(LABELS, 1)) == 5


@pytest.mark.parametrize(
    ("start", "down", "right", "expected"),
    [
        ("moment:staff", 1, 0, "unmeasurable:trust-"),
        ("unmeasurable:trust-", 1, 0, "signal:churn"),
        ("signal:churn", 1, 0, "signal:churn"),
        ("moment:delivery", -1, 0, "moment:delivery"),
        ("moment:staff", 0, 1, "moment:staff"),
    ],
)
def test_the_cursor_stays_on_the_board(start: str, down: int, right: int, expected: str) -> None:
    assert moved(rows_of(LABELS, 2), start, down, right) == expected


def test_reviewers_are_told_apart_and_not_named() -> None:
    secret = bytes(32)
    assert reviewer_key("Ann  Brook", secret) == reviewer_key("ann brook ", secret)
    assert reviewer_key("ann brook", secret) != reviewer_key("ben", secret)
    assert reviewer_key("ann brook", secret) != reviewer_key("ann brook", b"1" * 32)
    assert "ann" not in reviewer_key("ann brook", secret)
    with pytest.raises(journal.ReviewError, match="--reviewer: found no name"):
        reviewer_key("  ", secret)
