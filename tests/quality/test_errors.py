"""A model's errors on whole documents, as they come with it."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cxnlp.quality.counts import Errors, read_errors
from cxnlp.tags.artefacts import shipped
from pipelines.learning import errors

LABELS = [("moment", "delivery"), ("unmeasurable", "trust-")]
LATE = "My parcel never arrived and the delivery is two weeks late."
CLEAN = "The room was clean and the breakfast was lovely."


def document(name: str, text: str, moments: list[str], **of_mention: Any) -> dict[str, Any]:
    lists: dict[str, list[str]] = {"moments": moments, "unmeasurables": [], "warnings": [], "signals": []}
    mention = {"id": f"{name}.1", "start": 0, "end": len(text), "sentiment": -1} | lists | of_mention
    return {"id": name, "channel": "letter", "text": text, "mentions": [mention]}


@pytest.mark.parametrize(
    ("mention", "expected"),
    [
        pytest.param({}, [True, False], id="one label"),
        pytest.param({"unmeasurables": ["trust-", "trust+"]}, [True, True], id="the sign counts"),
        pytest.param({"unmeasurables": ["trust+"]}, [True, False], id="the other sign is another label"),
        pytest.param({"speaker": "customer"}, [True, False], id="a customer's line"),
        pytest.param({"speaker": "agent"}, [False, False], id="an agent's line is not a customer's report"),
    ],
)
def test_the_truth_of_a_document(mention: dict[str, Any], expected: list[bool]) -> None:
    assert errors.labelled([document("a", LATE, ["delivery"], **mention)], LABELS).tolist() == [expected]


def test_rights_and_wrongs_are_counted() -> None:
    said, true = np.array([1, 1, 1, 0, 0, 0], dtype=bool), np.array([1, 1, 0, 1, 0, 0], dtype=bool)
    assert errors.confusion(said, true) == Errors(2, 1, 1, 2)


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    shutil.copytree(shipped(), tmp_path, dirs_exist_ok=True)
    documents = [
        document("a", LATE, ["delivery"]),
        document("b", LATE, []),
        document("c", CLEAN, ["delivery"]),
        document("d", CLEAN, []),
    ]
    errors.write(tmp_path, documents)
    found = read_errors(tmp_path)
    assert found.errors["moment", "delivery"] == Errors(1, 1, 1, 1)
    assert all(of.n == 4 for of in found.errors.values())
    version = json.loads((tmp_path / "model.json").read_text("utf-8"))["version"]
    assert found.model_version == version
