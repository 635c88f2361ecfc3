"""Search every byte of a workspace for words that were erased.

What is searched for are runs of six words that only the erased texts have. What is searched: the bytes of every file as
they are, and where a format hides its words, what it holds: the values of DuckDB and SQLite databases, Parquet, ZIP
(spreadsheets, documents, models) and gzip; encrypted originals where their key is at hand. The company's own files in
the sources' folders are not searched: they are its originals, and `cxnlp forget` names those that hold the item.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cxnlp.privacy.contents import pieces
from cxnlp.privacy.holding import files_in
from cxnlp.privacy.originals import key_at_hand, texts_of
from cxnlp.privacy.runs import Run, runs_in, runs_of
from cxnlp.privacy.tombstones import FILE, tombstones_of
from cxnlp.settings import Workspace
from cxnlp.warehouse import encrypted, store

#: Locks are empty.
_EMPTY: Final = (".lock",)
_TEXTS: Final = "SELECT unnest([text, written]) FROM feedback ANTI JOIN erased USING (feedback_id)"
_AT_ONCE: Final = 2_000


@dataclass(frozen=True)
class Verified:
    """What the search found: nothing, or the files (and where in them) that still hold erased words."""

    n_texts: int
    n_runs: int  # runs of words that only the erased texts have
    n_short: int  # texts without one: too short, or everybody's words
    n_keys: int  # of employees who were forgotten
    n_files: int
    n_bytes: int
    places: tuple[str, ...]  # paths below the workspace, with the table or member
    locked: tuple[str, ...] = ()  # paths of encrypted files that could not be looked into

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found, and every file could be looked into."""
        return not self.places and not self.locked


def verify(workspace: Workspace, texts: Sequence[str], *, keys: Iterable[str] = ()) -> Verified:
    """Search all that lies in the workspace's folder for the words of ``texts``; the caller holds its lock.

    Args:
        workspace: whose night is not running.
        texts: what was erased.
        keys: of employees who were forgotten; the tombstones alone may have them.
    """
    wanted = [set(runs_of(text)) for text in texts]
    everyone = set().union(*wanted) if wanted else set()
    original_key = key_at_hand(workspace)
    own = everyone - _said_by_others(workspace, everyone, original_key)
    sources = files_in(workspace)
    files = [path for path in _files(workspace.root) if str(path) not in sources]
    tombstones, gone = workspace.state / FILE, [key.encode() for key in keys]
    places = [
        place
        for path in files
        for place in _places(workspace.root, path, own, [] if path == tombstones else gone, original_key)
        if own or gone
    ]
    secret = [path for path in files if encrypted.is_encrypted(path)]
    locked = [str(path.relative_to(workspace.root)) for path in secret if not encrypted.fits(path, original_key)]
    n_bytes = sum(path.stat().st_size for path in files)
    n_short = sum(not runs & own for runs in wanted)
    return Verified(
        len(texts), len(own), n_short, len(gone), len(files), n_bytes, tuple(sorted(set(places))), tuple(locked)
    )


def _said_by_others(workspace: Workspace, wanted: set[Run], key: str | None) -> set[Run]:
    """Of these runs, those of stored feedback that nobody wanted to be erased, masked and in front of the mask."""
    if not wanted or not workspace.database.exists():
        return set()
    found: set[Run] = set()
    with store.open_published(workspace.database) as connection:
        identities = store.identities(connection)
        meant = tombstones_of(workspace).meant(identities, workspace.secret())
        erased = identities.filter(meant)["feedback_id"]
        connection.register("erased", erased.to_frame())
        result = connection.execute(_TEXTS)
        while rows := result.fetchmany(_AT_ONCE):
            for (text,) in rows:
                found |= runs_in((text or "").encode("utf-8", "surrogatepass"), wanted)
    if key is not None and encrypted.fits(workspace.originals_file, key):
        for text in texts_of(workspace.originals_file, key, identities.filter(~meant)["feedback_id"]):
            found |= runs_in(text.encode("utf-8", "surrogatepass"), wanted)
    return found


def _files(root: Path) -> Iterator[Path]:
    """Every file below ``root``; links are not followed, what they point to inside is met by itself."""
    for folder, _, names in os.walk(root):
        for name in sorted(names):
            path = Path(folder) / name
            if path.is_file() and not path.is_symlink() and path.suffix not in _EMPTY:
                yield path


def _places(root: Path, path: Path, wanted: set[Run], keys: Sequence[bytes], original_key: str | None) -> Iterable[str]:
    name = str(path.relative_to(root))
    return [
        name + (f" ({inside})" if inside else "")
        for inside, content in pieces(path, original_key)
        if runs_in(content, wanted) or any(key in content for key in keys)
    ]
