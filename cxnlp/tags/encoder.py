"""Runs the encoder: a document's tokens in, what each token says for each label out.

Each window is read alone, without padding, on one core, and windows go to the cores side by side. So what a text
gets cannot depend on its neighbours, and no core waits for the longest.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from cxnlp.tags.artefacts import ModelError
from cxnlp.tags.windows import Passage

Floats = npt.NDArray[np.float32]


def available_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Encoder:
    """The ONNX graph and the threads that run it."""

    def __init__(self, path: Path, threads: int | None = None) -> None:
        """Load the graph; ``threads`` read documents side by side (all cores when None).

        Raises:
            ModelError: the file is no graph that onnxruntime can run.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session: Any = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime has no common class of its own for these
            raise ModelError(f"{path}: onnxruntime cannot load it ({error}). Restore it or export it again.") from error
        self.threads = threads or available_cores()

    @property
    def width(self) -> int:
        """How many numbers a token's state has."""
        return int(self._session.get_outputs()[0].shape[-1])

    def says(self, passages: Sequence[Passage], weights: Floats) -> list[Floats]:
        """Return for each passage, in order, ``states @ weights.T``: one row a token, one column a label."""
        return [says for says, _ in self.reads(passages, weights)]

    def reads(self, passages: Sequence[Passage], weights: Floats) -> list[tuple[Floats, Floats]]:
        """Return for each passage, in order, what `says` does and the states of its tokens (tokens, width)."""
        columns = np.ascontiguousarray(weights.T)
        with threadpool_limits(1, user_api="blas"):  # its own threads wait by spinning: half of the time would go there
            if self.threads == 1 or len(passages) < 2:
                return [self._read(passage, columns) for passage in passages]
            with ThreadPoolExecutor(self.threads) as pool:
                return list(pool.map(lambda passage: self._read(passage, columns), passages))

    def states(self, passage: Passage) -> Floats:
        """Return the states of a passage's tokens (tokens, width)."""
        kept = self._kept(passage)
        return np.concatenate(kept) if kept else np.zeros((0, self.width), dtype=np.float32)

    def _read(self, passage: Passage, columns: Floats) -> tuple[Floats, Floats]:
        kept = self._kept(passage)
        if not kept:
            return np.zeros((0, columns.shape[1]), dtype=np.float32), np.zeros((0, self.width), dtype=np.float32)
        return np.concatenate([states @ columns for states in kept]), np.concatenate(kept)

    def _kept(self, passage: Passage) -> list[Floats]:
        return [self._session.run(None, {"ids": w.ids})[0][w.first : w.last] for w in passage.windows]
