"""What several commands share: options, and the error of a wrong one."""

from pathlib import Path
from typing import Annotated

import typer

from cxnlp.errors import CxnlpError

WorkspaceOption = Annotated[
    Path,
    typer.Option(
        "--workspace",
        "-w",
        envvar="CXNLP_WORKSPACE",
        help="Folder that holds cxnlp.toml.",
        show_default="here",
    ),
]

JsonOption = Annotated[bool, typer.Option("--json", help="Write JSON for machines instead of words.")]


class CommandError(CxnlpError):
    """What a command was asked cannot be done; the message says how to ask."""

    exit_code = 2
