"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

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
