"""The routes of `cxnlp review`: the next mentions to judge, and what people say of them."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, Literal

import anyio
import anyio.to_thread
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from cxnlp.serve import schema
from cxnlp.serve.api import answers
from cxnlp.serve.changes import TOKEN
from cxnlp.serve.live import JSON, Live, json_bytes
from cxnlp.serve.moves import By
from cxnlp.settings import Workspace
from cxnlp.teaching import journal, sheet_reading
from cxnlp.teaching.items import SENTIMENT, Item
from cxnlp.teaching.queue import Plan, draw, second_opinions
from cxnlp.teaching.reviewing import reviewer_key
from cxnlp.teaching.sheets import AGREE, BLIND, COLUMNS, KEY, MARK_COLUMN

Word = Annotated[str, Field(max_length=60, pattern=r"^[^,;\n]*$")]
Reviewer = Annotated[By, Query(description="Who judges; kept as a pseudonym.")]

_AT_ONCE: Final = 2


class Judgement(BaseModel):
    """What a person says of one mention, whole: labels that are left out do not apply."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: Annotated[str, Field(max_length=200, description="Of the mention, as it was asked.")]
    agree: Annotated[bool, Field(description="It is as it says, less what is unsure; instead of the rest.")] = False
    sentiment: Annotated[int | None, Field(ge=-2, le=2, description="From -2 to 2; left out: not judged.")] = None
    labels: Annotated[dict[Literal["moment", "unmeasurable", "warning", "signal"], list[Word]],
                      Field(description="Labels that apply, by family.")] = {}  # fmt: skip
    marks: Annotated[list[Word], Field(max_length=10, description="Words of your own, for what `cxnlp teach` should "
                                       "catch.")] = []  # fmt: skip

    def cells(self) -> Mapping[str, str]:
        """Return it as a row of the sheet that `cxnlp review` writes."""
        labels = {COLUMNS[family][0]: ", ".join(words) for family, words in self.labels.items()}
        sentiment = "" if self.sentiment is None else str(self.sentiment)
        return {KEY: self.key, AGREE: "x" if self.agree else "", SENTIMENT: sentiment,
                MARK_COLUMN: ", ".join(self.marks), **labels}  # fmt: skip


class Judgements(BaseModel):
    """What one person says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reviewer: Annotated[By, Field(description="Who judged; kept as a pseudonym.")]
    answers: Annotated[list[Judgement], Field(min_length=1, max_length=200, description="One a mention.")]


def router(live: Live) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(prefix="/api", dependencies=TOKEN)
    workspace, threads = live.workspace, anyio.CapacityLimiter(_AT_ONCE)

    async def answered(work: Callable[[], dict[str, Any]]) -> Response:
        return Response(json_bytes(await anyio.to_thread.run_sync(work, limiter=threads)), media_type=JSON)

    @routes.get("/review", tags=["teaching"], responses=answers(schema.REVIEW))
    async def get_review(
        reviewer: Reviewer,
        limit: Annotated[int, Query(ge=1, le=200, description="Mentions a batch.")] = 60,
        random_share: Annotated[float, Query(ge=0, le=1, description="Part of them drawn at random.")] = 0.33,
        blind: Annotated[bool, Query(description="Without what the night says.")] = False,
        second: Annotated[bool, Query(description="What others judged, to see who agrees.")] = False,
    ) -> Response:
        """The mentions most worth a look, and the labels that may be given."""

        def ask() -> dict[str, Any]:
            who = reviewer_key(reviewer, workspace.secret())
            queue = second_opinions(workspace, who, limit) if second else draw(workspace, Plan(limit, random_share))
            journal.remember_asked(workspace, queue.items)
            items = [_asked(item, is_blind=blind) for item in queue.items]
            words = [word.model_dump() for word in queue.words]
            return {"run_id": queue.run_id, "n_answered": queue.n_answered, "items": items, "words": words}

        return await answered(ask)

    @routes.post("/review", tags=["teaching"], responses=answers(schema.REVIEWED))
    async def post_review(said: Judgements) -> Response:
        """Say what mentions mean, all of it or, if one answer is wrong, none; the next night counts with it."""
        return await answered(lambda: _taken(workspace, said))

    return routes


def _asked(item: Item, *, is_blind: bool) -> dict[str, Any]:
    told = item.model_dump(include={"text", "document", "channel", "occurred_on", "speaker", "slice", "labels"})
    key = {"key": item.edition + (BLIND if is_blind else ""), "before": item.before, "after": item.after}
    return key | told | ({} if is_blind else {"said": {code: said.model_dump() for code, said in item.said.items()}})


def _taken(workspace: Workspace, said: Judgements) -> dict[str, Any]:
    who = reviewer_key(said.reviewer, workspace.secret())
    cells = (answer.cells() for answer in said.answers)
    rows, n_blank = sheet_reading.judged("answers", enumerate(cells, 1), journal.asked(workspace))
    return dict(vars(sheet_reading.take_over(workspace, rows, who, n_blank)))
