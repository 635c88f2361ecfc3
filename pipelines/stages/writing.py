"""Parquet, written whole."""

import io
from pathlib import Path

import polars as pl


def write_whole(frame: pl.DataFrame, file: Path) -> None:
    """Write Parquet that is there whole or not at all."""
    unfinished = file.with_suffix(".part")
    write(frame, unfinished)
    unfinished.rename(file)


def write(frame: pl.DataFrame, file: Path) -> None:
    """Write Parquet by way of memory: polars itself does not always say why it could not write."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    file.write_bytes(buffer.getbuffer())
