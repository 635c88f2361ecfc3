"""The routes of jobs: commands that take long, asked for now and looked at later."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path as File
from typing import Annotated, Any

import anyio
import anyio.to_thread
from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from cxnlp.serve import schema
from cxnlp.serve.api import answers
from cxnlp.serve.changes import TOKEN
from cxnlp.serve.downloads import Download, download
from cxnlp.serve.jobs import Job, Jobs, Order, shown
from cxnlp.serve.live import JSON, json_bytes

Name = Annotated[str, Path(alias="id", max_length=60, description="Id of a job.")]


class Task(BaseModel):
    """A command, and what stands behind it on the command line."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    command: Annotated[str, Field(max_length=60, description="Such as run: GET /api/jobs/commands.")]
    arguments: Annotated[
        dict[str, Any],
        Field(
            description="Options by their names, as_of for --as-of. A file to read "
            'is {"name": …, "text": …} or {"name": …, "base64": …}, one to write its name.'
        ),
    ] = {}
    confirm: Annotated[str | None, Field(max_length=60, description="forget, export: the command's name once more."
                       )] = None  # fmt: skip


@dataclass(frozen=True)
class Commands:
    """What jobs may be.

    Attributes:
        told: each command with its arguments as JSON Schema.
        order: the order that a task is, for a job with that folder; raises a CxnlpError of exit code 2 where the
            command line would not take it.
    """

    told: Sequence[Mapping[str, Any]]
    order: Callable[[Task, File], Order]


def router(jobs: Jobs, commands: Commands) -> APIRouter:
    """Return the routes."""
    routes = APIRouter(prefix="/api/jobs", dependencies=TOKEN, tags=["jobs"])
    later: dict[int | str, dict[str, Any]] = {
        202: {"description": "It waits or runs.", "content": {"application/json": {"schema": schema.JOB}}}
    }

    @routes.post("", responses={**answers(schema.JOB), **later}, openapi_extra=schema.tasks(commands.told))
    async def post_job(
        task: Task,
        wait: Annotated[float, Query(ge=0, le=60, description="Seconds to wait for its end.")] = 0,
    ) -> Response:
        """Run a command of the command line, one after the other; 202 with its id, or 200 where it has ended."""
        job = await _in_thread(partial(_begun, jobs, commands, task))
        with anyio.move_on_after(wait):
            while (job := await _in_thread(partial(jobs.one, job.id))).ended_at is None:
                await anyio.sleep(0.2)
        told = await _in_thread(partial(jobs.told, job))
        return _json(told, 202 if job.ended_at is None else 200, {"Location": f"/api/jobs/{job.id}"})

    @routes.get("", responses=answers(schema.JOBS))
    async def get_jobs() -> Response:
        """The jobs that are kept, the newest first."""
        return _json([shown(job) for job in await _in_thread(jobs.listed)])

    @routes.get("/commands", responses=answers(schema.COMMANDS))
    async def get_commands() -> Response:
        """The commands that may be jobs, and their arguments as JSON Schema."""
        return _json(list(commands.told))

    @routes.get("/{id}", responses=answers(schema.JOB, 404))
    async def get_job(name: Name) -> Response:
        """One job: queued, running, done, failed, stopped or lost; the end of its log, its answer, its files."""
        return _json(await _in_thread(lambda: jobs.told(jobs.one(name))))

    @routes.delete("/{id}", responses=answers(schema.JOB, 404))
    async def delete_job(name: Name) -> Response:
        """Stop a job, or forget one that has ended; what it has done stays done, and the next night goes on from it."""
        return _json(await _in_thread(lambda: jobs.told(jobs.stop(name))))

    @routes.get("/{id}/files/{file}", response_class=Download, responses=answers(schema.FILE, 404))
    async def get_job_file(
        name: Name, file: Annotated[str, Path(max_length=120, description="One of its files.")]
    ) -> Response:
        """A file that a job wrote."""
        return download(await _in_thread(partial(jobs.file, name, file)), file)

    return routes


def _begun(jobs: Jobs, commands: Commands, task: Task) -> Job:
    order = commands.order(task, place := jobs.place())
    return jobs.begin(place, order)


def _json(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(json_bytes(value), status, headers, media_type=JSON)


async def _in_thread(work: Callable[[], Any]) -> Any:
    return await anyio.to_thread.run_sync(work)
