"""A folder to put made files in, and short ways to read it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from cxnlp.channels import Batch, no_files, read
from cxnlp.settings import Source

CHANNELS = {"letters": "letter", "table": "call", "transcripts": "call", "posts": "social"}
Read = Callable[..., pl.DataFrame]


def source(kind: str, **settings: Any) -> Source:
    values = {"name": kind, "channel": CHANNELS[kind], "kind": kind, "path": Path("."), "timezone": "Europe/London"}
    return Source.model_validate(values | settings)


def batches(
    folder: Path, kind: str, seen: pl.DataFrame | None = None, batch: int = 1000, **settings: Any
) -> Iterator[Batch]:
    return read(source(kind, **settings), folder, no_files() if seen is None else seen, batch)


def rows(folder: Path, kind: str, **settings: Any) -> list[dict[str, Any]]:
    """Everything that the folder holds, read as one source of ``kind``."""
    return [row for batch in batches(folder, kind, **settings) for row in batch.items.iter_rows(named=True)]


@pytest.fixture
def one(tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Put one file into a folder and return the only item that comes of it."""

    def read_one(kind: str, name: str, content: bytes | str, **settings: Any) -> dict[str, Any]:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        found = rows(tmp_path, kind, files=name.replace("[", "[[]"), **settings)
        assert len(found) == 1, found
        return found[0]

    return read_one
