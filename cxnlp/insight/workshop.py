"""A company's own list of moments of truth, from a workshop's spreadsheet: what can be used, what is wrong by row.

One row a moment. Columns, in any order, of which only the first is needed: moment (id or name), stage, description,
interaction, expectation, owner, critical, and any number of docs/metrics.md as a target. Other columns are left alone.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError
from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from cxnlp.channels.archives import check_archive, check_ods, check_sheets
from cxnlp.channels.items import Unusable
from cxnlp.errors import CxnlpError
from cxnlp.taxonomy import Plan, Taxonomy, TaxonomyError, checked, diagnostics

#: Key of a plan → what its column may be called, in small letters without signs.
HEADERS: Final[dict[str, tuple[str, ...]]] = {
    "moment": ("moment", "moment of truth", "touchpoint", "name"),
    "stage": ("stage", "abacus", "abacus stage", "phase"),
    "description": ("description", "definition", "what it covers"),
    "interaction": ("interaction", "method of interaction", "method", "channel"),
    "expectation": ("expectation", "customers expectation", "customer expectation", "what the customer expects"),
    "owner": ("owner", "department", "responsible"),
    "critical": ("critical", "is critical", "critical moment"),
}

_YES: Final = ("x", "yes", "y", "true", "1", "critical")
_NO: Final = ("", "no", "n", "false", "0", "-")
_MOST_BYTES: Final = 10_000_000


class WorkshopError(CxnlpError):
    """The spreadsheet cannot be read at all; the message says how to mend it."""


@dataclass
class Workshop:
    """What a spreadsheet says.

    Attributes:
        plans: what is said of moments that there are, by id.
        added: entries for the workspace's taxonomy, of moments that there were not.
        problems: rows that cannot be used: which, what was found, what is allowed.
    """

    plans: dict[str, Plan] = field(default_factory=dict)
    added: list[dict[str, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


class _Wrong(Exception):
    """A row cannot be used."""


def read(path: Path, taxonomy: Taxonomy) -> Workshop:
    """Read a spreadsheet (.xlsx, .ods or .csv; of a workbook the first sheet).

    Raises:
        WorkshopError: it cannot be read, or has no column of moments.
    """
    table = _table(path)
    columns = _columns(table[0]) if table else {}
    if "moment" not in columns.values():
        raise WorkshopError(f"{path.name}, row 1: found no column of moments; allowed: {', '.join(HEADERS['moment'])}. "
                            "Name the column with their ids or names so.")  # fmt: skip
    known = {_plain(key): moment.id for moment in taxonomy.moments.values() for key in (moment.id, moment.name)}
    found = Workshop()
    for number, row in enumerate(table[1:], start=2):
        cells = {columns[at]: _text(cell) for at, cell in enumerate(row) if at in columns}
        if not any(cells.values()):
            continue
        try:
            _take(found, cells, known, taxonomy)
        except _Wrong as wrong:
            found.problems.append(f"row {number}: {wrong}")
    return found


def _take(found: Workshop, cells: Mapping[str, str], known: Mapping[str, str], taxonomy: Taxonomy) -> None:
    """Add one row to what was found.

    Raises:
        _Wrong: what is wrong with it.
    """
    name = cells.get("moment", "")
    if not name:
        raise _Wrong("found no moment; allowed: its id or its name. Write it in the row.")
    moment = known.get(_plain(name))
    entry = _new(cells, taxonomy) if moment is None else None
    moment = moment or str(entry and entry["id"])
    if moment in found.plans:
        raise _Wrong(f"found the moment {moment!r} a second time; allowed: once. Put the two rows together.")
    found.plans[moment] = _plan(cells)
    if entry:
        found.added.append(entry)


def _plan(cells: Mapping[str, str]) -> Plan:
    said: dict[str, Any] = {key: cells[key] for key in HEADERS if key not in ("moment", "stage") and cells.get(key)}
    if "critical" in said:
        word = str(said["critical"]).lower()
        if word not in (*_YES, *_NO):
            raise _Wrong(f"found {said['critical'][:40]!r} as critical; allowed: yes or no. Write one of them.")
        said["critical"] = word in _YES
    said["targets"] = {each.id: _number(each.id, cells[each.id]) for each in diagnostics() if cells.get(each.id)}
    try:
        return checked(said)
    except (ValidationError, TaxonomyError) as error:
        what = error.errors()[0] if isinstance(error, ValidationError) else {"loc": ("targets",), "msg": str(error)}
        raise _Wrong(f"`{what['loc'][0]}` cannot be used: {what['msg']}. Shorten or correct it.") from None


def _new(cells: Mapping[str, str], taxonomy: Taxonomy) -> dict[str, str]:
    """Return the entry of a moment that there is not yet."""
    stages = {_plain(key): stage.id for stage in taxonomy.stages.values() for key in (stage.id, stage.name)}
    stage = stages.get(_plain(cells.get("stage", "")))
    name = cells["moment"]
    identity = re.sub(r"[^a-z0-9]+", "_", _ascii(name).lower()).strip("_")[:40]
    if stage is None:
        raise _Wrong(f"the moment {name[:60]!r} is new and its stage is {cells.get('stage', '')[:40]!r}; allowed: "
                     f"{', '.join(each.id for each in taxonomy.stages.values())}. Write one, or the name of a moment "
                     "that there is (`cxnlp moments`).")  # fmt: skip
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,39}", identity) or not 2 <= len(name) <= 60:
        raise _Wrong(f"found the name {name[:60]!r}; allowed: 2 to 60 characters that begin with a letter. Shorten it.")
    if len(cells.get("description", "")) < 3:
        raise _Wrong(f"the moment {name!r} is new and has no description; allowed: a sentence. Write what it covers.")
    entry = {"id": identity, "name": name, "stage": stage, "definition": cells["description"]}
    return entry


def _number(metric: str, text: str) -> float:
    try:
        value = float(text.removesuffix("%").replace(",", ".").strip())
    except ValueError:
        raise _Wrong(f"found {text[:40]!r} as target of `{metric}`; allowed: a number such as 0.2 or 20 %.") from None
    return value / 100 if text.endswith("%") else value


def _columns(header: Sequence[Any]) -> dict[int, str]:
    """Return which column says what; the first of two that say the same counts."""
    metrics = {_plain(each.id): each.id for each in diagnostics()} | {
        _plain(each.name): each.id for each in diagnostics()
    }
    meant = {name: key for key, names in HEADERS.items() for name in names} | metrics
    columns: dict[int, str] = {}
    for at, cell in enumerate(header):
        key = meant.get(_plain(_text(cell)))
        if key and key not in columns.values():
            columns[at] = key
    return columns


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", "", text.lower().replace("_", " ")).split())


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return f"{cell:g}"
    return " ".join(unicodedata.normalize("NFC", str(cell)).split())


def _table(path: Path) -> Sequence[Sequence[Any]]:
    if not path.is_file():
        raise WorkshopError(f"{path}: not found. Name the spreadsheet of the workshop.")
    if path.stat().st_size > _MOST_BYTES:
        raise WorkshopError(
            f"{path.name}: found {path.stat().st_size / 1e6:,.0f} MB; allowed: 10. Keep the list alone."
        )
    if path.suffix.lower() == ".csv":
        return _rows_of_csv(path)
    if path.suffix.lower() not in (".xlsx", ".ods"):
        raise WorkshopError(f"{path.name}: found the ending {path.suffix!r}; allowed: .xlsx, .ods or .csv. Save it so.")
    try:
        parts = check_archive(path)
        check_sheets(path) if "xl/workbook.xml" in parts else check_ods(path)
        with CalamineWorkbook.from_path(str(path)) as book:
            return book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except PasswordError:
        raise WorkshopError(f"{path.name}: is protected by a password. Save it without one.") from None
    except (CalamineError, Unusable, KeyError, OSError) as error:
        raise WorkshopError(f"{path.name}: cannot be read as a workbook ({type(error).__name__}). Save it again from "
                            "the program that made it, or as CSV.") from None  # fmt: skip


def _rows_of_csv(path: Path) -> list[list[str]]:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    header = text.partition("\n")[0]
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=header.count)))
    except csv.Error as error:
        raise WorkshopError(f"{path.name}: cannot be read as CSV ({error}). Save it again as CSV.") from None
