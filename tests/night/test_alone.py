"""Who may change a workspace when: one at a time, a night after what people are about, and before what they begin."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import pytest

from cxnlp.settings import Workspace, open_workspace
from pipelines import alone as locks
from pipelines.alone import NightRunning, alone, at_night
from tests.post_room import CONFIG

Lock = Callable[[Workspace], AbstractContextManager[None]]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr(locks, "PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(locks, "NIGHTS_PATIENCE_SECONDS", 20)
    (tmp_path / "cxnlp.toml").write_text(CONFIG, "utf-8")
    return open_workspace(tmp_path)


@contextmanager
def beside(work: Callable[[], None]) -> Iterator[None]:
    """Another thread at work meanwhile."""
    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def test_a_night_that_is_due_comes_next_however_many_changes_follow(place: Workspace) -> None:
    began, done = threading.Event(), []

    def moves() -> None:
        for number in range(3):
            with suppress(NightRunning), alone(place):
                began.set()
                time.sleep(0.4)  # longer than anybody but a night waits
                done.append(number)

    with beside(moves):
        began.wait()
        with at_night(place):
            before = list(done)
            time.sleep(1)  # the other moves are refused meanwhile
        assert (before, done) == ([0], [0])


@pytest.mark.parametrize(
    ("held", "asks", "message"),
    [
        (at_night, at_night, "a night is already running here"),
        (at_night, alone, "a night is already running here"),
        (alone, alone, "somebody is changing something here"),
        (alone, at_night, "somebody is changing something here"),
    ],
)
def test_who_is_refused_is_told_by_whom(
    place: Workspace, monkeypatch: pytest.MonkeyPatch, held: Lock, asks: Lock, message: str
) -> None:
    monkeypatch.setattr(locks, "NIGHTS_PATIENCE_SECONDS", 0)
    with held(place), pytest.raises(NightRunning, match=message), asks(place):
        pass
    with asks(place):
        pass
