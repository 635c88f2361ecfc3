"""A small company: letters, call notes and posts of invented people, and nights on them with the shipped model."""

import csv
import json
from datetime import date
from functools import cache
from pathlib import Path

from cxnlp.cli.init import init
from cxnlp.settings import Workspace, open_workspace
from cxnlp.tags import Tagger
from cxnlp.warehouse import store
from pipelines.night import begin
from pipelines.nightly import through

CONFIG = """
company = "Larkfield"
[[source]]
name = "notes"
channel = "call"
kind = "table"
path = "inbox/calls"
files = "*.csv"
[[source]]
name = "letters"
channel = "letter"
kind = "letters"
path = "inbox/letters"
[[source]]
name = "posts"
channel = "social"
kind = "posts"
path = "inbox/posts"
"""
NIGHT = "2026-11-02"
HEADER = ("Case", "Created", "Account", "Contact", "Notes")
ADA = "AC-4711"
#: What Ada's erased words are known by: runs of words that nobody else in the company's files has.
ADA_SAYS = "The walnut sideboard arrived with a cracked drawer and nobody on your helpline would listen to me."
ADA_ADDS = "Two visits later the replacement drawer is still the wrong shade of green, which is a disgrace."
LETTER = "Your showroom in spring had the warmest welcome that I ever got from a furniture shop, thank you for it."
NOTES = (
    ("K1", "01/10/2026", ADA, "Ada Quill", f"{ADA_SAYS} I want my money back."),
    ("K2", "12/10/2026", ADA, "Ada Quill", ADA_ADDS),
    ("K3", "13/10/2026", "AC-0815", "Bert Moss", "The delivery came a day late but the driver was very kind about it."),
    ("K4", "14/10/2026", "AC-0816", "Cleo Marsh", "The delivery came late again and nobody rang me about the delay."),
    (
        "K5",
        "15/01/2026",
        "AC-0817",
        "Dora Finch",
        "An old story: my lamp flickers whenever the heating comes on at night.",
    ),
)
POSTS = (
    (
        "p1",
        "2026-10-20T10:00:00Z",
        "boxwatch",
        "Queued for an hour at the counter on Saturday, never again in my life.",
    ),
    ("p2", "2026-10-21T10:00:00Z", "lampfan", "My parcel was left in the rain and the box fell apart on the doorstep."),
)


def write_notes(root: Path, name: str, *rows: tuple[str, ...]) -> Path:
    path = root / "inbox" / "calls" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    return path


def write_posts(root: Path, name: str, *rows: tuple[str, ...]) -> Path:
    path = root / "inbox" / "posts" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    keys = ("id", "created_at", "author_id", "text")
    path.write_text("".join(json.dumps(dict(zip(keys, row, strict=True))) + "\n" for row in rows), "utf-8")
    return path


def write_letter(root: Path, name: str, text: str = LETTER) -> Path:
    path = root / "inbox" / "letters" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", "utf-8")
    return path


def make(root: Path) -> Workspace:
    """A workspace with everything to read and nothing read yet; every one has the same secret."""
    config = root.parent / f"{root.name}.toml"
    config.write_text(CONFIG, "utf-8")
    init(root, config)
    (root / ".cxnlp" / "secret").write_text("0123456789abcdef" * 4 + "\n", "ascii")
    write_notes(root, "notes.csv", *NOTES)
    write_posts(root, "posts.jsonl", *POSTS)
    write_letter(root, "2026-10-05 thanks.txt")
    return open_workspace(root)


def run_night(workspace: Workspace, as_of: str = NIGHT) -> str:
    """All stages of a night, without Prefect around them; return its run id."""
    workspace = open_workspace(workspace.root)
    with begin(workspace, as_of=date.fromisoformat(as_of)) as night:
        night.tagger = _tagger()
        through(night)
        return night.run_id


@cache
def _tagger() -> Tagger:
    """The shipped model, loaded once for all nights."""
    return Tagger.load()


def ask(workspace: Workspace, query: str) -> list[tuple[object, ...]]:
    return store.query(workspace.database, query).rows()


def texts(workspace: Workspace) -> str:
    """All stored texts."""
    return " ".join(str(text) for (text,) in ask(workspace, "SELECT text FROM feedback"))


def bytes_of(workspace: Workspace) -> bytes:
    """Every byte of the workspace but the company's own files."""
    files = [path for path in workspace.root.rglob("*") if path.is_file() and "inbox" not in path.parts]
    return b"".join(path.read_bytes() for path in sorted(files))
