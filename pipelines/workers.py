"""Processes of the night's own for stages that are plain Python: a partition's rows are cut among them.

The model's runtime uses all cores by itself; spaCy and the masking patterns do not. Rows do not depend on each other in
these stages, so the result is the same with any number of processes.
"""

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

import polars as pl

from pipelines.attached import leave_with

R = TypeVar("R")

#: Fewer rows a stage are not worth the seconds that a process needs to start.
LEAST_ROWS = 1_000

#: Fewer rows than this go to one process.
LEAST_PART = 20


class Workers:
    """A pool that starts when the night proves large, in one partition or in many; `close` ends it."""

    def __init__(self, n_processes: int | None = None) -> None:
        self.n_processes = n_processes or os.cpu_count() or 1
        self._pool: ProcessPoolExecutor | None = None
        self._n_rows = 0

    def each(self, function: Callable[[pl.DataFrame], R], rows: pl.DataFrame) -> list[R]:
        """Return what `function` makes of each part of `rows`, in their order.

        `function` and its result must be picklable.
        """
        self._n_rows += rows.height
        if self.n_processes == 1 or self._n_rows < LEAST_ROWS or rows.is_empty():
            return [function(rows)]
        size = max(-(-rows.height // self.n_processes), LEAST_PART)
        parts = [rows.slice(start, size) for start in range(0, rows.height, size)]
        return list(self._started().map(function, parts))

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self.n_processes, context, leave_with, (os.getpid(),))
        return self._pool

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None
