"""Errors as answers: JSON for programs, a page for people, and never a customer's words."""

import logging
import traceback
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from cxnlp.answers.wrong import NotThere
from cxnlp.errors import CxnlpError
from cxnlp.serve.gate import Refused
from cxnlp.serve.snapshots import Busy, TooSlow
from cxnlp.teaching.sheet_reading import RowsWrong
from cxnlp.warehouse.finding import NotInWarehouse
from cxnlp.warehouse.quarantine import NotInQuarantine

_LOG = logging.getLogger(__name__)

#: Exit codes of the command line, in HTTP's words.
_STATUS = {1: 503, 2: 422, 3: 503}


def add(app: FastAPI) -> None:
    """Let an application answer with these errors."""

    @app.exception_handler(CxnlpError)
    async def _known(request: Request, error: CxnlpError) -> Response:
        return said(request, status_of(error), type(error).__name__, str(error))

    @app.exception_handler(Refused)
    async def _refused(request: Request, error: Refused) -> Response:
        return said(request, error.status, error.code, error.message, error.headers)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        # The value that was given is left out: it may be somebody's words.
        problems = [f"{'.'.join(str(part) for part in each['loc'])}: {each['msg']}" for each in error.errors()]
        return said(request, 422, "WrongQuestion", "; ".join(problems) + ".")

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        return said(request, error.status_code, HTTPStatus(error.status_code).name.lower(),
                    f"{HTTPStatus(error.status_code).phrase}.", dict(error.headers or {}))  # fmt: skip

    @app.exception_handler(Exception)
    async def _unknown(request: Request, error: Exception) -> Response:
        place = traceback.extract_tb(error.__traceback__)[-1]
        _LOG.error("%s in %s, line %s of %s", type(error).__name__, place.name, place.lineno, place.filename)
        return said(request, 500, "failed", "This failed; the server's log says where.")


def quiet(app: ASGIApp) -> ASGIApp:
    """Keep from the server's own log what was answered and logged already: it would tell an error's words."""

    async def quietly(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        with suppress(Exception):
            await app(scope, receive, send)

    return quietly


def status_of(error: CxnlpError) -> int:
    """Return the status code of an error."""
    if isinstance(error, NotThere | NotInQuarantine):
        return 404
    if isinstance(error, TooSlow):
        return 504
    if isinstance(error, NotInWarehouse | RowsWrong):
        return 422
    if isinstance(error, Busy):
        return 503
    return _STATUS.get(error.exit_code, 503)


def said(request: Request, status: int, code: str, message: str, headers: dict[str, Any] | None = None) -> Response:
    """Return an error as whoever asks can read it."""
    if request.url.path.startswith(("/api/", "/mcp")) or "text/html" not in request.headers.get("accept", ""):
        return JSONResponse({"error": {"code": code, "message": message}}, status, headers)
    from cxnlp.serve import pages

    return pages.error(status, message, headers)
