"""`cxnlp serve` and `cxnlp mcp`: the live view with its API, and the same questions for assistants."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cxnlp.cli.options import WorkspaceOption
from cxnlp.settings import open_workspace


def serve(
    workspace: WorkspaceOption = Path(),
    host: Annotated[str, typer.Option(help="Address to listen on. From any but this machine's own, everything needs "
                                      "the token.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65_535)] = 8765,
    name: Annotated[list[str] | None, typer.Option(help="A name by which browsers call this machine, or a proxy "
                                                   "on it; may be repeated. Everything then needs the token.")] = None,
    token_file: Annotated[Path | None, typer.Option(help="File that holds the token; else CXNLP_SERVE_TOKEN, else "
                                                    ".cxnlp/serve_token, made at first use.")] = None,
    certificate: Annotated[Path | None, typer.Option(help="Certificate for https, PEM.")] = None,
    key: Annotated[Path | None, typer.Option(help="Its key, PEM.")] = None,
) -> None:  # fmt: skip
    """The live view in a browser: the page, drill-down, search; and the JSON API and MCP beside it.

    It shows the newest published night, also while another runs. Reading is free on this machine; changes ask for the
    token.
    """
    from cxnlp.cli import app
    from cxnlp.cli.acting import acts
    from cxnlp.cli.deciding import mover
    from cxnlp.cli.ordering import commands
    from cxnlp.serve.running import Hands, Place, serve
    from cxnlp.serve.tokens import NAME, VARIABLE

    opened = open_workspace(workspace)
    place = Place(host, port, tuple(name or ()), certificate, key)
    console = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
    console.print(
        f"{place.url}  (Ctrl-C ends it)\nThe API is described at {place.url}api, and MCP is at {place.url}mcp."
    )
    console.print(f"The token is in {token_file or opened.state / NAME}, unless {VARIABLE} is set.")
    if not place.is_open and certificate is None:
        console.print("Without --certificate and --key, or a proxy that speaks TLS, whoever listens on the way can "
                      "read the token and all answers.")  # fmt: skip
    hands = Hands(mover(opened), acts(opened), commands(opened, app))
    serve(opened, place, token_file, hands)


def mcp(workspace: WorkspaceOption = Path()) -> None:
    """Answer an assistant over MCP on stdin and stdout: find, moments, evidence, why, backlog; nothing that changes."""
    from cxnlp.serve.running import serve_assistants

    serve_assistants(open_workspace(workspace))
