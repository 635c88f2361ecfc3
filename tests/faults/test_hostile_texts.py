"""Words made to do harm pass the stages after the readers in time that is in proportion to their length."""

import time
from pathlib import Path

import pytest

from benchmarks.hostile import texts
from benchmarks.hostile.corpus import source
from cxnlp import feedback, mentions
from cxnlp.channels.files import File
from cxnlp.channels.items import Item, checked, frame
from cxnlp.settings import Privacy

SECRET = b"0" * 32
SECONDS = 20  # of processor time for at most 180,000 characters
LONG = {
    "titles": "Mr " * 40_000,
    "numbers": "12-34-56 " * 15_000,
    "addresses": "1 A Street, " * 10_000,
    "quotation marks": '"' * 100_000 + "x",
    "slashes": "http://" * 15_000,
    "dashes": "a-" * 60_000,
}
SIGNS = {name: data.decode("utf-8", "replace") for kind, name, data in texts.signs() if kind == "letters"}


def seconds(text: str) -> float:
    item = checked(Item(text=text, external_id="1"))
    items = frame(source("letters"), [(File(Path("1.txt"), "1.txt", 1, 0), item)])
    started = time.process_time()
    usable = feedback.normalise(items, secret=SECRET).feedback
    mentions.split(feedback.mask(usable, secret=SECRET, privacy=Privacy()).feedback)
    return time.process_time() - started


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    seconds("The van came late and Mr Price never rang me back.")


@pytest.mark.parametrize("name", [*SIGNS, *LONG])
def test_a_hostile_text_takes_no_absurd_time(name: str) -> None:
    assert seconds((SIGNS | LONG)[name][:190_000]) < SECONDS
