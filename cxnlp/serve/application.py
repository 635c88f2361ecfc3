"""Puts the live view together: pages, API and MCP behind one gate."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib import metadata
from typing import Final

import anyio
from fastapi import APIRouter, FastAPI, Response
from mcp.server.transport_security import TransportSecuritySettings
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cxnlp.errors import CxnlpError
from cxnlp.serve import api, changes, downloads, errors, judging, pages, papers, reference, tools, working
from cxnlp.serve.acts import Acts
from cxnlp.serve.gate import HEALTH, Gate, Policy, Refused
from cxnlp.serve.jobs import Jobs
from cxnlp.serve.live import Live
from cxnlp.serve.moves import Mover
from cxnlp.serve.snapshots import Snapshots
from cxnlp.serve.working import Commands
from cxnlp.settings import Workspace

ABOUT: Final = (
    "What customers said and what to make of it, from the newest published night. Reading is free on the machine "
    "itself; changes, SQL, and everything from elsewhere need the token."
)
MCP: Final = "/mcp"


def make(
    workspace: Workspace, policy: Policy, *, move: Mover | None = None, acts: Acts | None = None,
    commands: Commands | None = None,
) -> Gate:  # fmt: skip
    """Return the application.

    Args:
        workspace: whose published database is shown.
        policy: who may ask.
        move: makes a move of the backlog; None: nobody can.
        acts: what else may be done at once; None: nothing.
        commands: what may be run as a job; None: nothing.
    """
    version = metadata.version("cxnlp")
    live = Live(workspace, Snapshots(workspace.database), version, move)
    assistants = tools.server(workspace, live.ask, live.read_question, version)
    assistants.streamable_http_app(
        streamable_http_path=MCP, stateless_http=True, json_response=True,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),  # the gate knows all names
    )  # fmt: skip

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with assistants.session_manager.run():
            watch = asyncio.create_task(live.watch())
            try:
                yield
            finally:
                watch.cancel()
                with suppress(asyncio.CancelledError):
                    await watch
                await anyio.to_thread.run_sync(live.snapshots.close)

    app = FastAPI(title="cxnlp", version=version, description=ABOUT, lifespan=lifespan, docs_url=None, redoc_url=None,
                  openapi_url=None, redirect_slashes=False)  # fmt: skip
    gate = Gate(errors.quiet(_with_heads(app)), policy)
    errors.add(app)
    for routes in routers(live, acts, commands):
        app.include_router(routes)
    app.include_router(papers.router(live, pages.way_on))
    app.include_router(pages.router(live))
    app.include_router(pages.changing(live, policy, gate))
    app.router.routes.append(Route(MCP, _Assistants(assistants.session_manager.handle_request)))

    @app.get(HEALTH, include_in_schema=False)
    async def get_health() -> Response:
        """Whether a published night can be read; who has no token may ask, so it tells nothing of the night."""
        try:
            await live.ask(lambda cursor: cursor.execute("SELECT 1").fetchone())
        except CxnlpError:
            raise Refused(503, "not_ready", "No published night can be read. `cxnlp status` says more.") from None
        return JSONResponse({"status": "ok"})

    @app.get("/openapi.json", include_in_schema=False)
    async def get_openapi() -> Response:
        return JSONResponse(reference.document(app))

    @app.get("/api", include_in_schema=False)
    async def get_reference() -> Response:
        return pages.filled("api", reference.told(reference.document(app)))

    return gate


def routers(live: Live, acts: Acts | None, commands: Commands | None) -> list[APIRouter]:
    """Return the routes of the API; `make` says of what. A path with a name of its own comes before one for any id."""
    found = [changes.router(live, acts), downloads.router(live), api.router(live)]
    if acts is not None:
        found.append(judging.router(live))
    if commands is not None:
        found.append(working.router(Jobs(live.workspace.jobs), commands))
    return found


def _with_heads(app: ASGIApp) -> ASGIApp:
    """Answer HEAD as GET without the body, as uptime probes ask."""

    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await app(scope, receive, send)
            return

        async def telling(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await app({**scope, "method": "GET"}, receive, telling)

    return answering


class _Assistants:
    """MCP over HTTP: each request stands alone, so there are no streams to be kept open."""

    def __init__(self, handle: ASGIApp) -> None:
        self._handle = handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            await Response(status_code=405, headers={"Allow": "POST"})(scope, receive, send)
            return
        await self._handle(scope, receive, send)
