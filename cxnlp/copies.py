"""Files outside of the workspace's care that commands wrote for somebody, and that may quote customers.

An erasure cannot take anything out of them: it names those that are still there. They are kept in ``copies.jsonl``, one
line a file, until the file is gone.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from filelock import FileLock

from cxnlp.backlog import write_whole
from cxnlp.settings import Workspace


def note(workspace: Workspace, *files: Path) -> None:
    """Remember ``files`` that a command has written; who may not write to the workspace leaves no note."""
    with suppress(PermissionError), FileLock(workspace.copies_file.with_suffix(".lock")):
        written = (str(file.resolve()) for file in files)
        kept = dict.fromkeys([*known(workspace), *written])
        write_whole(workspace.copies_file, "".join(json.dumps({"file": file}) + "\n" for file in kept).encode())


def known(workspace: Workspace) -> Iterator[str]:
    """Yield the files that were noted and are still there, in the order in which they were first written."""
    if workspace.copies_file.is_file():
        noted = (json.loads(line)["file"] for line in workspace.copies_file.read_text("utf-8").splitlines())
        yield from (file for file in noted if Path(file).is_file())
