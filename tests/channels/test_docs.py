"""What docs/sources.md shows works as it stands there."""

import re
import tomllib
from pathlib import Path

import pytest

from cxnlp import channels
from cxnlp.settings import Source
from tests.channels.conftest import rows

PAGE = (Path(__file__).parents[2] / "docs" / "sources.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_the_settings_are_allowed() -> None:
    source, more = blocks("toml")
    (settings,) = tomllib.loads(source + more)["source"]
    assert Source.model_validate(settings).columns["text"] == "Verbatim"


def test_the_reader_of_a_new_kind_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = blocks("python")
    preamble = (
        "from collections.abc import Iterator\nfrom cxnlp.channels.files import File\n"
        "from cxnlp.settings import Source\n"
        "from cxnlp.channels.items import Item, unusable\nfrom cxnlp.channels.plain import decode\n"
    )
    namespace: dict[str, channels.Reader] = {}
    exec(preamble + code, namespace)  # type: ignore[arg-type]
    monkeypatch.setitem(channels.READERS, "letters", namespace["read_guestbook"])
    (tmp_path / "guests.txt").write_text("Lovely staff!\n \nCold soup.\n")
    found = [(row["external_id"], row["text"], bool(row["problem"])) for row in rows(tmp_path, "letters")]
    assert found == [
        ("guests.txt#1", "Lovely staff!", False),
        (None, None, True),
        ("guests.txt#3", "Cold soup.", False),
    ]
