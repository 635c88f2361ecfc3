"""Links, pipes and names made to do harm."""

import os
from pathlib import Path

from benchmarks.hostile import KINDS, WORDS


def place_tricks(folder: Path) -> int:
    """Put links, pipes and deceiving names below ``folder``; return how many of them a reader must account for."""
    outside = folder.parent / "outside"
    outside.mkdir(exist_ok=True)
    (outside / "secret.txt").write_text("OUTSIDE: nobody may read this.\n", "utf-8")
    n_placed = 0
    for kind in KINDS:
        here = folder / kind
        here.mkdir(parents=True, exist_ok=True)
        suffix = {"letters": "txt", "table": "csv", "transcripts": "vtt", "posts": "jsonl"}[kind]
        for name, target in (("link", outside / "secret.txt"), ("nowhere", outside / "none"), ("passwd", "/etc/passwd"),
                             ("zero", "/dev/zero"), ("itself", here / f"itself.{suffix}")):  # fmt: skip
            (here / f"{name}.{suffix}").symlink_to(target)
        (here / "folder-link").symlink_to(outside)
        os.mkfifo(here / f"pipe.{suffix}")
        names = ["two\nlines", "\x1b[31mred\x1b[0m", "tfel\u202etxt", "zero\u200bwidth", "a" * 200, "; rm -rf ~",
                 "$(id)", "%s%n", "=cmd()", "<script>", "' OR 1=1 --", "back\\slash", "\udcff\udcfe"]  # fmt: skip
        for name in names:
            (here / f"{name}.{suffix}").write_text(f"{WORDS}\n", "utf-8")
        (here / "loop").symlink_to(here)  # leads inside: passed over
        n_placed += 7 + len(names)
    return n_placed
