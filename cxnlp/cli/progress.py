"""How a person sees the night at work: one live line on a terminal, plain lines in a log."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

LOGGER = "cxnlp.night"


class _Live(logging.Handler):
    """Shows the newest message beside a spinner; warnings stay on the screen."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self.progress = progress
        self.line = progress.add_task("starting", total=None)

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if record.levelno >= logging.WARNING:
            self.progress.console.print(message, markup=False, highlight=False)
        else:
            self.progress.update(self.line, description=message)


@contextmanager
def shown(*, quiet: bool = False) -> Iterator[None]:
    """Show the night's messages on stderr while the block runs; only warnings when ``quiet``.

    Where the environment says CXNLP_LOG=lines, as it does for jobs of the API, nothing is quiet.
    """
    quiet = quiet and os.environ.get("CXNLP_LOG") != "lines"
    logger = logging.getLogger(LOGGER)
    logger.setLevel(logging.WARNING if quiet else logging.INFO)
    if sys.stderr.isatty() and not quiet:
        columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            yield from _handled(logger, _Live(progress))
    else:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%S%z"))
        yield from _handled(logger, handler)


def _handled(logger: logging.Logger, handler: logging.Handler) -> Iterator[None]:
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
