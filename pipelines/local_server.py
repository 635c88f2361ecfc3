"""A Prefect server of the workspace's own, for schedules: one that lives inside a run does not fire them."""

import logging
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def server(workspace: Workspace) -> Iterator[str]:
    """Give the API address of ``PREFECT_API_URL``, or of a local server that lives as long as the block.

    Call it before Prefect is imported: Prefect reads the address once.

    Raises:
        ServerFailed: the local server did not answer in time.
    """
    if url := os.environ.get("PREFECT_API_URL"):
        yield url
        return
    port = _free_port()
    url = f"http://{ADDRESS}:{port}/api"
    with (workspace.state / "prefect-server.log").open("ab") as output:
        command = attached.command("prefect", ["server", "start", "--host", ADDRESS, "--port", str(port)])
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        try:
            wait(url, process)
            os.environ["PREFECT_API_URL"] = url
            log.info("Prefect's pages of this workspace: http://%s:%d", ADDRESS, port)
            yield url
        finally:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()


def _free_port() -> int:
    """Prefect's usual port, or any free one."""
    for port in (PORT, 0):
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
            time.sleep(0.5)
    raise ServerFailed(
        "the local Prefect server did not start; .cxnlp/prefect-server.log says why. "
        "Or set PREFECT_API_URL to a running server, or use plain cron with `cxnlp run`."
    )
