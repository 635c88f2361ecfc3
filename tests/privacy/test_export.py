"""An access request is answered with everything about one person, and nothing about anybody else."""

import json
from pathlib import Path

from cxnlp import privacy
from cxnlp.privacy import Wish
from cxnlp.settings import Workspace
from tests.privacy.company import ADA


def test_everything_about_one_customer(first_night: Workspace, tmp_path: Path) -> None:
    counts = privacy.export(first_night, Wish(customer=ADA), tmp_path / "answer.json")
    said = json.loads((tmp_path / "answer.json").read_text("utf-8"))
    assert counts["feedback"] == len(said["feedback"]) == 2
    assert {row["customer_key"] for row in said["feedback"]} == {said["about"]["customer_key"]}
    assert {row["feedback_id"] for row in said["mentions"]} == {row["feedback_id"] for row in said["feedback"]}
    assert len(said["tags"]) >= counts["mentions"] > 0
    assert {row["mention_id"] for row in said["evidence"]} == {row["mention_id"] for row in said["mentions"]}
    text = (tmp_path / "answer.json").read_text("utf-8")
    assert "sideboard" in text
    for other in ("Quill", "4711", "parcel", "driver", "showroom"):
        assert other not in text


def test_an_author(first_night: Workspace, tmp_path: Path) -> None:
    assert privacy.export(first_night, Wish(author="boxwatch"), tmp_path / "answer.json")["feedback"] == 1


def test_nobody(first_night: Workspace, tmp_path: Path) -> None:
    counts = privacy.export(first_night, Wish(customer="AC-9999"), tmp_path / "answer.json")
    assert set(counts.values()) == {0}
