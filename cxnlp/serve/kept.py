"""Answers that were given once and are kept while their snapshot is the newest; who asks the same meanwhile waits."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final

_MOST_BYTES: Final = 64_000_000
_MOST_BYTES_EACH: Final = 4_000_000


@dataclass(frozen=True)
class Body:
    """The bytes of an answer, and the edition of the snapshot that it was read from."""

    edition: str
    content: bytes


@dataclass
class _Work:
    """An answer that is being made, and how many wait for it."""

    task: "asyncio.Task[Body]"
    n_waiting: int = 0


class Kept:
    """Bodies by edition and question, the least used go first."""

    def __init__(self) -> None:
        self._bodies: OrderedDict[str, Body] = OrderedDict()
        self._n_bytes = 0
        self._edition = ""
        self._at_work: dict[str, _Work] = {}

    async def once(self, edition: str, question: str, make: Callable[[], Coroutine[Any, Any, Body]]) -> Body:
        """Return the answer to a question, made once for all who ask it at the same time, and for nobody who has left.

        Args:
            edition: of the newest snapshot.
            question: what is asked of it.
            make: gives the answer; cancelled where all who wait for it are.
        """
        self.renew(edition)
        key = f"{edition} {question}"
        if (body := self._bodies.get(key)) is not None:
            self._bodies.move_to_end(key)
            return body
        if (work := self._at_work.get(key)) is None:
            self._at_work[key] = work = _Work(asyncio.ensure_future(make()))
            work.task.add_done_callback(lambda done: self._done(key, done))
        work.n_waiting += 1
        try:
            return await asyncio.shield(work.task)  # one who leaves does not take the answer from the others
        finally:
            work.n_waiting -= 1
            if not work.n_waiting and not work.task.done():
                del self._at_work[key]  # who comes now begins anew
                work.task.cancel()

    def _done(self, key: str, task: "asyncio.Task[Body]") -> None:
        if (work := self._at_work.get(key)) is not None and work.task is task:
            del self._at_work[key]
        if task.cancelled() or task.exception() is not None:
            return
        body = task.result()
        if body.edition != self._edition or not key.startswith(f"{body.edition} "):
            return
        if len(body.content) > _MOST_BYTES_EACH:
            return
        self._bodies[key] = body
        self._n_bytes += len(body.content)
        while self._n_bytes > _MOST_BYTES:
            _, gone = self._bodies.popitem(last=False)
            self._n_bytes -= len(gone.content)

    def renew(self, edition: str) -> None:
        """Drop what an earlier snapshot said: it may have been erased since."""
        if edition != self._edition:
            self._bodies.clear()
            self._n_bytes = 0
            self._edition = edition


def etag(edition: str, question: str) -> str:
    """Return the mark by which a browser asks whether an answer is still the same."""
    digest = hashlib.sha256(f"{edition} {question}".encode("utf-8", "replace")).hexdigest()
    return f'"{digest[:32]}"'
