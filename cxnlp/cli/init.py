"""`cxnlp init`: a workspace with a commented `cxnlp.toml` and a secret of its own."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cxnlp.cli.options import CommandError
from cxnlp.settings import CONFIG_NAME, make_secret, open_workspace

TEMPLATE = Path(__file__).with_name("cxnlp.toml")

#: What a workspace's own .gitignore keeps out of a repository: secrets, customers' words, results.
IGNORED = "/.cxnlp/\n/warehouse/\n/backlog.csv\n/page.html\n/pages/\n"


def init(root: Path, config: Path | None = None) -> list[Path]:
    """Make ``root`` a workspace; return the files that were written. What is there is never overwritten.

    Raises:
        CommandError: ``config`` is not there.
        SettingsError: the workspace's ``cxnlp.toml`` is not valid.
    """
    template = config or TEMPLATE
    if not template.is_file():
        raise CommandError(f"{template}: not found. Give --config an existing cxnlp.toml.")
    root.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in ((CONFIG_NAME, template.read_text("utf-8")), (".gitignore", IGNORED)):
        if not (root / name).exists():
            (root / name).write_text(text, "utf-8")
            written.append(root / name)
    if make_secret(root):
        written.append(root / ".cxnlp" / "secret")
    open_workspace(root)
    return written


def command(
    folder: Annotated[Path, typer.Argument(help="Folder to make a workspace of.")] = Path(),
    config: Annotated[
        Path | None, typer.Option(help="Start from this cxnlp.toml instead of the commented one.")
    ] = None,
) -> None:
    """Make a workspace: a commented cxnlp.toml, and a secret that keys every pseudonym."""
    console = Console(soft_wrap=True, highlight=False)
    written = init(folder, config)
    for path in written:
        console.print(f"written: {path}", markup=False)
    if not written:
        console.print(f"{folder} is a workspace already; nothing was changed.", markup=False)
        return
    console.print(
        f"Keep a copy of {folder / '.cxnlp' / 'secret'} in a safe place: without it, customers get new keys.\n"
        f"Next: name your folders in {folder / CONFIG_NAME}, then run `cxnlp check -w {folder}`.",
        markup=False,
    )
