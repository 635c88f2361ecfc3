"""Jobs: commands that run one after the other beside the server, outlive it, and say honestly how they ended."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cxnlp.answers.wrong import NotThere
from cxnlp.serve.jobs import Job, Jobs, Order

#: Stands for the command line: says what it was given, then does as its first word says.
STAND_IN = """
import json, sys, time
from pathlib import Path
print("at work", sys.argv[1:], file=sys.stderr)
match sys.argv[1]:
    case "wait": time.sleep(60)
    case "fail": sys.exit(3)
    case "write": Path("sheet.csv").write_text(Path("../in/given.csv").read_text())
print(json.dumps({"heard": sys.stdin.readline().strip()}))
"""


@pytest.fixture
def jobs(tmp_path: Path) -> Jobs:
    return Jobs(tmp_path, (sys.executable, "-c", STAND_IN))


def begun(jobs: Jobs, *words: str, lines: str = "", **files: bytes) -> Job:
    named = {f"{name}.csv": content for name, content in files.items()}
    return jobs.begin(jobs.place(), Order(words[0], {"said": words[0]}, words, lines, named))


def once(is_so: Callable[[], bool]) -> None:
    for _ in range(600):
        if is_so():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to that in half a minute")


def ended(jobs: Jobs, job: Job) -> Job:
    once(lambda: jobs.one(job.id).ended_at is not None)
    return jobs.one(job.id)


def test_a_job_hears_writes_and_answers(jobs: Jobs, tmp_path: Path) -> None:
    job = begun(jobs, "write", lines="Kim\n", given=b"a,b")
    assert (job.state, ended(jobs, job).state) == ("queued", "done")
    told = jobs.told(jobs.one(job.id))
    assert (told["answer"], told["files"], told["exit_code"]) == ({"heard": "Kim"}, ["sheet.csv"], 0)
    assert told["log"] == ["at work ['write']"]
    assert jobs.file(job.id, "sheet.csv") == b"a,b"
    assert not list(tmp_path.rglob("given.csv"))  # what was sent along is gone with the job
    assert "Kim" not in (tmp_path / "ended" / job.id / "job.json").read_text()
    for name in ("../job.json", "log", "other"):
        with pytest.raises(NotThere):
            jobs.file(job.id, name)
    jobs.stop(job.id)  # of one that has ended: it is forgotten
    assert jobs.listed() == []


def test_they_run_one_after_the_other_and_can_be_stopped(jobs: Jobs) -> None:
    first, second, third = begun(jobs, "wait"), begun(jobs, "fail"), begun(jobs, "tell")
    once(lambda: jobs.one(first.id).state == "running")
    assert jobs.one(second.id).state == "queued"
    assert jobs.stop(third.id).state == "stopped"
    assert {job.id for job in jobs.listed()} == {first.id, second.id, third.id}
    assert jobs.stop(first.id).state == "stopped"
    assert (ended(jobs, second).state, jobs.one(second.id).exit_code) == ("failed", 3)
    assert ended(jobs, third).state == "stopped"
    assert jobs.told(jobs.one(third.id))["log"] == []


#: A server that is killed while one of its jobs runs and another waits.
KILLED = """
import os, sys
from pathlib import Path
from tests.serve.test_jobs import Jobs, STAND_IN, begun, once
jobs = Jobs(Path(sys.argv[1]), (sys.executable, "-c", STAND_IN))
running, waiting = begun(jobs, "wait"), begun(jobs, "tell")
once(lambda: jobs.one(running.id).state == "running" and jobs.told(running)["log"] != [])
print(running.id, waiting.id, flush=True)
os._exit(9)
"""


def test_after_a_restart_it_goes_on_and_what_is_nobodys_is_lost(tmp_path: Path) -> None:
    said = subprocess.run([sys.executable, "-c", KILLED, tmp_path], stdout=subprocess.PIPE, text=True, check=False)
    running, waiting = said.stdout.split()
    jobs = Jobs(tmp_path)
    assert [jobs.one(running).state, jobs.one(waiting).state] == ["running", "lost"]
    assert jobs.one(waiting).state == "lost"
    jobs.stop(running)
    once(lambda: jobs.one(running).state == "lost")
    assert jobs.told(jobs.one(running))["log"] == ["at work ['wait']"]


def test_two_servers_beside_each_other_leave_their_jobs_alone(jobs: Jobs, tmp_path: Path) -> None:
    running, waiting = begun(jobs, "wait"), begun(jobs, "tell")
    once(lambda: jobs.one(running.id).state == "running")
    other = Jobs(tmp_path)
    assert [other.one(running.id).state, other.one(waiting.id).state] == ["running", "queued"]
    jobs.stop(running.id)
    assert ended(jobs, waiting).state == "done"


@pytest.mark.parametrize("name", ["..", "../../secret", "none", ""])
def test_other_places_hold_no_job(jobs: Jobs, tmp_path: Path, name: str) -> None:
    (tmp_path / "job.json").write_text("{}")
    with pytest.raises(NotThere):
        jobs.one(name)
