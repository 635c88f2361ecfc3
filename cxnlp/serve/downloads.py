"""The routes that read and answer with a file: the page, pages of past nights, the plan; and the model's card."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path as File
from typing import Annotated, Any, Final

import anyio
import anyio.to_thread
from fastapi import APIRouter, Path, Request, Response

from cxnlp.report import plan
from cxnlp.serve import schema
from cxnlp.serve.api import answers
from cxnlp.serve.gate import Refused
from cxnlp.serve.live import JSON, Live, json_bytes
from cxnlp.tags.artefacts import shipped

_FILE: Final = "application/octet-stream"


class Download(Response):
    """A file that a browser saves and does not open as a page of this place."""

    media_type = _FILE


def router(live: Live) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(prefix="/api")
    for add in (_plan, _pages, _model):
        add(routes, live)
    return routes


def download(content: bytes, name: str) -> Response:
    """Return a file as an answer; ``name`` is what it is saved as."""
    return Download(content, headers=_attached(name))


def _attached(name: str) -> Mapping[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def _plan(routes: APIRouter, live: Live) -> None:
    def _render(found: plan.Plan) -> bytes:
        return plan.render(found, company=live.workspace.settings.company).encode()

    @routes.get("/plan.html", tags=["backlog"], response_class=Download, responses=answers(schema.FILE))
    async def get_plan_page(request: Request) -> Response:
        """The action plan as a page to read and print."""
        return await live.answer(request, lambda cursor: plan.read(cursor, live.least_group), encode=_render,
                                 media=_FILE, headers=_attached("plan.html"))  # fmt: skip

    @routes.get("/plan.xlsx", tags=["backlog"], response_class=Download, responses=answers(schema.FILE))
    async def get_plan_workbook(request: Request) -> Response:
        """The action plan as a workbook."""
        return await live.answer(request, lambda cursor: plan.read(cursor, live.least_group), encode=plan.workbook,
                                 media=_FILE, headers=_attached("plan.xlsx"))  # fmt: skip


def _pages(routes: APIRouter, live: Live) -> None:
    @routes.get("/page", tags=["morning"], response_class=Download, responses=answers(schema.FILE, 404))
    async def get_page_file() -> Response:
        """The morning's page as it can be mailed: one HTML file."""
        return await _file(live.workspace.page_file, "page.html")

    @routes.get("/pages", tags=["morning"], responses=answers(schema.NIGHTS))
    async def get_pages() -> Response:
        """The nights of which a page is kept, the newest first."""
        return Response(json_bytes(await anyio.to_thread.run_sync(lambda: _nights(live.workspace.pages))),
                        media_type=JSON)  # fmt: skip

    @routes.get("/pages/{night}", tags=["morning"], response_class=Download, responses=answers(schema.FILE, 404))
    async def get_past_page(night: Annotated[date, Path(description="A day of the list.")]) -> Response:
        """The page of a past night; it holds no customer's words."""
        return await _file(live.workspace.pages / f"{night}.html", f"page-{night}.html")


async def _file(path: File, name: str) -> Response:
    try:
        return download(await anyio.to_thread.run_sync(path.read_bytes), name)
    except FileNotFoundError:
        raise Refused(404, "not_found", "There is no such page.") from None


def _nights(folder: File) -> list[str]:
    """Return the days whose pages lie in the archive."""
    found = []
    for path in folder.glob("*.html"):
        try:
            found.append(str(date.fromisoformat(path.stem)))
        except ValueError:
            continue  # the calendar, or a file of somebody's own
    return sorted(found, reverse=True)


def _model(routes: APIRouter, live: Live) -> None:
    @routes.get("/model", tags=["nights"], responses=answers(schema.MODEL))
    async def get_model() -> Response:
        """The model in use: its card, and its measured scores with intervals by label, channel and source."""

        def read() -> dict[str, Any]:
            folder = live.workspace.model_folder or shipped()
            card, scores = folder / "CARD.md", folder / "scores.json"
            return {
                "is_shipped": live.workspace.model_folder is None,
                "card": card.read_text("utf-8") if card.is_file() else None,
                "scores": json.loads(scores.read_text("utf-8")) if scores.is_file() else None,
            }

        return Response(json_bytes(await anyio.to_thread.run_sync(read)), media_type=JSON)
