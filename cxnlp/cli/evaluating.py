"""`cxnlp evaluate`: labelled documents in, scores out, beside baselines and people."""

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cxnlp.cli.options import CommandError, JsonOption
from cxnlp.cli.progress import LOGGER, shown

if TYPE_CHECKING:
    from cxnlp.tags import Tagger
    from cxnlp.taxonomy import Taxonomy

log = logging.getLogger(LOGGER)


def command(
    file: Annotated[Path, typer.Argument(help="Labelled documents, JSON lines (docs/evaluate.md).")],
    workspace: Annotated[
        Path | None,
        typer.Option(
            "--workspace", "-w", envvar="CXNLP_WORKSPACE", help="Score this workspace's model and thresholds."
        ),
    ] = None,
    model: Annotated[Path | None, typer.Option(help="Folder of a model; the shipped one when absent.")] = None,
    no_baselines: Annotated[bool, typer.Option("--no-baselines", help="Leave the baselines out: quicker.")] = False,
    resamples: Annotated[int, typer.Option(min=50, max=10_000, help="Of the intervals' bootstrap.")] = 1000,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write the scores here, as JSON.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Score the model on labelled documents, beside baselines; with several people's labels, their agreement, too."""
    from rich.console import Console

    from cxnlp.backlog.export import write_whole
    from cxnlp.cli.scores import LEAST_WIDTH, tables
    from cxnlp.quality.evaluation import evaluate
    from cxnlp.quality.labelled import read, vocabulary

    if not file.is_file():
        raise CommandError(f"{file}: not found. Give a file of labelled documents, JSON lines.")
    if output is not None and not output.parent.is_dir():
        raise CommandError(f"{output}: its folder is not there. Make it, or name another file.")
    if output is not None and output.exists() and not output.is_file():
        raise CommandError(f"{output}: is no file. Name a file that may be written.")
    tagger, known = _loaded(workspace, model)
    labels = vocabulary(known)
    documents = read(file, labels)
    with shown(quiet=as_json):
        found = evaluate(documents, tagger, labels, baselines=not no_baselines, resamples=resamples, say=log.info)
    text = json.dumps(found, ensure_ascii=False, indent=1)
    if output is not None:
        write_whole(output, f"{text}\n".encode())
    if as_json:
        typer.echo(text)
    else:
        console = Console(highlight=False)
        console.width = max(console.width, LEAST_WIDTH)
        for part in tables(found):
            console.print(part)


def _loaded(workspace: Path | None, model: Path | None) -> "tuple[Tagger, Taxonomy]":
    """Load the model that is named, else the workspace's, else the shipped one; and the taxonomy."""
    from cxnlp import taxonomy
    from cxnlp.settings import open_workspace
    from cxnlp.tags import Tagger

    if workspace is None:
        return Tagger.load(model), taxonomy.load()
    opened = open_workspace(workspace)
    return Tagger.of(opened, folder=model), taxonomy.load(additions=opened.taxonomy_file)
