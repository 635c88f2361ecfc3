"""The routes of the JSON API: the questions of the command line, with the same answers as its ``--json``."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal

import duckdb
import polars as pl
from fastapi import APIRouter, Path, Query, Request, Response

from cxnlp.answers import alerts, backlog, drivers, evidence, finding, moments, status, themes, views, why
from cxnlp.insight.why import Number
from cxnlp.report import plan
from cxnlp.serve import schema
from cxnlp.serve.gate import Refused
from cxnlp.serve.live import Ask, Live

_PAGING = ("limit", "offset", "order")

Moment = Annotated[str, Path(description="Id of a moment of truth, such as delivery.")]
Item = Annotated[str, Path(description="Id of an item, or its first digits.")]
Limit = Annotated[int, Query(ge=1, le=views.MOST_ROWS, description="How many at most.")]
Day = Annotated[date | None, Query(description="A day, such as 2026-10-01.")]


def answers(said: schema.Schema, *errors: int) -> dict[int | str, dict[str, Any]]:
    """Return what OpenAPI says of a route's answers: the good one, and those that say what is wrong."""
    wrong = {"content": {"application/json": {"schema": schema.ERROR}}}
    words = {401: "The token is missing or wrong.", 404: "There is no such thing.", 409: "The state does not allow it.",
             413: "The body is too long.", 422: "What was asked cannot be answered.", 429: "Too many requests.",
             503: "Nothing is published yet, or too many ask at once."}  # fmt: skip
    media = "application/octet-stream" if said is schema.FILE else "application/json"
    good = {"description": "The answer.", "content": {media: {"schema": said}}}
    codes = sorted({*errors, 401, 422, 429, 503})
    return {200: good, **{code: {"description": words[code], **wrong} for code in codes}}


def router(live: Live) -> APIRouter:
    """Return the routes that read."""
    routes = APIRouter(prefix="/api")
    for add in (_morning, _words, _backlog, _views):
        add(routes, live)
    return routes


def _morning(routes: APIRouter, live: Live) -> None:
    @routes.get("/status", tags=["nights"], responses=answers(schema.STATUS))
    async def get_status(request: Request) -> Response:
        """The last nights, what became of all that arrived, how fresh each source is, quarantine, and the model."""

        def ask(cursor: duckdb.DuckDBPyConnection) -> Any:
            return {name: frame.to_dicts() for name, frame in status.status(cursor, live.workspace).items()}

        return await live.answer(request, ask, is_kept=False)

    @routes.get("/moments", tags=["morning"], responses=answers(schema.many(schema.moment())))
    async def get_moments(request: Request) -> Response:
        """All moments of truth in their fifteen numbers of the last eight weeks, with targets."""
        return await live.answer(request, lambda cursor: moments.moments(cursor, live.least_group).listed())

    @routes.get("/moments/{moment}", tags=["morning"], responses=answers(schema.moment(is_whole=True), 404))
    async def get_moment(request: Request, moment: Moment) -> Response:
        """One moment of truth with its soft skills."""
        return await live.answer(request, lambda cursor: moments.moments(cursor, live.least_group).one(moment))

    @routes.get("/scorecard", tags=["morning"], responses=answers(schema.SCORECARD))
    async def get_scorecard(request: Request) -> Response:
        """What feedback says about the twelve statements of the service experience scorecard."""
        return await live.answer(request, lambda cursor: moments.scorecard(cursor, live.least_group))

    @routes.get("/alerts", tags=["morning"], responses=answers(schema.ALERTS))
    async def get_alerts(request: Request) -> Response:
        """Early warnings that are open: dangers first, then what rises."""
        return await live.answer(request, lambda cursor: alerts.open_alerts(cursor, live.least_group))

    @routes.get("/drivers", tags=["morning"], responses=answers(schema.DRIVERS))
    async def get_drivers(
        request: Request,
        outcome: Annotated[
            Literal["rating", "champion", "churn"] | None, Query(description="All three when left out.")
        ] = None,
        every: Annotated[bool, Query(alias="all", description="Also what may well move nothing.")] = False,
    ) -> Response:
        """What moves ratings, champions and leaving customers."""
        return await live.answer(request, _dicts(lambda cursor: drivers.drivers(cursor, outcome, every=every)))

    @routes.get("/why", tags=["morning"], responses=answers(schema.WHY))
    async def get_why(
        request: Request,
        label: Annotated[str, Query(description="Such as moments.delivery, unmeasurables.trust-, signals.churn.")],
        start: Annotated[str, Query(alias="from", description="Earlier period: W46, 2026-W46, 2026-11, 2026-11-02, or "
                                    "2026-11-02..2026-11-08.")],
        end: Annotated[str, Query(alias="to", description="Later period, in the same ways.")],
        number: Annotated[Number, Query(description="share: of feedback, what speaks of it; complaints: what speaks "
                                        "ill of it; negative: of its mentions, the negative ones.")] = "share",
        by: Annotated[str, Query(description="What mix is told apart by, with commas: channel, source, product, "
                                 "location.")] = "channel,source,product",
        retag: Annotated[bool, Query(description="Tag anew what other models have tagged, to tell the model's part. "
                                     "Takes long and needs the token.")] = False,
        top: Annotated[int, Query(ge=0, le=100, description="Cells at most.")] = 8,
    ) -> Response:  # fmt: skip
        """Why a number moved between two periods: mix, rate, model and vocabulary, which add up to its change."""
        if retag and not request.state.has_token:
            raise Refused(401, "no_token", "retag needs the token: Authorization: Bearer …")
        dimensions = [name.strip() for name in by.split(",")]
        return await live.answer(request, lambda cursor: why.why(
            cursor, live.workspace, label, start, end, number=number, by=dimensions, retag=retag, top=top
        ), is_kept=not retag)  # fmt: skip


def _words(routes: APIRouter, live: Live) -> None:
    @routes.get("/themes", tags=["words"], responses=answers(schema.THEMES, 404))
    async def get_themes(
        request: Request,
        ground: Annotated[
            str | None, Query(description="moment.delivery or delivery, signal.suggestion, outside.")
        ] = None,
    ) -> Response:
        """What people talk about within each moment, in wishes, and about none; most people first."""
        return await live.answer(request, lambda cursor: themes.themes(cursor, ground, live.least_group))

    @routes.get("/themes/{theme}", tags=["words"], responses=answers(schema.THEME, 404))
    async def get_theme(
        request: Request, theme: Annotated[str, Path(description="Id of a theme, or its first digits.")]
    ) -> Response:
        """One theme: its numbers, its most typical quotes, and what happened to it."""
        return await live.answer(request, lambda cursor: themes.theme(cursor, theme, live.least_group))

    @routes.get("/find", tags=["words"], responses=answers(schema.FOUND))
    async def get_found(
        request: Request,
        words: Annotated[str, Query(max_length=1_000, description="What it is about, such as felt ignored.")],
        moment: Annotated[str | None, Query(description="Only mentions that are surely about this moment.")] = None,
        channel: Annotated[str | None, Query(description="letter, call or social.")] = None,
        source: Annotated[str | None, Query(description="A source's name in cxnlp.toml.")] = None,
        since: Day = None,
        until: Day = None,
        limit: Limit = 20,
        agents: Annotated[bool, Query(description="Agents' lines, too.")] = False,
        only_words: Annotated[bool, Query(description="Only mentions with one of the words.")] = False,
    ) -> Response:
        """Mentions that speak of something, in these words or in others, the best first. Masked customers' words."""
        return await live.answer(request, _dicts(lambda cursor: finding.find(
            cursor, words, None if only_words else live.read_question, moment=moment, channel=channel, source=source,
            since=since, until=until, is_agents=agents, n=limit,
        )))  # fmt: skip

    @routes.get("/evidence", tags=["words"], responses=answers(schema.QUOTES))
    async def get_quotes(
        request: Request,
        label: Annotated[str, Query(description="Such as moments.delivery, unmeasurables.trust-, signals.churn.")],
        feeling: Annotated[evidence.Feeling | None, Query(description="Any when left out.")] = None,
        limit: Limit = 20,
    ) -> Response:
        """Quotes for a label, one a person, the strongest first; none where fewer than privacy.least_group said so."""
        return await live.answer(
            request, lambda cursor: evidence.quotes(cursor, label, live.least_group, feeling=feeling, n=limit)
        )

    @routes.get("/evidence/{mention}", tags=["words"], responses=answers(schema.MENTION, 404))
    async def get_mention(
        request: Request, mention: Annotated[str, Path(description="Id of a mention, as in all answers.")]
    ) -> Response:
        """One mention in its context, with all its tags."""
        return await live.answer(request, lambda cursor: evidence.mention(cursor, mention))


def _backlog(routes: APIRouter, live: Live) -> None:
    @routes.get("/backlog", tags=["backlog"], responses=answers(schema.many(schema.backlog_item())))
    async def get_backlog(
        request: Request,
        state: Annotated[list[str] | None, Query(description="Such as in_progress; may be repeated.")] = None,
        owner: Annotated[str | None, Query(description="To whom it is assigned or suggested; a part will do.")] = None,
        overdue: Annotated[bool, Query(description="Only what should be accepted or shipped by now.")] = False,
        every: Annotated[
            bool, Query(alias="all", description="Also snoozed, quiet, declined, closed, merged.")
        ] = False,
    ) -> Response:
        """What to work on, the most urgent first; of small groups neither counts nor words."""
        states = backlog.states_of(state or [], everything=every)
        return await live.answer(
            request,
            lambda cursor: backlog.items(cursor, live.least_group, states=states, owner=owner, overdue=overdue),
        )

    @routes.get("/backlog/clock", tags=["backlog"], responses=answers(schema.CLOCK))
    async def get_clock(request: Request) -> Response:
        """How long items took from the first mention on, leg by leg."""
        return await live.answer(request, backlog.clock)

    @routes.get("/backlog/events", tags=["backlog"], responses=answers(schema.EVENTS))
    async def get_events(request: Request) -> Response:
        """What happened to all items, the oldest first."""
        return await live.answer(request, lambda cursor: backlog.events(cursor, live.least_group))

    @routes.get("/backlog/{item}", tags=["backlog"], responses=answers(schema.backlog_item(is_whole=True), 404))
    async def get_item(request: Request, item: Item) -> Response:
        """One item: numbers, quotes, its clock, whether its fix helped, what happened to it, and what may be done."""
        return await live.answer(request, lambda cursor: backlog.item(cursor, item, live.least_group))

    @routes.get("/backlog/{item}/explain", tags=["backlog"], responses=answers(schema.EXPLAINED, 404))
    async def get_item_explained(request: Request, item: Item) -> Response:
        """What an item's priority is the sum of, and what its numbers take for granted; not of small groups."""
        return await live.answer(request, lambda cursor: backlog.explained(
            cursor, item, live.workspace.settings.backlog, live.least_group
        ))  # fmt: skip

    @routes.get("/plan", tags=["backlog"], responses=answers(schema.PLAN))
    async def get_plan(request: Request) -> Response:
        """The action plan: per stage of the journey what is critical, what works, what to mend, by whom, until when."""
        return await live.answer(request, lambda cursor: asdict(plan.read(cursor, live.least_group)))

    @routes.get("/backlog/{item}/evidence", tags=["backlog"], responses=answers(schema.MENTIONS, 404))
    async def get_item_mentions(request: Request, item: Item, limit: Limit = 50) -> Response:
        """What people said of an item, one mention a person, the latest first; nothing of a small group."""
        return await live.answer(request, lambda cursor: backlog.mentions(cursor, item, live.least_group, limit))

    @routes.get("/backlog/{item}/events", tags=["backlog"], responses=answers(schema.EVENTS, 404))
    async def get_item_events(request: Request, item: Item) -> Response:
        """What happened to an item, the oldest first."""
        return await live.answer(request, lambda cursor: backlog.events(cursor, live.least_group, item))


def _views(routes: APIRouter, live: Live) -> None:
    @routes.get("/views", tags=["views"], responses=answers(schema.VIEWS))
    async def get_views(request: Request) -> Response:
        """The documented views: their columns are promised, and a change of them has a new contract version."""
        return await live.answer(request, views.documented)

    @routes.get("/views/{view}", tags=["views"], responses=answers(schema.COLUMNS, 404))
    async def get_columns(request: Request, view: Annotated[str, Path(description="Name of a view.")]) -> Response:
        """A view's columns: name, type, meaning."""
        return await live.answer(request, lambda cursor: views.columns(cursor, view))

    @routes.get("/views/{view}/rows", tags=["views"], responses=answers(schema.ROWS, 404))
    async def get_rows(
        request: Request,
        view: Annotated[str, Path(description="Name of a view.")],
        limit: Limit = 100,
        offset: Annotated[int, Query(ge=0, le=10_000_000, description="How many to leave out before.")] = 0,
        order: Annotated[str | None, Query(description="A column; -column: the largest first.")] = None,
    ) -> Response:
        """Rows of a view, page by page: the header X-Cxnlp-Snapshot is the same for pages that belong together.

        Any other parameter is a filter by a column: `stage=care`; `week.ge=2026-10-05`, and `eq`, `ne`, `lt`, `le`,
        `gt`; `name.contains=late`; `rating.given=`, `rating.null=`. All of them must hold. Without `order` they come in
        the view's own order, such as the journey's; where it has none, by its columns from the left.
        """
        filters = [(name, value) for name, value in request.query_params.multi_items() if name not in _PAGING]
        return await live.answer(
            request, _dicts(lambda cursor: views.rows(cursor, view, filters, order=order, n=limit, offset=offset))
        )


def _dicts(ask: Callable[[duckdb.DuckDBPyConnection], pl.DataFrame]) -> Ask:
    return lambda cursor: ask(cursor).to_dicts()
