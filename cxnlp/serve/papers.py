"""What is written to be read as a whole: the morning's page, the archive of past nights, and the action plan."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import anyio.to_thread
import duckdb
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from cxnlp.report import plan
from cxnlp.serve.gate import Refused
from cxnlp.serve.live import HTML, Live

#: Of pages that name their own style and script by their hash.
CSP: Final = "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"

#: Of the morning's page: moves do not change it.
_OF_THE_NIGHT: Final = "Below is what last night found. What was decided since stands in the backlog and the plan."
_BODY: Final = re.compile(r"<body([^>]*)>")
_ARCHIVED: Final = re.compile(r"index\.html|\d{4}-\d\d-\d\d\.html")


def router(live: Live, way_on: Callable[..., str]) -> APIRouter:
    """Return their routes.

    Args:
        live: the running server.
        way_on: gives the markup of the links to the rest of the live view, which each of them gets; takes a note.
    """
    routes = APIRouter(include_in_schema=False)
    workspace = live.workspace
    links, of_the_night = way_on(), way_on(_OF_THE_NIGHT)

    async def file(path: Path, missing: str, links: str = links) -> Response:
        try:
            text = await anyio.to_thread.run_sync(partial(path.read_text, "utf-8"))
        except FileNotFoundError:
            raise Refused(404, "not_found", missing) from None
        return Response(served(text, links), media_type=HTML, headers={"Content-Security-Policy": CSP})

    @routes.get("/")
    async def get_page() -> Response:
        """The morning's page as the night wrote it."""
        missing = "There is no page yet. Run `cxnlp run`, which writes one."
        return await file(workspace.page_file, missing, of_the_night)

    @routes.get("/archive")
    async def get_calendar() -> Response:
        return RedirectResponse("/archive/index.html", 308)

    @routes.get("/archive/{name}")
    async def get_night(name: str) -> Response:
        """A past night's page, or the calendar that leads to it."""
        if not _ARCHIVED.fullmatch(name):
            raise Refused(404, "not_found", "There is no such night in the archive.")
        return await file(
            workspace.pages / name, "There is no such night in the archive. /archive has those there are."
        )

    @routes.get("/plan")
    async def get_plan(request: Request) -> Response:
        """The action plan, drawn of the newest snapshot."""

        def ask(cursor: duckdb.DuckDBPyConnection) -> str:
            return plan.render(plan.read(cursor, live.least_group), company=workspace.settings.company)

        def encode(text: str) -> bytes:
            return served(text, links).encode("utf-8", "replace")

        return await live.answer(request, ask, encode=encode, media=HTML, headers={"Content-Security-Policy": CSP})

    return routes


def served(page: str, way_on: str) -> str:
    """Return a page that says that it is served, which its script looks for, with the way on behind its opening tag."""
    return _BODY.sub(lambda found: f"<body{found[1]} data-served>\n{way_on}", page, count=1)
