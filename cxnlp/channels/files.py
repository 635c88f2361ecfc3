"""The files of a source's folder: which there are, in which order, and which are not to be opened."""

import io
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from cxnlp.settings import SettingsError, Source

#: Files that are read as a whole may be this big.
MAX_FILE_BYTES: Final = 50_000_000
#: Files that are read piece by piece (CSV, JSON lines, mailboxes, archives of letters) may be this big.
MAX_STREAM_BYTES: Final = 5_000_000_000
#: A .docx or .xlsx may say that it unpacks to this much.
MAX_UNPACKED_BYTES: Final = 500_000_000

STREAMED: Final = (
    ".csv", ".tsv", ".jsonl", ".ndjson", ".mbox", ".zip", ".parquet", ".sqlite", ".sqlite3", ".db"
)  # fmt: skip

#: Left by editors and systems: never feedback, never a problem.
_IGNORED: Final = re.compile(
    r"\.|~\$|(?:thumbs\.db|desktop\.ini|__MACOSX)$|.*(?:~|\.tmp|\.part|\.crdownload)$", re.IGNORECASE
)
#: The folders of a Maildir: mails seen, new, and not yet whole. A mail with the mark T is in the waste bin.
_MAILDIR: Final = frozenset({"cur", "new", "tmp"})
_IN_THE_BIN: Final = re.compile(r".*[:;!]2,[A-Z]*T[A-Z]*$", re.IGNORECASE)


@dataclass(frozen=True)
class File:
    """One file of a source's folder; ``problem`` is set when it must not be opened.

    ``name`` is its path below the folder with ``/``, signs that do not print escaped, so it is safe in a message.
    """

    path: Path
    name: str
    n_bytes: int
    modified_ns: int
    problem: str | None = None

    @property
    def suffix(self) -> str:
        """The file's suffix in small letters, with its dot."""
        return self.path.suffix.lower()

    def open(self) -> BinaryIO:
        """Return the content as a stream."""
        return self.path.open("rb")

    def read_bytes(self) -> bytes:
        """Return the content; never more than the size limit, even if the file grew since it was listed."""
        with self.open() as stream:
            return stream.read(MAX_FILE_BYTES)


@dataclass(frozen=True)
class Held(File):
    """A file that came over the wire: its bytes are in memory and nowhere else."""

    data: bytes = field(default=b"", repr=False)

    def open(self) -> BinaryIO:
        """Return the content as a stream."""
        return io.BytesIO(self.data)


def files_of(source: Source, folder: Path) -> list[File]:
    """Return the files of ``folder`` that the source's ``files`` pattern names, sorted by name.

    Links that lead out of the folder are listed with a problem and never followed.

    Raises:
        SettingsError: the folder is missing or may not be read.
    """
    root = folder.resolve()
    if not root.is_dir():
        raise SettingsError(
            f"source {source.name!r}: {folder} is not a folder. Make it, or set the source's `path` in "
            "cxnlp.toml to the folder that the files arrive in."
        )
    if not os.access(root, os.R_OK | os.X_OK):
        raise SettingsError(
            f"source {source.name!r}: {folder} may not be read. Allow this user to read it (chmod u+rx)."
        )
    wanted = re.compile(_pattern(source.files), re.IGNORECASE)
    found = [_file(path, below, root) for path, below in _walk(root) if wanted.fullmatch(below)]
    return sorted(found, key=lambda file: file.name)


def _walk(root: Path) -> Iterator[tuple[Path, str]]:
    """Yield path and path below ``root`` of everything in it that is not a plain folder or ignored."""
    for here, folders, names in os.walk(root, followlinks=False):
        is_maildir = set(folders) >= _MAILDIR
        folders[:] = [name for name in folders if not is_ignored(name) and not (is_maildir and name == "tmp")]
        links = [name for name in folders if os.path.islink(os.path.join(here, name))]
        for name in [*([] if is_maildir else names), *links]:  # a Maildir's files are the mail server's own lists
            path = Path(here, name)
            if not is_ignored(name) and not (name in links and _leads_inside(path, root)):
                yield path, path.relative_to(root).as_posix()


def is_ignored(name: str) -> bool:
    """True for the name of a file or folder that programs leave behind: never feedback, never a problem."""
    return bool(_IGNORED.match(name) or _IN_THE_BIN.match(name))


def _leads_inside(path: Path, root: Path) -> bool:
    """False where ``path`` leads out of ``root``; a link to itself leads nowhere, which opening it will show."""
    try:
        return path.resolve().is_relative_to(root)
    except (OSError, RuntimeError):
        return True


def _file(path: Path, below: str, root: Path) -> File:
    name = printable(below)
    if path.is_symlink() and not _leads_inside(path, root):
        return File(
            path,
            name,
            0,
            0,
            "Is a link that leads out of the source's folder. Links are followed inside the "
            "folder only; copy the file into it.",
        )
    try:
        status = path.stat()
    except OSError as error:
        return File(
            path,
            name,
            0,
            0,
            f"Cannot be looked at ({type(error).__name__}). Check its rights, or whether it is a link to nothing.",
        )
    return File(path, name, status.st_size, status.st_mtime_ns, _size_problem(path, status))


def _size_problem(path: Path, status: os.stat_result) -> str | None:
    limit = MAX_STREAM_BYTES if path.suffix.lower() in STREAMED else MAX_FILE_BYTES
    if not stat.S_ISREG(status.st_mode):
        return "Is no ordinary file. Only ordinary files are read; take it out of the folder."
    if status.st_size == 0:
        return "Is empty (0 bytes). Export or copy it again."
    if status.st_size > limit:
        return (
            f"Has {status.st_size / 1e6:,.0f} MB; at most {limit / 1e6:,.0f} MB are read. Split it, or export a "
            "shorter time."
        )
    return None


def printable(name: str) -> str:
    """Escape what does not print (line breaks, terminal codes, reversed writing), so that a name cannot deceive."""
    return "".join(sign if sign.isprintable() and sign != "\\" else _escaped(sign) for sign in name)


def _escaped(sign: str) -> str:
    return sign.encode("unicode_escape").decode("ascii")


def _pattern(glob: str) -> str:
    """Translate a pattern with ``**``, ``*``, ``?``, ``[…]`` and ``{a,b}`` into a regular expression over a path."""
    tokens = re.findall(r"\*\*/|\*\*|\*|\?|\[!?[^\]]+\]|\{[^{}]*\}|.", glob, re.DOTALL)
    return "".join(_translated(token) for token in tokens)


def _translated(token: str) -> str:
    simple = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    if token in simple:
        return simple[token]
    if token.startswith("[") and len(token) > 2:
        return (
            "[" + token[1:].replace("!", "^", 1).replace("\\", r"\\") if token[1] == "!" else token.replace("\\", r"\\")
        )
    if token.startswith("{") and len(token) > 1:
        return "(?:" + "|".join(_pattern(choice) for choice in token[1:-1].split(",")) + ")"
    return re.escape(token)
