"""What every route needs: the workspace, its newest snapshot, the answers that are kept, and who makes a move."""

import asyncio
import json
import math
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import anyio
import anyio.to_thread
import duckdb
from fastapi import Request, Response

from cxnlp.errors import CxnlpError
from cxnlp.serve.kept import Body, Kept, etag
from cxnlp.serve.moves import Mover
from cxnlp.serve.snapshots import N_CURSORS, Busy, Snapshots
from cxnlp.settings import Workspace
from cxnlp.tags.questions import Question, Questions

JSON: Final = "application/json"
HTML: Final = "text/html; charset=utf-8"

_MOVERS: Final = 32
_MOST_ASKED: Final = 64  # at work and waiting, each another question
_PATIENCE_SECONDS: Final = 30.0

T = TypeVar("T")
Ask = Callable[[duckdb.DuckDBPyConnection], Any]
Encode = Callable[[Any], bytes]


@dataclass
class Live:
    """One running server; `answer` is how routes answer.

    Attributes:
        workspace: whose; its settings are those of the start.
        version: of cxnlp: another one answers otherwise.
        move: makes a move of the backlog; None: nobody can.
        kept: answers that were given.
        movers: threads of those who change something; readers have their own, which no change holds up.
    """

    workspace: Workspace
    snapshots: Snapshots
    version: str
    move: Mover | None = None
    kept: Kept = field(default_factory=Kept)
    movers: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(_MOVERS))
    _readers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(N_CURSORS, "reader"))
    _n_asked: int = 0
    _model_lock: threading.Lock = field(default_factory=threading.Lock)
    _questions: tuple[Path | None, Questions] | None = None

    @property
    def least_group(self) -> int:
        """``privacy.least_group`` of the workspace."""
        return self.workspace.settings.privacy.least_group

    async def answer(
        self, request: Request, ask: Ask, *, encode: Encode | None = None, media: str = JSON,
        headers: Mapping[str, str] | None = None, is_kept: bool = True,
    ) -> Response:  # fmt: skip
        """Answer from the newest snapshot.

        Args:
            request: its path and query are the question.
            ask: gives the answer from a cursor, in a thread.
            encode: turns the answer into bytes; JSON when None.
            media: their type.
            headers: more of them.
            is_kept: whether path, query and snapshot alone decide on the answer.

        Returns:
            The answer; 304 without it where the browser has it already.
        """
        question = f"{self.version} {request.url.path}?{request.url.query}"
        edition = self.snapshots.edition()
        mark = etag(edition, question)
        told = {"Cache-Control": "private, no-cache" if is_kept else "no-store", **(headers or {})}
        if is_kept and mark in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=told | {"ETag": mark})
        make = partial(self._made, ask, encode or json_bytes)
        body = await (self.kept.once(edition, question, make) if is_kept else make())
        told["X-Cxnlp-Snapshot"] = body.edition.partition(".")[0]
        if is_kept:
            told["ETag"] = etag(body.edition, question)
        return Response(body.content, media_type=media, headers=told)

    async def ask(self, ask: Ask) -> Any:
        """Return what ``ask`` gives from the newest snapshot."""

        def work() -> Any:
            with self.snapshots.reader() as (_, cursor):
                return ask(cursor)

        return await self._in_turn(work)

    async def _made(self, ask: Ask, encode: Encode) -> Body:
        def work() -> Body:
            with self.snapshots.reader() as (edition, cursor):
                return Body(edition, encode(ask(cursor)))

        return await self._in_turn(work)

    async def _in_turn(self, work: Callable[[], T]) -> T:
        """Return what ``work`` gives in a reader's thread; who leaves before the turn comes is not worked for.

        Raises:
            Busy: too many wait already, or the turn came too late.
        """
        if self._n_asked >= _MOST_ASKED:
            raise Busy
        asked_at = time.monotonic()

        def in_time() -> T:
            if time.monotonic() - asked_at > _PATIENCE_SECONDS:
                raise Busy
            return work()

        self._n_asked += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._readers, in_time)
        finally:
            self._n_asked -= 1

    def read_question(self, words: str) -> Question:
        """Return words as the workspace's model reads them; another night may use another model."""
        folder = self.workspace.model_folder
        with self._model_lock:
            if self._questions is None or self._questions[0] != folder:
                self._questions = (folder, Questions(folder))
            return self._questions[1].read(words)

    async def watch(self, seconds: float = 10.0) -> None:
        """Open the newest snapshot for those who come, and let go of old ones also while nobody asks."""
        while True:
            with suppress(CxnlpError, OSError, duckdb.Error):  # who asks is told; the watch goes on
                await anyio.to_thread.run_sync(self.snapshots.refresh)
                self.kept.renew(self.snapshots.edition())
            await asyncio.sleep(seconds)


def json_bytes(value: object) -> bytes:
    """Return JSON; times as ISO 8601, what is no number as null."""
    return _dumped(value).encode("utf-8", "replace")


def plain(value: object) -> Any:
    """Return a value as it is after a way through JSON."""
    return json.loads(_dumped(value))


def _dumped(value: object) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_told)
    except ValueError:
        return json.dumps(_finite(value), ensure_ascii=False, allow_nan=False, default=_told)


def _told(value: object) -> str:
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)


def _finite(value: object) -> object:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(each) for each in value]
    return value
