"""The routes that need the token: a question in SQL, and a move of the backlog."""

from typing import Annotated, Final

import anyio
import anyio.to_thread
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from cxnlp.answers import asking, backlog
from cxnlp.backlog.moves import MoveRefused
from cxnlp.serve import schema
from cxnlp.serve.api import Item, answers
from cxnlp.serve.gate import Refused
from cxnlp.serve.live import JSON, Live, json_bytes
from cxnlp.serve.moves import Wish

_AT_ONCE: Final = 2


class Question(BaseModel):
    """One question in SQL."""

    model_config = ConfigDict(extra="forbid")

    query: Annotated[str, Field(max_length=20_000, description="One SELECT, such as FROM moments_all.")]
    limit: Annotated[int, Field(ge=1, le=asking.MOST_ROWS, description="Rows at most.")] = 1_000


def router(live: Live) -> APIRouter:
    """Return the routes; that of moves only where somebody makes them."""
    routes = APIRouter(prefix="/api")
    processes = anyio.CapacityLimiter(_AT_ONCE)

    @routes.post("/sql", tags=["views"], responses=answers(schema.SQL))
    async def post_sql(request: Request, question: Question) -> Response:
        """Ask in SQL; it reads only, reaches no file and no network, and has 20 seconds and 1 GB."""
        require_token(request)
        found = await anyio.to_thread.run_sync(
            lambda: asking.ask(live.workspace.database, question.query, n=question.limit), limiter=processes
        )
        return Response(json_bytes(vars(found)), media_type=JSON)

    if live.move is not None:

        @routes.post("/backlog/{item}/moves", tags=["backlog"], responses=answers(schema.EVENT, 404, 409))
        async def post_move(request: Request, item: Item, wish: Wish) -> Response:
            """Move an item: accept, start, ship, decline, snooze, close, reopen, note or assign it."""
            require_token(request)
            return Response(json_bytes(await make_move(live, item, wish)), media_type=JSON)

    return routes


async def make_move(live: Live, name: str, wish: Wish) -> dict[str, object]:
    """Make a move of the item that ``name`` is the id of, or begins, and return its event.

    Raises:
        NotThere: there is no such item.
        Refused: its state does not allow the move (409).
        CxnlpError: a move cannot be asked so (exit code 2), or a night is at work.
    """
    assert live.move is not None
    item = await live.ask(lambda cursor: backlog.found(cursor, name))
    move = live.move
    try:
        return dict(await anyio.to_thread.run_sync(lambda: move(item["item_id"], wish), limiter=live.movers))
    except MoveRefused as error:
        raise Refused(409, "MoveRefused", str(error)) from error


def require_token(request: Request) -> None:
    """Refuse who did not give the token in the header."""
    if not request.state.has_token:
        raise Refused(401, "no_token", "This needs the token: Authorization: Bearer …", {"WWW-Authenticate": "Bearer"})
