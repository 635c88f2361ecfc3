"""The sample company with more feedback: every file again, with the ids of its items and their authors changed.

Letters and transcripts become more files, tables and posts longer ones, as they do in a company that gets more.
"""

import csv
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl

SAMPLE = Path(__file__).parents[1] / "data" / "sample"
ID = re.compile(r'(?<=")(\d{9,19}|t[1-5]_\w+)(?=")|(?<="id":")(\w+)(?=")|(?<="call_id": ")(\w+)(?=")')
MESSAGE_ID = re.compile(rb"(?im)^((?:message-id|in-reply-to|references):\s*<)")
COPIED = {".docx", ".pdf", ".txt", ".vtt", ".pages"}


def repeat(folder: Path, copies: int) -> Path:
    """Write the sample `copies` times over into `folder`; returns its cxnlp.toml."""
    for part in ("letters", "calls", "posts"):
        for path in sorted((SAMPLE / part).rglob("*")):
            if path.is_file():
                _repeat_file(path, folder / path.relative_to(SAMPLE), copies)
    config = folder / "cxnlp.toml"
    config.write_text((SAMPLE / "cxnlp.toml").read_text("utf-8").replace("../data/sample", str(folder)), "utf-8")
    return config


def _repeat_file(path: Path, target: Path, copies: int) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    one_file = {".jsonl": _posts, ".csv": _table, ".xlsx": _workbook}
    if path.suffix in one_file:
        one_file[path.suffix](path, target, copies)
        return
    for n in range(copies):
        copy = target.parent / f"{n:04d}" / f"{target.stem}{n:04d}{target.suffix}"
        copy.parent.mkdir(exist_ok=True)
        if path.suffix in COPIED:
            shutil.copyfile(path, copy)
        elif path.suffix == ".eml":
            copy.write_bytes(MESSAGE_ID.sub(rb"\g<1>%d." % n, path.read_bytes()))
        else:
            copy.write_text(ID.sub(_changed(n), path.read_text("utf-8")), "utf-8")


def _changed(n: int) -> Callable[[re.Match[str]], str]:
    return lambda found: f"{found.group()}{n:04d}"


def _posts(path: Path, target: Path, copies: int) -> None:
    lines = path.read_text("utf-8").splitlines(keepends=True)
    with target.open("w", encoding="utf-8") as file:
        for n in range(copies):
            file.writelines(ID.sub(_changed(n), line) for line in lines)


def _table(path: Path, target: Path, copies: int) -> None:
    with path.open(newline="", encoding="cp1252" if "2026-09" in path.name else "utf-8-sig") as file:
        header, *rows = csv.reader(file)
    with target.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for n in range(copies):
            writer.writerows([f"{row[0]}-{n:04d}", *row[1:]] for row in rows)


def _workbook(path: Path, target: Path, copies: int) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    rows = [list(row) for row in sheet.iter_rows(min_row=3, values_only=True)]
    for n in range(1, copies):
        for row in rows:
            sheet.append([f"{row[0]}-{n:04d}", *row[1:]])
    book.save(target)
