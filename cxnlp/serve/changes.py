"""The routes that need the token and are done at once: SQL, a move of the backlog, and what changes the workspace."""

import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path as File
from typing import Annotated, Any, Final, Literal

import anyio
import anyio.to_thread
from fastapi import APIRouter, Path, Query, Request, Response, Security
from fastapi.security import HTTPBearer
from pydantic import BaseModel, ConfigDict, Field

from cxnlp.answers import asking, backlog
from cxnlp.backlog.moves import DayRefused, MoveRefused
from cxnlp.serve import schema
from cxnlp.serve.acts import Acts, Chosen, MomentWish, Prefer, Release, ThemeEdit
from cxnlp.serve.api import Item, answers
from cxnlp.serve.downloads import Download, download
from cxnlp.serve.gate import Refused
from cxnlp.serve.live import JSON, Live, json_bytes
from cxnlp.serve.moves import Wish

_AT_ONCE: Final = 2  # questions in SQL, and changes

Form = Literal["xlsx", "csv", "md"]
Document = dict[str, Any]
Doing = Callable[[Callable[[], Any]], Awaitable[Any]]
_BEARER: Final = HTTPBearer(auto_error=False, scheme_name="token", description="The file .cxnlp/serve_token holds it.")


async def require_token(request: Request, _: Annotated[object, Security(_BEARER)]) -> None:
    """Refuse who did not give the token in the header; the gate has compared it."""
    if not request.state.has_token:
        raise Refused(401, "no_token", "This needs the token: Authorization: Bearer …", {"WWW-Authenticate": "Bearer"})


#: What routes depend on that need the token.
TOKEN: Final = [Security(require_token)]


class Question(BaseModel):
    """One question in SQL."""

    model_config = ConfigDict(extra="forbid")

    query: Annotated[str, Field(max_length=20_000, description="One SELECT, such as FROM moments_all.")]
    limit: Annotated[int, Field(ge=1, le=asking.MOST_ROWS, description="Rows at most.")] = 1_000


class Texts(BaseModel):
    """Texts to be tagged."""

    model_config = ConfigDict(extra="forbid")

    documents: Annotated[list[Document], Field(min_length=1, max_length=50, description="Objects with id and text, "
                                               "perhaps channel, occurred_at and mentions: docs/tag.md.")]  # fmt: skip


def router(live: Live, acts: Acts | None = None) -> APIRouter:
    """Return the routes; those that change something only where somebody does it."""
    routes = APIRouter(prefix="/api", dependencies=TOKEN)
    processes = anyio.CapacityLimiter(_AT_ONCE)

    @routes.post("/sql", tags=["views"], responses=answers(schema.SQL))
    async def post_sql(question: Question) -> Response:
        """Ask in SQL; it reads only, reaches no file and no network, and has 20 seconds and 1 GB."""
        found = await anyio.to_thread.run_sync(
            lambda: asking.ask(live.workspace.database, question.query, n=question.limit), limiter=processes
        )
        return Response(json_bytes(vars(found)), media_type=JSON)

    if live.move is not None:

        @routes.post("/backlog/{item}/moves", tags=["backlog"], responses=answers(schema.EVENT, 404, 409))
        async def post_move(item: Item, wish: Wish) -> Response:
            """Move an item: accept, start, ship, decline, snooze, close, reopen, note or assign it."""
            return Response(json_bytes(await make_move(live, item, wish)), media_type=JSON)

    if acts is not None:
        done = _doing()
        _sheets(routes, acts, done)
        _words(routes, acts, done)
        _quarantine(routes, acts, done)
    return routes


def _sheets(routes: APIRouter, acts: Acts, done: Doing) -> None:
    @routes.get("/backlog/export", tags=["backlog"], response_class=Download, responses=answers(schema.FILE))
    async def get_backlog_sheet(
        form: Annotated[Form, Query(alias="format", description="xlsx, csv, or md to read.")] = "xlsx",
        every: Annotated[bool, Query(alias="all", description="Also what is put aside.")] = False,
    ) -> Response:
        """The backlog as a sheet to work in, which import takes back; of small groups neither numbers nor quotes."""
        content = await done(lambda: _sheet(acts, form, every))
        return download(content, f"backlog.{form}")

    @routes.post("/backlog/import", tags=["backlog"], responses=answers(schema.IMPORTED, 413),
                 openapi_extra=schema.BYTES)  # fmt: skip
    async def post_backlog_sheet(
        request: Request,
        form: Annotated[Literal["xlsx", "csv"], Query(alias="format", description="What the body is.")] = "xlsx",
        dry_run: Annotated[bool, Query(description="Say what would change; change nothing.")] = False,
        prefer: Annotated[Prefer | None, Query(description="Where both changed: theirs, the sheet wins; ours, the row "
                                               "stays. Left out: a conflict, left alone.")] = None,
    ) -> Response:  # fmt: skip
        """Take a sheet back (the file itself as the body): its moves, all or none, and the conflicts."""
        body = await request.body()
        return _json(await done(lambda: _taken(acts, body, form, prefer, dry_run)))


def _sheet(acts: Acts, form: Form, every: bool) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        acts.write_sheet(file := File(folder) / f"backlog.{form}", every)
        return file.read_bytes()


def _taken(acts: Acts, body: bytes, form: str, prefer: Prefer | None, dry_run: bool) -> object:
    with tempfile.TemporaryDirectory() as folder:
        (file := File(folder) / f"sheet.{form}").write_bytes(body)
        return acts.take_sheet(file, prefer, dry_run)


def _words(routes: APIRouter, acts: Acts, done: Doing) -> None:
    @routes.post("/themes/{theme}/edits", tags=["words"], responses=answers(schema.EDITED, 404))
    async def post_theme_edit(
        theme: Annotated[str, Path(description="Id of a theme, or its first digits.")], wish: ThemeEdit
    ) -> Response:
        """Rename, merge, pin or unpin a theme."""
        return _json(await done(lambda: acts.edit_theme(theme, wish)))

    @routes.post("/moments/{moment}", tags=["morning"], responses=answers(schema.SET))
    async def post_moment(
        moment: Annotated[str, Path(description="Id of a moment of truth, such as delivery.")], wish: MomentWish
    ) -> Response:
        """Say who owns a moment, what is wanted of it, and what was fixed: kept in moments.yaml."""
        return _json(await done(lambda: acts.set_moment(moment, wish)))

    @routes.post("/tag", tags=["words"], responses=answers(schema.TAGGED))
    async def post_texts(texts: Texts) -> Response:
        """Tag texts as the workspace's nights do; nothing of them is stored."""
        return _json(await done(lambda: acts.tag(texts.documents)))


def _quarantine(routes: APIRouter, acts: Acts, done: Doing) -> None:
    @routes.get("/quarantine", tags=["nights"], responses=answers(schema.QUARANTINED))
    async def get_quarantine(
        source: Annotated[str | None, Query(description="Only of this source.")] = None,
        released: Annotated[bool, Query(description="Also what was released.")] = False,
    ) -> Response:
        """What could not be used, and why; while a night runs, with names of files masked."""
        return _json(await done(lambda: acts.quarantined(source, released)))

    @routes.get("/quarantine/{id}", tags=["nights"], responses=answers(schema.QUARANTINED_ONE, 404))
    async def get_quarantined(
        name: Annotated[str, Path(alias="id", description="Id of the list, or its first digits.")],
    ) -> Response:
        """One item of the quarantine, and where its file is."""
        return _json(await done(lambda: acts.quarantined_one(name)))

    @routes.post("/quarantine/retry", tags=["nights"], responses=answers(schema.FILES))
    async def post_retry(chosen: Chosen) -> Response:
        """Let the next night open these files again, though they have not changed."""
        return _json(await done(lambda: acts.retry(chosen)))

    @routes.post("/quarantine/release", tags=["nights"], responses=answers(schema.RELEASED))
    async def post_release(wish: Release) -> Response:
        """Accept that items will never be read: they leave the list and stay counted."""
        return _json(await done(lambda: acts.release(wish)))


def _json(value: object) -> Response:
    return Response(json_bytes(value), media_type=JSON)


def _doing() -> Doing:
    """Return what does something in a thread; of these there are few, so that those who wait do not stop readers."""
    threads = anyio.CapacityLimiter(_AT_ONCE)

    async def done(work: Callable[[], Any]) -> Any:
        return await anyio.to_thread.run_sync(work, limiter=threads)

    return done


async def make_move(live: Live, name: str, wish: Wish) -> dict[str, object]:
    """Make a move of the item that ``name`` is the id of, or begins, and return its event.

    Raises:
        NotThere: there is no such item.
        Refused: its state does not allow the move (409).
        CxnlpError: a move cannot be asked so, as where its day is a slip (exit code 2), or a night is at work.
    """
    assert live.move is not None
    item = await live.ask(lambda cursor: backlog.found(cursor, name))
    move = live.move
    try:
        return dict(await anyio.to_thread.run_sync(lambda: move(item["item_id"], wish), limiter=live.movers))
    except DayRefused:
        raise
    except MoveRefused as error:
        raise Refused(409, "MoveRefused", str(error)) from error
