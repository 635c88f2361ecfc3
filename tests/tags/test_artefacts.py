"""A damaged or foreign model is refused with a sentence that helps."""

import json
import shutil
from pathlib import Path

import pytest

from cxnlp.tags import ModelError, Tagger, artefacts


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(artefacts.shipped(), tmp_path / "model"))


@pytest.mark.parametrize("name", ["encoder.onnx", "tokenizer.json", "heads.npz", "words.npz", "rules.json"])
def test_one_changed_byte_is_noticed(copy: Path, name: str) -> None:
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(content)
    with pytest.raises(ModelError, match=rf"{name}: found SHA-256 .* damaged\. Restore"):
        Tagger.load(copy)


@pytest.mark.parametrize("name", ["encoder.onnx", "model.json", "heads.npz"])
def test_a_missing_file_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(ModelError, match=rf"{name}: missing"):
        Tagger.load(copy)


def test_a_later_format_is_refused(copy: Path) -> None:
    about = json.loads((copy / "model.json").read_text())
    (copy / "model.json").write_text(json.dumps(about | {"format": 99}))
    with pytest.raises(ModelError, match="found format 99; this version reads 2"):
        Tagger.load(copy)


def test_labels_and_heads_must_fit(copy: Path) -> None:
    about = json.loads((copy / "model.json").read_text())
    about["families"]["warning"]["labels"].pop()
    (copy / "model.json").write_text(json.dumps(about))
    with pytest.raises(ModelError, match=r"does not fit heads\.npz"):
        Tagger.load(copy)


def test_no_json_is_said_so(copy: Path) -> None:
    (copy / "model.json").write_text("{")
    with pytest.raises(ModelError, match=r"model\.json: not JSON"):
        Tagger.load(copy)
