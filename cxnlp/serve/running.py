"""Runs the live view as a server, and MCP on stdin and stdout."""

import ipaddress
import socket
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Final

import anyio
import uvicorn

from cxnlp.errors import CxnlpError
from cxnlp.serve import application, tools
from cxnlp.serve.acts import Acts
from cxnlp.serve.connections import Connection
from cxnlp.serve.gate import Policy
from cxnlp.serve.live import Live
from cxnlp.serve.moves import Mover
from cxnlp.serve.snapshots import Snapshots
from cxnlp.serve.tokens import token_of
from cxnlp.serve.working import Commands
from cxnlp.settings import Workspace

#: Beyond so many connections a new one takes the place of one that waits for its client, or is told to come again.
_CONNECTIONS: Final = 512
_LONGEST_HEADERS: Final = 16_384
_PATIENCE_SECONDS: Final = 10  # for answers under way when it is stopped
_IDLE_SECONDS: Final = 60  # longer than clients keep a connection, or both close it as a question is under way


class ServeError(CxnlpError):
    """The server cannot start so."""

    exit_code = 2


@dataclass(frozen=True)
class Place:
    """Where it listens.

    Attributes:
        names: by which browsers call it, beside addresses.
        certificate, key: files for TLS; both or neither.
    """

    host: str = "127.0.0.1"
    port: int = 8765
    names: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None

    @property
    def is_open(self) -> bool:
        """Whether only this machine can reach it, so that reading needs no token.

        Who gives it a name has others call it, by a proxy on this machine.
        """
        if self.names:
            return False
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def url(self) -> str:
        """What to open in a browser."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.certificate else 'http'}://{host}:{self.port}/"


@dataclass(frozen=True)
class Hands:
    """Who does what the live view is asked to do; None: nobody."""

    move: Mover | None = None
    acts: Acts | None = None
    commands: Commands | None = None


def serve(workspace: Workspace, place: Place, token_file: Path | None = None, hands: Hands = Hands()) -> None:
    """Serve until it is told to stop.

    Args:
        workspace: whose.
        place: where.
        token_file: holds the token; None for the workspace's own.
        hands: who changes something.

    Raises:
        TokenError: the token cannot be used.
        ServeError: the place is taken, or is none.
    """
    if (place.certificate is None) != (place.key is None):
        raise ServeError("--certificate and --key: found one of them. Allowed: both, or neither.")
    policy = Policy(token_of(workspace.state, token_file), place.is_open, frozenset(map(str.lower, place.names)),
                    place.certificate is not None)  # fmt: skip
    listening = _listening(place)
    config = uvicorn.Config(
        application.make(workspace, policy, move=hands.move, acts=hands.acts, commands=hands.commands),
        http=Connection, ws="none", log_level="warning",
        access_log=False,  # questions may quote customers
        proxy_headers=False,  # whoever asks could call itself anything
        server_header=False, limit_concurrency=_CONNECTIONS, h11_max_incomplete_event_size=_LONGEST_HEADERS,
        timeout_graceful_shutdown=_PATIENCE_SECONDS,
        timeout_keep_alive=_IDLE_SECONDS,
        ssl_certfile=place.certificate, ssl_keyfile=place.key,
    )  # fmt: skip
    with listening:
        uvicorn.Server(config).run(sockets=[listening])


def serve_assistants(workspace: Workspace) -> None:
    """Answer an assistant on stdin and stdout until it leaves."""
    version = metadata.version("cxnlp")
    live = Live(workspace, Snapshots(workspace.database), version)
    try:
        anyio.run(tools.server(workspace, live.ask, live.read_question, version).run_stdio_async)
    finally:
        live.snapshots.close()


def _listening(place: Place) -> socket.socket:
    """Take the place before anything else is begun."""
    try:
        family, *_, address = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise ServeError(f"--host {place.host}: {error.strerror}. Name an address of this machine.") from error
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except OSError as error:
        listening.close()
        raise ServeError(f"{place.host} port {place.port}: {error.strerror}. Choose another with --port.") from error
    return listening
