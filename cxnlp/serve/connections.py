"""Connections that only hold a place give it up, so that nobody can close the server to others by opening many."""

import asyncio
from typing import Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

_HEAD_SECONDS: Final = 10.0  # from the first byte of a request, or the connection itself, to the end of its headers
_READING_SECONDS: Final = 60.0  # in which somebody who is sent more than fits must have read some


class Connection(H11Protocol):
    """One connection of the server; uvicorn itself waits for ever for headers, and for who does not read.

    At the limit of connections a new one takes the place of the one that has waited longest for its client: whoever
    sends a whole request at once has its answer, whoever else holds places.
    """

    _waiting_since = 0.0
    _has_ended = False
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Give a new connection a place."""
        super().connection_made(transport)
        self._waiting_since = self.loop.time()
        self._end_after(_HEAD_SECONDS)
        if self.limit_concurrency is not None and len(self.connections) >= self.limit_concurrency:
            self._make_room(self.limit_concurrency)

    def data_received(self, data: bytes) -> None:
        """Wait for the rest of a head no longer than it takes to send one."""
        super().data_received(data)
        if self._is_answering():
            self._end_after(None)
        elif self._deadline is None:
            self._end_after(_HEAD_SECONDS)

    def on_response_complete(self) -> None:
        """Begin to wait for the next request, or for the last answer to be read."""
        self._waiting_since = self.loop.time()
        super().on_response_complete()
        if self.transport.is_closing() and self in self.connections:
            self._end_after(_READING_SECONDS)

    def timeout_keep_alive_handler(self) -> None:
        """End a connection that asks nothing more; what was not read by then is not kept."""
        super().timeout_keep_alive_handler()
        self._end_after(_READING_SECONDS)

    def pause_writing(self) -> None:
        """Wait for somebody who does not read, but not for ever."""
        super().pause_writing()
        self._end_after(_READING_SECONDS)

    def resume_writing(self) -> None:
        """Go on: it was read."""
        super().resume_writing()
        self._end_after(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave the place."""
        self._end_after(None)
        super().connection_lost(exc)

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _is_waiting(self) -> bool:
        """Whether the next step is the client's: a head, a body, or to read."""
        return not self._is_answering() or self.conn.their_state is h11.SEND_BODY or self.flow.write_paused

    def _end_after(self, seconds: float | None) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = None if seconds is None else self.loop.call_later(seconds, self._end)

    def _end(self) -> None:
        self._has_ended = True
        self.transport.abort()

    def _make_room(self, most: int) -> None:
        others = [each for each in self.connections
                  if isinstance(each, Connection) and each is not self and not each._has_ended]  # fmt: skip
        waiting = [each for each in others if each._is_waiting()]
        if len(others) + 1 >= most and waiting:
            min(waiting, key=lambda each: each._waiting_since)._end()
