"""The live view: pages that a browser reads without scripts, over the same answers as the API."""

from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import duckdb
from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import ValidationError

from cxnlp.answers import alerts, backlog, evidence, finding, moments
from cxnlp.answers.measures import number, spread
from cxnlp.answers.wrong import WrongQuestion
from cxnlp.backlog.states import AT_REST, OPEN
from cxnlp.errors import CxnlpError
from cxnlp.insight.alerts_shared import alike
from cxnlp.report.page import shipped
from cxnlp.report.words import points
from cxnlp.serve.changes import make_move
from cxnlp.serve.errors import status_of
from cxnlp.serve.gate import ASSETS, COOKIE, LOGIN, Gate, Policy, Refused
from cxnlp.serve.live import HTML, Live
from cxnlp.serve.moves import Wish
from cxnlp.serve.tokens import SESSION_SECONDS
from cxnlp.settings import parse_day
from cxnlp.taxonomy import diagnostics

#: Nothing runs and nothing is fetched but the two style sheets.
CSP: Final = (
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; img-src data:"
)

_FOLDER: Final = Path(__file__).with_name("templates")
_MOMENT: Final = "SELECT name FROM taxonomy WHERE family = 'moment' AND id = $1"
_QUOTES: Final = 12
_FOUND: Final = 30

_STYLES: Final = {
    "page.css": lambda: shipped("style", "*.css").encode(),
    "live.css": (_FOLDER / "live.css").read_bytes,
}

#: What the backlog can be asked for → the states of the items it then shows; none: all.
_SHOWN: Final = {"open": OPEN, "overdue": OPEN, "aside": AT_REST, "all": ()}
#: What a search form sends for a field that was left empty.
Word = Annotated[str, Query(max_length=200)]


def router(live: Live) -> APIRouter:
    """Return the pages that read."""
    routes = APIRouter(include_in_schema=False)
    shown = partial(_shown, live)

    @routes.get("/moments")
    async def get_moments(request: Request) -> Response:
        def ask(cursor: duckdb.DuckDBPyConnection) -> dict[str, Any]:
            found = moments.moments(cursor, live.least_group)
            return {"moments": sorted(found.rows, key=lambda row: row["n_mentions"] or 0, reverse=True)}

        return await shown(request, "moments", ask)

    @routes.get("/moments/{moment}")
    async def get_moment(request: Request, moment: str) -> Response:
        def ask(cursor: duckdb.DuckDBPyConnection) -> dict[str, Any]:
            found = moments.moments(cursor, live.least_group)
            row = found.row(moment)
            label = f"moments.{moment}"
            some = partial(evidence.quotes, cursor, label, live.least_group, n=_QUOTES)
            return {
                "moment": row,
                "numbers": [
                    (each, number(each, row), spread(each, row), found.targets.get((moment, each.id)))
                    for each in diagnostics()
                ],
                "rates": found.shares(row),
                "bad": [] if row["is_hidden"] else some(feeling="negative"),
                "good": [] if row["is_hidden"] else some(feeling="positive"),
                "items": [
                    each for each in backlog.items(cursor, live.least_group)
                    if (each["kind"], each["label"]) == ("moment", moment)
                ],
            }  # fmt: skip

        return await shown(request, "moment", ask)

    @routes.get("/find")
    async def get_found(
        request: Request, words: Annotated[str, Query(max_length=1_000)] = "", moment: Word = "", channel: Word = "",
        since: Word = "", until: Word = "",
    ) -> Response:  # fmt: skip
        days = [parse_day(text) if text else None for text in (since, until)]

        def ask(cursor: duckdb.DuckDBPyConnection) -> dict[str, Any]:
            known = cursor.execute("SELECT id, name FROM taxonomy WHERE family = 'moment' ORDER BY name").fetchall()
            found = finding.find(
                cursor, words, live.read_question, moment=moment or None, channel=channel or None, since=days[0],
                until=days[1], n=_FOUND,
            ).to_dicts() if words.strip() else []  # fmt: skip
            asked = {"words": words, "moment": moment, "channel": channel, "since": since, "until": until}
            return {"found": found, "asked": asked, "known": known}

        return await shown(request, "find", ask)

    @routes.get("/evidence/{mention}")
    async def get_mention(request: Request, mention: str) -> Response:
        return await shown(request, "mention", lambda cursor: {"mention": evidence.mention(cursor, mention)})

    @routes.get("/alerts")
    async def get_alerts(request: Request) -> Response:
        return await shown(
            request, "alerts", lambda cursor: {"alerts": _alike(alerts.open_alerts(cursor, live.least_group))}
        )

    @routes.get("/backlog")
    async def get_backlog(
        request: Request, show: Literal["open", "overdue", "aside", "all"] = "open", owner: Word = ""
    ) -> Response:  # fmt: skip
        def ask(cursor: duckdb.DuckDBPyConnection) -> dict[str, Any]:
            items = backlog.items(
                cursor, live.least_group, states=_SHOWN[show], owner=owner.strip() or None, overdue=show == "overdue"
            )
            return {"items": items, "asked": {"show": show, "owner": owner}}

        return await shown(request, "backlog", ask)

    @routes.get("/backlog/{item}")
    async def get_item(request: Request, item: str) -> Response:
        return await shown(request, "item", partial(_item, live, item))

    return routes


def changing(live: Live, policy: Policy, gate: Gate) -> APIRouter:
    """Return the forms: logging in, and moves of the backlog; each asks for the token itself."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(LOGIN)
    async def get_login() -> Response:
        return filled("login", {"problem": None})

    @routes.post(LOGIN)
    async def post_login(request: Request, token: Annotated[str, Form(max_length=200)]) -> Response:
        if not gate.try_token(_address(request), token.strip()):
            return filled("login", {"problem": "This is not the token."}, 401)
        response = RedirectResponse("/", 303)
        is_secure = policy.is_secure or request.headers.get("origin", "").startswith("https:")  # by a proxy's TLS
        response.set_cookie(COOKIE, policy.token.session(), max_age=SESSION_SECONDS, httponly=True, samesite="strict",
                            secure=is_secure)  # fmt: skip
        return response

    @routes.get(ASSETS + "{name}")
    async def get_style(name: str) -> Response:
        if name not in _STYLES:
            raise Refused(404, "not_found", "There is no such file.")
        return Response(_STYLES[name](), media_type="text/css", headers={"Cache-Control": "private, max-age=3600"})

    if live.move is not None:

        @routes.post("/backlog/{item}")
        async def post_move(request: Request, item: str) -> Response:
            """Make a move by a form; a browser keeps no token, so each form has a field for it."""
            async with request.form(max_files=0, max_fields=10) as form:
                given = {name: str(value).strip() for name, value in form.items() if str(value).strip()}
            problem, status = None, 422
            if not gate.try_token(_address(request), given.pop("token", "")):
                problem, status = "This is not the token.", 401
            else:
                try:
                    await make_move(live, item, Wish.model_validate(given))
                except ValidationError as error:
                    problem = "; ".join(f"{each['loc'][-1]}: {each['msg']}" for each in error.errors()) + "."
                except Refused as error:
                    problem, status = error.message, error.status
                except CxnlpError as error:
                    problem, status = str(error), status_of(error)
            if problem is None:
                return RedirectResponse(f"/backlog/{item}", 303)
            told = await live.ask(partial(_item, live, item))
            return filled("item", {**told, "problem": problem, "given": given, "company": _company(live)}, status)

    return routes


def error(status: int, message: str, headers: dict[str, Any] | None) -> Response:
    """Return an error as a page."""
    return filled("error", {"status": status, "message": message}, status, headers)


def _alike(rows: list[dict[str, Any]]) -> list[tuple[dict[str, Any], int]]:
    """Warnings, dangers and the largest first, with how many read alike, as those of few people without places do."""

    def place(row: dict[str, Any]) -> tuple[str, int]:
        n = row["n_customers"]
        return row["kind"], -n if isinstance(n, int) else 0

    rows = sorted(rows, key=place)
    told = [{**row, "alert_id": None} for row in rows]
    return [(rows[at], n) for at, n in alike(told)]


def _item(live: Live, name: str, cursor: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    row = backlog.item(cursor, name, live.least_group)
    moment = cursor.execute(_MOMENT, [row["label"]]).fetchone() if row["kind"] == "moment" else None
    return {
        "item": row,
        "moment": moment[0] if moment else row["label"],
        "chosen": backlog.chosen(cursor, row),
        "mentions": backlog.mentions(cursor, name, live.least_group),
        "why": _why(live, name, cursor),
        "events": row["events"],
        "allowed": row["allowed"] if live.move is not None else (),
        "problem": None,
        "given": {},
    }


def _why(live: Live, name: str, cursor: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """What an item's priority is the sum of; nothing of one that an older version computed."""
    try:
        return backlog.explained(cursor, name, live.workspace.settings.backlog, live.least_group)
    except WrongQuestion:
        return {"parts": [], "assumptions": []}


async def _shown(live: Live, request: Request, template: str, ask: Any) -> Response:
    def encode(told: dict[str, Any]) -> bytes:
        here = {"company": _company(live), "here": request.url.path}
        return _text(template, told | here).encode("utf-8", "replace")

    return await live.answer(
        request, ask, encode=encode, media=HTML, headers={"Content-Security-Policy": CSP}, is_kept=True
    )


def filled(
    template: str, told: dict[str, Any], status: int = 200, headers: dict[str, Any] | None = None
) -> HTMLResponse:  # fmt: skip
    """Return a page that no snapshot decides on."""
    more = {"Content-Security-Policy": CSP, "Cache-Control": "no-store", **(headers or {})}
    return HTMLResponse(_text(template, {"company": None, "here": "", **told}), status, more)


def _text(template: str, told: dict[str, Any]) -> str:
    return _environment().get_template(f"{template}.html.j2").render(**told)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {
        "points": lambda value: "" if value is None else points(value),
        "share": lambda value: "" if value is None else f"{value:.0%}",
        "whole": lambda value: f"{value:,}" if isinstance(value, int) else value or "",
        "day": lambda on: f"{on.day}\u00a0{on:%B} {on.year}" if isinstance(on, date) else on or "",
        "words": lambda value: str(value or "").replace("_", " "),
    }
    return environment


def way_on(note: str = "") -> str:
    """Return the markup of the links to all pages, and a note below them, for those that are written elsewhere."""
    return _text("way_on", {"note": note})


def _company(live: Live) -> str:
    return live.workspace.settings.company


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"
