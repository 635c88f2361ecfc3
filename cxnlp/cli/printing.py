"""`cxnlp page`: the morning's page as a PDF, and as pictures for chat."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cxnlp.cli.options import CommandError, WorkspaceOption
from cxnlp.cli.terminal import harmless
from cxnlp.settings import open_workspace


def command(
    pdf: Annotated[Path | None, typer.Option(help="File to write the page to, as A4.")] = None,
    cards: Annotated[
        Path | None, typer.Option(help="Folder for headline.png, journey.png, warnings.png, item-1.png to item-3.png.")
    ] = None,
    workspace: WorkspaceOption = Path(),
) -> None:
    """Print page.html: as a PDF, and as pictures for chat. They quote customers, as the page does."""
    from cxnlp import copies
    from cxnlp.report import printing

    place = open_workspace(workspace)
    page = place.page_file
    if pdf is None and cards is None:
        raise CommandError("found neither --pdf FILE nor --cards FOLDER; give one of them, or both.")
    if not page.is_file():
        raise CommandError(f"{page}: not found. `cxnlp run` writes it.")
    for option, folder in (("--pdf", pdf and pdf.parent), ("--cards", cards)):
        if folder is not None and not folder.is_dir():
            raise CommandError(f"{option}: {folder} is no folder. Make it, or name another.")
    written = []
    if pdf is not None:
        printing.pdf(page, pdf)
        written.append(pdf)
    if cards is not None:
        written += printing.cards(page, cards)
    copies.note(place, *written)
    for path in written:
        Console(highlight=False).print(f"Written: {harmless(str(path))}", markup=False, soft_wrap=True)
