"""A Prefect server of the workspace's own, unless ``PREFECT_API_URL`` names another.

Prefect reads the address once: start the server before Prefect is imported.
"""

import atexit
import logging
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import distribution
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

from cxnlp.errors import CxnlpError
from cxnlp.settings import Workspace
from pipelines import attached

log = logging.getLogger("cxnlp.night")

ADDRESS, PORT = "127.0.0.1", 4200
START_SECONDS = 180


class ServerFailed(CxnlpError):
    """The local Prefect server did not start."""


#: A server that runs a flow, but has no pages and fires no schedules; Prefect starts its own with these.
RUNS_ONLY: Final[Mapping[str, str]] = {
    "PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1", "PREFECT_UI_ENABLED": "0",
}  # fmt: skip


@contextmanager
def server(workspace: Workspace) -> Iterator[str]:
    """Give the API address of ``PREFECT_API_URL``, or of a local server that lives as long as the block.

    It has Prefect's pages and fires schedules.

    Raises:
        ServerFailed: the local server did not answer in time.
    """
    if url := os.environ.get("PREFECT_API_URL"):
        yield url
        return
    port = free_port(PORT, 0)
    url = _url(port)
    process = _start(workspace, "prefect", ["server", "start", "--host", ADDRESS, "--port", str(port)])
    try:
        wait(url, process)
        os.environ["PREFECT_API_URL"] = url
        log.info("Prefect's pages of this workspace: http://%s:%d", ADDRESS, port)
        yield url
    finally:
        _end(process)


def begin(workspace: Workspace) -> Callable[[], None]:
    """Start a server for the runs of this process, with which it ends, and return what waits until it answers.

    So it starts while Prefect and the models' runtime are imported. With ``PREFECT_API_URL`` there is nothing to do.
    """
    if os.environ.get("PREFECT_API_URL"):
        return lambda: None
    port = free_port(0)
    process = _start(workspace, "uvicorn", runs_only(port), RUNS_ONLY)
    atexit.register(_end, process)
    os.environ["PREFECT_API_URL"] = _url(port)
    return lambda: wait(_url(port), process)


def runs_only(port: int) -> list[str]:
    """Return the arguments of uvicorn for a server that only runs flows (`RUNS_ONLY`)."""
    packages = str(distribution("prefect").locate_file(""))  # not the folder that somebody happens to stand in
    return ["--app-dir", packages, "--factory", "prefect.server.api.server:create_app", "--host", ADDRESS,
            "--port", str(port), "--log-level", "error", "--lifespan", "on"]  # fmt: skip


def _start(
    workspace: Workspace, module: str, arguments: Sequence[str], settings: Mapping[str, str] | None = None
) -> "subprocess.Popen[bytes]":
    """Start a process that ends with this one, even when this one is killed."""
    with (workspace.state / "prefect-server.log").open("ab") as output:
        return subprocess.Popen(
            attached.command(module, arguments), env=os.environ | dict(settings or {}),
            stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()


def _url(port: int) -> str:
    return f"http://{ADDRESS}:{port}/api"


def free_port(*wanted: int) -> int:
    """Return the first of these ports that is free; 0 is any."""
    for port in wanted:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((ADDRESS, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise ServerFailed(f"no free port on {ADDRESS}. Set PREFECT_API_URL to a running Prefect server instead.")


def wait(url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until the server of ``process`` answers.

    Raises:
        ServerFailed: it did not in time, or is gone.
    """
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(f"{url}/health", timeout=2):  # noqa: S310 - our own loopback address
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise ServerFailed(
        "the local Prefect server did not start; .cxnlp/prefect-server.log says why. "
        "Or set PREFECT_API_URL to a running server, or use plain cron with `cxnlp run`."
    )
