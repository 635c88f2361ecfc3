"""What docs/evaluate.md shows is what the reader reads."""

import json
import re
from pathlib import Path

from cxnlp import taxonomy
from cxnlp.quality.labelled import read, vocabulary
from cxnlp.settings import Tags

from .labelled_letters import write

PAGE = (Path(__file__).parents[2] / "docs" / "evaluate.md").read_text("utf-8")


def test_the_labelled_examples_are_read(tmp_path: Path) -> None:
    document, mention = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL))
    several = {"id": "a2", "text": document["text"], "mentions": [mention]}
    path = write(tmp_path / "a.jsonl", [document, several])
    first, second = read(path, vocabulary(taxonomy.load()))
    assert [first["text"][m["start"] : m["end"]] for m in first["mentions"]] == [
        "My parcel came late.",
        "The courier was rude.",
    ]
    assert second["mentions"][0]["moments"] == ["delivery", "timeliness"]


def test_the_wish_is_a_setting() -> None:
    import tomllib

    (block,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert Tags.model_validate(tomllib.loads(block)["tags"]).precision["signal.crisis"] == 0.9
