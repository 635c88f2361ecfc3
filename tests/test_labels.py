"""The labels that are committed: offsets, ids and words of the vocabulary, never a text."""

import json
from pathlib import Path

from pipelines.learning.vocabulary import FAMILIES, KEYS

LABELS = Path(__file__).parents[1] / "data" / "labels"


def test_further_labels_hold_no_text_and_only_known_words() -> None:
    lines = (LABELS / "further.jsonl").read_text("utf-8").splitlines()
    assert len({json.loads(line)["id"] for line in lines}) == len(lines) > 1_000
    allowed = {"id", "source", "set", "source_row_id", "channel", "domain", "text_hash", "mentions"}
    for line in lines:
        document = json.loads(line)
        assert set(document) == allowed
        last = 0
        for mention in document["mentions"]:
            assert {"start", "end", "sentiment"} <= set(mention)
            assert set(mention) <= {"start", "end", "sentiment", "speaker", *KEYS.values()}
            assert last <= mention["start"] < mention["end"]
            last = mention["end"]
            assert str(mention["sentiment"]) in FAMILIES["sentiment"]
            for family, key in KEYS.items():
                labels = mention.get(key, [])
                assert len(set(labels)) == len(labels)
                assert set(labels) <= set(FAMILIES[family])
