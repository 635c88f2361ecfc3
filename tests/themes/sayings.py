"""Feedback about invented things, with vectors that point where a kind of saying points."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import polars as pl

from cxnlp.frames import VECTOR_WIDTH, VECTORS
from cxnlp.tags import vectors
from cxnlp.warehouse import store
from tests.warehouse.night import Piece, partition, piece, run, said

WORDS = {
    "rain": "The parcel stood in the rain",
    "horn": "Your driver blew his horn",
    "lift": "They refused to use the lift",
}
OTHERS = ("Monday", "carpets", "balcony", "kettle", "window", "garden", "ladder", "mirror", "pillow", "basket")


@dataclass(frozen=True)
class Saying:
    """One letter of one sentence; sayings of one kind are near each other, those of the kind "" near nothing."""

    feedback_id: str
    kind: str
    text: str
    person: str
    tags: tuple[str, ...] = ("moment:delivery",)


def sayings(kind: str, n: int, *, first: int = 0, tags: tuple[str, ...] = ("moment:delivery",)) -> list[Saying]:
    """Letters by different people; of no kind, each about something else."""
    return [
        Saying(f"{kind or 'else'}{number:03d}", kind, _text(kind, number), f"p{kind}{number}", tags)
        for number in range(first, first + n)
    ]


def _text(kind: str, number: int) -> str:
    if kind:
        return f"{WORDS[kind]} {OTHERS[number % len(OTHERS)]}."
    return f"It was all about the {'bdgklmnprt'[number // 10 % 10]}o{'bdgklmnprt'[number % 10]}ix."


def vector(saying: Saying) -> npt.NDArray[np.float32]:
    """What all have in common, where the kind points, and what is its own."""
    common, kind, own = (_unit(name) for name in ("common", f"kind {saying.kind}", saying.feedback_id))
    return np.asarray(1.5 * common + (kind if saying.kind else 0) + 0.8 * own, dtype=np.float32)


def keep(
    connection: duckdb.DuckDBPyConnection, folder: Path, said_: Sequence[Saying], number: int = 1, encoder: str = "e1"
) -> None:
    """Load a night of sayings, with their vectors."""
    pieces = [_piece(saying) for saying in said_]
    store.load(connection, [partition(folder / f"night-{number}", *pieces)], run(number))
    add_vectors(connection, said_, encoder)


def add_vectors(connection: duckdb.DuckDBPyConnection, said_: Sequence[Saying], encoder: str = "e1") -> None:
    """Store the vectors of sayings."""
    ids = [f"{saying.feedback_id}.1" for saying in said_]
    frame = vectors.frame(ids, vectors.whole(np.stack([vector(saying) for saying in said_])), encoder)
    assert frame.schema == pl.Schema(VECTORS)
    connection.register("_vectors", frame)
    connection.execute("INSERT INTO mention_vectors BY NAME FROM _vectors")
    connection.unregister("_vectors")


def _piece(saying: Saying) -> Piece:
    return piece(saying.feedback_id, said(saying.text, -1, *saying.tags), author_key=saying.person)


def _unit(name: str) -> npt.NDArray[np.float64]:
    seed = int.from_bytes(name.encode())
    drawn = np.random.default_rng(seed).normal(size=VECTOR_WIDTH)
    return np.asarray(drawn / np.linalg.norm(drawn))
